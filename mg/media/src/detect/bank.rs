//! Goertzel's algorithm for several frequencies at once.

use std::f64::consts::TAU;

use super::complex::Complex;

/// Samples of a second.
const RATE: f64 = 8000.0;

/// Filters for `N` frequencies.
#[derive(Clone, Debug)]
pub(crate) struct Bank<const N: usize> {
    /// One step back, for each frequency.
    back: [Complex; N],
}

impl<const N: usize> Bank<N> {
    /// Returns filters for frequencies in Hz.
    pub(crate) fn new(frequencies: [u16; N]) -> Self {
        let back = frequencies.map(|hz| Complex::at_angle(-TAU * f64::from(hz) / RATE));
        Self { back }
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
}

/// Returns the sum of the squares.
pub(crate) fn energy(samples: &[i16]) -> f32 {
    let squares = samples.iter().map(|&sample| f32::from(sample).powi(2));
    squares.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::Oscillator;

    #[test]
    fn a_tone_is_measured_with_its_phase_and_others_are_not() {
        let mut tone = Oscillator::new(1000, -9);
        let samples: Vec<i16> = (0..240).map(|_| tone.sample() as i16).collect();
        let bank = Bank::new([1000, 2000, 3000]);
        let [first, second] = [80, 160].map(|at| bank.measure(&samples[at..at + 80]));
        let peak = 2.0 * first[0].square().sqrt() / 80.0;
        assert!((peak - 7972.0).abs() < 5.0, "{peak}");
        for other in &first[1..] {
            assert!(other.square() < first[0].square() / 1e4);
        }
        // Ten whole periods lie between them.
        assert!((first[0].angle() - second[0].angle()).abs() < 0.01);
    }
}
