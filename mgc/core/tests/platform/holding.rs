//! Segs that the media server confirms, and the holders that keep their Contexts open.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use codec_h248::descriptor::{ErrorCode, ServiceChangeMethod};
use mgc_core::{
    Mgc,
    northbound::{
        CallId, Cause, Confirm, Done, EventKind, GatewayId, Key, LegEvent, LegId, Members, NewCall,
        OperationState, Origin, Refusal, Request, SegId, SegPolicy, SegView, Separation, Strategy,
    },
};
use transport_h248::Anchor;

use super::{
    gateway::Kind,
    network::{
        World, attach, config, create_seg, delete_call, delete_leg, delete_seg, durable, join,
    },
};

const STRATEGIES: [Strategy; 3] = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];
/// Longer than T-MAX.
const UNANSWERED: Duration = Duration::from_secs(60);

fn held() -> SegPolicy {
    SegPolicy {
        confirm: Confirm::MediaServer,
        ..SegPolicy::default()
    }
}

struct Room {
    world: World,
    call: CallId,
    main: SegId,
    seg: SegId,
}

/// A Call with a room that the media server has confirmed, before anybody is there.
fn room() -> Room {
    room_of(World::new())
}

fn room_of(mut world: World) -> Room {
    let (call, main) = world.create_call();
    let seg = world.create_seg_of(&call, held());
    Room {
        world,
        call,
        main,
        seg,
    }
}

impl Room {
    fn view(&self) -> SegView {
        self.world.mgc.seg(&self.call, &self.seg).expect("the Seg")
    }

    fn picture(&mut self) -> Vec<Vec<String>> {
        self.world.gateway().picture()
    }

    /// How the CreateSegReqs ended, as the events have it.
    fn told(&self) -> Vec<Option<Cause>> {
        let events = self.world.events.iter();
        let res = events.filter(|event| event.kind == EventKind::CreateSegRes);
        res.map(|event| event.cause.clone()).collect()
    }

    fn segs(&self) -> usize {
        self.world.mgc.segs(&self.call).expect("the Call").len()
    }
}

/// Kills the controller and makes it anew from its rows.
fn kill(world: &mut World, rows: &mut BTreeMap<(mgc_core::Table, String), mgc_core::Record>) {
    while let Some(record) = world.mgc.poll_record() {
        rows.insert((record.table, record.key.clone()), record);
    }
    let anchor = Anchor {
        instant: world.now,
        system: SystemTime::UNIX_EPOCH,
    };
    let rows: Vec<_> = rows.values().cloned().collect();
    let restored = Mgc::restore(durable(), 2, anchor, world.now, rows);
    world.mgc = restored.expect("it is whole");
}

#[test]
fn create_seg_res_comes_when_the_media_server_has_made_the_context() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    world.gateway().hold = true;
    let operation = world.ask(create_seg(&call, held())).unwrap();
    world.run();
    assert!(!world.has_ended(&operation));
    assert_eq!(world.state(&operation), OperationState::Connecting);
    let seg = world.mgc.operation(&operation).unwrap().seg.unwrap();
    // Nobody enters what does not stand yet.
    let early = world.ask(join(&call, Some(&seg)));
    assert_eq!(early, Err(Refusal::SegNotConfirmed(seg.clone())));
    let now = world.now;
    world.gateway().release_backwards(now);
    world.run();
    let made = Done::SegCreated { seg: seg.clone() };
    assert_eq!(world.completion(&operation), Ok(made));
    assert_eq!(world.gateway().log, ["Add $ rtp/1 IN -> 1"]);
    assert_eq!(world.gateway().terminations["rtp/1"].remote, "");
    let view = world.mgc.seg(&call, &seg).unwrap();
    assert_eq!(
        (view.context, view.holder.as_deref()),
        (Some(1), Some("rtp/1"))
    );
    assert!(view.legs.is_empty());
    assert!(world.mgc.legs(&call).unwrap().is_empty());
    assert_eq!(world.mgc.totals().legs, 0);
}

#[test]
fn a_refusal_of_the_media_server_is_that_of_the_create_seg_req_and_leaves_no_seg() {
    for code in [412, 510, 506] {
        let mut room = room();
        let refused = (Kind::Add, ErrorCode(code));
        room.world.gateway().refusals.push_back(refused);
        let operation = room.world.ask(create_seg(&room.call, held())).unwrap();
        room.world.run();
        let Err(Refusal::Gateway(why)) = room.world.completion(&operation) else {
            panic!("it was refused");
        };
        assert_eq!(why.code, code);
        assert_eq!(room.world.state(&operation), OperationState::Failed);
        let cause = Some(Cause::Failed(Refusal::Gateway(why)));
        assert_eq!(room.told(), [None, cause]);
        assert_eq!((room.segs(), room.picture().len()), (2, 1));
    }
}

