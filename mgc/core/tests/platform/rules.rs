//! How much goes into a room, and its lock.

use std::time::Duration;

use codec_h248::descriptor::ErrorCode;
use mgc_core::northbound::{
    CallId, CallLimits, Done, EventKind, Key, LegId, NewCall, OperationId, Origin, Refusal,
    Request, SegChanges, SegId, SegLimits, SegPolicy, Separation, Strategy,
};

use super::{
    gateway::Kind,
    network::{World, attach, config, delete_seg, join},
};

const STRATEGIES: [Strategy; 3] = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];

pub(crate) struct Room {
    pub(crate) world: World,
    pub(crate) call: CallId,
    pub(crate) main: SegId,
    pub(crate) seg: SegId,
    pub(crate) legs: Vec<LegId>,
}

pub(crate) fn at_most(legs: usize) -> SegPolicy {
    SegPolicy {
        limits: SegLimits {
            legs: Some(legs),
            ..SegLimits::default()
        },
        ..SegPolicy::default()
    }
}

/// Legs in the main Seg, and another Seg with these rules.
pub(crate) fn room(legs: usize, policy: SegPolicy) -> Room {
    let mut world = World::new();
    let created = world.create_call();
    furnish(world, created, legs, policy)
}

pub(crate) fn room_of(separation: Separation, legs: usize, policy: SegPolicy) -> Room {
    let mut world = World::new();
    let created = world.create_call_of(separation);
    furnish(world, created, legs, policy)
}

pub(crate) fn furnish(
    mut world: World,
    (call, main): (CallId, SegId),
    legs: usize,
    policy: SegPolicy,
) -> Room {
    let seg = create_seg(&mut world, &call, policy).expect("a Seg");
    let legs = (0..legs).map(|_| world.add_leg(&call)).collect();
    world.events.clear();
    Room {
        world,
        call,
        main,
        seg,
        legs,
    }
}

pub(crate) fn create_seg(
    world: &mut World,
    call: &CallId,
    policy: SegPolicy,
) -> Result<SegId, Refusal> {
    let request = Request::CreateSeg {
        call: call.clone(),
        name: None,
        policy,
        by: None,
    };
    let done = world.carry_out(request)?;
    let Done::SegCreated { seg } = done else {
        panic!("{done:?}");
    };
    Ok(seg)
}

impl Room {
    pub(crate) fn begin(
        &mut self,
        leg: usize,
        seg: &SegId,
        strategy: Option<Strategy>,
    ) -> Result<OperationId, Refusal> {
        let mut request = attach(&self.call, &self.legs[leg], seg, Strategy::Move);
        if let Request::AttachMedia { strategy: how, .. } = &mut request {
            *how = strategy;
        }
        self.world.ask(request)
    }

    pub(crate) fn enter(&mut self, leg: usize) {
        let seg = self.seg.clone();
        self.go(leg, &seg);
    }

    pub(crate) fn go(&mut self, leg: usize, seg: &SegId) {
        let operation = self.begin(leg, seg, None).expect("it is taken");
        self.world.run();
        let end = self.world.completion(&operation);
        assert!(matches!(end, Ok(Done::LegMoved { .. })), "{end:?}");
    }

    pub(crate) fn inside(&self, seg: &SegId) -> Option<Vec<LegId>> {
        let view = self.world.mgc.seg(&self.call, seg).ok()?;
        Some(view.legs)
    }

    pub(crate) fn change(&mut self, changes: SegChanges) -> Result<Done, Refusal> {
        let request = Request::ModifySeg {
            call: self.call.clone(),
            seg: self.seg.clone(),
            changes,
        };
        self.world.carry_out(request)
    }

    fn lock(&mut self, locked: bool) {
        let changes = SegChanges {
            locked: Some(locked),
            ..SegChanges::default()
        };
        assert!(matches!(self.change(changes), Ok(Done::SegModified(_))));
    }

    fn full(&self, max: usize) -> Refusal {
        let seg = self.seg.clone();
        Refusal::SegFull { seg, max }
    }
}

fn limited(segs: usize, legs: usize) -> NewCall {
    NewCall {
        limits: CallLimits {
            segs: Some(segs),
            legs: Some(legs),
        },
        ..NewCall::default()
    }
}

