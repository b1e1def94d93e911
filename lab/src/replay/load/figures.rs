//! What is counted while calls run.

use std::{fmt, time::Duration};

/// Eight buckets for each doubling of a microsecond.
const FINE: f64 = 8.0;
const BUCKETS: usize = 320;

/// Counts since the beginning, or of a second.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Calls that were begun.
    pub started: u64,
    /// Calls that went as their scenario says.
    pub passed: u64,
    /// Calls that did not.
    pub failed: u64,
    /// Messages that were sent.
    pub sent: u64,
    /// Messages that came.
    pub received: u64,
    /// Messages that came for calls that were over.
    pub late: u64,
    /// Requests of the peer, which belong to no call, that were answered.
    pub answered: u64,
    /// Those that were refused.
    pub refused: u64,
    times: Vec<u64>,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            started: 0,
            passed: 0,
            failed: 0,
            sent: 0,
            received: 0,
            late: 0,
            answered: 0,
            refused: 0,
            times: vec![0; BUCKETS],
        }
    }
}

impl Figures {
    pub(super) fn took(&mut self, time: Duration) {
        let micros = time.as_secs_f64() * 1e6;
        let bucket = (micros.max(1.0).log2() * FINE) as usize;
        self.times[bucket.min(BUCKETS - 1)] += 1;
    }

    /// How many calls are over.
    pub fn ended(&self) -> u64 {
        self.passed + self.failed
    }

    /// The time that this part of the calls did not take longer than, to a tenth of it.
    pub fn percentile(&self, part: f64) -> Duration {
        let all: u64 = self.times.iter().sum();
        let wanted = (all as f64 * part).ceil() as u64;
        let mut sum = 0;
        let bucket = self.times.iter().position(|count| {
            sum += count;
            sum >= wanted.max(1)
        });
        let micros = bucket.map_or(0.0, |bucket| ((bucket + 1) as f64 / FINE).exp2());
        Duration::from_secs_f64(micros / 1e6)
    }

    /// What was counted since then.
    pub fn since(&self, before: &Self) -> Self {
        let times = self.times.iter().zip(&before.times);
        Self {
            started: self.started - before.started,
            passed: self.passed - before.passed,
            failed: self.failed - before.failed,
            sent: self.sent - before.sent,
            received: self.received - before.received,
            late: self.late - before.late,
            answered: self.answered - before.answered,
            refused: self.refused - before.refused,
            times: times.map(|(now, before)| now - before).collect(),
        }
    }
}

/// The figures of a second.
#[derive(Clone, Debug)]
pub struct Second {
    /// Seconds since the first call.
    pub at: f64,
    /// Calls that run.
    pub in_flight: usize,
    /// What was counted in it.
    pub figures: Figures,
}

impl Second {
    /// The first line of a file of seconds.
    pub const HEAD: &str =
        "second,started,passed,failed,in_flight,sent,received,p50_ms,p95_ms,p99_ms";

    /// Its line in such a file.
    pub fn csv(&self) -> String {
        let figures = &self.figures;
        format!(
            "{:.0},{},{},{},{},{},{},{:.2},{:.2},{:.2}",
            self.at,
            figures.started,
            figures.passed,
            figures.failed,
            self.in_flight,
            figures.sent,
            figures.received,
            millis(figures, 0.5),
            millis(figures, 0.95),
            millis(figures, 0.99),
        )
    }
}

fn millis(figures: &Figures, part: f64) -> f64 {
    figures.percentile(part).as_secs_f64() * 1e3
}

impl fmt::Display for Second {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figures = &self.figures;
        write!(
            f,
            "{:>5.0} s  {:>7} begun  {:>7} passed  {:>5} failed  {:>6} in flight  {:>7} messages  \
             p50 {:>8.2} ms  p95 {:>8.2} ms  p99 {:>8.2} ms",
            self.at,
            figures.started,
            figures.passed,
            figures.failed,
            self.in_flight,
            figures.sent + figures.received,
            millis(figures, 0.5),
            millis(figures, 0.95),
            millis(figures, 0.99),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_right_to_a_tenth() {
        let mut figures = Figures::default();
        for millis in 1..=1_000 {
            figures.took(Duration::from_millis(millis));
        }
        for (part, expected) in [(0.5, 0.5), (0.95, 0.95), (0.99, 0.99)] {
            let found = figures.percentile(part).as_secs_f64();
            assert!(
                (expected..expected * 1.1).contains(&found),
                "{part}: {found}"
            );
        }
        assert_eq!(
            figures.since(&figures.clone()).percentile(0.5).as_micros(),
            0
        );
    }
}
