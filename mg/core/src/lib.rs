//! The media gateway as a pure machine: Contexts, Terminations and the commands on them.
//!
//! [`Mg`] registers with its controller (H.248.1 11.2), carries out what the controller asks
//! (H.248.1 7.2) and says to the media engine what follows from it. The shell gives it datagrams,
//! what became of the sockets it asked for, the engine's reports and the time; nothing in here
//! reads a clock, a socket or a file.

#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod codecs;
mod command_error;
mod config;
mod digit_map;
mod event;
mod executor;
mod gateway;
mod keys;
mod line;
mod mg;
mod overload;
mod registration;
mod snapshot;
mod supervision;

pub use codecs::{CodecKind, Codecs, UnknownCodec};
use command_error::CommandError;
pub use config::{Config, Limits};
pub use event::{Bound, Event, Question, Why};
pub use gateway::vendor_statistics::VENDOR_STATISTICS_MAX;
pub use keys::Secret;
pub use line::{Act, BadStep, Line, LineKind, Service, Step};
pub use mg::Mg;
pub use snapshot::{ContextView, Counters, PortCounts, Snapshot, StreamView, TerminationView};
