//! The file of physical Terminations: lines, trunk groups, and how binary names them
//! (`docs/gateway.md`).

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use codec_h248::{
    PackageItem, ParmValue, PropertyParm, TerminationId, Value,
    binary::{TerminationKind, TerminationLevels},
};
use mg_contract::{AudioCodec, PayloadFormat, RtpPort};
use mg_core::{Line, LineKind, Service, Step};
use mg_media::{Far, Peer};
use serde::Deserialize;
use transport_h248_tokio::config_file::{self, ConfigFileError};

use crate::sound::{self, SoundError};

/// The most lines and channels together: 16,384, as many as a large exchange's gateway has.
const LINES_MAX: usize = 16_384;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    #[serde(default)]
    line: Vec<LineEntry>,
    #[serde(default)]
    trunk: Vec<TrunkEntry>,
    binary: Option<BinaryEntry>,
}

/// An analog line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LineEntry {
    name: String,
    #[serde(default)]
    far: FarEntry,
    record: Option<PathBuf>,
    #[serde(default)]
    service: ServiceEntry,
    jitter: Option<u32>,
    #[serde(default)]
    script: Vec<String>,
    #[serde(default)]
    on_ring: Vec<String>,
}

/// A trunk group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TrunkEntry {
    name: String,
    /// From the first to the last, such as `1-31`.
    channels: String,
    #[serde(default)]
    far: FarEntry,
    #[serde(default)]
    service: ServiceEntry,
    jitter: Option<u32>,
    echo_control: Option<bool>,
    gain: Option<i32>,
    /// What is different with single channels.
    #[serde(default)]
    channel: Vec<ChannelEntry>,
}

/// A channel that is different from the others of its group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ChannelEntry {
    number: u16,
    far: Option<FarEntry>,
    record: Option<PathBuf>,
    service: Option<ServiceEntry>,
    jitter: Option<u32>,
    echo_control: Option<bool>,
    gain: Option<i32>,
}

/// What the far side says.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
enum FarEntry {
    #[default]
    Silence,
    /// A WAV file over and over.
    Wav(PathBuf),
    Tone(ToneEntry),
    /// An RTP peer.
    Peer(PeerEntry),
}

/// A tone.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ToneEntry {
    hz: u16,
    #[serde(default = "usual_level")]
    dbm0: i8,
}

/// An RTP peer, who speaks G.711 in one format.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PeerEntry {
    /// Our port: an even one, and none of those for media.
    port: u16,
    /// The peer's RTP address.
    to: SocketAddr,
    #[serde(default)]
    codec: CodecEntry,
    /// The payload type of telephone events.
    events: Option<u8>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum CodecEntry {
    #[default]
    Pcma,
    Pcmu,
}

fn usual_level() -> i8 {
    -10
}

/// Whether it is in service.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
enum ServiceEntry {
    #[default]
    In,
    Out {
        /// A reason of H.248.8.
        #[serde(default = "taken_out")]
        reason: u16,
        /// Whether what is connected may go on: for so many seconds, or 0 for as long as it does.
        graceful: Option<u32>,
    },
}

fn taken_out() -> u16 {
    905
}

/// How binary names Terminations (H.248.1 Annex A.1); the controller is to be provisioned alike.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BinaryEntry {
    /// Bits of each level.
    levels: Vec<u8>,
    /// First parts of names, with their numbers in the first level.
    kinds: BTreeMap<String, u64>,
}

/// What the program makes of the file.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// What the core is told.
    pub(crate) core: Vec<Line>,
    /// What the engine is told, in the same order.
    pub(crate) engine: Vec<mg_media::Line>,
    /// Where to write what each is sent.
    pub(crate) records: Vec<Option<PathBuf>>,
    /// How binary names Terminations.
    pub(crate) levels: Option<TerminationLevels>,
}

/// Which lines are in service.
pub(crate) type Services = BTreeMap<TerminationId<'static>, Service>;

/// A file that cannot be followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinesError {
    /// It does not read.
    #[error(transparent)]
    File(#[from] ConfigFileError),
    /// It is a pipe or the like. It is read again while the gateway runs, which must not wait.
    #[error("{}: expected a file", .0.display())]
    NoFile(PathBuf),
    /// A sound in it.
    #[error(transparent)]
    Sound(#[from] SoundError),
    /// Something that it says.
    #[error("{}: {told}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What.
        told: String,
    },
}

/// One line or channel with nothing left to look up.
struct One<'a> {
    name: String,
    kind: LineKind,
    far: &'a FarEntry,
    record: Option<&'a Path>,
    service: ServiceEntry,
    properties: Vec<PropertyParm<'static>>,
    script: &'a [String],
    on_ring: &'a [String],
}

