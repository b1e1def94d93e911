//! Segs that close by themselves.

use std::{collections::BTreeMap, time::Duration};

use codec_h248::descriptor::{ErrorCode, ServiceChangeMethod};
use mgc_core::{
    Mgc, Record, Table,
    northbound::{
        AutoClose, Cause, Closing, Done, EventKind, LegEvent, NewCall, OnGatewayLoss,
        OperationKind, OperationState, Refusal, Request, Role, SegChanges, SegLimits, SegPolicy,
        Separation, Strategy,
    },
};
use transport_h248::Anchor;

use super::{
    gateway::Kind,
    network::{World, delete_leg, delete_seg, durable, join},
    rules::{Room, furnish, room, room_of},
};

const STRATEGIES: [Option<Strategy>; 4] = [
    Some(Strategy::TwoStep),
    Some(Strategy::Move),
    Some(Strategy::SubtractAdd),
    None,
];

fn closing(auto_close: AutoClose) -> SegPolicy {
    SegPolicy {
        auto_close,
        ..SegPolicy::default()
    }
}

/// A room of the Call that the strategy is for; `None` is topology.
fn room_for(strategy: Option<Strategy>, legs: usize, auto_close: AutoClose) -> Room {
    let separation = match strategy {
        Some(_) => Separation::Contexts,
        None => Separation::Topology,
    };
    room_of(separation, legs, closing(auto_close))
}

impl Room {
    fn is_there(&self) -> bool {
        self.world.mgc.seg(&self.call, &self.seg).is_ok()
    }

    /// Asserts that the Seg closed by itself once, and returns why.
    fn closed(&self) -> Closing {
        assert!(!self.is_there());
        let ended = self.world.events.iter();
        let mut ended = ended.filter(|event| event.kind == EventKind::SegEnded);
        let event = ended.next().expect("it is told");
        assert!(ended.next().is_none(), "it is told once");
        assert_eq!(event.seg, Some(self.seg.clone()));
        let operation = event.operation.clone().expect("it is an operation");
        let view = self.world.mgc.operation(&operation).expect("it is known");
        let state = (view.kind, view.state);
        assert_eq!(state, (OperationKind::AutoClose, OperationState::Done));
        assert_eq!(self.world.completion(&operation), Ok(Done::Deleted));
        match event.cause {
            Some(Cause::Closed(why)) => why,
            ref other => panic!("{other:?}"),
        }
    }

    fn all_in_main(&self) -> bool {
        let legs = self.world.mgc.call(&self.call).expect("a Call").legs;
        self.inside(&self.main) == Some(legs)
    }
}

#[test]
fn a_seg_closes_when_its_last_leg_leaves_by_each_strategy() {
    for strategy in STRATEGIES {
        let mut room = room_for(strategy, 2, AutoClose::Empty);
        let (seg, main) = (room.seg.clone(), room.main.clone());
        room.world.run();
        assert!(room.is_there(), "it waits for its first Leg");
        for leg in [0, 1] {
            room.begin(leg, &seg, strategy).expect("it is taken");
        }
        room.world.run();
        room.begin(0, &main, strategy).expect("it is taken");
        room.world.run();
        assert!(room.is_there());
        room.begin(1, &main, strategy).expect("it is taken");
        room.world.run();
        assert_eq!(room.closed(), Closing::Empty, "{strategy:?}");
        assert!(room.all_in_main());
        assert_eq!(room.world.gateway().picture().len(), 1);
    }
}

#[test]
fn who_is_left_alone_returns_to_the_main_seg_by_each_strategy() {
    for strategy in STRATEGIES {
        let mut room = room_for(strategy, 3, AutoClose::One);
        let (seg, main) = (room.seg.clone(), room.main.clone());
        room.begin(0, &seg, strategy).expect("it is taken");
        room.world.run();
        assert!(room.is_there(), "the first waits for the second");
        room.begin(1, &seg, strategy).expect("it is taken");
        room.world.run();
        room.world.events.clear();
        room.begin(0, &main, strategy).expect("it is taken");
        room.world.run();
        assert_eq!(room.closed(), Closing::OneLeft, "{strategy:?}");
        assert!(room.all_in_main());
        assert_eq!(room.world.reports(&room.legs[1]), [LegEvent::Moved]);
        assert_eq!(room.world.gateway().picture().len(), 1);
    }
}

