//! What the gateway did, and what follows from it.

use super::{
    Conferences, Outcome,
    leg::{Adjustment, Input, Purpose, State, Task},
};
use crate::{
    northbound::{
        Cause, Done, LegEvent, LegId, MoveResult, OperationState, Refusal, SegId, Strategy,
    },
    sdp,
};

impl Conferences {
    /// Takes what came of an intent.
    pub(crate) fn handle_outcome(&mut self, leg: &LegId, outcome: Outcome) {
        let Some(party) = self.legs.get_mut(leg) else {
            return;
        };
        match outcome {
            Outcome::Asked => self.progress(leg),
            Outcome::Silent => self.doubt(leg),
            Outcome::Counted(figures) => self.counted(leg, figures),
            Outcome::Done { local } => {
                party.local = local.or(party.local.take());
                self.settle(leg, Input::Done, Refusal::Cancelled);
            }
            // The controller was killed meanwhile: what came of it, a sweep ends.
            Outcome::Refused(Refusal::Interrupted) if party.is_made_anew() => self.pursue(leg),
            Outcome::Refused(refusal) => self.settle(leg, Input::Refused, refusal),
            Outcome::Unable(refusal) => {
                let input = match self.manners.strategies(&party.gateway) {
                    can if can.contains(&Strategy::SubtractAdd) => Input::Unable,
                    _ => Input::Refused,
                };
                self.settle(leg, input, refusal);
            }
            Outcome::Unanswered => self.settle(leg, Input::Unanswered, Refusal::GatewayTimeout),
            Outcome::Missing(refusal) => self.settle(leg, Input::Missing, refusal),
            Outcome::Vanished => self.vanished(leg),
            Outcome::Astray => self.bring_back(leg),
        }
    }

    /// Tells what was counted of a Leg; of one that never joined nothing is told.
    fn counted(&mut self, leg: &LegId, figures: Vec<(String, String)>) {
        let party = self.legs.get(leg).expect("looked up by the caller");
        let task = party.task.as_ref();
        if task.is_some_and(|task| task.purpose == Purpose::Join) {
            return;
        }
        let seg = party.seg.clone();
        self.report_leg(leg, LegEvent::Counted(figures), seg, None, None);
    }

    /// Somebody else ended the Leg's Termination.
    fn vanished(&mut self, leg: &LegId) {
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        if matches!(party.state, State::Attached | State::Stranded) {
            party.state = State::Gone;
            let refusal = Refusal::answer("the gateway holds it no more");
            self.gone(leg, Cause::Failed(refusal));
        }
    }

    /// Somebody else moved the Leg's Termination: it is moved back into its Seg.
    fn bring_back(&mut self, leg: &LegId) {
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        if party.state == State::Attached {
            tracing::warn!(%leg, "a Leg is not where it was; it is moved back");
            party.state = State::Reopening;
            self.pursue(leg);
        }
    }

    fn progress(&mut self, leg: &LegId) {
        let leg = &self.legs[leg];
        let state = match leg.state {
            State::Closing
            | State::Detaching
            | State::Releasing
            | State::Exchanging
            | State::Withdrawing => OperationState::Closing,
            State::Joining
            | State::Connecting
            | State::Reopening
            | State::Moving
            | State::Rejoining
            | State::Returning
            | State::Recovering => OperationState::Connecting,
            State::Adjusting
            | State::Attached
            | State::Stranded
            | State::Abandoned
            | State::Leaving
            | State::Gone => {
                return;
            }
        };
        if let Some(task) = leg.own_task() {
            self.operations.progress(&task.operation, state);
        }
    }

    fn doubt(&mut self, leg: &LegId) {
        if let Some(task) = self.legs[leg].own_task() {
            self.operations
                .progress(&task.operation, OperationState::Unknown);
        }
    }

