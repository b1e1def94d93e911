//! Service states that the gateway changes and tells of (H.248.1 7.2.8).

use std::time::Duration;

use codec_h248::{ActionRequest, Command, TerminationId};

use super::{bench::Bench, lines::provisioned};
use crate::Service;

const FORCED: Service = Service::Out {
    reason: 906,
    graceful: None,
};

fn graceful(seconds: u64) -> Service {
    Service::Out {
        reason: 905,
        graceful: Some(Some(Duration::from_secs(seconds))),
    }
}

fn bench() -> Bench {
    let mut bench = Bench::started(provisioned());
    accept(&mut bench);
    told(&mut bench);
    bench
}

fn accept(bench: &mut Bench) {
    let id = bench.sent_request().id.0;
    bench.sent.clear();
    bench.receive(&format!(
        "MEGACO/1 [192.0.2.1]:2944 Reply={id}{{Context=-{{ServiceChange=ROOT{{Services\
         {{Version=3}}}}}}}}"
    ));
}

fn order(bench: &mut Bench, name: &'static str, service: Service) {
    order_all(bench, &[name], service);
}

fn order_all(bench: &mut Bench, names: &[&'static str], service: Service) {
    let orders = names
        .iter()
        .map(|name| (TerminationId::from_name(*name), service));
    let orders: Vec<_> = orders.collect();
    assert_eq!(bench.mg.handle_services(orders, bench.now), []);
    bench.pump();
}

/// What the gateway has told since the last look: Context, Termination, method, reason and delay.
fn told(bench: &mut Bench) -> Vec<String> {
    let write = |action: &ActionRequest<'_>| {
        let commands = action.commands.iter().map(|command| {
            let Command::ServiceChange(change) = &command.command else {
                panic!("a ServiceChange");
            };
            let services = &change.services;
            let delay = services.delay_s.map(|delay| format!(" in {delay} s"));
            format!(
                "{} {} {:?} {}{}",
                action.context,
                change.terminations[0],
                services.method,
                services.reason.text,
                delay.unwrap_or_default()
            )
        });
        commands.collect::<Vec<_>>()
    };
    let requests: Vec<_> = bench.requests();
    bench.sent.clear();
    for request in &requests {
        let id = request.id.0;
        bench.receive(&format!(
            "MEGACO/3 [192.0.2.1]:2944 Reply={id}{{Context=-{{ServiceChange=*}}}}"
        ));
    }
    bench.sent.clear();
    requests
        .iter()
        .flat_map(|one| &one.actions)
        .flat_map(write)
        .collect()
}

#[test]
fn a_controller_is_told_what_is_out_of_service_when_it_accepts() {
    let mut bench = Bench::started(provisioned());
    accept(&mut bench);
    assert_eq!(
        told(&mut bench),
        ["- trunk/1/2 Forced 905 Termination taken out of service"]
    );
}

#[test]
fn one_goes_out_of_service_and_comes_back() {
    let mut bench = bench();
    order(&mut bench, "line/1", FORCED);
    assert_eq!(
        told(&mut bench),
        ["- line/1 Forced 906 Loss of lower layer connectivity"]
    );
    let media = bench.ask("Context=-{AuditValue=line/1{Audit{Media}}}");
    assert!(media.contains("SI=OS"), "{media}");
    let refused = bench.ask("Context=${Add=line/1}");
    assert!(refused.contains("ER=502{"), "{refused}");
    order(&mut bench, "line/1", Service::In);
    assert_eq!(told(&mut bench), ["- line/1 Restart 900 Service Restored"]);
    assert_eq!(bench.ask("Context=${Add=line/1}"), "C=1{A=line/1}");
    // What is so already is not told.
    order(&mut bench, "line/1", Service::In);
    assert_eq!(told(&mut bench), Vec::<String>::new());
}

#[test]
fn a_group_is_told_of_by_wildcard() {
    let mut bench = bench();
    bench.ask("Context=${Add=trunk/1/1}");
    let all = ["line/1", "line/2", "trunk/1/1", "trunk/1/3"];
    order_all(&mut bench, &all, FORCED);
    let reason = "Forced 906 Loss of lower layer connectivity";
    assert_eq!(
        told(&mut bench),
        [
            format!("- line/* {reason}"),
            format!("1 trunk/1/1 {reason}"),
            format!("- trunk/1/3 {reason}"),
        ]
    );
    bench.ask("Context=1{Subtract=*}");
    let trunk = ["trunk/1/1", "trunk/1/2", "trunk/1/3"];
    order_all(&mut bench, &trunk, Service::In);
    assert_eq!(told(&mut bench), ["- trunk/* Restart 900 Service Restored"]);
}

