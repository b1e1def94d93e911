//! What signals sound like.

mod oscillator;
mod player;
mod recording;
mod tones;

pub(crate) use oscillator::{Oscillator, amplitude};
pub(crate) use player::Player;
pub(crate) use recording::Recording;
pub use recording::Samples;
pub(crate) use tones::{DTMF_HIGH, DTMF_LOW, Tones, dtmf_of, fade_out};

use std::time::Duration;

use mg_contract::Rate;

/// In this unit, a sample at 48 kHz, times are kept, so that a sound goes on in its middle when the rate
/// changes. All times are whole samples at 8 kHz, which is a whole number of samples at any rate.
const UNITS: u32 = Rate::Full.hz();

/// Returns how long a sample is at a rate, in units.
fn unit(rate: Rate) -> u32 {
    UNITS / rate.hz()
}

/// Returns a time in units: whole samples at 8 kHz.
fn units(time: Duration) -> u32 {
    samples(time).saturating_mul(unit(Rate::Narrow))
}

/// Returns a time in samples at 8 kHz.
fn samples(time: Duration) -> u32 {
    u32::try_from(time.as_nanos() / 125_000).unwrap_or(u32::MAX)
}
