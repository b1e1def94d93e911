//! ModifySeg: other rules for a room that stands.

use super::{
    Conferences,
    due::{Deadline, after},
    request::accepted,
};
use crate::{
    northbound::{
        Accepted, CallId, Done, Event, EventKind, OperationKind, Refusal, SegChanges, SegId,
    },
    operations::Subject,
};

impl Conferences {
    /// Changes the name and the rules of a Seg.
    pub(crate) fn modify_seg(
        &mut self,
        call: CallId,
        seg: SegId,
        changes: SegChanges,
    ) -> Result<Accepted, Refusal> {
        let is_main = self.live_call(&call)?.main_seg == seg;
        self.live_seg(&call, &seg)?;
        if is_main && !changes.suit_main() {
            return Err(Refusal::NotForMain(seg));
        }
        let subject = Subject {
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: None,
        };
        let operation = self.start(OperationKind::ModifySeg, subject)?;
        self.change(&seg, &changes);
        self.events.push_back(Event {
            kind: EventKind::SegChanged,
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: None,
            operation: Some(operation.clone()),
            cause: None,
        });
        let changed = self.rules_of(&seg, &self.segs[&seg]);
        let done = Done::SegModified(Box::new(changed));
        self.operations.succeed(&operation, done);
        // What the rule says of one in which Legs have been, it says at once.
        self.raise_peak(&seg, self.inside(&call, &seg));
        self.close_if_deserted(&seg);
        Ok(accepted(operation))
    }

    fn change(&mut self, id: &SegId, changes: &SegChanges) {
        let time_ms = self.clock_ms;
        let Some(seg) = self.segs.get_mut(id) else {
            return;
        };
        changes.apply(&mut seg.name, &mut seg.policy);
        if let Some(seconds) = changes.seconds {
            let until = seconds.map(|seconds| after(time_ms, seconds));
            let before = std::mem::replace(&mut seg.until, until);
            self.reschedule(id, before, until);
        }
    }

    /// Notes when a Seg's time is over.
    pub(super) fn reschedule(&mut self, seg: &SegId, before: Option<u64>, until: Option<u64>) {
        let age = Deadline::Age(seg.clone());
        if let Some(before) = before {
            self.timetable.remove(before, age.clone());
        }
        if let Some(until) = until {
            self.timetable.insert(until, age);
        }
    }
}

impl SegChanges {
    /// Whether a main Seg, which is as its Call is, can be changed so.
    fn suit_main(&self) -> bool {
        let Self {
            name: _,
            locked: _,
            private,
            auto_close,
            may_join,
            may_invite,
            legs_max,
            seconds,
        } = self;
        private.is_none()
            && auto_close.is_none()
            && may_join.is_none()
            && may_invite.is_none()
            && legs_max.is_none()
            && seconds.is_none()
    }
}
