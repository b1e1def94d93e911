//! What the command line and the configuration file ask for.

use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use clap::Parser;
use serde::Deserialize;

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
    #[arg(long, value_name = "ADDRESS")]
    h248: Option<SocketAddr>,

    /// Where to serve the API (HTTP); port 0 means any [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    http: Option<SocketAddr>,

    /// A file with further options
    #[arg(long, value_name = "FILE.toml")]
    #[serde(skip)]
    config: Option<PathBuf>,

    /// What to log to stderr: error, warn, info, debug, trace, or a filter such as
    /// "info,mgc_core=debug" [default: info]
    #[arg(long, value_name = "LEVEL")]
    log: Option<String>,

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
    pub(crate) log: String,
    /// Where to write H.248 datagrams.
    pub(crate) capture: Option<PathBuf>,
    /// How many events to keep.
    pub(crate) events_kept: usize,
}

/// A configuration file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Unread {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It does not fit.
    #[error("{}: {error}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Where and why.
        error: Box<toml::de::Error>,
    },
}

impl Options {
    /// Reads the file that the options name, and fills in what is still open.
    pub(crate) fn settle(self) -> Result<Settings, ConfigError> {
        let file = match &self.config {
            Some(path) => read(path)?,
            None => Self::default(),
        };
        Ok(self.over(file))
    }

    fn over(self, file: Self) -> Settings {
        let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let kept = self.events_kept.or(file.events_kept);
        Settings {
            h248: self.h248.or(file.h248).unwrap_or(loopback(H248_PORT)),
            http: self.http.or(file.http).unwrap_or(loopback(HTTP_PORT)),
            log: self.log.or(file.log).unwrap_or_else(|| "info".to_owned()),
            capture: self.capture.or(file.capture),
            events_kept: kept.unwrap_or(EVENTS_KEPT).get(),
        }
    }
}

fn read(path: &Path) -> Result<Options, ConfigError> {
    let text = fs::read_to_string(path).map_err(|error| ConfigError::Unread {
        path: path.to_owned(),
        error,
    })?;
    toml::from_str(&text).map_err(|error| ConfigError::Invalid {
        path: path.to_owned(),
        error: Box::new(error),
    })
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
            log: "info".into(),
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
