//! How strong a tone is in a stretch of audio, by Goertzel's algorithm.

use super::{Frequency, Level};

/// Samples a second of all audio here.
pub(super) const SAMPLE_RATE_HZ: f64 = 8_000.0;

/// So many frequencies are measured at once.
const LANES: usize = 8;

/// A stretch of audio, weighted for measuring.
#[derive(Clone, Debug)]
pub struct Stretch {
    weighted: Vec<f64>,
    gain: f64,
}

impl Stretch {
    /// Audio without weights: tones are told apart exactly where each has a whole number of
    /// periods in the stretch, such as multiples of 50 Hz in 20 ms.
    pub fn plain(samples: &[i16]) -> Self {
        Self {
            weighted: samples.iter().map(|&sample| f64::from(sample)).collect(),
            gain: samples.len() as f64 / 2.0,
        }
    }

    /// Audio under a Hann window: tones more than two bins apart do not disturb each other,
    /// whatever their phases.
    pub fn hann(samples: &[i16]) -> Self {
        let length = samples.len() as f64;
        let weight = |n: usize| 0.5 - 0.5 * (std::f64::consts::TAU * n as f64 / length).cos();
        let weighted: Vec<f64> = samples
            .iter()
            .enumerate()
            .map(|(n, &sample)| weight(n) * f64::from(sample))
            .collect();
        Self {
            weighted,
            gain: length / 4.0,
        }
    }

    /// The levels of the sines of these frequencies.
    pub fn levels(&self, frequencies: &[Frequency]) -> Vec<Level> {
        let lanes = frequencies.chunks(LANES);
        lanes.flat_map(|lane| self.lane(lane)).collect()
    }

    /// The same of a few at once, which costs hardly more than one.
    fn lane(&self, frequencies: &[Frequency]) -> Vec<Level> {
        let mut turns = [0.0; LANES];
        for (turn, frequency) in turns.iter_mut().zip(frequencies) {
            *turn = 2.0 * (std::f64::consts::TAU * frequency.0 / SAMPLE_RATE_HZ).cos();
        }
        let (mut last, mut before) = ([0.0; LANES], [0.0; LANES]);
        for &sample in &self.weighted {
            for lane in 0..LANES {
                let next = sample + turns[lane] * last[lane] - before[lane];
                before[lane] = last[lane];
                last[lane] = next;
            }
        }
        let level = |lane: usize| {
            let (last, before): (f64, f64) = (last[lane], before[lane]);
            let power = last * last + before * before - turns[lane] * last * before;
            Level::of_peak(power.max(0.0).sqrt() / self.gain.max(1.0))
        };
        (0..frequencies.len()).map(level).collect()
    }

    /// The level of the sine of this frequency.
    pub fn level(&self, frequency: Frequency) -> Level {
        let levels = self.levels(&[frequency]);
        levels.first().copied().unwrap_or(Level::of_peak(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64, peak: f64, samples: usize) -> Vec<i16> {
        let at = |n: usize| peak * (std::f64::consts::TAU * hz * n as f64 / SAMPLE_RATE_HZ).sin();
        (0..samples).map(|n| at(n) as i16).collect()
    }

    #[test]
    fn a_sine_is_measured_at_its_own_level_and_far_below_elsewhere() {
        let audio = sine(1_250.0, 4_000.0, 3_200);
        for stretch in [Stretch::plain(&audio), Stretch::hann(&audio)] {
            let at_tone = stretch.level(Frequency(1_250.0)).0 - Level::of_peak(4_000.0).0;
            assert!(at_tone.abs() < 0.1, "{at_tone}");
            let beside = stretch.level(Frequency(1_262.5)).0 - Level::of_peak(4_000.0).0;
            assert!(beside < -50.0, "{beside}");
        }
    }

    #[test]
    fn multiples_of_fifty_hertz_do_not_disturb_each_other_in_one_frame() {
        let audio = sine(600.0, 8_000.0, 160);
        let beside = Stretch::plain(&audio).level(Frequency(650.0)).0;
        assert!(beside < Level::of_peak(8_000.0).0 - 50.0, "{beside}");
    }

    #[test]
    fn silence_and_nothing_have_a_finite_level() {
        assert!(Stretch::plain(&[0; 160]).level(Frequency(500.0)).0 < -100.0);
        assert!(Stretch::hann(&[]).level(Frequency(500.0)).0.is_finite());
    }
}
