//! 20 ms of sound.

use std::sync::LazyLock;

use mg_contract::Rate;

use crate::{FRAME, Narrow, mix::place};

/// Samples of the longest frame.
pub(crate) const FRAME_MAX: usize = Rate::Full.frame();

/// Silence at each rate.
static SILENT: LazyLock<[Frame; 3]> = LazyLock::new(|| Rate::ALL.map(Frame::silence));

/// 20 ms of sound at one rate.
///
/// It has no more memory than it needs: each page of memory that a tick comes to costs more than the sound in it.
#[derive(Debug)]
pub(crate) struct Frame {
    rate: Rate,
    samples: Box<[i16]>,
    /// Whether it is silence for certain, which need not be written again.
    silent: bool,
}

/// A frame where it lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FrameRef<'a> {
    rate: Rate,
    samples: &'a [i16],
}

impl<'a> FrameRef<'a> {
    /// Takes the samples of a frame at a rate.
    pub(crate) fn new(rate: Rate, samples: &'a [i16]) -> Self {
        debug_assert_eq!(samples.len(), rate.frame());
        Self { rate, samples }
    }

    /// Its rate.
    pub(crate) fn rate(self) -> Rate {
        self.rate
    }

    /// Its samples.
    pub(crate) fn samples(self) -> &'a [i16] {
        self.samples
    }

    /// Its samples, if it is one of 8 kHz.
    pub(crate) fn narrow(self) -> Option<&'a Narrow> {
        let is_narrow = self.rate == Rate::Narrow;
        is_narrow
            .then(|| self.samples.first_chunk::<FRAME>())
            .flatten()
    }
}

impl<'a> From<&'a Frame> for FrameRef<'a> {
    fn from(frame: &'a Frame) -> Self {
        Self::new(frame.rate(), frame.samples())
    }
}

impl Frame {
    /// Returns silence, with room for this rate.
    pub(crate) fn silence(rate: Rate) -> Self {
        Self {
            rate,
            samples: vec![0; rate.frame()].into(),
            silent: true,
        }
    }

    /// Returns silence at 8 kHz, with room for every rate.
    pub(crate) fn roomy() -> Self {
        Self {
            rate: Rate::Narrow,
            samples: vec![0; FRAME_MAX].into(),
            silent: true,
        }
    }

    /// Makes what [`Self::silent`] returns, so that no tick has to.
    pub(crate) fn make_silence() {
        LazyLock::force(&SILENT);
    }

    /// Returns silence that nobody changes.
    pub(crate) fn silent(rate: Rate) -> &'static Self {
        &SILENT[place(rate)]
    }

    /// Makes it silence at a rate. Memory is allocated where it never had room for that.
    pub(crate) fn clear(&mut self, rate: Rate) {
        self.turn_to(rate);
        if !self.silent {
            self.samples_mut().fill(0);
            self.silent = true;
        }
    }

    /// Makes it what another is. Memory is allocated where it never had room for that.
    pub(crate) fn copy<'a>(&mut self, from: impl Into<FrameRef<'a>>) {
        let from = from.into();
        self.turn_to(from.rate);
        self.samples_mut().copy_from_slice(from.samples);
    }

    /// Makes it one of another rate, whatever it holds then. Memory is allocated where it never had room for
    /// that.
    pub(crate) fn turn_to(&mut self, rate: Rate) {
        if self.samples.len() < rate.frame() {
            self.samples = vec![0; rate.frame()].into();
        }
        self.silent &= rate == self.rate;
        self.rate = rate;
    }

    /// Adds another of the same rate, and clips.
    pub(crate) fn add<'a>(&mut self, frame: impl Into<FrameRef<'a>>) {
        let frame = frame.into();
        debug_assert_eq!(self.rate, frame.rate, "only one rate can be added");
        for (to, sample) in self.samples_mut().iter_mut().zip(frame.samples()) {
            *to = to.saturating_add(*sample);
        }
    }

    /// Reads a little of all of it, so that it is at hand, unless it may well stay as it is.
    pub(crate) fn glance(&self) -> usize {
        if self.silent {
            return 0;
        }
        let line = 64 / size_of::<i16>();
        let some = self.samples().iter().step_by(line);
        some.fold(0, |all, &one| all ^ usize::from(one.cast_unsigned()))
    }

    /// Its rate.
    pub(crate) fn rate(&self) -> Rate {
        self.rate
    }

    /// Its samples.
    pub(crate) fn samples(&self) -> &[i16] {
        &self.samples[..self.rate.frame()]
    }

    /// Its samples, to be changed.
    pub(crate) fn samples_mut(&mut self) -> &mut [i16] {
        self.silent = false;
        &mut self.samples[..self.rate.frame()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_silent_whatever_was_said_before_and_at_which_rate() {
        let mut frame = Frame::roomy();
        for rate in [Rate::Full, Rate::Narrow, Rate::Wide, Rate::Full, Rate::Full] {
            frame.clear(rate);
            assert!(
                frame.samples().iter().all(|&sample| sample == 0),
                "{rate:?}"
            );
            frame.samples_mut().fill(1);
        }
        frame.clear(Rate::Narrow);
        frame.clear(Rate::Full);
        assert_eq!(frame.samples(), [0; FRAME_MAX]);
    }
}
