//! What the command line and the configuration file ask for.

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use clap::Parser;
use codec_h248::descriptor::ServiceChangeProfile;
use mgc_core::{GatewayProfiles, Limits};
use serde::Deserialize;
use transport_h248::Encoding;
use transport_h248_tokio::{
    authentication::{self, KeyText},
    config_file::{self, ConfigFileError},
    network::Listen,
    options::{self, LogFilter, Place},
    profile::Profile,
    sinks::Wanted,
};

use crate::{profiles, webhook};

/// Where the API is by default.
const HTTP_PORT: u16 = 8080;

/// A gateway may be silent for so long by default.
const HEARTBEAT_S: u16 = 30;

/// So long something is waited for at a Leg by default, and at most.
const WAIT_S: u32 = 600;
const WAIT_MAX_S: u32 = 3_600;

/// Events that are kept for readers that come back; about 20 MB.
const EVENTS_KEPT: NonZeroUsize = NonZeroUsize::new(65_536).expect("it is not zero");

/// H.248 messages that are kept; those of some hundred operations.
const TRACE: usize = 4_096;
/// They are kept in memory, each with what it is about.
const TRACE_MAX: usize = 1_000_000;

/// The number of our capture agent by default.
const HEP_AGENT: u32 = 248;

/// The H.248 media gateway controller and Parlay platform.
///
/// Every option may also stand in a TOML file, under its name; the command line wins.
#[derive(Debug, Default, Deserialize, Parser)]
#[command(name = "mgc", version)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Options {
    /// Has a fault on purpose: M01 to M25, N01 to N08
    #[cfg(feature = "mutants")]
    #[arg(long, value_name = "NUMBER")]
    #[serde(skip)]
    pub(crate) mutant: Option<transport_h248::mutants::Mutant>,

    /// Where to speak H.248, by UDP and TCP where no carrier is named; port 0 means any
    /// [default: 127.0.0.1:2944]
    #[arg(long, value_name = "[udp:|tcp:|sctp:]HOST:PORT")]
    h248: Option<Place>,

    /// Where else to speak H.248: the place for gateways that speak binary. Each gateway is answered
    /// in its own encoding at both [default: 127.0.0.1:2945 where --h248 has its default, else none]
    #[arg(long, value_name = "[udp:|tcp:|sctp:]HOST:PORT")]
    h248_binary: Option<Place>,

    /// Where to serve the API (HTTP); port 0 means any [default: 127.0.0.1:8080]
    #[arg(long, value_name = "IP:PORT")]
    http: Option<SocketAddr>,

    /// Asks a gateway that has said nothing for so long whether it is there; 0 means never
    /// [default: 30]
    #[arg(long, value_name = "SECONDS")]
    heartbeat: Option<u16>,

    /// Asks each gateway to notify when the controller has said nothing for so long (package it);
    /// twice the heartbeat at least [default: no gateway is asked]
    #[arg(long, value_name = "SECONDS")]
    inactivity: Option<u16>,

    /// So long something is played to a Leg, or digits are collected of it, where the request does not
    /// say [default: 600]
    #[arg(long, value_name = "SECONDS")]
    wait: Option<NonZeroU32>,

    /// The most that a request may say [default: 3600]
    #[arg(long, value_name = "SECONDS")]
    wait_max: Option<NonZeroU32>,

    /// Whether gateways are asked what they counted of a Leg that goes [default: true]
    #[arg(long, value_name = "true|false")]
    statistics: Option<bool>,

    /// A profile that gateways may have, such as "ConfServer/1"; named again, one of several
    /// [default: any or none]
    #[arg(long, value_name = "NAME/VERSION")]
    #[serde(default, deserialize_with = "options::one_or_many")]
    profile: Vec<Profile>,

    /// A key that we share with gateways, all or that at one address; named again, one of several.
    /// Messages carry an authentication header (H.248.1 10.2) made with the first that the gateway
    /// has, and may come with any; IPv4 only. Better in the file: the command line is seen by all
    /// users of the machine [default: no headers]
    #[arg(long, value_name = "SPI:md5|sha1:HEXKEY[@IPV4]")]
    #[serde(default, deserialize_with = "options::one_or_many")]
    ah_key: Vec<KeyText>,

    /// Listens to nobody without a valid authentication header
    #[arg(long)]
    #[serde(default)]
    ah_required: bool,

    /// Refuses such messages without an answer, which else is error 402
    #[arg(long)]
    #[serde(default)]
    ah_silent: bool,

    /// A file with further options
    #[arg(long, value_name = "FILE.toml")]
    #[serde(skip)]
    config: Option<PathBuf>,

    /// What to log to stderr: error, warn, info, debug, trace, or a filter such as
    /// "info,mgc_core=debug" [default: info]
    #[arg(long, value_name = "LEVEL")]
    log: Option<LogFilter>,

    /// Writes all H.248 messages to this file
    #[arg(long, value_name = "FILE.pcapng")]
    capture: Option<PathBuf>,

    /// Exports all H.248 messages to this collector (HEP version 3, by UDP)
    #[arg(long, value_name = "HOST:PORT")]
    hep: Option<Place>,

    /// The number of the capture agent in what is exported [default: 248]
    #[arg(long, value_name = "NUMBER")]
    hep_agent: Option<u32>,

    /// Shows each H.248 message as a line on stderr
    #[arg(long)]
    #[serde(default)]
    ladder: bool,

    /// How many H.248 messages to keep for GET /v1/trace, of 16 MiB together at most; 0 means none
    /// [default: 4096]
    #[arg(long, value_name = "NUMBER")]
    trace: Option<usize>,

    /// A file to keep Calls, operations and events in, so that they survive the program; made where
    /// it is not [default: nothing is kept]
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// A file with the bearer tokens that the API listens to, and what each may do; see docs/northbound.md
    /// [default: it listens to everybody]
    #[arg(long, value_name = "FILE.toml")]
    tokens: Option<PathBuf>,

    /// Tells each event to this URL by POST, in order and until it is taken; see docs/northbound.md
    /// [default: it tells nobody]
    #[arg(long, value_name = "http[s]://HOST[:PORT]/PATH")]
    webhook: Option<String>,

    /// A file with the secret that signs what is told there (HMAC-SHA256)
    #[arg(long, value_name = "FILE")]
    webhook_secret_file: Option<PathBuf>,

    /// A file with the certificates in PEM of those who may have signed that of an https receiver
    /// [default: those whom the system trusts]
    #[arg(long, value_name = "FILE.pem")]
    webhook_ca: Option<PathBuf>,

    /// A file of what the gateways can do and how much they take [default: each can do everything]
    #[arg(long, value_name = "FILE.toml")]
    gateways: Option<PathBuf>,

    /// How many events to keep for readers that come back [default: 65536]
    #[arg(long, value_name = "NUMBER")]
    events_kept: Option<NonZeroUsize>,

    /// How many operations to hold, running and ended; the oldest ended ones make room
    /// [default: 100000]
    #[arg(long, value_name = "NUMBER")]
    operations_kept: Option<NonZeroUsize>,

    /// How many Segs a Call may have, the main one included; a Call may ask for less
    /// [default: 1000]
    #[arg(long, value_name = "NUMBER")]
    segs_per_call: Option<NonZeroUsize>,

    /// How many Legs a Call may have; a Call may ask for less [default: 10000]
    #[arg(long, value_name = "NUMBER")]
    legs_per_call: Option<NonZeroUsize>,

    /// How many Legs a Seg other than the main one may have; a Seg may ask for less [default: as many
    /// as its Call]
    #[arg(long, value_name = "NUMBER")]
    legs_per_seg: Option<NonZeroUsize>,
}

