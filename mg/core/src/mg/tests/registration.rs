//! How the gateway finds its controller, and how it leaves it (H.248.1 11.2).

use std::time::Duration;

use codec_h248::{Command, MessageBody, descriptor::ServiceChangeMethod};

use transport_h248::Address;

use super::bench::{Bench, MGC, config};
use crate::{Config, Event, Why};

fn answer(bench: &mut Bench, services: &str) {
    let id = bench.sent_request().id.0;
    bench.receive(&format!(
        "MEGACO/1 [192.0.2.1]:2944 Reply={id}{{Context=-{{ServiceChange=ROOT{{{services}}}}}}}"
    ));
}

/// What has happened, without the attempts to register.
fn events(bench: &mut Bench) -> Vec<Event> {
    let all = std::iter::from_fn(|| bench.mg.poll_event());
    all.filter(|event| !matches!(event, Event::Registering { .. }))
        .collect()
}

fn failed_silently() -> Event {
    Event::RegistrationFailed {
        to: MGC.parse().expect("an address"),
        error: None,
    }
}

#[test]
fn a_cold_boot_is_announced_in_version_1_and_offers_version_3() {
    let bench = Bench::started(config());
    assert_eq!(bench.sent.len(), 1);
    assert_eq!(
        bench.sent[0].to,
        MGC.parse::<Address>().expect("an address").into()
    );
    let limits = codec_h248::Limits::default();
    let message = codec_h248::decode(&bench.sent[0].octets, &limits).expect("it reads");
    assert_eq!(message.version, 1);
    assert!(matches!(message.body, MessageBody::Transactions(_)));
    let request = bench.sent_request();
    let Command::ServiceChange(change) = &request.actions[0].commands[0].command else {
        panic!("a ServiceChange");
    };
    assert!(change.terminations[0].is_root());
    assert_eq!(change.services.method, ServiceChangeMethod::Restart);
    assert_eq!(change.services.reason.text, "901 Cold Boot");
    assert_eq!(change.services.version, Some(3));
    let stamp = change
        .services
        .time_stamp
        .expect("mandatory in a registration");
    assert_eq!(stamp.to_string(), "20261124T06380000");
}

#[test]
fn the_reply_says_the_version_that_is_spoken() {
    let mut bench = Bench::started(config());
    answer(&mut bench, "Services{Version=2}");
    let events = events(&mut bench);
    let [Event::Registered { mgc, version: 2 }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(
        mgc.as_ref().map(ToString::to_string),
        Some("[192.0.2.1]:2944".into())
    );
    assert!(bench.mg.snapshot().registered);
}

#[test]
fn requests_before_that_are_answered_505() {
    let mut bench = Bench::started(config());
    let sent = bench.sent.clone();
    let reply = bench.ask("Context=-{AuditValue=ROOT{Audit{}}}");
    assert!(reply.starts_with("ER=505{"), "{reply}");
    bench.sent = sent;
    answer(&mut bench, "Services{Version=3}");
    assert!(bench.mg.snapshot().registered, "the reply is still taken");
}

#[test]
fn requests_of_others_are_answered_504() {
    let mut bench = Bench::usual();
    bench.receive_from(
        "MEGACO/3 [203.0.113.5]:2944 Transaction=5{Context=-{AuditValue=ROOT{Audit{}}}}",
        "203.0.113.5:2944",
    );
    let reply = bench.reply_to(5).expect("it is answered");
    assert!(reply.starts_with("ER=504{"), "{reply}");
    assert_eq!(bench.mg.snapshot().counters.unauthorized, 1);
}

#[test]
fn another_host_under_the_controllers_name_is_answered_504_and_does_nothing() {
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=$}");
    for id in [1, 900] {
        bench.receive_from(
            &format!("MEGACO/3 [192.0.2.1]:2944 Transaction={id}{{Context=*{{Subtract=*}}}}"),
            "203.0.113.5:2944",
        );
        let reply = bench.reply_to(id).expect("it is answered");
        assert!(reply.starts_with("ER=504{"), "{reply}");
    }
    assert_eq!(bench.members().len(), 1);
    assert_eq!(bench.mg.snapshot().transport.from_elsewhere, 2);
}

#[test]
fn a_controller_that_is_silent_is_asked_again_for_ever() {
    let mut bench = Bench::started(config());
    bench.pass(Duration::from_secs(2));
    events(&mut bench);
    for _ in 0..5 {
        bench.sent.clear();
        bench.pass(Duration::from_secs(28));
        assert_eq!(events(&mut bench), [failed_silently()]);
        assert!(!bench.sent.is_empty(), "it goes on");
    }
    answer(&mut bench, "Services{Version=3}");
    assert!(bench.mg.snapshot().registered);
}

