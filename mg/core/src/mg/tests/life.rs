//! What happens to an association that stands: it is handed over, lost, watched, and left
//! (H.248.1 7.2.8, 9.2, 11.5; H.248.14).

use std::time::Duration;

use codec_h248::{Command, Transaction, descriptor::ServiceChangeMethod};
use transport_h248::Address;

use super::bench::{Bench, MGC, config, media, transactions};
use crate::{Config, Event, Why};

const OTHER: &str = "192.0.2.2:2944";
const HAND_OFF: &str = "Context=-{ServiceChange=ROOT{Services{Method=Handoff,\
    Reason=\"903 MGC Directed Change\",MgcIdToTry=[192.0.2.2]:2944}}}";
const WATCH: &str = "Context=-{Modify=ROOT{Events=7{it/ito{mit=1000}}}}";

fn two_homes() -> Config {
    Config {
        mgcs: vec![address(MGC), address(OTHER)],
        ..config()
    }
}

fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

/// Method and reason of the last ServiceChange, and where it went.
fn came(bench: &Bench) -> (ServiceChangeMethod<'static>, u16, String) {
    let Command::ServiceChange(change) = &bench.sent_request().actions[0].commands[0].command
    else {
        panic!("a ServiceChange");
    };
    let reason = change.services.reason_code().expect("a reason");
    let to = bench.sent.last().expect("it was sent").to.to_string();
    (change.services.method.clone(), reason, to)
}

fn accept_at(bench: &mut Bench, place: &str, name: &str) {
    let id = bench.sent_request().id.0;
    let text = format!(
        "MEGACO/1 {name} Reply={id}{{Context=-{{ServiceChange=ROOT{{Services{{Version=3}}}}}}}}"
    );
    bench.receive_from(&text, place);
}

fn events(bench: &mut Bench) -> Vec<Event> {
    std::iter::from_fn(|| bench.mg.poll_event()).collect()
}

#[test]
fn a_hand_off_is_answered_and_then_followed_with_all_that_runs() {
    let mut bench = Bench::registered(two_homes());
    bench.ask("Context=${Add=$}");
    let id = bench.send(HAND_OFF);
    let request = bench.sent_request();
    let (method, reason, to) = came(&bench);
    assert_eq!(method, ServiceChangeMethod::HandOff);
    assert_eq!((reason, to.as_str()), (903, OTHER));
    let sent = bench.sent.clone();
    assert_eq!(bench.reply_to(id).as_deref(), Some("C=-{SC=ROOT}"));
    // The former controller has lost the reply: it gets the same one again, and nothing more is done.
    let repeated = format!("MEGACO/3 [192.0.2.1]:2944 Transaction={id}{{{HAND_OFF}}}");
    bench.receive(&repeated);
    assert_eq!(bench.sent[0].octets, sent[0].octets);
    bench.sent = sent;
    accept_at(&mut bench, OTHER, "[192.0.2.2]:2944");
    assert!(bench.mg.snapshot().registered);
    assert_eq!(bench.members().len(), 1);
    assert_eq!(bench.sent_request().id, request.id);
    let refused = bench.ask("Context=-{AuditValue=ROOT{Audit{}}}");
    assert!(refused.starts_with("ER=504{"), "{refused}");
}

#[test]
fn a_hand_off_to_nobody_is_the_failure_of_the_controller_that_sent_us() {
    let mut config = two_homes();
    config.mgcs.push(address("192.0.2.3:2944"));
    let mut bench = Bench::registered(config);
    bench.send(HAND_OFF.replace("192.0.2.2", "192.0.2.9").as_str());
    assert_eq!(came(&bench).2, "192.0.2.9:2944");
    bench.pass(Duration::from_secs(40));
    let (method, reason, to) = came(&bench);
    assert_eq!(method, ServiceChangeMethod::Failover);
    assert_eq!(
        (reason, to.as_str()),
        (909, OTHER),
        "the primary one has failed"
    );
}

#[test]
fn a_hand_off_to_a_name_without_an_address_is_refused() {
    let mut bench = Bench::usual();
    for name in ["mgc7", "MTP{1234}", "[0.0.0.0]:2944", "[192.0.2.2]:0"] {
        let reply = bench.ask(&HAND_OFF.replace("[192.0.2.2]:2944", name));
        assert!(reply.contains("ER=449{"), "{name}: {reply}");
    }
    assert!(bench.mg.snapshot().registered);
}

