//! Events: what is notified, what they set off, lock-step (H.248.1 7.1.9, 7.1.10, 7.2.7).

use std::time::Duration;

use mg_contract::{Command, Detected, Dtmf, Tone};

use super::desk::{Desk, is_tone};

#[test]
fn what_is_armed_is_told_and_nothing_else() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/d1,dd/d3}");
    desk.dial("1213");
    desk.expect(&["7 dd/d1", "7 dd/d1", "7 dd/d3"]);
    desk.modify("Events=8{dd/d2}");
    desk.dial("12");
    desk.expect(&["8 dd/d2"]);
    desk.modify("Events");
    desk.dial("123");
    desk.expect(&[]);
}

#[test]
fn the_engine_looks_for_what_is_asked_for() {
    let mut desk = Desk::new();
    let looked = |desk: &Desk| {
        let log = desk.bench.engine.log.iter();
        let mut looked: Vec<Detected> = Vec::new();
        for command in log {
            if let Command::Detect { tones, .. } = command {
                looked.push(*tones);
            }
        }
        looked
    };
    desk.modify("Events=7{g/cause}");
    assert_eq!(looked(&desk), []);
    desk.modify("Events=7{dd/d1}");
    desk.modify("Events=7{dd/d2,cd/bt,ct/cmp}");
    desk.modify("Events");
    let dtmf = Detected {
        dtmf: true,
        ..Detected::default()
    };
    let all = Detected {
        dtmf: true,
        call_progress: true,
        continuity: true,
        ..Detected::default()
    };
    assert_eq!(looked(&desk), [dtmf, all, Detected::default()]);
}

#[test]
fn one_notify_at_a_time_waits_for_its_answer() {
    let mut desk = Desk::new();
    desk.answers = false;
    desk.modify("Events=7{dd/*}");
    desk.dial("12");
    desk.expect(&["7 dd/d1"]);
    desk.answers = true;
    desk.pass(10_000);
    desk.expect(&["7 dd/d2"]);
}

#[test]
fn a_controller_that_does_not_answer_a_notify_is_lost() {
    let mut desk = Desk::new();
    desk.answers = false;
    desk.modify("Events=7{dd/*}");
    desk.dial("12");
    desk.expect(&["7 dd/d1"]);
    desk.pass(24_000);
    assert!(desk.bench.mg.snapshot().registered);
    desk.pass(1_000);
    assert!(!desk.bench.mg.snapshot().registered, "after T-MAX of 25 s");
    assert_eq!(desk.bench.mg.snapshot().counters.notifies_unanswered, 1);
    // It comes back to the same one, which is told what was observed meanwhile.
    desk.pass(2_500);
    let id = desk.bench.sent_request().id.0;
    desk.bench.sent.clear();
    desk.answers = true;
    desk.bench.receive(&format!(
        "MEGACO/1 [192.0.2.1]:2944 Reply={id}{{Context=-{{ServiceChange=ROOT{{Services\
         {{Version=3}}}}}}}}"
    ));
    desk.expect(&["7 dd/d2"]);
    assert_eq!(desk.bench.members().len(), 1, "what runs is kept");
}

#[test]
fn a_controller_that_does_not_know_us_any_more_gets_a_registration() {
    let mut desk = Desk::new();
    desk.answers = false;
    desk.modify("Events=7{dd/d1}");
    desk.dial("1");
    let id = desk.bench.sent_request().id.0;
    desk.bench.receive(&format!(
        "MEGACO/3 [192.0.2.1]:2944 Reply={id}{{Error=505{{\"\"}}}}"
    ));
    assert!(!desk.bench.mg.snapshot().registered);
}

#[test]
fn events_that_nobody_takes_are_lost_and_that_is_told() {
    let mut desk = Desk::new();
    desk.answers = false;
    desk.modify("Events=7{dd/d1}");
    for _ in 0..70 {
        desk.begin(Tone::Dtmf(mg_contract::Dtmf(1)));
    }
    desk.answers = true;
    let said = desk.notified();
    assert_eq!(said.len(), 65, "one was sent, and 64 waited");
    assert_eq!(said[0], "7 dd/d1");
    assert_eq!(said[1], "7 dd/d1 Error 518");
    assert_eq!(said[2], "7 dd/d1");
}