#[test]
fn a_call_has_no_more_segs_and_legs_than_it_was_made_for() {
    let mut world = World::new();
    let (call, main) = world.create_call_with(limited(2, 2));
    let view = world.mgc.call(&call).unwrap();
    assert_eq!((view.segs_max, view.legs_max), (2, 2));
    let seg = world.create_seg(&call);
    let over = create_seg(&mut world, &call, SegPolicy::default());
    let (max, id) = (2, call.clone());
    assert_eq!(over, Err(Refusal::SegLimit { call: id, max }));
    let legs = [(); 2].map(|()| world.add_leg(&call));
    let id = call.clone();
    let over = Err(Refusal::LegLimit { call: id, max });
    assert_eq!(world.ask(join(&call, Some(&seg))), over);
    let split = Request::SplitSeg {
        call: call.clone(),
        seg: main,
        legs: legs.to_vec(),
        name: None,
        strategy: None,
    };
    let id = call.clone();
    assert_eq!(
        world.ask(split.clone()),
        Err(Refusal::SegLimit { call: id, max })
    );
    world.carry_out(delete_seg(&call, &seg)).expect("it ends");
    assert!(world.carry_out(split).is_ok());
}

#[test]
fn what_the_operator_allows_is_the_rule_where_nothing_is_said_and_never_exceeded() {
    let mut config = config();
    config.limits.segs_per_call = 3;
    config.limits.legs_per_call = 4;
    config.limits.legs_per_seg = Some(1);
    let mut world = World::with(config);
    let created = world.create_call_with(limited(9, 9));
    let mut room = furnish(world, created, 2, at_most(5));
    let view = room.world.mgc.call(&room.call).unwrap();
    assert_eq!((view.segs_max, view.legs_max), (3, 4));
    let view = room.world.mgc.seg(&room.call, &room.seg).unwrap();
    assert_eq!(view.legs_max, Some(1));
    let main = room.world.mgc.seg(&room.call, &room.main).unwrap();
    assert_eq!(main.legs_max, None, "Legs return to it");
    room.enter(0);
    let seg = room.seg.clone();
    assert_eq!(room.begin(1, &seg, None), Err(room.full(1)));
}

#[test]
fn moves_at_once_into_the_last_place_are_told_apart_by_each_strategy() {
    for strategy in STRATEGIES.map(Some).into_iter().chain([None]) {
        let separation = match strategy {
            Some(_) => Separation::Contexts,
            None => Separation::Topology,
        };
        let mut room = room_of(separation, 4, at_most(2));
        let seg = room.seg.clone();
        let asked: Vec<_> = (0..4).map(|leg| room.begin(leg, &seg, strategy)).collect();
        let full = room.full(2);
        assert_eq!(asked[2..], [Err(full.clone()), Err(full.clone())]);
        assert!(asked[..2].iter().all(Result::is_ok));
        let (call, leg) = (room.call.clone(), join(&room.call, Some(&seg)));
        assert_eq!(room.world.ask(leg), Err(full.clone()), "{call}");
        room.world.run();
        assert_eq!(room.inside(&seg), Some(room.legs[..2].to_vec()));
        // Who leaves has its place until it is confirmed elsewhere.
        let main = room.main.clone();
        assert!(room.begin(0, &main, strategy).is_ok());
        assert_eq!(room.begin(2, &seg, strategy), Err(full));
        room.world.run();
        assert!(room.begin(2, &seg, strategy).is_ok());
        room.world.run();
        assert_eq!(room.inside(&seg).map(|legs| legs.len()), Some(2));
    }
}

#[test]
fn a_leg_whose_move_fails_is_back_in_a_full_and_locked_seg_by_each_strategy() {
    for (strategy, kind) in [
        (Strategy::TwoStep, Kind::Move),
        (Strategy::Move, Kind::Move),
        (Strategy::SubtractAdd, Kind::Add),
    ] {
        let mut room = room(2, at_most(1));
        room.enter(0);
        room.lock(true);
        let refusal = (kind, ErrorCode::INSUFFICIENT_RESOURCES);
        room.world.gateway().refusals.push_back(refusal);
        let (seg, main) = (room.seg.clone(), room.main.clone());
        let operation = room.begin(0, &main, Some(strategy)).expect("it may leave");
        let locked = Err(Refusal::SegLocked(seg.clone()));
        assert_eq!(room.begin(1, &seg, Some(strategy)), locked);
        room.world.run();
        let end = room.world.completion(&operation);
        assert!(matches!(end, Err(Refusal::Gateway(_))), "{end:?}");
        assert_eq!(room.inside(&seg), Some(room.legs[..1].to_vec()));
        assert_eq!(room.world.gateway().picture().len(), 2, "{strategy:?}");
    }
}

#[test]
fn who_returns_to_the_main_seg_is_never_one_too_many() {
    let mut room = room(2, SegPolicy::default());
    room.enter(0);
    room.enter(1);
    let main = room.main.clone();
    let lock = Request::ModifySeg {
        call: room.call.clone(),
        seg: main.clone(),
        changes: SegChanges {
            locked: Some(true),
            ..SegChanges::default()
        },
    };
    assert!(matches!(
        room.world.carry_out(lock),
        Ok(Done::SegModified(_))
    ));
    let newcomer = join(&room.call, None);
    let locked = Err(Refusal::SegLocked(main.clone()));
    assert_eq!(room.world.ask(newcomer), locked);
    room.go(0, &main);
    let end = delete_seg(&room.call, &room.seg);
    assert_eq!(room.world.carry_out(end), Ok(Done::Deleted));
    assert_eq!(room.inside(&main), Some(room.legs.clone()));
}