impl Lines {
    /// Reads a file. Sound files are found from where it is.
    ///
    /// # Errors
    ///
    /// It cannot be read, or followed.
    pub(crate) fn read(path: &Path) -> Result<Self, LinesError> {
        let file = File::read(path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let wrong = |told| LinesError::Wrong {
            path: path.to_owned(),
            told,
        };
        let mut lines = Self {
            levels: file
                .binary
                .as_ref()
                .map(levels)
                .transpose()
                .map_err(wrong)?,
            ..Self::default()
        };
        let (mut names, mut ports) = (BTreeSet::new(), BTreeSet::new());
        for one in file.each().map_err(wrong)? {
            let line = one.line().map_err(wrong)?;
            line.check().map_err(wrong)?;
            if !names.insert(line.id.clone()) {
                return Err(wrong(format!("{} is there twice", line.id)));
            }
            if let FarEntry::Peer(peer) = one.far {
                peer.check(&mut ports)
                    .map_err(|told| wrong(format!("{}: {told}", line.id)))?;
            }
            lines.core.push(line);
            lines.engine.push(mg_media::Line {
                far: far(one.far, folder)?,
                recorded: one.record.is_some(),
            });
            lines.records.push(one.record.map(|path| folder.join(path)));
        }
        Ok(lines)
    }

    /// The port of each line whose far side is an RTP peer.
    pub(crate) fn peer_ports(&self) -> impl Iterator<Item = Option<RtpPort>> {
        self.engine.iter().map(|line| match line.far {
            Far::Peer(peer) => Some(peer.port),
            Far::Silence | Far::Tone { .. } | Far::Samples { .. } => None,
        })
    }

    /// Reads which of a file's lines are in service.
    ///
    /// # Errors
    ///
    /// It cannot be read, or followed.
    pub(crate) fn services(path: &Path) -> Result<Services, LinesError> {
        let file = File::read(path)?;
        let wrong = |told| LinesError::Wrong {
            path: path.to_owned(),
            told,
        };
        let each = file.each().map_err(wrong)?.into_iter();
        let service = |one: One<'_>| (TerminationId::from_name(one.name), one.service.service());
        Ok(each.map(service).collect())
    }
}

impl FarEntry {
    /// Refuses a tone that no telephone carries.
    fn check(&self, name: &str) -> Result<(), String> {
        match self {
            Self::Tone(ToneEntry { hz, dbm0 })
                if !(100..4_000).contains(hz) || !(-60..=3).contains(dbm0) =>
            {
                Err(format!(
                    "{name}: a tone has 100 to 3999 Hz and -60 to 3 dBm0"
                ))
            }
            Self::Tone(_) | Self::Silence | Self::Wav(_) | Self::Peer(_) => Ok(()),
        }
    }
}

fn far(far: &FarEntry, folder: &Path) -> Result<Far, SoundError> {
    Ok(match far {
        FarEntry::Silence => Far::Silence,
        FarEntry::Wav(path) => Far::Samples {
            // Lines are heard at 8 kHz.
            samples: sound::read(&folder.join(path), 0)?.samples,
            looped: true,
        },
        FarEntry::Tone(ToneEntry { hz, dbm0 }) => Far::Tone {
            hz: *hz,
            dbm0: *dbm0,
        },
        FarEntry::Peer(peer) => Far::Peer(peer.peer()),
    })
}

impl PeerEntry {
    fn peer(&self) -> Peer {
        // Static payload types (RFC 3551 6).
        let (payload_type, codec) = match self.codec {
            CodecEntry::Pcma => (8, AudioCodec::Pcma),
            CodecEntry::Pcmu => (0, AudioCodec::Pcmu),
        };
        Peer {
            port: RtpPort(self.port),
            to: self.to,
            format: PayloadFormat {
                payload_type,
                codec,
            },
            events: self.events,
        }
    }

    /// Says what is wrong with it, where `ports` are those of peers before.
    fn check(&self, ports: &mut BTreeSet<u16>) -> Result<(), String> {
        let Self { port, events, .. } = self;
        if *port == 0 || port % 2 == 1 {
            return Err(format!("peer: port {port} is not even"));
        }
        if !ports.insert(*port) {
            return Err(format!("peer: port {port} is there twice"));
        }
        match events {
            Some(events) if !(96..=127).contains(events) => {
                Err(format!("peer: events {events} is none of 96 to 127"))
            }
            Some(_) | None => Ok(()),
        }
    }
}

fn levels(binary: &BinaryEntry) -> Result<TerminationLevels, String> {
    let kinds = binary.kinds.iter();
    let kinds = kinds.map(|(name, number)| TerminationKind::new(name.as_str(), *number));
    TerminationLevels::new(binary.levels.clone(), kinds.collect())
        .map_err(|error| format!("binary: {error}"))
}

impl File {
    fn read(path: &Path) -> Result<Self, LinesError> {
        if std::fs::metadata(path).is_ok_and(|about| !about.is_file()) {
            return Err(LinesError::NoFile(path.to_owned()));
        }
        Ok(config_file::read(path)?)
    }

