//! SplitSeg and MergeSeg: several Legs in one operation, each of which is told of.

use codec_h248::descriptor::ErrorCode;
use mgc_core::northbound::{
    CallId, Cause, Done, EventKind, LegEvent, LegId, LegState, Members, MoveResult, OperationId,
    OperationState, Refusal, Request, SegId, SegPolicy, Strategy,
};

use super::{
    gateway::Kind,
    network::{World, attach, delete_leg, delete_seg_with, report},
};

const STRATEGIES: [Strategy; 3] = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];

struct Room {
    world: World,
    call: CallId,
    main: SegId,
    legs: Vec<LegId>,
}

fn room(legs: usize) -> Room {
    let mut world = World::new();
    let (call, main) = world.create_call();
    let legs = (0..legs).map(|_| world.add_leg(&call)).collect();
    world.events.clear();
    Room {
        world,
        call,
        main,
        legs,
    }
}

impl Room {
    fn split(&self, legs: &[LegId], strategy: Strategy) -> Request {
        Request::SplitSeg {
            call: self.call.clone(),
            seg: self.main.clone(),
            legs: legs.to_vec(),
            name: Some("aside".into()),
            strategy: Some(strategy),
        }
    }

    fn merge(&self, seg: &SegId, into: &SegId) -> Request {
        Request::MergeSeg {
            call: self.call.clone(),
            seg: seg.clone(),
            into: into.clone(),
            strategy: None,
        }
    }

    /// Splits, and returns the operation and the Seg that it made.
    fn start_split(&mut self, legs: &[LegId], strategy: Strategy) -> (OperationId, SegId) {
        let request = self.split(legs, strategy);
        let operation = self.world.ask(request).expect("it is taken");
        let view = self.world.mgc.operation(&operation).expect("it is known");
        (operation, view.seg.expect("it makes a Seg"))
    }

    fn results(&self, operation: &OperationId) -> Vec<(LegId, MoveResult)> {
        let view = self.world.mgc.operation(operation).expect("it is known");
        let told = self.world.completions.iter();
        let mut told = told.filter(|end| end.operation == *operation);
        if let Some(end) = told.next() {
            assert_eq!(end.legs, view.legs);
        }
        let results = view.legs.into_iter().map(|leg| (leg.leg, leg.result));
        results.collect()
    }

    fn inside(&self, seg: &SegId) -> Vec<LegId> {
        self.world
            .mgc
            .seg(&self.call, seg)
            .expect("it is there")
            .legs
    }
}

fn sorted(mut legs: Vec<LegId>) -> Vec<LegId> {
    legs.sort();
    legs
}

#[test]
fn a_split_moves_the_legs_into_a_seg_of_their_own_by_each_strategy() {
    for strategy in STRATEGIES {
        let mut room = room(4);
        let chosen = sorted(room.legs[..2].to_vec());
        let (operation, seg) = room.start_split(&chosen, strategy);
        let moving = chosen.iter().cloned().map(|leg| (leg, MoveResult::Moving));
        assert_eq!(room.results(&operation), moving.collect::<Vec<_>>());
        room.world.run();
        let done = Done::LegsMoved { seg: seg.clone() };
        assert_eq!(room.world.completion(&operation), Ok(done));
        assert_eq!(room.world.state(&operation), OperationState::Done);
        let moved = chosen.iter().cloned().map(|leg| (leg, MoveResult::Moved));
        assert_eq!(room.results(&operation), moved.collect::<Vec<_>>());
        assert_eq!(sorted(room.inside(&seg)), chosen);
        assert_eq!(room.inside(&room.main), &room.legs[2..]);
        for leg in &chosen {
            assert_eq!(room.world.reports(leg), [LegEvent::Moved]);
        }
        let events = &room.world.events;
        assert_eq!(events[0].kind, EventKind::CreateSegRes);
        let of = |event: &mgc_core::northbound::Event| event.operation.clone();
        assert!(
            events
                .iter()
                .all(|event| of(event) == Some(operation.clone()))
        );
        assert_eq!(room.world.gateway().picture().len(), 2, "{strategy:?}");
    }
}

