use std::f64::consts::TAU;

use super::*;

const PAIRS: [(Rate, Rate); 6] = [
    (Rate::Narrow, Rate::Wide),
    (Rate::Narrow, Rate::Full),
    (Rate::Wide, Rate::Full),
    (Rate::Wide, Rate::Narrow),
    (Rate::Full, Rate::Narrow),
    (Rate::Full, Rate::Wide),
];
const AMPLITUDE: f64 = 10_000.0;
/// Frames that are converted: a second.
const FRAMES: usize = 50;

fn tone(rate: Rate, frequency: f64) -> Vec<f64> {
    let step = TAU * frequency / f64::from(rate.hz());
    let count = FRAMES * rate.frame();
    (0..count)
        .map(|at| AMPLITUDE * (step * at as f64).sin())
        .collect()
}

fn converted(from: Rate, to: Rate, sound: &[f64]) -> Vec<f64> {
    let mut converter = Converter::new(from, to);
    let mut all = Vec::new();
    for block in sound.chunks_exact(from.frame()) {
        let block: Vec<i32> = block
            .iter()
            .map(|&sample| (sample * 256.0) as i32)
            .collect();
        let mut out = vec![0; to.frame()];
        converter.convert_sum(&block, &mut out);
        all.extend(out.iter().map(|&sample| f64::from(sample) / 256.0));
    }
    all
}

/// The amplitude of one frequency, through a window that lets no other one in by its side.
fn level(rate: Rate, sound: &[f64], frequency: f64) -> f64 {
    let step = TAU * frequency / f64::from(rate.hz());
    let (mut real, mut imaginary, mut weight) = (0.0, 0.0, 0.0);
    for (at, sample) in sound.iter().enumerate() {
        let turn = TAU * at as f64 / sound.len() as f64;
        let window = 0.42 - 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos();
        let (sine, cosine) = (step * at as f64).sin_cos();
        real += window * sample * cosine;
        imaginary += window * sample * sine;
        weight += window;
    }
    20.0 * (2.0 * real.hypot(imaginary) / weight / AMPLITUDE).log10()
}

/// The highest frequency that counts: of the telephone's band, and of the wide one.
fn top(low: Rate) -> f64 {
    if low == Rate::Narrow {
        3_400.0
    } else {
        7_000.0
    }
}

#[test]
fn tones_keep_their_level() {
    for (from, to) in PAIRS {
        let top = top(from.min(to));
        let mut worst: f64 = 0.0;
        for frequency in [50.0, 300.0, 1_000.0, 0.5 * top, 0.8 * top, 0.9 * top, top] {
            let out = converted(from, to, &tone(from, frequency));
            worst = worst.max(level(to, &out, frequency).abs());
        }
        println!("{from:?} to {to:?}: within {worst:.3} dB");
        assert!(worst <= 0.5, "{from:?} to {to:?}: {worst}");
    }
}

#[test]
fn nothing_folds_onto_the_band_or_off_it() {
    for (from, to) in PAIRS {
        let low = from.min(to);
        let (top, rate) = (top(low), f64::from(low.hz()));
        let mut worst = f64::MIN;
        for frequency in [300.0, 1_000.0, 0.7 * top, 0.95 * top, top] {
            for turns in 1..=f64::from(from.max(to).hz()) as u32 / low.hz() / 2 {
                for image in [-frequency, frequency].map(|f| f64::from(turns) * rate + f) {
                    // Tones below the lower rate's half have images at the higher; tones at their
                    // places would come back to where they are.
                    let (sent, found) = if from < to {
                        (frequency, image)
                    } else {
                        (image, frequency)
                    };
                    if image >= f64::from(from.max(to).hz()) / 2.0 {
                        continue;
                    }
                    let out = converted(from, to, &tone(from, sent));
                    worst = worst.max(level(to, &out, found));
                }
            }
        }
        println!("{from:?} to {to:?}: {worst:.1} dB");
        assert!(worst <= -70.0, "{from:?} to {to:?}: {worst:.1} dB");
    }
}

#[test]
fn the_delay_is_a_whole_number_of_samples_and_no_block_border_is_heard() {
    for (from, to) in PAIRS {
        let low = from.min(to);
        let steps = if low == Rate::Narrow { 18.0 } else { 20.0 };
        let delay = (steps - f64::from(u8::from(from > to))) / f64::from(low.hz());
        let frequency = 440.0;
        let out = converted(from, to, &tone(from, frequency));
        let hz = f64::from(to.hz());
        let start = to.frame();
        let worst = out
            .iter()
            .enumerate()
            .skip(start)
            .map(|(at, sample)| {
                let due = AMPLITUDE * (TAU * frequency * (at as f64 / hz - delay)).sin();
                (sample - due).abs()
            })
            .fold(0.0, f64::max);
        println!("{from:?} to {to:?}: off by at most {worst:.1}");
        assert!(worst < AMPLITUDE / 1_000.0, "{from:?} to {to:?}: {worst}");
    }
}

#[test]
fn a_sum_beyond_sixteen_bits_is_not_clipped_and_a_sample_is() {
    for (from, to) in PAIRS {
        let mut converter = Converter::new(from, to);
        let mut sum = vec![0; to.frame()];
        for _ in 0..2 {
            converter.convert_sum(&vec![1_000_000; from.frame()], &mut sum);
        }
        assert!(sum.iter().all(|&sample| (sample - 1_000_000).abs() < 1_000));
        // A step to full scale overshoots.
        let mut converter = Converter::new(from, to);
        let mut out = vec![0; to.frame()];
        converter.convert(&vec![i16::MAX; from.frame()], &mut out);
        assert!(out.contains(&i16::MAX));
        assert!(out[to.frame() / 2..].iter().all(|&sample| sample > 32_000));
    }
}

#[test]
fn samples_that_meet_pass_unchanged_through_a_higher_rate_and_its_end_is_heard() {
    let mut converter = Converter::new(Rate::Narrow, Rate::Full);
    let sound: Vec<i16> = (0..160).map(|at| at * 190 - 15_000).collect();
    let mut all = Vec::new();
    for block in [&sound[..], &[0; 160], &[0; 160]] {
        let mut out = [1; 960];
        converter.convert(block, &mut out);
        all.extend(out);
    }
    let met: Vec<i16> = all.iter().copied().step_by(6).skip(18).take(160).collect();
    assert_eq!(met, sound);
    assert!(all[1_920..].iter().all(|&sample| sample == 0));
}

#[test]
fn between_like_rates_it_copies() {
    let sound: Vec<i16> = (0..320).collect();
    let mut out = [0; 320];
    Converter::new(Rate::Wide, Rate::Wide).convert(&sound, &mut out);
    assert_eq!(out[..], sound);
}