#[test]
fn one_who_was_alone_all_the_time_closes_it_by_leaving() {
    let mut room = room(1, closing(AutoClose::One));
    room.enter(0);
    let main = room.main.clone();
    room.go(0, &main);
    assert_eq!(room.closed(), Closing::Empty);
}

#[test]
fn who_is_on_the_way_counts_at_each_moment_of_the_way() {
    for strategy in STRATEGIES {
        for moment in 0..30 {
            let mut room = room_for(strategy, 3, AutoClose::One);
            let (seg, main) = (room.seg.clone(), room.main.clone());
            room.enter(0);
            room.enter(1);
            room.begin(2, &seg, strategy).expect("it is taken");
            room.world.run_for(Duration::from_millis(moment));
            room.begin(1, &main, strategy).expect("it is taken");
            room.world.run();
            assert!(room.is_there(), "{strategy:?} after {moment} ms");
            let inside = [room.legs[0].clone(), room.legs[2].clone()];
            assert_eq!(room.inside(&seg), Some(inside.to_vec()));
        }
    }
}

#[test]
fn one_who_does_not_arrive_leaves_the_other_alone() {
    for (strategy, kind) in [
        (Some(Strategy::TwoStep), Kind::Move),
        (Some(Strategy::Move), Kind::Move),
        (Some(Strategy::SubtractAdd), Kind::Add),
        (None, Kind::Modify),
    ] {
        let mut room = room_for(strategy, 3, AutoClose::One);
        let (seg, main) = (room.seg.clone(), room.main.clone());
        room.enter(0);
        room.enter(1);
        room.world.events.clear();
        let refusal = (kind, ErrorCode::INSUFFICIENT_RESOURCES);
        room.world.gateway().refusals.push_back(refusal);
        let refused = room.begin(2, &seg, strategy).expect("it is taken");
        room.begin(1, &main, strategy).expect("it is taken");
        room.world.run();
        assert!(room.world.completion(&refused).is_err(), "{strategy:?}");
        assert_eq!(room.closed(), Closing::OneLeft, "{strategy:?}");
        assert!(room.all_in_main());
    }
}

#[test]
fn a_leg_that_hangs_up_at_any_moment_leaves_no_seg_behind() {
    for strategy in STRATEGIES {
        for rule in [AutoClose::Empty, AutoClose::One] {
            for moment in 0..25 {
                let mut room = room_for(strategy, 2, rule);
                let (seg, main) = (room.seg.clone(), room.main.clone());
                room.begin(0, &seg, strategy).expect("it is taken");
                room.world.run();
                room.begin(0, &main, strategy).expect("it is taken");
                room.world.run_for(Duration::from_millis(moment));
                let end = delete_leg(&room.call, &room.legs[0]);
                room.world.carry_out(end).expect("it ends");
                room.world.run();
                assert_eq!(room.closed(), Closing::Empty, "{strategy:?} {moment}");
                assert!(room.all_in_main());
            }
        }
    }
}

#[test]
fn a_hang_up_of_one_of_two_closes_it_for_both() {
    for separation in [Separation::Contexts, Separation::Topology] {
        let mut room = room_of(separation, 2, closing(AutoClose::One));
        room.enter(0);
        room.enter(1);
        let end = delete_leg(&room.call, &room.legs[0]);
        room.world.carry_out(end).expect("it ends");
        room.world.run();
        assert_eq!(room.closed(), Closing::OneLeft);
        assert!(room.all_in_main());
    }
}

#[test]
fn a_leg_that_never_joins_is_no_leg_that_left() {
    let mut room = room(0, closing(AutoClose::Empty));
    let refusal = (Kind::Add, ErrorCode::INSUFFICIENT_RESOURCES);
    room.world.gateway().refusals.push_back(refusal);
    let newcomer = join(&room.call, Some(&room.seg));
    assert!(room.world.carry_out(newcomer.clone()).is_err());
    assert!(room.is_there());
    let joined = room.world.carry_out(newcomer);
    let Ok(Done::LegAdded { leg, .. }) = joined else {
        panic!("{joined:?}");
    };
    let end = delete_leg(&room.call, &leg);
    room.world.carry_out(end).expect("it ends");
    assert_eq!(room.closed(), Closing::Empty);
}