#[test]
fn a_controller_that_has_restarted_and_does_not_know_us_is_come_back_to() {
    let mut bench = Bench::usual();
    bench.ask(WATCH);
    bench.pass(Duration::from_secs(10));
    let id = bench.sent_request().id.0;
    bench.receive(&format!(
        "MEGACO/3 [192.0.2.1]:2944 Reply={id}{{Error=505{{\"\"}}}}"
    ));
    bench.pass(Duration::from_secs(3));
    let (method, reason, to) = came(&bench);
    assert_eq!(method, ServiceChangeMethod::Disconnected);
    assert_eq!((reason, to.as_str()), (900, MGC));
}

#[test]
fn a_controller_may_hand_us_to_itself() {
    let mut bench = Bench::usual();
    bench.send(HAND_OFF.replace("192.0.2.2", "192.0.2.1").as_str());
    let (method, _, to) = came(&bench);
    assert_eq!((method, to.as_str()), (ServiceChangeMethod::HandOff, MGC));
    accept_at(&mut bench, MGC, "[192.0.2.1]:2944");
    assert!(bench.mg.snapshot().registered);
}

#[test]
fn the_same_controller_elsewhere_is_the_same_association() {
    let mut bench = Bench::usual();
    bench.send(HAND_OFF);
    accept_at(&mut bench, OTHER, "[192.0.2.1]:2944");
    assert!(bench.mg.snapshot().registered);
    let ask = "MEGACO/3 [192.0.2.1]:2944 Transaction=77{Context=-{AuditValue=ROOT{Audit{}}}}";
    bench.receive_from(ask, OTHER);
    assert_eq!(bench.reply_to(77).as_deref(), Some("C=-{AV=ROOT}"));
    // The next one has the former association ended, and not this one.
    let again = ask.replace("77", "78");
    let to_third = HAND_OFF.replace("192.0.2.2", "192.0.2.3");
    bench.receive_from(
        &format!("MEGACO/3 [192.0.2.1]:2944 Transaction=79{{{to_third}}}"),
        OTHER,
    );
    bench.receive_from(&again, OTHER);
    assert!(
        bench
            .reply_to(78)
            .is_some_and(|reply| reply.starts_with("ER=504"))
    );
}

#[test]
fn a_silent_controller_is_asked_and_when_it_stays_silent_come_back_to() {
    let mut bench = Bench::registered(two_homes());
    assert_eq!(bench.ask(WATCH), "C=-{MF=ROOT}");
    bench.ask("Context=${Add=$}");
    assert_eq!(
        bench.mg.poll_timeout().map(|(_, why)| why),
        Some(Why::Inactive)
    );
    bench.pass(Duration::from_millis(9_990));
    assert_eq!(bench.sent, []);
    bench.pass(Duration::from_millis(10));
    let Command::Notify(notify) = &bench.sent_request().actions[0].commands[0].command else {
        panic!("a Notify");
    };
    assert!(notify.terminations[0].is_root());
    assert_eq!(notify.observed_events.request_id.to_string(), "7");
    assert!(notify.observed_events.events[0].name.is("it", "ito"));
    bench.pass(Duration::from_secs(40));
    let lost = Event::ControllerLost { mgc: address(MGC) };
    assert!(events(&mut bench).contains(&lost));
    let (method, reason, to) = came(&bench);
    assert_eq!(method, ServiceChangeMethod::Disconnected);
    assert_eq!((reason, to.as_str()), (900, MGC));
    bench.pass(Duration::from_secs(25));
    let (method, reason, to) = came(&bench);
    assert_eq!(method, ServiceChangeMethod::Failover);
    assert_eq!((reason, to.as_str()), (909, OTHER));
    assert_eq!(bench.members().len(), 1, "what runs is kept");
}

#[test]
fn a_controller_that_speaks_or_answers_is_not_lost() {
    let mut bench = Bench::usual();
    bench.ask(WATCH);
    for _ in 0..3 {
        bench.pass(Duration::from_secs(9));
        assert_eq!(bench.sent, []);
        bench.ask("Context=-{AuditValue=ROOT{Audit{}}}");
    }
    bench.pass(Duration::from_secs(10));
    let id = bench.sent_request().id.0;
    // Even one that refuses the Notify is there, if it knows us.
    bench.receive(&format!(
        "MEGACO/3 [192.0.2.1]:2944 Reply={id}{{Error=443{{\"\"}}}}"
    ));
    bench.sent.clear();
    bench.pass(Duration::from_millis(9_999));
    assert_eq!((bench.sent.len(), events(&mut bench).len()), (0, 0));
    assert_eq!(bench.ask("Context=-{Modify=ROOT{Events}}"), "C=-{MF=ROOT}");
    bench.pass(Duration::from_secs(600));
    assert_eq!(bench.sent, [], "the watch was taken off");
}

