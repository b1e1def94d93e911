//! The file of `--gateways`: what the operator says of each gateway.

use std::{
    collections::BTreeMap,
    num::{NonZeroU16, NonZeroU32},
    path::Path,
};

use codec_h248::EmptySignals;
use mgc_core::{
    GatewayProfile, GatewayProfiles,
    northbound::{GatewayId, Sound, Strategy},
};
use serde::Deserialize;
use transport_h248_tokio::{
    config_file::{self, ConfigFileError},
    mid::Mid,
};

/// Reads the file.
pub(crate) fn read(path: &Path) -> Result<GatewayProfiles, ConfigFileError> {
    config_file::read::<File>(path).map(|file| file.0)
}

/// The whole file, checked.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Text")]
struct File(GatewayProfiles);

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    /// Of the gateways that are not named, and of what is not said of those that are.
    #[serde(default)]
    default: Manners,
    #[serde(default)]
    gateway: Vec<Named>,
}

// serde knows the fields of a flattened struct only where unknown ones are let through, so that the
// name stands among the others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Named {
    mid: Mid,
    strategies: Option<Strategies>,
    weight: Option<NonZeroU32>,
    legs_max: Option<usize>,
    drained: Option<bool>,
    inactivity: Option<bool>,
    media_events: Option<bool>,
    #[serde(default)]
    announcements: BTreeMap<Title, Announcement>,
    topology: Option<bool>,
    empty_signals: Option<Spelling>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Manners {
    strategies: Option<Strategies>,
    weight: Option<NonZeroU32>,
    legs_max: Option<usize>,
    drained: Option<bool>,
    inactivity: Option<bool>,
    media_events: Option<bool>,
    #[serde(default)]
    announcements: BTreeMap<Title, Announcement>,
    topology: Option<bool>,
    empty_signals: Option<Spelling>,
}

/// How all signals are stopped in text: the grammars of the versions differ, and so do gateways.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Spelling {
    /// `Signals{}`
    Braces,
    /// `Signals`
    Bare,
}

impl From<Spelling> for EmptySignals {
    fn from(spelling: Spelling) -> Self {
        match spelling {
            Spelling::Braces => Self::Braces,
            Spelling::Bare => Self::Bare,
        }
    }
}

/// The name of an announcement.
#[derive(Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(try_from = "String")]
struct Title(String);

/// What is played under a name: `number` with `cycles`, or `signal` with `parameters`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "AnnouncementText")]
struct Announcement(Sound);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnnouncementText {
    number: Option<u32>,
    cycles: Option<NonZeroU16>,
    signal: Option<String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

/// At least one, each once.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<Name>")]
struct Strategies(Vec<Strategy>);

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Name(Strategy);

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // How a Call's Segs are kept apart is said by the Call, not by its gateway.
        let usual = |one: &Strategy| *one != Strategy::Topology;
        let usual = || Strategy::ALL.into_iter().filter(usual);
        let known = usual().find(|one| one.name() == text);
        known.map(Self).ok_or_else(|| {
            let names: Vec<_> = usual().map(Strategy::name).collect();
            let names = names.join("`, `");
            format!("`{text}` is no strategy; expected one of `{names}`")
        })
    }
}

impl TryFrom<String> for Title {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() || text.len() > TITLE_MAX {
            return Err(format!(
                "`{text}`: expected a name of 1 to {TITLE_MAX} octets"
            ));
        }
        Ok(Self(text))
    }
}

/// As many octets as the API takes.
const TITLE_MAX: usize = 64;

impl TryFrom<AnnouncementText> for Announcement {
    type Error = String;

    fn try_from(text: AnnouncementText) -> Result<Self, String> {
        let cycles = text.cycles.map(NonZeroU16::get);
        let sound = match (text.number, text.signal) {
            (Some(number), None) if text.parameters.is_empty() => {
                Sound::Announcement { number, cycles }
            }
            (None, Some(signal)) if cycles.is_none() => {
                let (package, signal) = signal_name(&signal)?;
                let parameters = text.parameters.into_iter();
                Sound::Signal {
                    package,
                    signal,
                    parameters: parameters.map(parameter).collect::<Result<_, String>>()?,
                }
            }
            _ => {
                let expected = "expected `number` and maybe `cycles`, or `signal` and maybe \
                                `parameters`";
                return Err(expected.to_owned());
            }
        };
        Ok(Self(sound))
    }
}

fn is_name(text: &str) -> bool {
    let plain = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'_';
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.len() <= TITLE_MAX
        && text.bytes().all(plain)
}

fn signal_name(text: &str) -> Result<(String, String), String> {
    match text.split_once('/') {
        Some((package, signal)) if is_name(package) && is_name(signal) => {
            Ok((package.to_owned(), signal.to_owned()))
        }
        Some(_) | None => Err(format!("`{text}`: expected package/signal, such as cg/dt")),
    }
}

fn parameter((name, value): (String, String)) -> Result<(String, String), String> {
    let fits = |sign: u8| (b' '..=b'~').contains(&sign) && sign != b'"';
    if is_name(&name) && value.bytes().all(fits) {
        Ok((name, value))
    } else {
        Err(format!(
            "parameter `{name}`: expected a name, and a text of ASCII without quotes"
        ))
    }
}

impl TryFrom<Vec<Name>> for Strategies {
    type Error = String;

    fn try_from(names: Vec<Name>) -> Result<Self, String> {
        let mut strategies = Vec::new();
        for Name(strategy) in names {
            if strategies.contains(&strategy) {
                return Err(format!("`{}` is named twice", strategy.name()));
            }
            strategies.push(strategy);
        }
        if strategies.is_empty() {
            return Err("expected at least one strategy".to_owned());
        }
        Ok(Self(strategies))
    }
}

