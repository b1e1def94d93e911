//! The hook of an analog line: events as they are asked for, and what they set off (H.248.1 E.9).

use std::time::Duration;

use mg_contract::{Command, Sound};

use super::{
    bench::{Bench, transactions},
    lines::provisioned,
};
use crate::{Act, Step};

/// `line/1`, with a phone that is lifted after two seconds, pressed on its hook for 300 ms, and put down.
fn lifted() -> Bench {
    let mut config = provisioned();
    let step = |after, act| Step {
        after: Duration::from_millis(after),
        act,
    };
    config.lines.truncate(1);
    config.lines[0].script = vec![
        step(2_000, Act::OffHook),
        step(1_000, Act::Flash(Duration::from_millis(300))),
        step(3_000, Act::OnHook),
    ];
    Bench::registered(config)
}

fn modify(bench: &mut Bench, descriptors: &str) -> String {
    bench.ask(&format!("Context=-{{Modify=line/1{{{descriptors}}}}}"))
}

/// What was sent since the last time, as one text.
fn sent(bench: &mut Bench) -> String {
    let sent = std::mem::take(&mut bench.sent);
    let all = sent.iter().flat_map(transactions);
    all.map(|one| format!("{one:?}")).collect()
}

fn pass(bench: &mut Bench, ms: u64) {
    bench.pass(Duration::from_millis(ms));
}

#[test]
fn lifting_the_handset_is_told_and_its_dial_tone_is_heard() {
    let mut bench = lifted();
    let embedded =
        "Events=7{al/of{Embed{Signals{cg/dt},Events=8{al/on,dd/ce{DigitMap={(xxxx)}}}}}}";
    assert_eq!(modify(&mut bench, embedded), "C=-{MF=line/1}");
    bench.sent.clear();
    pass(&mut bench, 1_900);
    assert_eq!(sent(&mut bench), "");
    bench.engine.log.clear();
    pass(&mut bench, 200);
    let told = sent(&mut bench);
    assert!(told.contains("\"of\"") && told.contains("Id(7)"), "{told}");
    let plays = |command: &Command| {
        matches!(
            command,
            Command::Play {
                sound: Sound::Tones { .. },
                ..
            }
        )
    };
    let log = &bench.engine.log;
    assert!(matches!(log[0], Command::OpenLine { .. }), "{log:?}");
    assert!(log.iter().any(plays), "{log:?}");
}

#[test]
fn the_state_of_the_hook_is_told_where_it_is_asked_for() {
    let mut bench = lifted();
    assert!(modify(&mut bench, "Events=7{al/on{strict=failWrong}}").contains("ER=540{"));
    let exact = modify(&mut bench, "Events=7{al/on{strict=exact}}");
    assert_eq!(exact, "C=-{MF=line/1}");
    assert_eq!(sent(&mut bench), "");
    modify(&mut bench, "Events=7{al/of{strict=state}}");
    assert_eq!(sent(&mut bench), "");
    bench.send("Context=-{Modify=line/1{Events=8{al/on{strict=state}}}}");
    let told = sent(&mut bench);
    assert!(
        told.contains("\"init\"") && told.contains("Id(8)"),
        "{told}"
    );
}

#[test]
fn a_press_of_the_hook_is_a_flash_or_two_events() {
    let mut bench = lifted();
    modify(&mut bench, "Events=7{al/fl{mindur=100,maxdur=500}}");
    pass(&mut bench, 3_200);
    bench.sent.clear();
    pass(&mut bench, 800);
    let told = sent(&mut bench);
    assert!(told.contains("\"fl\""), "{told}");

    let mut bench = lifted();
    modify(&mut bench, "Events=7{al/fl{mindur=100,maxdur=200},al/on}");
    pass(&mut bench, 3_150);
    bench.sent.clear();
    pass(&mut bench, 800);
    let told = sent(&mut bench);
    assert!(
        told.contains("\"on\"") && !told.contains("\"fl\""),
        "{told}"
    );
}

#[test]
fn a_line_has_its_stream_while_something_is_played_or_looked_for() {
    let mut bench = lifted();
    bench.engine.log.clear();
    modify(&mut bench, "Events=7{dd/d1}");
    let opened = |bench: &Bench| bench.engine.streams.len();
    assert_eq!(opened(&bench), 1);
    modify(&mut bench, "Events=7{al/of}");
    assert_eq!(opened(&bench), 0);
    modify(
        &mut bench,
        "Signals{cg/bt{SignalType=TimeOut,Duration=100}}",
    );
    assert_eq!(opened(&bench), 1);
    pass(&mut bench, 1_000);
    assert_eq!(opened(&bench), 0);
}

#[test]
fn events_that_bring_each_other_back_tell_the_hook_once_each() {
    let mut bench = lifted();
    let circle = "Events=1{al/on{strict=state,EM{E=2{al/on{strict=state,RSE}}}}}";
    assert_eq!(modify(&mut bench, circle), "C=-{MF=line/1}");
    let counters = bench.mg.snapshot().counters;
    assert_eq!(counters.cut_off, 0);
    let audit = bench.ask("Context=-{AuditValue=line/1{Audit{Events}}}");
    assert!(audit.contains("E=1{"), "{audit}");
}
