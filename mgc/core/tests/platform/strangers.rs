//! Gateways that register and then do not do what they are told: anybody can send a registration.

use std::time::Duration;

use codec_h248::{
    PackageItem,
    descriptor::{ErrorCode, ServiceChangeMethod},
};
use mgc_core::northbound::{CallId, ContextView, Done, GatewayId, GatewayState, Refusal, Request};

use super::{
    gateway::{Gateway, Kind},
    network::{Way, World, join},
};

/// Longer than T-MAX.
const LONG: Duration = Duration::from_secs(40);

/// A platform with a gateway, and with a stranger that has registered and never answers. By its
/// name and its load the stranger comes first.
fn with_stranger() -> (World, CallId) {
    let mut world = World::new();
    let (call, _) = world.create_call();
    world.add_leg(&call);
    world.add_gateway("a").deaf = true;
    world.run();
    (world, call)
}

fn stranger(world: &mut World) -> &mut Gateway {
    &mut world.gateways[1]
}

fn states(world: &World) -> Vec<(String, GatewayState)> {
    let views = world.mgc.gateways().into_iter();
    views.map(|view| (view.id.0, view.state)).collect()
}

fn found(world: &World, audit: Result<Done, Refusal>) -> (Vec<ContextView>, Vec<GatewayId>) {
    match audit {
        Ok(Done::Contexts { contexts, silent }) => (contexts, silent),
        other => panic!("{other:?} {:?}", states(world)),
    }
}

/// Makes a Call, brings a party into it, and returns where that is.
fn gateway_of_a_new_call(world: &mut World) -> String {
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    world.leg(&call, &leg).gateway.0
}

#[test]
fn a_stranger_that_never_answers_is_listed_and_not_chosen() {
    let (mut world, _) = with_stranger();
    let expected = |state| {
        [
            ("a".to_owned(), state),
            ("gw1".to_owned(), GatewayState::Registered),
        ]
    };
    assert_eq!(states(&world), expected(GatewayState::Unverified));
    assert_eq!(gateway_of_a_new_call(&mut world), "gw1");
    world.run_for(LONG);
    assert_eq!(states(&world), expected(GatewayState::Suspect));
    assert_eq!(gateway_of_a_new_call(&mut world), "gw1");
}

#[test]
fn a_word_makes_a_silent_gateway_no_better_and_an_answer_does() {
    let (mut world, _) = with_stranger();
    world.run_for(LONG);
    for _ in 0..10 {
        let now = world.now;
        stranger(&mut world).notify(PackageItem::known("al", "of"), now);
        world.run();
        assert_eq!(states(&world)[0].1, GatewayState::Suspect);
    }
    let now = world.now;
    let (restart, reason) = (ServiceChangeMethod::Restart, "901 Cold Boot");
    stranger(&mut world).service_change("ROOT", restart, reason, now);
    world.run();
    assert_eq!(states(&world)[0].1, GatewayState::Unverified);
    assert_eq!(gateway_of_a_new_call(&mut world), "gw1");
    stranger(&mut world).deaf = false;
    world.run_for(LONG);
    assert_eq!(states(&world)[0].1, GatewayState::Registered);
    assert_eq!(gateway_of_a_new_call(&mut world), "a");
}

#[test]
fn words_do_not_keep_the_legs_of_a_gateway_that_answers_nothing() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    world.add_leg(&call);
    world.gateway().deaf = true;
    world.ask(Request::AuditContexts).unwrap();
    for _ in 0..60 {
        world.run_for(Duration::from_secs(5));
        let now = world.now;
        world.gateway().notify(PackageItem::known("al", "of"), now);
    }
    assert!(world.mgc.call(&call).unwrap().legs.is_empty());
}

#[test]
fn a_gateway_that_has_just_registered_is_used_where_there_is_no_other() {
    let mut world = World::without_gateway(1);
    world.add_gateway("gw1");
    let (call, _) = {
        world.weather.cut = Some(Way::ToGateway);
        world.run_for(Duration::from_millis(10));
        world.create_call()
    };
    assert_eq!(states(&world)[0].1, GatewayState::Unverified);
    let joined = world.ask(join(&call, None)).unwrap();
    world.weather.cut = None;
    world.run_for(Duration::from_secs(5));
    assert!(world.completion(&joined).is_ok());
    assert_eq!(states(&world)[0].1, GatewayState::Registered);
}

#[test]
fn a_gateway_that_registers_again_goes_on_with_the_calls_it_has() {
    let (mut world, call) = with_stranger();
    let now = world.now;
    let (method, reason) = (ServiceChangeMethod::Disconnected, "900 Service Restored");
    world.gateway().service_change("ROOT", method, reason, now);
    world.run_for(Duration::from_millis(50));
    assert_eq!(states(&world)[1].1, GatewayState::Unverified);
    world.add_leg(&call);
    world.run();
    assert_eq!(states(&world)[1].1, GatewayState::Registered);
}

#[test]
fn an_audit_ends_in_time_with_what_has_come_and_names_the_silent() {
    let (mut world, _) = with_stranger();
    let audit = world.ask(Request::AuditContexts).unwrap();
    world.run_for(Duration::from_millis(2_990));
    assert!(!world.has_ended(&audit));
    world.run_for(Duration::from_millis(10));
    world.collect();
    let (contexts, silent) = found(&world, world.completion(&audit));
    assert_eq!(contexts.len(), 1);
    assert_eq!(silent, [GatewayId("a".into())]);
    // What comes later has no effect, and a suspect one is not asked again.
    world.run_for(LONG);
    assert_eq!(states(&world)[0].1, GatewayState::Suspect);
    let audit = world.carry_out(Request::AuditContexts);
    let (contexts, silent) = found(&world, audit);
    assert_eq!((contexts.len(), silent), (1, Vec::new()));
}

#[test]
fn an_audit_that_one_gateway_refuses_has_what_the_others_told() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    world.add_leg(&call);
    let stranger = world.add_gateway("a");
    let refusal = (Kind::Audit, ErrorCode::INSUFFICIENT_RESOURCES);
    stranger.refusals.push_back(refusal);
    world.run();
    let audit = world.carry_out(Request::AuditContexts);
    let (contexts, silent) = found(&world, audit);
    assert_eq!(contexts.len(), 1);
    assert_eq!(silent, [GatewayId("a".into())]);
}
