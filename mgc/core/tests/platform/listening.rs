//! Segs that hear the main one, and supervisors that hear a Seg: in both cases one way only.

use codec_h248::descriptor::{ErrorCode, ServiceChangeMethod};
use mgc_core::northbound::{
    CallId, Done, Event, EventKind, LegId, MediaChanges, Refusal, Request, Role, SegId, SegPolicy,
    Separation, Strategy,
};

use super::{
    gateway::Kind,
    network::{OFFER, World, attach, create_seg, delete_leg, join},
};

fn listening() -> SegPolicy {
    SegPolicy {
        listen_main: true,
        ..SegPolicy::default()
    }
}

fn supervise(call: &CallId, seg: &SegId) -> Request {
    Request::AddLeg {
        call: call.clone(),
        seg: Some(seg.clone()),
        sdp: OFFER.to_owned(),
        role: Role::Supervisor,
        host: false,
    }
}

fn added(end: Result<Done, Refusal>) -> LegId {
    match end {
        Ok(Done::LegAdded { leg, .. }) => leg,
        other => panic!("{other:?}"),
    }
}

fn to(call: &CallId, leg: &LegId, seg: &SegId) -> Request {
    Request::AttachMedia {
        call: call.clone(),
        leg: leg.clone(),
        seg: seg.clone(),
        strategy: None,
        by: None,
        consent: None,
    }
}

#[test]
fn who_moves_into_a_room_that_listens_hears_the_main_seg_one_way() {
    let mut world = World::new();
    let (call, main) = world.create_call_of(Separation::Topology);
    let legs: Vec<LegId> = (0..3).map(|_| world.add_leg(&call)).collect();
    let room = world.create_seg_of(&call, listening());
    let apart = world.create_seg(&call);
    world.gateway().log.clear();
    world.carry_out(to(&call, &legs[0], &room)).unwrap();
    world.carry_out(to(&call, &legs[1], &apart)).unwrap();
    world.carry_out(join(&call, None)).unwrap();
    world.carry_out(join(&call, Some(&room))).unwrap();
    world.carry_out(to(&call, &legs[0], &main)).unwrap();
    let log = [
        // The main Seg's are heard by the one who goes, and do not hear him.
        "Topology 1 rtp/2 rtp/1 OW, rtp/3 rtp/1 OW",
        "Modify 1 rtp/1 SR -> 1",
        "Topology 1 rtp/2 rtp/1 IS, rtp/2 rtp/3 IS",
        "Modify 1 rtp/2 SR -> 1",
        // Who joins the main Seg is heard by the room that listens, and by no other.
        "Topology 1 $ rtp/1 OW, $ rtp/2 IS",
        "Add 1 rtp/4 SR -> 1",
        "Topology 1 $ rtp/2 IS, rtp/3 $ OW, rtp/4 $ OW",
        "Add 1 rtp/5 SR -> 1",
        "Topology 1 rtp/1 rtp/2 IS, rtp/1 rtp/3 BW, rtp/1 rtp/4 BW, rtp/1 rtp/5 OW",
        "Modify 1 rtp/1 SR -> 1",
    ];
    let sorted = |line: &str| {
        let said = line.trim_start_matches("Topology 1 ");
        let mut triples: Vec<String> = said.split(", ").map(str::to_owned).collect();
        triples.sort();
        triples
    };
    let log: Vec<_> = log.iter().map(|line| sorted(line)).collect();
    let there: Vec<_> = world
        .gateway()
        .log
        .iter()
        .map(|line| sorted(line))
        .collect();
    assert_eq!(there, log);
    assert!(world.mgc.seg(&call, &room).unwrap().listen_main);
}

#[test]
fn segs_in_contexts_of_their_own_cannot_hear_each_other() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let refused = world.ask(create_seg(&call, listening()));
    assert_eq!(refused, Err(Refusal::PolicyNotForCall(call.clone())));
    assert_eq!(world.mgc.segs(&call).unwrap().len(), 1);
}

fn supervisions(world: &World) -> Vec<(bool, SegId)> {
    let told = |event: &Event| {
        let began = event.kind == EventKind::SupervisionBegan;
        let is_it = began || event.kind == EventKind::SupervisionEnded;
        is_it.then_some((began, event.seg.clone()?))
    };
    world.events.iter().filter_map(told).collect()
}

