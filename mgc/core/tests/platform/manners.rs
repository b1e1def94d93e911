//! What gateways can do, and how many Legs they take: as their profiles say, and as their refusals
//! teach.

use std::num::NonZeroU32;

use codec_h248::{
    EmptySignals,
    descriptor::{ErrorCode, StreamMode},
};
use mgc_core::{
    GatewayProfile, GatewayProfiles,
    northbound::{
        CallId, Done, GatewayId, GatewayView, LegEvent, LegId, LegState, OperationState, Play,
        Refusal, Request, SegId, Separation, Sound, Strategy,
    },
};

use super::{
    gateway::Kind,
    network::{World, attach, config, delete_seg, join},
};

const UNKNOWN: [ErrorCode; 2] = [ErrorCode::UNKNOWN_COMMAND, ErrorCode::NOT_IMPLEMENTED];

fn id(name: &str) -> GatewayId {
    GatewayId(name.to_owned())
}

/// A world with these gateways, of which each has the profile that belongs to it.
fn world(gateways: &[(&'static str, GatewayProfile)]) -> World {
    let mut config = config();
    config.gateways = GatewayProfiles {
        named: gateways
            .iter()
            .map(|(name, profile)| (id(name), profile.clone()))
            .collect(),
        default: GatewayProfile::default(),
    };
    let mut world = World::of(config, 1);
    for (name, _) in gateways {
        world.add_gateway(name);
        world.run();
    }
    world
}

fn only(strategies: &[Strategy]) -> GatewayProfile {
    GatewayProfile {
        strategies: strategies.to_vec(),
        ..GatewayProfile::default()
    }
}

fn view(world: &World, name: &str) -> GatewayView {
    let views = world.mgc.gateways().into_iter();
    let mut named = views.filter(|view| view.id == id(name));
    named.next().expect("it is registered")
}

/// A Call with two Legs, and an empty Seg.
fn room(world: &mut World) -> (CallId, SegId, LegId) {
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    world.add_leg(&call);
    let seg = world.create_seg(&call);
    world.events.clear();
    world.gateway().log.clear();
    (call, seg, leg)
}

fn kinds(world: &World) -> Vec<&str> {
    let log = world.gateways[0].log.iter();
    log.filter_map(|line| line.split(' ').next()).collect()
}

fn moved_as_it_likes(world: &mut World, call: &CallId, leg: &LegId, seg: &SegId) {
    let request = Request::AttachMedia {
        call: call.clone(),
        leg: leg.clone(),
        seg: seg.clone(),
        strategy: None,
        by: None,
        consent: None,
    };
    assert!(matches!(
        world.carry_out(request),
        Ok(Done::LegMoved { .. })
    ));
}

#[test]
fn a_gateway_that_does_not_know_move_has_its_legs_moved_without_and_is_remembered() {
    for (strategy, before) in [
        (Strategy::TwoStep, &["Modify"][..]),
        (Strategy::Move, &[][..]),
    ] {
        for code in UNKNOWN {
            let mut world = world(&[("gw1", only(&[strategy, Strategy::SubtractAdd]))]);
            let (call, seg, leg) = room(&mut world);
            world.gateway().refusals.push_back((Kind::Move, code));
            moved_as_it_likes(&mut world, &call, &leg, &seg);
            assert_eq!(world.reports(&leg), [LegEvent::Moved]);
            let expected = [before, &["Move", "Subtract", "Add"]].concat();
            assert_eq!(kinds(&world), expected);
            assert!(view(&world, "gw1").learnt.no_move);
            assert_eq!(view(&world, "gw1").strategies, [Strategy::SubtractAdd]);

            // From now on nothing else is tried, also where a Seg is emptied.
            world.gateway().log.clear();
            assert_eq!(world.carry_out(delete_seg(&call, &seg)), Ok(Done::Deleted));
            assert_eq!(kinds(&world), ["Subtract", "Add"]);

            let now = world.now;
            world.gateway().restart(now);
            world.run();
            assert!(!view(&world, "gw1").learnt.no_move);
        }
    }
}

#[test]
fn a_gateway_that_can_neither_move_nor_do_without_leaves_the_leg_where_it_was() {
    let mut world = world(&[("gw1", only(&[Strategy::Move]))]);
    let (call, seg, leg) = room(&mut world);
    world.gateway().refusals.push_back((Kind::Move, UNKNOWN[0]));
    let operation = world.ask(attach(&call, &leg, &seg, Strategy::Move));
    let operation = operation.expect("it is taken");
    world.run();
    assert_eq!(world.state(&operation), OperationState::Failed);
    assert_eq!(world.reports(&leg), [LegEvent::MoveFailed]);
    assert_eq!(kinds(&world), ["Move"]);
}

#[test]
fn where_the_subtract_is_refused_as_well_the_leg_is_open_where_it_was() {
    let mut world = world(&[("gw1", GatewayProfile::default())]);
    let (call, seg, leg) = room(&mut world);
    let refused = ErrorCode::INSUFFICIENT_RESOURCES;
    let refusals = [(Kind::Move, UNKNOWN[0]), (Kind::Subtract, refused)];
    world.gateway().refusals.extend(refusals);
    let operation = world.ask(attach(&call, &leg, &seg, Strategy::TwoStep));
    let operation = operation.expect("it is taken");
    world.run();
    assert_eq!(world.state(&operation), OperationState::RolledBack);
    assert_eq!(kinds(&world), ["Modify", "Move", "Subtract", "Modify"]);
    let picture = world.gateways[0].picture().concat();
    assert!(
        picture.iter().all(|one| !one.contains("closed")),
        "{picture:?}"
    );
}

#[test]
fn a_leg_that_somebody_else_moved_is_made_anew_where_it_was_or_is_to_be_without_move() {
    for strategy in [Strategy::TwoStep, Strategy::SubtractAdd] {
        let mut world = world(&[("gw1", GatewayProfile::default())]);
        let (call, seg, leg) = room(&mut world);
        let main = world.leg(&call, &leg).seg;
        let port = world.gateway().terminations["rtp/1"].port;
        let strayed = world.gateway().terminations.get_mut("rtp/1");
        strayed.expect("it is the first").context = 77;
        world.gateway().refusals.push_back((Kind::Move, UNKNOWN[0]));
        let operation = world.ask(attach(&call, &leg, &seg, strategy)).unwrap();
        world.run();
        let (state, at) = match strategy {
            Strategy::TwoStep => (OperationState::RolledBack, main),
            Strategy::Move | Strategy::SubtractAdd | Strategy::Topology => {
                (OperationState::Done, Some(seg))
            }
        };
        assert_eq!(world.state(&operation), state);
        let view = world.leg(&call, &leg);
        assert_eq!((view.seg, view.state), (at.clone(), LegState::Attached));
        let name = view.termination.expect("it is somewhere");
        let made = &world.gateways[0].terminations[&name];
        assert_ne!(name, "rtp/1");
        assert_eq!((made.port, made.mode), (port, StreamMode::SendReceive));
        let context = world.mgc.seg(&call, &at.expect("it is in a Seg"));
        assert_eq!(context.expect("it is there").context, Some(made.context));
    }
}

#[test]
fn where_it_cannot_be_made_anew_either_it_is_stranded_and_told_so() {
    let refused = ErrorCode::INSUFFICIENT_RESOURCES;
    for kind in [Kind::Subtract, Kind::Add] {
        let mut world = world(&[("gw1", GatewayProfile::default())]);
        let (call, seg, leg) = room(&mut world);
        let strayed = world.gateway().terminations.get_mut("rtp/1");
        strayed.expect("it is the first").context = 77;
        let refusals = [(Kind::Move, UNKNOWN[0]), (kind, refused)];
        world.gateway().refusals.extend(refusals);
        let request = attach(&call, &leg, &seg, Strategy::TwoStep);
        assert!(world.carry_out(request.clone()).is_err());
        assert_eq!(world.reports(&leg), [LegEvent::Stranded]);
        let back = world.carry_out(request);
        assert!(matches!(back, Ok(Done::LegMoved { .. })), "{back:?}");
    }
}

#[test]
fn a_profile_says_how_legs_are_moved_where_the_request_does_not() {
    let mut world = world(&[("gw1", only(&[Strategy::SubtractAdd, Strategy::Move]))]);
    let (call, seg, leg) = room(&mut world);
    moved_as_it_likes(&mut world, &call, &leg, &seg);
    assert_eq!(kinds(&world), ["Subtract", "Add"]);
}

#[test]
fn legs_go_where_there_are_fewest_for_the_weight_up_to_the_limit() {
    let heavy = GatewayProfile {
        weight: NonZeroU32::new(3).expect("it is not zero"),
        ..GatewayProfile::default()
    };
    let small = GatewayProfile {
        legs_max: Some(2),
        ..GatewayProfile::default()
    };
    let mut world = world(&[("heavy", heavy), ("small", small)]);
    let calls: Vec<CallId> = (0..12)
        .map(|_| {
            let (call, _) = world.create_call();
            world.add_leg(&call);
            call
        })
        .collect();
    let legs = |world: &World| ["heavy", "small"].map(|name| view(world, name).legs);
    assert_eq!(legs(&world), [10, 2]);
    let there = |call: &&CallId| {
        let legs = world.mgc.legs(call).expect("the Call is there");
        legs.iter().all(|leg| leg.gateway == id("small"))
    };
    let full = calls.iter().find(there).expect("two are there").clone();
    let refused = world.carry_out(join(&full, None));
    assert_eq!(refused, Err(Refusal::limit("legs of the gateway")));
}

#[test]
fn a_drained_gateway_takes_no_new_calls_until_it_is_told_to() {
    let profile = GatewayProfile::default();
    let mut world = world(&[("gw1", profile)]);
    let (call, _) = world.create_call();
    world.add_leg(&call);
    let drain = |drain| Request::Drain {
        gateway: id("gw1"),
        drain,
    };
    assert_eq!(world.carry_out(drain(true)), Ok(Done::Drained));
    assert!(view(&world, "gw1").drained);
    world.add_leg(&call);
    let (other, _) = world.create_call();
    assert_eq!(world.carry_out(join(&other, None)), Err(Refusal::NoGateway));

    let now = world.now;
    world.gateway().restart(now);
    world.run();
    assert!(view(&world, "gw1").drained, "a restart does not undo it");
    assert_eq!(world.carry_out(drain(false)), Ok(Done::Drained));
    world.add_leg(&other);

    let unknown = world.ask(Request::Drain {
        gateway: id("gw2"),
        drain: true,
    });
    assert_eq!(unknown, Err(Refusal::UnknownGateway(id("gw2"))));
}

#[test]
fn a_gateway_without_topology_gets_no_calls_whose_segs_share_a_context() {
    let without = GatewayProfile {
        topology: false,
        ..GatewayProfile::default()
    };
    let mut world = world(&[("gw1", without.clone()), ("gw2", GatewayProfile::default())]);
    let legs = |world: &World| [view(world, "gw1").legs, view(world, "gw2").legs];
    for _ in 0..2 {
        let (call, _) = world.create_call_of(Separation::Topology);
        world.add_leg(&call);
    }
    assert_eq!(legs(&world), [0, 2]);
    let (call, _) = world.create_call();
    world.add_leg(&call);
    assert_eq!(legs(&world), [1, 2]);
    let mut alone = self::world(&[("gw1", without)]);
    let (call, _) = alone.create_call_of(Separation::Topology);
    assert_eq!(alone.ask(join(&call, None)), Err(Refusal::NoGateway));
}

/// What is written to a gateway of this profile to stop what is played there.
fn stop_as_written(empty_signals: EmptySignals) -> String {
    let mut config = config();
    config.transport.trace = true;
    config.gateways.default.empty_signals = empty_signals;
    let mut world = World::with(config);
    let (call, _, leg) = room(&mut world);
    let sound = Sound::Announcement {
        number: 21,
        cycles: None,
    };
    let play = Play {
        sound,
        duration_ms: None,
        limit_ms: None,
    };
    let request = Request::Play {
        call: call.clone(),
        leg: leg.clone(),
        play,
    };
    world.ask(request).expect("it is taken");
    world.run();
    while world.mgc.poll_trace().is_some() {}
    world
        .ask(Request::StopPlay { call, leg })
        .expect("it is taken");
    let sent = world.mgc.poll_trace().expect("it is sent");
    String::from_utf8(sent.octets.to_vec()).expect("it is text")
}

#[test]
fn a_gateway_is_told_to_stop_signals_in_its_own_spelling() {
    let empty = |text: &str| (text.contains("Signals {"), text.contains("Signals"));
    let braces = stop_as_written(EmptySignals::Braces);
    assert_eq!(empty(&braces), (true, true), "{braces}");
    let bare = stop_as_written(EmptySignals::Bare);
    assert_eq!(empty(&bare), (false, true), "{bare}");
}
