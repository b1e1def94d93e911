//! Signals and events in a storm: whatever is asked for and whatever happens, the engine is told what is
//! true, and nothing is left when the Termination goes.

use std::time::Duration;

use mg_contract::{Dtmf, Report, Tone};

use super::desk::Desk;
use crate::Why;

const EVENTS: [&str; 9] = [
    "Events",
    "Events=1{dd/*}",
    "Events=2{g/sc,dd/d1{KeepActive},dd/etd{tl=*}}",
    "Events=3{dd/ce{DigitMap={S:1,(1x.|2|Z3x|4Sx5)},ResetEventsDescriptor},dd/d9}",
    "Events=4{dd/d1{Embed{Signals{cg/bt},Events=5{dd/d2{Embed{Signals{dg/d1}}},dd/ce{DigitMap=m}}}}}",
    "Events=6{cd/*,dd/ltd{tl=d1,dur=500},g/sc{Embed{Signals{cg/rt}}}}",
    "Events=7{dd/*{RegulatedNotify{Embed{Events=8{dd/d1}}},Embed{Signals{cg/dt}}}}",
    "Events=9{*/*}",
    "Events=10{dd/nosuch}",
];
const SIGNALS: [&str; 8] = [
    "Signals",
    "Signals{cg/dt}",
    "Signals{cg/dt{KeepActive},dg/d5{NotifyCompletion={TimeOut,IntBySigDescr}}}",
    "Signals{SignalList=1{cg/rt{Duration=50,Intersignal=20},dg/d1,an/apf{an=12,noc=3,NotifyCompletion={Iteration}}}}",
    "Signals{dg/pt{tl=[d1,d2,d3],SignalType=OnOff},ct/rsp}",
    "Signals{ct/ct{NotifyCompletion={TimeOut,IntByEvent}}}",
    "Signals{SignalList=1{cg/bt},SignalList=2{cg/sit{Duration=30}}}",
    "Signals{cg/nosuch}",
];
const OTHERS: [&str; 8] = [
    "Media{TerminationState{Buffer=LockStep}}",
    "Media{TerminationState{Buffer=OFF}}",
    "EventBuffer{dd/*,g/sc}",
    "EventBuffer",
    "DigitMap=m{(1xx|2x)}",
    "DigitMap=m",
    "Media{Stream=1{Local{}}}",
    "Media{Stream=1{Local{\nv=0\nc=IN IP4 $\nm=audio $ RTP/AVP 8\n}}}",
];
const TONES: [Tone; 8] = [
    Tone::Dtmf(Dtmf(1)),
    Tone::Dtmf(Dtmf(2)),
    Tone::Dtmf(Dtmf(3)),
    Tone::Dtmf(Dtmf(4)),
    Tone::Dtmf(Dtmf(9)),
    Tone::Busy,
    Tone::Continuity,
    Tone::Dial,
];

struct Storm {
    desk: Desk,
    random: fastrand::Rng,
    said: Vec<String>,
    /// How long a Notify may be waiting for its answer.
    unanswered: Duration,
}

impl Storm {
    fn any<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.random.usize(..all.len())]
    }

    fn ask(&mut self) {
        let mut parts = Vec::new();
        for pool in [&EVENTS[..], &SIGNALS[..], &OTHERS[..]] {
            if self.random.u8(..3) == 0 {
                parts.push(self.any(pool));
            }
        }
        self.random.shuffle(&mut parts);
        let before = self.desk.bench.state();
        let reply = self.desk.ask(&parts.join(","));
        if reply.contains("ER=") {
            assert_eq!(self.desk.bench.state(), before, "a refusal changes nothing");
        }
    }

    fn hear(&mut self) {
        let tone = self.any(&TONES);
        let streams: Vec<_> = self.desk.bench.engine.streams.keys().copied().collect();
        let Some(stream) = streams.first().copied() else {
            return;
        };
        let time = Duration::from_millis(self.random.u64(40..900));
        self.desk.report(Report::ToneBegan { stream, tone });
        self.pass(time);
        self.desk.report(Report::ToneEnded { stream, tone, time });
    }

    /// Lets time pass; a controller that answers nothing until T-MAX would be lost.
    fn pass(&mut self, time: Duration) {
        if self.unanswered + time > Duration::from_secs(20) {
            self.answer();
        }
        self.unanswered += time;
        self.desk.bench.pass(time);
    }

    fn answer(&mut self) {
        self.unanswered = Duration::ZERO;
        let said = self.desk.notified();
        self.said.extend(said);
    }

    fn step(&mut self) {
        match self.random.u8(..10) {
            0..4 => self.ask(),
            4..7 => self.hear(),
            7 => {
                let time = Duration::from_millis(self.random.u64(..8_000));
                self.pass(time);
            }
            8 if !self.desk.signals().is_empty() => {
                let completed = self.random.bool();
                self.desk.finish_first(completed);
            }
            _ => self.answer(),
        }
        self.desk.playing();
    }
}

/// What was said, and what plays at the end.
fn weather(seed: u64) -> Vec<String> {
    let mut storm = Storm {
        desk: Desk::new(),
        random: fastrand::Rng::with_seed(seed),
        said: Vec::new(),
        unanswered: Duration::ZERO,
    };
    for _ in 0..300 {
        storm.step();
    }
    storm.desk.notified();
    storm.desk.bench.ask("Context=1{Subtract=rtp/1}");
    assert_eq!(storm.desk.playing(), [], "seed {seed}");
    let timer = storm.desk.bench.mg.poll_timeout();
    assert_ne!(timer.map(|(_, why)| why), Some(Why::Supervision));
    storm.desk.pass(60_000);
    storm.desk.expect(&[]);
    storm.said
}

#[test]
fn nothing_is_left_and_the_engine_is_told_what_is_true() {
    let said: usize = (0..60).map(|seed| weather(seed).len()).sum();
    assert!(said > 1_000, "{said}");
}

#[test]
fn one_seed_is_one_weather() {
    assert_eq!(weather(7), weather(7));
}
