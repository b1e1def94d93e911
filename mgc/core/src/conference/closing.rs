//! Segs that close by themselves: when nobody is left, when one is, or when their time is over.
//!
//! Who is on the way into a Seg counts as being in it, and who is on the way out until it is
//! confirmed elsewhere. A Seg in which nobody has been waits for its first Leg, and one that closes
//! when one is left waits until two have been in it.

use super::{
    Conferences,
    due::{Deadline, after},
    leg::State,
    seg::{Ending, Exit},
};
use crate::{
    northbound::{AutoClose, CallId, Closing, OperationKind, SegId},
    operations::Subject,
};

/// A Seg that is to close and could not be emptied is tried again after so long.
const AGAIN_S: u32 = 10;

impl Conferences {
    /// Notes that a Leg has come into a Seg.
    pub(super) fn note_entry(&mut self, seg: &SegId) {
        let Some(room) = self.segs.get(seg) else {
            return;
        };
        let peak = match (room.peak, room.policy.auto_close) {
            (0, AutoClose::Never | AutoClose::Empty) => 1,
            (0 | 1, AutoClose::One) => self.inside(&room.call, seg),
            (_, _) => return,
        };
        self.raise_peak(seg, peak);
    }

    /// Notes how many Legs have been in a Seg at once; more than two make no difference.
    pub(super) fn raise_peak(&mut self, seg: &SegId, peak: usize) {
        let peak = u8::try_from(peak.min(2)).unwrap_or(2);
        if self.segs.get(seg).is_some_and(|room| room.peak < peak)
            && let Some(room) = self.segs.get_mut(seg)
        {
            room.peak = peak;
        }
    }

    /// How many Legs are in a Seg that have come there; two stand for more.
    pub(super) fn inside(&self, call: &CallId, seg: &SegId) -> usize {
        let legs = self.calls.get(call).into_iter().flat_map(|call| &call.legs);
        let legs = legs.filter_map(|leg| self.legs.get(leg));
        let inside =
            legs.filter(|leg| leg.state != State::Joining && leg.seg.as_ref() == Some(seg));
        inside.take(2).count()
    }

    /// Ends a Seg where its own rule says so.
    pub(super) fn close_if_deserted(&mut self, seg: &SegId) {
        let Some(room) = self.segs.get(seg).filter(|room| room.ending.is_none()) else {
            return;
        };
        let left_max = match (room.policy.auto_close, room.peak) {
            (AutoClose::Never, _) | (_, 0) => return,
            (AutoClose::Empty, _) | (AutoClose::One, 1) => 0,
            (AutoClose::One, _) => 1,
        };
        let call = room.call.clone();
        let waits = room.again.is_some();
        // It is asked for each Leg that leaves, and more than one are enough to stay open.
        let left = self.occupants(&call, seg).take(2).count();
        if left <= left_max && !(waits && left > 0) {
            let why = if left == 0 {
                Closing::Empty
            } else {
                Closing::OneLeft
            };
            self.close(&call, seg, why);
        }
    }

    /// Ends a Seg whose time is over; one that ends already is looked at again.
    pub(super) fn close_expired(&mut self, seg: &SegId) {
        let Some(room) = self.segs.get(seg) else {
            return;
        };
        let call = room.call.clone();
        // One that does not stand yet has no Legs to send away.
        if room.ending.is_some() || room.opening.is_some() {
            self.close_later(seg);
        } else {
            self.close(&call, seg, Closing::Expired);
        }
    }

    /// A Seg that could not be emptied is looked at again after a while: nobody else would ask for
    /// its end.
    pub(super) fn close_later(&mut self, seg: &SegId) {
        let again = after(self.clock_ms, AGAIN_S);
        if let Some(room) = self.segs.get_mut(seg) {
            room.again = Some(again);
            self.timetable.insert(again, Deadline::Again(seg.clone()));
        }
    }

    /// Looks at a Seg that could not be emptied.
    pub(super) fn close_again(&mut self, seg: &SegId) {
        let time_ms = self.clock_ms;
        let Some(room) = self.segs.get_mut(seg) else {
            return;
        };
        room.again = None;
        if room.until.is_some_and(|until| until <= time_ms) {
            self.close_expired(seg);
        } else {
            self.close_if_deserted(seg);
        }
    }

    fn close(&mut self, call: &CallId, seg: &SegId, why: Closing) {
        let conference = &self.calls[call];
        if conference.main_seg == *seg || conference.ending.is_some() {
            return;
        }
        let subject = Subject {
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: None,
        };
        let operations = &mut self.operations;
        let operation = operations.start_own(OperationKind::AutoClose, subject, &mut self.random);
        let ending = Ending {
            operation,
            exit: Exit::Return,
            why: Some(why),
        };
        self.begin_end(call, seg, ending);
    }
}