impl TryFrom<Text> for File {
    type Error = String;

    fn try_from(text: Text) -> Result<Self, String> {
        let default = text.default.over(&GatewayProfile::default());
        let mut named = BTreeMap::new();
        for one in text.gateway {
            let id = GatewayId(one.mid.0.to_string());
            let profile = one.manners().over(&default);
            if named.insert(id.clone(), profile).is_some() {
                return Err(format!("gateway {id} is named twice"));
            }
        }
        Ok(Self(GatewayProfiles { named, default }))
    }
}

impl Named {
    fn manners(self) -> Manners {
        Manners {
            strategies: self.strategies,
            weight: self.weight,
            legs_max: self.legs_max,
            drained: self.drained,
            inactivity: self.inactivity,
            media_events: self.media_events,
            announcements: self.announcements,
            topology: self.topology,
            empty_signals: self.empty_signals,
        }
    }
}

impl Manners {
    fn over(self, other: &GatewayProfile) -> GatewayProfile {
        let strategies = self.strategies.map(|Strategies(some)| some);
        let mut announcements = other.announcements.clone();
        let own = self.announcements.into_iter();
        announcements.extend(own.map(|(Title(name), Announcement(sound))| (name, sound)));
        GatewayProfile {
            strategies: strategies.unwrap_or_else(|| other.strategies.clone()),
            weight: self.weight.unwrap_or(other.weight),
            legs_max: self.legs_max.or(other.legs_max),
            drained: self.drained.unwrap_or(other.drained),
            inactivity: self.inactivity.unwrap_or(other.inactivity),
            media_events: self.media_events.unwrap_or(other.media_events),
            announcements,
            topology: self.topology.unwrap_or(other.topology),
            empty_signals: self.empty_signals.map_or(other.empty_signals, Into::into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles(text: &str) -> Result<GatewayProfiles, String> {
        let file = toml::from_str::<File>(text);
        file.map(|file| file.0).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_not_said_of_a_gateway_is_that_of_the_default() {
        let profiles = profiles(
            "[default]\nlegs-max = 500\nstrategies = [\"move\"]\n\
             [[gateway]]\nmid = \"[192.0.2.1]:2944\"\nstrategies = [\"subtract-add\"]\n\
             weight = 3\ndrained = true\nmedia-events = true\ntopology = false\n\
             empty-signals = \"braces\"\n",
        )
        .unwrap();
        let one = profiles.of(&GatewayId("[192.0.2.1]:2944".to_owned()));
        assert_eq!(one.strategies, [Strategy::SubtractAdd]);
        assert_eq!((one.weight.get(), one.legs_max), (3, Some(500)));
        assert!(one.drained && one.inactivity && one.media_events && !one.topology);
        assert_eq!(one.empty_signals, EmptySignals::Braces);
        let other = profiles.of(&GatewayId("other".to_owned()));
        assert_eq!(other.strategies, [Strategy::Move]);
        assert!(!other.drained && other.topology);
        assert_eq!(other.empty_signals, EmptySignals::OfVersion);
    }

    #[test]
    fn announcements_are_those_of_the_default_unless_the_gateway_has_its_own() {
        let profiles = profiles(
            "[default.announcements]\nwelcome = { number = 1 }\nbye = { number = 2, cycles = 3 }\n\
             [[gateway]]\nmid = \"a\"\nannouncements.welcome = { signal = \"xal/bell\", \
             parameters = { how = \"loud\" } }\n",
        )
        .unwrap();
        let one = profiles.of(&GatewayId("a".to_owned()));
        let bell = Sound::Signal {
            package: "xal".to_owned(),
            signal: "bell".to_owned(),
            parameters: vec![("how".to_owned(), "loud".to_owned())],
        };
        let bye = Sound::Announcement {
            number: 2,
            cycles: Some(3),
        };
        assert_eq!(one.announcements["welcome"], bell);
        assert_eq!(one.announcements["bye"], bye);
        assert_eq!(profiles.default.announcements.len(), 2);
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_was_expected() {
        let wrong = [
            ("[default]\nweight = 0\n", "expected a nonzero u32"),
            (
                "[default]\nstrategies = [\"fly\"]\n",
                "`fly` is no strategy; expected one of `two-step`, `move`, `subtract-add`",
            ),
            (
                "[default]\nstrategies = [\"topology\"]\n",
                "`topology` is no strategy; expected one of `two-step`, `move`, `subtract-add`",
            ),
            (
                "[default]\nstrategies = []\n",
                "expected at least one strategy",
            ),
            (
                "[default]\nstrategies = [\"move\", \"move\"]\n",
                "`move` is named twice",
            ),
            (
                "[[gateway]]\nmid = \"a\"\n[[gateway]]\nmid = \"a\"\n",
                "gateway a is named twice",
            ),
            (
                "[[gateway]]\nmid = \"[192.0.2.1\"\n",
                "expected [IP]:PORT, <DOMAIN>:PORT or a device name",
            ),
            (
                "[default.announcements]\nx = { number = 1, signal = \"cg/dt\" }\n",
                "expected `number` and maybe `cycles`, or `signal` and maybe `parameters`",
            ),
            (
                "[default.announcements]\nx = { signal = \"dialtone\" }\n",
                "`dialtone`: expected package/signal, such as cg/dt",
            ),
            (
                "[default]\nempty-signals = \"none\"\n",
                "unknown variant `none`, expected `braces` or `bare`",
            ),
            (
                "[[gateway]]\nmid = \"a\"\nwidth = 1\n",
                "unknown field `width`",
            ),
        ];
        for (text, expected) in wrong {
            let told = profiles(text).unwrap_err();
            assert!(told.contains(expected), "{told}");
        }
    }
}