#[test]
fn a_refused_create_seg_req_is_tried_again_under_its_key() {
    let mut room = room();
    let refused = (Kind::Add, ErrorCode::INSUFFICIENT_RESOURCES);
    room.world.gateway().refusals.push_back(refused);
    let origin = Origin {
        caller: String::new(),
        request_id: None,
        key: Some(Key {
            text: "k".to_owned(),
            fingerprint: "f".to_owned(),
        }),
    };
    let ask = |room: &mut Room| {
        let (request, now) = (create_seg(&room.call, held()), room.world.now);
        let taken = room
            .world
            .mgc
            .handle_request_of(origin.clone(), request, now);
        room.world.run();
        taken.unwrap().accepted
    };
    let first = ask(&mut room).operation;
    let second = ask(&mut room).operation;
    assert!(room.world.completion(&first).is_err());
    assert!(room.world.completion(&second).is_ok());
    assert_ne!(first, second);
    assert_eq!(ask(&mut room).operation, second);
    assert_eq!((room.segs(), room.picture().len()), (3, 2));
}

#[test]
fn a_media_server_that_does_not_answer_fails_it_and_what_it_made_is_ended() {
    let mut room = room();
    room.world.weather.cut = Some(super::network::Way::ToMgc);
    let operation = room.world.ask(create_seg(&room.call, held())).unwrap();
    room.world.run_for(UNANSWERED);
    let end = room.world.completion(&operation);
    assert_eq!(end, Err(Refusal::GatewayTimeout));
    assert_eq!((room.segs(), room.picture().len()), (2, 2));
    room.world.weather.cut = None;
    room.world.run_for(UNANSWERED);
    assert_eq!(room.picture(), [["rtp/1 (closed)"]]);
    assert_eq!(room.view().holder.as_deref(), Some("rtp/1"));
}

#[test]
fn a_room_outlives_its_last_leg_by_each_strategy() {
    for strategy in STRATEGIES {
        let mut room = room();
        let leg = room.world.add_leg(&room.call);
        for seg in [&room.seg.clone(), &room.main.clone()] {
            let there = attach(&room.call, &leg, seg, strategy);
            room.world.carry_out(there).unwrap();
        }
        let view = room.view();
        assert_eq!(view.context, Some(1), "{strategy:?}");
        assert_eq!(view.holder.as_deref(), Some("rtp/1"), "{strategy:?}");
        let there = attach(&room.call, &leg, &room.seg, strategy);
        room.world.carry_out(there).unwrap();
        assert_eq!(room.view().context, Some(1), "{strategy:?}");
    }
}

#[test]
fn a_main_seg_can_be_held_and_a_call_that_cannot_be_held_never_was() {
    let new = NewCall {
        confirm: Confirm::MediaServer,
        ..NewCall::default()
    };
    let mut world = World::new();
    let refused = (Kind::Add, ErrorCode(412));
    world.gateway().refusals.push_back(refused);
    let failed = world.ask(Request::CreateCall(new.clone())).unwrap();
    assert!(world.mgc.calls().is_empty());
    world.run();
    assert!(matches!(
        world.completion(&failed),
        Err(Refusal::Gateway(_))
    ));
    assert!(world.mgc.calls().is_empty() && world.events.is_empty());
    let (call, main) = world.create_call_with(new);
    let leg = world.add_leg(&call);
    let seg = world.create_seg(&call);
    let aside = attach(&call, &leg, &seg, Strategy::TwoStep);
    world.carry_out(aside).unwrap();
    assert_eq!(world.mgc.seg(&call, &main).unwrap().context, Some(1));
    assert_eq!(world.carry_out(delete_call(&call)), Ok(Done::Deleted));
    assert!(world.gateway().picture().is_empty());
}

#[test]
fn the_holder_goes_with_its_seg_and_after_the_last_leg() {
    for members in [Members::Return, Members::Release] {
        let mut room = room();
        room.world
            .carry_out(join(&room.call, Some(&room.seg)))
            .unwrap();
        let request = Request::DeleteSeg {
            call: room.call.clone(),
            seg: room.seg.clone(),
            members,
        };
        assert_eq!(room.world.carry_out(request), Ok(Done::Deleted));
        assert_eq!(
            room.picture().len(),
            usize::from(members == Members::Return)
        );
        let last = room.world.gateway().log.last().cloned().unwrap();
        assert_eq!(last, "Subtract 1 rtp/1 -> 1");
    }
    // It does not count as a member.
    let mut room = room();
    let request = Request::DeleteSeg {
        call: room.call.clone(),
        seg: room.seg.clone(),
        members: Members::Refuse,
    };
    assert_eq!(room.world.carry_out(request), Ok(Done::Deleted));
    assert!(room.picture().is_empty());
}