/// Options with nothing left open.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Settings {
    /// Where to speak H.248: the first place, and the one for binary if there is one.
    pub(crate) h248: Vec<Listen>,
    /// Where to serve the API.
    pub(crate) http: SocketAddr,
    /// How long a gateway may be silent.
    pub(crate) heartbeat: Option<Duration>,
    /// How long gateways let the controller be silent.
    pub(crate) inactivity: Option<Duration>,
    /// How long is waited at a Leg: where nobody says, and at most.
    pub(crate) waits: (Duration, Duration),
    /// Whether statistics are wanted.
    pub(crate) statistics: bool,
    /// The profiles that gateways may have.
    pub(crate) profiles: Vec<ServiceChangeProfile<'static>>,
    /// Whom to listen to.
    pub(crate) authentication: authentication::Options,
    /// What to log.
    pub(crate) log: LogFilter,
    /// Where to write H.248 messages.
    pub(crate) capture: Option<PathBuf>,
    /// What to keep Calls, operations and events in.
    pub(crate) state: Option<PathBuf>,
    /// Whom the API listens to.
    pub(crate) tokens: Option<PathBuf>,
    /// Where events are told, and the file with the secret that signs them.
    pub(crate) webhook: Option<webhook::Place>,
    /// Where to export H.248 messages to, and as which agent.
    pub(crate) hep: Option<(SocketAddr, u32)>,
    /// Whether to show H.248 messages.
    pub(crate) ladder: bool,
    /// How many H.248 messages to keep.
    pub(crate) trace: usize,
    /// What the operator says of the gateways.
    pub(crate) gateways: GatewayProfiles,
    /// How many events to keep.
    pub(crate) events_kept: usize,
    /// How much the controller holds.
    pub(crate) limits: Limits,
}

