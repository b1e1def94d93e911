//! Calls, Segs, and parties that join.

use codec_h248::descriptor::ErrorCode;
use mgc_core::northbound::{
    Done, EventKind, LegEvent, LegId, LegState, Members, OperationState, Refusal, Request, Role,
    SegId,
};

use super::{
    gateway::Kind,
    network::{World, delete_leg, join, report},
};

#[test]
fn a_call_has_a_main_seg_and_costs_the_gateway_nothing() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    let seg = world.create_seg(&call);
    let segs = world.mgc.segs(&call).unwrap();
    assert_eq!(segs[0].id, main);
    assert!(segs[0].main && !segs[1].main);
    assert_eq!(segs[1].id, seg);
    assert_eq!(segs[1].context, None);
    let kinds: Vec<EventKind> = world
        .events
        .iter()
        .map(|event| event.kind.clone())
        .collect();
    assert_eq!(kinds, [EventKind::CallCreated, EventKind::CreateSegRes]);
    assert!(world.gateway().log.is_empty());
}

#[test]
fn a_leg_or_a_seg_is_read_by_its_name_in_its_call_alone() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    let (other, _) = world.create_call();
    let leg = world.add_leg(&call);
    let mgc = &world.mgc;
    assert_eq!(mgc.leg(&call, &leg), Ok(mgc.legs(&call).unwrap().remove(0)));
    assert_eq!(
        mgc.seg(&call, &main),
        Ok(mgc.segs(&call).unwrap().remove(0))
    );
    let nobody = LegId::from_text("leg_nobody");
    let nothing = SegId::from_text("seg_nothing");
    assert_eq!(mgc.leg(&other, &leg), Err(Refusal::UnknownLeg(leg)));
    assert_eq!(mgc.leg(&call, &nobody), Err(Refusal::UnknownLeg(nobody)));
    assert_eq!(mgc.seg(&other, &main), Err(Refusal::SegOfAnotherCall(main)));
    assert_eq!(mgc.seg(&call, &nothing), Err(Refusal::UnknownSeg(nothing)));
}

#[test]
fn a_party_that_joins_gets_an_answer_and_is_open_in_its_seg() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    let Ok(Done::LegAdded { leg, seg, sdp }) = world.carry_out(join(&call, None)) else {
        panic!("it joins");
    };
    assert_eq!(seg, main);
    assert!(sdp.contains("\r\nm=audio 20000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"));
    assert_eq!(world.reports(&leg), [LegEvent::Joined]);
    let view = world.leg(&call, &leg);
    assert_eq!(view.state, LegState::Attached);
    assert_eq!(view.termination.as_deref(), Some("rtp/1"));
    assert_eq!(view.operation, None);
    assert_eq!(world.gateway().log, ["Add $ rtp/1 SR -> 1"]);
    let remote = world.gateway().terminations["rtp/1"].remote.clone();
    assert_eq!(
        remote,
        "v=0\r\nc=IN IP4 198.51.100.7\r\nm=audio 4000 RTP/AVP 0 8\r\na=ptime:20\r\n"
    );
}

#[test]
fn parties_that_join_at_once_meet_in_one_context() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    for _ in 0..5 {
        world.ask(join(&call, None)).unwrap();
    }
    assert_eq!(world.mgc.segs(&call).unwrap()[0].context, None);
    world.run();
    assert_eq!(
        world.gateway().picture(),
        [["rtp/1", "rtp/2", "rtp/3", "rtp/4", "rtp/5"]]
    );
    let segs = world.mgc.segs(&call).unwrap();
    assert_eq!(segs[0].context, Some(1));
    assert_eq!(segs[0].id, main);
    assert_eq!(segs[0].legs.len(), 5);
}

#[test]
fn when_the_first_of_those_who_join_is_refused_the_next_makes_the_context() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let refused = ErrorCode::INSUFFICIENT_RESOURCES;
    world.gateway().refusals.push_back((Kind::Add, refused));
    let first = world.ask(join(&call, None)).unwrap();
    let second = world.ask(join(&call, None)).unwrap();
    world.run();
    let Err(Refusal::Gateway(refusal)) = world.completion(&first) else {
        panic!("the first is refused");
    };
    assert_eq!(refusal.code, 510);
    assert!(world.completion(&second).is_ok());
    assert_eq!(world.state(&first), OperationState::Failed);
    // One that never joined is no news; its operation has said it all.
    let told: Vec<LegEvent> = world.events.iter().filter_map(report).collect();
    assert_eq!(told, [LegEvent::Joined]);
    assert_eq!(world.gateway().picture(), [["rtp/1"]]);
    assert_eq!(world.mgc.call(&call).unwrap().legs.len(), 1);
}