    /// Advances a Leg; `refusal` says why, for every input but Done.
    fn settle(&mut self, leg: &LegId, input: Input, refusal: Refusal) {
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        let before = party.state;
        let Ok(after) = before.next(input) else {
            tracing::error!(%leg, ?before, ?input, "an outcome that no state waits for");
            return;
        };
        tracing::debug!(%leg, ?before, ?input, ?after, "leg");
        party.state = after;
        if matches!(after, State::Rejoining | State::Returning) {
            self.end_waits(leg, &Refusal::Cancelled);
            self.fall_silent(leg);
        }
        let party = self.legs.get_mut(leg).expect("looked up above");
        match after {
            State::Attached if input == Input::Done => self.arrived(leg, before),
            State::Attached => self.failed(leg, OperationState::Failed, refusal),
            State::Stranded => self.stranded(leg, before, refusal),
            State::Gone => {
                let refusal = party.refusal.take().unwrap_or(refusal);
                self.gone(leg, Cause::Failed(refusal));
            }
            State::Connecting | State::Rejoining => {
                if let Some(task) = self.legs[leg].own_task() {
                    self.operations
                        .progress(&task.operation, OperationState::Closed);
                }
                self.pursue(leg);
            }
            // Why it is on its way back was noted when that began.
            State::Returning if before == State::Withdrawing => self.pursue(leg),
            State::Reopening | State::Returning => {
                party.refusal = Some(refusal);
                self.pursue(leg);
            }
            State::Joining
            | State::Adjusting
            | State::Closing
            | State::Moving
            | State::Detaching
            | State::Releasing
            | State::Exchanging
            | State::Withdrawing
            | State::Recovering
            | State::Abandoned
            | State::Leaving => self.pursue(leg),
        }
    }

    /// The gateway did what leads to Attached: the Leg is where it was to be, or back.
    fn arrived(&mut self, leg: &LegId, before: State) {
        if matches!(before, State::Reopening | State::Returning) {
            let refusal = self.legs.get_mut(leg).and_then(|leg| leg.refusal.take());
            let refusal = refusal.unwrap_or(Refusal::GatewayTimeout);
            self.failed(leg, OperationState::RolledBack, refusal);
            return;
        }
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        if let Some(held) = party.holds.clone() {
            if self.is_recorder(leg) {
                self.recorder_arrived(leg);
            } else {
                self.held(leg, &held);
            }
            return;
        }
        let Some(task) = party.task.take() else {
            return;
        };
        if task.purpose.adjusts() {
            self.adjusted(leg, &task);
            return;
        }
        let left = party.seg.replace(task.target.clone());
        party.detached = match task.purpose {
            Purpose::Join | Purpose::Attach | Purpose::Recreate => false,
            Purpose::Detach => true,
            Purpose::Adjust | Purpose::AdjustGroup | Purpose::Return | Purpose::Group => {
                party.detached
            }
        };
        party.media_lost &= task.purpose != Purpose::Recreate;
        self.note_entry(&task.target);
        let made = matches!(task.purpose, Purpose::Join | Purpose::Recreate);
        let answer = if made {
            self.answer(leg)
        } else {
            String::new()
        };
        let event = match task.purpose {
            Purpose::Join => LegEvent::Joined,
            Purpose::Recreate => LegEvent::Remade(answer.clone()),
            Purpose::Detach => LegEvent::Detached,
            Purpose::Attach
            | Purpose::Adjust
            | Purpose::AdjustGroup
            | Purpose::Return
            | Purpose::Group => LegEvent::Moved,
        };
        let (seg, operation) = (task.target.clone(), task.operation.clone());
        self.report_leg(leg, event, Some(seg), Some(operation), None);
        self.reached(leg, &task, answer);
        self.hold_again(&task.target);
        self.look_after(leg, left.into_iter().chain([task.target]));
    }

    fn reached(&mut self, leg: &LegId, task: &Task, sdp: String) {
        let done = match task.purpose {
            Purpose::Join | Purpose::Recreate => Done::LegAdded {
                leg: leg.clone(),
                seg: task.target.clone(),
                sdp,
            },
            Purpose::Attach => Done::LegMoved {
                leg: leg.clone(),
                seg: task.target.clone(),
            },
            Purpose::Detach => Done::LegDetached {
                leg: leg.clone(),
                seg: task.target.clone(),
            },
            // The operation ends when the Seg is empty.
            Purpose::Adjust | Purpose::AdjustGroup | Purpose::Return => return,
            Purpose::Group => {
                self.settle_in_group(leg, &task.operation, MoveResult::Moved, None);
                return;
            }
        };
        self.operations.succeed(&task.operation, done);
    }

