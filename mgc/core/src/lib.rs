//! The Parlay platform and media gateway controller as a pure machine.
//!
//! [`Mgc`] is what a program holds: it is given datagrams, requests of the application and the
//! time, and yields datagrams, events and completions.

#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod association;
mod audit;
mod conference;
mod config;
mod heartbeat;
mod ledger;
mod manners;
mod mgc;
pub mod northbound;
mod operations;
mod registry;
mod sdp;
mod southbound;
mod tie;

pub use config::{Config, Limits};
pub use manners::{GatewayProfile, GatewayProfiles, Learnt};
pub use mgc::{Mgc, Record, RestoreError, Table, Why};
pub use tie::Tie;
