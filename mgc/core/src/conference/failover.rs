//! Legs that outlive their gateway: they are made anew from what their parties offered.
//!
//! That a gateway is lost is known before it is known which ones are left: one that restarts is
//! taken up again a moment later. So the Legs are displaced first, and get their new gateway when
//! all that the input set off is done, before anybody learns of it. Where none is left by then, they
//! leave their Call: nothing is kept waiting that no later event must end.

use super::{
    Conferences,
    leg::{Leg, Purpose, State, Task},
};
use crate::{
    northbound::{
        Cause, LegEvent, LegId, MoveResult, OnGatewayLoss, OperationKind, OperationState, Refusal,
        SegId,
    },
    operations::Subject,
    registry::Registry,
};

impl Leg {
    /// Whether a gateway is being asked to make it anew.
    pub(super) fn is_made_anew(&self) -> bool {
        let task = self.task.as_ref();
        self.state == State::Joining && task.is_some_and(|task| task.purpose == Purpose::Recreate)
    }
}

impl Conferences {
    /// Whether a Leg goes on without its gateway.
    pub(super) fn outlives(&self, leg: &LegId, cause: &Cause) -> bool {
        let party = &self.legs[leg];
        let call = &self.calls[&party.call];
        let lost = matches!(cause, Cause::GatewayLost | Cause::GatewayRestarted);
        let wanted = !matches!(party.state, State::Abandoned | State::Leaving | State::Gone);
        if self.is_recorder(leg) {
            // Its file stays with its gateway.
            return false;
        }
        if let Some(held) = &party.holds {
            let stays = self.segs.get(held).is_some_and(|seg| seg.ending.is_none());
            return lost && wanted && stays && call.ending.is_none();
        }
        lost && wanted
            && call.on_gateway_loss == OnGatewayLoss::Recreate
            && call.ending.is_none()
            && party.leaving.is_none()
    }

    /// Ends what the gateway was asked about a Leg, and begins to make it anew.
    pub(super) fn displace(&mut self, leg: &LegId, cause: &Cause) {
        self.end_waits(leg, &Refusal::NoGateway);
        self.fall_silent(leg);
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        party.state = State::Joining;
        party.refusal = None;
        let purpose = party.task.as_ref().map(|task| task.purpose);
        // One that was to be made is made elsewhere.
        let begun = matches!(purpose, Some(Purpose::Join | Purpose::Recreate));
        if !begun && !self.interrupt(leg, cause) {
            let party = self.legs.get_mut(leg).expect("looked up above");
            party.state = State::Gone;
            self.gone(leg, cause.clone());
            return;
        }
        let call = self.legs[leg].call.clone();
        let conference = self.calls.get_mut(&call).expect("it outlives its Legs");
        conference.gateway = None;
        self.displaced.push_back(leg.clone());
    }

    /// Gives a Leg that was there the task to come back; `false`: so many operations run that there
    /// is no room for this one.
    fn interrupt(&mut self, leg: &LegId, cause: &Cause) -> bool {
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        let task = party.task.take();
        let adjustment = party.adjustment.take();
        let call = party.call.clone();
        let main_seg = &self.calls[&call].main_seg;
        let seg = party.seg.get_or_insert_with(|| main_seg.clone()).clone();
        if let Some(adjustment) = adjustment {
            self.not_supervised(leg, &adjustment, &Refusal::NoGateway);
        }
        if let Some(task) = task {
            self.end_task(leg, &task, &seg, cause);
        }
        let (kind, told) = match self.legs[leg].holds {
            Some(_) => (OperationKind::HoldSeg, None),
            None => (OperationKind::RecreateLeg, Some(leg.clone())),
        };
        let subject = Subject {
            call: Some(call),
            seg: Some(seg.clone()),
            leg: told,
        };
        let Ok(operation) = self.start(kind, subject) else {
            return false;
        };
        let party = self.legs.get_mut(leg).expect("looked up above");
        party.media_lost = true;
        party.task = Some(Task {
            purpose: Purpose::Recreate,
            operation: operation.clone(),
            target: seg.clone(),
        });
        // One that was stranded comes into the main Seg.
        self.tell_supervision(leg, &seg);
        let (event, why) = (LegEvent::MediaLost, Some(cause.clone()));
        self.report_leg(leg, event, Some(seg), Some(operation), why);
        true
    }

    /// Ends what a Leg was to do where it was.
    fn end_task(&mut self, leg: &LegId, task: &Task, seg: &SegId, cause: &Cause) {
        let event = match task.purpose {
            Purpose::Attach | Purpose::Group => Some(LegEvent::MoveFailed),
            Purpose::Detach => Some(LegEvent::DetachFailed),
            Purpose::Join
            | Purpose::Recreate
            | Purpose::Adjust
            | Purpose::AdjustGroup
            | Purpose::Return => None,
        };
        if let Some(event) = event {
            let operation = Some(task.operation.clone());
            self.report_leg(
                leg,
                event,
                Some(seg.clone()),
                operation,
                Some(cause.clone()),
            );
        }
        let refusal = Refusal::NoGateway;
        match task.purpose {
            // Once the Leg is back, it goes on to the main Seg.
            Purpose::Return => {}
            Purpose::Group | Purpose::AdjustGroup => {
                let failed = MoveResult::Failed;
                self.settle_in_group(leg, &task.operation, failed, Some(refusal));
            }
            Purpose::Join
            | Purpose::Recreate
            | Purpose::Attach
            | Purpose::Adjust
            | Purpose::Detach => {
                let state = OperationState::Failed;
                self.operations.fail(&task.operation, state, refusal);
            }
        }
    }

    /// Finds a gateway for the next Leg that lost its own; returns whether there was one.
    pub(crate) fn rehome(&mut self, registry: &Registry) -> bool {
        let Some(leg) = self.displaced.pop_front() else {
            return false;
        };
        let Some(party) = self.legs.get(&leg) else {
            return true;
        };
        let (call, former) = (party.call.clone(), party.gateway.clone());
        match self.gateway_for(&self.calls[&call], registry) {
            Ok(gateway) => {
                self.unload(&former);
                *self.load.entry(gateway.clone()).or_default() += 1;
                let conference = self.calls.get_mut(&call).expect("looked up above");
                conference.gateway = Some(gateway.clone());
                let party = self.legs.get_mut(&leg).expect("looked up above");
                party.gateway = gateway;
                self.pursue(&leg);
            }
            Err(refusal) => {
                let party = self.legs.get_mut(&leg).expect("looked up above");
                party.state = State::Gone;
                self.gone(&leg, Cause::Failed(refusal));
            }
        }
        true
    }
}
