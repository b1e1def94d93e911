//! A gateway with one Termination, somebody who presses keys there, and a controller that answers every
//! Notify.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use codec_h248::{Command as Asked, ParmValue, Transaction};
use mg_contract::{Command, Direction, Dtmf, Report, SignalRef, Sound, StreamRef, Tone};

use super::bench::{Bench, add, transactions};
use crate::Config;

/// A gateway with `rtp/1` in Context 1.
pub(super) struct Desk {
    pub(super) bench: Bench,
    /// Whether the controller answers Notifies.
    pub(super) answers: bool,
    /// The Notifies that were taken: they are repeated until they are answered.
    taken: BTreeSet<u32>,
    /// What the engine has been told of signals so far.
    told: usize,
    /// What plays.
    playing: BTreeMap<SignalRef, (StreamRef, Sound, Direction)>,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self::with(super::bench::config())
    }

    pub(super) fn with(config: Config) -> Self {
        let mut bench = Bench::registered(config);
        bench.ask(&format!("Context=${{{}}}", add(40_000)));
        Self {
            bench,
            answers: true,
            taken: BTreeSet::new(),
            told: 0,
            playing: BTreeMap::new(),
        }
    }

    /// Modifies the Termination, which is to succeed.
    #[track_caller]
    pub(super) fn modify(&mut self, descriptors: &str) {
        let reply = self.ask(descriptors);
        assert_eq!(reply, "C=1{MF=rtp/1}", "{descriptors}");
    }

    /// Modifies the Termination, and returns what the reply says. Notifies that are sent along wait.
    pub(super) fn ask(&mut self, descriptors: &str) -> String {
        let before = std::mem::take(&mut self.bench.sent);
        let id = self
            .bench
            .send(&format!("Context=1{{Modify=rtp/1{{{descriptors}}}}}"));
        let sent = self.bench.sent.clone();
        let reply = self.bench.reply_to(id).expect("a reply");
        self.bench.sent = before.into_iter().chain(sent).collect();
        reply
    }

    /// What an audit of the Termination returns.
    pub(super) fn audit(&mut self, items: &str) -> String {
        let before = std::mem::take(&mut self.bench.sent);
        let audit = format!("Context=1{{AuditValue=rtp/1{{Audit{{{items}}}}}}}");
        let reply = self.bench.ask(&audit);
        self.bench.sent = before;
        let inner = reply
            .strip_prefix("C=1{AV=rtp/1{")
            .and_then(|rest| rest.strip_suffix("}}"));
        inner.unwrap_or(&reply).to_owned()
    }

    /// The controller's reply to every Notify so far, and what they said: the request, the event, its
    /// parameters.
    pub(super) fn notified(&mut self) -> Vec<String> {
        let mut said = Vec::new();
        loop {
            let sent = std::mem::take(&mut self.bench.sent);
            let mut ids = Vec::new();
            for transaction in sent.iter().flat_map(transactions) {
                let Transaction::Request(request) = transaction else {
                    continue;
                };
                ids.push(request.id.0);
                if !self.taken.insert(request.id.0) {
                    continue;
                }
                for action in request.actions {
                    for command in action.commands {
                        said.extend(told(&action.context.to_string(), &command.command));
                    }
                }
            }
            if ids.is_empty() || !self.answers {
                return said;
            }
            for id in ids {
                self.bench.receive(&format!(
                    "MEGACO/3 [192.0.2.1]:2944 Reply={id}{{Context=1{{Notify=rtp/1}}}}"
                ));
            }
        }
    }

    /// Asserts what was notified since the last time.
    #[track_caller]
    pub(super) fn expect(&mut self, said: &[&str]) {
        assert_eq!(self.notified(), said);
    }

    fn stream(&self) -> StreamRef {
        self.bench.stream("rtp/1").0
    }

    pub(super) fn begin(&mut self, tone: Tone) {
        let stream = self.stream();
        self.report(Report::ToneBegan { stream, tone });
    }

    pub(super) fn end(&mut self, tone: Tone, time: Duration) {
        let stream = self.stream();
        self.report(Report::ToneEnded { stream, tone, time });
    }

    pub(super) fn report(&mut self, report: Report) {
        self.bench.mg.handle_media(report, self.bench.now);
        self.bench.pump();
    }

    /// Presses a key for so long.
    pub(super) fn hold(&mut self, key: char, ms: u64) {
        let time = Duration::from_millis(ms);
        let tone = Tone::Dtmf(digit(key));
        self.begin(tone);
        self.bench.pass(time);
        self.end(tone, time);
    }

    /// Presses keys one after the other, one every 100 ms.
    pub(super) fn dial(&mut self, keys: &str) {
        for key in keys.chars() {
            self.hold(key, 60);
            self.bench.pass(Duration::from_millis(40));
        }
    }

    pub(super) fn pass(&mut self, ms: u64) {
        self.bench.pass(Duration::from_millis(ms));
    }

    /// What plays, as the engine was told.
    pub(super) fn playing(&mut self) -> Vec<Sound> {
        for command in &self.bench.engine.log[self.told..] {
            match command {
                Command::Play {
                    signal,
                    stream,
                    sound,
                    direction,
                } => {
                    let one = (*stream, sound.clone(), *direction);
                    let former = self.playing.insert(*signal, one);
                    assert_eq!(former, None, "a signal's name is used twice");
                }
                Command::Stop { signal } => {
                    let stopped = self.playing.remove(signal);
                    assert!(stopped.is_some(), "a signal is stopped that does not play");
                }
                Command::Open { .. }
                | Command::OpenLine { .. }
                | Command::Modify { .. }
                | Command::Move { .. }
                | Command::Close { .. }
                | Command::Hear { .. }
                | Command::Detect { .. }
                | Command::Speak { .. }
                | Command::Audit { .. } => {}
            }
        }
        self.told = self.bench.engine.log.len();
        self.playing
            .values()
            .map(|(_, sound, _)| sound.clone())
            .collect()
    }

    /// Who hears what plays.
    pub(super) fn directions(&mut self) -> Vec<Direction> {
        self.playing();
        self.playing
            .values()
            .map(|(.., direction)| *direction)
            .collect()
    }

    /// The signals that play, in the order in which they began.
    pub(super) fn signals(&mut self) -> Vec<SignalRef> {
        self.playing();
        self.playing.keys().copied().collect()
    }

    /// The engine says that the first of them is over.
    pub(super) fn finish_first(&mut self, completed: bool) {
        let signal = *self.signals().first().expect("something plays");
        self.playing.remove(&signal);
        self.report(Report::Played { signal, completed });
    }
}

