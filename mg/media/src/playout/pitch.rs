//! How sound repeats itself.

use std::ops::RangeInclusive;

use mg_contract::Rate;

/// By how much more power than before a sound begins with.
const ONSET: f32 = 2.0;

/// By how much less like it the longest lag may be than one next to nothing, to be preferred.
const LONGER: f32 = 0.5;

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Match {
    /// Samples from a sound to its like.
    pub(super) lag: usize,
    /// How like it is: at most 1.
    pub(super) likeness: f32,
}

/// Samples of so many microseconds.
pub(super) const fn samples(rate: Rate, microseconds: usize) -> usize {
    rate.hz() as usize / 1000 * microseconds / 1000
}

/// The shortest lag, 2.5 ms.
pub(super) const fn lag_min(rate: Rate) -> usize {
    samples(rate, 2500)
}

/// The longest lag, 15 ms.
pub(super) const fn lag_max(rate: Rate) -> usize {
    samples(rate, 15_000)
}

/// What is compared, 10 ms.
pub(super) const fn compared(rate: Rate) -> usize {
    samples(rate, 10_000)
}

/// Finds the lag at which the end of a sound is most like what lies so much before it. `sound` holds
/// [`compared`] and the longest lag at least.
///
/// The search goes by 8 kHz; at higher rates the places beside what it finds are looked at too. Where
/// a sound has just begun, only what is of it is compared.
pub(super) fn search_before(sound: &[i16], rate: Rate, lags: RangeInclusive<usize>) -> Match {
    search_back(sound, rate, lags, 0.0)
}

/// The same for a sound that is repeated more than once: with each time the lag is wrong by a little
/// more, so that a long one is preferred that is nearly as good.
pub(super) fn search_period(sound: &[i16], rate: Rate) -> Match {
    search_back(sound, rate, lag_min(rate)..=lag_max(rate), LONGER)
}

fn search_back(sound: &[i16], rate: Rate, lags: RangeInclusive<usize>, longer: f32) -> Match {
    let half = compared(rate) / 2;
    let reach = sound.len() - compared(rate) - lags.end();
    let (before, last) = sound[reach..].split_at(sound.len() - reach - half);
    let power = |sound: &[i16]| energy(sound, 1) / sound.len() as f32;
    let begins = power(last) > ONSET * power(before);
    let from = sound.len() - if begins { half } else { 2 * half };
    search(&sound[from..], rate, (lags, longer), |lag| {
        &sound[from - lag..]
    })
}

/// Finds the lag at which the begin of a sound is most like what lies so much after it.
pub(super) fn search_after(sound: &[i16], rate: Rate, lags: RangeInclusive<usize>) -> Match {
    search(&sound[..compared(rate)], rate, (lags, 0.0), |lag| {
        &sound[lag..]
    })
}

fn search<'a>(
    sound: &[i16],
    rate: Rate,
    (lags, longer): (RangeInclusive<usize>, f32),
    other: impl Fn(usize) -> &'a [i16],
) -> Match {
    let step = rate.frame() / Rate::Narrow.frame();
    let longer = longer / lag_max(rate) as f32;
    let coarse = best(sound, lags.clone().step_by(step), step, longer, &other);
    if step == 1 {
        return coarse;
    }
    let near =
        coarse.lag.saturating_sub(step).max(*lags.start())..=(coarse.lag + step).min(*lags.end());
    best(sound, near, step / 2, longer, &other)
}

fn best<'a>(
    sound: &[i16],
    lags: impl Iterator<Item = usize>,
    step: usize,
    longer: f32,
    other: impl Fn(usize) -> &'a [i16],
) -> Match {
    let mut found = Match {
        lag: 0,
        likeness: f32::MIN,
    };
    let mut most = f32::MIN;
    let own = energy(sound, step);
    for lag in lags {
        let other = &other(lag)[..sound.len()];
        let both = own * energy(other, step);
        let likeness = if both > 0.0 {
            product(sound, other, step) / both.sqrt()
        } else {
            0.0
        };
        let worth = likeness + longer * lag as f32;
        if worth > most {
            most = worth;
            found = Match { lag, likeness };
        }
    }
    found
}

fn energy(sound: &[i16], step: usize) -> f32 {
    product(sound, sound, step)
}

/// Integers can be added in any order, many at once.
fn product(one: &[i16], other: &[i16], step: usize) -> f32 {
    let multiply = |(&a, &b): (&i16, &i16)| i64::from(i32::from(a) * i32::from(b));
    let sum: i64 = if step == 1 {
        one.iter().zip(other).map(multiply).sum()
    } else {
        let pairs = one.iter().step_by(step).zip(other.iter().step_by(step));
        pairs.map(multiply).sum()
    };
    sum as f32
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    #[test]
    fn the_period_of_a_sound_is_found_at_each_rate() {
        for rate in Rate::ALL {
            // A period of 6.25 ms with an overtone.
            let sound: Vec<i16> = (0..samples(rate, 25_000))
                .map(|n| {
                    let at = n as f32 / rate.hz() as f32 * 160.0 * TAU;
                    (at.sin() * 5000.0 + (2.0 * at).sin() * 4000.0) as i16
                })
                .collect();
            let found = search_before(&sound, rate, lag_min(rate)..=lag_max(rate));
            let period = rate.hz() as usize / 160;
            assert!(found.lag.is_multiple_of(period), "{found:?} at {rate:?}");
            assert!(found.likeness > 0.99, "{found:?} at {rate:?}");
        }
    }
}
