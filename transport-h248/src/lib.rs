//! H.248 transactions as pure machines: at most once, repeated until answered (H.248.1 D.1).
//!
//! [`Endpoint`] is what a program holds: it speaks under one local MId with any number of peers,
//! over any carrier and in both encodings. The shell gives it messages and the time, and sends what
//! [`Endpoint::poll_transmit`] yields; the program above gives it requests and replies, and takes
//! [`Event`]s. Nothing in here reads a clock, a socket or a file.

#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod address;
mod anchor;
mod association;
mod authentication;
mod config;
mod counters;
mod endpoint;
mod event;
pub mod mutants;
mod outbox;
mod registration;
mod reply;
mod scribe;
mod terms;
mod timer;
mod trace;
mod transactions;

pub use address::{Address, AddressError, Carrier, CarrierError, Encoding, EncodingError, Route};
pub use anchor::Anchor;
pub use authentication::{Algorithm, Authentication, AuthenticationError, Key, KeyError};
pub use config::{Config, Limits};
pub use counters::{Counters, Held, Statistics};
pub use endpoint::Endpoint;
pub use event::{Event, PeerId, Transmit};
pub use terms::Terms;
pub use timer::Why;
pub use trace::{Direction, Trace};