#[test]
fn tones_begin_end_and_are_long() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/std{tl=d5},dd/etd{tl=[d5,d6]},dd/ltd{tl=d5,dur=1000}}");
    desk.hold('5', 300);
    desk.expect(&["7 dd/std tid=d5", "7 dd/etd tid=d5 dur=300"]);
    desk.hold('6', 2_000);
    desk.expect(&["7 dd/etd tid=d6 dur=2000"]);
    desk.begin(Tone::Dtmf(mg_contract::Dtmf(5)));
    desk.pass(999);
    desk.expect(&["7 dd/std tid=d5"]);
    desk.pass(1);
    desk.expect(&["7 dd/ltd tid=d5"]);
    desk.pass(9_000);
    desk.expect(&[]);

    desk.modify("Events=8{cd/bt,cd/std{tl=*}}");
    desk.begin(Tone::Busy);
    desk.expect(&["8 cd/bt", "8 cd/std tid=bt"]);
    desk.begin(Tone::Dtmf(mg_contract::Dtmf(5)));
    desk.expect(&[]);
}

#[test]
fn an_event_of_a_stream_says_so() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/d1{Stream=1},dd/d2{Stream=2}}");
    desk.dial("12");
    desk.expect(&["7 dd/d1 Stream=1"]);
}

#[test]
fn an_event_stops_signals_unless_they_are_kept() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/d1,dd/d2{KeepActive}},Signals{cg/dt{SignalType=OnOff}}");
    desk.dial("23");
    assert_eq!(desk.playing().len(), 1);
    desk.dial("1");
    assert_eq!(desk.playing(), []);
    assert_eq!(desk.audit("Signals"), "SG");
}

#[test]
fn embedded_descriptors_become_active_one_after_the_other() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/d1{Embed{Signals{cg/bt},Events=8{dd/d2{Embed{Signals{cg/sit}}}}}}}");
    desk.dial("1");
    desk.expect(&["7 dd/d1"]);
    is_tone(&desk.playing(), &[425]);
    assert_eq!(
        desk.audit("Events,Signals"),
        "E=8{dd/d2{EM{SG{cg/sit}}}},SG{cg/bt}"
    );
    desk.dial("12");
    desk.expect(&["8 dd/d2"]);
    is_tone(&desk.playing(), &[950]);
    let thrice = "Events=7{dd/d1{Embed{Events=8{dd/d2{Embed{Events=9{dd/d3}}}}}}}";
    assert!(desk.ask(thrice).contains("ER=442{"));
}

#[test]
fn a_digit_map_may_be_embedded() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/ds{Embed{Signals{cg/dt},Events=8{dd/ce{DigitMap={(1x)}}}}}}");
    desk.dial("*");
    desk.expect(&["7 dd/ds"]);
    desk.dial("12");
    desk.expect(&["8 dd/ce ds=\"12\" Meth=UM"]);
}

#[test]
fn some_notifications_are_never_sent_and_some_by_the_hundred() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/d1{NeverNotify,Embed{Signals{cg/bt}}}}");
    desk.dial("1");
    desk.expect(&[]);
    is_tone(&desk.playing(), &[425]);
    let regulated =
        "Events=7{dd/d1{RegulatedNotify{Embed{Signals{cg/sit}}},Embed{Signals{cg/bt}}}}";
    desk.modify(regulated);
    desk.dial("1");
    desk.expect(&["7 dd/d1"]);
    is_tone(&desk.playing(), &[425]);
    let quarter = "Context=-{Modify=ROOT{Media{TerminationState{nb/notreg=25}}}}";
    assert_eq!(desk.bench.ask(quarter), "C=-{MF=ROOT}");
    desk.dial("11");
    desk.expect(&[]);
    is_tone(&desk.playing(), &[950]);
    desk.dial("111111");
    desk.expect(&["7 dd/d1", "7 dd/d1"]);
}

#[test]
fn a_reset_arms_the_events_before_or_the_map_again() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/d1{Embed{Events=8{dd/d2{ResetEventsDescriptor}}}}}");
    desk.dial("121");
    desk.expect(&["7 dd/d1", "8 dd/d2", "7 dd/d1"]);
    desk.modify("Events=7{dd/ce{DigitMap={(1x)},ResetEventsDescriptor}}");
    desk.dial("1213");
    desk.expect(&["7 dd/ce ds=\"12\" Meth=UM", "7 dd/ce ds=\"13\" Meth=UM"]);
}

