//! How Legs, Segs and Calls end.

use std::collections::BTreeSet;

use super::{
    Conferences,
    leg::{Input, Purpose, State, Task},
    request::accepted,
    seg::{Ending, Exit, Seg},
};
use crate::{
    northbound::{
        Accepted, CallId, Cause, Done, Event, EventKind, GatewayId, LegEvent, LegId, Members,
        MoveResult, OperationId, OperationKind, OperationState, Refusal, Role, SegId, Strategy,
    },
    operations::Subject,
};

impl Conferences {
    /// Begins to end a Leg.
    pub(crate) fn delete_leg(&mut self, call: CallId, leg: LegId) -> Result<Accepted, Refusal> {
        self.live_call(&call)?;
        if let Some(operation) = &self.leg_of(&call, &leg)?.leaving {
            return Ok(accepted(operation.clone()));
        }
        let subject = Subject {
            call: Some(call),
            seg: None,
            leg: Some(leg.clone()),
        };
        let operation = self.start(OperationKind::DeleteLeg, subject)?;
        self.dismiss(&leg, Some(operation.clone()));
        Ok(accepted(operation))
    }

    /// Ends a Leg whose Termination the gateway has taken out of service (H.248.1 7.2.8).
    pub(crate) fn evict(&mut self, leg: &LegId) {
        let Some(party) = self.legs.get_mut(leg).filter(|leg| leg.leaving.is_none()) else {
            return;
        };
        party.refusal = Some(Refusal::answer("the Termination is out of service"));
        self.dismiss(leg, None);
    }

    /// Takes a Leg out of its Call. What is under way about it is cancelled, and undone once its
    /// answer is there.
    pub(super) fn dismiss(&mut self, leg: &LegId, operation: Option<OperationId>) {
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        party.leaving = operation.or(party.leaving.take());
        self.end_invitation(leg, Refusal::Cancelled);
        let party = self.legs.get_mut(leg).expect("looked up above");
        let Ok(state) = party.state.next(Input::Delete) else {
            return;
        };
        party.state = state;
        // The task stays, because its Seg is not rid of the Leg before its answer is there.
        if let Some(task) = party.task.clone() {
            self.cancel(leg, &task);
        }
        self.pursue(leg);
    }

    fn cancel(&mut self, leg: &LegId, task: &Task) {
        if matches!(task.purpose, Purpose::Attach | Purpose::Group) {
            // Where the Leg is, only the answer that is still to come would say.
            let (operation, cause) = (task.operation.clone(), Cause::Failed(Refusal::Cancelled));
            let event = LegEvent::MoveFailed;
            self.report_leg(leg, event, None, Some(operation), Some(cause));
        }
        if task.purpose.is_alone() {
            let state = OperationState::Failed;
            self.operations
                .fail(&task.operation, state, Refusal::Cancelled);
        }
    }

    /// Begins to end a Seg, its Legs first.
    pub(crate) fn delete_seg(
        &mut self,
        call: CallId,
        seg: SegId,
        members: Members,
    ) -> Result<Accepted, Refusal> {
        let main_seg = self.live_call(&call)?.main_seg.clone();
        if let Some(room) = self.segs.get(&seg).filter(|room| room.call == call)
            && let Some(ending) = &room.ending
        {
            return Ok(accepted(ending.operation.clone()));
        }
        self.live_seg(&call, &seg)?;
        if seg == main_seg {
            return Err(Refusal::MainSeg(seg));
        }
        let exit = match members {
            Members::Refuse if self.is_occupied(&call, &seg) => {
                return Err(Refusal::SegNotEmpty(seg));
            }
            Members::Refuse | Members::Return => Exit::Return,
            Members::Release => Exit::Release,
        };
        let subject = Subject {
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: None,
        };
        let operation = self.start(OperationKind::DeleteSeg, subject)?;
        let ending = Ending {
            operation: operation.clone(),
            exit,
            why: None,
        };
        self.begin_end(&call, &seg, ending);
        Ok(accepted(operation))
    }

    /// Sends the Legs of a Seg out of it, and ends it after the last.
    pub(super) fn begin_end(&mut self, call: &CallId, seg: &SegId, ending: Ending) {
        self.end_invitations_into(seg);
        if let Some(room) = self.segs.get_mut(seg) {
            room.ending = Some(ending);
        }
        for leg in self.calls[call].legs.clone() {
            self.leave_ending(&leg);
        }
        self.end_seg_if_empty(seg);
    }

    /// Whether a Leg is in a Seg or on its way there.
    pub(super) fn is_occupied(&self, call: &CallId, seg: &SegId) -> bool {
        self.occupants(call, seg).next().is_some()
    }

