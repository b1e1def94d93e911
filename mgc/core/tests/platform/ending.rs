//! Legs, Segs and Calls end, whatever is under way.

use std::time::Duration;

use codec_h248::{
    PackageItem, Value,
    descriptor::{ErrorCode, Statistic, StatisticValue, StatisticsDescriptor},
};
use mgc_core::northbound::{
    Cause, Done, EventKind, LegEvent, LegState, OperationState, Refusal, Strategy,
};

use super::{
    gateway::Kind,
    network::{World, attach, delete_call, delete_leg, delete_seg, join, report},
};

const STRATEGIES: [Strategy; 3] = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];

#[test]
fn a_leg_that_ends_is_subtracted() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    assert_eq!(world.carry_out(delete_leg(&call, &leg)), Ok(Done::Deleted));
    assert_eq!(world.reports(&leg), [LegEvent::Joined, LegEvent::Left]);
    assert_eq!(world.cause_of(&LegEvent::Left), Some(Cause::Requested));
    assert!(world.gateway().picture().is_empty());
    assert_eq!(world.mgc.gateways()[0].legs, 0);
    let again = world.ask(delete_leg(&call, &leg));
    assert_eq!(again, Err(Refusal::UnknownLeg(leg)));
}

#[test]
fn a_leg_that_ends_twice_ends_once() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    let first = world.ask(delete_leg(&call, &leg)).unwrap();
    assert_eq!(world.ask(delete_leg(&call, &leg)), Ok(first.clone()));
    world.run();
    assert_eq!(world.completion(&first), Ok(Done::Deleted));
}

#[test]
fn a_leg_that_ends_at_any_moment_of_a_move_leaves_nothing_over() {
    for strategy in STRATEGIES {
        for moment in 0..25 {
            let mut world = World::new();
            let (call, _) = world.create_call();
            let leg = world.add_leg(&call);
            let seg = world.create_seg(&call);
            world.events.clear();
            let moved = world.ask(attach(&call, &leg, &seg, strategy)).unwrap();
            world.run_for(Duration::from_millis(moment));
            let running = !world.has_ended(&moved);
            let ended = world.ask(delete_leg(&call, &leg)).unwrap();
            assert_eq!(world.leg(&call, &leg).state, LegState::Leaving);
            world.run();
            assert_eq!(world.completion(&ended), Ok(Done::Deleted));
            if running {
                assert_eq!(world.completion(&moved), Err(Refusal::Cancelled));
                assert_eq!(world.reports(&leg), [LegEvent::MoveFailed, LegEvent::Left]);
            } else {
                assert_eq!(world.reports(&leg), [LegEvent::Moved, LegEvent::Left]);
            }
            assert!(
                world.gateway().picture().is_empty(),
                "{strategy:?} {moment}"
            );
        }
    }
}

#[test]
fn a_leg_that_ends_while_it_joins_leaves_nothing_over() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let first = world.ask(join(&call, None)).unwrap();
    let second = world.ask(join(&call, None)).unwrap();
    for leg in world.mgc.call(&call).unwrap().legs {
        world.ask(delete_leg(&call, &leg)).unwrap();
    }
    world.run();
    assert_eq!(world.completion(&first), Err(Refusal::Cancelled));
    assert_eq!(world.completion(&second), Err(Refusal::Cancelled));
    assert!(world.gateway().picture().is_empty());
    // The second waited for the Context's number and was never sent.
    assert_eq!(world.gateway().log.len(), 2);
    assert_eq!(world.events.iter().find_map(report), None);
}

#[test]
fn a_leg_whose_gateway_restarts_while_it_joins_was_never_there() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    world.gateway().hold = true;
    let joined = world.ask(join(&call, None)).unwrap();
    world.run();
    world.gateway().hold = false;
    let now = world.now;
    world.gateway().restart(now);
    world.run();
    assert_eq!(world.completion(&joined), Err(Refusal::NoGateway));
    assert_eq!(world.events.iter().find_map(report), None);
}

