//! Limits of the gateway, as options say them.

use std::{num::NonZeroUsize, str::FromStr};

use mg_core::Limits;
use serde::Deserialize;

/// 1 to 100 of a hundred.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "u8")]
pub(crate) struct Percent(u8);

impl TryFrom<u8> for Percent {
    type Error = String;

    fn try_from(percent: u8) -> Result<Self, String> {
        match percent {
            1..=100 => Ok(Self(percent)),
            _ => Err(format!("{percent} is not 1 to 100")),
        }
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let percent = text.parse::<u8>();
        percent.map_err(|error| error.to_string())?.try_into()
    }
}

/// The usual limits, but for those that are said. There are as many items in a reply and looks of
/// wildcards as everything that may exist needs.
pub(crate) fn over(
    contexts: Option<NonZeroUsize>,
    terminations: Option<NonZeroUsize>,
    per_context: Option<NonZeroUsize>,
    processor: Option<Percent>,
    overload: Option<Percent>,
) -> Limits {
    let usual = Limits::default();
    let number = |said: Option<NonZeroUsize>, usual| said.map_or(usual, NonZeroUsize::get);
    let percent = |said: Option<Percent>, usual| said.map_or(usual, |Percent(said)| said);
    let terminations = number(terminations, usual.terminations);
    let contexts = number(contexts, usual.contexts);
    Limits {
        contexts,
        terminations,
        terminations_per_context: number(per_context, usual.terminations_per_context),
        reply_items: usual.reply_items.max(terminations.max(contexts)),
        reply_parts: usual.reply_parts.max(terminations.saturating_mul(4)),
        wildcard_looks: usual.wildcard_looks.max(terminations.saturating_mul(20)),
        processor_percent: percent(processor, usual.processor_percent),
        overload_percent: percent(overload, usual.overload_percent),
        ..usual
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_takes_the_place_of_what_is_usual() {
        let none = over(None, None, None, None, None);
        assert_eq!(none, Limits::default());
        let some = over(
            NonZeroUsize::new(5),
            NonZeroUsize::new(1_000_000),
            None,
            "70".parse().ok(),
            None,
        );
        assert_eq!((some.contexts, some.terminations), (5, 1_000_000));
        assert_eq!((some.processor_percent, some.overload_percent), (70, 90));
        assert_eq!(some.reply_items, 1_000_000);
        assert_eq!(some.reply_parts, 4_000_000);
        assert_eq!("0".parse::<Percent>().ok(), None);
        assert_eq!("101".parse::<Percent>().ok(), None);
    }
}