    /// Begins to end a Call with all its Legs.
    pub(crate) fn delete_call(&mut self, call: CallId) -> Result<Accepted, Refusal> {
        if let Some(operation) = self.calls.get(&call).and_then(|call| call.ending.as_ref()) {
            return Ok(accepted(operation.clone()));
        }
        self.live_call(&call)?;
        let subject = Subject {
            call: Some(call.clone()),
            ..Subject::default()
        };
        let operation = self.start(OperationKind::DeleteCall, subject)?;
        let conference = self.calls.get_mut(&call).expect("looked up above");
        conference.ending = Some(operation.clone());
        let segs = conference.segs.clone();
        for leg in conference.legs.clone() {
            self.dismiss(&leg, None);
        }
        for seg in segs {
            self.dismiss_holder(&seg);
            self.end_recording(&seg);
        }
        self.end_call_if_empty(&call);
        Ok(accepted(operation))
    }

    /// Ends all Legs of a gateway that is gone.
    pub(crate) fn handle_gateway_gone(&mut self, gateway: &GatewayId, cause: &Cause) {
        let legs: Vec<LegId> = self
            .legs
            .values()
            .filter(|leg| leg.gateway == *gateway)
            .map(|leg| leg.id.clone())
            .collect();
        self.intents.retain(|intent| intent.gateway != *gateway);
        let (kept, lost): (Vec<LegId>, Vec<LegId>) =
            legs.into_iter().partition(|leg| self.outlives(leg, cause));
        for leg in &lost {
            if let Some(party) = self.legs.get_mut(leg) {
                party.state = State::Gone;
            }
        }
        // Those that are made anew where they were come no more to where they were going.
        let awaiting = kept.iter().filter_map(|leg| self.legs[leg].task.as_ref());
        let awaiting: BTreeSet<SegId> = awaiting.map(|task| task.target.clone()).collect();
        for leg in &kept {
            self.displace(leg, cause);
        }
        for leg in &lost {
            self.gone(leg, cause.clone());
        }
        self.look_after_segs(awaiting, true);
    }

    /// Forgets a Leg that the gateway does not hold any more; `cause` says why, unless it was
    /// asked to leave.
    pub(super) fn gone(&mut self, leg: &LegId, cause: Cause) {
        let party = &self.legs[leg];
        if let Some(held) = party.holds.clone() {
            if self.is_recorder(leg) {
                self.recorder_gone(leg, &held, &cause);
            } else {
                self.holder_gone(leg, &held, &cause);
            }
            return;
        }
        let (seg, task, call) = (party.seg.clone(), party.task.clone(), party.call.clone());
        let (leaving, supervises) = (party.leaving.clone(), party.role == Role::Supervisor);
        let ending = self.calls[&call].ending.clone();
        let room = seg.as_ref().and_then(|seg| self.segs.get(seg));
        let released = room.and_then(Seg::releasing).cloned();
        let asked = leaving.clone().or(ending).or(released);
        let told = match &cause {
            Cause::Failed(_) | Cause::Requested if asked.is_some() => Cause::Requested,
            Cause::Requested
            | Cause::GatewayRestarted
            | Cause::GatewayLost
            | Cause::HandedOff
            | Cause::Media(_)
            | Cause::Closed(_)
            | Cause::Failed(_) => cause.clone(),
        };
        let lost = cause.as_refusal();
        self.end_invitation(leg, Refusal::Cancelled);
        self.end_waits(leg, &lost);
        // The end of a task that was cancelled is told already.
        let running = task.as_ref().map(|task| task.operation.clone());
        let running = running.filter(|operation| self.operations.is_running(operation));
        let operation = asked.or(running);
        // Nobody was told of a Leg that never joined but by its operation, which ends below.
        let joined = task
            .as_ref()
            .is_none_or(|task| task.purpose != Purpose::Join);
        if joined {
            self.report_leg(leg, LegEvent::Left, seg.clone(), operation, Some(told));
        }
        if let Some(operation) = leaving {
            self.operations.succeed(&operation, Done::Deleted);
        }
        if let Some(task) = task.as_ref().filter(|task| task.purpose.is_alone()) {
            let refusal = match cause {
                Cause::Failed(refusal) => refusal,
                Cause::Requested
                | Cause::GatewayRestarted
                | Cause::GatewayLost
                | Cause::HandedOff
                | Cause::Media(_)
                | Cause::Closed(_) => Refusal::NoGateway,
            };
            self.operations
                .fail(&task.operation, OperationState::Failed, refusal);
        }
        self.forget_leg(leg, &call);
        if let Some(task) = task.as_ref().filter(|task| task.purpose.is_shared()) {
            self.settle_in_group(leg, &task.operation, MoveResult::Left, None);
        }
        let touched = seg.into_iter().chain(task.map(|task| task.target));
        self.look_after_segs(touched, supervises);
        self.end_call_if_empty(&call);
    }

    pub(super) fn forget_leg(&mut self, leg: &LegId, call: &CallId) {
        let Some(party) = self.legs.remove(leg) else {
            return;
        };
        self.tidy_requests(leg);
        self.talkers.remove(leg);
        let conference = self.calls.get_mut(call).expect("it outlives its Legs");
        if let Some(at) = conference.legs.iter().position(|other| other == leg) {
            conference.legs.remove(at);
        }
        if conference.legs.is_empty() && self.nobodys(call) == 0 {
            let conference = self.calls.get_mut(call).expect("looked up above");
            conference.gateway = None;
        }
        self.unload(&party.gateway);
    }

