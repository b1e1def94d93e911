//! DetachMediaReq: a Leg stays in its Seg, and neither hears nor is heard.

use super::{
    Conferences,
    leg::{Input, Purpose, State, Task},
    request::accepted,
};
use crate::{
    northbound::{Accepted, CallId, Done, LegEvent, LegId, LegState, OperationKind, Refusal},
    operations::Subject,
};

impl Conferences {
    /// Begins to close a Leg's media where it is.
    pub(crate) fn detach_media(&mut self, call: CallId, leg: LegId) -> Result<Accepted, Refusal> {
        self.live_call(&call)?;
        let party = self.leg_of(&call, &leg)?;
        if party.state.view() == LegState::Leaving {
            return Err(Refusal::UnknownLeg(leg));
        }
        if let Some(task) = &party.task {
            // A repeated DetachMediaReq joins the operation that runs.
            if task.purpose == Purpose::Detach {
                return Ok(accepted(task.operation.clone()));
            }
            let operation = task.operation.clone();
            return Err(Refusal::LegBusy { leg, operation });
        }
        let Some(seg) = party.seg.clone().filter(|_| party.state == State::Attached) else {
            return Err(Refusal::LegElsewhere(leg));
        };
        let is_detached = party.detached;
        let subject = Subject {
            call: Some(call),
            seg: Some(seg.clone()),
            leg: Some(leg.clone()),
        };
        let operation = self.start(OperationKind::DetachMediaReq, subject)?;
        if is_detached {
            let event = LegEvent::Detached;
            self.report_leg(
                &leg,
                event,
                Some(seg.clone()),
                Some(operation.clone()),
                None,
            );
            let done = Done::LegDetached { leg, seg };
            self.operations.succeed(&operation, done);
            return Ok(accepted(operation));
        }
        let task = Task {
            purpose: Purpose::Detach,
            operation: operation.clone(),
            target: seg,
        };
        self.begin(&leg, task, Input::Detach);
        Ok(accepted(operation))
    }
}
