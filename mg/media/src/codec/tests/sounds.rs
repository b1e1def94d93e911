//! What codecs are tried with, and what tells two sounds apart.

use std::f64::consts::TAU;

use mg_contract::Rate;

/// Something like a voice: a pitch that glides, three resonances, swelling, with some breath.
pub(super) fn voice(rate: Rate, frames: usize, seed: u64) -> Vec<i16> {
    let hz = f64::from(rate.hz());
    let mut rng = fastrand::Rng::with_seed(seed);
    let (mut turn, mut breath) = (0.0, 0.0);
    let resonance = |frequency: f64, middle: f64, width: f64| {
        1.0 / (1.0 + ((frequency - middle) / width).powi(2))
    };
    (0..frames * rate.frame())
        .map(|at| {
            let t = at as f64 / hz + seed as f64;
            let pitch = 120.0 + 30.0 * (TAU * 0.7 * t).sin() + 10.0 * (TAU * 2.3 * t).sin();
            turn += TAU * pitch / hz;
            breath = 0.6 * breath + rng.f64() - 0.5;
            let voiced: f64 = (1..=25)
                .map(|harmonic| {
                    let harmonic = f64::from(harmonic);
                    let frequency = harmonic * pitch;
                    let weight = resonance(frequency, 600.0, 300.0)
                        + 0.5 * resonance(frequency, 1_700.0, 400.0)
                        + 0.2 * resonance(frequency, 2_800.0, 500.0);
                    weight * (turn * harmonic).sin()
                })
                .sum();
            let swell = 0.55 + 0.45 * (TAU * 3.1 * t).sin();
            (2_500.0 * swell * voiced + 300.0 * breath) as i16
        })
        .collect()
}

/// Mean square.
pub(super) fn power(sound: &[i16]) -> f64 {
    let sum: f64 = sound.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    sum / sound.len() as f64
}

/// Mean square of the difference.
pub(super) fn power_of_difference(a: &[i16], b: &[i16]) -> f64 {
    let differences = a.iter().zip(b).map(|(&a, &b)| f64::from(a) - f64::from(b));
    differences
        .map(|difference| difference.powi(2))
        .sum::<f64>()
        / a.len() as f64
}

/// The greatest step from one sample to the next.
pub(super) fn step(sound: &[i16]) -> f64 {
    let steps = sound
        .windows(2)
        .map(|pair| f64::from(pair[1]) - f64::from(pair[0]));
    steps.map(f64::abs).fold(0.0, f64::max)
}

/// How far apart the spectra of two equally long sounds are, in dB: the root mean square over their
/// frames of 20 ms and 16 bands of like width up to 3.4 kHz, of which those 50 dB below full scale and
/// fainter count as that.
pub(super) fn spectral_distance(rate: Rate, a: &[i16], b: &[i16]) -> f64 {
    let frames = a
        .chunks_exact(rate.frame())
        .zip(b.chunks_exact(rate.frame()));
    let mut squares = (0.0, 0.0);
    for (a, b) in frames {
        for (a, b) in bands(rate, a).iter().zip(bands(rate, b)) {
            squares.0 += (a - b).powi(2);
            squares.1 += 1.0;
        }
    }
    (squares.0 / squares.1 as f64).sqrt()
}

fn bands(rate: Rate, frame: &[i16]) -> [f64; 16] {
    let hz = f64::from(rate.hz());
    let line = |number: usize| {
        let angle = TAU * 50.0 * number as f64 / hz;
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (at, &sample) in frame.iter().enumerate() {
            let window = 1.0 - (TAU * at as f64 / frame.len() as f64).cos();
            let (sine, cosine) = (angle * at as f64).sin_cos();
            real += window * f64::from(sample) * cosine;
            imaginary += window * f64::from(sample) * sine;
        }
        (real.powi(2) + imaginary.powi(2)) / (frame.len() as f64).powi(2)
    };
    const FAINTEST: f64 = 32_768.0 * 32_768.0 / 100_000.0;
    std::array::from_fn(|band| {
        let lines = band * 4 + 4..band * 4 + 8;
        10.0 * lines.map(line).sum::<f64>().max(FAINTEST).log10()
    })
}

/// A ratio of powers in dB.
pub(super) fn decibels(ratio: f64) -> f64 {
    10.0 * ratio.log10()
}
