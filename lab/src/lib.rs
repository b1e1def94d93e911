//! The laboratory: simulated legs, what they hear, and how H.248 looked meanwhile; single messages.

#![cfg_attr(test, allow(clippy::disallowed_methods))]

pub mod api;
mod background;
pub mod capture;
pub mod conform;
mod counted;
pub mod crash;
pub mod diff;
pub mod gap;
pub mod ladder;
pub mod latency;
pub mod load;
pub mod matrix;
pub mod media;
pub mod message;
pub mod phones;
mod process;
pub mod programs;
pub mod relay;
pub mod replay;
pub mod scenario;
pub mod sim;
pub mod soak;
pub mod stage;
pub mod text_file;
