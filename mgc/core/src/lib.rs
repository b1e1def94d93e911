//! The Parlay platform and media gateway controller as a pure machine.
//!
//! [`Mgc`] is what a program holds: it is given datagrams, requests of the application and the
//! time, and yields datagrams, events and completions.

#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod config;
mod mgc;
pub mod northbound;

pub use config::{Config, Limits};
pub use mgc::{Mgc, Why};