    /// What the party is to know of the gateway.
    fn answer(&mut self, leg: &LegId) -> String {
        let party = &self.legs[leg];
        let local = party.local.as_ref();
        let local = local.expect("a Leg that joined has what the gateway answered");
        sdp::answer(&party.offer, local, self.random.u32(1..))
    }

    /// The Leg is attached where it was.
    fn failed(&mut self, leg: &LegId, state: OperationState, refusal: Refusal) {
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        let seg = party.seg.clone();
        let Some(task) = party.task.take() else {
            // It was moved back into its Seg, which may be about to end.
            self.look_after(leg, seg);
            return;
        };
        let adjustment = party.adjustment.take();
        // Unless the gateway has refused to, it may record.
        let may_record = matches!(adjustment, Some(Adjustment::Record { .. }))
            && !matches!(refusal, Refusal::Gateway(_));
        if let Some(adjustment) = adjustment {
            self.not_supervised(leg, &adjustment, &refusal);
        }
        let (operation, cause) = (task.operation.clone(), Cause::Failed(refusal.clone()));
        let event = match task.purpose {
            Purpose::Adjust | Purpose::AdjustGroup | Purpose::Recreate => None,
            Purpose::Detach => Some(LegEvent::DetachFailed),
            Purpose::Join | Purpose::Attach | Purpose::Return | Purpose::Group => {
                Some(LegEvent::MoveFailed)
            }
        };
        if let Some(event) = event {
            self.report_leg(leg, event, seg.clone(), Some(operation), Some(cause));
        }
        match task.purpose {
            Purpose::Join
            | Purpose::Attach
            | Purpose::Adjust
            | Purpose::Detach
            | Purpose::Recreate => {
                self.operations.fail(&task.operation, state, refusal);
            }
            Purpose::Return => self.keep_seg(seg.as_ref(), &refusal),
            Purpose::Group | Purpose::AdjustGroup => {
                let failed = MoveResult::Failed;
                self.settle_in_group(leg, &task.operation, failed, Some(refusal));
            }
        }
        if may_record {
            self.stop_unseen(leg, task.target.clone());
        }
        self.look_after(leg, seg.into_iter().chain([task.target]));
    }

    /// A Seg that cannot be emptied stays, and its end may be asked for again.
    fn keep_seg(&mut self, seg: Option<&SegId>, refusal: &Refusal) {
        let Some(id) = seg else {
            return;
        };
        let room = self.segs.get_mut(id);
        if let Some(ending) = room.and_then(|room| room.ending.take()) {
            if ending.why.is_some() {
                self.close_later(id);
            }
            self.operations
                .fail(&ending.operation, OperationState::Failed, refusal.clone());
        }
    }

    /// The Leg is in no Seg.
    fn stranded(&mut self, leg: &LegId, before: State, refusal: Refusal) {
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        if party.holds.is_some() {
            self.dismiss(leg, None);
            return;
        }
        let left = party.seg.clone();
        self.fall_silent(leg);
        let party = self.legs.get_mut(leg).expect("looked up above");
        party.seg = None;
        // The application is told why the move failed rather than why the way back did.
        let refusal = match before {
            State::Reopening | State::Withdrawing | State::Returning => {
                party.refusal.take().unwrap_or(refusal)
            }
            State::Joining
            | State::Attached
            | State::Adjusting
            | State::Closing
            | State::Connecting
            | State::Moving
            | State::Detaching
            | State::Releasing
            | State::Exchanging
            | State::Rejoining
            | State::Stranded
            | State::Recovering
            | State::Abandoned
            | State::Leaving
            | State::Gone => refusal,
        };
        let task = party.task.take();
        let adjustment = party.adjustment.take();
        let operation = task.as_ref().map(|task| task.operation.clone());
        let cause = Cause::Failed(refusal.clone());
        self.report_leg(leg, LegEvent::Stranded, None, operation, Some(cause));
        if let Some(adjustment) = adjustment {
            self.not_supervised(leg, &adjustment, &refusal);
        }
        if let Some(task) = task.as_ref() {
            if task.purpose.is_alone() {
                self.operations
                    .fail(&task.operation, OperationState::Failed, refusal);
            } else if task.purpose.is_shared() {
                let failed = MoveResult::Failed;
                self.settle_in_group(leg, &task.operation, failed, Some(refusal));
            }
        }
        let target = task.map(|task| task.target);
        self.look_after(leg, left.into_iter().chain(target));
    }
}