#[test]
fn an_attempt_is_told_at_once_and_silence_once_after_two_seconds() {
    let mut bench = Bench::started(config());
    let to = MGC.parse().expect("an address");
    assert_eq!(bench.mg.poll_event(), Some(Event::Registering { to }));
    bench.pass(Duration::from_millis(1_999));
    assert_eq!(bench.mg.poll_event(), None);
    bench.pass(Duration::from_millis(1));
    assert_eq!(bench.mg.poll_event(), Some(Event::Unanswered { to }));
    // The next attempts fail, which is told, and no more.
    bench.pass(Duration::from_secs(100));
    let told: Vec<Event> = std::iter::from_fn(|| bench.mg.poll_event()).collect();
    let rounds = told.chunks(2);
    assert!(rounds.len() >= 3, "{told:?}");
    for round in rounds {
        assert_eq!(round[0], failed_silently());
        assert!(matches!(round[1..], [] | [Event::Registering { .. }]));
    }
}

#[test]
fn silence_after_an_answer_is_told_again() {
    let mut bench = Bench::started(config());
    bench.pass(Duration::from_secs(2));
    answer(&mut bench, "Error=406{\"Version Not Supported\"}");
    events(&mut bench);
    bench.pass(Duration::from_secs(5));
    let to = MGC.parse().expect("an address");
    assert_eq!(events(&mut bench), [Event::Unanswered { to }]);
}

#[test]
fn a_refusal_is_followed_by_another_attempt_after_a_random_delay() {
    let mut bench = Bench::started(config());
    let mut delays = Vec::new();
    for _ in 0..4 {
        answer(&mut bench, "Error=406{\"Version Not Supported\"}");
        let found = events(&mut bench);
        assert!(
            matches!(
                &found[..],
                [Event::RegistrationFailed { error: Some(_), .. }]
            ),
            "{found:?}"
        );
        let (at, why) = bench.mg.poll_timeout().expect("there is a next attempt");
        let mut wait = at - bench.now;
        if why != Why::Register {
            wait = Duration::ZERO;
        }
        delays.push(wait);
        bench.sent.clear();
        bench.pass(Duration::from_millis(2_500));
        assert!(!bench.sent.is_empty());
    }
    delays.sort();
    delays.dedup();
    assert!(delays.len() > 1, "{delays:?}");
}

#[test]
fn an_error_for_the_whole_transaction_is_a_refusal_too() {
    let mut bench = Bench::started(config());
    let id = bench.sent_request().id.0;
    let refusal = "Error=502{\"Not ready\"}";
    bench.receive(&format!(
        "MEGACO/1 [192.0.2.1]:2944 Reply={id}{{{refusal}}}"
    ));
    let found = events(&mut bench);
    assert!(
        matches!(
            &found[..],
            [Event::RegistrationFailed { error: Some(_), .. }]
        ),
        "{found:?}"
    );
}

#[test]
fn a_message_that_is_not_heard_is_a_refusal_too() {
    let mut bench = Bench::started(config());
    bench.receive("MEGACO/1 [192.0.2.1]:2944 Error=402{\"\"}");
    let found = events(&mut bench);
    assert!(
        matches!(
            &found[..],
            [Event::RegistrationFailed { error: Some(error), .. }, Event::MessageError { .. }]
                if error.code.0 == 402
        ),
        "{found:?}"
    );
    bench.sent.clear();
    bench.pass(Duration::from_millis(2_500));
    assert!(!bench.sent.is_empty(), "it tries again");
}

#[test]
fn another_error_about_a_message_may_be_about_a_copy_and_ends_nothing() {
    let mut bench = Bench::started(config());
    let id = bench.sent_request().id.0;
    bench.receive(&format!("MEGACO/1 [192.0.2.1]:2944 Pending={id}{{}}"));
    bench.receive("MEGACO/3 [192.0.2.1]:2944 Error=406{\"Not negotiated version\"}");
    let found = events(&mut bench);
    assert!(
        matches!(&found[..], [Event::MessageError { .. }]),
        "{found:?}"
    );
    bench.receive(&format!(
        "MEGACO/1 [192.0.2.1]:2944 Reply={id}{{Context=-{{ServiceChange=ROOT{{Services{{Version=3}}}}}}}}"
    ));
    assert!(bench.mg.snapshot().registered);
}

#[test]
fn a_version_that_is_not_spoken_is_a_failure() {
    let mut bench = Bench::started(config());
    answer(&mut bench, "Services{Version=4}");
    assert!(!bench.mg.snapshot().registered);
}

