//! Supervisors: Legs that hear the Seg they are in and are not heard there. A Seg is told of as
//! supervised before the gateway is asked to let one in, and until the last one is out.

use super::Conferences;
use crate::northbound::{CallId, Event, EventKind, LegId, OperationId, Role, SegId};

impl Conferences {
    /// Tells that a Seg is supervised, where the Leg that is on its way there is a supervisor.
    pub(super) fn tell_supervision(&mut self, leg: &LegId, seg: &SegId) {
        let party = self.legs.get(leg);
        let Some(party) = party.filter(|party| party.role == Role::Supervisor) else {
            return;
        };
        let call = party.call.clone();
        let operation = party.task.as_ref().map(|task| task.operation.clone());
        let room = self.segs.get(seg);
        if room.is_some_and(|room| !room.supervised) {
            self.note_supervision(&call, seg, true, operation);
        }
    }

    /// Tells that a Seg is not supervised any more, where the last supervisor has left it.
    pub(super) fn supervision_may_end(&mut self, seg: &SegId) {
        let Some(room) = self.segs.get(seg).filter(|room| room.supervised) else {
            return;
        };
        let call = room.call.clone();
        let legs = self.calls[&call].legs.iter();
        let mut parties = legs.filter_map(|leg| self.legs.get(leg));
        let stays = parties.any(|party| party.role == Role::Supervisor && party.is_about(seg));
        if !stays {
            self.note_supervision(&call, seg, false, None);
        }
    }

    fn note_supervision(
        &mut self,
        call: &CallId,
        seg: &SegId,
        supervised: bool,
        operation: Option<OperationId>,
    ) {
        if let Some(room) = self.segs.get_mut(seg) {
            room.supervised = supervised;
        }
        let kind = if supervised {
            EventKind::SupervisionBegan
        } else {
            EventKind::SupervisionEnded
        };
        self.events.push_back(Event {
            kind,
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: None,
            operation,
            cause: None,
        });
    }
}
