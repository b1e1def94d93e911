//! How long something may be waited for at a Leg: digits that nobody dials, and tones without an
//! end. The gateway is not relied on to end them: a digit map may wait for ever, and so may a tone.

use std::time::{Duration, SystemTime};

use super::{
    Conferences,
    leg::State,
    supervise::{Wait, Which},
};
use crate::northbound::{LegId, OperationKind, Refusal};

/// A Leg that is just being moved is looked at again after so long.
const LATER_MS: u64 = 1_000;

impl Conferences {
    /// Notes the time, which is later than before unless the clock was set.
    pub(crate) fn note_time(&mut self, now: SystemTime) {
        self.clock_ms = milliseconds(now);
    }

    /// The moment until which something is waited for, where it is to take so long at most.
    pub(super) fn deadline(&self, limit_ms: Option<u32>) -> Result<u64, Refusal> {
        let most = self.limits.wait_max;
        let limit = match limit_ms {
            Some(limit) => Duration::from_millis(limit.into()),
            None => self.limits.wait.min(most),
        };
        if limit > most {
            return Err(Refusal::WaitTooLong {
                max_s: most.as_secs(),
            });
        }
        let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        Ok(self.clock_ms.saturating_add(limit))
    }

    pub(super) fn watch_deadline(&mut self, leg: &LegId, which: Which, wait: &Wait) {
        if let Some(until) = wait.until {
            self.deadlines.insert((until, leg.clone(), which));
        }
    }

    pub(super) fn forget_deadline(&mut self, leg: &LegId, which: Which, wait: &Wait) {
        if let Some(until) = wait.until {
            self.deadlines.remove(&(until, leg.clone(), which));
        }
    }

    /// When [`Self::end_overdue`] is next to be called.
    pub(crate) fn next_deadline(&self) -> Option<SystemTime> {
        let (until, ..) = self.deadlines.first()?;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(*until))
    }

    /// Ends what has been waited for so long as it may be.
    pub(crate) fn end_overdue(&mut self) {
        while let Some((until, leg, which)) = self.deadlines.first().cloned() {
            if until > self.clock_ms {
                return;
            }
            self.deadlines.pop_first();
            self.end_late(&leg, which);
        }
    }

    /// Tells that the time is up, and has the gateway stop. A Leg that is just being moved can be
    /// asked nothing, and is looked at later.
    fn end_late(&mut self, leg: &LegId, which: Which) {
        let Some(party) = self.legs.get(leg) else {
            return;
        };
        let (call, seg) = (party.call.clone(), party.seg.clone());
        let rests = party.rests();
        if rests && self.is_recorder(leg) {
            self.end_wait(leg, which, &Refusal::WaitTimeout);
            self.retire_recorder(leg);
            return;
        }
        let kind = match which {
            Which::Play => OperationKind::StopPlay,
            Which::Collect => OperationKind::StopCollect,
            Which::Record => OperationKind::StopRecord,
        };
        match seg.filter(|_| rests) {
            Some(seg) => {
                if let Ok(stop) = self.start_at(kind, call, &seg, leg) {
                    self.end_wait(leg, which, &Refusal::WaitTimeout);
                    self.stop_at(leg, seg, &stop, which);
                    return;
                }
            }
            None if party.state == State::Stranded => {
                self.end_wait(leg, which, &Refusal::WaitTimeout);
                return;
            }
            None => {}
        }
        let until = self.clock_ms.saturating_add(LATER_MS);
        let party = self.legs.get_mut(leg).expect("looked up above");
        if let Some(wait) = party.waits.of(which) {
            wait.until = Some(until);
            self.deadlines.insert((until, leg.clone(), which));
        }
    }
}

fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let since = since.unwrap_or_default().as_millis();
    u64::try_from(since).unwrap_or(u64::MAX)
}