/// In lock-step, with `dd/d1` processed, and `dd/d2` and `dd/d1` buffered.
fn in_step() -> Desk {
    let mut desk = Desk::new();
    desk.modify(
        "Media{TerminationState{Buffer=LockStep}},EventBuffer{dd/d1,dd/d2},Events=7{dd/d1}",
    );
    desk.dial("1");
    desk.expect(&["7 dd/d1"]);
    desk.dial("321");
    desk.expect(&[]);
    desk
}

#[test]
fn in_lock_step_each_descriptor_processes_one_event() {
    let mut desk = in_step();
    assert_eq!(desk.audit("EventBuffer"), "EB{dd/d1,dd/d2}");
    assert_eq!(desk.audit("ObservedEvents"), "OE=7{dd/d2,dd/d1}");
    desk.modify("Events=8{dd/d2}");
    desk.expect(&["8 dd/d2"]);
    desk.dial("2");
    desk.expect(&[]);
    // What is not asked for is dropped on the way.
    desk.modify("Events=9{dd/d2}");
    desk.expect(&["9 dd/d2"]);
    desk.modify("Events=10{dd/*}");
    desk.dial("4");
    desk.expect(&["10 dd/d4"]);
}

#[test]
fn a_buffered_event_has_the_time_of_its_detection() {
    let mut desk = in_step();
    let before = desk.bench.now;
    desk.pass(60_000);
    desk.modify("Events=8{dd/d2}");
    let request = desk.bench.sent_request();
    let text = format!("{request:?}");
    let stamp = |now| desk.bench.mg.anchor.time_stamp(now);
    let late = stamp(before - Duration::from_millis(200));
    assert!(text.contains(&format!("{late:?}")), "{late:?} in {text}");
}

#[test]
fn the_buffer_is_emptied_in_three_ways() {
    for empty in [
        "Media{TerminationState{Buffer=OFF}}",
        "Events",
        "EventBuffer",
    ] {
        let mut desk = in_step();
        desk.modify(empty);
        desk.modify("Events=8{dd/d1,dd/d2}");
        desk.expect(&[]);
        desk.dial("2");
        desk.expect(&["8 dd/d2"]);
    }
}

#[test]
fn a_buffer_that_overflows_says_so() {
    let mut desk = in_step();
    desk.dial(&"2".repeat(70));
    desk.modify("Events=8{dd/d2}");
    desk.expect(&["8 dd/d2 Error 518"]);
    desk.modify("Events=9{dd/d2}");
    desk.expect(&["9 dd/d2"]);
}

#[test]
fn digits_dialled_ahead_go_to_the_digit_map() {
    let mut desk = Desk::new();
    desk.modify("Media{TerminationState{Buffer=LockStep}},EventBuffer{dd/*},Events=7{dd/ds}");
    desk.dial("*12");
    desk.expect(&["7 dd/ds"]);
    desk.modify("Events=8{dd/ce{DigitMap={(1xx)}}}");
    desk.expect(&[]);
    desk.dial("34");
    desk.expect(&["8 dd/ce ds=\"123\" Meth=UM"]);
    desk.modify("Events=9{dd/d4}");
    desk.expect(&["9 dd/d4"]);
}

#[test]
fn a_move_keeps_what_is_armed_and_a_subtract_ends_it() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/d1},Signals{cg/dt}");
    assert_eq!(desk.bench.ask("Context=${Move=rtp/1}"), "C=2{MV=rtp/1}");
    assert_eq!(desk.playing().len(), 1);
    desk.dial("1");
    desk.expect(&["Context 2 7 dd/d1"]);
    desk.bench
        .ask("Context=2{Modify=rtp/1{Signals{cg/dt},Events=8{dd/ce{DigitMap={(1xx)}}}}}");
    assert_eq!(desk.playing().len(), 1);
    desk.bench.ask("Context=2{Subtract=rtp/1}");
    assert_eq!(desk.playing(), []);
    desk.pass(600_000);
    desk.expect(&[]);
}

#[test]
fn a_tone_that_nobody_looked_for_in_between_is_not_long() {
    let mut desk = Desk::new();
    desk.modify("Events=7{dd/ltd{tl=d5,dur=60000}}");
    desk.begin(Tone::Dtmf(Dtmf(5)));
    desk.modify("Events");
    desk.pass(5_000);
    desk.modify("Events=8{dd/ltd{tl=d5,dur=1000}}");
    desk.pass(5_000);
    desk.expect(&[]);
    // One that is found again lasts from then on.
    desk.begin(Tone::Dtmf(Dtmf(5)));
    desk.pass(1_000);
    desk.expect(&["8 dd/ltd tid=d5"]);
}
