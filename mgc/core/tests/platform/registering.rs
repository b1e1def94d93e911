//! Gateways come and go (H.248.1 11.2).

use codec_h248::{
    ActionReply, CommandReply, PackageItem, ServiceChangeResult, TransactionResult,
    descriptor::{ErrorCode, RequestId, ServiceChangeMethod},
};
use mgc_core::northbound::{
    Cause, Done, EventKind, GatewayId, GatewayState, LegEvent, Refusal, Request,
};

use super::network::{World, join};

fn only_reply(world: &World) -> ActionReply<'static> {
    match world.gateways[0].replies.last() {
        Some(TransactionResult::Actions(actions)) => actions[0].clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_restart_registers_a_gateway_in_the_highest_common_version() {
    let mut world = World::without_gateway(1);
    world.add_gateway("gw1");
    world.run();
    let views = world.mgc.gateways();
    assert_eq!(views[0].id, GatewayId("gw1".into()));
    assert_eq!(views[0].version, 3);
    assert_eq!(views[0].state, GatewayState::Registered);
    let CommandReply::ServiceChange(reply) = &only_reply(&world).commands[0] else {
        panic!("a ServiceChange is answered by one");
    };
    assert!(reply.terminations[0].is_root());
    let ServiceChangeResult::Services(services) = &reply.result else {
        panic!("a registration is answered with parameters");
    };
    assert_eq!(services.version, Some(3));
    let time = services.time_stamp.expect("mandatory in a registration");
    assert_eq!(time.date, 20_261_124);
    let up = EventKind::GatewayUp(GatewayId("gw1".into()));
    assert!(world.events.iter().any(|event| event.kind == up));
}

#[test]
fn a_gateway_that_has_not_registered_is_told_so() {
    let mut world = World::without_gateway(1);
    world.add_gateway("gw1");
    world.weather.cut_both = true;
    world.collect();
    world.weather.cut_both = false;
    let now = world.now;
    world
        .gateway()
        .notify(PackageItem::known("g", "cause"), now);
    world.run();
    let refused = world.gateways[0].replies.iter().any(|reply| match reply {
        TransactionResult::Error(error) => error.code == ErrorCode::NOT_REGISTERED,
        TransactionResult::Actions(_) => false,
    });
    assert!(refused);
}

#[test]
fn a_notify_is_answered_and_a_fault_of_media_is_counted() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    world.add_leg(&call);
    let now = world.now;
    world.gateway().notify(PackageItem::known("al", "of"), now);
    world.run();
    let CommandReply::Notify(reply) = &only_reply(&world).commands[0] else {
        panic!("a Notify is answered by one");
    };
    assert_eq!(reply.error, None);
    assert_eq!(world.mgc.gateways()[0].media_faults, 0);
    let now = world.now;
    world
        .gateway()
        .notify(PackageItem::known("NT", "NetFail"), now);
    world.run();
    assert_eq!(world.mgc.gateways()[0].media_faults, 1);
}

#[test]
fn a_notify_of_what_nobody_knows_is_refused() {
    let refusal = |world: &World| {
        let CommandReply::Notify(reply) = &only_reply(world).commands[0] else {
            panic!("a Notify is answered by one");
        };
        reply.error.as_ref().map(|error| error.code)
    };
    let mut world = World::new();
    let now = world.now;
    world.gateway().notify(PackageItem::known("al", "of"), now);
    world.run();
    assert_eq!(refusal(&world), Some(ErrorCode::UNKNOWN_CONTEXT));
    let (call, _) = world.create_call();
    world.add_leg(&call);
    let now = world.now;
    let event = PackageItem::known("al", "of");
    world
        .gateway()
        .observe("rtp/77", RequestId::Id(1), event, &[], now);
    world.run();
    assert_eq!(refusal(&world), Some(ErrorCode::UNKNOWN_TERMINATION));
}

#[test]
fn what_is_said_of_a_whole_gateway_is_refused_of_a_termination() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    let reason = "900 Service Restored";
    world.service_change("rtp/1", ServiceChangeMethod::Disconnected, reason);
    let CommandReply::ServiceChange(reply) = &only_reply(&world).commands[0] else {
        panic!("it is answered");
    };
    let ServiceChangeResult::Error(error) = &reply.result else {
        panic!("it is refused");
    };
    assert_eq!(error.code, ErrorCode::PROTOCOL);
    assert_eq!(world.reports(&leg), [LegEvent::Joined]);
}