fn digit(key: char) -> Dtmf {
    let place = "0123456789*#ABCD".find(key).expect("a key");
    Dtmf(u8::try_from(place).expect("sixteen"))
}

fn told(context: &str, command: &Asked<'_>) -> Vec<String> {
    let Asked::Notify(notify) = command else {
        return Vec::new();
    };
    let observed = &notify.observed_events;
    let mut said = Vec::new();
    for event in &observed.events {
        assert!(event.time_stamp.is_some(), "events have their times");
        let mut text = format!("{} {}", observed.request_id, event.name);
        if context != "1" {
            text = format!("Context {context} {text}");
        }
        if let Some(stream) = event.stream {
            text += &format!(" Stream={}", stream.0);
        }
        for parameter in &event.parameters {
            let value = match &parameter.value {
                ParmValue::Equal(value) => value.to_string(),
                ParmValue::AllOf(values) => {
                    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                    format!("[{}]", values.join(","))
                }
                other @ (ParmValue::NotEqual(_)
                | ParmValue::Greater(_)
                | ParmValue::Less(_)
                | ParmValue::Range(..)
                | ParmValue::OneOf(_)) => panic!("{other:?} is no value of an observed event"),
            };
            text += &format!(" {}={value}", parameter.name.as_str());
        }
        if let Some(error) = &notify.error {
            text += &format!(" Error {}", error.code.0);
        }
        said.push(text);
    }
    said
}

/// Whether the first sound is a tone of these frequencies.
#[track_caller]
pub(super) fn is_tone(sounds: &[Sound], frequencies: &[u16]) {
    let [Sound::Tones { steps, .. }] = sounds else {
        panic!("one tone, not {sounds:?}");
    };
    assert_eq!(steps[0].frequencies, frequencies);
}