#[test]
fn a_supervisor_hears_and_is_not_heard_wherever_it_is_moved_by_each_strategy() {
    for strategy in [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd] {
        let mut world = World::new();
        let (call, main) = world.create_call();
        let seg = world.create_seg(&call);
        world.carry_out(join(&call, Some(&seg))).unwrap();
        let leg = added(world.carry_out(supervise(&call, &seg)));
        let mode = |world: &mut World| {
            let last = world.gateway().log.last().cloned().unwrap_or_default();
            last.split(' ').nth(3).unwrap_or_default().to_owned()
        };
        assert_eq!(mode(&mut world), "SO");
        world
            .carry_out(attach(&call, &leg, &main, strategy))
            .unwrap();
        assert_eq!(mode(&mut world), "SO", "{strategy:?}");
        // It cannot make itself heard.
        for muted in [true, false] {
            let changes = MediaChanges {
                muted: Some(muted),
                ..MediaChanges::default()
            };
            let request = Request::ModifyLeg {
                call: call.clone(),
                leg: leg.clone(),
                changes,
                offer: None,
            };
            world.carry_out(request).unwrap();
            assert_eq!(mode(&mut world), "SO");
        }
        assert_eq!(world.leg(&call, &leg).role, Role::Supervisor);
        let told = [
            (true, seg.clone()),
            (true, main.clone()),
            (false, seg.clone()),
        ];
        assert_eq!(supervisions(&world), told, "{strategy:?}");
        assert!(world.mgc.seg(&call, &main).unwrap().supervised);
        assert!(!world.mgc.seg(&call, &seg).unwrap().supervised);
    }
}

#[test]
fn a_room_is_told_that_it_is_supervised_before_the_gateway_is_asked() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    world.gateway().hold = true;
    world.ask(supervise(&call, &main)).unwrap();
    assert_eq!(supervisions(&world), [(true, main.clone())]);
    assert!(world.gateway().log.is_empty());
}

#[test]
fn supervision_ends_with_the_last_supervisor_and_where_none_came() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    let one = added(world.carry_out(supervise(&call, &main)));
    let other = added(world.carry_out(supervise(&call, &main)));
    world.carry_out(delete_leg(&call, &one)).unwrap();
    assert_eq!(supervisions(&world), [(true, main.clone())]);
    world.carry_out(delete_leg(&call, &other)).unwrap();
    assert_eq!(
        supervisions(&world),
        [(true, main.clone()), (false, main.clone())]
    );
    world.events.clear();
    let refused = (
        super::gateway::Kind::Add,
        codec_h248::descriptor::ErrorCode(510),
    );
    world.gateway().refusals.push_back(refused);
    assert!(world.carry_out(supervise(&call, &main)).is_err());
    assert_eq!(supervisions(&world), [(true, main.clone()), (false, main)]);
}

#[test]
fn a_stranded_supervisor_that_is_made_anew_is_told_of_where_it_comes() {
    let mut world = World::new();
    world.add_gateway("gw2");
    world.run();
    let (call, main) = world.create_lasting_call();
    let room = world.create_seg(&call);
    world.add_leg(&call);
    let end = world.carry_out(supervise(&call, &room));
    let supervisor = added(end);
    let refusal = (Kind::Add, ErrorCode::INSUFFICIENT_RESOURCES);
    world.gateway().refusals.extend([refusal, refusal]);
    let lost = attach(&call, &supervisor, &main, Strategy::SubtractAdd);
    assert!(world.carry_out(lost).is_err());
    assert_eq!(world.leg(&call, &supervisor).seg, None);
    assert!(!world.mgc.seg(&call, &main).unwrap().supervised);
    let (method, reason) = (ServiceChangeMethod::Forced, "908 MG Impending Failure");
    world.service_change("ROOT", method, reason);
    world.run();
    assert_eq!(world.leg(&call, &supervisor).seg, Some(main.clone()));
    assert!(world.mgc.seg(&call, &main).unwrap().supervised);
}
