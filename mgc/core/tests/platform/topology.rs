//! Calls whose Segs share one Context, kept apart by Topology descriptors.

use codec_h248::descriptor::ErrorCode;
use mgc_core::northbound::{
    CallId, Done, LegEvent, LegId, LegState, OperationState, Refusal, Request, SegId, Separation,
    Strategy,
};

use super::{
    gateway::Kind,
    network::{World, attach, delete_leg, join},
};

struct Room {
    world: World,
    call: CallId,
    main: SegId,
    seg: SegId,
    legs: Vec<LegId>,
}

/// Three Legs in the main Seg, and another Seg.
fn room() -> Room {
    let mut world = World::new();
    let (call, main) = world.create_call_of(Separation::Topology);
    let legs = (0..3).map(|_| world.add_leg(&call)).collect();
    let seg = world.create_seg(&call);
    world.events.clear();
    world.gateway().log.clear();
    Room {
        world,
        call,
        main,
        seg,
        legs,
    }
}

impl Room {
    fn attach(&self, leg: usize, seg: &SegId) -> Request {
        Request::AttachMedia {
            call: self.call.clone(),
            leg: self.legs[leg].clone(),
            seg: seg.clone(),
            strategy: None,
            by: None,
            consent: None,
        }
    }

    fn refuse(&mut self, code: ErrorCode) {
        let refusal = (Kind::Modify, code);
        self.world.gateway().refusals.push_back(refusal);
    }
}

#[test]
fn a_move_is_one_transaction_that_says_who_hears_whom() {
    let mut room = room();
    let seg = room.seg.clone();
    room.world.carry_out(room.attach(0, &seg)).unwrap();
    room.world.carry_out(room.attach(1, &seg)).unwrap();
    let log = [
        "Topology 1 rtp/1 rtp/2 IS, rtp/1 rtp/3 IS",
        "Modify 1 rtp/1 SR -> 1",
        "Topology 1 rtp/2 rtp/1 BW, rtp/2 rtp/3 IS",
        "Modify 1 rtp/2 SR -> 1",
    ];
    assert_eq!(room.world.gateway().log, log);
    for leg in &room.legs[..2] {
        assert_eq!(room.world.reports(leg), [LegEvent::Moved]);
    }
    let segs = room.world.mgc.segs(&room.call).unwrap();
    assert!(segs.iter().all(|seg| seg.context == Some(1)));
}

#[test]
fn whoever_joins_is_isolated_from_all_other_segs_from_the_first() {
    let mut room = room();
    let seg = room.seg.clone();
    room.world.carry_out(room.attach(0, &seg)).unwrap();
    room.world.gateway().log.clear();
    room.world.carry_out(join(&room.call, None)).unwrap();
    room.world.carry_out(join(&room.call, Some(&seg))).unwrap();
    let log = [
        "Topology 1 $ rtp/1 IS",
        "Add 1 rtp/4 SR -> 1",
        "Topology 1 $ rtp/2 IS, $ rtp/3 IS, $ rtp/4 IS",
        "Add 1 rtp/5 SR -> 1",
    ];
    assert_eq!(room.world.gateway().log, log);
}

#[test]
fn moves_at_once_follow_each_other_so_that_none_is_told_something_old() {
    let mut room = room();
    let seg = room.seg.clone();
    let moves: Vec<_> = (0..3)
        .map(|leg| room.world.ask(room.attach(leg, &seg)).unwrap())
        .collect();
    // One that leaves meanwhile is not named any more.
    room.world
        .ask(delete_leg(&room.call, &room.legs[2]))
        .unwrap();
    room.world.run();
    assert!(room.world.completion(&moves[0]).is_ok());
    assert!(room.world.completion(&moves[1]).is_ok());
    assert_eq!(room.world.completion(&moves[2]), Err(Refusal::Cancelled));
    let log = room.world.gateway().log.clone();
    assert!(
        log.contains(&"Topology 1 rtp/2 rtp/1 BW".to_owned()),
        "{log:?}"
    );
}

#[test]
fn a_gateway_without_topology_ends_the_move_with_its_code() {
    for code in [444, 501] {
        let mut room = room();
        room.refuse(ErrorCode(code));
        let seg = room.seg.clone();
        let operation = room.world.ask(room.attach(0, &seg)).unwrap();
        room.world.run();
        let Err(Refusal::Gateway(why)) = room.world.completion(&operation) else {
            panic!("it was refused");
        };
        assert_eq!(why.code, code);
        assert_eq!(room.world.state(&operation), OperationState::Failed);
        assert_eq!(room.world.reports(&room.legs[0]), [LegEvent::MoveFailed]);
        let view = room.world.leg(&room.call, &room.legs[0]);
        assert_eq!(view.seg, Some(room.main.clone()));
        assert_eq!(view.state, LegState::Attached);
        // The next one finds the way free.
        room.world.carry_out(room.attach(1, &seg)).unwrap();
    }
}

#[test]
fn a_termination_that_is_gone_delays_a_move_and_no_more() {
    let mut room = room();
    for _ in 0..2 {
        room.refuse(ErrorCode::NOT_IN_CONTEXT);
    }
    let seg = room.seg.clone();
    let leg = room.legs[0].clone();
    let done = Done::LegMoved {
        leg,
        seg: seg.clone(),
    };
    assert_eq!(room.world.carry_out(room.attach(0, &seg)), Ok(done));
}

#[test]
fn a_leg_whose_own_termination_is_gone_has_left_rather_than_stayed_where_it_was() {
    let mut room = room();
    room.world.gateway().terminations.remove("rtp/1");
    let (seg, leg) = (room.seg.clone(), room.legs[0].clone());
    assert!(room.world.carry_out(room.attach(0, &seg)).is_err());
    assert_eq!(room.world.reports(&leg), [LegEvent::Left]);
    assert_eq!(room.world.mgc.call(&room.call).unwrap().legs.len(), 2);
}

#[test]
fn each_separation_takes_its_own_strategies() {
    let mut room = room();
    for strategy in [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd] {
        let request = attach(&room.call, &room.legs[0], &room.seg, strategy);
        let refused = Refusal::StrategyNotForCall(room.call.clone());
        assert_eq!(room.world.ask(request), Err(refused));
    }
    let (call, main) = room.world.create_call();
    let leg = room.world.add_leg(&call);
    let request = attach(&call, &leg, &main, Strategy::Topology);
    let refused = Refusal::StrategyNotForCall(call);
    assert_eq!(room.world.ask(request), Err(refused));
}
