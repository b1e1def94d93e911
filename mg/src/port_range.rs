//! The ports for media, as options say them.

use std::{ops::RangeInclusive, str::FromStr};

use serde::Deserialize;

/// Ports from the first to the last.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub(crate) struct PortRange {
    pub(crate) first: u16,
    pub(crate) last: u16,
}

/// Ports that cannot be used for media.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("expected FIRST-LAST, such as 20000-29999, with an even port and the next one in it")]
pub(crate) struct PortRangeError;

impl PortRange {
    /// All of them.
    pub(crate) fn ports(self) -> RangeInclusive<u16> {
        self.first..=self.last
    }
}

impl FromStr for PortRange {
    type Err = PortRangeError;

    fn from_str(range: &str) -> Result<Self, PortRangeError> {
        let (first, last) = range.split_once('-').ok_or(PortRangeError)?;
        let port = |text: &str| text.trim().parse::<u16>().map_err(|_| PortRangeError);
        let (first, last) = (port(first)?, port(last)?);
        let even = first.checked_next_multiple_of(2).ok_or(PortRangeError)?;
        if first == 0 || even >= last {
            return Err(PortRangeError);
        }
        Ok(Self { first, last })
    }
}

impl TryFrom<String> for PortRange {
    type Error = PortRangeError;

    fn try_from(range: String) -> Result<Self, PortRangeError> {
        range.parse()
    }
}
