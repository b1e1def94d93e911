//! ServiceChange from the controller (H.248.1 7.2.8).

use super::bench::Bench;

fn ask(bench: &mut Bench, context: &str, id: &str, method: &str) -> String {
    let services = format!("Services{{Method={method},Reason=\"905 Taken out of service\"}}");
    bench.ask(&format!(
        "Context={context}{{ServiceChange={id}{{{services}}}}}"
    ))
}

#[test]
fn a_restart_of_what_is_in_service_succeeds() {
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=$,Add=$}");
    assert_eq!(ask(&mut bench, "-", "ROOT", "Restart"), "C=-{SC=ROOT}");
    assert_eq!(ask(&mut bench, "1", "rtp/1", "Restart"), "C=1{SC=rtp/1}");
    assert_eq!(
        ask(&mut bench, "1", "*", "Restart"),
        "C=1{SC=rtp/1,SC=rtp/2}"
    );
}

#[test]
fn what_is_not_built_is_refused_and_changes_nothing() {
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=$}");
    let before = bench.state();
    for (method, code) in [
        ("Forced", "501"),
        ("Graceful", "501"),
        ("Handoff", "449"),
        ("Failover", "449"),
        ("Disconnected", "449"),
        ("X-NEW", "501"),
    ] {
        for (context, id) in [("-", "ROOT"), ("1", "rtp/1")] {
            let reply = ask(&mut bench, context, id, method);
            assert!(reply.contains(&format!("ER={code}{{")), "{method}: {reply}");
        }
    }
    assert_eq!(bench.state(), before);
}

#[test]
fn names_are_checked_first() {
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=$}");
    bench.ask("Context=${Add=$}");
    for (context, id, code) in [
        ("1", "$", "410"),
        ("1", "ROOT", "410"),
        ("1", "rtp/9", "430"),
        ("1", "tdm/*", "431"),
        ("1", "rtp/2", "435"),
        ("9", "rtp/1", "411"),
    ] {
        let reply = ask(&mut bench, context, id, "Forced");
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
