//! The media engine as a pure machine: RTP in and out, playout, N−1 mixing, RTCP.
//!
//! A shell owns the sockets. It hands over what arrives and the commands of the gateway's core,
//! calls [`Engine::handle_timeout`] when [`Engine::poll_timeout`] says so, and after each call
//! sends what [`Engine::poll_transmit`] yields. Memory is allocated in
//! [`Engine::handle_command`] only.

#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod clock;
mod codec;
mod converter;
mod converters;
mod counters;
mod detect;
mod engine;
mod frame;
mod group;
mod hearing;
mod hush;
mod latch;
mod leg;
mod legs;
mod limiter;
mod line;
mod mix;
mod narrowing;
mod network;
mod outbox;
mod outgoing;
mod packer;
mod playout;
mod receiver;
mod recorder;
mod reporter;
mod room;
mod rtcp;
mod rtp;
mod sender;
mod shared;
mod signals;
mod sound;
mod srtp;
mod telephone_event;
#[cfg(test)]
mod testing;
mod voice;

pub use converter::Converter;
pub use counters::Counters;
pub use engine::{Config, Engine, Parcel, PortParcel, Why};
pub use line::{Far, Line, Peer};
pub use outbox::{Kind, Transmit};
pub use recorder::{Recorded, Source};
pub use sound::Samples;

/// Samples of a frame: 20 ms at 8 kHz.
const FRAME: usize = 160;

/// What a stream at 8 kHz says or hears in one tick.
type Narrow = [i16; FRAME];
