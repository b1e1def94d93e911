//! The programs as they are: separate processes, real sockets, loopback only.

#![allow(
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "this suite is about sockets, and a test ends where something is not as it must be"
)]

mod bad_input;
mod private_chat;
