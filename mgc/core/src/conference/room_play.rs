//! What is played into a Seg: to each of its Legs, in one operation that tells of all.
//!
//! Each Leg gets a Modify of its own: its answer, or its silence, tells of this Leg alone, and is
//! followed up as that of any other command. A Leg that comes later hears nothing of it, since what
//! is played began without it; one that goes takes it along. One that is detached, deaf or held
//! does not hear its Seg, and so not this either.

use super::{
    Conferences,
    leg::{Adjustment, Leg, Purpose, State},
    request::accepted,
    supervise::Wait,
};
use crate::{
    northbound::{
        Accepted, CallId, Cause, Done, LegEvent, LegId, LegState, MoveResult, OperationId,
        OperationKind, OperationState, Play, Refusal, SegId,
    },
    operations::Subject,
    registry::Registry,
};

impl Leg {
    /// Whether it is in its Seg and hears it.
    fn hears(&self) -> bool {
        let joined = !matches!(self.state, State::Joining);
        let there = joined && self.state.view() != LegState::Leaving;
        there && !self.detached && !self.settings.deaf && !self.settings.hold
    }

    /// The operation that keeps others from being played to it.
    fn kept_by(&self) -> Option<&OperationId> {
        let task = self.task.as_ref().map(|task| &task.operation);
        let play = self.waits.play.as_ref().map(|wait| &wait.operation);
        task.or(play)
    }

    fn hears_of(&self, seg: &SegId) -> bool {
        let play = self.waits.play.as_ref();
        play.is_some_and(|wait| wait.room.as_ref() == Some(seg))
    }
}

impl Conferences {
    /// Begins to play something to the Legs of a Seg.
    pub(crate) fn play_seg(
        &mut self,
        call: CallId,
        seg: SegId,
        play: Play,
        registry: &Registry,
    ) -> Result<Accepted, Refusal> {
        let gateway = self.live_call(&call)?.gateway.clone();
        self.live_seg(&call, &seg)?;
        if let Some(leg) = self.members(&call).find(|leg| leg.hears_of(&seg))
            && let Some(wait) = &leg.waits.play
        {
            let operation = wait.operation.clone();
            return Err(Refusal::SegBusy { seg, operation });
        }
        let inside = self.members(&call);
        let audience: Vec<(LegId, Option<OperationId>)> = inside
            .filter(|leg| leg.seg.as_ref() == Some(&seg) && leg.hears())
            .map(|leg| (leg.id.clone(), leg.kept_by().cloned()))
            .collect();
        self.check_group_size(audience.len())?;
        if audience.is_empty() {
            return Err(Refusal::SegEmpty(seg));
        }
        let gateway = gateway.ok_or(Refusal::NoGateway)?;
        let play = registry.profiles.of(&gateway).spell(play)?;
        let until = self.deadline(play.limit_ms)?;
        let operation = self.start_in(OperationKind::PlaySeg, call, &seg)?;
        self.note_all(&operation, MoveResult::Playing, &audience);
        for (leg, kept_by) in audience {
            match kept_by {
                None => {
                    let wait = Wait {
                        room: Some(seg.clone()),
                        until: Some(until),
                        ..Wait::new(&operation)
                    };
                    self.begin_play(&leg, &seg, wait, play.clone());
                }
                Some(other) => self.not_played(&leg, &seg, &operation, other),
            }
        }
        Ok(accepted(operation))
    }

    /// Begins to stop what is played into a Seg, also for those that went elsewhere with it.
    pub(crate) fn stop_seg_play(&mut self, call: CallId, seg: SegId) -> Result<Accepted, Refusal> {
        self.live_call(&call)?;
        self.live_seg(&call, &seg)?;
        let hearing = self.members(&call).filter(|leg| leg.hears_of(&seg));
        let hearing: Vec<(LegId, Option<OperationId>)> = hearing
            .map(|leg| {
                let task = leg.task.as_ref();
                (leg.id.clone(), task.map(|task| task.operation.clone()))
            })
            .collect();
        let operation = self.start_in(OperationKind::StopSegPlay, call, &seg)?;
        self.note_all(&operation, MoveResult::Stopping, &hearing);
        for (leg, kept_by) in hearing {
            let here = self.legs[&leg].seg.clone();
            match (kept_by, here) {
                (None, Some(here)) => {
                    let stop = Adjustment::StopPlay;
                    self.adjust_for(Purpose::AdjustGroup, &leg, here, &operation, stop);
                }
                // What is played to a stranded one ended with its Termination.
                (None, None) => {
                    self.settle_in_group(&leg, &operation, MoveResult::Stopped, None);
                }
                (Some(other), _) => {
                    let busy = busy(&leg, other);
                    self.settle_in_group(&leg, &operation, MoveResult::Failed, Some(busy));
                }
            }
        }
        self.conclude_group(&operation);
        Ok(accepted(operation))
    }

    fn members(&self, call: &CallId) -> impl Iterator<Item = &Leg> {
        let call = self.calls.get(call);
        let legs = call.into_iter().flat_map(|call| &call.legs);
        legs.filter_map(|leg| self.legs.get(leg))
    }

    pub(super) fn start_in(
        &mut self,
        kind: OperationKind,
        call: CallId,
        seg: &SegId,
    ) -> Result<OperationId, Refusal> {
        let subject = Subject {
            call: Some(call),
            seg: Some(seg.clone()),
            leg: None,
        };
        self.start(kind, subject)
    }

    /// Notes all Legs before anything is begun, so that the first end is not taken for the last.
    fn note_all(
        &mut self,
        operation: &OperationId,
        result: MoveResult,
        legs: &[(LegId, Option<OperationId>)],
    ) {
        for (leg, _) in legs {
            self.operations.note_leg(operation, leg, result, None);
        }
    }

    /// Tells that a Leg which is occupied hears nothing of what is played into its Seg.
    fn not_played(
        &mut self,
        leg: &LegId,
        seg: &SegId,
        operation: &OperationId,
        other: OperationId,
    ) {
        let busy = busy(leg, other);
        let (told, cause) = (Some(operation.clone()), Cause::Failed(busy.clone()));
        let seg = Some(seg.clone());
        self.report_leg(leg, LegEvent::PlayFailed, seg, told, Some(cause));
        self.settle_in_group(leg, operation, MoveResult::Failed, Some(busy));
    }

    /// Ends a PlaySeg or StopSegPlay with the last of its Legs: it failed where one did.
    pub(super) fn conclude_play(
        &mut self,
        operation: &OperationId,
        kind: OperationKind,
        failure: Option<Refusal>,
    ) {
        match failure {
            Some(refusal) => {
                let state = OperationState::Failed;
                self.operations.fail(operation, state, refusal);
            }
            None if kind == OperationKind::PlaySeg => {
                self.operations.succeed(operation, Done::LegsPlayed);
            }
            None => self.operations.succeed(operation, Done::Deleted),
        }
    }
}

fn busy(leg: &LegId, operation: OperationId) -> Refusal {
    Refusal::LegBusy {
        leg: leg.clone(),
        operation,
    }
}
