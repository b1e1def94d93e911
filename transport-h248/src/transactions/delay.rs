//! How long a peer takes to answer: average delay and deviation (H.248.1 D.1.3).

use std::time::Duration;

use crate::Config;

/// Weight of a new sample in the average, as TCP has it (RFC 6298, section 2).
const AVERAGE_WEIGHT: u32 = 8;
/// Weight of a new sample in the deviation.
const DEVIATION_WEIGHT: u32 = 4;
/// How many deviations are waited on top of the average.
const DEVIATIONS: u32 = 4;

/// AAD and ADEV of one peer, of requests that were sent once: with a repetition nobody knows which
/// copy was answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Delay {
    average: Duration,
    deviation: Duration,
    measured: bool,
}

impl Delay {
    /// Makes the estimate for a peer that has answered nothing yet.
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            average: config.first_delay,
            deviation: Duration::ZERO,
            measured: false,
        }
    }

    /// Returns average and deviation, if anything was measured.
    pub(crate) fn measurement(&self) -> Option<(Duration, Duration)> {
        self.measured.then_some((self.average, self.deviation))
    }

    /// Takes in one measured delay.
    pub(crate) fn measured(&mut self, sample: Duration) {
        self.measured = true;
        let error = self.average.abs_diff(sample);
        self.average = weigh(self.average, sample, AVERAGE_WEIGHT);
        self.deviation = weigh(self.deviation, error, DEVIATION_WEIGHT);
    }

    /// Returns the wait before the first repetition.
    pub(crate) fn first(&self, config: &Config) -> Duration {
        self.wait(self.average, config)
    }

    /// Doubles the average for a request that is repeated again.
    pub(crate) fn back_off(&mut self, config: &Config) {
        self.average = (self.average.max(config.delay_min) * 2).min(config.delay_max);
    }

    /// Returns the wait before a later repetition; `fraction` lies in `0.5..=1.0`.
    pub(crate) fn later(&self, fraction: f64, config: &Config) -> Duration {
        self.wait(self.average.mul_f64(fraction), config)
    }

    fn wait(&self, part: Duration, config: &Config) -> Duration {
        (part + self.deviation * DEVIATIONS).clamp(config.delay_min, config.delay_max)
    }
}

fn weigh(old: Duration, sample: Duration, weight: u32) -> Duration {
    (old * (weight - 1) + sample) / weight
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn an_unmeasured_peer_gets_the_suggested_delay() {
        let config = Config::default();
        assert_eq!(Delay::new(&config).first(&config), ms(200));
    }

    #[test]
    fn the_wait_follows_what_is_measured_between_its_bounds() {
        let config = Config::default();
        let mut delay = Delay::new(&config);
        for _ in 0..100 {
            delay.measured(ms(1_000));
        }
        let settled = delay.first(&config);
        assert!(settled > ms(999) && settled < ms(1_050), "{settled:?}");
        for _ in 0..200 {
            delay.measured(ms(1));
        }
        assert_eq!(delay.first(&config), config.delay_min);
        delay.measured(Duration::from_secs(3_600));
        assert_eq!(delay.first(&config), config.delay_max);
    }

    #[test]
    fn an_unsteady_peer_is_given_more_time_than_a_steady_one() {
        let config = Config::default();
        let (mut steady, mut unsteady) = (Delay::new(&config), Delay::new(&config));
        for _ in 0..50 {
            steady.measured(ms(300));
            steady.measured(ms(300));
            unsteady.measured(ms(100));
            unsteady.measured(ms(500));
        }
        assert!(unsteady.first(&config) > steady.first(&config) * 2);
    }
}
