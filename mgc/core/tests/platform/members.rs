//! On whose behalf something is asked, and consent.

use std::time::Duration;

use mgc_core::northbound::{
    Cause, Done, LegEvent, LegId, Members, NewCall, OperationId, OperationState, Refusal, Request,
    Right, SegId, SegPolicy, Strategy, Who,
};

use super::{
    closing::{Rows, durable_room, restart},
    network::{World, attach, delete_leg, delete_seg_with, join},
    rules::{Room, at_most, furnish, room},
};

fn open() -> SegPolicy {
    SegPolicy::default()
}

impl Room {
    fn for_member(&self, by: usize, leg: usize, seg: &SegId) -> Request {
        let mut request = attach(&self.call, &self.legs[leg], seg, Strategy::Move);
        if let Request::AttachMedia { by: asks, .. } = &mut request {
            *asks = Some(self.legs[by].clone());
        }
        request
    }

    fn may_not(&self, by: usize, right: Right) -> Result<Done, Refusal> {
        let by = self.legs[by].clone();
        Err(Refusal::MayNot { by, right })
    }

    fn invite(&mut self, leg: usize, within: u32) -> Result<OperationId, Refusal> {
        let mut request = attach(&self.call, &self.legs[leg], &self.seg, Strategy::TwoStep);
        if let Request::AttachMedia { consent, .. } = &mut request {
            *consent = Some(within);
        }
        self.world.ask(request)
    }

    fn answer(&mut self, operation: &OperationId, accept: bool) -> Result<OperationId, Refusal> {
        let operation = operation.clone();
        self.world.ask(Request::Consent { operation, accept })
    }

    /// Asserts that the invitation has ended so, and that the Leg is where it was.
    fn assert_refused(&self, operation: &OperationId, leg: usize, why: &Refusal) {
        assert_eq!(self.world.completion(operation), Err(why.clone()));
        assert_eq!(self.world.state(operation), OperationState::Failed);
        let leg = &self.legs[leg];
        let told = self.world.reports(leg);
        assert_eq!(told[..2], [LegEvent::Invited, LegEvent::MoveFailed]);
        let cause = Cause::Failed(why.clone());
        assert_eq!(self.world.cause_of(&LegEvent::MoveFailed), Some(cause));
        let here = self.world.mgc.leg(&self.call, leg);
        assert!(here.is_err() || here.is_ok_and(|leg| leg.invitation.is_none()));
    }
}

/// A Call whose first Leg is a host, in which this kind of member may make Segs.
fn hosted(may_create: Who, policy: SegPolicy) -> Room {
    let mut world = World::new();
    let created = world.create_call_with(NewCall {
        may_create,
        ..NewCall::default()
    });
    let mut request = join(&created.0, None);
    if let Request::AddLeg { host, .. } = &mut request {
        *host = true;
    }
    let Ok(Done::LegAdded { leg, .. }) = world.carry_out(request) else {
        panic!("a host");
    };
    let mut room = furnish(world, created, 2, policy);
    room.legs.insert(0, leg);
    room
}

#[test]
fn who_may_make_segs_is_a_rule_of_the_call() {
    for (may_create, host, other) in [
        (Who::Any, true, true),
        (Who::Host, true, false),
        (Who::Nobody, false, false),
    ] {
        let mut room = hosted(may_create, open());
        for (by, may) in [(Some(0), host), (Some(1), other), (None, true)] {
            let request = Request::CreateSeg {
                call: room.call.clone(),
                name: None,
                policy: open(),
                by: by.map(|by: usize| room.legs[by].clone()),
            };
            let end = room.world.carry_out(request);
            match may {
                true => assert!(end.is_ok(), "{may_create:?} {by:?}"),
                false => assert_eq!(end, room.may_not(by.unwrap(), Right::Create)),
            }
        }
    }
}

#[test]
fn who_may_enter_by_himself_is_a_rule_of_the_seg() {
    for (may_join, host, other) in [
        (Who::Any, true, true),
        (Who::Host, true, false),
        (Who::Nobody, false, false),
    ] {
        let policy = SegPolicy { may_join, ..open() };
        let mut room = hosted(Who::Any, policy);
        let (seg, main) = (room.seg.clone(), room.main.clone());
        for (leg, may) in [(0, host), (1, other)] {
            let end = room.world.carry_out(room.for_member(leg, leg, &seg));
            match may {
                true => assert!(end.is_ok(), "{may_join:?} {leg}"),
                false => assert_eq!(end, room.may_not(leg, Right::Join)),
            }
            // The application may always, and anybody may come back.
            room.go(leg, &seg);
            let back = room.world.carry_out(room.for_member(leg, leg, &main));
            assert!(back.is_ok());
        }
    }
}

