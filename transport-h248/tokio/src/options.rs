//! Options that both programs have, on the command line and in the file alike.

use std::{fmt, net::SocketAddr, str::FromStr};

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

/// What a part of a filter may ask for.
const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];

/// Where a socket is or is to be: an address and a port, no name that wants a resolver.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Address(pub SocketAddr);

/// An address that is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected IP:PORT such as 127.0.0.1:2944")]
pub struct AddressError;

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        text.parse().map(Self).map_err(|_| AddressError)
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

/// What is logged: a level, or directives such as `info,mg_core=debug`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct LogFilter(String);

/// A filter that would log something else than was meant.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LogFilterError {
    /// A part without a level. [`EnvFilter`] would take it for a target, and log nothing else.
    #[error(
        "`{0}` is no level; expected error, warn, info, debug, trace or off, or a filter such as \
         info,mg_core=debug"
    )]
    Level(String),
    /// A part that cannot be read.
    #[error("expected a filter such as info,mg_core=debug: {0}")]
    Directive(String),
}

impl LogFilter {
    /// Logs from `info` up.
    pub fn info() -> Self {
        Self("info".to_owned())
    }

    /// Returns the filter as the subscriber wants it.
    pub fn filter(&self) -> EnvFilter {
        EnvFilter::try_new(&self.0).expect("it was read when it was made")
    }
}

impl fmt::Display for LogFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for LogFilter {
    type Err = LogFilterError;

    fn from_str(text: &str) -> Result<Self, LogFilterError> {
        for directive in text.split(',') {
            let level = directive.rsplit('=').next().unwrap_or(directive);
            if !LEVELS.iter().any(|known| level.eq_ignore_ascii_case(known)) {
                return Err(LogFilterError::Level(level.to_owned()));
            }
        }
        EnvFilter::try_new(text).map_err(|error| LogFilterError::Directive(error.to_string()))?;
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for LogFilter {
    type Error = LogFilterError;

    fn try_from(text: String) -> Result<Self, LogFilterError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_or_directives_with_levels_are_a_filter() {
        for text in [
            "error",
            "warn",
            "info",
            "debug",
            "trace",
            "off",
            "INFO",
            "mg_core=debug",
            "info,mg_core=debug",
            "warn,mgc_core::southbound=trace,mgc=off",
        ] {
            let filter: LogFilter = text.parse().unwrap();
            assert_eq!(filter.to_string(), text);
            let _ = filter.filter();
        }
    }

    #[test]
    fn what_is_no_level_is_refused_with_the_levels() {
        for (text, wrong) in [
            ("loud", "loud"),
            ("", ""),
            ("info,", ""),
            ("info,debgu", "debgu"),
            ("info,mg_core=loud", "loud"),
            ("mg_core", "mg_core"),
            ("mg_core=", ""),
            ("4", "4"),
        ] {
            let error = text.parse::<LogFilter>().unwrap_err();
            assert_eq!(error, LogFilterError::Level(wrong.to_owned()), "{text}");
            let told = error.to_string();
            assert!(LEVELS.iter().all(|level| told.contains(level)), "{told}");
        }
        assert!("mg[{=info".parse::<LogFilter>().is_err());
    }

    #[test]
    fn an_address_has_an_ip_and_a_port() {
        for text in ["127.0.0.1:2944", "[::1]:2944", "0.0.0.0:0"] {
            let Address(address) = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
        }
        for text in ["localhost:2944", ":2944", "127.0.0.1", "2944", ""] {
            assert_eq!(text.parse::<Address>(), Err(AddressError), "{text}");
        }
    }
}
