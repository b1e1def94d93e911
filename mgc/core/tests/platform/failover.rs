//! Legs whose gateway is lost, and that are made anew where their Call says so.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use codec_h248::descriptor::{ErrorCode, ServiceChangeMethod};
use mgc_core::Mgc;
use mgc_core::northbound::{
    CallId, Cause, Done, GatewayId, LegEvent, LegId, LegState, Refusal, Request, SegId, Strategy,
};
use transport_h248::Anchor;

use super::{
    gateway::Kind,
    network::{World, attach, delete_call, durable, join},
};

/// Longer than a gateway may be silent before its Legs are given up.
const GIVEN_UP: Duration = Duration::from_secs(240);

struct Story {
    world: World,
    call: CallId,
    main: SegId,
    seg: SegId,
    /// The first two are in the main Seg, the third in the other.
    legs: [LegId; 3],
}

/// A Call at the first of two gateways, which makes its Legs anew.
fn story() -> Story {
    let mut world = World::new();
    world.add_gateway("gw2");
    world.run();
    begun(world)
}

fn begun(mut world: World) -> Story {
    let (call, main) = world.create_lasting_call();
    let seg = world.create_seg(&call);
    let legs = [(); 3].map(|()| world.add_leg(&call));
    let moved = world.carry_out(attach(&call, &legs[2], &seg, Strategy::Move));
    assert!(moved.is_ok());
    world.events.clear();
    Story {
        world,
        call,
        main,
        seg,
        legs,
    }
}

impl Story {
    fn assert_back_at(&self, gateway: &str) {
        for (leg, seg) in self.legs.iter().zip([&self.main, &self.main, &self.seg]) {
            let view = self.world.leg(&self.call, leg);
            assert_eq!(view.state, LegState::Attached);
            assert_eq!(view.seg.as_ref(), Some(seg));
            assert_eq!(view.gateway, GatewayId(gateway.to_owned()));
            assert_eq!(view.operation, None);
            let [LegEvent::MediaLost, LegEvent::Remade(sdp)] = &self.world.reports(leg)[..] else {
                panic!("lost and back: {:?}", self.world.reports(leg));
            };
            let here = self.world.gateways.iter();
            let mut here = here.flat_map(|gateway| gateway.terminations.values());
            assert!(
                here.any(|one| sdp.contains(&format!("m=audio {} ", one.port))),
                "{sdp}"
            );
        }
    }

    fn pictures(&self) -> Vec<Vec<usize>> {
        let gateways = self.world.gateways.iter();
        gateways
            .map(|gateway| gateway.picture().iter().map(Vec::len).collect())
            .collect()
    }

    fn leaves(&mut self) {
        let (method, reason) = (ServiceChangeMethod::Forced, "908 MG Impending Failure");
        self.world.service_change("ROOT", method, reason);
    }
}

#[test]
fn legs_of_a_gateway_that_leaves_are_made_anew_at_another() {
    let mut story = story();
    story.leaves();
    story.assert_back_at("gw2");
    let lost = story.world.cause_of(&LegEvent::MediaLost);
    assert_eq!(lost, Some(Cause::GatewayLost));
    assert_eq!(story.pictures()[1], [2, 1]);
    let views = story.world.mgc.gateways();
    assert_eq!(views.iter().map(|view| view.legs).collect::<Vec<_>>(), [3]);
    let end = story.world.carry_out(delete_call(&story.call));
    assert_eq!(end, Ok(Done::Deleted));
    assert!(story.pictures()[1].is_empty());
}

#[test]
fn legs_of_a_gateway_that_restarts_are_made_anew_where_there_is_room() {
    let mut story = story();
    let now = story.world.now;
    story.world.gateway().restart(now);
    story.world.run();
    let lost = story.world.cause_of(&LegEvent::MediaLost);
    assert_eq!(lost, Some(Cause::GatewayRestarted));
    // It has not answered yet, and the other one has.
    story.assert_back_at("gw2");
    assert_eq!(story.pictures(), [vec![], vec![2, 1]]);
}

#[test]
fn the_only_gateway_has_the_legs_again_after_its_restart() {
    let mut world = World::new();
    let (call, _) = world.create_lasting_call();
    let leg = world.add_leg(&call);
    world.events.clear();
    let now = world.now;
    world.gateway().restart(now);
    world.run();
    assert!(matches!(
        world.reports(&leg)[..],
        [LegEvent::MediaLost, LegEvent::Remade(_)]
    ));
    assert_eq!(world.gateway().terminations.len(), 1);
}

