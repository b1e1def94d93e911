//! What is played where nothing arrived: the last period of the sound again and again, or what the
//! codec makes up, fading out.

use mg_contract::Rate;

use super::{
    noise::Noise,
    pitch::{self, samples},
    reel::{is_quiet, mixed},
};

/// How long nothing fades: 20 ms.
const FULL: usize = 20_000;
/// When silence is reached: 60 ms.
const OVER: usize = 60_000;
/// How long the begin and the end of a period become each other at most: 2.5 ms.
const SEAM: usize = 2_500;
/// How long real sound takes to come back: 5 ms.
const RETURN: usize = 5_000;
/// One, as a gain.
const ONE: i32 = 1 << 14;

/// Who makes up what is played.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Source {
    /// Nobody: nothing is missing.
    None,
    /// The last period is repeated.
    Period,
    /// The codec.
    Codec,
    /// Nothing is missing but comfort noise.
    Noise,
}

/// The sound in place of what is missing.
#[derive(Debug)]
pub(super) struct Concealment {
    rate: Rate,
    source: Source,
    /// The period, and how much of the memory it takes.
    period: Box<[i16]>,
    length: usize,
    at: usize,
    /// The step from the last real sample to the period, which is spread over the first samples.
    step: i32,
    /// Samples that were made up in this gap.
    done: usize,
    /// Whether the last real sound was silence, after which nothing is made up.
    silent: bool,
    noise: Noise,
}

impl Concealment {
    /// Allocates the memory.
    pub(super) fn new(rate: Rate) -> Self {
        Self {
            rate,
            source: Source::None,
            period: vec![0; pitch::lag_max(rate)].into(),
            length: 1,
            at: 0,
            step: 0,
            done: 0,
            silent: true,
            noise: Noise::new(),
        }
    }

    /// Whether something is missing now.
    pub(super) fn is_on(&self) -> bool {
        self.source != Source::None
    }

    /// Whether silence is reached.
    pub(super) fn is_silent(&self) -> bool {
        match self.source {
            Source::None => false,
            Source::Period | Source::Codec => self.silent || self.done >= samples(self.rate, OVER),
            Source::Noise => self.noise.is_silent() && self.done >= samples(self.rate, RETURN),
        }
    }

    /// Whether comfort noise is played.
    pub(super) fn is_noise(&self) -> bool {
        self.source == Source::Noise
    }

    /// Whether the last so many samples were nothing else.
    pub(super) fn is_noise_of(&self, samples: usize) -> bool {
        self.is_noise() && self.done >= samples
    }

    /// Has the noise be another than that of other sources.
    pub(super) fn vary(&mut self, source: u32) {
        self.noise.vary(source);
    }

    /// Plays comfort noise of a level after this sound, from which it goes over to it.
    pub(super) fn begin_noise(&mut self, past: &[i16], level: u8) {
        self.noise.set(level);
        if !self.is_noise() {
            self.step = past.last().copied().unwrap_or_default().into();
            (self.source, self.done, self.silent) = (Source::Noise, 0, false);
        }
    }

    /// Begins a gap after this sound, which is as long as a search of its period needs; `by_codec`:
    /// the codec will fill it in. After what is quiet nothing is made up: those who are silent stop
    /// sending, and to make up their noise would cost as much as to decode it.
    pub(super) fn begin(&mut self, past: &[i16], by_codec: bool) {
        self.done = 0;
        let searched = pitch::compared(self.rate) + pitch::lag_max(self.rate);
        let past = &past[past.len() - searched..];
        self.silent = past.iter().all(|&sample| is_quiet(sample));
        self.source = if by_codec {
            Source::Codec
        } else {
            Source::Period
        };
        if !self.silent && !by_codec {
            self.take_period(past);
        }
    }

    /// Whether the codec fills in.
    pub(super) fn is_by_codec(&self) -> bool {
        self.source == Source::Codec
    }

    /// Ends the gap at once.
    pub(super) fn end(&mut self) {
        self.source = Source::None;
    }