#[test]
fn who_may_bring_others_in_is_a_rule_of_the_seg() {
    for (may_invite, host, inside) in [
        (Who::Any, true, true),
        (Who::Host, true, false),
        (Who::Nobody, false, false),
    ] {
        let policy = SegPolicy {
            may_invite,
            ..open()
        };
        let mut room = hosted(Who::Any, policy);
        let (seg, main) = (room.seg.clone(), room.main.clone());
        let outside = room.world.carry_out(room.for_member(1, 2, &seg));
        assert_eq!(outside, room.may_not(1, Right::Invite));
        room.go(1, &seg);
        for (by, may) in [(0, host), (1, inside)] {
            let end = room.world.carry_out(room.for_member(by, 2, &seg));
            match may {
                true => assert!(end.is_ok(), "{may_invite:?} {by}"),
                false => assert_eq!(end, room.may_not(by, Right::Invite)),
            }
            room.go(2, &main);
        }
        // Out of a Seg, into the main one, only a host sends others.
        let sent = room.world.carry_out(room.for_member(2, 1, &main));
        assert_eq!(sent, room.may_not(2, Right::Invite));
        assert!(room.world.carry_out(room.for_member(0, 1, &main)).is_ok());
    }
}

#[test]
fn one_who_is_not_in_the_call_asks_for_nothing() {
    let mut room = room(1, open());
    let seg = room.seg.clone();
    room.legs.push(LegId::from_text("leg_none"));
    let stranger = Err(Refusal::UnknownLeg(room.legs[1].clone()));
    assert_eq!(room.world.ask(room.for_member(1, 0, &seg)), stranger);
    assert!(room.inside(&seg).unwrap().is_empty());
}

#[test]
fn a_move_that_waits_for_consent_asks_the_gateway_nothing_before() {
    for strategy in Strategy::ALL[..3].iter().copied() {
        let mut room = room(2, open());
        room.world.gateway().log.clear();
        let mut request = attach(&room.call, &room.legs[0], &room.seg, strategy);
        if let Request::AttachMedia { consent, .. } = &mut request {
            *consent = Some(60);
        }
        let operation = room.world.ask(request.clone()).expect("it is taken");
        // Asked again, it is the same operation.
        assert_eq!(room.world.ask(request), Ok(operation.clone()));
        room.world.run_for(Duration::from_secs(50));
        assert_eq!(room.world.state(&operation), OperationState::Accepted);
        assert!(room.world.gateway().log.is_empty());
        let leg = room.world.leg(&room.call, &room.legs[0]);
        assert_eq!(leg.invitation, Some(operation.clone()));
        assert_eq!(room.answer(&operation, true), Ok(operation.clone()));
        room.world.run();
        let end = room.world.completion(&operation);
        assert!(matches!(end, Ok(Done::LegMoved { .. })), "{end:?}");
        let told = [LegEvent::Invited, LegEvent::Moved];
        assert_eq!(room.world.reports(&room.legs[0]), told);
        let seg = room.seg.clone();
        assert_eq!(room.inside(&seg), Some(room.legs[..1].to_vec()));
        room.world.run_for(Duration::from_secs(60));
        let again = Err(Refusal::NotInvited(operation.clone()));
        assert_eq!(room.answer(&operation, true), again);
    }
}

#[test]
fn who_is_asked_into_a_seg_is_not_sent_there_past_the_question() {
    let mut room = room(1, open());
    let operation = room.invite(0, 60).expect("it is taken");
    room.world.gateway().log.clear();
    let (leg, seg) = (room.legs[0].clone(), room.seg.clone());
    let asked = Refusal::LegInvited {
        leg: leg.clone(),
        operation: operation.clone(),
    };
    assert_eq!(room.begin(0, &seg, None), Err(asked));
    room.world.run_for(Duration::from_secs(1));
    assert!(room.world.gateway().log.is_empty());
    // The same question, with whatever time, is the one that waits.
    assert_eq!(room.invite(0, 60), Ok(operation.clone()));
    assert_eq!(room.invite(0, 7), Ok(operation.clone()));
    room.world.run_for(Duration::from_secs(10));
    assert_eq!(room.world.state(&operation), OperationState::Accepted);
    // When it is declined, the Leg may be sent.
    assert_eq!(room.answer(&operation, false), Ok(operation));
    let sent = room.begin(0, &seg, None).expect("nobody is asked");
    room.world.run_for(Duration::from_secs(1));
    let moved = Done::LegMoved { leg, seg };
    assert_eq!(room.world.completion(&sent), Ok(moved));
}

