//! The programs as they are: separate processes, real sockets, loopback only.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "this suite is about sockets, and a test ends where something is not as it must be"
)]

mod authentication;
mod bad_input;
mod campaign;
mod carriers;
mod comfort_noise;
mod crash;
mod flow;
mod hostile_rtp;
mod life;
mod line;
mod log;
mod mixing;
mod northbound;
mod private_chat;
mod recording;
mod sound;
mod spelling;
mod srtp;
mod stall;
mod supervision;
mod walk;

use h248_tests::alone;
