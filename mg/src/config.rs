//! What the command line and the configuration file ask for.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use clap::Parser;
use codec_h248::{Host, MId, Style, binary::BinaryProfile};
use mg_contract::RtpPort;
use serde::Deserialize;
use transport_h248::{Address, Encoding};
use transport_h248_tokio::{
    authentication::{self, KeyText},
    config_file::{self, ConfigFileError},
    mid::Mid,
    network::Listen,
    options::{self, EncodingName, LogFilter, Place, Version},
    profile::Profile,
    sinks::Wanted,
};

use crate::{
    codecs::{self, CodecList, OpusBitRate},
    limits::{self, Percent},
    lines::{Lines, LinesError},
    packages::{self, Packages, PackagesError},
    port_range::PortRange,
    waiting_delay::WaitingDelay,
};

/// Where the gateway listens by default, so that both can share a machine.
const H248_PORT: u16 = 2946;
/// The ports for media by default.
const RTP_PORTS: PortRange = PortRange {
    first: 20_000,
    last: 29_999,
};
/// Port pairs that are bound ahead of need, so that an Add never waits for one.
const PORTS_AHEAD: usize = 16;
/// How much announcements lower all else, in dB.
const DUCK: u8 = 12;

/// The most threads that carry media.
const MEDIA_THREADS_MAX: usize = 64;

/// Octets of the longest name of a Termination in binary without levels (H.248.1 A.2).
const OCTETS_MAX: usize = 8;

/// The number of our capture agent by default.
const HEP_AGENT: u32 = 248;

/// The H.248 media gateway and media server.
///
/// Every option may also stand in a TOML file, under its name; the command line wins.
#[derive(Debug, Default, Deserialize, Parser)]
#[command(name = "mg", version)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Options {
    /// Has a fault on purpose: M01 to M25, N01 to N08
    #[cfg(feature = "mutants")]
    #[arg(long, value_name = "NUMBER")]
    #[serde(skip)]
    pub(crate) mutant: Option<transport_h248::mutants::Mutant>,

    /// Where a controller listens, by UDP where no carrier is named; named again, the controllers
    /// are tried in this order [default: 127.0.0.1:2944, or 2945 in binary]
    #[arg(long, value_name = "[udp:|tcp:|sctp:]HOST:PORT")]
    #[serde(default, deserialize_with = "options::one_or_many")]
    mgc: Vec<Place>,

    /// Where to speak H.248, by UDP and TCP where no carrier is named; port 0 means any
    /// [default: 127.0.0.1:2946]
    #[arg(long, value_name = "[udp:|tcp:|sctp:]HOST:PORT")]
    h248: Option<Place>,

    /// How to speak to controllers: text or binary [default: text]
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<EncodingName>,

    /// The highest version of H.248.1 to offer, 1 to 3 [default: 3]
    #[arg(long, value_name = "VERSION")]
    h248_version: Option<Version>,

    /// Writes text with short words and without white space
    #[arg(long)]
    #[serde(default)]
    compact: bool,

    /// Refuses requests for what the version of their message does not have; else it is taken
    #[arg(long)]
    #[serde(default)]
    strict: bool,

    /// Offers the project's own package `zconfmix`: gain of a far side, and who talks. Peers whose binary
    /// codec knows no private package cannot read audits that name it
    #[arg(long)]
    #[serde(default)]
    zconfmix: bool,

    /// The longest random delay before the first registration (MWD): seconds, or residential (600),
    /// t1 (2.5), t3 (0.06), media-server (2.5) [default: media-server]
    #[arg(long, value_name = "SECONDS|TYPE")]
    mwd: Option<WaitingDelay>,

    /// The profile to offer, such as "ConfServer/1" [default: no profile]
    #[arg(long, value_name = "NAME/VERSION")]
    profile: Option<Profile>,

    /// Leaves gracefully at the first signal: tells the controller so, and goes when no Context is left
    /// or after so many seconds; a second signal ends all Contexts [default: the first does]
    #[arg(long, value_name = "SECONDS")]
    graceful: Option<u32>,

    /// The name by which to speak, such as "<mg1.example.net>" or "mg1"
    /// [default: the address of --h248]
    #[arg(long, value_name = "MID")]
    mid: Option<Mid>,

    /// The address on which media is received [default: 127.0.0.1]
    #[arg(long, value_name = "IP")]
    rtp_address: Option<IpAddr>,

    /// The ports for media, RTP on even ones and RTCP on the next [default: 20000-29999]
    #[arg(long, value_name = "FIRST-LAST")]
    rtp_ports: Option<PortRange>,

    /// The codecs to speak, in the order of preference where a controller leaves the choice
    /// [default: pcma,pcmu,g722,opus,l16]
    #[arg(long, value_name = "NAME,NAME")]
    codecs: Option<CodecList>,

    /// Bits of a second of the Opus that is sent, 6000 to 128000; less to who asks for less
    /// [default: 32000]
    #[arg(long, value_name = "BITS")]
    opus_bit_rate: Option<OpusBitRate>,

    /// Threads that carry media [default: one for each processor, at most 64]
    #[arg(long, value_name = "NUMBER")]
    media_threads: Option<NonZeroUsize>,

    /// A key that we share with controllers: messages carry an authentication header (H.248.1 10.2)
    /// made with the first, and may come with any; IPv4 only. Better in the file: the command line is
    /// seen by all users of the machine [default: no headers]
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

    /// A file of physical Terminations: lines, trunk groups and their far sides; SIGHUP has their
    /// service states read again [default: none]
    #[arg(long, value_name = "FILE.toml")]
    lines: Option<PathBuf>,

    /// A folder of announcements: 1.wav is played as number 1, and so on [default: none]
    #[arg(long, value_name = "DIR")]
    announcements: Option<PathBuf>,

    /// All else is lowered by so many dB where and while an announcement is heard, 0 to 60 [default: 12]
    #[arg(long, value_name = "DB", value_parser = clap::value_parser!(u8).range(..=60))]
    duck: Option<u8>,

    /// Members of a room who are heard at a time at most, the loudest [default: 0: all of them]
    #[arg(long, value_name = "NUMBER")]
    loudest: Option<usize>,

    /// A folder that a controller's recordings are written to [default: none: it cannot record]
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,

    /// A file of packages of vendors: their names, ids and types [default: none]
    #[arg(long, value_name = "FILE.toml")]
    packages: Option<PathBuf>,

    /// The most Contexts; over it a new one is refused with 412 [default: 100000]
    #[arg(long, value_name = "NUMBER")]
    max_contexts: Option<NonZeroUsize>,

    /// The most ephemeral Terminations; over it a new one is refused with 432 [default: 200000]
    #[arg(long, value_name = "NUMBER")]
    max_terminations: Option<NonZeroUsize>,

    /// The most Terminations of one Context; over it one is refused with 434 [default: 1024]
    #[arg(long, value_name = "NUMBER")]
    max_per_context: Option<NonZeroUsize>,

    /// How busy the processor may be with the control of the gateway; over it what is not urgent is
    /// refused with 510 [default: 95]
    #[arg(long, value_name = "PERCENT")]
    max_processor: Option<Percent>,

    /// The load from which on the controller is told of overload, if it wants to know [default: 90]
    #[arg(long, value_name = "PERCENT")]
    overload: Option<Percent>,

    /// A file with further options
    #[arg(long, value_name = "FILE.toml")]
    #[serde(skip)]
    config: Option<PathBuf>,

    /// What to log to stderr: error, warn, info, debug, trace, or a filter such as
    /// "info,mg_core=debug" [default: info]
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
}

