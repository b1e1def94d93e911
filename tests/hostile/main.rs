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

use h248_tests::alone;