/// Options that cannot be followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file.
    #[error(transparent)]
    File(#[from] ConfigFileError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] authentication::OptionsError),
    /// Gateways would find the controller missing while nothing is wrong.
    #[error("inactivity {0}: expected twice the heartbeat at least, which is {1} s")]
    Inactivity(u16, u16),
    /// What is usual would be refused.
    #[error("wait {0}: expected wait-max at most, which is {1} s")]
    Wait(u32, u32),
    /// Nobody could tell our events from those of others.
    #[error("webhook {0}: expected a webhook-secret-file too")]
    Webhook(String),
}

impl Options {
    /// Reads the file that the options name, and fills in what is still open.
    pub(crate) fn settle(self) -> Result<Settings, ConfigError> {
        let file = match &self.config {
            Some(path) => config_file::read(path)?,
            None => Self::default(),
        };
        self.over(file)
    }

    fn over(self, file: Self) -> Result<Settings, ConfigError> {
        let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let heartbeat = self.heartbeat.or(file.heartbeat).unwrap_or(HEARTBEAT_S);
        let inactivity = self.inactivity.or(file.inactivity);
        if let Some(inactivity) = inactivity.filter(|inactivity| *inactivity / 2 < heartbeat) {
            return Err(ConfigError::Inactivity(inactivity, heartbeat));
        }
        let seconds = |s: u16| (s > 0).then(|| Duration::from_secs(s.into()));
        let profiles = if self.profile.is_empty() {
            file.profile
        } else {
            self.profile
        };
        let keys = if self.ah_key.is_empty() {
            file.ah_key
        } else {
            self.ah_key
        };
        let kept = self.events_kept.or(file.events_kept);
        Ok(Settings {
            h248: listens(
                self.h248.or(file.h248),
                self.h248_binary.or(file.h248_binary),
            ),
            http: self.http.or(file.http).unwrap_or(loopback(HTTP_PORT)),
            heartbeat: seconds(heartbeat),
            inactivity: inactivity.and_then(seconds),
            waits: waits(self.wait.or(file.wait), self.wait_max.or(file.wait_max))?,
            statistics: self.statistics.or(file.statistics).unwrap_or(true),
            profiles: profiles.into_iter().map(|Profile(one)| one).collect(),
            authentication: authentication::Options::read(
                &keys,
                self.ah_required || file.ah_required,
                self.ah_silent || file.ah_silent,
            )?,
            log: self.log.or(file.log).unwrap_or_else(LogFilter::info),
            capture: self.capture.or(file.capture),
            state: self.state.or(file.state),
            tokens: self.tokens.or(file.tokens),
            webhook: webhook(
                self.webhook.or(file.webhook),
                self.webhook_secret_file.or(file.webhook_secret_file),
                self.webhook_ca.or(file.webhook_ca),
            )?,
            hep: self.hep.or(file.hep).map(|Place { socket, .. }| {
                let agent = self.hep_agent.or(file.hep_agent);
                (socket, agent.unwrap_or(HEP_AGENT))
            }),
            ladder: self.ladder || file.ladder,
            trace: self.trace.or(file.trace).unwrap_or(TRACE).min(TRACE_MAX),
            gateways: match self.gateways.or(file.gateways) {
                Some(path) => profiles::read(&path)?,
                None => GatewayProfiles::default(),
            },
            events_kept: kept.unwrap_or(EVENTS_KEPT).get(),
            limits: limits(
                self.operations_kept.or(file.operations_kept),
                self.segs_per_call.or(file.segs_per_call),
                self.legs_per_call.or(file.legs_per_call),
                self.legs_per_seg.or(file.legs_per_seg),
            ),
        })
    }
}

