//! What is counted about one received source (RFC 3550 6.4.1, A.3, A.8).

use super::sequence::{Sequence, Step};

/// Differences of transit above this (one second) come from a source that set its clock anew.
const TRANSIT_STEP_MAX: u32 = 8000;

/// One source, from its first packet on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statistics {
    /// The source.
    pub(crate) ssrc: u32,
    /// Its numbers.
    pub(crate) sequence: Sequence,
    /// Arrival less time stamp of the packet before, an arbitrary offset included.
    transit: u32,
    /// Jitter in 16ths of a time stamp unit.
    jitter: u32,
}

impl Statistics {
    /// Starts with a source's first packet; `arrival` is in time stamp units.
    pub(crate) fn new(ssrc: u32, number: u16, time_stamp: u32, arrival: u32) -> Self {
        Self {
            ssrc,
            sequence: Sequence::new(number),
            transit: arrival.wrapping_sub(time_stamp),
            jitter: 0,
        }
    }

    /// Counts a packet that is not the first.
    pub(crate) fn step(&mut self, number: u16, time_stamp: u32, arrival: u32) -> Step {
        let step = self.sequence.step(number);
        match step {
            Step::Advances | Step::Overtaken => self.measure(arrival.wrapping_sub(time_stamp)),
            Step::Duplicate | Step::Stray | Step::Restarted => {}
        }
        step
    }

    /// Returns the interarrival jitter in time stamp units.
    pub(crate) fn jitter(&self) -> u32 {
        self.jitter >> 4
    }

    fn measure(&mut self, transit: u32) {
        let difference = transit
            .wrapping_sub(self.transit)
            .cast_signed()
            .unsigned_abs();
        self.transit = transit;
        if difference <= TRANSIT_STEP_MAX {
            self.jitter = self.jitter + difference - ((self.jitter + 8) >> 4);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_flow_has_no_jitter() {
        let mut statistics = Statistics::new(1, 0, 5000, 77);
        for n in 1..100_u16 {
            let elapsed = u32::from(n) * 160;
            statistics.step(n, 5000 + elapsed, 77 + elapsed);
        }
        assert_eq!(statistics.jitter(), 0);
    }

    #[test]
    fn jitter_settles_at_the_mean_difference() {
        let mut statistics = Statistics::new(1, 0, 0, 0);
        for n in 1..1000_u16 {
            let elapsed = u32::from(n) * 160;
            // Every other packet is 10 ms late.
            statistics.step(n, elapsed, elapsed + u32::from(n % 2) * 80);
        }
        assert!(
            (75..=85).contains(&statistics.jitter()),
            "{}",
            statistics.jitter()
        );
    }

    #[test]
    fn a_clock_set_anew_is_no_jitter() {
        let mut statistics = Statistics::new(1, 0, 0, 0);
        statistics.step(1, 3_000_000_000, 160);
        assert_eq!(statistics.jitter(), 0);
    }
}
