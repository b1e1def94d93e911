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
fn an_idle_line_that_leaves_is_not_added_any_more() {
    let mut bench = lines();
    ask(&mut bench, "-", "line/1", "Method=Graceful,Delay=3");
    let reply = bench.ask("Context=${Add=line/1}");
    assert!(reply.contains("A=line/1{ER=521{"), "{reply}");
    assert_eq!(bench.ask("Context=${Add=line/$}"), "C=2{A=line/2}");
    ask(&mut bench, "-", "line/1", "Method=Restart");
    assert_eq!(bench.ask("Context=2{Add=line/1}"), "C=2{A=line/1}");
    // What is in a Context when it begins to leave still moves.
    ask(&mut bench, "2", "line/1", "Method=Graceful,Delay=3");
    assert_eq!(bench.ask("Context=${Move=line/1}"), "C=3{MV=line/1}");
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
fn restart_with_a_delay_brings_back_when_it_is_over() {
    let mut bench = lines();
    bench.ask("Context=1{Add=line/1}");
    for (context, id) in [("-", "line/2"), ("1", "line/1"), ("1", "rtp/1")] {
        ask(&mut bench, context, id, "Method=Forced");
        ask(&mut bench, context, id, "Method=Restart,Delay=3");
        assert_eq!(state(&mut bench, context, id), "OS");
    }
    let reply = bench.ask("Context=1{Add=line/2}");
    assert!(reply.contains("ER=502{"), "{reply}");
    // Who comes back into the null Context comes back into service all the same.
    bench.ask("Context=1{Subtract=line/1}");
    assert_eq!(state(&mut bench, "-", "line/1"), "OS");
    bench.pass(Duration::from_millis(2_900));
    assert_eq!(state(&mut bench, "-", "line/2"), "OS");
    bench.pass(Duration::from_millis(200));
    for (context, id) in [("-", "line/1"), ("-", "line/2"), ("1", "rtp/1")] {
        assert_eq!(state(&mut bench, context, id), "IV", "{id}");
    }
    assert!(bench.stream("rtp/1").1.settings.listens);
}

#[test]
fn whoever_orders_last_decides_whether_one_comes_back() {
    let mut bench = lines();
    for last in ["Forced", "Graceful", "Graceful,Delay=9"] {
        ask(&mut bench, "-", "line/1", "Method=Forced");
        ask(&mut bench, "-", "line/1", "Method=Restart,Delay=3");
        ask(&mut bench, "-", "line/1", &format!("Method={last}"));
        bench.pass(Duration::from_secs(20));
        assert_eq!(state(&mut bench, "-", "line/1"), "OS", "{last}");
    }
    // What is in service is so already, and leaves no more.
    ask(&mut bench, "-", "line/2", "Method=Graceful,Delay=2");
    ask(&mut bench, "-", "line/2", "Method=Restart,Delay=3");
    for _ in 0..5 {
        assert_eq!(state(&mut bench, "-", "line/2"), "IV");
        bench.pass(Duration::from_secs(1));
    }
}

/// Asserts whether the gateway is in service, by what it says and by what it takes.
#[track_caller]
fn assert_gateway(bench: &mut Bench, is_in: bool) {
    assert_eq!(state(bench, "-", "ROOT"), if is_in { "IV" } else { "OS" });
    for action in ["Context=${Add=$}", "Context=${Add=line/1}"] {
        let reply = bench.ask(action);
        assert_eq!(!reply.contains("ER=502{"), is_in, "{action}: {reply}");
        if is_in {
            let made = reply.split(['=', '{']).nth(1).expect("a Context");
            let gone = bench.ask(&format!("Context={made}{{Subtract=*{{Audit{{}}}}}}"));
            assert!(gone.contains("S="), "{gone}");
        }
    }
}

#[test]
fn a_gateway_out_of_service_says_so_and_takes_nothing_new() {
    let mut bench = lines();
    for method in ["Forced", "Graceful"] {
        ask(&mut bench, "-", "ROOT", &format!("Method={method}"));
        assert_gateway(&mut bench, false);
        let reply = bench.ask("Context=1{Add=line/1}");
        assert!(reply.contains("ER=502{"), "{reply}");
        // What is connected stays.
        assert_eq!(bench.ask("Context=1{Modify=rtp/1}"), "C=1{MF=rtp/1}");
        assert!(bench.stream("rtp/1").1.settings.listens);
        ask(&mut bench, "-", "ROOT", "Method=Restart");
        assert_gateway(&mut bench, true);
    }
}

#[test]
fn the_gateway_changes_its_state_when_the_delay_is_over() {
    let mut bench = lines();
    for (method, before) in [("Graceful", true), ("Restart", false)] {
        ask(&mut bench, "-", "ROOT", &format!("Method={method},Delay=3"));
        assert_gateway(&mut bench, before);
        bench.pass(Duration::from_millis(2_900));
        assert_gateway(&mut bench, before);
        bench.pass(Duration::from_millis(200));
        assert_gateway(&mut bench, !before);
    }
    // It does not wait for more than the last Context.
    ask(&mut bench, "-", "ROOT", "Method=Graceful,Delay=3");
    bench.ask("Context=1{Subtract=*}");
    assert_gateway(&mut bench, false);
    // Forced does not come back.
    ask(&mut bench, "-", "ROOT", "Method=Restart,Delay=3");
    ask(&mut bench, "-", "ROOT", "Method=Forced");
    bench.pass(Duration::from_secs(9));
    assert_gateway(&mut bench, false);
    // What is in service is so already.
    ask(&mut bench, "-", "ROOT", "Method=Restart");
    ask(&mut bench, "-", "ROOT", "Method=Graceful,Delay=3");
    ask(&mut bench, "-", "ROOT", "Method=Restart,Delay=9");
    bench.pass(Duration::from_secs(4));
    assert_gateway(&mut bench, true);
}

#[test]
fn a_gateway_that_leaves_by_itself_says_so_and_takes_nothing_new() {
    let mut bench = lines();
    bench.mg.handle_drain(Duration::from_secs(60), bench.now);
    bench.pump();
    assert_gateway(&mut bench, false);
    ask(&mut bench, "-", "ROOT", "Method=Restart");
    assert_gateway(&mut bench, false);
    assert_eq!(bench.ask("Context=1{Modify=rtp/1}"), "C=1{MF=rtp/1}");
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