#[test]
fn who_declines_or_says_nothing_in_time_stays_where_he_is() {
    let mut room = room(2, open());
    let declined = room.invite(0, 30).expect("it is taken");
    assert_eq!(room.answer(&declined, false), Ok(declined.clone()));
    room.assert_refused(&declined, 0, &Refusal::Declined);
    room.world.events.clear();
    let silent = room.invite(1, 30).expect("it is taken");
    room.world.run_for(Duration::from_secs(29));
    assert!(!room.world.has_ended(&silent));
    room.world.run();
    room.assert_refused(&silent, 1, &Refusal::NoConsent);
    let late = Err(Refusal::NotInvited(silent.clone()));
    assert_eq!(room.answer(&silent, true), late);
    let main = room.main.clone();
    assert_eq!(room.inside(&main), Some(room.legs.clone()));
}

#[test]
fn a_consent_that_cannot_be_followed_may_come_again_in_time() {
    let mut room = room(2, at_most(1));
    let (seg, main) = (room.seg.clone(), room.main.clone());
    let operation = room.invite(0, 60).expect("there is room");
    room.enter(1);
    let full = Refusal::SegFull {
        seg: seg.clone(),
        max: 1,
    };
    // Who answers may not be allowed to see where the Leg is invited.
    for refusal in [&full, &Refusal::SegLocked(seg.clone())] {
        assert!(!refusal.to_string().contains(seg.as_str()), "{refusal}");
    }
    assert_eq!(room.answer(&operation, true), Err(full));
    assert!(!room.world.has_ended(&operation));
    room.go(1, &main);
    room.answer(&operation, true).expect("there is room again");
    room.world.run();
    assert!(room.world.completion(&operation).is_ok());
}

#[test]
fn a_leg_is_asked_into_one_seg_at_a_time() {
    let mut room = room(1, open());
    let operation = room.invite(0, 60).expect("it is taken");
    room.seg = room.world.create_seg(&room.call);
    let leg = room.legs[0].clone();
    let busy = Err(Refusal::LegInvited { leg, operation });
    assert_eq!(room.invite(0, 60), busy);
    // Meanwhile it may be moved.
    room.enter(0);
}

#[test]
fn an_invitation_ends_with_its_leg_its_seg_and_its_call() {
    for end in 0..3 {
        let mut room = room(2, open());
        let operation = room.invite(0, 60).expect("it is taken");
        let request = match end {
            0 => delete_leg(&room.call, &room.legs[0]),
            1 => delete_seg_with(&room.call, &room.seg, Members::Return),
            _ => Request::DeleteCall {
                call: room.call.clone(),
            },
        };
        assert!(room.world.carry_out(request).is_ok());
        room.assert_refused(&operation, 0, &Refusal::Cancelled);
        let gone = Err(Refusal::NotInvited(operation.clone()));
        assert_eq!(room.answer(&operation, true), gone);
        room.world.run_for(Duration::from_secs(90));
        room.assert_refused(&operation, 0, &Refusal::Cancelled);
    }
}

#[test]
fn an_invitation_outlives_the_controller() {
    let mut rows = Rows::new();
    let mut room = durable_room(Default::default(), 2, open());
    let kept = room.invite(0, 60).expect("it is taken");
    let lost = room.invite(1, 30).expect("it is taken");
    restart(&mut room.world, &mut rows, Duration::from_secs(40));
    room.world.run();
    assert_eq!(room.world.completion(&lost), Err(Refusal::NoConsent));
    assert_eq!(room.world.state(&kept), OperationState::Accepted);
    room.answer(&kept, true).expect("it waited");
    room.world.run();
    assert!(room.world.completion(&kept).is_ok());
    let seg = room.seg.clone();
    assert_eq!(room.inside(&seg), Some(room.legs[..1].to_vec()));
}

#[test]
fn what_nobody_asked_cannot_be_consented_to() {
    let mut room = room(1, open());
    let none = OperationId::from_text("op_none");
    let unknown = Err(Refusal::UnknownOperation(none.clone()));
    assert_eq!(room.answer(&none, true), unknown);
    let seg = room.seg.clone();
    let running = room.begin(0, &seg, None).expect("it is taken");
    let not_asked = Err(Refusal::NotInvited(running.clone()));
    assert_eq!(room.answer(&running, true), not_asked);
}