    /// Lines first, then trunks, each in the order written.
    fn each(&self) -> Result<Vec<One<'_>>, String> {
        let too_many = || format!("{LINES_MAX} lines and channels are the most");
        if self.line.len() > LINES_MAX {
            return Err(too_many());
        }
        let mut all: Vec<One<'_>> = self.line.iter().map(LineEntry::one).collect();
        for trunk in &self.trunk {
            let (first, last) = trunk.range()?;
            if all.len() + usize::from(last - first) >= LINES_MAX {
                return Err(too_many());
            }
            let within = |one: &&ChannelEntry| !(first..=last).contains(&one.number);
            if let Some(stray) = trunk.channel.iter().find(within) {
                return Err(format!("{} has no channel {}", trunk.name, stray.number));
            }
            let own = trunk.own()?;
            all.extend((first..=last).map(|number| trunk.one(number, own.get(&number).copied())));
        }
        all.iter().try_for_each(|one| one.far.check(&one.name))?;
        let mut records = BTreeSet::new();
        let recorded = all.iter().filter_map(|one| one.record);
        match recorded.into_iter().find(|record| !records.insert(*record)) {
            Some(twice) => Err(format!("record: {} is there twice", twice.display())),
            None => Ok(all),
        }
    }
}

impl LineEntry {
    fn one(&self) -> One<'_> {
        One {
            name: self.name.clone(),
            kind: LineKind::Analog,
            far: &self.far,
            record: self.record.as_deref(),
            service: self.service,
            properties: jitter(self.jitter).into_iter().collect(),
            script: &self.script,
            on_ring: &self.on_ring,
        }
    }
}

impl TrunkEntry {
    fn range(&self) -> Result<(u16, u16), String> {
        let bad = || format!("{}: channels are FIRST-LAST, such as 1-31", self.name);
        let (first, last) = self.channels.split_once('-').ok_or_else(bad)?;
        let number = |text: &str| text.trim().parse::<u16>().map_err(|_| bad());
        let (first, last) = (number(first)?, number(last)?);
        (first <= last).then_some((first, last)).ok_or_else(bad)
    }

    /// The channels that are different, by their numbers.
    fn own(&self) -> Result<BTreeMap<u16, &ChannelEntry>, String> {
        let mut own = BTreeMap::new();
        for one in &self.channel {
            if own.insert(one.number, one).is_some() {
                return Err(format!(
                    "{}: channel {} is there twice",
                    self.name, one.number
                ));
            }
        }
        Ok(own)
    }

    fn one<'a>(&'a self, number: u16, own: Option<&'a ChannelEntry>) -> One<'a> {
        let echo = own.and_then(|own| own.echo_control).or(self.echo_control);
        let gain = own.and_then(|own| own.gain).or(self.gain);
        let on = |on| if on { "ON" } else { "OFF" };
        let properties = [
            jitter(own.and_then(|own| own.jitter).or(self.jitter)),
            echo.map(|echo| property("tdmc", "ec", on(echo).to_owned())),
            gain.map(|gain| property("tdmc", "gain", gain.to_string())),
        ];
        One {
            name: format!("{}/{number}", self.name),
            kind: LineKind::Trunk,
            far: own.and_then(|own| own.far.as_ref()).unwrap_or(&self.far),
            record: own.and_then(|own| own.record.as_deref()),
            service: own.and_then(|own| own.service).unwrap_or(self.service),
            properties: properties.into_iter().flatten().collect(),
            script: &[],
            on_ring: &[],
        }
    }
}

impl One<'_> {
    fn line(&self) -> Result<Line, String> {
        let steps = |texts: &[String]| {
            let steps = texts.iter().map(|text| text.parse::<Step>());
            let steps: Result<Vec<Step>, _> = steps.collect();
            steps.map_err(|error| format!("{}: {error}", self.name))
        };
        Ok(Line {
            service: self.service.service(),
            properties: self.properties.clone(),
            script: steps(self.script)?,
            on_ring: steps(self.on_ring)?,
            ..Line::new(TerminationId::from_name(self.name.clone()), self.kind)
        })
    }
}

impl ServiceEntry {
    fn service(self) -> Service {
        match self {
            Self::In => Service::In,
            Self::Out { reason, graceful } => Service::Out {
                reason,
                graceful: graceful
                    .map(|seconds| (seconds > 0).then_some(Duration::from_secs(seconds.into()))),
            },
        }
    }
}

fn jitter(ms: Option<u32>) -> Option<PropertyParm<'static>> {
    ms.map(|ms| property("nt", "jit", ms.to_string()))
}

fn property(package: &'static str, item: &'static str, value: String) -> PropertyParm<'static> {
    PropertyParm {
        name: PackageItem::known(package, item),
        value: ParmValue::Equal(Value::bare(value)),
    }
}

#[cfg(test)]
mod example_tests;
#[cfg(test)]
mod tests;
