//! Simulated RTP legs: each sends a tone of its own and tells which other tones it hears.

pub mod codec;
mod engine;
mod goertzel;
mod hearing;
mod machine;
pub mod opus;
mod phone;
mod recording;
pub mod sdp;
mod source;
pub mod tone;
mod wire;

pub use engine::Phones;
pub use goertzel::Stretch;
pub use hearing::{HEARD_WITHIN_DB, Hearing};
pub use machine::{Machine, PhoneCounters};
pub use phone::Phone;
pub use recording::{FRAME, FRAME_SAMPLES, Frame, Recording, Window, audio, steady};
pub use source::{Source, WavError};
pub use tone::{Frequency, Level, Tone};