    /// Notes that a gateway carries one Leg less.
    pub(super) fn unload(&mut self, gateway: &GatewayId) {
        if let Some(load) = self.load.get_mut(gateway) {
            *load -= 1;
            if *load == 0 {
                self.load.remove(gateway);
            }
        }
    }

    /// Does what waits for a Leg to come to rest, in the Segs that it left or reached.
    pub(super) fn look_after(&mut self, leg: &LegId, segs: impl IntoIterator<Item = SegId>) {
        let party = self.legs.get(leg);
        let supervises = party.is_some_and(|party| party.role == Role::Supervisor);
        self.leave_ending(leg);
        self.retire_recorder(leg);
        self.look_after_segs(segs, supervises);
    }

    /// Does what waits for Segs to be left or reached; `supervised`: maybe by a supervisor.
    fn look_after_segs(&mut self, segs: impl IntoIterator<Item = SegId>, supervised: bool) {
        for seg in segs {
            if supervised {
                self.supervision_may_end(&seg);
            }
            self.close_if_deserted(&seg);
            self.end_seg_if_empty(&seg);
        }
    }

    /// Sends a Leg that rests in a Seg that is to end out of it.
    fn leave_ending(&mut self, leg: &LegId) {
        let Some(party) = self.legs.get(leg) else {
            return;
        };
        let ending = party.seg.as_ref().and_then(|seg| self.segs.get(seg));
        let Some(Ending {
            operation, exit, ..
        }) = ending.and_then(|seg| seg.ending.clone())
        else {
            return;
        };
        // A holder goes after the last Leg.
        if party.state != State::Attached || party.holds.is_some() {
            return;
        }
        let main = self.calls[&party.call].main_seg.clone();
        match exit {
            Exit::Return => {
                let task = Task {
                    purpose: Purpose::Return,
                    operation,
                    target: main,
                };
                let strategy = match self.calls[&party.call].hall() {
                    Some(_) => Strategy::Move,
                    None => self.manners.shortest(&party.gateway),
                };
                self.begin(leg, task, Input::Attach(strategy));
            }
            Exit::Release => self.dismiss(leg, None),
            Exit::Merge { into, strategy } => {
                let target = if self.segs.contains_key(&into) {
                    into
                } else {
                    main
                };
                self.begin_in_group(leg, operation, target, strategy);
            }
        }
    }

    pub(super) fn end_seg_if_empty(&mut self, seg: &SegId) {
        let Some(room) = self.segs.get(seg) else {
            return;
        };
        let Some(Ending {
            operation,
            exit,
            why,
        }) = room.ending.clone()
        else {
            return;
        };
        let call = room.call.clone();
        if self.is_occupied(&call, seg) {
            return;
        }
        let held = self.dismiss_holder(seg);
        // Where the holder was gone at once, so is the Seg.
        if self.end_recording(seg) || held || !self.segs.contains_key(seg) {
            return;
        }
        let conference = self.calls.get_mut(&call).expect("it outlives its Segs");
        conference.segs.retain(|other| other != seg);
        self.forget_seg(seg);
        let cause = why.map_or(Cause::Requested, Cause::Closed);
        self.report_end(EventKind::SegEnded, &call, Some(seg), &operation, cause);
        let done = match exit {
            Exit::Return | Exit::Release => Done::Deleted,
            Exit::Merge { into, .. } => Done::LegsMoved { seg: into },
        };
        self.operations.succeed(&operation, done);
    }

    pub(super) fn end_call_if_empty(&mut self, call: &CallId) {
        let Some(conference) = self.calls.get(call).filter(|call| call.legs.is_empty()) else {
            return;
        };
        let Some(operation) = conference.ending.clone() else {
            return;
        };
        if self.nobodys(call) > 0 {
            return;
        }
        for seg in conference.segs.clone() {
            let ended_by = self.forget_seg(&seg).and_then(|seg| seg.ending);
            let ended_by = ended_by.map(|ending| ending.operation);
            let told = ended_by.as_ref().unwrap_or(&operation);
            let cause = Cause::Requested;
            self.report_end(EventKind::SegEnded, call, Some(&seg), told, cause);
            if let Some(ended_by) = ended_by {
                self.operations.succeed(&ended_by, Done::Deleted);
            }
        }
        self.calls.remove(call);
        let cause = Cause::Requested;
        self.report_end(EventKind::CallEnded, call, None, &operation, cause);
        self.operations.succeed(&operation, Done::Deleted);
    }

    fn report_end(
        &mut self,
        kind: EventKind,
        call: &CallId,
        seg: Option<&SegId>,
        operation: &OperationId,
        cause: Cause,
    ) {
        self.events.push_back(Event {
            kind,
            call: Some(call.clone()),
            seg: seg.cloned(),
            leg: None,
            operation: Some(operation.clone()),
            cause: Some(cause),
        });
    }
}