#[test]
fn the_loss_of_the_gateway_closes_it_unless_the_legs_outlive_that() {
    for on_gateway_loss in [OnGatewayLoss::Release, OnGatewayLoss::Recreate] {
        for rule in [AutoClose::Empty, AutoClose::One] {
            let mut world = World::new();
            world.add_gateway("gw2");
            world.run();
            let created = world.create_call_with(NewCall {
                on_gateway_loss,
                ..NewCall::default()
            });
            let mut room = furnish(world, created, 3, closing(rule));
            room.enter(0);
            room.enter(1);
            room.world.events.clear();
            let (method, reason) = (ServiceChangeMethod::Forced, "908 MG Impending Failure");
            room.world.service_change("ROOT", method, reason);
            if on_gateway_loss == OnGatewayLoss::Recreate {
                let seg = room.seg.clone();
                assert_eq!(room.inside(&seg), Some(room.legs[..2].to_vec()));
                continue;
            }
            room.closed();
            assert!(room.world.mgc.legs(&room.call).unwrap().is_empty());
        }
    }
}

/// A Call at the first of two gateways, which makes its Legs anew; the third is a supervisor on its
/// way into the Seg, where nobody else is any more.
fn left_while_another_comes(moment: u64, rule: AutoClose) -> Room {
    let mut world = World::new();
    world.add_gateway("gw2");
    world.run();
    let created = world.create_call_with(NewCall {
        on_gateway_loss: OnGatewayLoss::Recreate,
        ..NewCall::default()
    });
    let mut room = furnish(world, created, 2, closing(rule));
    let mut supervisor = join(&room.call, None);
    if let Request::AddLeg { role, .. } = &mut supervisor {
        *role = Role::Supervisor;
    }
    let Ok(Done::LegAdded { leg, .. }) = room.world.carry_out(supervisor) else {
        panic!("it joins");
    };
    room.legs.push(leg);
    room.enter(0);
    let (seg, main) = (room.seg.clone(), room.main.clone());
    room.begin(0, &main, Some(Strategy::Move))
        .expect("it is taken");
    room.begin(2, &seg, Some(Strategy::TwoStep))
        .expect("it is taken");
    room.world.run_for(Duration::from_millis(moment));
    room
}

#[test]
fn who_was_on_the_way_when_the_gateway_was_lost_keeps_no_seg_open() {
    let lose = |room: &mut Room| {
        let (method, reason) = (ServiceChangeMethod::Forced, "908 MG Impending Failure");
        room.world.service_change("ROOT", method, reason);
        room.world.run();
    };
    for moment in 0..30 {
        let mut room = left_while_another_comes(moment, AutoClose::Empty);
        lose(&mut room);
        let inside = room.inside(&room.seg);
        assert_ne!(inside, Some(Vec::new()), "closes after {moment} ms");

        let mut room = left_while_another_comes(moment, AutoClose::Never);
        lose(&mut room);
        let seg = room.world.mgc.seg(&room.call, &room.seg).unwrap();
        let hears = seg.legs.contains(&room.legs[2]);
        assert_eq!(seg.supervised, hears, "after {moment} ms");

        let mut room = left_while_another_comes(moment, AutoClose::Never);
        let end = room.world.ask(delete_seg(&room.call, &room.seg)).unwrap();
        lose(&mut room);
        assert!(room.world.has_ended(&end), "ends after {moment} ms");
        assert!(!room.is_there());
        assert_eq!(room.world.mgc.legs(&room.call).unwrap().len(), 3);
    }
}

