//! Captures played again: one side of an exchange as a scenario.

mod derive;
mod exchange;
mod names;
mod rules;
mod segments;
mod stand_ins;

pub use self::{
    derive::{Wish, scenario},
    exchange::{Exchange, ExchangeError, Said, Side, exchange},
    rules::{Field, Given, Rule, RuleError, Rules},
};

#[cfg(test)]
mod tests;