/// Options with nothing left open.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Settings {
    /// Where the controllers listen, in the order of trying.
    pub(crate) mgcs: Vec<Address>,
    /// Where to speak H.248.
    pub(crate) h248: Listen,
    /// How to speak to controllers.
    pub(crate) encoding: Encoding,
    /// The highest version to offer.
    pub(crate) h248_version: u8,
    /// How text is written.
    style: Style,
    /// Whether requests have to keep to their versions.
    strict: bool,
    /// Whether the project's own package is had.
    zconfmix: bool,
    /// The longest random delay before the first registration.
    mwd: WaitingDelay,
    /// The profile to offer.
    profile: Option<Profile>,
    /// How long the first signal lets Contexts go on; `None`: not at all.
    pub(crate) graceful: Option<Duration>,
    /// Whom to listen to.
    pub(crate) authentication: authentication::Options,
    /// The name by which to speak; `None` means the address of the socket.
    mid: Option<Mid>,
    /// The address on which media is received.
    pub(crate) rtp_address: IpAddr,
    /// The ports for media.
    rtp_ports: PortRange,
    /// The codecs to speak.
    codecs: mg_core::Codecs,
    /// Threads that carry media.
    pub(crate) media_threads: usize,
    /// The file of physical Terminations.
    pub(crate) lines: Option<PathBuf>,
    /// A folder of announcements.
    pub(crate) announcements: Option<PathBuf>,
    /// How much announcements lower all else, in dB.
    duck: u8,
    /// Members of a room who are heard at a time at most; `None`: all of them.
    loudest: Option<NonZeroUsize>,
    /// A folder of recordings.
    pub(crate) recordings: Option<PathBuf>,
    /// A file of packages of vendors.
    packages: Option<PathBuf>,
    /// Bounds on what a controller can make the gateway hold.
    limits: mg_core::Limits,
    /// What to log.
    pub(crate) log: LogFilter,
    /// Where to write H.248 messages.
    pub(crate) capture: Option<PathBuf>,
    /// Where to export H.248 messages to, and as which agent.
    pub(crate) hep: Option<(SocketAddr, u32)>,
    /// Whether to show H.248 messages.
    pub(crate) ladder: bool,
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
    /// The file of physical Terminations.
    #[error(transparent)]
    Lines(#[from] LinesError),
    /// A name that is too long for binary.
    #[error("lines: {0} has no name in binary; the file must say levels under [binary]")]
    Unsayable(String),
    /// A controller that cannot be authenticated.
    #[error("mgc {0}: ah-key is for IPv4 only")]
    KeyForIpv6(Address),
    /// The far ends could not be told where to send.
    #[error("rtp-address {0}: far ends cannot send to it; name one address of this machine")]
    Unroutable(IpAddr),
    /// A peer's port might be given to a Termination.
    #[error("lines: port {0} of a peer is one of rtp-ports")]
    PeerPort(u16),
    /// The gateway would have no name.
    #[error("h248 {0}: it listens on all addresses, so `mid` must say its name")]
    Nameless(SocketAddr),
}

