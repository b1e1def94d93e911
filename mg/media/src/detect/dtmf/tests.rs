use mg_contract::Rate;

use super::*;
use crate::sound::Oscillator;

/// Two tones for a time.
#[derive(Clone, Copy)]
struct Sent {
    /// By how much the frequencies are off.
    off: f64,
    levels: (i8, i8),
    samples: usize,
}

const USUAL: Sent = Sent {
    off: 0.0,
    levels: (-9, -7),
    samples: 400,
};

/// The samples of a key, after and before silence.
fn samples(key: Key, sent: Sent, before: usize) -> Vec<i16> {
    let hz = |hz: u16| std::f64::consts::TAU * f64::from(hz) * (1.0 + sent.off) / 8000.0;
    let (low, high) = (hz(DTMF_LOW[key.0]), hz(DTMF_HIGH[key.1]));
    let peaks = (amplitude(sent.levels.0), amplitude(sent.levels.1));
    let tone = (0..sent.samples).map(|n| {
        let n = n as f64;
        ((low * n).sin() * peaks.0 + (high * n).sin() * peaks.1) as i16
    });
    let after = std::iter::repeat_n(0, 800);
    std::iter::repeat_n(0, before)
        .chain(tone)
        .chain(after)
        .collect()
}

fn find(samples: &[i16]) -> Vec<Found> {
    let mut digits = AudioDigits::new();
    let mut all = Vec::new();
    for block in samples.chunks_exact(BLOCK) {
        digits.hear(block, |found| all.push(found));
    }
    all
}

/// How many of the 16 keys, each at ten places within a block, are found once and as themselves.
fn found(sent: Sent) -> usize {
    let keys = (0..16).flat_map(|n| (0..10).map(move |shift| ((n / 4, n % 4), shift * 8)));
    keys.filter(|&(key, shift)| {
        let digit = dtmf_of(key.0, key.1);
        match find(&samples(key, sent, 80 + shift))[..] {
            [] => false,
            [Found::Began(began), Found::Ended(ended, _)] => {
                assert_eq!((began, ended), (digit, digit));
                true
            }
            ref other => panic!("{other:?}"),
        }
    })
    .count()
}

#[test]
fn forty_milliseconds_are_a_digit_wherever_they_begin_and_twenty_four_are_none() {
    let of = |samples| found(Sent { samples, ..USUAL });
    assert_eq!((of(320), of(400), of(192)), (160, 160, 0));
}

#[test]
fn frequencies_may_be_off_by_one_and_a_half_percent_and_not_by_three_and_a_half() {
    let of = |off| found(Sent { off, ..USUAL });
    assert_eq!((of(0.015), of(-0.015)), (160, 160));
    assert_eq!((of(0.035), of(-0.035)), (0, 0));
}

#[test]
fn one_tone_may_be_louder_within_limits() {
    let of = |low, high| {
        let levels = (low, high);
        found(Sent { levels, ..USUAL })
    };
    assert_eq!((of(-8, -16), of(-14, -9)), (160, 160));
    assert_eq!((of(-6, -17), of(-16, -8)), (0, 0));
}

#[test]
fn levels_down_to_the_weakest_are_heard_and_weaker_ones_are_not() {
    let of = |level| {
        let levels = (level, level);
        found(Sent { levels, ..USUAL })
    };
    assert_eq!((of(-3), of(-29), of(-33)), (160, 160, 0));
}

#[test]
fn a_break_of_twenty_milliseconds_is_none_and_one_of_forty_is() {
    for shift in 0..10 {
        for (gap, digits) in [(160, 1), (320, 2)] {
            let once = samples((1, 1), USUAL, 80 + shift * 8);
            let end = 80 + shift * 8 + USUAL.samples;
            let twice = [&once[..end], &vec![0; gap], &once[80 + shift * 8..]].concat();
            let began = find(&twice);
            let began = began
                .iter()
                .filter(|found| matches!(found, Found::Began(_)));
            assert_eq!(began.count(), digits, "{gap} {shift}");
        }
    }
}

#[test]
fn the_time_is_told_within_a_block() {
    for shift in 0..10 {
        let found = find(&samples((2, 3), USUAL, 80 + shift * 8));
        let Some(Found::Ended(_, blocks)) = found.last() else {
            panic!("{found:?}");
        };
        assert!((4..=6).contains(blocks), "{blocks}");
    }
}

#[test]
fn single_tones_and_others_in_pairs_are_no_digits() {
    let hz = [350, 425, 440, 480, 620, 697, 941, 1209, 1400, 1633, 2010];
    for (n, &one) in hz.iter().enumerate() {
        for &other in &hz[n..] {
            let low = [697, 941].contains(&one);
            if low && [1209, 1633].contains(&other) {
                continue;
            }
            let mut tones = [Oscillator::new(one, -9), Oscillator::new(other, -9)];
            let sum = |_| {
                tones
                    .iter_mut()
                    .map(|tone| tone.sample(Rate::Narrow))
                    .sum::<f64>() as i16
            };
            let samples: Vec<i16> = (0..1600).map(sum).collect();
            assert_eq!(find(&samples), [], "{one} {other}");
        }
    }
}