#[test]
fn a_watch_without_a_time_is_refused() {
    let mut bench = Bench::usual();
    for (wrong, code) in [
        ("it/ito", 457),
        ("it/ito{mit=0}", 454),
        ("it/ito{mit>5}", 454),
        ("it/ito{other=5}", 446),
    ] {
        let reply = bench.ask(&format!("Context=-{{Modify=ROOT{{Events=7{{{wrong}}}}}}}"));
        assert!(reply.contains(&format!("ER={code}{{")), "{wrong}: {reply}");
    }
    let elsewhere = bench.ask("Context=${Add=${Events=7{it/ito{mit=1000}}}}");
    assert!(elsewhere.contains("ER=440{"), "{elsewhere}");
}

#[test]
fn who_leaves_gracefully_says_when_and_goes_when_nothing_is_left() {
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=$}");
    bench.mg.handle_drain(Duration::from_secs(60), bench.now);
    bench.pump();
    let Command::ServiceChange(change) = &bench.sent_request().actions[0].commands[0].command
    else {
        panic!("a ServiceChange");
    };
    assert_eq!(change.services.method, ServiceChangeMethod::Graceful);
    assert_eq!(change.services.delay_s, Some(60));
    bench.pass(Duration::from_secs(20));
    assert_eq!(events(&mut bench), []);
    bench.sent.clear();
    let id = bench.send("Context=1{Subtract=*}");
    let sent: Vec<_> = bench.sent.iter().flat_map(transactions).collect();
    assert!(
        matches!(&sent[..], [Transaction::Reply(reply), Transaction::Request(_)] if reply.id.0 == id)
    );
    bench.pass(Duration::from_secs(1));
    assert_eq!(events(&mut bench), [Event::Stopped]);
}

#[test]
fn who_leaves_gracefully_does_not_stay_for_ever() {
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=$}");
    bench.mg.handle_drain(Duration::from_secs(60), bench.now);
    bench.pass(Duration::from_secs(60));
    let (method, reason, _) = came(&bench);
    assert_eq!((method, reason), (ServiceChangeMethod::Forced, 908));
    bench.pass(Duration::from_secs(1));
    assert!(events(&mut bench).contains(&Event::Stopped));
}

#[test]
fn all_gateways_of_a_place_come_back_at_different_times() {
    let config = Config {
        waiting_max: Duration::from_secs(600),
        ..config()
    };
    let bench = Bench::started(config);
    assert_eq!(bench.sent, []);
    let (at, why) = bench.mg.poll_timeout().expect("it will register");
    assert_eq!(why, Why::Register);
    assert!(at > bench.now && at <= bench.now + Duration::from_secs(600));
}

#[test]
fn the_controller_decides_how_long_it_waits_for_a_pending() {
    let mut bench = Bench::usual();
    let set = "Context=-{Modify=ROOT{Media{TerminationState{\
        root/MGProvisionalResponseTimerValue=100,root/MGOriginatedPendingLimit=2}}}}";
    assert_eq!(bench.ask(set), "C=-{MF=ROOT}");
    let audit = bench.ask("Context=-{AuditValue=ROOT{Audit{Media}}}");
    assert!(audit.contains("root/MGOriginatedPendingLimit=2"), "{audit}");
    bench.engine.silent = true;
    bench.ask(&format!(
        "Context=${{Add=${{{}}}}}",
        media("SendReceive", "0", 4_000)
    ));
    bench.send("Context=1{Subtract=*}");
    bench.sent.clear();
    bench.pass(Duration::from_millis(100));
    let pending = String::from_utf8_lossy(&bench.sent[0].octets).into_owned();
    assert!(pending.contains("Pending"), "{pending}");
}

#[test]
fn a_profile_is_offered_and_no_other_taken() {
    let profile = codec_h248::descriptor::ServiceChangeProfile {
        name: "ConfServer".into(),
        version: 2,
    };
    let config = Config {
        profile: Some(profile.clone()),
        ..config()
    };
    for (answered, registered) in [
        ("ConfServer/2", true),
        ("ConfServer/1", true),
        ("ConfServer/3", false),
        ("Trunk/2", false),
    ] {
        let mut bench = Bench::started(config.clone());
        let request = bench.sent_request();
        let Command::ServiceChange(change) = &request.actions[0].commands[0].command else {
            panic!("a ServiceChange");
        };
        assert_eq!(change.services.profile, Some(profile.clone()));
        let id = request.id.0;
        bench.receive(&format!(
            "MEGACO/1 [192.0.2.1]:2944 Reply={id}{{Context=-{{ServiceChange=ROOT{{Services{{\
             Version=3,Profile={answered}}}}}}}}}"
        ));
        assert_eq!(bench.mg.snapshot().registered, registered);
    }
}
