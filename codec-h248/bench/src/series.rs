//! Batches that take turns.

use std::{io, thread, time::Duration};

use codec_bench::ours::{Set, Work};

use crate::otp::{Kind, Otp};

/// Slices of a batch. Those of all series alternate.
const SLICES: usize = 16;
/// A batch's figure is that of the slice at this place, from the quickest on: what else runs on the
/// machine makes slices slower and never quicker.
const QUICK: usize = SLICES / 4;
/// About how long a slice takes, in nanoseconds: less than a scheduler's turn.
const SLICE: f64 = 1e6;
/// Passes beforehand: they warm up, and tell how many a slice needs.
const TRIAL: u32 = 5;

/// Who does the work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Who {
    Us,
    Otp(Kind),
}

/// One thing that is measured once in each round.
pub(crate) struct Series<'a> {
    pub(crate) set: &'a Set<'a>,
    pub(crate) work: Work,
    pub(crate) who: Who,
    passes: u32,
    /// Nanoseconds a message, one figure for each round.
    pub(crate) figures: Vec<f64>,
}

impl<'a> Series<'a> {
    /// A series that has run in and knows how many passes a slice needs.
    pub(crate) fn new(set: &'a Set<'a>, work: Work, who: Who, otp: &mut Otp) -> io::Result<Self> {
        let mut series = Self {
            set,
            work,
            who,
            passes: TRIAL,
            figures: Vec::new(),
        };
        series.slice(otp)?;
        let pass = series.slice(otp)? / f64::from(TRIAL);
        series.passes = (SLICE / pass).clamp(1.0, 1e6) as u32;
        Ok(series)
    }

    fn slice(&self, otp: &mut Otp) -> io::Result<f64> {
        rest();
        match self.who {
            Who::Us => Ok(self.set.time(self.work, self.passes)),
            Who::Otp(kind) => otp.time(kind, self.work, self.passes),
        }
    }
}

/// A scheduler lets who comes from a rest run on for a while.
#[expect(clippy::disallowed_methods, reason = "real time is what is measured")]
fn rest() {
    thread::sleep(Duration::from_millis(1));
}

/// Measures one batch of each series.
pub(crate) fn round(series: &mut [Series<'_>], otp: &mut Otp) -> io::Result<()> {
    let mut slices = vec![Vec::new(); series.len()];
    for _ in 0..SLICES {
        for (series, slices) in series.iter().zip(&mut slices) {
            slices.push(series.slice(otp)?);
        }
    }
    for (series, slices) in series.iter_mut().zip(&mut slices) {
        let messages = f64::from(series.passes) * series.set.len() as f64;
        slices.sort_by(f64::total_cmp);
        series.figures.push(slices[QUICK] / messages);
    }
    Ok(())
}

/// The middle value; of an even number, the mean of the two in the middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn a_median_is_in_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
    }
}
