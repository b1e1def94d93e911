//! A hostile peer at real sockets, beside peers that behave: each kind of attack at line rate, and
//! what it does to the others' latency, to the program's memory and to its counters.
//!
//! `make hostile` prints the table.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "this suite is about sockets, and a test ends where something is not as it must be"
)]

mod attack;
mod attack_stream;
mod carrier;
mod controller;
mod gateway;
mod measure;
mod messages;
mod peer;
mod process;
mod report;
mod rounds;

use std::sync::{Mutex, MutexGuard, PoisonError};

static MACHINE: Mutex<()> = Mutex::new(());

/// The machine for one test alone: latency is measured.
fn alone() -> MutexGuard<'static, ()> {
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}
