//! Limits and load: what is refused, and what the controller is told (H.248.10, H.248.11).

use std::time::Duration;

use codec_h248::{Command, descriptor::ObservedEventsDescriptor};

use super::bench::{Bench, add, config};
use crate::Why;

/// A gateway of ten Contexts that tells of overload from 80 % on.
fn small() -> Bench {
    let mut config = config();
    config.limits.contexts = 10;
    config.limits.overload_percent = 80;
    Bench::registered(config)
}

/// What the controller was notified of since it was asked last, as it is written; it answers.
fn told(bench: &mut Bench) -> Vec<String> {
    let requests = bench.requests();
    bench.sent.clear();
    let mut told = Vec::new();
    for request in requests {
        let id = request.id.0;
        for command in request.actions.into_iter().flat_map(|one| one.commands) {
            if let Command::Notify(notify) = command.command {
                told.push(written(&notify.observed_events));
            }
        }
        bench.receive(&format!(
            "MEGACO/3 [192.0.2.1]:2944 Reply={id}{{Context=-{{Notify=ROOT}}}}"
        ));
    }
    told
}

fn written(observed: &ObservedEventsDescriptor<'_>) -> String {
    let events = observed.events.iter().map(|event| {
        let parameters = event.parameters.iter();
        let parameters = parameters.map(|one| format!(" {:?}", one.value));
        let parameters: String = parameters.collect();
        let number = parameters.chars().filter(char::is_ascii_digit);
        format!("{} {}", event.name, number.collect::<String>())
    });
    events.collect::<Vec<_>>().join(", ").trim().to_owned()
}

/// Arms both events.
const ARM: &str = "Context=-{Modify=ROOT{Events=5{ocp/mg_overload,chp/mgcon}}}";

fn arm(bench: &mut Bench) {
    let reply = bench.ask(ARM);
    assert_eq!(reply, "C=-{MF=ROOT}");
}

#[test]
fn the_controller_is_told_when_load_crosses_the_limit_and_when_it_falls() {
    let mut bench = small();
    arm(&mut bench);
    for _ in 0..7 {
        bench.ask("Context=${Add=$}");
    }
    assert_eq!(told(&mut bench), Vec::<String>::new());
    bench.send("Context=${Add=$}");
    assert_eq!(told(&mut bench), ["ocp/mg_overload , chp/mgcon 10"]);
    bench.send("Context=${Add=$},Context=${Add=$}");
    assert_eq!(
        told(&mut bench),
        Vec::<String>::new(),
        "once a second at most"
    );
    bench.pass(Duration::from_secs(1));
    assert_eq!(told(&mut bench), ["chp/mgcon 100"]);
    bench.send("Context=*{Subtract=*{Audit{}}}");
    bench.pass(Duration::from_secs(1));
    assert_eq!(told(&mut bench), ["chp/mgcon 0"]);
    bench.pass(Duration::from_secs(5));
    assert!(
        !matches!(bench.mg.poll_timeout(), Some((_, Why::Overload))),
        "there is nothing more to look at"
    );
}

#[test]
fn nobody_is_told_who_does_not_ask() {
    let mut bench = small();
    for _ in 0..10 {
        bench.ask("Context=${Add=$}");
    }
    bench.pass(Duration::from_secs(3));
    assert_eq!(told(&mut bench), Vec::<String>::new());
    bench.sent.clear();
    bench.send(ARM);
    assert_eq!(told(&mut bench), ["ocp/mg_overload , chp/mgcon 100"]);
}

#[test]
fn a_busy_processor_takes_only_what_is_urgent() {
    let mut bench = small();
    arm(&mut bench);
    bench.ask("Context=${Add=$}");
    bench.mg.handle_processor_load(96, bench.now);
    bench.pump();
    assert_eq!(told(&mut bench), ["ocp/mg_overload , chp/mgcon 80"]);
    for action in ["Context=${Add=$}", "Context=1{Add=$}"] {
        let reply = bench.ask(action);
        assert!(reply.contains("ER=510{"), "{action}: {reply}");
    }
    assert_eq!(bench.ask("Context=1{Modify=rtp/1}"), "C=1{MF=rtp/1}");
    assert_eq!(bench.ask("Context=${Emergency,Add=$}"), "C=2{A=rtp/2}");
    assert_eq!(bench.ask("Context=${IEPSCall=ON,Add=$}"), "C=3{A=rtp/3}");
    bench.mg.handle_processor_load(20, bench.now);
    assert_eq!(bench.ask("Context=1{Add=$}"), "C=1{A=rtp/4}");
}

#[test]
fn each_limit_refuses_with_its_code_and_changes_nothing() {
    let mut config = config();
    config.limits.contexts = 2;
    config.limits.terminations = 4;
    config.limits.terminations_per_context = 3;
    config.rtp_ports = 20_000..=20_003;
    let mut bench = Bench::registered(config);
    bench.ask(&format!("Context=${{{},Add=$,Add=$}}", add(40_000)));
    let before = bench.state();
    let reply = bench.ask("Context=1{Add=$}");
    assert!(reply.contains("ER=434{"), "{reply}");
    assert_eq!(bench.state(), before);
    bench.ask(&format!("Context=${{{}}}", add(40_002)));
    let before = bench.state();
    let reply = bench.ask("Context=2{Add=$}");
    assert!(reply.contains("ER=432{"), "{reply}");
    let reply = bench.ask("Context=${Add=$}");
    assert!(reply.contains("C=${ER=412{"), "{reply}");
    assert_eq!(bench.state(), before);
    bench.ask("Context=1{Subtract=rtp/2}");
    let reply = bench.ask(&format!("Context=2{{{}}}", add(40_004)));
    assert!(reply.contains("ER=510{"), "no port pair: {reply}");
    let reply = bench.ask("Context=-{AuditValue=ROOT{Audit{Media}}}");
    for property in ["maxNumberOfContexts=2,", "maxTerminationsPerContext=3,"] {
        assert!(reply.contains(property), "{property}: {reply}");
    }
}