#[test]
fn a_room_that_is_merged_away_leaves_no_holder() {
    let mut room = room();
    room.world
        .carry_out(join(&room.call, Some(&room.seg)))
        .unwrap();
    let merge = Request::MergeSeg {
        call: room.call.clone(),
        seg: room.seg.clone(),
        into: room.main.clone(),
        strategy: None,
    };
    room.world.carry_out(merge).unwrap();
    assert_eq!(room.picture(), [["rtp/2"]]);
}

#[test]
fn a_call_that_ends_while_its_room_is_being_confirmed_leaves_nothing_over() {
    let mut room = room();
    room.world.gateway().hold = true;
    let creation = room.world.ask(create_seg(&room.call, held())).unwrap();
    room.world.run();
    let end = room.world.ask(delete_call(&room.call)).unwrap();
    assert_eq!(room.world.completion(&creation), Err(Refusal::Cancelled));
    let now = room.world.now;
    room.world.gateway().release_backwards(now);
    room.world.run();
    assert_eq!(room.world.completion(&end), Ok(Done::Deleted));
    assert_eq!(room.told(), [None, Some(Cause::Failed(Refusal::Cancelled))]);
    assert!(room.picture().is_empty());
}

#[test]
fn without_a_gateway_no_room_can_be_confirmed() {
    let mut world = World::without_gateway(1);
    let (call, _) = world.create_call();
    let refused = world.ask(create_seg(&call, held()));
    assert_eq!(refused, Err(Refusal::NoGateway));
    world.create_seg(&call);
    assert_eq!(world.mgc.segs(&call).unwrap().len(), 2);
}

#[test]
fn the_gateway_of_a_call_is_chosen_with_its_first_holder() {
    let mut world = World::new();
    world.add_gateway("gw2");
    world.run();
    let (call, _) = world.create_call();
    let seg = world.create_seg_of(&call, held());
    let busy = |world: &World| -> Vec<usize> {
        let views = world.mgc.gateways();
        views.iter().map(|view| view.legs).collect()
    };
    let before = busy(&world);
    world.add_leg(&call);
    let after = busy(&world);
    assert_eq!(before.iter().zip(&after).map(|(a, b)| a + b).max(), Some(3));
    let (other, _) = world.create_call();
    world.add_leg(&other);
    assert_eq!(busy(&world).iter().min(), Some(&1));
    world.carry_out(delete_seg(&call, &seg)).unwrap();
}

#[test]
fn a_gateway_that_restarts_holds_the_room_again_at_once() {
    let mut room = room();
    room.world.events.clear();
    let now = room.world.now;
    room.world.gateway().restart(now);
    room.world.run();
    assert_eq!(room.picture(), [["rtp/2 (closed)"]]);
    assert_eq!(room.view().holder.as_deref(), Some("rtp/2"));
    // Nobody is told of a Leg, as there is none.
    let of_leg = |event: &mgc_core::northbound::Event| event.leg.is_some();
    assert!(!room.world.events.iter().any(of_leg));
}

#[test]
fn where_no_gateway_is_left_the_next_leg_brings_the_holder_back() {
    let mut room = room();
    let (method, reason) = (ServiceChangeMethod::Forced, "908 MG Impending Failure");
    room.world.service_change("ROOT", method, reason);
    assert_eq!((room.view().holder, room.view().context), (None, None));
    let now = room.world.now;
    room.world.gateway().restart(now);
    room.world.run();
    let leg = match room.world.carry_out(join(&room.call, Some(&room.seg))) {
        Ok(Done::LegAdded { leg, .. }) => leg,
        other => panic!("{other:?}"),
    };
    assert_eq!(room.world.reports(&leg), [LegEvent::Joined]);
    assert!(room.view().holder.is_some());
    let gone = delete_leg(&room.call, &leg);
    room.world.carry_out(gone).unwrap();
    assert!(room.view().context.is_some());
    assert_eq!(room.picture().concat().len(), 1);
}

#[test]
fn a_holder_that_the_gateway_ends_by_itself_comes_back_with_the_next_leg() {
    let mut room = room();
    let now = room.world.now;
    room.world.gateway().force_out("rtp/1", now);
    room.world.run();
    assert_eq!(room.view().holder, None);
    room.world
        .carry_out(join(&room.call, Some(&room.seg)))
        .unwrap();
    assert_eq!(room.picture(), [["rtp/2", "rtp/3 (closed)"]]);
}

