//! SplitSeg and MergeSeg: one operation that moves several Legs, each of which is told of.

use super::{
    Conferences,
    leg::{Input, Purpose, State, Task},
    seg::{Ending, Exit, Seg},
};
use crate::{
    northbound::{
        Accepted, CallId, Confirm, Done, Event, EventKind, LegId, MoveResult, OperationId,
        OperationKind, OperationState, Refusal, SegId, SegPolicy, Strategy,
    },
    operations::Subject,
};

impl Conferences {
    /// Makes another Seg, and begins to move Legs of one Seg there.
    pub(crate) fn split_seg(
        &mut self,
        call: CallId,
        from: &SegId,
        mut legs: Vec<LegId>,
        name: Option<String>,
        strategy: Option<Strategy>,
    ) -> Result<Accepted, Refusal> {
        let strategy = self.strategy(&call, strategy)?;
        self.check_another_seg(&call)?;
        self.live_seg(&call, from)?;
        legs.sort();
        legs.dedup();
        self.check_group_size(legs.len())?;
        for leg in &legs {
            self.check_rests(&call, from, leg)?;
        }
        let seg = self.draw_seg();
        let policy = self.policy_of_split(from);
        match self.policy_legs_max(&policy) {
            Some(max) if legs.len() > max => return Err(Refusal::SegFull { seg, max }),
            Some(_) | None => {}
        }
        let subject = Subject {
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: None,
        };
        let operation = self.start(OperationKind::SplitSeg, subject)?;
        let room = Seg::new(call.clone(), name, policy, self.clock_ms);
        self.reschedule(&seg, None, room.until);
        self.segs.insert(seg.clone(), room);
        let conference = self.calls.get_mut(&call).expect("looked up above");
        conference.segs.push(seg.clone());
        self.events.push_back(Event {
            kind: EventKind::CreateSegRes,
            call: Some(call),
            seg: Some(seg.clone()),
            leg: None,
            operation: Some(operation.clone()),
            cause: None,
        });
        for leg in &legs {
            self.begin_in_group(leg, operation.clone(), seg.clone(), strategy);
        }
        self.conclude_group(&operation);
        Ok(Accepted {
            operation,
            seg: Some(seg),
        })
    }

    /// The rules of what a SplitSeg makes. Who may not see a room may not see what comes of it
    /// either; and so with its other rules, but that its lock was for those who were in it, and
    /// that its Legs make its Context.
    fn policy_of_split(&self, from: &SegId) -> SegPolicy {
        SegPolicy {
            confirm: Confirm::Reserved,
            locked: false,
            ..self.segs[from].policy.clone()
        }
    }

    /// Begins to move all Legs of a Seg into another, after which it ends.
    pub(crate) fn merge_seg(
        &mut self,
        call: CallId,
        seg: SegId,
        into: SegId,
        strategy: Option<Strategy>,
    ) -> Result<Accepted, Refusal> {
        let conference = self.live_call(&call)?;
        let strategy = self.strategy(&call, strategy)?;
        let (main, legs) = (conference.main_seg.clone(), conference.legs.len());
        self.live_seg(&call, &seg)?;
        self.live_seg(&call, &into)?;
        if seg == main {
            return Err(Refusal::MainSeg(seg));
        }
        if seg == into {
            return Err(Refusal::SameSeg(seg));
        }
        self.check_group_size(legs)?;
        self.check_merge(&call, &seg, &into)?;
        let subject = Subject {
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: None,
        };
        let operation = self.start(OperationKind::MergeSeg, subject)?;
        let ending = Ending {
            operation: operation.clone(),
            exit: Exit::Merge { into, strategy },
            why: None,
        };
        self.begin_end(&call, &seg, ending);
        Ok(Accepted {
            operation,
            seg: None,
        })
    }

    /// Whether all who come with a Seg may enter another.
    fn check_merge(&self, call: &CallId, seg: &SegId, into: &SegId) -> Result<(), Refusal> {
        let legs = self.calls[call].legs.iter();
        let legs = legs.filter_map(|leg| self.legs.get(leg));
        let come = legs.filter(|leg| leg.is_about(seg) && !leg.is_about(into));
        match come.count() {
            0 => Ok(()),
            come => self.check_entry(call, into, come),
        }
    }

    /// The results are written down with every Leg, so that there must not be too many.
    pub(super) fn check_group_size(&self, legs: usize) -> Result<(), Refusal> {
        if legs > self.limits.legs_per_request {
            return Err(Refusal::limit("legs of a request"));
        }
        Ok(())
    }

