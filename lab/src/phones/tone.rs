//! Tones that tell the legs apart.

/// A frequency in Hz.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Frequency(pub f64);

/// The strength of a sine in dB, where 0 is one whose peaks reach the largest 16-bit sample.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Level(pub f64);

impl Level {
    /// The level of a sine by its peak, in sample units.
    pub fn of_peak(peak: f64) -> Self {
        Self(20.0 * (peak.max(1e-3) / 32_768.0).log10())
    }

    /// The peak of a sine of this level, in sample units.
    pub fn peak(self) -> f64 {
        32_768.0 * 10_f64.powf(self.0 / 20.0)
    }
}

/// What a leg sends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    /// Its frequency.
    pub frequency: Frequency,
    /// How strong it is when it leaves the leg.
    pub level: Level,
}

/// The grid whose tones are orthogonal within one frame of 20 ms.
const COARSE_STEP_HZ: u32 = 50;
/// How many tones lie on the coarse grid between 400 and 3,400 Hz.
const COARSE_TONES: usize = 60;
/// The grid whose tones are orthogonal within 200 ms, in Hz.
const FINE_STEP_HZ: f64 = 15.0;
/// How many tones lie on the fine grid between 400 and 3,400 Hz.
const FINE_TONES: usize = 200;
/// Below this, telephony's band begins to cut.
const LOWEST_HZ: u32 = 400;
/// The highest tone that the well separated plan uses, in Hz.
const HIGHEST_HZ: u32 = 3_300;
/// The least distance within the well separated plan, in Hz.
const SEPARATION_HZ: u32 = 150;

/// One tone for each of `legs` legs, of which at most `together` are mixed for a listener; `None`
/// where there are more legs than tones. Up to 60 tones are multiples of 50 Hz, and the first few
/// are chosen such that no harmonic or intermodulation product of some is another of them.
pub fn plan(legs: usize, together: usize) -> Option<Vec<Tone>> {
    let separated = separated();
    let frequencies: Vec<f64> = if legs <= separated.len() {
        separated.into_iter().map(f64::from).collect()
    } else if legs <= COARSE_TONES {
        grid(f64::from(COARSE_STEP_HZ), COARSE_TONES)
    } else if legs <= FINE_TONES {
        grid(FINE_STEP_HZ, FINE_TONES)
    } else {
        return None;
    };
    let level = level_of_each(together);
    let tone = |hz| Tone {
        frequency: Frequency(hz),
        level,
    };
    Some(frequencies.into_iter().map(tone).take(legs).collect())
}

/// Tones for `legs` legs of one room that several programs may fill, each without knowing what the
/// others send; `None` where there are more legs than tones. They are the first of one order that
/// is the same for every program and every number of legs: who takes those after its
/// predecessors' has none of theirs. They are told apart within 400 ms.
pub fn shared(legs: usize) -> Option<Vec<Tone>> {
    let level = level_of_each(legs.saturating_sub(1));
    let tone = |hz| Tone {
        frequency: Frequency(hz),
        level,
    };
    let order = shared_order();
    let tones = order.get(..legs)?;
    Some(tones.iter().copied().map(tone).collect())
}

/// First those that cannot be mistaken, then the rest of the coarse grid, then what lies between.
fn shared_order() -> Vec<f64> {
    let step = f64::from(COARSE_STEP_HZ);
    let coarse = grid(step, COARSE_TONES);
    let mut order: Vec<f64> = separated().into_iter().map(f64::from).collect();
    for offset in [0.0, step / 2.0, step / 4.0, step * 3.0 / 4.0] {
        let more = coarse.iter().map(|hz| hz + offset);
        let more: Vec<f64> = more.filter(|hz| !order.contains(hz)).collect();
        order.extend(more);
    }
    order
}

/// A level at which so many tones can be added without clipping.
fn level_of_each(together: usize) -> Level {
    let most = 28_000.0 / together.max(1) as f64;
    Level::of_peak(most.min(4_000.0))
}

fn grid(step: f64, count: usize) -> Vec<f64> {
    let nth = |n| f64::from(LOWEST_HZ) + step * n as f64;
    (0..count).map(nth).collect()
}

/// Multiples of 50 Hz, taken from below as long as they cannot be mistaken.
fn separated() -> Vec<u32> {
    let mut chosen = Vec::new();
    let mut candidate = LOWEST_HZ;
    while candidate <= HIGHEST_HZ {
        chosen.push(candidate);
        if is_separated(&chosen) {
            candidate += SEPARATION_HZ;
        } else {
            chosen.pop();
            candidate += COARSE_STEP_HZ;
        }
    }
    chosen
}

/// Whether no second or third harmonic, sum, difference or third-order product is a tone.
fn is_separated(tones: &[u32]) -> bool {
    let is_tone = |hz: u32| tones.contains(&hz);
    tones.iter().all(|&a| {
        let harmonic = is_tone(2 * a) || is_tone(3 * a);
        let mixed = |&b: &u32| {
            a != b
                && (is_tone(a + b) || is_tone(a.abs_diff(b)) || is_tone((2 * a).saturating_sub(b)))
        };
        !harmonic && !tones.iter().any(mixed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_legs_get_tones_that_no_product_of_others_hits() {
        let tones = separated();
        assert!(tones.len() >= 6, "{tones:?}");
        assert!(is_separated(&tones));
        assert!(!is_separated(&[400, 500, 600]));
    }

    #[test]
    fn two_hundred_legs_get_distinct_tones_within_the_band() {
        let tones = plan(200, 4).unwrap();
        assert_eq!(tones.len(), 200);
        assert!(
            tones
                .windows(2)
                .all(|two| two[0].frequency < two[1].frequency)
        );
        assert!(tones.iter().all(|tone| tone.frequency.0 <= 3_400.0));
        assert_eq!(plan(201, 4), None);
    }

    #[test]
    fn programs_that_fill_one_room_one_after_another_share_no_tone() {
        let hz = |tones: &[Tone]| tones.iter().map(|t| t.frequency.0).collect::<Vec<_>>();
        let (first, both) = (shared(5).unwrap(), shared(200).unwrap());
        assert_eq!(hz(&first), hz(&plan(5, 4).unwrap()));
        assert_eq!(hz(&first), hz(&both[..5]));
        let mut sorted = hz(&both);
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|two| two[1] - two[0] >= 12.5));
        assert!(both[0].level.peak() * 199.0 < 32_000.0);
        assert!(shared(240).is_some_and(|tones| tones.len() == 240));
        assert_eq!(shared(241), None);
    }

    #[test]
    fn a_full_room_is_planned_so_that_it_does_not_clip() {
        let tones = plan(50, 49).unwrap();
        assert!(tones[0].level.peak() * 49.0 < 32_000.0);
    }
}