#[test]
fn the_legs_of_a_seg_that_ends_return_to_the_main_seg_first() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    let seg = world.create_seg(&call);
    let legs = [(); 3].map(|()| world.add_leg(&call));
    for leg in &legs[..2] {
        let request = attach(&call, leg, &seg, Strategy::TwoStep);
        world.carry_out(request).unwrap();
    }
    // One more is on its way there, one of those that are there is on its way out.
    let coming = world
        .ask(attach(&call, &legs[2], &seg, Strategy::TwoStep))
        .unwrap();
    let going = world
        .ask(attach(&call, &legs[0], &main, Strategy::TwoStep))
        .unwrap();
    let ended = world.ask(delete_seg(&call, &seg)).unwrap();
    assert_eq!(world.ask(delete_seg(&call, &seg)), Ok(ended.clone()));
    assert_eq!(
        world.ask(join(&call, Some(&seg))),
        Err(Refusal::UnknownSeg(seg.clone()))
    );
    world.run();
    for operation in [&coming, &going] {
        assert!(world.completion(operation).is_ok());
    }
    assert_eq!(world.completion(&ended), Ok(Done::Deleted));
    assert_eq!(world.gateway().picture(), [["rtp/1", "rtp/2", "rtp/3"]]);
    let last = world.events.last().unwrap();
    assert_eq!(
        (&last.kind, last.seg.as_ref()),
        (&EventKind::SegEnded, Some(&seg))
    );
    assert_eq!(world.mgc.call(&call).unwrap().segs, [main]);
}

#[test]
fn a_seg_whose_leg_cannot_return_stays_and_can_be_ended_later() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let seg = world.create_seg(&call);
    let leg = world.add_leg(&call);
    world
        .carry_out(attach(&call, &leg, &seg, Strategy::Move))
        .unwrap();
    world
        .gateway()
        .refusals
        .push_back((Kind::Move, ErrorCode::INSUFFICIENT_RESOURCES));
    let ended = world.ask(delete_seg(&call, &seg)).unwrap();
    world.run();
    assert!(matches!(world.completion(&ended), Err(Refusal::Gateway(_))));
    assert_eq!(world.state(&ended), OperationState::Failed);
    assert_eq!(world.leg(&call, &leg).seg, Some(seg.clone()));
    assert_eq!(world.carry_out(delete_seg(&call, &seg)), Ok(Done::Deleted));
}

#[test]
fn a_call_that_ends_at_any_moment_leaves_nothing_over() {
    for strategy in STRATEGIES {
        for moment in [0, 4, 7, 11, 15, 18, 22, 30] {
            let mut world = World::new();
            let (call, main) = world.create_call();
            let seg = world.create_seg(&call);
            let legs = [(); 4].map(|()| world.add_leg(&call));
            world
                .carry_out(attach(&call, &legs[0], &seg, strategy))
                .unwrap();
            let mut operations = vec![
                world.ask(attach(&call, &legs[0], &main, strategy)).unwrap(),
                world.ask(attach(&call, &legs[1], &seg, strategy)).unwrap(),
                world.ask(delete_leg(&call, &legs[2])).unwrap(),
                world.ask(join(&call, Some(&seg))).unwrap(),
                world.ask(delete_seg(&call, &seg)).unwrap(),
            ];
            world.run_for(Duration::from_millis(moment));
            operations.push(world.ask(delete_call(&call)).unwrap());
            assert!(world.ask(join(&call, None)).is_err());
            world.run();
            for operation in &operations {
                let _ = world.completion(operation);
            }
            assert!(
                world.gateway().picture().is_empty(),
                "{strategy:?} {moment}"
            );
            assert!(world.mgc.calls().is_empty());
            let last = world.events.last().unwrap();
            assert_eq!(last.kind, EventKind::CallEnded);
            assert_eq!(world.mgc.gateways()[0].legs, 0);
        }
    }
}

#[test]
fn a_call_that_ends_twice_ends_once() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    world.add_leg(&call);
    let first = world.ask(delete_call(&call)).unwrap();
    assert_eq!(world.ask(delete_call(&call)), Ok(first.clone()));
    world.run();
    assert_eq!(world.completion(&first), Ok(Done::Deleted));
    let again = world.ask(delete_call(&call));
    assert_eq!(again, Err(Refusal::UnknownCall(call)));
}

#[test]
fn a_call_without_legs_ends_at_once() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let ended = world.ask(delete_call(&call)).unwrap();
    assert_eq!(world.completion(&ended), Ok(Done::Deleted));
    assert_eq!(world.mgc.call(&call), Err(Refusal::UnknownCall(call)));
}

#[test]
fn what_a_gateway_counted_of_a_leg_is_told_before_it_is_gone() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    let figure = |package, item, value: &'static str| Statistic {
        name: PackageItem::known(package, item),
        value: Some(StatisticValue::One(Value::bare(value))),
    };
    world.gateway().counted = Some(StatisticsDescriptor {
        statistics: vec![figure("nosuch", "x", "7"), figure("nt", "os", "1200")],
    });
    world.carry_out(delete_leg(&call, &leg)).unwrap();
    let figures = [("nosuch/x", "7"), ("nt/os", "1200")];
    let figures = figures.map(|(name, figure)| (name.to_owned(), figure.to_owned()));
    let counted = LegEvent::Counted(figures.to_vec());
    let told = [LegEvent::Joined, counted, LegEvent::Left];
    assert_eq!(world.reports(&leg), told);
}
