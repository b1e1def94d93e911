//! Associations that are watched, handed over and left (H.248.1 7.2.8, 11.5, 13; H.248.14).

use std::time::Duration;

use codec_h248::{
    CommandReply, MId, ServiceChangeResult, TransactionResult,
    descriptor::{ErrorCode, ServiceChangeMethod, ServiceChangeProfile},
};
use mgc_core::northbound::{
    Cause, Done, EventKind, GatewayId, GatewayState, LegEvent, Refusal, Request,
};

use super::{
    gateway::Kind,
    network::{World, config, join},
};

fn hand_off() -> Request {
    Request::HandOff {
        gateway: GatewayId("gw1".into()),
        mgc: MId::Device("other".into()),
    }
}

#[test]
fn a_gateway_that_is_handed_over_goes_with_its_legs_and_what_they_hear() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    assert_eq!(world.carry_out(hand_off()), Ok(Done::HandedOff));
    assert_eq!(
        world.gateway().log.last().expect("it was asked"),
        "HandOff to other"
    );
    assert_eq!(world.reports(&leg), [LegEvent::Joined, LegEvent::Left]);
    assert_eq!(world.cause_of(&LegEvent::Left), Some(Cause::HandedOff));
    assert!(world.mgc.gateways().is_empty());
    assert_eq!(
        world.gateway().picture(),
        [["rtp/1"]],
        "the next controller's now"
    );
    let down = EventKind::GatewayDown(GatewayId("gw1".into()));
    let told = world.events.iter().filter(|event| event.kind == down);
    assert_eq!(told.count(), 1);
}

#[test]
fn a_gateway_that_refuses_to_go_stays() {
    let mut world = World::new();
    world
        .gateway()
        .refusals
        .push_back((Kind::ServiceChange, ErrorCode::NOT_IMPLEMENTED));
    let refused = world.carry_out(hand_off());
    assert!(
        matches!(&refused, Err(Refusal::Gateway(refusal)) if refusal.code == 501),
        "{refused:?}"
    );
    assert_eq!(world.mgc.gateways().len(), 1);
}

#[test]
fn a_hand_off_that_nobody_answers_fails_and_one_of_nobody_is_refused() {
    let mut world = World::new();
    world.weather.cut_both = true;
    let operation = world.ask(hand_off()).expect("it is taken");
    world.run_for(Duration::from_secs(30));
    assert_eq!(world.completion(&operation), Err(Refusal::GatewayTimeout));
    let nobody = Request::HandOff {
        gateway: GatewayId("gw9".into()),
        mgc: MId::Device("other".into()),
    };
    assert_eq!(
        world.ask(nobody),
        Err(Refusal::UnknownGateway(GatewayId("gw9".into())))
    );
}

#[test]
fn a_gateway_that_is_about_to_leave_keeps_its_legs_and_gets_no_new_ones() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    world.service_change(
        "ROOT",
        ServiceChangeMethod::Graceful,
        "908 MG Impending Failure",
    );
    assert_eq!(world.mgc.gateways()[0].state, GatewayState::Leaving);
    assert_eq!(world.reports(&leg), [LegEvent::Joined]);
    assert_eq!(world.ask(join(&call, None)), Err(Refusal::NoGateway));
    // It answers commands, and leaves all the same.
    assert!(world.carry_out(Request::AuditContexts).is_ok());
    assert_eq!(world.mgc.gateways()[0].state, GatewayState::Leaving);
    world.service_change(
        "ROOT",
        ServiceChangeMethod::Forced,
        "908 MG Impending Failure",
    );
    assert_eq!(world.reports(&leg), [LegEvent::Joined, LegEvent::Left]);
    world.service_change("ROOT", ServiceChangeMethod::Restart, "901 Cold Boot");
    assert_eq!(world.mgc.gateways()[0].state, GatewayState::Registered);
}

#[test]
fn a_silent_gateway_is_asked_and_found_missing() {
    let mut config = config();
    config.heartbeat = Some(Duration::from_secs(30));
    let mut world = World::with(config);
    world.run_for(Duration::from_secs(300));
    assert_eq!(world.mgc.gateways()[0].state, GatewayState::Registered);
    let asked = world.mgc.counters().requests_sent;
    assert!((9..=13).contains(&asked), "once in 30 s: {asked}");
    world.weather.cut_both = true;
    world.run_for(Duration::from_secs(60));
    assert_eq!(world.mgc.gateways()[0].state, GatewayState::Suspect);
}

#[test]
fn a_gateway_that_does_not_answer_is_asked_one_thing_at_a_time() {
    let mut config = config();
    config.heartbeat = Some(Duration::from_secs(1));
    let mut world = World::with(config);
    world.weather.cut_both = true;
    let before = world.mgc.counters().requests_sent;
    world.run_for(Duration::from_secs(24));
    assert_eq!(world.mgc.counters().requests_sent, before + 1);
}

#[test]
fn a_gateway_that_speaks_is_not_asked() {
    let mut config = config();
    config.heartbeat = Some(Duration::from_secs(30));
    let mut world = World::with(config);
    let asked = world.mgc.counters().requests_sent;
    for _ in 0..20 {
        world.run_for(Duration::from_secs(20));
        let now = world.now;
        let event = codec_h248::PackageItem::known("g", "sc");
        world.gateway().notify(event, now);
    }
    assert_eq!(world.mgc.counters().requests_sent, asked);
}

#[test]
fn gateways_are_asked_to_watch() {
    let mut config = config();
    config.inactivity = Some(Duration::from_secs(90));
    let world = World::with(config);
    let log = &world.gateways[0].log;
    assert!(log[0].contains("mit") && log[0].contains("9000"), "{log:?}");
}

/// What a gateway with this profile is answered.
fn answered(
    taken: &[(&'static str, u8)],
    offered: Option<(&'static str, u8)>,
) -> Result<Option<(String, u8)>, u16> {
    let profile = |(name, version): (&'static str, u8)| ServiceChangeProfile {
        name: name.into(),
        version,
    };
    let mut config = config();
    config.profiles = taken.iter().copied().map(profile).collect();
    let mut world = World::of(config, 1);
    world.add_gateway("gw1").profile = offered.map(profile);
    let now = world.now;
    world.gateway().restart(now);
    world.run();
    let Some(TransactionResult::Actions(actions)) = world.gateways[0].replies.last() else {
        panic!("it is answered");
    };
    let CommandReply::ServiceChange(reply) = &actions[0].commands[0] else {
        panic!("a ServiceChange is answered by one");
    };
    match &reply.result {
        ServiceChangeResult::Error(error) => Err(error.code.0),
        ServiceChangeResult::Accepted => panic!("with parameters"),
        ServiceChangeResult::Services(services) => {
            let profile = services.profile.as_ref();
            Ok(profile.map(|one| (one.name.as_str().to_owned(), one.version)))
        }
    }
}

#[test]
fn a_profile_is_agreed_in_the_lower_version_or_refused() {
    let ours = [("ConfServer", 2), ("Trunk", 1)];
    let agreed = |name: &str, version| Ok(Some((name.to_owned(), version)));
    assert_eq!(
        answered(&ours, Some(("ConfServer", 3))),
        agreed("ConfServer", 2)
    );
    assert_eq!(
        answered(&ours, Some(("confserver", 1))),
        agreed("confserver", 1)
    );
    assert_eq!(answered(&ours, Some(("Line", 1))), Err(459));
    assert_eq!(answered(&ours, None), Err(459));
    assert_eq!(answered(&[], None), Ok(None));
    assert_eq!(answered(&[], Some(("Line", 7))), agreed("Line", 7));
}