impl Options {
    /// Reads the file that the options name, and fills in what is still open.
    pub(crate) fn settle(self) -> Result<Settings, ConfigError> {
        let file = match &self.config {
            Some(path) => config_file::read(path)?,
            None => Self::default(),
        };
        let settings = self.over(file)?;
        if settings.rtp_address.is_unspecified() {
            return Err(ConfigError::Unroutable(settings.rtp_address));
        }
        let ipv6 = |mgc: &&Address| mgc.socket.is_ipv6();
        let ipv6 = settings.mgcs.iter().find(ipv6);
        if let (true, Some(mgc)) = (settings.authentication.are_used(), ipv6) {
            return Err(ConfigError::KeyForIpv6(*mgc));
        }
        Ok(settings)
    }

    fn over(self, file: Self) -> Result<Settings, ConfigError> {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let at = |port| Place::from(SocketAddr::new(loopback, port));
        let encoding = self.encoding.or(file.encoding);
        let encoding = encoding.map_or(Encoding::Text, |EncodingName(encoding)| encoding);
        let version = self.h248_version.or(file.h248_version);
        let mut mgcs = first_said(self.mgc, file.mgc);
        if mgcs.is_empty() {
            mgcs.push(at(encoding.port()));
        }
        let keys = first_said(self.ah_key, file.ah_key);
        Ok(Settings {
            mgcs: mgcs.into_iter().map(Place::address).collect(),
            h248: self.h248.or(file.h248).unwrap_or(at(H248_PORT)).listen(),
            encoding,
            h248_version: version.map_or(3, |Version(version)| version),
            style: match self.compact || file.compact {
                true => Style::Compact,
                false => Style::Pretty,
            },
            strict: self.strict || file.strict,
            zconfmix: self.zconfmix || file.zconfmix,
            mwd: self.mwd.or(file.mwd).unwrap_or(WaitingDelay::MEDIA_SERVER),
            profile: self.profile.or(file.profile),
            graceful: {
                let seconds = self.graceful.or(file.graceful);
                seconds.map(|seconds| Duration::from_secs(seconds.into()))
            },
            authentication: authentication::Options::read(
                &keys,
                self.ah_required || file.ah_required,
                self.ah_silent || file.ah_silent,
            )?,
            mid: self.mid.or(file.mid),
            rtp_address: self.rtp_address.or(file.rtp_address).unwrap_or(loopback),
            rtp_ports: self.rtp_ports.or(file.rtp_ports).unwrap_or(RTP_PORTS),
            codecs: codecs::over(
                self.codecs.or(file.codecs),
                self.opus_bit_rate.or(file.opus_bit_rate),
            ),
            media_threads: media_threads(self.media_threads.or(file.media_threads)),
            lines: self.lines.or(file.lines),
            announcements: self.announcements.or(file.announcements),
            duck: self.duck.or(file.duck).unwrap_or(DUCK).min(60),
            loudest: self.loudest.or(file.loudest).and_then(NonZeroUsize::new),
            recordings: self.recordings.or(file.recordings),
            packages: self.packages.or(file.packages),
            limits: limits::over(
                self.max_contexts.or(file.max_contexts),
                self.max_terminations.or(file.max_terminations),
                self.max_per_context.or(file.max_per_context),
                self.max_processor.or(file.max_processor),
                self.overload.or(file.overload),
            ),
            log: self.log.or(file.log).unwrap_or_else(LogFilter::info),
            capture: self.capture.or(file.capture),
            hep: self.hep.or(file.hep).map(|Place { socket, .. }| {
                let agent = self.hep_agent.or(file.hep_agent);
                (socket, agent.unwrap_or(HEP_AGENT))
            }),
            ladder: self.ladder || file.ladder,
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

    /// Reads the packages of vendors, where there is a file of them.
    pub(crate) fn read_packages(&self) -> Result<Packages, PackagesError> {
        let path = self.packages.as_deref();
        path.map_or_else(|| Ok(Packages::default()), packages::read)
    }

    /// Reads the file of physical Terminations, where there is one.
    pub(crate) fn read_lines(&self) -> Result<Lines, ConfigError> {
        let Some(path) = &self.lines else {
            return Ok(Lines::default());
        };
        let lines = Lines::read(path)?;
        let long = |line: &&mg_core::Line| line.id.as_str().len() > OCTETS_MAX;
        let unsaid = lines.core.iter().find(long);
        if let (Encoding::Binary, None, Some(line)) = (self.encoding, &lines.levels, unsaid) {
            return Err(ConfigError::Unsayable(line.id.to_string()));
        }
        let ports = self.rtp_ports.ports();
        let both = lines
            .peer_ports()
            .flatten()
            .find(|port| ports.contains(&port.0));
        if let Some(RtpPort(port)) = both {
            return Err(ConfigError::PeerPort(port));
        }
        Ok(lines)
    }

    /// Returns what the core is told, where `h248` is the address of its socket.
    pub(crate) fn core(
        &self,
        h248: SocketAddr,
        lines: &Lines,
    ) -> Result<mg_core::Config, ConfigError> {
        let mid = match &self.mid {
            Some(Mid(mid)) => mid.clone(),
            None if h248.ip().is_unspecified() => return Err(ConfigError::Nameless(h248)),
            None => address(h248),
        };
        Ok(mg_core::Config {
            mid,
            mgcs: self.mgcs.clone(),
            waiting_max: self.mwd.0,
            profile: self.profile.clone().map(|Profile(profile)| profile),
            rtp_address: self.rtp_address,
            rtp_ports: self.rtp_ports.ports(),
            ports_ahead: PORTS_AHEAD,
            codecs: self.codecs.clone(),
            secret: None,
            lines: lines.core.clone(),
            packages: Vec::new(),
            announcements: std::collections::BTreeSet::new(),
            duck: self.duck,
            records: false,
            zconfmix: self.zconfmix,
            strict: self.strict,
            limits: self.limits,
            transport: transport_h248::Config {
                encoding: self.encoding,
                style: self.style,
                version: self.h248_version,
                names: Arc::new(BinaryProfile {
                    terminations: lines.levels.clone().unwrap_or_default(),
                    ..BinaryProfile::default()
                }),
                limits: self.limits.of_link(),
                ..transport_h248::Config::default()
            },
        })
    }

    /// Returns what the engine is told, where `h248` is the address of the core's socket.
    pub(crate) fn engine(&self, h248: SocketAddr, lines: &Lines) -> mg_media::Config {
        mg_media::Config {
            // Unique on the machine, as the port is (RFC 3550 6.5.1).
            cname: format!("mg-{}@{}", h248.port(), self.rtp_address),
            // What the core has a port for, the engine must not refuse.
            streams_max: self.rtp_ports.ports().len() / 2 + lines.engine.len(),
            loudest: self.loudest,
            lines: lines.engine.clone(),
            ..mg_media::Config::default()
        }
    }
}

/// What the command line names, or else the file.
fn first_said<T>(line: Vec<T>, file: Vec<T>) -> Vec<T> {
    if line.is_empty() { file } else { line }
}

/// One thread for each processor where nothing is said.
fn media_threads(wanted: Option<NonZeroUsize>) -> usize {
    let threads = wanted.or_else(|| std::thread::available_parallelism().ok());
    threads.map_or(1, NonZeroUsize::get).min(MEDIA_THREADS_MAX)
}

/// Returns an address as a name (H.248.1 B.2 `mId`).
pub(crate) fn address(address: SocketAddr) -> MId<'static> {
    MId::Address {
        host: Host(address.ip()),
        port: Some(address.port()),
    }
}

#[cfg(test)]
mod tests;