#[test]
fn the_main_seg_never_closes_and_a_call_that_ends_closes_nothing_by_itself() {
    let mut room = room(2, closing(AutoClose::One));
    room.enter(0);
    room.enter(1);
    let main = room.main.clone();
    assert_eq!(room.inside(&main), Some(Vec::new()));
    let end = Request::DeleteCall {
        call: room.call.clone(),
    };
    assert_eq!(room.world.carry_out(end), Ok(Done::Deleted));
    let requested = |event: &&mgc_core::northbound::Event| event.kind == EventKind::SegEnded;
    let ended: Vec<_> = room.world.events.iter().filter(requested).collect();
    assert_eq!(ended.len(), 2);
    assert!(ended.iter().all(|end| end.cause == Some(Cause::Requested)));
}

#[test]
fn a_merge_that_leaves_one_behind_closes_it() {
    let mut room = room(3, closing(AutoClose::One));
    room.enter(0);
    room.enter(1);
    room.world.events.clear();
    let refusal = (Kind::Move, ErrorCode::INSUFFICIENT_RESOURCES);
    room.world.gateway().refusals.push_back(refusal);
    let merge = Request::MergeSeg {
        call: room.call.clone(),
        seg: room.seg.clone(),
        into: room.main.clone(),
        strategy: Some(Strategy::Move),
    };
    assert!(room.world.carry_out(merge).is_err());
    assert_eq!(room.closed(), Closing::OneLeft);
    assert!(room.all_in_main());
}

#[test]
fn one_who_cannot_return_stays_and_is_asked_again_from_time_to_time() {
    let mut room = room(2, closing(AutoClose::One));
    room.enter(0);
    room.enter(1);
    room.world.events.clear();
    let refusal = (Kind::Move, ErrorCode::INSUFFICIENT_RESOURCES);
    let main = room.main.clone();
    room.begin(0, &main, Some(Strategy::Move))
        .expect("it is taken");
    room.world.run_for(Duration::from_millis(6));
    room.world.gateway().refusals.extend([refusal; 9]);
    room.world.run();
    assert!(room.is_there());
    let seg = room.seg.clone();
    assert_eq!(room.inside(&seg), Some(room.legs[1..2].to_vec()));
    assert_eq!(room.world.gateway().refusals.len(), 8, "it was asked once");
    let failed = room.world.completions.iter();
    let failed = failed.filter(|end| matches!(end.result, Err(Refusal::Gateway(_))));
    assert_eq!(failed.count(), 1);
    room.world.run_for(Duration::from_secs(20));
    assert_eq!(room.world.gateway().refusals.len(), 6, "it was asked twice");
    room.world.gateway().refusals.clear();
    room.world.run_for(Duration::from_secs(10));
    assert_eq!(room.closed(), Closing::OneLeft);
    assert!(room.all_in_main());
}

#[test]
fn a_rule_that_is_made_later_is_asked_at_once() {
    let mut room = room(1, closing(AutoClose::Never));
    room.enter(0);
    let main = room.main.clone();
    room.go(0, &main);
    assert!(room.is_there());
    let changes = SegChanges {
        auto_close: Some(AutoClose::Empty),
        ..SegChanges::default()
    };
    assert!(matches!(room.change(changes), Ok(Done::SegModified(_))));
    assert_eq!(room.closed(), Closing::Empty);
}

fn lasting(seconds: u32) -> SegPolicy {
    SegPolicy {
        limits: SegLimits {
            seconds: Some(seconds),
            ..SegLimits::default()
        },
        ..SegPolicy::default()
    }
}

#[test]
fn a_seg_closes_when_its_time_is_over() {
    for separation in [Separation::Contexts, Separation::Topology] {
        let mut room = room_of(separation, 2, lasting(60));
        room.enter(0);
        room.enter(1);
        room.world.run_for(Duration::from_secs(50));
        assert!(room.is_there());
        room.world.run_for(Duration::from_secs(10));
        assert_eq!(room.closed(), Closing::Expired);
        assert!(room.all_in_main());
    }
}

#[test]
fn the_time_of_a_seg_can_be_given_anew_and_taken_away() {
    let mut room = room(1, lasting(10));
    let seconds = |seconds| SegChanges {
        seconds: Some(seconds),
        ..SegChanges::default()
    };
    room.world.run_for(Duration::from_secs(7));
    room.change(seconds(Some(10))).expect("it is changed");
    room.world.run_for(Duration::from_secs(7));
    assert!(room.is_there());
    room.change(seconds(None)).expect("it is changed");
    room.world.run_for(Duration::from_secs(60));
    assert!(room.is_there());
    room.change(seconds(Some(1))).expect("it is changed");
    room.world.run();
    assert_eq!(room.closed(), Closing::Expired);
}

