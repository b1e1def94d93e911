//! From one rate to another.
//!
//! `rubato` takes whole blocks through a Fourier transform: within 3 ms of delay its filter would, by
//! its length, be too short to be flat up to 3.4 kHz, so this is a plain polyphase filter.

use std::f64::consts::PI;

use mg_contract::Rate;

/// How many taps are worked off in one run over the sums, which the compiler makes of vectors.
const AT_ONCE: usize = 4;
/// The shape of the Kaiser window: what is stopped is stopped by 70 dB and more.
const SHAPE: f64 = 8.0;

/// Converts one signal, 20 ms or less at a time.
///
/// It delays by 18 samples of the lower rate where that is 8 kHz (2.25 ms), by 20 where it is 16 kHz
/// (1.25 ms); by one sample less on the way down. It is flat within 0.5 dB up to 3.4 (7) kHz, and lets nothing
/// fold onto that band or off it.
#[derive(Debug)]
pub struct Converter {
    from: usize,
    to: usize,
    /// The filter dealt out to the places that samples of the higher rate have between those of the
    /// lower; each part with the newest input's value last.
    parts: Vec<Vec<[f32; AT_ONCE]>>,
    /// The inputs that the filter still needs and those of the block, dealt out likewise if it is they
    /// that have the higher rate.
    inputs: Vec<Vec<f32>>,
    /// What becomes of one part, or of all: a value for each sample of the lower rate.
    sums: Vec<f32>,
    /// How much of each part of the inputs the last block was.
    block: usize,
    /// Whether nothing but zeros has been kept.
    silent: bool,
}

impl Converter {
    /// Starts in silence. This is where memory is allocated. Between like rates it copies.
    pub fn new(from: Rate, to: Rate) -> Self {
        let low = from.min(to);
        let parts = if from == to {
            Vec::new()
        } else {
            filter(from, to)
        };
        let past = parts.first().map_or(0, |taps| taps.len() * AT_ONCE - 1);
        let places = from.frame() / low.frame();
        Self {
            from: from.frame(),
            to: to.frame(),
            inputs: vec![vec![0.0; past + low.frame()]; places],
            sums: vec![0.0; low.frame()],
            parts,
            block: low.frame(),
            silent: true,
        }
    }

    /// Converts at most 20 ms of sound, a whole number of samples of either rate.
    pub fn convert(&mut self, from: &[i16], to: &mut [i16]) {
        if self.parts.is_empty() {
            to.copy_from_slice(from);
        } else if self.take(from, f32::from) {
            self.give(to, |value| rounded(value) as i16);
        } else {
            to.fill(0);
        }
    }

    /// Converts as much of a sum, which may be beyond what a sample holds.
    pub(crate) fn convert_sum(&mut self, from: &[i32], to: &mut [i32]) {
        if self.parts.is_empty() {
            to.copy_from_slice(from);
        } else if self.take(from, |sample| sample as f32) {
            self.give(to, |value| rounded(value) as i32);
        } else {
            to.fill(0);
        }
    }

    /// Takes a block in. Returns false if nothing is to be heard of it or the one before.
    fn take<T: Copy + Default + PartialEq>(&mut self, from: &[T], value: fn(T) -> f32) -> bool {
        let places = self.inputs.len();
        let block = from.len() / places;
        let fits = from.len() <= self.from && from.len() == block * places;
        assert!(fits, "at most 20 ms are converted at a time");
        let silent = from.iter().all(|&sample| sample == T::default());
        if silent && self.silent {
            return false;
        }
        self.silent = silent;
        let before = std::mem::replace(&mut self.block, block);
        let past = self.inputs[0].len() - self.sums.len();
        for (place, inputs) in self.inputs.iter_mut().enumerate() {
            inputs.copy_within(before..before + past, 0);
            for (input, group) in inputs[past..].iter_mut().zip(from.chunks_exact(places)) {
                *input = value(group[place]);
            }
        }
        true
    }

