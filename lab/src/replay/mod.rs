//! Captures played again: one side of an exchange as a scenario.

mod derive;
mod exchange;
pub mod load;
mod names;
mod report;
mod rules;
mod segments;
mod stand_ins;

pub use self::{
    derive::{Wish, scenario},
    exchange::{Exchange, ExchangeError, Said, Side, exchange},
    report::{steps, verdict},
    rules::{Field, Given, Rule, RuleError, Rules},
};

#[cfg(test)]
mod tests;
