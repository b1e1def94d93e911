//! Goertzel's algorithm for several frequencies at once.

use std::{f32::consts::PI, f64::consts::TAU};

use super::complex::Complex;
use crate::sound::amplitude;

/// Samples of a second.
const RATE: f64 = 8000.0;

/// Filters for `N` frequencies, over blocks of one length.
#[derive(Clone, Debug)]
pub(crate) struct Bank<const N: usize> {
    frequencies: [u16; N],
    /// One step back, for each frequency.
    back: [Complex; N],
    /// How far each frequency turns in a block.
    turn: [Complex; N],
    /// Blocks of a second.
    blocks: f32,
}

impl<const N: usize> Bank<N> {
    /// Returns filters for frequencies in Hz and blocks of so many samples.
    pub(crate) fn new(frequencies: [u16; N], samples: usize) -> Self {
        Self {
            frequencies,
            back: frequencies.map(|hz| Complex::at_angle(-radians(hz))),
            turn: frequencies.map(|hz| Complex::at_angle(radians(hz) * samples as f64)),
            blocks: RATE as f32 / samples as f32,
        }
    }

    /// Returns how much of each frequency there is: for a sine of that frequency, half its peak times
    /// the number of samples, at the phase that it has at the last one.
    pub(crate) fn measure(&self, samples: &[i16]) -> [Complex; N] {
        let turn = self.back.map(|back| 2.0 * back.re);
        let (mut last, mut before) = ([0.0_f32; N], [0.0_f32; N]);
        for &sample in samples {
            let sample = f32::from(sample);
            for n in 0..N {
                let next = sample + turn[n] * last[n] - before[n];
                (before[n], last[n]) = (last[n], next);
            }
        }
        std::array::from_fn(|n| {
            Complex {
                re: last[n],
                im: 0.0,
            } - self.back[n].times(before[n])
        })
    }

    /// Returns the measure of two blocks in a row, taken as one.
    pub(crate) fn join(&self, before: &[Complex; N], now: &[Complex; N]) -> [Complex; N] {
        std::array::from_fn(|n| before[n] * self.turn[n] + now[n])
    }

    /// Returns by how many Hz a tone differs from the `n`th frequency that turned from `before` to
    /// `now` in a block.
    pub(crate) fn off(&self, n: usize, before: Complex, now: Complex) -> f32 {
        let turned = now * before.conjugate() * self.turn[n].conjugate();
        turned.angle() * self.blocks / (2.0 * PI)
    }

    /// Returns the share of its energy that a tone shows in a block which is off by so many Hz.
    pub(crate) fn shown(&self, off: f32) -> f32 {
        let angle = PI * off / self.blocks;
        if angle.abs() < 1e-3 {
            1.0
        } else {
            (angle.sin() / angle).powi(2)
        }
    }

    /// Returns how two frequencies look like each other in so many samples.
    pub(crate) fn overlap(&self, one: usize, other: usize, samples: usize) -> Overlap {
        let [one, other] = [one, other].map(|n| radians(self.frequencies[n]));
        let length = samples as f32;
        let terms = (0..samples).map(|n| Complex::at_angle((one - other) * n as f64));
        let sum = terms.fold(Complex::default(), |sum, term| sum + term);
        Overlap {
            share: sum.times(1.0 / length),
            length,
        }
    }
}

/// How two frequencies look like each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overlap {
    share: Complex,
    length: f32,
}

/// Two tones that sound together, each without what the other looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    /// Half the peak of each, with its phase.
    pub(crate) tones: (Complex, Complex),
    /// The energy that is theirs.
    pub(crate) energies: (f32, f32),
}

impl Overlap {
    /// Tells two tones apart that were measured.
    pub(crate) fn pair(&self, one: Complex, other: Complex) -> Pair {
        let scale = 1.0 / (self.length * (1.0 - self.share.square()));
        let first = (one - self.share * other).times(scale);
        let second = (other - self.share.conjugate() * one).times(scale);
        Pair {
            tones: (first, second),
            energies: (
                2.0 * (first.conjugate() * one).re,
                2.0 * (second.conjugate() * other).re,
            ),
        }
    }
}

impl Pair {
    /// Returns the squares of half the peaks.
    pub(crate) fn powers(&self) -> (f32, f32) {
        let (one, other) = self.tones;
        (one.square(), other.square())
    }
}

/// Returns the energy of a single tone that was measured in so many samples.
pub(crate) fn tone_energy(measured: Complex, samples: usize) -> f32 {
    2.0 * measured.square() / samples as f32
}

/// Returns the energy of a tone of some dBm0 in so many samples.
pub(crate) fn energy_of(level: i8, samples: usize) -> f32 {
    let peak = amplitude(level) as f32;
    peak * peak * samples as f32 / 2.0
}

fn radians(hz: u16) -> f64 {
    TAU * f64::from(hz) / RATE
}

/// Returns the sum of the squares.
pub(crate) fn energy(samples: &[i16]) -> f32 {
    let squares = samples.iter().map(|&sample| f32::from(sample).powi(2));
    squares.sum()
}

#[cfg(test)]
mod tests {
    use mg_contract::Rate;

    use super::*;
    use crate::sound::Oscillator;

    #[test]
    fn a_tone_is_measured_with_its_phase_and_others_are_not() {
        let mut tone = Oscillator::new(1000, -9);
        let samples: Vec<i16> = (0..240).map(|_| tone.sample(Rate::Narrow) as i16).collect();
        let bank = Bank::new([1000, 2000, 3000], 80);
        let [first, second] = [80, 160].map(|at| bank.measure(&samples[at..at + 80]));
        let peak = 2.0 * first[0].square().sqrt() / 80.0;
        assert!((peak - 7972.0).abs() < 5.0, "{peak}");
        for other in &first[1..] {
            assert!(other.square() < first[0].square() / 1e4);
        }
        // Ten whole periods lie between them.
        assert!((first[0].angle() - second[0].angle()).abs() < 0.01);
    }

    #[test]
    fn tones_that_look_like_each_other_are_told_apart() {
        let mut tones = [Oscillator::new(440, -9), Oscillator::new(480, -15)];
        let sum = |_| {
            tones
                .iter_mut()
                .map(|tone| tone.sample(Rate::Narrow))
                .sum::<f64>() as i16
        };
        let samples: Vec<i16> = (0..320).map(sum).collect();
        let bank = Bank::new([440, 480], 320);
        let [one, other] = bank.measure(&samples);
        let pair = bank.overlap(0, 1, 320).pair(one, other);
        let (first, second) = pair.powers();
        let ratio = 10.0 * (first / second).log10();
        assert!((ratio - 6.0).abs() < 0.5, "{ratio}");
        let explained = pair.energies.0 + pair.energies.1;
        assert!((explained / energy(&samples) - 1.0).abs() < 0.02);
    }

    #[test]
    fn a_tone_that_is_off_turns_accordingly() {
        let mut tone = Oscillator::new(2040, -9);
        let samples: Vec<i16> = (0..160).map(|_| tone.sample(Rate::Narrow) as i16).collect();
        let bank = Bank::new([2010], 80);
        let [[first], [second]] = [0, 80].map(|at| bank.measure(&samples[at..at + 80]));
        let off = bank.off(0, first, second);
        assert!((off - 30.0).abs() < 0.5, "{off}");
        let share = tone_energy(second, 80) / energy(&samples[80..]);
        assert!((share - bank.shown(off)).abs() < 0.02, "{share}");
    }
}