#[test]
fn a_split_of_which_one_leg_fails_tells_of_each() {
    let mut room = room(4);
    let chosen = sorted(room.legs[..3].to_vec());
    let refusal = (Kind::Move, ErrorCode::INSUFFICIENT_RESOURCES);
    room.world.gateway().refusals.push_back(refusal);
    let (operation, seg) = room.start_split(&chosen, Strategy::Move);
    room.world.run();
    let Err(Refusal::Gateway(why)) = room.world.completion(&operation) else {
        panic!("one was refused");
    };
    assert_eq!(why.code, ErrorCode::INSUFFICIENT_RESOURCES.0);
    assert_eq!(room.world.state(&operation), OperationState::Failed);
    let expected = [MoveResult::Failed, MoveResult::Moved, MoveResult::Moved];
    let results: Vec<MoveResult> = room.results(&operation).into_iter().map(|r| r.1).collect();
    assert_eq!(results, expected);
    let view = room.world.mgc.operation(&operation).unwrap();
    assert_eq!(view.legs[0].cause, Some(Refusal::Gateway(why)));
    assert_eq!(sorted(room.inside(&seg)), &chosen[1..]);
    assert_eq!(room.world.reports(&chosen[0]), [LegEvent::MoveFailed]);
    let here = room.world.leg(&room.call, &chosen[0]);
    assert_eq!(
        (here.seg, here.state),
        (Some(room.main), LegState::Attached)
    );
}

#[test]
fn a_split_that_moves_nobody_is_rolled_back_and_leaves_no_seg() {
    let mut room = room(3);
    let chosen = room.legs[..1].to_vec();
    let refusal = (Kind::Move, ErrorCode::INSUFFICIENT_RESOURCES);
    room.world.gateway().refusals.push_back(refusal);
    let (operation, seg) = room.start_split(&chosen, Strategy::TwoStep);
    room.world.run();
    assert!(room.world.completion(&operation).is_err());
    assert_eq!(room.world.state(&operation), OperationState::RolledBack);
    assert_eq!(room.world.mgc.segs(&room.call).unwrap().len(), 1);
    let last = room.world.events.last().unwrap();
    assert_eq!((&last.kind, &last.seg), (&EventKind::SegEnded, &Some(seg)));
    assert_eq!(last.operation, Some(operation));
}

#[test]
fn a_leg_that_leaves_during_a_split_is_told_of_and_hinders_nobody() {
    let mut room = room(3);
    let chosen = sorted(room.legs[..2].to_vec());
    let (operation, seg) = room.start_split(&chosen, Strategy::TwoStep);
    let gone = room.world.ask(delete_leg(&room.call, &chosen[0])).unwrap();
    room.world.run();
    assert_eq!(room.world.completion(&gone), Ok(Done::Deleted));
    let done = Done::LegsMoved { seg: seg.clone() };
    assert_eq!(room.world.completion(&operation), Ok(done));
    let expected = [
        (chosen[0].clone(), MoveResult::Left),
        (chosen[1].clone(), MoveResult::Moved),
    ];
    assert_eq!(room.results(&operation), expected);
    assert_eq!(room.inside(&seg), [chosen[1].clone()]);
}

#[test]
fn a_split_takes_only_legs_that_rest_in_the_seg() {
    let mut room = room(2);
    let seg = room.world.create_seg(&room.call);
    let (here, there) = (room.legs[0].clone(), room.legs[1].clone());
    let moved = attach(&room.call, &there, &seg, Strategy::Move);
    let operation = room.world.ask(moved).unwrap();
    let request = room.split(&[here.clone(), there.clone()], Strategy::Move);
    let busy = Refusal::LegBusy {
        leg: there.clone(),
        operation,
    };
    assert_eq!(room.world.ask(request.clone()), Err(busy));
    room.world.run();
    assert_eq!(room.world.ask(request), Err(Refusal::LegElsewhere(there)));
    let unknown = LegId::from_text("leg_0");
    let request = room.split(&[here, unknown.clone()], Strategy::Move);
    assert_eq!(room.world.ask(request), Err(Refusal::UnknownLeg(unknown)));
    assert_eq!(room.world.mgc.segs(&room.call).unwrap().len(), 2);
}

#[test]
fn a_merge_moves_all_legs_and_those_that_come_and_ends_the_seg() {
    let mut room = room(4);
    let chosen = sorted(room.legs[..2].to_vec());
    let (_, seg) = room.start_split(&chosen, Strategy::Move);
    room.world.run();
    let coming = room.legs[2].clone();
    let late = attach(&room.call, &coming, &seg, Strategy::TwoStep);
    room.world.ask(late).unwrap();
    let main = room.main.clone();
    let operation = room.world.ask(room.merge(&seg, &main)).unwrap();
    assert_eq!(
        room.world.ask(room.merge(&seg, &main)),
        Err(Refusal::UnknownSeg(seg.clone()))
    );
    room.world.run();
    let done = Done::LegsMoved { seg: main.clone() };
    assert_eq!(room.world.completion(&operation), Ok(done));
    let results = room.results(&operation);
    assert_eq!(results.len(), 3);
    assert!(
        results
            .iter()
            .all(|(_, result)| *result == MoveResult::Moved)
    );
    assert_eq!(room.inside(&main), room.legs);
    assert_eq!(room.world.mgc.segs(&room.call).unwrap().len(), 1);
    let last = room.world.events.last().unwrap();
    assert_eq!((&last.kind, &last.seg), (&EventKind::SegEnded, &Some(seg)));
}

