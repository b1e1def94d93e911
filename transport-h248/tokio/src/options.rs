//! Options that both programs have, on the command line and in the file alike.

use std::{
    fmt,
    marker::PhantomData,
    net::{SocketAddr, ToSocketAddrs as _},
    str::FromStr,
};

use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor},
};
use tracing_subscriber::EnvFilter;
use transport_h248::{Address, Carrier, Encoding, EncodingError};

use crate::network::Listen;

/// What a part of a filter may ask for.
const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];

/// Whoever wants each packet of SCTP in the log asks for it by this name.
const QUIET: &str = "dcsctp=error";

/// Where H.248 is spoken: `[udp:|tcp:|sctp:]HOST:PORT`. A host that is a name is looked up when it
/// is read.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Place {
    /// What was named; `None` where nothing was.
    pub carrier: Option<Carrier>,
    /// Host and port.
    pub socket: SocketAddr,
}

/// A place that is none.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PlaceError {
    /// It cannot be read.
    #[error("expected [udp:|tcp:|sctp:]HOST:PORT such as 127.0.0.1:2944")]
    Form,
    /// The host has no address.
    #[error("{0}: {1}")]
    Host(String, String),
}

impl Place {
    /// Returns the address of a peer there: over UDP where no carrier was named.
    pub fn address(self) -> Address {
        Address {
            carrier: self.carrier.unwrap_or_default(),
            socket: self.socket,
        }
    }

    /// Returns where to listen: by UDP and TCP where no carrier was named.
    pub fn listen(self) -> Listen {
        Listen {
            carrier: self.carrier,
            socket: self.socket,
        }
    }
}

impl From<SocketAddr> for Place {
    /// The place without a carrier.
    fn from(socket: SocketAddr) -> Self {
        Self {
            carrier: None,
            socket,
        }
    }
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let (carrier, place) = Address::split(text);
        let (host, port) = place.rsplit_once(':').ok_or(PlaceError::Form)?;
        if host.is_empty() || port.parse::<u16>().is_err() {
            return Err(PlaceError::Form);
        }
        let unknown = |why: String| PlaceError::Host(host.to_owned(), why);
        let mut found = place
            .to_socket_addrs()
            .map_err(|error| unknown(error.to_string()))?;
        let socket = found.next();
        Ok(Self {
            carrier: (place.len() < text.len()).then_some(carrier),
            socket: socket.ok_or_else(|| unknown("it has no address".into()))?,
        })
    }
}

impl TryFrom<String> for Place {
    type Error = PlaceError;

    fn try_from(text: String) -> Result<Self, PlaceError> {
        text.parse()
    }
}

/// Reads what may be named again, in the order of naming: one string, or a list of them.
///
/// # Errors
///
/// One of them is none.
pub fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    struct OneOrMany<T>(PhantomData<T>);

    impl<'de, T: FromStr<Err: fmt::Display>> Visitor<'de> for OneOrMany<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string or a list of strings")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<T>, E> {
            Ok(vec![text.parse().map_err(E::custom)?])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
            let mut all = Vec::new();
            while let Some(text) = list.next_element::<String>()? {
                all.push(text.parse().map_err(de::Error::custom)?);
            }
            Ok(all)
        }
    }

    deserializer.deserialize_any(OneOrMany(PhantomData))
}

/// The name of an encoding.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct EncodingName(pub Encoding);

impl FromStr for EncodingName {
    type Err = EncodingError;

    fn from_str(text: &str) -> Result<Self, EncodingError> {
        text.parse().map(Self)
    }
}

impl TryFrom<String> for EncodingName {
    type Error = EncodingError;

    fn try_from(text: String) -> Result<Self, EncodingError> {
        text.parse()
    }
}

/// A version of H.248.1.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "u8")]
pub struct Version(pub u8);

/// A version that there is not.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected version 1, 2 or 3")]
pub struct VersionError;

impl TryFrom<u8> for Version {
    type Error = VersionError;

    fn try_from(version: u8) -> Result<Self, VersionError> {
        match version {
            1..=3 => Ok(Self(version)),
            _ => Err(VersionError),
        }
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let version: u8 = text.parse().map_err(|_| VersionError)?;
        version.try_into()
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
        EnvFilter::try_new(format!("{QUIET},{}", self.0)).expect("it was read when it was made")
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
    fn a_place_has_a_host_a_port_and_perhaps_a_carrier() {
        let read = |text: &str| text.parse::<Place>().unwrap();
        for text in ["127.0.0.1:2944", "[::1]:2944", "0.0.0.0:0"] {
            assert_eq!(read(text).socket.to_string(), text);
            assert_eq!(read(text).carrier, None);
            assert_eq!(read(text).address().carrier, Carrier::Udp);
        }
        let tcp = read("tcp:[::1]:2945");
        assert_eq!(tcp.address().to_string(), "tcp:[::1]:2945");
        assert_eq!(tcp.listen().carrier, Some(Carrier::Tcp));
        assert!(read("localhost:2944").socket.ip().is_loopback());
    }

    #[test]
    fn a_file_names_one_place_or_many() {
        #[derive(Deserialize)]
        struct File {
            #[serde(deserialize_with = "one_or_many")]
            mgc: Vec<Place>,
        }
        let read = |text: &str| toml::from_str::<File>(text).map(|file| file.mgc);
        let (first, second) = (
            "127.0.0.1:1".parse().unwrap(),
            "tcp:[::1]:2".parse().unwrap(),
        );
        assert_eq!(read("mgc = \"127.0.0.1:1\"").unwrap(), [first]);
        let many = read("mgc = [\"127.0.0.1:1\", \"tcp:[::1]:2\"]").unwrap();
        assert_eq!(many, [first, second]);
        let error = read("mgc = [\"127.0.0.1:1\", \"x\"]").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("expected [udp:|tcp:|sctp:]HOST:PORT")
        );
    }

    #[test]
    fn there_are_three_versions() {
        assert_eq!("3".parse(), Ok(Version(3)));
        for text in ["0", "4", "x", ""] {
            assert_eq!(text.parse::<Version>(), Err(VersionError), "{text}");
        }
    }

    #[test]
    fn what_is_no_place_is_refused_with_what_was_expected() {
        for text in [
            ":2944",
            "127.0.0.1",
            "2944",
            "",
            "tcp:",
            "udp:h",
            "127.0.0.1:70000",
        ] {
            assert_eq!(text.parse::<Place>(), Err(PlaceError::Form), "{text}");
        }
        for text in ["dccp:127.0.0.1:1", "no.such.host.invalid:1"] {
            let error = text.parse::<Place>().unwrap_err();
            assert!(matches!(error, PlaceError::Host(..)), "{text}: {error}");
        }
    }
}
