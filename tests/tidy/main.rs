//! What lints cannot see: who may use whom, what a core may name, how large things may grow.

mod documents;
mod examples;
mod layering;
mod open_cases;
mod purity;
mod sizes;
mod source;