    /// Fills in for what is missing.
    pub(super) fn fill(&mut self, out: &mut [i16]) {
        if self.is_silent() {
            out.fill(0);
            self.done += out.len();
            return;
        }
        for sample in out {
            *sample = self.next();
        }
    }

    /// Fades what the codec filled in.
    pub(super) fn fade(&mut self, filled: &mut [i16]) {
        for sample in filled {
            *sample = scaled((*sample).into(), self.gain());
            self.done += 1;
        }
    }

    /// Ends the gap where real sound comes back: it comes in as what was made up goes.
    pub(super) fn end_into(&mut self, real: &mut [i16]) {
        let fade = samples(self.rate, RETURN).min(real.len());
        let from = self.gain();
        for (n, sample) in real[..fade].iter_mut().enumerate() {
            *sample = match self.source {
                Source::None => return,
                Source::Period | Source::Noise => mixed(self.next(), *sample, n, fade),
                Source::Codec => {
                    let gain = from + (ONE - from) * n as i32 / fade as i32;
                    scaled((*sample).into(), gain)
                }
            };
        }
        self.end();
    }

    fn take_period(&mut self, past: &[i16]) {
        let lag = pitch::search_period(past, self.rate).lag;
        let (end, seam) = (past.len(), samples(self.rate, SEAM).min(lag / 4));
        self.period[..lag].copy_from_slice(&past[end - lag..]);
        // The end of the period leads to its begin, as what lies before that does.
        for n in 0..seam {
            let (own, before) = (past[end - seam + n], past[end - lag - seam + n]);
            self.period[lag - seam + n] = mixed(own, before, n + 1, seam);
        }
        self.step = i32::from(past[end - 1]) - i32::from(past[end - 1 - lag]);
        (self.length, self.at) = (lag, 0);
    }

    fn next(&mut self) -> i16 {
        if self.silent {
            return 0;
        }
        if self.is_noise() {
            return self.next_of_noise();
        }
        let spread = samples(self.rate, SEAM);
        let left = spread.saturating_sub(self.done) as i32;
        let step = self.step * left / spread as i32;
        let sample = scaled(i32::from(self.period[self.at]) + step, self.gain());
        self.at = if self.at + 1 == self.length {
            0
        } else {
            self.at + 1
        };
        self.done += 1;
        sample
    }

    fn next_of_noise(&mut self) -> i16 {
        let spread = samples(self.rate, RETURN);
        let left = spread.saturating_sub(self.done) as i32;
        self.done = self.done.saturating_add(1);
        self.noise
            .next()
            .saturating_add((self.step * left / spread as i32) as i16)
    }

    fn gain(&self) -> i32 {
        let (full, over) = (samples(self.rate, FULL), samples(self.rate, OVER));
        let faded = self.done.clamp(full, over) - full;
        ONE - ONE * faded as i32 / (over - full) as i32
    }
}

fn scaled(sample: i32, gain: i32) -> i16 {
    ((i64::from(sample) * i64::from(gain)) >> 14).clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    #[test]
    fn a_period_goes_on_without_a_step_and_is_silence_in_the_end() {
        for rate in Rate::ALL {
            let per_sample = TAU * 230.0 / rate.hz() as f32;
            let tone: Vec<i16> = (0..rate.frame() * 2)
                .map(|n| ((n as f32 * per_sample).sin() * 8000.0) as i16)
                .collect();
            let mut concealment = Concealment::new(rate);
            concealment.begin(&tone, false);
            let mut made_up = vec![0; samples(rate, 80_000)];
            concealment.fill(&mut made_up);
            assert!(concealment.is_silent());
            assert!(made_up[samples(rate, OVER)..].iter().all(|&s| s == 0));
            let all = [&tone[..], &made_up].concat();
            let step = all.windows(2).map(|two| two[0].abs_diff(two[1])).max();
            let clean = (8000.0 * per_sample) as u16;
            assert!(
                step < Some(clean + clean / 4),
                "{step:?}, a tone has {clean}"
            );
        }
    }

    #[test]
    fn after_silence_there_is_silence() {
        let mut concealment = Concealment::new(Rate::Narrow);
        concealment.begin(&[0; 200], false);
        assert!(concealment.is_silent());
    }
}