#[test]
fn a_seg_that_cannot_be_emptied_when_its_time_is_over_is_tried_again() {
    let mut room = room(1, lasting(10));
    room.enter(0);
    let refusal = (Kind::Move, ErrorCode::INSUFFICIENT_RESOURCES);
    room.world.gateway().refusals.push_back(refusal);
    room.world.run_for(Duration::from_secs(15));
    assert!(room.is_there());
    room.world.run_for(Duration::from_secs(10));
    assert_eq!(room.closed(), Closing::Expired);
    assert!(room.all_in_main());
}

pub(crate) type Rows = BTreeMap<(Table, String), Record>;

/// Kills the controller, and starts it again after `down` with the rows that it had told.
pub(crate) fn restart(world: &mut World, rows: &mut Rows, down: Duration) {
    while let Some(record) = world.mgc.poll_record() {
        rows.insert((record.table, record.key.clone()), record);
    }
    let system = world.anchor.system(world.now) + down;
    world.now += down;
    let anchor = Anchor {
        instant: world.now,
        system,
    };
    world.anchor = anchor;
    let records = rows.values().cloned();
    let restored = Mgc::restore(durable(), 2, anchor, world.now, records);
    world.mgc = restored.expect("it is whole");
}

pub(crate) fn durable_room(separation: Separation, legs: usize, policy: SegPolicy) -> Room {
    let mut world = World::with(durable());
    let created = world.create_call_of(separation);
    furnish(world, created, legs, policy)
}

#[test]
fn a_controller_that_is_killed_at_any_moment_of_a_closing_closes_it() {
    for separation in [Separation::Contexts, Separation::Topology] {
        let mut begun = 0;
        for moment in 0..40 {
            let mut room = durable_room(separation, 2, closing(AutoClose::One));
            let mut rows = Rows::new();
            room.enter(0);
            room.enter(1);
            let main = room.main.clone();
            room.begin(0, &main, None).expect("it is taken");
            room.world.run_for(Duration::from_millis(moment));
            let left = room.world.leg(&room.call, &room.legs[1]);
            begun += usize::from(left.operation.is_some());
            restart(&mut room.world, &mut rows, Duration::from_secs(1));
            room.world.run_for(Duration::from_secs(60));
            // A move that was interrupted may have been undone, and then two are there.
            let seg = room.seg.clone();
            if room.is_there() {
                assert!(left.operation.is_none(), "{separation:?} after {moment} ms");
                assert_eq!(room.inside(&seg), Some(room.legs.clone()));
                room.go(0, &main);
                room.world.run();
            }
            assert!(!room.is_there(), "{separation:?} after {moment} ms");
            assert!(room.all_in_main());
            let legs = room.world.mgc.legs(&room.call).unwrap();
            assert!(legs.iter().all(|leg| leg.operation.is_none()));
        }
        assert!(begun > 5, "the closing was interrupted {begun} times");
    }
}

#[test]
fn rules_and_the_time_of_a_seg_outlive_the_controller() {
    let policy = SegPolicy {
        auto_close: AutoClose::One,
        locked: true,
        ..lasting(60)
    };
    let mut room = durable_room(Separation::Contexts, 1, policy.clone());
    let mut rows = Rows::new();
    restart(&mut room.world, &mut rows, Duration::from_secs(20));
    room.world.run();
    let view = room.world.mgc.seg(&room.call, &room.seg).unwrap();
    assert_eq!(view.policy, policy);
    let seg = room.seg.clone();
    let locked = Err(Refusal::SegLocked(seg));
    assert_eq!(room.begin(0, &room.seg.clone(), None), locked);
    room.world.run_for(Duration::from_secs(30));
    assert!(room.is_there());
    // Its time is over while the controller is down.
    restart(&mut room.world, &mut rows, Duration::from_secs(20));
    room.world.run();
    assert_eq!(room.closed(), Closing::Expired);
}