    fn give<T>(&mut self, to: &mut [T], sample: fn(f32) -> T) {
        let block = self.block;
        assert_eq!(
            to.len() * self.from,
            block * self.inputs.len() * self.to,
            "as much comes out as was put in"
        );
        let sums = &mut self.sums[..block];
        if let [inputs] = &self.inputs[..] {
            for (place, taps) in self.parts.iter().enumerate() {
                sums.fill(0.0);
                add_products(sums, taps, inputs);
                let outs = to[place..].iter_mut().step_by(self.parts.len());
                outs.zip(&*sums).for_each(|(out, &sum)| *out = sample(sum));
            }
        } else {
            sums.fill(0.0);
            for (taps, inputs) in self.parts.iter().zip(&self.inputs) {
                add_products(sums, taps, inputs);
            }
            let share = 1.0 / self.parts.len() as f32;
            let outs = to.iter_mut().zip(&*sums);
            outs.for_each(|(out, &sum)| *out = sample(sum * share));
        }
    }
}

/// Adds to each sum the products of the taps with the inputs from its place on.
fn add_products(sums: &mut [f32], taps: &[[f32; AT_ONCE]], inputs: &[f32]) {
    // One part is a mere delay: all of it but a one is zero.
    let steps = taps
        .iter()
        .enumerate()
        .filter(|(_, taps)| **taps != [0.0; AT_ONCE]);
    for (step, &[a, b, c, d]) in steps {
        let inputs = &inputs[step * AT_ONCE..][..sums.len() + AT_ONCE - 1];
        let (second, third, fourth) = (&inputs[1..], &inputs[2..], &inputs[3..]);
        let inputs = inputs.iter().zip(second).zip(third).zip(fourth);
        for (sum, (((w, x), y), z)) in sums.iter_mut().zip(inputs) {
            *sum += (a * w + b * x) + (c * y + d * z);
        }
    }
}

/// Halves away from zero; what turns it into an integer cuts the rest off, and limits it.
fn rounded(value: f32) -> f32 {
    value + 0.5_f32.copysign(value)
}

/// Returns a low-pass at the higher rate that lets through what the lower can hold; at half the lower
/// rate it lets one half through, so that it is zero at all samples of the lower rate but its centre.
fn filter(from: Rate, to: Rate) -> Vec<Vec<[f32; AT_ONCE]>> {
    let (low, high, up) = (from.min(to), from.max(to), from < to);
    let ratio = (high.frame() / low.frame()).cast_signed();
    let delay: isize = if low == Rate::Narrow { 18 } else { 20 };
    let centre = delay * ratio;
    let value = |at: isize| {
        let away = at - centre;
        if away % ratio == 0 {
            return if away == 0 { 1.0 } else { 0.0 };
        }
        let inside = 1.0 - (away as f64 / centre as f64).powi(2);
        let angle = PI * away as f64 / ratio as f64;
        angle.sin() / angle * bessel(SHAPE * inside.sqrt()) / bessel(SHAPE)
    };
    // What goes up is given out at the place of its newest input; what comes down has had all places.
    let at = |step: isize, place| {
        if up {
            step * ratio + place
        } else {
            (step + 1) * ratio - place
        }
    };
    let part = |place| {
        let taps: Vec<f32> = (0..2 * delay)
            .rev()
            .map(|step| value(at(step, place)) as f32)
            .collect();
        taps.as_chunks().0.to_vec()
    };
    (0..ratio).map(part).collect()
}

/// The modified Bessel function of order nought, as its series.
fn bessel(x: f64) -> f64 {
    let term = |last: &mut f64, k: i32| {
        *last *= (x / 2.0 / f64::from(k)).powi(2);
        Some(*last)
    };
    1.0 + (1..40).scan(1.0, term).sum::<f64>()
}

#[cfg(test)]
mod tests;
