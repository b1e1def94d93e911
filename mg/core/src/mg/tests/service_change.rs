//! Service states, by ServiceChange and as a property (H.248.1 7.2.8, 7.1.5).

use std::time::Duration;

use codec_h248::TerminationId;

use super::bench::{Bench, add, config};
use crate::{Line, LineKind};

fn ask(bench: &mut Bench, context: &str, id: &str, services: &str) -> String {
    let services = format!("Services{{{services},Reason=\"905 Taken out of service\"}}");
    bench.ask(&format!(
        "Context={context}{{ServiceChange={id}{{{services}}}}}"
    ))
}

/// A gateway with lines 1 and 2, and Terminations 1 and 2 in Context 1.
fn lines() -> Bench {
    let mut config = config();
    let line = |name: &'static str| Line::new(TerminationId::from_name(name), LineKind::Analog);
    config.lines = vec![line("line/1"), line("line/2")];
    let mut bench = Bench::registered(config);
    bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
    bench
}

fn state(bench: &mut Bench, context: &str, id: &str) -> String {
    let asked = "Audit{Media{TerminationState{ServiceStates}}}";
    let reply = bench.ask(&format!("Context={context}{{AuditValue={id}{{{asked}}}}}"));
    let found = reply.split("SI=").nth(1).unwrap_or(&reply);
    found.chars().take(2).collect()
}

#[test]
fn forced_takes_out_and_restart_brings_back() {
    let mut bench = lines();
    assert_eq!(
        ask(&mut bench, "-", "line/*", "Method=Forced"),
        "C=-{SC=line/1,SC=line/2}"
    );
    assert_eq!(state(&mut bench, "-", "line/1"), "OS");
    let before = bench.state();
    let reply = bench.ask("Context=${Add=line/1}");
    assert!(reply.starts_with("C=${A=line/1{ER=502{"), "{reply}");
    assert_eq!(bench.state(), before);
    assert_eq!(
        ask(&mut bench, "-", "line/1", "Method=Restart"),
        "C=-{SC=line/1}"
    );
    assert_eq!(state(&mut bench, "-", "line/1"), "IV");
    assert_eq!(bench.ask("Context=1{Add=line/1}"), "C=1{A=line/1}");
}

#[test]
fn an_ephemeral_one_out_of_service_is_silent_and_stays() {
    let mut bench = lines();
    ask(&mut bench, "1", "rtp/1", "Method=Forced");
    let settings = bench.stream("rtp/1").1.settings;
    assert!(!settings.contributes && !settings.listens);
    let reply = bench.ask("Context=${Move=rtp/1}");
    assert!(reply.contains("MV=rtp/1{ER=502{"), "{reply}");
    ask(&mut bench, "1", "rtp/1", "Method=Restart");
    let settings = bench.stream("rtp/1").1.settings;
    assert!(settings.contributes && settings.listens);
    assert_eq!(bench.ask("Context=${Move=rtp/1}"), "C=2{MV=rtp/1}");
}

#[test]
fn graceful_waits_for_the_null_context_or_for_its_time() {
    let mut bench = lines();
    bench.ask("Context=1{Add=line/1}");
    ask(&mut bench, "1", "line/1", "Method=Graceful");
    assert_eq!(state(&mut bench, "1", "line/1"), "IV");
    bench.ask("Context=1{Subtract=line/1}");
    assert_eq!(state(&mut bench, "-", "line/1"), "OS");
    ask(&mut bench, "-", "line/2", "Method=Graceful,Delay=3");
    assert_eq!(state(&mut bench, "-", "line/2"), "IV");
    bench.pass(Duration::from_millis(2_900));
    assert_eq!(state(&mut bench, "-", "line/2"), "IV");
    bench.pass(Duration::from_millis(200));
    assert_eq!(state(&mut bench, "-", "line/2"), "OS");
}

#[test]
fn restart_cancels_graceful() {
    let mut bench = lines();
    ask(&mut bench, "-", "line/2", "Method=Graceful,Delay=3");
    ask(&mut bench, "-", "line/2", "Method=Restart");
    bench.pass(Duration::from_secs(9));
    assert_eq!(state(&mut bench, "-", "line/2"), "IV");
}

