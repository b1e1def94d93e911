//! Holders: what keeps the Context of a Seg open while no Leg is in it.
//!
//! A holder is a Leg without a party: it goes through the same states, commands, recoveries and
//! rows as any other, and the application never sees it. Its Termination neither sends nor
//! receives. Where its gateway is lost it is made anew at once, if there is a gateway; where that
//! fails, or the gateway has ended it by itself, the next Leg that enters the Seg brings it back.

use super::{
    Conferences,
    leg::{Leg, State},
    seg::Seg,
};
use crate::{
    northbound::{
        CallId, Cause, Confirm, ContextView, Done, Event, EventKind, GatewayId, LegId, OperationId,
        OperationKind, OperationState, Refusal, SegId,
    },
    operations::Subject,
    sdp::Offer,
};

impl Seg {
    /// Whether it is to have a holder and has none.
    fn wants_holder(&self) -> bool {
        let wants = self.policy.confirm == Confirm::MediaServer;
        wants && self.holder.is_none() && self.ending.is_none()
    }

    /// How many Legs without a party it has.
    pub(super) fn nobodys(&self) -> usize {
        usize::from(self.holder.is_some()) + self.recorders.len()
    }
}

impl Conferences {
    /// Begins to have a gateway hold the Context of a Seg.
    pub(super) fn hold(&mut self, seg: &SegId, gateway: GatewayId, operation: &OperationId) {
        let leg = self.draw_leg();
        let room = self.segs.get_mut(seg).expect("looked up by the caller");
        room.holder = Some(leg.clone());
        let call = room.call.clone();
        let offer = Offer::of_nobody();
        let holder = Leg {
            holds: Some(seg.clone()),
            ..self.enrol(leg.clone(), (call, seg), gateway, operation, offer)
        };
        self.legs.insert(leg.clone(), holder);
        self.pursue(&leg);
    }

    /// Brings the holder of a Seg back, now that a Leg has entered it.
    pub(super) fn hold_again(&mut self, seg: &SegId) {
        let Some(room) = self.segs.get(seg).filter(|room| room.wants_holder()) else {
            return;
        };
        let call = room.call.clone();
        let Some(gateway) = self.calls[&call].gateway.clone() else {
            return;
        };
        let subject = Subject {
            call: Some(call),
            seg: Some(seg.clone()),
            leg: None,
        };
        // Where there is no room for another operation, the next one that enters brings it back.
        if let Ok(operation) = self.start(OperationKind::HoldSeg, subject) {
            self.hold(seg, gateway, &operation);
        }
    }

    /// The gateway holds the Context of a Seg.
    pub(super) fn held(&mut self, holder: &LegId, seg: &SegId) {
        let party = self.legs.get_mut(holder).expect("looked up by the caller");
        let (call, task) = (party.call.clone(), party.task.take());
        let room = self.segs.get_mut(seg).expect("it outlives its holder");
        match (room.opening.take(), task) {
            (Some(operation), _) => self.stands(&call, seg, &operation),
            (None, Some(task)) => {
                let done = Done::SegHeld { seg: seg.clone() };
                self.operations.succeed(&task.operation, done);
            }
            (None, None) => {}
        }
    }

    /// Tells that a Seg stands, or a Call with its main Seg.
    pub(super) fn stands(&mut self, call: &CallId, seg: &SegId, operation: &OperationId) {
        let is_main = self.calls[call].main_seg == *seg;
        let (kind, done) = if is_main {
            let (call, main_seg) = (call.clone(), seg.clone());
            (EventKind::CallCreated, Done::CallCreated { call, main_seg })
        } else {
            let seg = seg.clone();
            (EventKind::CreateSegRes, Done::SegCreated { seg })
        };
        self.tell_of_seg(kind, call, seg, operation, None);
        self.operations.succeed(operation, done);
    }

    /// Takes the holder of a Seg away, if it has one; returns whether there is still one.
    pub(super) fn dismiss_holder(&mut self, seg: &SegId) -> bool {
        let Some(holder) = self.segs.get(seg).and_then(|seg| seg.holder.clone()) else {
            return false;
        };
        if self.displaced.contains(&holder) {
            // No gateway has been asked for it yet.
            self.displaced.retain(|leg| *leg != holder);
            let party = self.legs.get_mut(&holder).expect("the Seg has it");
            party.state = State::Gone;
            self.gone(&holder, Cause::Failed(Refusal::Cancelled));
            return false;
        }
        self.dismiss(&holder, None);
        true
    }

    /// Forgets a holder that the gateway does not have any more. A Seg that was to be confirmed by
    /// it never stood.
    pub(super) fn holder_gone(&mut self, holder: &LegId, seg: &SegId, cause: &Cause) {
        let party = &self.legs[holder];
        let (call, task) = (party.call.clone(), party.task.clone());
        let refusal = cause.as_refusal();
        let room = self.segs.get_mut(seg).expect("it outlives its holder");
        room.holder = None;
        let opening = room.opening.take();
        self.forget_leg(holder, &call);
        if let Some(task) = task {
            let state = OperationState::Failed;
            self.operations.fail(&task.operation, state, refusal);
        }
        match opening {
            Some(operation) => self.never_stood(&call, seg, &operation, cause),
            None => self.end_seg_if_empty(seg),
        }
        self.end_call_if_empty(&call);
    }

    fn never_stood(&mut self, call: &CallId, seg: &SegId, operation: &OperationId, cause: &Cause) {
        let conference = self.calls.get_mut(call).expect("it outlives its Segs");
        if conference.main_seg == *seg {
            // Nobody was told of the Call.
            self.forget_seg(seg);
            self.calls.remove(call);
            return;
        }
        conference.segs.retain(|other| other != seg);
        self.forget_seg(seg);
        let (kind, cause) = (EventKind::CreateSegRes, Some(cause.clone()));
        self.tell_of_seg(kind, call, seg, operation, cause);
    }

    pub(super) fn tell_of_seg(
        &mut self,
        kind: EventKind,
        call: &CallId,
        seg: &SegId,
        operation: &OperationId,
        cause: Option<Cause>,
    ) {
        self.events.push_back(Event {
            kind,
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: None,
            operation: Some(operation.clone()),
            cause,
        });
    }

    /// How many holders and recorders a Call has.
    pub(super) fn nobodys(&self, call: &CallId) -> usize {
        let segs = self.calls.get(call).into_iter().flat_map(|call| &call.segs);
        let rooms = segs.filter_map(|seg| self.segs.get(seg));
        rooms.map(Seg::nobodys).sum()
    }

    /// Tells holders and recorders from Legs in what gateways hold.
    pub(crate) fn without_holders(&self, mut contexts: Vec<ContextView>) -> Vec<ContextView> {
        let held = contexts
            .iter_mut()
            .flat_map(|found| &mut found.terminations);
        for termination in held {
            let leg = termination.leg.as_ref();
            if let Some(seg) = leg.and_then(|leg| self.held_by(leg)) {
                termination.holds = Some(seg.clone());
                termination.leg = None;
            }
        }
        contexts
    }

    /// The Seg whose Context a Leg holds, where it is no party's.
    pub(crate) fn held_by(&self, leg: &LegId) -> Option<&SegId> {
        self.legs.get(leg)?.holds.as_ref()
    }
}
