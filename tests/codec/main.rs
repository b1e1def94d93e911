//! The codec as a whole: what it reads, what it writes, what it survives.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "hostile input is judged by the time that it takes"
)]

mod examples;
mod interop;
mod linear;
mod mutation;
mod profile;
mod round_trip;
mod three_forms;
