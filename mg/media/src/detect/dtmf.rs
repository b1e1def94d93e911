//! DTMF in the audio (Q.23, Q.24).
//!
//! The audio is looked at in blocks of 10 ms. Two in a row are a *hit* for a digit if hardly
//! anything but its two tones is in them, both have the right frequency by how far their phase turns
//! from one block to the next, and neither is much louder than the other or than before.

use mg_contract::Dtmf;

use super::{
    bank::{Bank, Overlap, Pair, energy, energy_of},
    complex::Complex,
};
use crate::sound::{DTMF_HIGH, DTMF_LOW, amplitude, dtmf_of};

/// Samples of a block.
pub(crate) const BLOCK: usize = 80;
/// The weakest tone that counts, in dBm0; Q.24 has none below −29.
const WEAKEST: i8 = -30;
/// How much louder the low tone may be than the high one, and the other way round, in powers: 9 dB
/// and 6 dB; no administration in Q.24 asks for more but one.
const TWIST: (f32, f32) = (7.9, 4.0);
/// How far a frequency may be off: 1.5 % must be taken and 3.5 % refused.
const OFF: f32 = 0.022;
/// How much of a hit's energy the two tones have at least.
const PURE: f32 = 0.92;
/// How much a tone may change from block to block, in powers: 3 dB.
const STEADY: f32 = 2.0;
/// Hits that make a digit: 30 ms of it at least, and 40 ms are enough.
const HITS: u32 = 2;
/// Blocks between them at most, in which the tones must be there all the same: where a packet is lost
/// and the one before is played again, their phases jump.
const BETWEEN: u32 = 2;
/// How much of its power a tone keeps while its digit lasts: −9 dB.
const KEPT: f32 = 0.125;
/// How much of a block's energy the two tones keep while their digit lasts.
const DOMINANT: f32 = 0.4;
/// Blocks without the digit after which it has ended: a break of 20 ms is none, one of 40 ms is.
const ABSENT: u32 = 3;

/// What was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    /// A digit has begun.
    Began(Dtmf),
    /// It has ended after so many blocks.
    Ended(Dtmf, u32),
}

/// Looks for digits.
#[derive(Debug)]
pub(crate) struct AudioDigits {
    bank: Bank<8>,
    /// How each low and each high tone look like each other.
    overlaps: [[Overlap; 4]; 4],
    before: Option<Block>,
    /// What may become a digit.
    hits: Option<Hits>,
    active: Option<Active>,
}

/// A pair of tones by their places.
type Key = (usize, usize);

#[derive(Clone, Copy, Debug)]
struct Block {
    measured: [Complex; 8],
    energy: f32,
}

/// Hits for one digit, with no other between them.
#[derive(Clone, Copy, Debug)]
struct Hits {
    key: Key,
    count: u32,
    /// The powers of its tones at the last one.
    powers: (f32, f32),
    /// Blocks since then.
    age: u32,
}

/// A digit that lasts.
#[derive(Clone, Copy, Debug)]
struct Active {
    key: Key,
    /// The powers of its tones when it began.
    powers: (f32, f32),
    /// Blocks since it began.
    blocks: u32,
    /// Blocks since it was last there.
    absent: u32,
}

impl AudioDigits {
    /// Starts without a digit.
    pub(crate) fn new() -> Self {
        let [a, b, c, d] = DTMF_LOW;
        let [e, f, g, h] = DTMF_HIGH;
        let bank = Bank::new([a, b, c, d, e, f, g, h], BLOCK);
        let overlap = |low: usize, high: usize| bank.overlap(low, 4 + high, BLOCK);
        Self {
            overlaps: [0, 1, 2, 3].map(|low| [0, 1, 2, 3].map(|high| overlap(low, high))),
            bank,
            before: None,
            hits: None,
            active: None,
        }
    }

    /// Takes the next block, and tells what it finds.
    pub(crate) fn hear(&mut self, samples: &[i16], mut found: impl FnMut(Found)) {
        let energy = energy(samples);
        let block = (energy > energy_of(WEAKEST, BLOCK)).then(|| Block {
            measured: self.bank.measure(samples),
            energy,
        });
        let hit = block.and_then(|block| self.hit(&self.before?, &block));
        self.before = block;
        self.hits = match hit {
            Some((key, powers)) => {
                let before = self.hits.filter(|hits| hits.key == key);
                Some(Hits {
                    key,
                    count: before.map_or(0, |hits| hits.count) + 1,
                    powers,
                    age: 0,
                })
            }
            None => self.hits.and_then(|hits| self.wait(hits, block?)),
        };
        self.follow(block, &mut found);
        if let Some(hits) = self.hits.filter(|hits| (hits.count, hits.age) == (HITS, 0)) {
            self.begin(hits.key, hits.powers, &mut found);
        }
    }

