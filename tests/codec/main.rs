//! The codec as a whole: what it reads, what it writes, what it survives.

mod examples;
mod interop;
mod linear;
mod mutation;
mod profile;
mod round_trip;
mod three_forms;