#[test]
fn a_reply_without_a_usable_local_is_undone() {
    for local in [
        "v=0\r\n",
        "v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 0 RTP/AVP 0\r\n",
        "rubbish",
    ] {
        let mut world = World::new();
        world.gateway().local_override = Some(local);
        let (call, _) = world.create_call();
        let outcome = world.carry_out(join(&call, None));
        assert!(matches!(outcome, Err(Refusal::GatewayAnswer(_))));
        assert!(world.gateway().picture().is_empty());
        assert!(world.mgc.call(&call).unwrap().legs.is_empty());
    }
}

#[test]
fn what_cannot_be_is_refused_at_once() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    let (other, other_main) = world.create_call();
    let leg = world.add_leg(&call);
    let nothing = SegId::from_text("seg_nothing");
    let refusals = [
        (join(&call, Some(&nothing)), "seg.unknown"),
        (join(&call, Some(&other_main)), "seg.otherCall"),
        (delete_leg(&other, &leg), "leg.unknown"),
        (
            Request::AddLeg {
                call: call.clone(),
                seg: None,
                sdp: "v=0\r\n".into(),
                role: Role::Member,
                host: false,
            },
            "sdp.invalid",
        ),
        (
            Request::AttachMedia {
                call: call.clone(),
                leg: leg.clone(),
                seg: other_main,
                strategy: None,
                by: None,
                consent: None,
            },
            "seg.otherCall",
        ),
        (
            Request::DeleteSeg {
                call: call.clone(),
                seg: main,
                members: Members::Return,
            },
            "seg.main",
        ),
        (
            Request::DeleteSeg {
                call,
                seg: nothing,
                members: Members::Return,
            },
            "seg.unknown",
        ),
    ];
    for (request, code) in refusals {
        assert_eq!(
            world.ask(request).map_err(|refusal| refusal.code()),
            Err(code)
        );
    }
    assert_eq!(world.gateway().log.len(), 1);
}

#[test]
fn a_command_that_comes_before_the_gateway_is_ready_is_sent_again() {
    let mut world = World::new();
    world.gateway().unready = true;
    let (call, _) = world.create_call();
    let joined = world.ask(join(&call, None)).unwrap();
    let second = world.ask(join(&call, None)).unwrap();
    world.run();
    assert!(!world.has_ended(&joined));
    world.gateway().unready = false;
    world.run();
    assert!(world.completion(&joined).is_ok());
    assert!(world.completion(&second).is_ok());
    assert_eq!(world.gateway().picture(), [["rtp/1", "rtp/2"]]);
}

#[test]
fn a_gateway_that_never_gets_ready_is_not_asked_for_ever() {
    let mut world = World::new();
    world.gateway().unready = true;
    let (call, _) = world.create_call();
    let first = world.ask(join(&call, None)).unwrap();
    let second = world.ask(join(&call, None)).unwrap();
    world.run();
    let leg = world.mgc.call(&call).unwrap().legs[0].clone();
    let left = world.ask(delete_leg(&call, &leg)).unwrap();
    assert_eq!(world.completion(&first), Err(Refusal::Cancelled));
    assert_eq!(world.completion(&left), Ok(Done::Deleted));
    world.run_for(std::time::Duration::from_secs(60));
    let Err(Refusal::Gateway(refusal)) = world.completion(&second) else {
        panic!("it is refused in the end");
    };
    assert_eq!(refusal.code, 505);
    assert!(world.mgc.call(&call).unwrap().legs.is_empty());
}

#[test]
fn a_context_that_another_seg_has_is_not_taken_for_a_new_one() {
    let mut world = World::new();
    let (first, _) = world.create_call();
    let leg = world.add_leg(&first);
    world.gateway().mixes = true;
    let (second, _) = world.create_call();
    let refused = world.carry_out(join(&second, None));
    let why = "the Context is that of another Seg";
    assert_eq!(refused, Err(Refusal::answer(why)));
    // What was added there is ended, and the first Leg is where it was.
    assert_eq!(world.gateway().terminations.len(), 1);
    assert_eq!(world.leg(&first, &leg).state, LegState::Attached);
}