#[test]
fn what_is_connected_leaves_gracefully_and_at_the_latest_then() {
    let mut bench = bench();
    bench.ask("Context=${Add=line/1{Media{LocalControl{Mode=SendReceive}}},Add=line/2,Add=$}");
    order(&mut bench, "line/1", graceful(60));
    order(&mut bench, "line/2", graceful(60));
    assert_eq!(
        told(&mut bench),
        [
            "1 line/1 Graceful 905 Termination taken out of service in 60 s",
            "1 line/2 Graceful 905 Termination taken out of service in 60 s",
        ]
    );
    bench.pass(Duration::from_secs(59));
    assert!(bench.stream("line/1").1.settings.listens);
    // Who is taken out before is out of service by that.
    bench.ask("Context=1{Subtract=line/2}");
    let media = bench.ask("Context=-{AuditValue=line/2{Audit{Media}}}");
    assert!(media.contains("SI=OS"), "{media}");
    bench.pass(Duration::from_secs(1));
    assert!(!bench.stream("line/1").1.settings.listens);
    let media = bench.ask("Context=1{AuditValue=line/1{Audit{Media}}}");
    assert!(
        media.contains("SI=OS") && media.contains("MO=SR"),
        "{media}"
    );
    assert!(bench.ask("Context=${Move=line/1}").contains("ER=502{"));
    bench.ask("Context=1{Subtract=line/1}");
    bench.sent.clear();
    assert!(bench.ask("Context=${Add=line/1}").contains("ER=502{"));
}

#[test]
fn leaving_can_be_cancelled() {
    let mut bench = bench();
    bench.ask("Context=${Add=line/1}");
    order(&mut bench, "line/1", graceful(60));
    told(&mut bench);
    order(&mut bench, "line/1", Service::In);
    assert_eq!(told(&mut bench), ["1 line/1 Restart 918 Cancel Graceful"]);
    bench.pass(Duration::from_secs(100));
    let media = bench.ask("Context=1{AuditValue=line/1{Audit{Media}}}");
    assert!(media.contains("SI=IV"), "{media}");
    // An idle one has nothing to wait for.
    order(&mut bench, "line/2", graceful(60));
    assert_eq!(
        told(&mut bench),
        ["- line/2 Forced 905 Termination taken out of service"]
    );
}

#[test]
fn a_controller_that_does_not_answer_is_told_again_when_it_is_back() {
    let mut bench = bench();
    order(&mut bench, "line/1", FORCED);
    order(&mut bench, "line/1", Service::In);
    bench.sent.clear();
    bench.pass(Duration::from_secs(30));
    assert!(!bench.mg.snapshot().registered, "it is given up");
    accept(&mut bench);
    assert_eq!(
        told(&mut bench),
        [
            "- line/1 Restart 900 Service Restored",
            "- trunk/1/2 Forced 905 Termination taken out of service",
        ]
    );
}

#[test]
fn only_physical_ones_have_an_operator() {
    let mut bench = bench();
    bench.ask("Context=${Add=$}");
    let orders = ["rtp/1", "line/9", "ROOT"].map(|name| (TerminationId::from_name(name), FORCED));
    let unknown = bench.mg.handle_services(orders.clone(), bench.now);
    assert_eq!(unknown, orders.map(|(id, _)| id));
}

#[test]
fn many_that_change_each_for_itself_cost_no_more_than_so_many() {
    let mut config = provisioned();
    let line = |number: u32| {
        let name = format!("desk/{}/{}", number / 2 % 64, number);
        crate::Line {
            service: if number.is_multiple_of(2) {
                FORCED
            } else {
                Service::In
            },
            ..crate::Line::new(TerminationId::from_name(name), crate::LineKind::Analog)
        }
    };
    config.lines = (0..16_384).map(line).collect();
    let mut bench = Bench::started(config);
    accept(&mut bench);
    // A comparison of each with each takes minutes.
    let requests = bench.requests();
    let commands = requests.iter().flat_map(|one| &one.actions);
    let commands: usize = commands.map(|one| one.commands.len()).sum();
    assert_eq!((requests.len(), commands), (820, 8_192));
}
