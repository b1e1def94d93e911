//! The programs as they are: separate processes, real sockets, loopback only.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "this suite is about sockets, and a test ends where something is not as it must be"
)]

mod authentication;
mod bad_input;
mod carriers;
mod life;
mod log;
mod private_chat;

use std::sync::{Mutex, MutexGuard, PoisonError};

static MACHINE: Mutex<()> = Mutex::new(());

/// The machine for one test alone: audio is measured, and two tests at a time would be each
/// other's noise.
fn alone() -> MutexGuard<'static, ()> {
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}
