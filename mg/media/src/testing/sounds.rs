//! What codecs are tried with, and what tells two sounds apart.

use std::f64::consts::{PI, TAU};

use mg_contract::Rate;

use super::amplitude_at;

/// Something like a voice: a pitch that glides, three resonances, swelling, with some breath.
pub(crate) fn voice(rate: Rate, frames: usize, seed: u64) -> Vec<i16> {
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
pub(crate) fn power(sound: &[i16]) -> f64 {
    let sum: f64 = sound.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    sum / sound.len() as f64
}

/// Mean square of the difference.
pub(crate) fn power_of_difference(a: &[i16], b: &[i16]) -> f64 {
    let differences = a.iter().zip(b).map(|(&a, &b)| f64::from(a) - f64::from(b));
    differences
        .map(|difference| difference.powi(2))
        .sum::<f64>()
        / a.len() as f64
}

/// The greatest step from one sample to the next.
pub(crate) fn step(sound: &[i16]) -> f64 {
    let steps = sound
        .windows(2)
        .map(|pair| f64::from(pair[1]) - f64::from(pair[0]));
    steps.map(f64::abs).fold(0.0, f64::max)
}

/// How far apart the spectra of two equally long sounds are, in dB: the root mean square over their
/// frames of 20 ms and bands of 200 Hz up to 3.4 kHz (of 8 kHz) or 7 kHz. What is fainter than 70 dB
/// below full scale counts as that.
pub(crate) fn spectral_distance(rate: Rate, a: &[i16], b: &[i16]) -> f64 {
    let frames = a
        .chunks_exact(rate.frame())
        .zip(b.chunks_exact(rate.frame()));
    let (mut squares, mut count) = (0.0, 0.0);
    for (a, b) in frames {
        for (a, b) in bands(rate, a).iter().zip(bands(rate, b)) {
            squares += (a - b).powi(2);
            count += 1.0;
        }
    }
    f64::sqrt(squares / count)
}

fn bands(rate: Rate, frame: &[i16]) -> Vec<f64> {
    const FAINTEST: f64 = 32_768.0 * 32_768.0 / 10_000_000.0;
    let turn = |share: f64| TAU * share / frame.len() as f64;
    let windowed: Vec<f64> = frame
        .iter()
        .enumerate()
        .map(|(at, &sample)| f64::from(sample) * (1.0 - turn(at as f64).cos()))
        .collect();
    let line = |number: usize| {
        let (sine, cosine) = turn(number as f64).sin_cos();
        let (mut real, mut imaginary) = (0.0, 0.0);
        let (mut x, mut y) = (1.0, 0.0);
        for sample in &windowed {
            real += x * sample;
            imaginary += y * sample;
            (x, y) = (x * cosine - y * sine, x * sine + y * cosine);
        }
        (real.powi(2) + imaginary.powi(2)) / (frame.len() as f64).powi(2)
    };
    let count = if rate == Rate::Narrow { 16 } else { 34 };
    (0..count)
        .map(|band| {
            let lines = band * 4 + 4..band * 4 + 8;
            decibels(lines.map(line).sum::<f64>().max(FAINTEST))
        })
        .collect()
}

/// The same sound at another rate, by a filter so long that nothing is to be seen of it.
pub(crate) fn resampled(from: Rate, to: Rate, sound: &[i16]) -> Vec<i16> {
    if from == to {
        return sound.to_vec();
    }
    let (up, down) = (
        to.frame().div_ceil(from.frame()),
        from.frame().div_ceil(to.frame()),
    );
    // Inputs to either side of an output.
    let reach = 96 * down;
    let place = |place: usize| -> Vec<f64> {
        let away = |at: usize| (at as f64 - reach as f64) - place as f64 / up as f64;
        (0..=2 * reach)
            .map(|at| ideal(away(at), down as f64, reach as f64))
            .collect()
    };
    let places: Vec<Vec<f64>> = (0..up).map(place).collect();
    let silence = vec![0; reach];
    let sound = [&silence, sound, &silence].concat();
    let outputs = sound.windows(2 * reach + 1).step_by(down);
    let outputs = outputs.flat_map(|inputs| {
        places.iter().map(move |taps| {
            let products = taps
                .iter()
                .zip(inputs)
                .map(|(tap, &input)| tap * f64::from(input));
            products.sum::<f64>().round() as i16
        })
    });
    outputs.collect()
}

/// A low-pass at the lower rate's half, windowed.
fn ideal(away: f64, down: f64, reach: f64) -> f64 {
    let angle = PI * away / down;
    let lobe = if angle == 0.0 {
        1.0
    } else {
        angle.sin() / angle
    };
    let turn = PI * away / (reach + 1.0);
    lobe / down * (0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos())
}

/// Tones of whole hertz, each with its amplitude.
pub(crate) fn tones(rate: Rate, frames: usize, tones: &[(u32, f64)]) -> Vec<i16> {
    let hz = f64::from(rate.hz());
    (0..frames * rate.frame())
        .map(|at| {
            let turn = TAU * at as f64 / hz;
            let parts = tones
                .iter()
                .map(|&(tone, level)| level * (turn * f64::from(tone)).sin());
            parts.sum::<f64>().round() as i16
        })
        .collect()
}

/// How loud these tones are together in a second of sound, whatever their phases: their mean square, and
/// that of all else.
pub(crate) fn signal_and_noise(rate: Rate, second: &[i16], tones: &[(u32, f64)]) -> (f64, f64) {
    assert_eq!(second.len(), rate.hz() as usize);
    let powers = tones
        .iter()
        .map(|&(tone, _)| amplitude_at(rate, second, tone.into()).powi(2) / 2.0);
    let signal: f64 = powers.sum();
    (signal, power(second) - signal)
}

/// Where in `sound` that begins to be heard which `said` says, by the likeness of one to the other.
pub(crate) fn delay(sound: &[i16], said: &[i16], most: usize) -> usize {
    let likeness = |delay: &usize| {
        let pairs = sound[*delay..].iter().zip(said);
        pairs
            .map(|(&a, &b)| i64::from(a) * i64::from(b))
            .sum::<i64>()
    };
    (0..most).max_by_key(likeness).expect("there are some")
}

/// A ratio of powers in dB.
pub(crate) fn decibels(ratio: f64) -> f64 {
    10.0 * ratio.log10()
}
