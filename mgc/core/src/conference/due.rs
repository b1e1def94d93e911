//! What happens at a given time: Segs whose time is over, and invitations that nobody answers.
//!
//! Times are those of the clock in milliseconds of Unix time, as they outlive the program. A clock
//! that is set shifts them.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use super::Conferences;
use crate::northbound::{LegId, SegId};

/// What is due.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) enum Deadline {
    /// A Seg's time is over.
    Age(SegId),
    /// A Seg that could not be emptied is looked at again.
    Again(SegId),
    /// A Leg's party does not say whether it wants to be where it is asked to.
    Consent(LegId),
}

/// What is due, by time. One that does not hold any more is found out when it is due.
#[derive(Debug, Default)]
pub(super) struct Timetable(BTreeSet<(u64, Deadline)>);

impl Timetable {
    pub(super) fn insert(&mut self, at_ms: u64, deadline: Deadline) {
        self.0.insert((at_ms, deadline));
    }

    pub(super) fn remove(&mut self, at_ms: u64, deadline: Deadline) {
        self.0.remove(&(at_ms, deadline));
    }
}

/// So many seconds after a time.
pub(super) fn after(time_ms: u64, seconds: u32) -> u64 {
    time_ms.saturating_add(u64::from(seconds) * 1_000)
}

impl Conferences {
    /// When [`Self::expire`] is next to be called.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        let (at_ms, _) = self.timetable.0.first()?;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(*at_ms))
    }

    /// Does what is due.
    pub(crate) fn expire(&mut self) {
        while let Some((at_ms, _)) = self.timetable.0.first()
            && *at_ms <= self.clock_ms
            && let Some((at_ms, deadline)) = self.timetable.0.pop_first()
        {
            match deadline {
                Deadline::Age(seg) => {
                    let is_over = |seg: &super::Seg| seg.until == Some(at_ms);
                    if self.segs.get(&seg).is_some_and(is_over) {
                        self.close_expired(&seg);
                    }
                }
                Deadline::Again(seg) => {
                    let is_due = |seg: &super::Seg| seg.again == Some(at_ms);
                    if self.segs.get(&seg).is_some_and(is_due) {
                        self.close_again(&seg);
                    }
                }
                Deadline::Consent(leg) => self.end_silent_invitation(&leg, at_ms),
            }
        }
    }

    /// Takes the deadlines of what was written down.
    pub(super) fn restore_deadlines(&mut self) {
        for (id, seg) in self.segs.iter() {
            if let Some(until) = seg.until {
                self.timetable.insert(until, Deadline::Age(id.clone()));
            }
            if let Some(again) = seg.again {
                self.timetable.insert(again, Deadline::Again(id.clone()));
            }
        }
        for (id, leg) in self.legs.iter() {
            if let Some(invitation) = &leg.invitation {
                let consent = Deadline::Consent(id.clone());
                self.timetable.insert(invitation.until, consent);
            }
        }
    }
}
