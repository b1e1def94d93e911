//! Scenarios: the language of conformance scripts, and the machine that plays it.

mod ber;
mod expect;
mod faults;
mod going_on;
mod grammar;
mod growth;
mod hook;
mod kept;
mod leaning;
pub mod live;
mod measures;
mod pattern;
mod phone;
mod player;
mod program;
mod readable;
mod say;
mod script;
mod serve;
mod settings;
mod sounds;
mod standing;
mod step;
mod text;
mod verdict;
mod wanted;

pub use hook::{HookCall, HookOutcome};
pub use pattern::{Names, document, filled, transaction};
pub use player::{How, Player, Rtp, Transmit};
pub use program::{Library, Program};
pub use script::{FORMAT, Script, ScriptError, Step, parse, purposes};
pub use serve::Served;
pub use settings::{Role, Settings, defaults};
pub use text::time;
pub use verdict::{Difference, Done, Exchanged, Outcome, Verdict};

#[cfg(test)]
mod going_on_tests;
#[cfg(test)]
mod grammar_tests;
#[cfg(test)]
mod tests;
