//! What the command line and the configuration file ask for.

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
    path::PathBuf,
};

use clap::Parser;
use serde::Deserialize;
use transport_h248_tokio::{
    config_file::{self, ConfigFileError},
    options::{Address, LogFilter},
};

/// The registered port of H.248 in text (H.248.1 D.1).
const H248_PORT: u16 = 2944;

/// Where the API is by default.
const HTTP_PORT: u16 = 8080;

/// Events that are kept for readers that come back; about 20 MB.
const EVENTS_KEPT: NonZeroUsize = NonZeroUsize::new(65_536).expect("it is not zero");

/// The H.248 media gateway controller and Parlay platform.
///
/// Every option may also stand in a TOML file, under its name; the command line wins.
#[derive(Debug, Default, Deserialize, Parser)]
#[command(name = "mgc", version)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Options {
    /// Where to speak H.248 (UDP); port 0 means any [default: 127.0.0.1:2944]
    #[arg(long, value_name = "IP:PORT")]
    h248: Option<Address>,

    /// Where to serve the API (HTTP); port 0 means any [default: 127.0.0.1:8080]
    #[arg(long, value_name = "IP:PORT")]
    http: Option<Address>,

    /// A file with further options
    #[arg(long, value_name = "FILE.toml")]
    #[serde(skip)]
    config: Option<PathBuf>,

    /// What to log to stderr: error, warn, info, debug, trace, or a filter such as
    /// "info,mgc_core=debug" [default: info]
    #[arg(long, value_name = "LEVEL")]
    log: Option<LogFilter>,

    /// Writes all H.248 datagrams to this file
    #[arg(long, value_name = "FILE.pcapng")]
    capture: Option<PathBuf>,

    /// How many events to keep for readers that come back [default: 65536]
    #[arg(long, value_name = "NUMBER")]
    events_kept: Option<NonZeroUsize>,
}

/// Options with nothing left open.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Settings {
    /// Where to speak H.248.
    pub(crate) h248: SocketAddr,
    /// Where to serve the API.
    pub(crate) http: SocketAddr,
    /// What to log.
    pub(crate) log: LogFilter,
    /// Where to write H.248 datagrams.
    pub(crate) capture: Option<PathBuf>,
    /// How many events to keep.
    pub(crate) events_kept: usize,
}

impl Options {
    /// Reads the file that the options name, and fills in what is still open.
    pub(crate) fn settle(self) -> Result<Settings, ConfigFileError> {
        let file = match &self.config {
            Some(path) => config_file::read(path)?,
            None => Self::default(),
        };
        Ok(self.over(file))
    }

    fn over(self, file: Self) -> Settings {
        let or_at = |address: Option<Address>, port| {
            let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            address.map_or(loopback, |Address(address)| address)
        };
        let kept = self.events_kept.or(file.events_kept);
        Settings {
            h248: or_at(self.h248.or(file.h248), H248_PORT),
            http: or_at(self.http.or(file.http), HTTP_PORT),
            log: self.log.or(file.log).unwrap_or_else(LogFilter::info),
            capture: self.capture.or(file.capture),
            events_kept: kept.unwrap_or(EVENTS_KEPT).get(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Options {
        Options::try_parse_from([&["mgc"], arguments].concat()).unwrap()
    }

    #[test]
    fn all_options_have_loopback_defaults() {
        let settings = options(&[]).settle().unwrap();
        let expected = Settings {
            h248: "127.0.0.1:2944".parse().unwrap(),
            http: "127.0.0.1:8080".parse().unwrap(),
            log: LogFilter::info(),
            capture: None,
            events_kept: 65_536,
        };
        assert_eq!(settings, expected);
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let file = toml::from_str("h248 = \"127.0.0.1:1\"\nhttp = \"127.0.0.1:2\"\n").unwrap();
        let settings = options(&["--http", "127.0.0.1:3"]).over(file);
        assert_eq!(settings.h248.port(), 1);
        assert_eq!(settings.http.port(), 3);
    }

    #[test]
    fn an_address_or_a_level_that_is_none_is_refused_with_what_was_expected() {
        let given = |option, text| {
            let error = Options::try_parse_from(["mgc", option, text]).unwrap_err();
            error.to_string()
        };
        let written = |text| toml::from_str::<Options>(text).unwrap_err().to_string();
        for told in [
            given("--http", "localhost:2944"),
            given("--h248", ":2944"),
            written("http = \"localhost:2944\""),
            written("h248 = \":2944\""),
        ] {
            let expected = "expected IP:PORT such as 127.0.0.1:2944";
            assert!(told.contains(expected), "{told}");
        }
        for told in [given("--log", "loud"), written("log = \"loud\"")] {
            let expected = "`loud` is no level; expected error, warn, info, debug, trace or off";
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn a_key_that_is_not_known_is_named() {
        for key in ["htpp", "config"] {
            let text = format!("{key} = \"127.0.0.1:2\"");
            let error = toml::from_str::<Options>(&text).unwrap_err().to_string();
            assert!(error.contains(&format!("unknown field `{key}`")), "{error}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = options(&["--config", "/nowhere/mgc.toml"]).settle();
        let error = error.unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/mgc.toml: "), "{error}");
    }
}
