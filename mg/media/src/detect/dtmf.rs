//! DTMF in the audio (Q.23, Q.24).
//!
//! The audio is looked at in blocks of 10 ms. Two in a row are a *hit* for a digit if hardly
//! anything but its two tones is in them, both have the right frequency by how far their phase turns
//! from one block to the next, and neither is much louder than the other or than before.

use std::f32::consts::PI;

use mg_contract::Dtmf;

use super::{
    bank::{Bank, energy},
    complex::Complex,
};
use crate::sound::{DTMF_HIGH, DTMF_LOW, amplitude, dtmf_of};

/// Samples of a block.
pub(crate) const BLOCK: usize = 80;
const LENGTH: f32 = BLOCK as f32;
/// Blocks of a second.
const BLOCKS: f32 = 100.0;
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
/// Hits in a row that make a digit: 30 ms of it at least, and 40 ms are enough.
const HITS: u32 = 2;
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
    /// How much of each high tone looks like each low one in a block, and the other way round.
    overlap: [[Complex; 4]; 4],
    /// How far each tone turns in a block.
    turn: [Complex; 8],
    before: Option<Block>,
    /// The digit of the last hit, and how many there were in a row.
    hits: Option<(Key, u32)>,
    active: Option<Active>,
}

/// A pair of tones by their places.
type Key = (usize, usize);

#[derive(Clone, Copy, Debug)]
struct Block {
    measured: [Complex; 8],
    energy: f32,
}

/// The two tones of a digit in one block.
#[derive(Clone, Copy, Debug)]
struct Tones {
    low: Complex,
    high: Complex,
    /// Their energies.
    explained: (f32, f32),
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
        let frequencies = [a, b, c, d, e, f, g, h];
        let radians = |hz: u16| std::f64::consts::TAU * f64::from(hz) / 8000.0;
        let overlap = |low: u16, high: u16| {
            let terms = (0..BLOCK).map(|n| {
                Complex::at_angle((radians(low) - radians(high)) * n as f64).times(1.0 / LENGTH)
            });
            terms.fold(Complex::default(), |sum, term| sum + term)
        };
        Self {
            bank: Bank::new(frequencies),
            overlap: DTMF_LOW.map(|low| DTMF_HIGH.map(|high| overlap(low, high))),
            turn: frequencies.map(|hz| Complex::at_angle(radians(hz) * BLOCK as f64)),
            before: None,
            hits: None,
            active: None,
        }
    }

    /// Takes the next block, and tells what it finds.
    pub(crate) fn hear(&mut self, samples: &[i16], mut found: impl FnMut(Found)) {
        let energy = energy(samples);
        let block = (energy > weakest()).then(|| Block {
            measured: self.bank.measure(samples),
            energy,
        });
        let hit = block.and_then(|block| self.hit(&self.before?, &block));
        self.before = block;
        self.hits = hit.map(|(key, _)| match self.hits {
            Some((before, count)) if before == key => (key, count + 1),
            Some(_) | None => (key, 1),
        });
        self.follow(block, &mut found);
        if let (Some((key, HITS)), Some((_, powers))) = (self.hits, hit) {
            self.begin(key, powers, &mut found);
        }
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
        let tones = block.map(|block| (self.tones(&block, active.key), block.energy));
        let there = tones.is_some_and(|(tones, energy)| tones.last(active.powers, energy));
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
        let (first, second) = (self.tones(before, key), self.tones(block, key));
        let powers = second.powers();
        let is_hit = is_steady(first.powers(), powers) && is_balanced(powers) && is_audible(powers);
        if !is_hit {
            return None;
        }
        let low_off = self.off(low, first.low, second.low);
        let high_off = self.off(high, first.high, second.high);
        let limit = |hz: u16| f32::from(hz) * OFF;
        if low_off.abs() > limit(DTMF_LOW[key.0]) || high_off.abs() > limit(DTMF_HIGH[key.1]) {
            return None;
        }
        let explained = (first.explained.0 + second.explained.0) / loss(low_off)
            + (first.explained.1 + second.explained.1) / loss(high_off);
        (explained >= PURE * (before.energy + block.energy)).then_some((key, powers))
    }

    /// Returns the tones of a key in a block, each without what the other looks like there.
    fn tones(&self, block: &Block, (low, high): Key) -> Tones {
        let overlap = self.overlap[low][high];
        let (at_low, at_high) = (block.measured[low], block.measured[4 + high]);
        let scale = 1.0 / (LENGTH * (1.0 - overlap.square()));
        let low = (at_low - overlap * at_high).times(scale);
        let high = (at_high - overlap.conjugate() * at_low).times(scale);
        Tones {
            low,
            high,
            explained: (
                2.0 * (low.conjugate() * at_low).re,
                2.0 * (high.conjugate() * at_high).re,
            ),
        }
    }

    /// Returns by how many Hz a tone is off that turned from `before` to `now`.
    fn off(&self, tone: usize, before: Complex, now: Complex) -> f32 {
        let turned = now * before.conjugate() * self.turn[tone].conjugate();
        turned.angle() * BLOCKS / (2.0 * PI)
    }
}

impl Tones {
    fn powers(&self) -> (f32, f32) {
        (self.low.square(), self.high.square())
    }

    /// Tells whether a digit that began with these powers lasts in a block of this energy.
    fn last(&self, powers: (f32, f32), energy: f32) -> bool {
        let (low, high) = self.powers();
        let loud = low > KEPT * powers.0 && high > KEPT * powers.1;
        loud && self.explained.0 + self.explained.1 > DOMINANT * energy
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

/// The energy of a block below which no digit can be in it.
fn weakest() -> f32 {
    let peak = amplitude(WEAKEST) as f32;
    peak * peak * LENGTH / 2.0
}

/// How much of its energy a tone shows that is off by so many Hz.
fn loss(off: f32) -> f32 {
    let angle = PI * off / BLOCKS;
    if angle.abs() < 1e-3 {
        1.0
    } else {
        (angle.sin() / angle).powi(2)
    }
}

#[cfg(test)]
mod tests;
