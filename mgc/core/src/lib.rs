//! The Parlay platform and media gateway controller as a pure machine.

pub mod northbound;