#[test]
fn a_merge_that_fails_for_one_leg_keeps_the_seg_with_it() {
    let mut room = room(4);
    let chosen = sorted(room.legs[..2].to_vec());
    let (_, seg) = room.start_split(&chosen, Strategy::Move);
    room.world.run();
    let refusal = (Kind::Modify, ErrorCode::INSUFFICIENT_RESOURCES);
    room.world.gateway().refusals.push_back(refusal);
    let main = room.main.clone();
    let operation = room.world.ask(room.merge(&seg, &main)).unwrap();
    room.world.run();
    assert_eq!(room.world.state(&operation), OperationState::Failed);
    let results = room.results(&operation);
    let failed = results
        .iter()
        .find(|(_, result)| *result == MoveResult::Failed);
    let failed = failed.expect("one was refused").0.clone();
    assert_eq!(room.inside(&seg), [failed]);
    assert_eq!(room.inside(&main).len(), 3);
    // The next try takes the rest.
    let again = room.world.ask(room.merge(&seg, &main)).unwrap();
    room.world.run();
    assert!(room.world.completion(&again).is_ok());
    assert_eq!(room.inside(&main), room.legs);
}

#[test]
fn what_cannot_be_merged_is_refused() {
    let mut room = room(1);
    let seg = room.world.create_seg(&room.call);
    let main = room.main.clone();
    let cases = [
        (room.merge(&main, &seg), "seg.main"),
        (room.merge(&seg, &seg), "seg.same"),
        (room.merge(&seg, &SegId::from_text("seg_0")), "seg.unknown"),
    ];
    for (request, code) in cases {
        let refused = room.world.ask(request).map_err(|refusal| refusal.code());
        assert_eq!(refused, Err(code));
    }
}

#[test]
fn a_seg_with_legs_does_not_end_where_that_is_to_be_refused() {
    let mut room = room(2);
    let chosen = room.legs[..1].to_vec();
    let (_, seg) = room.start_split(&chosen, Strategy::Move);
    let refuse = delete_seg_with(&room.call, &seg, Members::Refuse);
    let refused = Err(Refusal::SegNotEmpty(seg.clone()));
    assert_eq!(room.world.ask(refuse.clone()), refused);
    room.world.run();
    assert_eq!(room.world.ask(refuse.clone()), refused);
    let back = attach(&room.call, &chosen[0], &room.main, Strategy::Move);
    room.world.carry_out(back).unwrap();
    assert_eq!(room.world.carry_out(refuse), Ok(Done::Deleted));
}

#[test]
fn the_legs_of_a_seg_can_leave_with_it() {
    let mut room = room(3);
    let chosen = room.legs[..2].to_vec();
    let (_, seg) = room.start_split(&chosen, Strategy::Move);
    room.world.run();
    room.world.events.clear();
    let release = delete_seg_with(&room.call, &seg, Members::Release);
    let operation = room.world.ask(release).unwrap();
    room.world.run();
    assert_eq!(room.world.completion(&operation), Ok(Done::Deleted));
    assert_eq!(
        room.world.mgc.call(&room.call).unwrap().legs,
        &room.legs[2..]
    );
    let left = room
        .world
        .events
        .iter()
        .filter(|event| report(event) == Some(LegEvent::Left));
    for event in left.clone() {
        assert_eq!(event.operation, Some(operation.clone()));
        assert_eq!(event.cause, Some(Cause::Requested));
    }
    assert_eq!(left.count(), 2);
    assert_eq!(room.world.gateway().picture().len(), 1);
}

#[test]
fn what_is_split_off_a_private_seg_is_private_too() {
    for private in [true, false] {
        let mut room = room(2);
        let request = Request::CreateSeg {
            call: room.call.clone(),
            name: None,
            policy: SegPolicy {
                private,
                ..SegPolicy::default()
            },
            by: None,
        };
        let Ok(Done::SegCreated { seg }) = room.world.carry_out(request) else {
            panic!("a Seg");
        };
        let request = attach(&room.call, &room.legs[0], &seg, Strategy::Move);
        room.world.carry_out(request).expect("it is moved");
        assert_eq!(
            room.world.leg(&room.call, &room.legs[0]).in_private,
            private
        );
        let request = Request::SplitSeg {
            call: room.call.clone(),
            seg,
            legs: vec![room.legs[0].clone()],
            name: None,
            strategy: None,
        };
        room.world.carry_out(request).expect("it is split");
        let told = |leg: &LegId| room.world.leg(&room.call, leg).in_private;
        assert_eq!(told(&room.legs[0]), private);
        assert!(!told(&room.legs[1]));
    }
}