#[test]
fn a_locked_seg_lets_nobody_in_and_everybody_out() {
    for separation in [Separation::Contexts, Separation::Topology] {
        let mut room = room_of(separation, 3, SegPolicy::default());
        let (seg, main) = (room.seg.clone(), room.main.clone());
        room.enter(0);
        let running = room.begin(1, &seg, None).expect("it is taken");
        room.lock(true);
        assert!(room.world.completion(&running).is_ok(), "it was on its way");
        let locked = Err(Refusal::SegLocked(seg.clone()));
        assert_eq!(room.begin(2, &seg, None), locked);
        let newcomer = join(&room.call, Some(&seg));
        assert_eq!(room.world.ask(newcomer), locked);
        // One that is in it may be detached and opened again.
        let detach = Request::DetachMedia {
            call: room.call.clone(),
            leg: room.legs[0].clone(),
        };
        assert!(room.world.carry_out(detach).is_ok());
        room.enter(0);
        room.go(0, &main);
        assert_eq!(room.begin(0, &seg, None), locked);
        room.lock(false);
        room.enter(0);
    }
}

#[test]
fn a_merge_into_a_seg_without_room_for_all_is_refused_whole() {
    let mut room = room(3, at_most(2));
    let other = create_seg(&mut room.world, &room.call, SegPolicy::default()).unwrap();
    room.enter(0);
    room.go(1, &other);
    room.go(2, &other);
    room.world.events.clear();
    let merge = Request::MergeSeg {
        call: room.call.clone(),
        seg: other.clone(),
        into: room.seg.clone(),
        strategy: None,
    };
    assert_eq!(room.world.ask(merge.clone()), Err(room.full(2)));
    assert!(room.world.events.is_empty());
    let main = room.main.clone();
    room.go(0, &main);
    room.lock(true);
    let locked = Err(Refusal::SegLocked(room.seg.clone()));
    assert_eq!(room.world.ask(merge.clone()), locked);
    room.lock(false);
    assert!(room.world.carry_out(merge).is_ok());
    assert_eq!(room.inside(&other), None);
    let seg = room.seg.clone();
    assert_eq!(room.inside(&seg), Some(room.legs[1..].to_vec()));
}

#[test]
fn a_merge_that_began_is_not_refused_by_a_limit_that_comes_later() {
    let mut room = room(3, at_most(2));
    let other = create_seg(&mut room.world, &room.call, SegPolicy::default()).unwrap();
    room.go(0, &other);
    let (call, seg, main) = (room.call.clone(), room.seg.clone(), room.main.clone());
    // One that is on its way when the merge begins is sent on only once it has arrived.
    room.world.gateway().hold = true;
    room.begin(1, &other, Some(Strategy::Move))
        .expect("it is taken");
    room.world.run_for(Duration::from_millis(100));
    let merge = Request::MergeSeg {
        call: call.clone(),
        seg: other.clone(),
        into: seg.clone(),
        strategy: Some(Strategy::Move),
    };
    let merge = room.world.ask(merge).expect("there is room");
    let changes = SegChanges {
        locked: Some(true),
        legs_max: Some(Some(1)),
        ..SegChanges::default()
    };
    assert!(matches!(room.change(changes), Ok(Done::SegModified(_))));
    let now = room.world.now;
    room.world.gateway().hold = false;
    room.world.gateway().release_backwards(now);
    room.world.run();
    assert!(room.world.completion(&merge).is_ok());
    assert_eq!(room.inside(&seg).map(|legs| legs.len()), Some(2));
    assert_eq!(room.inside(&main), Some(room.legs[2..].to_vec()));
}

#[test]
fn a_split_has_the_rules_of_its_seg_but_for_the_lock() {
    let mut room = room(2, at_most(2));
    room.enter(0);
    room.enter(1);
    room.lock(true);
    let split = Request::SplitSeg {
        call: room.call.clone(),
        seg: room.seg.clone(),
        legs: room.legs[..1].to_vec(),
        name: None,
        strategy: None,
    };
    let Ok(Done::LegsMoved { seg }) = room.world.carry_out(split) else {
        panic!("it may leave");
    };
    let view = room.world.mgc.seg(&room.call, &seg).unwrap();
    assert_eq!(
        (view.policy, view.legs),
        (at_most(2), room.legs[..1].to_vec())
    );
}

