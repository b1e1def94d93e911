//! Contexts that die while commands about them travel.

use std::time::Duration;

use codec_h248::descriptor::{ErrorCode, StreamMode};
use mgc_core::northbound::{Cause, Done, LegEvent, OperationState, Refusal, Strategy};

use super::{
    gateway::Kind,
    network::{World, attach, delete_leg, join},
};

#[test]
fn legs_that_swap_segs_end_in_each_others_place() {
    for strategy in [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd] {
        let mut world = World::new();
        let (call, main) = world.create_call();
        let seg = world.create_seg(&call);
        let (first, second) = (world.add_leg(&call), world.add_leg(&call));
        world
            .carry_out(attach(&call, &second, &seg, strategy))
            .unwrap();
        world.gateway().log.clear();
        let one = world.ask(attach(&call, &first, &seg, strategy)).unwrap();
        let two = world.ask(attach(&call, &second, &main, strategy)).unwrap();
        world.run();
        assert!(world.completion(&one).is_ok());
        assert!(world.completion(&two).is_ok());
        let segs = world.mgc.segs(&call).unwrap();
        assert_eq!(segs[0].legs, [second]);
        assert_eq!(segs[1].legs, [first]);
        assert_eq!(world.gateway().picture().len(), 2);
    }
}

#[test]
fn a_command_into_a_context_that_has_died_is_sent_again_and_makes_a_new_one() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let first = world.add_leg(&call);
    world.gateway().hold = true;
    let joined = world.ask(join(&call, None)).unwrap();
    let left = world.ask(delete_leg(&call, &first)).unwrap();
    world.run_for(Duration::from_millis(50));
    // The Subtract overtakes the Add.
    let now = world.now;
    world.gateway().release_backwards(now);
    world.run();
    assert_eq!(world.completion(&left), Ok(Done::Deleted));
    assert!(world.completion(&joined).is_ok());
    assert_eq!(
        world.gateway().log[1..],
        [
            "Subtract 1 rtp/1 -> 1",
            "Add 1 $ SR -> error 411",
            "Add $ rtp/2 SR -> 2"
        ]
    );
    assert_eq!(world.mgc.segs(&call).unwrap()[0].context, Some(2));
}

#[test]
fn of_several_that_find_the_context_dead_one_makes_the_new_one() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    let seg = world.create_seg(&call);
    let legs = [(); 5].map(|()| world.add_leg(&call));
    world
        .carry_out(attach(&call, &legs[0], &seg, Strategy::Move))
        .unwrap();
    world.gateway().hold = true;
    for leg in &legs[1..] {
        world.ask(attach(&call, leg, &seg, Strategy::Move)).unwrap();
    }
    world
        .ask(attach(&call, &legs[0], &main, Strategy::Move))
        .unwrap();
    world.run_for(Duration::from_millis(50));
    let now = world.now;
    world.gateway().release_backwards(now);
    world.run();
    assert_eq!(world.gateway().picture().len(), 2);
    assert_eq!(world.mgc.segs(&call).unwrap()[1].legs, legs[1..]);
}

#[test]
fn a_gateway_that_denies_every_context_is_not_asked_for_ever() {
    for (strategy, kind) in [
        (Strategy::TwoStep, Kind::Move),
        (Strategy::Move, Kind::Move),
        (Strategy::SubtractAdd, Kind::Add),
    ] {
        let mut world = World::new();
        let (call, _) = world.create_call();
        let (first, second) = (world.add_leg(&call), world.add_leg(&call));
        let seg = world.create_seg(&call);
        world
            .carry_out(attach(&call, &first, &seg, strategy))
            .unwrap();
        for _ in 0..100 {
            let refusal = (kind, ErrorCode::UNKNOWN_CONTEXT);
            world.gateway().refusals.push_back(refusal);
        }
        let end = world.carry_out(attach(&call, &second, &seg, strategy));
        assert!(matches!(end, Err(Refusal::Gateway(_))), "{end:?}");
        assert!(world.gateway().log.len() < 20, "{strategy:?}");
    }
}

#[test]
fn a_termination_that_is_gone_is_reported_as_left() {
    for strategy in [Strategy::TwoStep, Strategy::Move] {
        let mut world = World::new();
        let (call, _) = world.create_call();
        let leg = world.add_leg(&call);
        world.add_leg(&call);
        let seg = world.create_seg(&call);
        world.gateway().terminations.remove("rtp/1");
        let end = world.carry_out(attach(&call, &leg, &seg, strategy));
        assert!(matches!(end, Err(Refusal::Gateway(_))), "{end:?}");
        assert_eq!(world.reports(&leg), [LegEvent::Joined, LegEvent::Left]);
        assert!(matches!(
            world.cause_of(&LegEvent::Left),
            Some(Cause::Failed(_))
        ));
        assert_eq!(world.mgc.call(&call).unwrap().legs.len(), 1);
        assert_eq!(world.mgc.segs(&call).unwrap()[1].context, None);
    }
}

#[test]
fn a_subtract_add_of_a_termination_that_is_gone_succeeds() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    let seg = world.create_seg(&call);
    world.gateway().terminations.remove("rtp/1");
    let end = world.carry_out(attach(&call, &leg, &seg, Strategy::SubtractAdd));
    assert!(end.is_ok());
    assert_eq!(world.gateway().picture(), [["rtp/2"]]);
}

#[test]
fn a_termination_that_somebody_else_moved_is_brought_back() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    let leg = world.add_leg(&call);
    world.add_leg(&call);
    let seg = world.create_seg(&call);
    world
        .gateway()
        .terminations
        .get_mut("rtp/1")
        .unwrap()
        .context = 77;
    let operation = world
        .ask(attach(&call, &leg, &seg, Strategy::TwoStep))
        .unwrap();
    world.run();
    assert!(world.completion(&operation).is_err());
    assert_eq!(world.state(&operation), OperationState::RolledBack);
    assert_eq!(world.leg(&call, &leg).seg, Some(main));
    let termination = &world.gateways[0].terminations["rtp/1"];
    assert_eq!(termination.mode, StreamMode::SendReceive);
    assert_eq!(world.gateway().picture(), [["rtp/1", "rtp/2"]]);
}
