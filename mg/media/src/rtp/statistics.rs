//! What is counted about one received source (RFC 3550 6.4.1, A.3, A.8).

use std::time::{Duration, Instant};

use super::sequence::{Sequence, Step};

/// Differences of transit above this, in seconds, come from a source that set its clock anew.
const TRANSIT_STEP_MAX: u32 = 1;

/// One source, from its first packet on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statistics {
    /// The source.
    pub(crate) ssrc: u32,
    /// Its numbers.
    pub(crate) sequence: Sequence,
    before: Option<Before>,
    /// Jitter in 16ths of a time stamp unit.
    jitter: u32,
}

/// The packet of sound before.
#[derive(Clone, Copy, Debug)]
struct Before {
    /// Time stamp units of a second.
    clock_rate: u32,
    time_stamp: u32,
    arrival: Instant,
}

impl Statistics {
    /// Starts with the number of a source's first packet.
    pub(crate) fn new(ssrc: u32, number: u16) -> Self {
        Self {
            ssrc,
            sequence: Sequence::new(number),
            before: None,
            jitter: 0,
        }
    }

    /// Counts a packet that is not the first; its time stamp is by a clock of so many units a second.
    pub(crate) fn step(&mut self, number: u16, stamp: (u32, u32), arrival: Instant) -> Step {
        let step = self.sequence.step(number);
        match step {
            Step::Advances | Step::Overtaken => self.measure(stamp, arrival),
            Step::Duplicate | Step::Stray | Step::Restarted => {}
        }
        step
    }

    /// Returns the interarrival jitter in time stamp units of the clock that is in use.
    pub(crate) fn jitter(&self) -> u32 {
        self.jitter >> 4
    }

    /// Takes note of when a packet arrived. With another clock the measure begins anew, from what it
    /// was (RFC 7160 4.1).
    pub(crate) fn measure(&mut self, (time_stamp, clock_rate): (u32, u32), arrival: Instant) {
        let now = Before {
            clock_rate,
            time_stamp,
            arrival,
        };
        let Some(before) = self.before.replace(now) else {
            return;
        };
        if before.clock_rate != clock_rate {
            let same = u64::from(self.jitter) * u64::from(clock_rate);
            self.jitter = (same / u64::from(before.clock_rate)) as u32;
            return;
        }
        let stamped = time_stamp.wrapping_sub(before.time_stamp).cast_signed();
        let elapsed = elapsed(before.arrival, arrival, clock_rate);
        let difference = (elapsed - i64::from(stamped)).unsigned_abs();
        if difference <= u64::from(TRANSIT_STEP_MAX * clock_rate) {
            self.jitter = self.jitter + difference as u32 - ((self.jitter + 8) >> 4);
        }
    }
}

/// Time from one arrival to the next, which may have been before it, in time stamp units.
fn elapsed(before: Instant, now: Instant, clock_rate: u32) -> i64 {
    let units = |time: Duration| (time.as_nanos() * u128::from(clock_rate) / 1_000_000_000) as i64;
    match now.checked_duration_since(before) {
        Some(since) => units(since),
        None => -units(before.saturating_duration_since(now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Jitter after packets of 20 ms of which each is late by so many ms.
    fn jitter(clock_rate: u32, late: impl Fn(u16) -> u64) -> u32 {
        let first = Instant::now();
        let mut statistics = Statistics::new(1, 0);
        for n in 0..1000_u16 {
            let arrival = first + Duration::from_millis(u64::from(n) * 20 + late(n));
            let time_stamp = 5000 + u32::from(n) * clock_rate / 50;
            if n == 0 {
                statistics.measure((time_stamp, clock_rate), arrival);
            } else {
                statistics.step(n, (time_stamp, clock_rate), arrival);
            }
        }
        statistics.jitter()
    }

    #[test]
    fn an_even_flow_has_no_jitter() {
        assert_eq!(jitter(8000, |_| 77), 0);
        assert_eq!(jitter(48_000, |_| 77), 0);
    }

    #[test]
    fn jitter_settles_at_the_mean_difference_in_units_of_the_clock() {
        // Every other packet is 10 ms late.
        let late = |n: u16| u64::from(n % 2) * 10;
        let narrow = jitter(8000, late);
        assert!((75..=85).contains(&narrow), "{narrow}");
        let full = jitter(48_000, late);
        assert!((470..=490).contains(&full), "{full}");
    }

    #[test]
    fn a_clock_set_anew_is_no_jitter_nor_is_another_clock() {
        let now = Instant::now();
        let mut statistics = Statistics::new(1, 0);
        statistics.measure((0, 8000), now);
        statistics.step(1, (3_000_000_000, 8000), now);
        assert_eq!(statistics.jitter(), 0);
        statistics.step(2, (7, 48_000), now);
        assert_eq!(statistics.jitter(), 0);
    }
}