#[test]
fn another_controller_is_tried_when_the_first_says_so() {
    let mut bench = Bench::started(config());
    answer(&mut bench, "Services{MgcIdToTry=[192.0.2.2]:2955}");
    let found = events(&mut bench);
    assert!(
        matches!(&found[..], [Event::Redirected { .. }]),
        "{found:?}"
    );
    let last = bench.sent.last().expect("it tries the other one");
    assert_eq!(last.to.to_string(), "192.0.2.2:2955");
    let id = bench.sent_request().id.0;
    bench.receive_from(
        &format!(
            "MEGACO/1 [192.0.2.2]:2955 Reply={id}{{Context=-{{ServiceChange=ROOT{{Services\
             {{Version=3}}}}}}}}"
        ),
        "192.0.2.2:2955",
    );
    assert!(bench.mg.snapshot().registered);
    let reply = bench.ask("Context=-{AuditValue=ROOT{Audit{}}}");
    assert!(
        reply.starts_with("ER=504{"),
        "the first one is not ours: {reply}"
    );
}

#[test]
fn controllers_that_send_us_round_and_round_are_not_followed_for_ever() {
    let mut bench = Bench::started(config());
    for _ in 0..4 {
        answer(&mut bench, "Services{MgcIdToTry=[192.0.2.1]:2944}");
        assert!(matches!(events(&mut bench)[..], [Event::Redirected { .. }]));
    }
    answer(&mut bench, "Services{MgcIdToTry=[192.0.2.1]:2944}");
    assert_eq!(events(&mut bench), [failed_silently()]);
}

fn not_found() -> Event {
    Event::NotFound {
        mgc: codec_h248::MId::Domain {
            name: "mgc2.example.net".into(),
            port: None,
        },
    }
}

#[test]
fn a_name_is_looked_up_and_followed() {
    let mut bench = Bench::started(config());
    answer(&mut bench, "Services{MgcIdToTry=<mgc2.example.net>:2955}");
    let name = bench.mg.poll_resolve().expect("a name");
    assert_eq!((name.host.as_str(), name.port), ("mgc2.example.net", 2955));
    assert_eq!(bench.mg.poll_resolve(), None, "it is asked once");
    let address = "192.0.2.2".parse().ok();
    bench.mg.handle_resolved(&name, address, bench.now);
    bench.mg.handle_resolved(&name, address, bench.now);
    bench.pump();
    let last = bench.sent.last().expect("it tries the other one");
    assert_eq!(last.to.to_string(), "192.0.2.2:2955");
}

#[test]
fn a_name_that_leads_nowhere_or_is_never_known_is_a_failure() {
    let mut bench = Bench::started(config());
    answer(&mut bench, "Services{MgcIdToTry=<mgc2.example.net>}");
    let name = bench.mg.poll_resolve().expect("a name");
    bench.mg.handle_resolved(&name, None, bench.now);
    assert_eq!(events(&mut bench), [not_found(), failed_silently()]);
    let mut bench = Bench::started(config());
    answer(&mut bench, "Services{MgcIdToTry=<mgc2.example.net>}");
    bench.pass(Duration::from_secs(10));
    assert_eq!(events(&mut bench), [not_found(), failed_silently()]);
}

#[test]
fn a_shutdown_is_announced_and_ends_with_the_reply() {
    let mut bench = Bench::usual();
    bench.mg.handle_shutdown(bench.now);
    bench.pump();
    let request = bench.sent_request();
    let Command::ServiceChange(change) = &request.actions[0].commands[0].command else {
        panic!("a ServiceChange");
    };
    assert_eq!(change.services.method, ServiceChangeMethod::Forced);
    assert_eq!(change.services.reason_code(), Some(908));
    assert_eq!(change.services.version, None);
    assert_eq!(events(&mut bench), []);
    let id = request.id.0;
    bench.receive(&format!(
        "MEGACO/3 [192.0.2.1]:2944 Reply={id}{{Context=-{{ServiceChange=ROOT}}}}"
    ));
    assert_eq!(events(&mut bench), [Event::Stopped]);
}

#[test]
fn a_shutdown_that_nobody_answers_ends_after_a_second() {
    let mut bench = Bench::usual();
    bench.mg.handle_shutdown(bench.now);
    bench.mg.handle_shutdown(bench.now);
    bench.pass(Duration::from_millis(999));
    assert_eq!(events(&mut bench), []);
    bench.pass(Duration::from_millis(1));
    assert_eq!(events(&mut bench), [Event::Stopped]);
}

