//! What signals sound like.

mod oscillator;
mod recording;

pub(crate) use oscillator::Oscillator;
pub(crate) use recording::Recording;
