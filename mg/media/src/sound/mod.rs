//! What signals sound like.

mod oscillator;
mod player;
mod recording;
mod tones;

pub(crate) use oscillator::{Oscillator, amplitude};
pub(crate) use player::Player;
pub(crate) use recording::Recording;
pub(crate) use tones::{DTMF_HIGH, DTMF_LOW, Tones, dtmf_of, fade_out};

use crate::Narrow;

/// Adds a frame to another, and clips.
pub(crate) fn add(to: &mut Narrow, frame: &Narrow) {
    for (to, sample) in to.iter_mut().zip(frame) {
        *to = to.saturating_add(*sample);
    }
}