    fn check_rests(&self, call: &CallId, seg: &SegId, leg: &LegId) -> Result<(), Refusal> {
        let party = self.leg_of(call, leg)?;
        if let Some(task) = &party.task {
            return Err(Refusal::LegBusy {
                leg: leg.clone(),
                operation: task.operation.clone(),
            });
        }
        if party.state != State::Attached || party.seg.as_ref() != Some(seg) {
            return Err(Refusal::LegElsewhere(leg.clone()));
        }
        Ok(())
    }

    /// Begins to move one Leg of several; one of which the operation has told already stays.
    pub(super) fn begin_in_group(
        &mut self,
        leg: &LegId,
        operation: OperationId,
        target: SegId,
        strategy: Strategy,
    ) {
        let known = self.operations.legs(&operation);
        if known.iter().any(|known| known.leg == *leg) {
            return;
        }
        self.operations
            .note_leg(&operation, leg, MoveResult::Moving, None);
        let task = Task {
            purpose: Purpose::Group,
            operation,
            target,
        };
        self.begin(leg, task, Input::Attach(strategy));
    }

    /// Notes what came of one Leg of several.
    pub(super) fn settle_in_group(
        &mut self,
        leg: &LegId,
        operation: &OperationId,
        result: MoveResult,
        cause: Option<Refusal>,
    ) {
        self.operations.note_leg(operation, leg, result, cause);
        self.conclude_group(operation);
    }

    /// Ends an operation about several Legs with the last of them: it failed where one did. A
    /// MergeSeg that did not fail ends with its Seg.
    pub(super) fn conclude_group(&mut self, operation: &OperationId) {
        let legs = self.operations.legs(operation);
        if legs.iter().any(|leg| leg.result.is_open()) {
            return;
        }
        let any_moved = legs.iter().any(|leg| leg.result == MoveResult::Moved);
        let failed: Vec<LegId> = legs
            .iter()
            .filter(|leg| leg.result == MoveResult::Failed)
            .map(|leg| leg.leg.clone())
            .collect();
        let why = legs.iter().find_map(|leg| leg.cause.clone());
        let any_left = !legs.is_empty();
        let Ok(view) = self.operations.view(operation) else {
            return;
        };
        let Some(seg) = view.seg else {
            return;
        };
        if matches!(
            view.kind,
            OperationKind::PlaySeg | OperationKind::StopSegPlay
        ) {
            self.conclude_play(operation, view.kind, why);
            return;
        }
        let is_split = view.kind == OperationKind::SplitSeg;
        if !failed.is_empty() {
            let state = self.state_of_failure(any_moved, &failed);
            let why = why.unwrap_or(Refusal::Cancelled);
            self.operations.fail(operation, state, why);
        } else if is_split && !any_moved && any_left {
            self.operations
                .fail(operation, OperationState::Failed, Refusal::Cancelled);
        } else if is_split {
            let done = Done::LegsMoved { seg: seg.clone() };
            self.operations.succeed(operation, done);
        }
        if is_split && !any_moved && any_left {
            self.withdraw_seg(&seg, operation);
        } else if !is_split && !failed.is_empty() {
            let room = self.segs.get_mut(&seg);
            // The Seg stays with those that could not go, and its end may be asked for again.
            if let Some(room) = room {
                room.ending = None;
            }
        }
    }

    /// RolledBack where every Leg is where it was.
    fn state_of_failure(&self, any_moved: bool, failed: &[LegId]) -> OperationState {
        let is_back = |leg: &LegId| {
            let leg = self.legs.get(leg);
            leg.is_some_and(|leg| leg.state == State::Attached)
        };
        if !any_moved && failed.iter().all(is_back) {
            OperationState::RolledBack
        } else {
            OperationState::Failed
        }
    }

    /// Ends a Seg that was made for Legs of which none came, unless others have.
    fn withdraw_seg(&mut self, seg: &SegId, operation: &OperationId) {
        let Some(room) = self.segs.get(seg).filter(|room| room.ending.is_none()) else {
            return;
        };
        let call = room.call.clone();
        if !self.is_occupied(&call, seg) {
            let ending = Ending {
                operation: operation.clone(),
                exit: Exit::Return,
                why: None,
            };
            self.begin_end(&call, seg, ending);
        }
    }
}
