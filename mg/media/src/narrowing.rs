//! What is said at any rate, as those hear it who look for tones.

use mg_contract::Rate;

use crate::{
    converter::Converter,
    frame::{Frame, FrameRef},
};

/// Brings frames of one leg to 8 kHz.
#[derive(Debug)]
pub(crate) struct Narrowing {
    converter: Converter,
    frame: Frame,
}

impl Narrowing {
    /// Makes it for frames of one rate, which is another.
    pub(crate) fn new(rate: Rate) -> Self {
        Self {
            converter: Converter::new(rate, Rate::Narrow),
            frame: Frame::silence(Rate::Narrow),
        }
    }

    /// Takes the next frame.
    pub(crate) fn narrow(&mut self, frame: FrameRef<'_>) -> &Frame {
        self.converter
            .convert(frame.samples(), self.frame.samples_mut());
        &self.frame
    }
}
