//! The tone of a continuity test: 2,010 Hz, and 2,000 Hz elsewhere (Q.724 7).

use super::{
    bank::{Bank, energy, energy_of, tone_energy},
    complex::Complex,
};

/// Samples of a block: 10 ms.
pub(crate) const BLOCK: usize = 80;
/// The tone, in Hz.
const TONE: u16 = 2010;
/// How far it may be off, in Hz: that of 2,000 Hz may be 30 Hz off, and measuring is off by a few.
const OFF: f32 = 45.0;
/// The weakest that counts, in dBm0.
const WEAKEST: i8 = -30;
/// Its least share of all energy.
const PURE: f32 = 0.8;
/// Blocks after which it counts as there, or as gone: 60 ms (Q.724 7.4 has 30 to 60).
const SURE: u32 = 6;

/// What was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    /// It has begun.
    Began,
    /// It has ended after so many blocks.
    Ended(u32),
}

/// Looks for it.
#[derive(Debug)]
pub(crate) struct Continuity {
    bank: Bank<1>,
    before: Option<Complex>,
    /// Blocks since it began, those included in which it is gone.
    lasted: u32,
    /// Blocks in a row in which it is gone.
    gone: u32,
    told: bool,
}

impl Continuity {
    /// Starts without it.
    pub(crate) fn new() -> Self {
        Self {
            bank: Bank::new([TONE], BLOCK),
            before: None,
            lasted: 0,
            gone: 0,
            told: false,
        }
    }

    /// Takes the next block.
    pub(crate) fn hear(&mut self, samples: &[i16]) -> Option<Found> {
        if self.is_in(samples) {
            self.lasted += 1 + std::mem::take(&mut self.gone);
            let begins = self.lasted >= SURE && !self.told;
            self.told |= begins;
            return begins.then_some(Found::Began);
        }
        self.gone += 1;
        if !self.told {
            self.lasted = 0;
        }
        if self.told && self.gone == SURE {
            self.told = false;
            return Some(Found::Ended(std::mem::take(&mut self.lasted)));
        }
        None
    }

    fn is_in(&mut self, samples: &[i16]) -> bool {
        let whole = energy(samples);
        if whole < energy_of(WEAKEST, BLOCK) {
            self.before = None;
            return false;
        }
        let [now] = self.bank.measure(samples);
        let Some(before) = self.before.replace(now) else {
            return false;
        };
        let off = self.bank.off(0, before, now);
        let share = tone_energy(now, BLOCK) / self.bank.shown(off) / whole;
        off.abs() <= OFF && share >= PURE
    }
}

#[cfg(test)]
mod tests {
    use mg_contract::Rate;

    use super::*;
    use crate::sound::Oscillator;

    fn find(hz: u16, level: i8, milliseconds: usize) -> Vec<Found> {
        let mut tone = Oscillator::new(hz, level);
        let sound = (0..8 * milliseconds).map(|_| tone.sample(Rate::Narrow) as i16);
        let samples: Vec<i16> = sound.chain([0; 1600]).collect();
        let mut continuity = Continuity::new();
        let blocks = samples.chunks_exact(BLOCK);
        blocks.filter_map(|block| continuity.hear(block)).collect()
    }

    #[test]
    fn it_is_found_at_either_frequency_and_timed() {
        for hz in [1970, 2000, 2010, 2040] {
            let found = find(hz, -12, 500);
            assert_eq!(found.len(), 2, "{hz} {found:?}");
            assert!(matches!(found[1], Found::Ended(48..=50)), "{found:?}");
        }
    }

    #[test]
    fn others_weak_ones_and_short_ones_are_not() {
        for (hz, level, time) in [(1780, -12, 500), (2100, -12, 500), (2010, -36, 500)] {
            assert_eq!(find(hz, level, time), [], "{hz}");
        }
        assert_eq!(find(2010, -12, 50), []);
    }
}