#[test]
fn a_split_of_more_than_its_seg_may_have_is_refused_whole() {
    let mut config = config();
    config.limits.legs_per_seg = Some(1);
    let mut world = World::with(config);
    let created = world.create_call_with(NewCall::default());
    let mut room = furnish(world, created, 2, SegPolicy::default());
    let mut split = |legs: usize| {
        let request = Request::SplitSeg {
            call: room.call.clone(),
            seg: room.main.clone(),
            legs: room.legs[..legs].to_vec(),
            name: None,
            strategy: None,
        };
        room.world.carry_out(request)
    };
    let refused = split(2);
    assert!(
        matches!(refused, Err(Refusal::SegFull { max: 1, .. })),
        "{refused:?}"
    );
    let taken = split(1);
    assert!(matches!(taken, Ok(Done::LegsMoved { .. })), "{taken:?}");
    let (main, left) = (room.main.clone(), room.legs[1..].to_vec());
    assert_eq!(room.inside(&main), Some(left));
}

#[test]
fn a_list_of_segs_says_what_each_of_them_says() {
    let mut room = room(3, SegPolicy::default());
    room.enter(2);
    room.enter(0);
    let listed = room.world.mgc.segs(&room.call).unwrap();
    let each = [&room.main, &room.seg].map(|seg| room.world.mgc.seg(&room.call, seg).unwrap());
    assert_eq!(listed, each);
    assert_eq!(listed[1].legs, [room.legs[0].clone(), room.legs[2].clone()]);
}

#[test]
fn a_change_is_told_and_puts_nobody_out() {
    let mut room = room(2, SegPolicy::default());
    room.enter(0);
    room.enter(1);
    room.world.events.clear();
    let changes = SegChanges {
        name: Some(Some("quiet".into())),
        private: Some(true),
        legs_max: Some(Some(1)),
        ..SegChanges::default()
    };
    assert!(matches!(room.change(changes), Ok(Done::SegModified(_))));
    let view = room.world.mgc.seg(&room.call, &room.seg).unwrap();
    assert_eq!(view.name.as_deref(), Some("quiet"));
    assert!(view.private && view.legs == room.legs);
    assert_eq!(view.legs_max, Some(1));
    let [event] = &room.world.events[..] else {
        panic!("{:?}", room.world.events);
    };
    assert_eq!(event.kind, EventKind::SegChanged);
    assert_eq!(event.seg, Some(room.seg.clone()));
    // What is not named stays, and a limit can be taken away.
    let changes = SegChanges {
        legs_max: Some(None),
        ..SegChanges::default()
    };
    assert!(matches!(room.change(changes), Ok(Done::SegModified(_))));
    let view = room.world.mgc.seg(&room.call, &room.seg).unwrap();
    assert_eq!(view.name.as_deref(), Some("quiet"));
    assert!(view.private && view.legs_max.is_none());
    assert!(room.world.reports(&room.legs[0]).is_empty());
}

#[test]
fn the_main_seg_has_a_name_and_a_lock_and_no_other_rules() {
    let mut room = room(0, SegPolicy::default());
    let main = room.main.clone();
    room.seg = main.clone();
    let named = SegChanges {
        name: Some(Some("plenum".into())),
        ..SegChanges::default()
    };
    assert!(matches!(room.change(named), Ok(Done::SegModified(_))));
    for changes in [
        SegChanges {
            private: Some(true),
            ..SegChanges::default()
        },
        SegChanges {
            legs_max: Some(Some(3)),
            ..SegChanges::default()
        },
        SegChanges {
            seconds: Some(Some(3)),
            ..SegChanges::default()
        },
    ] {
        let refused = Err(Refusal::NotForMain(main.clone()));
        assert_eq!(room.change(changes), refused);
    }
}

#[test]
fn who_asks_again_for_a_change_is_told_of_the_seg_as_it_was_then_though_it_is_gone() {
    let mut room = room(1, SegPolicy::default());
    let origin = Origin {
        key: Some(Key {
            text: "k".to_owned(),
            fingerprint: "f".to_owned(),
        }),
        ..Origin::default()
    };
    let request = Request::ModifySeg {
        call: room.call.clone(),
        seg: room.seg.clone(),
        changes: SegChanges {
            name: Some(Some("quiet".into())),
            ..SegChanges::default()
        },
    };
    let ask = |room: &mut Room| {
        let (origin, request, now) = (origin.clone(), request.clone(), room.world.now);
        room.world.mgc.handle_request_of(origin, request, now)
    };
    let first = ask(&mut room).unwrap().accepted.operation;
    room.world.run();
    let there = room.world.mgc.seg(&room.call, &room.seg).unwrap();
    let end = delete_seg(&room.call, &room.seg);
    assert_eq!(room.world.carry_out(end), Ok(Done::Deleted));
    let again = ask(&mut room).unwrap();
    assert_eq!(again.accepted.operation, first);
    assert_eq!(again.outcome, Some(Ok(Done::SegModified(Box::new(there)))));
}