    /// Waits for the next hit while the tones are there.
    fn wait(&self, hits: Hits, block: Block) -> Option<Hits> {
        let age = hits.age + 1;
        let there = self.lasts(hits.key, hits.powers, &block);
        (age <= BETWEEN && there).then_some(Hits { age, ..hits })
    }

    fn begin(&mut self, key: Key, powers: (f32, f32), found: &mut impl FnMut(Found)) {
        if let Some(active) = self.active {
            if active.key == key {
                return;
            }
            found(active.ended());
        }
        self.active = Some(Active {
            key,
            powers,
            blocks: HITS + 1,
            absent: 0,
        });
        found(Found::Began(dtmf_of(key.0, key.1)));
    }

    /// Goes on with the digit that lasts.
    fn follow(&mut self, block: Option<Block>, found: &mut impl FnMut(Found)) {
        let Some(mut active) = self.active else {
            return;
        };
        let there = block.is_some_and(|block| self.lasts(active.key, active.powers, &block));
        active.blocks += 1;
        active.absent = if there { 0 } else { active.absent + 1 };
        self.active = Some(active);
        if active.absent == ABSENT {
            self.active = None;
            found(active.ended());
        }
    }

    /// Returns the digit of two blocks, and the powers of its tones.
    fn hit(&self, before: &Block, block: &Block) -> Option<(Key, (f32, f32))> {
        let power = |n: usize| before.measured[n].square() + block.measured[n].square();
        let loudest = |tones: std::ops::Range<usize>| {
            tones.max_by(|&one, &other| power(one).total_cmp(&power(other)))
        };
        let (low, high) = (loudest(0..4)?, loudest(4..8)?);
        let key = (low, high - 4);
        let (first, second) = (self.pair(before, key), self.pair(block, key));
        let powers = second.powers();
        let is_hit = is_steady(first.powers(), powers) && is_balanced(powers) && is_audible(powers);
        if !is_hit {
            return None;
        }
        let low_off = self.bank.off(low, first.tones.0, second.tones.0);
        let high_off = self.bank.off(high, first.tones.1, second.tones.1);
        let limit = |hz: u16| f32::from(hz) * OFF;
        if low_off.abs() > limit(DTMF_LOW[key.0]) || high_off.abs() > limit(DTMF_HIGH[key.1]) {
            return None;
        }
        let explained = (first.energies.0 + second.energies.0) / self.bank.shown(low_off)
            + (first.energies.1 + second.energies.1) / self.bank.shown(high_off);
        (explained >= PURE * (before.energy + block.energy)).then_some((key, powers))
    }

    /// Tells whether a digit whose tones had these powers goes on in a block.
    fn lasts(&self, key: Key, powers: (f32, f32), block: &Block) -> bool {
        let pair = self.pair(block, key);
        let (low, high) = pair.powers();
        let loud = low > KEPT * powers.0 && high > KEPT * powers.1;
        loud && pair.energies.0 + pair.energies.1 > DOMINANT * block.energy
    }

    /// Returns the tones of a key in a block.
    fn pair(&self, block: &Block, (low, high): Key) -> Pair {
        self.overlaps[low][high].pair(block.measured[low], block.measured[4 + high])
    }
}

impl Active {
    fn ended(&self) -> Found {
        let digit = dtmf_of(self.key.0, self.key.1);
        Found::Ended(digit, self.blocks - self.absent)
    }
}

fn is_steady(before: (f32, f32), now: (f32, f32)) -> bool {
    let steady = |before: f32, now: f32| now < before * STEADY && before < now * STEADY;
    steady(before.0, now.0) && steady(before.1, now.1)
}

fn is_balanced((low, high): (f32, f32)) -> bool {
    low < high * TWIST.0 && high < low * TWIST.1
}

fn is_audible((low, high): (f32, f32)) -> bool {
    // A measured tone is half its peak.
    let least = (amplitude(WEAKEST) as f32 / 2.0).powi(2);
    low > least && high > least
}

#[cfg(test)]
mod tests;