#[test]
fn what_ends_while_it_leaves_is_forgotten() {
    let mut bench = lines();
    ask(&mut bench, "1", "rtp/1", "Method=Graceful,Delay=3");
    bench.ask("Context=1{Subtract=*}");
    bench.pass(Duration::from_secs(9));
    assert_eq!(bench.members(), []);
}

#[test]
fn the_state_is_a_property_too() {
    let mut bench = lines();
    for (said, expected) in [("Test", "TE"), ("OutOfService", "OS"), ("InService", "IV")] {
        let media = format!("Media{{TerminationState{{ServiceStates={said}}}}}");
        let reply = bench.ask(&format!("Context=-{{Modify=line/1{{{media}}}}}"));
        assert_eq!(reply, "C=-{MF=line/1}");
        assert_eq!(state(&mut bench, "-", "line/1"), expected);
        let reply = bench.ask(&format!("Context=1{{Modify=rtp/1{{{media}}}}}"));
        assert_eq!(reply, "C=1{MF=rtp/1}");
        assert_eq!(state(&mut bench, "1", "rtp/1"), expected);
    }
    let media = "Media{TerminationState{ServiceStates=Test}}";
    let reply = bench.ask(&format!("Context=-{{Modify=ROOT{{{media}}}}}"));
    assert!(reply.contains("ER=501{"), "{reply}");
}

#[test]
fn a_gateway_out_of_service_takes_nothing_new() {
    let mut bench = lines();
    assert_eq!(
        ask(&mut bench, "-", "ROOT", "Method=Graceful"),
        "C=-{SC=ROOT}"
    );
    assert_eq!(state(&mut bench, "-", "ROOT"), "IV");
    for action in ["Context=${Add=$}", "Context=1{Add=line/1}"] {
        let reply = bench.ask(action);
        assert!(reply.contains("ER=502{"), "{action}: {reply}");
    }
    assert_eq!(bench.ask("Context=1{Modify=rtp/1}"), "C=1{MF=rtp/1}");
    bench.ask("Context=1{Subtract=*}");
    assert_eq!(state(&mut bench, "-", "ROOT"), "OS");
    ask(&mut bench, "-", "ROOT", "Method=Restart");
    assert_eq!(bench.ask("Context=${Add=$}"), "C=2{A=rtp/3}");
    ask(&mut bench, "-", "ROOT", "Method=Forced");
    assert_eq!(state(&mut bench, "-", "ROOT"), "OS");
}

#[test]
fn what_cannot_be_ordered_is_refused_and_changes_nothing() {
    let mut bench = lines();
    let before = bench.state();
    for (method, code) in [
        ("Failover", "449"),
        ("Disconnected", "449"),
        ("X-NEW", "501"),
    ] {
        for (context, id) in [("-", "ROOT"), ("1", "rtp/1")] {
            let reply = ask(&mut bench, context, id, &format!("Method={method}"));
            assert!(reply.contains(&format!("ER={code}{{")), "{method}: {reply}");
        }
    }
    let reply = ask(&mut bench, "-", "ROOT", "Method=Handoff");
    assert!(reply.contains("ER=472{"), "{reply}");
    let reply = ask(&mut bench, "1", "rtp/1", "Method=Handoff");
    assert!(reply.contains("ER=449{"), "{reply}");
    assert_eq!(bench.state(), before);
}

#[test]
fn names_are_checked_first() {
    let mut bench = lines();
    bench.ask("Context=${Add=$}");
    for (context, id, code) in [
        ("1", "$", "410"),
        ("1", "ROOT", "410"),
        ("1", "rtp/9", "430"),
        ("1", "tdm/*", "431"),
        ("1", "rtp/3", "435"),
        ("1", "line/1", "435"),
        ("9", "rtp/1", "411"),
    ] {
        let reply = ask(&mut bench, context, id, "Method=Forced");
        assert!(reply.contains(&format!("ER={code}{{")), "{id}: {reply}");
    }
}

#[test]
fn an_extension_that_must_be_understood_is_refused() {
    let mut bench = Bench::usual();
    let reply = bench
        .ask("Context=-{ServiceChange=ROOT{Services{Method=Restart,Reason=\"900 Back\",X+NEW=1}}}");
    assert!(reply.contains("ER=446"), "{reply}");
    let reply = bench
        .ask("Context=-{ServiceChange=ROOT{Services{Method=Restart,Reason=\"900 Back\",X-NEW=1}}}");
    assert_eq!(reply, "C=-{SC=ROOT}");
}
