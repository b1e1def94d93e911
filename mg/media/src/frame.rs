//! 20 ms of sound.

use mg_contract::Rate;

/// Samples of the longest frame.
const FRAME_MAX: usize = Rate::Full.frame();

/// 20 ms of sound at one rate.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    rate: Rate,
    samples: [i16; FRAME_MAX],
}

impl Frame {
    /// Returns silence.
    pub(crate) fn silence(rate: Rate) -> Self {
        Self {
            rate,
            samples: [0; FRAME_MAX],
        }
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
