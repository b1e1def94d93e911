//! Digit maps: what a body says, and the collection of symbols by one (H.248.1 7.1.14).

mod collection;
mod parse;
mod symbol;
#[cfg(test)]
mod tests;

use std::time::Duration;

use codec_h248::descriptor::{DigitMapTimers, DigitMapValue};

use self::parse::Alternative;
pub(crate) use self::{
    collection::{Collection, Completion, Step},
    parse::Fault,
    symbol::Symbol,
};
use crate::CommandError;

/// The longest body of a map, in octets (project): what a symbol costs grows with it.
const BODY_MAX: usize = 2_048;

/// The timers of a map that does not say others (project): the reference leaves them to provisioning.
const START: Duration = Duration::from_secs(16);
const SHORT: Duration = Duration::from_secs(4);
const LONG: Duration = Duration::from_secs(16);
const PRESS: Duration = Duration::from_secs(2);
/// The unit of timer Z.
const PRESS_UNIT: Duration = Duration::from_millis(100);

/// A digit map, read and ready to collect by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct DigitMap {
    alternatives: Vec<Alternative>,
    timers: Timers,
}

/// Its timers (H.248.1 7.1.14.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Timers {
    /// T, before the first symbol; `None`: for ever.
    start: Option<Duration>,
    /// S, where the map is complete and may go on.
    short: Duration,
    /// L, where more symbols are needed.
    long: Duration,
    /// Z, from which on a press is a long one.
    press: Duration,
}

impl DigitMap {
    /// Reads a map, wherever it is given.
    ///
    /// # Errors
    /// Its body is too long, or stops being one.
    pub(crate) fn new(value: &DigitMapValue<'_>) -> Result<Self, CommandError> {
        if value.body.len() > BODY_MAX {
            return Err(CommandError::NoDigitMapSpace);
        }
        Ok(Self {
            alternatives: parse::body(&value.body).map_err(CommandError::DigitMapSyntax)?,
            timers: Timers::new(value.timers),
        })
    }
}

impl Timers {
    fn new(given: DigitMapTimers) -> Self {
        let seconds = |given: Option<u8>, default| {
            given.map_or(default, |given| Duration::from_secs(given.into()))
        };
        Self {
            start: Some(seconds(given.start_s, START)).filter(|time| !time.is_zero()),
            short: seconds(given.short_s, SHORT),
            long: seconds(given.long_s, LONG),
            press: given
                .duration_ds
                .map_or(PRESS, |units| PRESS_UNIT * units.into()),
        }
    }
}