#[test]
fn without_a_gateway_nobody_can_join() {
    let mut world = World::without_gateway(1);
    let (call, _) = world.create_call();
    assert_eq!(world.ask(join(&call, None)), Err(Refusal::NoGateway));
}

#[test]
fn calls_are_spread_and_each_stays_on_one_gateway() {
    let mut world = World::new();
    world.add_gateway("gw2");
    world.run();
    let (first, _) = world.create_call();
    let (second, _) = world.create_call();
    for call in [&first, &first, &second, &second, &first] {
        world.add_leg(call);
    }
    let loads: Vec<usize> = world.mgc.gateways().iter().map(|view| view.legs).collect();
    assert_eq!(loads, [3, 2]);
    let gateway_of = |call| world.mgc.legs(call).unwrap()[0].gateway.clone();
    assert_ne!(gateway_of(&first), gateway_of(&second));
}

#[test]
fn a_gateway_that_leaves_takes_its_legs_with_it() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    world.service_change(
        "ROOT",
        ServiceChangeMethod::Forced,
        "905 Termination taken out of service",
    );
    assert_eq!(world.reports(&leg), [LegEvent::Joined, LegEvent::Left]);
    assert_eq!(world.cause_of(&LegEvent::Left), Some(Cause::GatewayLost));
    assert!(world.mgc.gateways().is_empty());
    let CommandReply::ServiceChange(reply) = &only_reply(&world).commands[0] else {
        panic!("it is answered");
    };
    assert_eq!(reply.result, ServiceChangeResult::Accepted);
    assert_eq!(world.ask(join(&call, None)), Err(Refusal::NoGateway));
}

#[test]
fn a_gateway_that_was_only_disconnected_keeps_its_legs() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    world.service_change(
        "ROOT",
        ServiceChangeMethod::Disconnected,
        "900 Service Restored",
    );
    world.run();
    assert_eq!(world.reports(&leg), [LegEvent::Joined]);
    assert_eq!(world.gateway().picture(), [["rtp/1"]]);
}

#[test]
fn what_a_gateway_brings_along_and_nobody_owns_is_ended() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    world.add_leg(&call);
    world.add_leg(&call);
    // Another controller takes over: it knows of none of this.
    let gateways = std::mem::take(&mut world.gateways);
    let mut other = World::without_gateway(2);
    other.now = world.now;
    other.gateways = gateways;
    other.service_change(
        "ROOT",
        ServiceChangeMethod::Failover,
        "909 MGC Impending Failure",
    );
    other.run();
    other.run();
    assert_eq!(other.mgc.gateways().len(), 1);
    assert!(other.gateway().picture().is_empty());
}

#[test]
fn a_termination_that_is_forced_out_of_service_ends_its_leg() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let (first, second) = (world.add_leg(&call), world.add_leg(&call));
    world.service_change(
        "rtp/2",
        ServiceChangeMethod::Forced,
        "905 Termination taken out of service",
    );
    assert_eq!(world.reports(&first), [LegEvent::Joined]);
    assert_eq!(world.reports(&second), [LegEvent::Joined, LegEvent::Left]);
    assert!(matches!(
        world.cause_of(&LegEvent::Left),
        Some(Cause::Failed(Refusal::GatewayAnswer(_)))
    ));
    assert_eq!(world.gateway().picture(), [["rtp/1"]]);
}

#[test]
fn an_audit_ties_what_the_gateways_hold_to_segs_and_legs() {
    let mut world = World::new();
    let Ok(Done::Contexts { contexts, silent }) = world.carry_out(Request::AuditContexts) else {
        panic!("an audit finds nothing");
    };
    assert_eq!((contexts, silent), (Vec::new(), Vec::new()));
    let (call, main) = world.create_call();
    let leg = world.add_leg(&call);
    let Ok(Done::Contexts { contexts, silent }) = world.carry_out(Request::AuditContexts) else {
        panic!("an audit finds Contexts");
    };
    assert_eq!(silent, []);
    assert_eq!(contexts.len(), 1);
    assert_eq!(contexts[0].seg, Some(main));
    assert_eq!(contexts[0].terminations[0].id, "rtp/1");
    assert_eq!(contexts[0].terminations[0].leg, Some(leg));
}