#[test]
fn a_lost_call_takes_its_holders_to_another_gateway_with_its_legs() {
    let mut world = World::new();
    world.add_gateway("gw2");
    world.run();
    let (call, _) = world.create_lasting_call();
    let seg = world.create_seg_of(&call, held());
    let there = world.mgc.gateways().iter().position(|view| view.legs == 1);
    let there = there.expect("one holds it");
    let leg = world.add_leg(&call);
    let now = world.now;
    let (method, reason) = (ServiceChangeMethod::Forced, "908 MG Impending Failure");
    world.gateways[there].service_change("ROOT", method, reason, now);
    world.run();
    let other = &world.gateways[1 - there];
    assert_eq!(other.picture().concat().len(), 2);
    let name = ["gw1", "gw2"][1 - there];
    assert_eq!(world.leg(&call, &leg).gateway, GatewayId(name.to_owned()));
    assert!(world.mgc.seg(&call, &seg).unwrap().holder.is_some());
}

#[test]
fn in_a_shared_context_a_holder_is_apart_from_the_other_segs() {
    let mut world = World::new();
    let (call, main) = world.create_call_of(Separation::Topology);
    let leg = world.add_leg(&call);
    let seg = world.create_seg_of(&call, held());
    world.gateway().log.clear();
    let there = Request::AttachMedia {
        call: call.clone(),
        leg: leg.clone(),
        seg: seg.clone(),
        strategy: None,
        by: None,
        consent: None,
    };
    world.carry_out(there).unwrap();
    world.carry_out(delete_leg(&call, &leg)).unwrap();
    let log = [
        "Topology 1 rtp/1 rtp/2 BW",
        "Modify 1 rtp/1 SR -> 1",
        "Subtract 1 rtp/1 -> 1",
    ];
    assert_eq!(world.gateway().log, log);
    // The Context of all Segs lives on for the one that is held.
    assert_eq!(world.mgc.seg(&call, &main).unwrap().context, Some(1));
    world.carry_out(join(&call, None)).unwrap();
    assert_eq!(world.gateway().log[3], "Topology 1 $ rtp/2 IS");
}

#[test]
fn what_a_gateway_holds_is_told_with_the_seg_for_which_it_does() {
    let mut room = room();
    let Ok(Done::Contexts { contexts, .. }) = room.world.carry_out(Request::AuditContexts) else {
        panic!("it tells");
    };
    let holder = &contexts[0].terminations[0];
    assert_eq!(
        (&holder.leg, holder.holds.as_ref()),
        (&None, Some(&room.seg))
    );
}

#[test]
fn a_controller_that_is_killed_knows_its_holders() {
    let mut room = room_of(World::with(durable()));
    kill(&mut room.world, &mut BTreeMap::new());
    room.world.run_for(UNANSWERED);
    assert_eq!(room.picture(), [["rtp/1 (closed)"]]);
    assert_eq!(room.view().context, Some(1));
    let end = room.world.carry_out(delete_call(&room.call));
    assert_eq!(end, Ok(Done::Deleted));
    assert!(room.picture().is_empty());
}

#[test]
fn a_create_seg_req_that_a_restart_interrupts_fails_and_leaves_nothing() {
    for answered in [false, true] {
        let mut world = World::with(durable());
        let mut rows = BTreeMap::new();
        let (call, _) = world.create_call();
        world.gateway().hold = !answered;
        world.weather.cut = answered.then_some(super::network::Way::ToMgc);
        let operation = world.ask(create_seg(&call, held())).unwrap();
        world.run();
        kill(&mut world, &mut rows);
        world.weather.cut = None;
        let now = world.now;
        world.gateway().release_backwards(now);
        world.run_for(UNANSWERED);
        assert_eq!(world.completion(&operation), Err(Refusal::Interrupted));
        assert_eq!(world.mgc.segs(&call).unwrap().len(), 1);
        assert!(world.gateway().picture().is_empty());
    }
}

#[test]
fn a_holder_that_was_being_made_anew_when_the_controller_was_killed_is_made() {
    let mut room = room_of(World::with(durable()));
    let now = room.world.now;
    room.world.gateway().restart(now);
    room.world.gateway().hold = true;
    room.world.run();
    kill(&mut room.world, &mut BTreeMap::new());
    let now = room.world.now;
    room.world.gateway().release_backwards(now);
    room.world.run_for(UNANSWERED);
    assert_eq!(room.picture().concat().len(), 1);
    assert!(room.view().holder.is_some());
}

#[test]
fn a_full_gateway_has_no_room_for_a_holder() {
    let mut config = config();
    config.gateways.default.legs_max = Some(1);
    let mut world = World::with(config);
    let (call, _) = world.create_call();
    let _leg: LegId = world.add_leg(&call);
    let refused = world.ask(create_seg(&call, held()));
    assert_eq!(refused, Err(Refusal::limit("legs of the gateway")));
}
