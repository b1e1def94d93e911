//! The codec as a whole: what it reads, what it writes, what it survives.

mod examples;
mod linear;
mod mutation;