impl Settings {
    /// Returns who is to look on at the messages.
    pub(crate) fn sinks(&self) -> Wanted<'_> {
        Wanted {
            capture: self.capture.as_deref(),
            hep: self.hep,
            ladder: self.ladder,
        }
    }
}

fn waits(
    usual: Option<NonZeroU32>,
    most: Option<NonZeroU32>,
) -> Result<(Duration, Duration), ConfigError> {
    let usual = usual.map_or(WAIT_S, NonZeroU32::get);
    let most = most.map_or(WAIT_MAX_S.max(usual), NonZeroU32::get);
    if usual > most {
        return Err(ConfigError::Wait(usual, most));
    }
    let seconds = |s: u32| Duration::from_secs(s.into());
    Ok((seconds(usual), seconds(most)))
}

/// The bounds of operations and rooms; the others are the core's.
fn limits(
    operations: Option<NonZeroUsize>,
    segs_per_call: Option<NonZeroUsize>,
    legs_per_call: Option<NonZeroUsize>,
    legs_per_seg: Option<NonZeroUsize>,
) -> Limits {
    let usual = Limits::default();
    Limits {
        operations: operations.map_or(usual.operations, NonZeroUsize::get),
        segs_per_call: segs_per_call.map_or(usual.segs_per_call, NonZeroUsize::get),
        legs_per_call: legs_per_call.map_or(usual.legs_per_call, NonZeroUsize::get),
        legs_per_seg: legs_per_seg.map(NonZeroUsize::get),
        ..usual
    }
}

fn webhook(
    url: Option<String>,
    secret: Option<PathBuf>,
    ca: Option<PathBuf>,
) -> Result<Option<webhook::Place>, ConfigError> {
    match (url, secret) {
        (Some(url), Some(secret)) => Ok(Some(webhook::Place { url, secret, ca })),
        (Some(url), None) => Err(ConfigError::Webhook(url)),
        (None, _) => Ok(None),
    }
}

