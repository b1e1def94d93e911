//! What the two programs of `make bench-codec` share: the messages, and our codec at work on them.
//! They are two since a program that counts its allocations is slower at each of them.

pub mod messages;
pub mod ours;
mod own;
mod recorded;
mod tokenizer;
