//! 20 ms of sound.

use mg_contract::Rate;

use crate::{FRAME, Narrow};

/// Samples of the longest frame.
pub(crate) const FRAME_MAX: usize = Rate::Full.frame();

/// Silence at each rate.
static SILENT: [Frame; 3] = [
    Frame::silence(Rate::Narrow),
    Frame::silence(Rate::Wide),
    Frame::silence(Rate::Full),
];

/// 20 ms of sound at one rate.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    rate: Rate,
    samples: [i16; FRAME_MAX],
}

impl Frame {
    /// Returns silence.
    pub(crate) const fn silence(rate: Rate) -> Self {
        Self {
            rate,
            samples: [0; FRAME_MAX],
        }
    }

    /// Returns silence that nobody changes.
    pub(crate) fn silent(rate: Rate) -> &'static Self {
        match rate {
            Rate::Narrow => &SILENT[0],
            Rate::Wide => &SILENT[1],
            Rate::Full => &SILENT[2],
        }
    }

    /// Makes it silence at a rate.
    pub(crate) fn clear(&mut self, rate: Rate) {
        self.rate = rate;
        self.samples_mut().fill(0);
    }

    /// Makes it what another is; no more is copied than that one holds.
    pub(crate) fn copy(&mut self, from: &Self) {
        self.rate = from.rate;
        self.samples_mut().copy_from_slice(from.samples());
    }

    /// Adds another of the same rate, and clips.
    pub(crate) fn add(&mut self, frame: &Self) {
        debug_assert_eq!(self.rate, frame.rate, "only one rate can be added");
        for (to, sample) in self.samples_mut().iter_mut().zip(frame.samples()) {
            *to = to.saturating_add(*sample);
        }
    }

    /// Reads a little of all of it, so that it is at hand.
    pub(crate) fn glance(&self) -> usize {
        let line = 64 / size_of::<i16>();
        let some = self.samples().iter().step_by(line);
        some.fold(0, |all, &one| all ^ usize::from(one.cast_unsigned()))
    }

    /// Its samples, if it is one of 8 kHz.
    pub(crate) fn narrow(&self) -> Option<&Narrow> {
        let is_narrow = self.rate == Rate::Narrow;
        is_narrow
            .then(|| self.samples.first_chunk::<FRAME>())
            .flatten()
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
        &mut self.samples[..self.rate.frame()]
    }
}