/// Where to listen: the registered ports where nothing is said (H.248.1 D.1).
fn listens(first: Option<Place>, binary: Option<Place>) -> Vec<Listen> {
    let registered =
        |encoding: Encoding| Place::from(SocketAddr::from((Ipv4Addr::LOCALHOST, encoding.port())));
    let places = match (first, binary) {
        (None, binary) => {
            let binary = binary.unwrap_or(registered(Encoding::Binary));
            [Some(registered(Encoding::Text)), Some(binary)]
        }
        (first, binary) => [first, binary],
    };
    places.into_iter().flatten().map(Place::listen).collect()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn options(arguments: &[&str]) -> Options {
        Options::try_parse_from([&["mgc"], arguments].concat()).unwrap()
    }

    fn both(socket: &str) -> Listen {
        Listen {
            carrier: None,
            socket: socket.parse().unwrap(),
        }
    }

    #[test]
    fn all_options_have_loopback_defaults() {
        let settings = options(&[]).settle().unwrap();
        let expected = Settings {
            h248: vec![both("127.0.0.1:2944"), both("127.0.0.1:2945")],
            http: "127.0.0.1:8080".parse().unwrap(),
            heartbeat: Some(Duration::from_secs(30)),
            inactivity: None,
            waits: (Duration::from_secs(600), Duration::from_secs(3_600)),
            statistics: true,
            profiles: Vec::new(),
            authentication: authentication::Options::default(),
            log: LogFilter::info(),
            capture: None,
            state: None,
            tokens: None,
            webhook: None,
            hep: None,
            ladder: false,
            trace: 4_096,
            gateways: GatewayProfiles::default(),
            events_kept: 65_536,
            limits: Limits::default(),
        };
        assert_eq!(settings, expected);
    }

    #[test]
    fn rooms_are_bounded_by_the_file_and_the_command_line() {
        let file =
            toml::from_str("segs-per-call = 5\nlegs-per-seg = 4\noperations-kept = 9\n").unwrap();
        let given = options(&["--legs-per-call", "20", "--legs-per-seg", "3"]);
        let limits = given.over(file).unwrap().limits;
        assert_eq!((limits.segs_per_call, limits.legs_per_call), (5, 20));
        assert_eq!(limits.legs_per_seg, Some(3));
        assert_eq!(limits.operations, 9);
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let file = toml::from_str("h248 = \"127.0.0.1:1\"\nhttp = \"127.0.0.1:2\"\n").unwrap();
        let settings = options(&["--http", "127.0.0.1:3"]).over(file).unwrap();
        assert_eq!(settings.h248, [both("127.0.0.1:1")]);
        assert_eq!(settings.http.port(), 3);
    }

    #[test]
    fn keys_may_stand_in_the_file_and_are_not_shown_where_they_are_wrong() {
        let key = "256:md5:c0ffee0102030405060708090a0b0c0d@192.0.2.1";
        let text = format!("ah-key = [\"{key}\"]\nah-required = true\n");
        let file: Options = toml::from_str(&text).unwrap();
        assert!(!format!("{file:?}").contains("c0ffee"));
        let settings = options(&[]).over(file).unwrap();
        let here = ["127.0.0.1:1".parse().unwrap()];
        let link = settings.authentication.link(&here, UNIX_EPOCH).unwrap();
        assert!(link.unwrap().required);
        let wrong = options(&["--ah-key", key, "--ah-key", "7:sha1:c0ffee"]);
        let told = wrong.settle().unwrap_err().to_string();
        assert_eq!(told, "ah-key 2: sha1 has keys of 20 octets, this one has 3");
    }

    #[test]
    fn an_address_or_a_level_that_is_none_is_refused_with_what_was_expected() {
        let given = |option, text| {
            let error = Options::try_parse_from(["mgc", option, text]).unwrap_err();
            error.to_string()
        };
        let written = |text| toml::from_str::<Options>(text).unwrap_err().to_string();
        for told in [given("--h248", ":2944"), written("h248 = \":2944\"")] {
            let expected = "expected [udp:|tcp:|sctp:]HOST:PORT such as 127.0.0.1:2944";
            assert!(told.contains(expected), "{told}");
        }
        for told in [given("--http", "x:2944"), written("http = \"x:2944\"")] {
            let expected = "invalid socket address syntax";
            assert!(told.contains(expected), "{told}");
        }
        for told in [given("--log", "loud"), written("log = \"loud\"")] {
            let expected = "`loud` is no level; expected error, warn, info, debug, trace or off";
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn gateways_must_not_find_the_controller_missing_between_two_heartbeats() {
        let settings = options(&["--heartbeat", "10", "--inactivity", "20"])
            .settle()
            .unwrap();
        assert_eq!(settings.inactivity, Some(Duration::from_secs(20)));
        let wrong = options(&["--inactivity", "59"])
            .settle()
            .unwrap_err()
            .to_string();
        assert_eq!(
            wrong,
            "inactivity 59: expected twice the heartbeat at least, which is 30 s"
        );
        let never = options(&["--heartbeat", "0", "--inactivity", "5"])
            .settle()
            .unwrap();
        assert_eq!(never.heartbeat, None);
    }

    #[test]
    fn what_is_waited_for_usually_is_no_more_than_the_most() {
        let settle = |arguments: &[&str]| options(arguments).settle();
        let told = settle(&["--wait", "20", "--wait-max", "10"]).unwrap_err();
        assert_eq!(
            told.to_string(),
            "wait 20: expected wait-max at most, which is 10 s"
        );
        let seconds = Duration::from_secs;
        let waits = settle(&["--wait", "7200"]).unwrap().waits;
        assert_eq!(waits, (seconds(7_200), seconds(7_200)));
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