#[test]
fn legs_of_a_silent_gateway_are_made_anew_and_what_it_holds_is_ended_when_it_is_back() {
    let mut story = story();
    story.world.gateway().deaf = true;
    // Something must be asked for its silence to show.
    let asked = attach(&story.call, &story.legs[1], &story.seg, Strategy::TwoStep);
    let operation = story.world.ask(asked).expect("it is taken");
    story.world.run_for(GIVEN_UP);
    assert!(story.world.completion(&operation).is_err());
    let told = story.world.reports(&story.legs[1]);
    assert!(
        matches!(
            told[..],
            [
                LegEvent::MoveFailed,
                LegEvent::MediaLost,
                LegEvent::Remade(_)
            ]
        ),
        "{told:?}"
    );
    assert_eq!(story.pictures()[1], [2, 1]);
    story.world.gateway().deaf = false;
    story.world.run_for(GIVEN_UP);
    assert_eq!(story.pictures(), [vec![], vec![2, 1]]);
}

#[test]
fn a_leg_that_was_joining_joins_elsewhere() {
    let mut story = story();
    story.world.gateway().deaf = true;
    let operation = story.world.ask(join(&story.call, None)).expect("taken");
    story.world.run_for(Duration::from_millis(100));
    story.leaves();
    let Ok(Done::LegAdded { leg, .. }) = story.world.completion(&operation) else {
        panic!("it has joined");
    };
    assert_eq!(story.world.reports(&leg), [LegEvent::Joined]);
    assert_eq!(story.pictures()[1], [3, 1]);
}

#[test]
fn where_there_is_no_gateway_or_it_refuses_the_legs_leave() {
    let mut alone = World::new();
    let (call, _) = alone.create_lasting_call();
    let leg = alone.add_leg(&call);
    alone.events.clear();
    let (method, reason) = (ServiceChangeMethod::Forced, "908 MG Impending Failure");
    alone.service_change("ROOT", method, reason);
    assert_eq!(alone.reports(&leg), [LegEvent::MediaLost, LegEvent::Left]);
    let left = alone.cause_of(&LegEvent::Left);
    assert_eq!(left, Some(Cause::Failed(Refusal::NoGateway)));

    let mut story = story();
    let refused = (Kind::Add, ErrorCode::INSUFFICIENT_RESOURCES);
    story.world.gateways[1].refusals.extend([refused; 3]);
    story.leaves();
    for leg in &story.legs {
        let told = story.world.reports(leg);
        assert_eq!(told, [LegEvent::MediaLost, LegEvent::Left]);
    }
    assert!(
        story
            .world
            .mgc
            .legs(&story.call)
            .is_ok_and(|legs| legs.is_empty())
    );
}

#[test]
fn legs_that_are_to_end_and_those_of_other_calls_leave() {
    let mut story = story();
    let (other, _) = story.world.create_call();
    story
        .world
        .carry_out(Request::Drain {
            gateway: GatewayId("gw2".to_owned()),
            drain: true,
        })
        .expect("it is known");
    let released = story.world.add_leg(&other);
    story
        .world
        .carry_out(Request::Drain {
            gateway: GatewayId("gw2".to_owned()),
            drain: false,
        })
        .expect("it is known");
    story.world.events.clear();
    story.world.gateway().deaf = true;
    let end = story.world.ask(Request::DeleteLeg {
        call: story.call.clone(),
        leg: story.legs[0].clone(),
    });
    let end = end.expect("it is taken");
    story.leaves();
    assert_eq!(story.world.completion(&end), Ok(Done::Deleted));
    for leg in [&released, &story.legs[0]] {
        assert_eq!(story.world.reports(leg), [LegEvent::Left]);
    }
    assert_eq!(story.pictures()[1], [1, 1]);
}

#[test]
fn a_controller_that_is_killed_while_legs_are_made_anew_makes_them_again() {
    let config = durable();
    let mut world = World::of(config.clone(), 1);
    for name in ["gw1", "gw2"] {
        world.add_gateway(name);
        world.run();
    }
    let mut story = begun(world);
    // The second gateway does what it is told, and the controller dies before it learns of it.
    story.world.gateways[1].hold = true;
    story.leaves();
    let mut rows = BTreeMap::new();
    while let Some(record) = story.world.mgc.poll_record() {
        rows.insert((record.table, record.key.clone()), record);
    }
    let anchor = Anchor {
        instant: story.world.now,
        system: SystemTime::UNIX_EPOCH,
    };
    let now = story.world.now;
    let restored = Mgc::restore(config, 2, anchor, now, rows.into_values());
    story.world.mgc = restored.expect("it is whole");
    story.world.gateways[1].hold = false;
    story.world.gateways[1].release_backwards(now);
    story.world.run_for(Duration::from_secs(60));
    story.assert_back_at("gw2");
    assert_eq!(story.pictures()[1], [2, 1]);
}