#[test]
fn a_shutdown_before_registration_ends_at_once() {
    let mut bench = Bench::started(config());
    bench.mg.handle_shutdown(bench.now);
    assert_eq!(events(&mut bench), [Event::Stopped]);
    bench.sent.clear();
    bench.pass(Duration::from_secs(60));
    assert_eq!(bench.sent, []);
}

#[test]
fn requests_after_registration_have_the_version_that_was_agreed() {
    let mut bench = Bench::started(config());
    answer(&mut bench, "Services{Version=2}");
    bench.mg.handle_shutdown(bench.now);
    bench.pump();
    let last = bench.sent.last().expect("a goodbye");
    assert!(last.octets.starts_with(b"MEGACO/2"), "{:?}", last.octets);
}

#[test]
fn the_first_controller_is_tried_again_when_the_other_refuses() {
    let mut bench = Bench::started(config());
    answer(&mut bench, "Services{MgcIdToTry=[192.0.2.2]:2955}");
    let id = bench.sent_request().id.0;
    bench.receive_from(
        &format!("MEGACO/1 [192.0.2.2]:2955 Reply={id}{{Error=502{{\"Not ready\"}}}}"),
        "192.0.2.2:2955",
    );
    bench.sent.clear();
    bench.pass(Duration::from_millis(2_500));
    assert_eq!(
        bench.sent[0].to,
        MGC.parse::<Address>().expect("an address").into()
    );
}

#[test]
fn requests_go_where_the_controller_wants_them() {
    let mut bench = Bench::started(config());
    answer(&mut bench, "Services{Version=3,ServiceChangeAddress=3000}");
    bench.sent.clear();
    bench.mg.handle_shutdown(bench.now);
    bench.pump();
    assert_eq!(bench.sent[0].to.to_string(), "192.0.2.1:3000");
}

/// How the last registration came, and where it went.
fn came(bench: &Bench) -> (ServiceChangeMethod<'static>, String, String) {
    let request = bench.sent_request();
    let Command::ServiceChange(change) = &request.actions[0].commands[0].command else {
        panic!("a ServiceChange");
    };
    let reason = change.services.reason.text.to_string();
    let to = bench.sent.last().expect("it was sent").to.to_string();
    (change.services.method.clone(), reason, to)
}

/// Two controllers that are reached by TCP.
const PLACES: [&str; 2] = ["tcp:192.0.2.1:2944", "tcp:192.0.2.3:2944"];

fn started_with_two() -> Bench {
    let address = |place: &str| place.parse().expect("an address");
    Bench::started(Config {
        mgcs: PLACES.map(address).into(),
        ..config()
    })
}

#[test]
fn controllers_are_tried_in_order_and_after_the_last_the_first_again() {
    let mut bench = started_with_two();
    for round in [0, 1, 0, 1] {
        assert_eq!(came(&bench).2, PLACES[round]);
        let route = bench.sent.last().expect("it was sent").to;
        bench.mg.handle_closed(route, bench.now);
        bench.pump();
        if round == 1 {
            assert_eq!(came(&bench).2, PLACES[1], "there is a delay first");
            bench.pass(Duration::from_millis(2_500));
        }
    }
}

#[test]
fn a_controller_whose_connection_ended_is_come_back_to_and_then_the_next() {
    let mut bench = started_with_two();
    let id = bench.sent_request().id.0;
    bench.receive_from(
        &format!(
            "MEGACO/1 [192.0.2.1]:2944 \
             Reply={id}{{Context=-{{ServiceChange=ROOT{{Services{{Version=3}}}}}}}}"
        ),
        PLACES[0],
    );
    let add = "MEGACO/3 [192.0.2.1]:2944 Transaction=1{Context=${Add=$}}";
    bench.receive_from(add, PLACES[0]);
    let route = bench.sent[0].to;
    bench.mg.handle_closed(route, bench.now);
    bench.pass(Duration::from_millis(2_500));
    assert_eq!(bench.members().len(), 1, "what runs is kept");
    let back = (ServiceChangeMethod::Disconnected, "900 Service Restored");
    let (method, reason, to) = came(&bench);
    assert_eq!(
        (method, reason.as_str(), to.as_str()),
        (back.0, back.1, PLACES[0])
    );
    bench.mg.handle_closed(route, bench.now);
    bench.pump();
    let next = (ServiceChangeMethod::Failover, "909 MGC Impending Failure");
    let (method, reason, to) = came(&bench);
    assert_eq!(
        (method, reason.as_str(), to.as_str()),
        (next.0, next.1, PLACES[1])
    );
}
