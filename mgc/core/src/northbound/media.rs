//! What the application sets of a Leg's media.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// By how many dB a Leg may be made louder.
pub const GAIN_DB: RangeInclusive<i8> = -40..=20;

/// What of a Leg's media is cut off, and how it is mixed. A party that offered one direction only is never opened
/// further than it offered.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct MediaSettings {
    /// Its Seg does not hear it.
    pub muted: bool,
    /// It does not hear its Seg.
    pub deaf: bool,
    /// Both at once, whatever the other two say.
    pub hold: bool,
    /// By how many dB it is made louder to the others; `None`: nobody has said.
    #[serde(default)]
    pub gain: Option<i8>,
    /// Whether it is told when its party talks.
    #[serde(default)]
    pub talking: bool,
}

/// What is to change of the settings; `None` leaves one as it is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct MediaChanges {
    /// Whether its Seg is not to hear it.
    pub muted: Option<bool>,
    /// Whether it is not to hear its Seg.
    pub deaf: Option<bool>,
    /// Whether it is held.
    pub hold: Option<bool>,
    /// By how many dB it is to be louder, of [`GAIN_DB`].
    pub gain: Option<i8>,
    /// Whether it is to be told when its party talks.
    pub talking: Option<bool>,
}

impl MediaSettings {
    /// The settings after a change.
    pub(crate) fn after(self, changes: MediaChanges) -> Self {
        Self {
            muted: changes.muted.unwrap_or(self.muted),
            deaf: changes.deaf.unwrap_or(self.deaf),
            hold: changes.hold.unwrap_or(self.hold),
            gain: changes.gain.or(self.gain),
            talking: changes.talking.unwrap_or(self.talking),
        }
    }
}

/// Something that is played to a party, which nobody else hears.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Play {
    /// What.
    pub sound: Sound,
    /// It ends after so many milliseconds at the latest; where absent, when the gateway says.
    pub duration_ms: Option<u32>,
    /// It is given up after so many milliseconds; where absent, after what the platform says.
    #[serde(default)]
    pub limit_ms: Option<u32>,
}

/// What is played.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Sound {
    /// A recorded announcement of the gateway (H.248.7, an/apf).
    Announcement {
        /// Its number.
        number: u32,
        /// How often; once where absent.
        cycles: Option<u16>,
    },
    /// What the operator has given a name, for each gateway in its own way.
    Named {
        /// The name.
        name: String,
        /// How often; as the operator says where absent.
        cycles: Option<u16>,
    },
    /// A signal with its parameters.
    Signal {
        /// The package.
        package: String,
        /// The signal.
        signal: String,
        /// The parameters, by name.
        parameters: Vec<(String, String)>,
    },
    /// A tone of a package, such as cg/dt.
    Tone {
        /// The package.
        package: String,
        /// The signal.
        signal: String,
    },
}

impl Sound {
    /// The same, so many times.
    pub(crate) fn repeated(self, times: Option<u16>) -> Self {
        match (self, times) {
            (Self::Announcement { number, .. }, Some(times)) => Self::Announcement {
                number,
                cycles: Some(times),
            },
            (
                Self::Signal {
                    package,
                    signal,
                    mut parameters,
                },
                Some(times),
            ) => {
                parameters.retain(|(name, _)| !name.eq_ignore_ascii_case(CYCLES));
                parameters.push((CYCLES.to_owned(), times.to_string()));
                Self::Signal {
                    package,
                    signal,
                    parameters,
                }
            }
            (other, _) => other,
        }
    }
}

/// The number of cycles of an announcement (H.248.7).
const CYCLES: &str = "noc";

/// What is recorded at a Leg.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The name of the file, which the gateway makes fit and unique.
    pub name: String,
    /// Whose voices.
    pub voices: Voices,
    /// It ends after so many milliseconds at the latest.
    pub limit_ms: Option<u32>,
}

/// Whose voices are recorded at a Leg.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Voices {
    /// What its party says.
    Own,
    /// What it hears.
    Others,
    /// Both: the whole room in which it is.
    All,
}

/// What a party's voice does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Talking {
    /// The party begins to talk.
    Began {
        /// How loud, in dBov, where the gateway says so.
        level: Option<i8>,
    },
    /// The party has ended.
    Ended {
        /// For how many milliseconds it has talked; `None` where the gateway did not say, or what it has to
        /// say will not come any more.
        duration_ms: Option<u32>,
    },
}

/// A recording that is complete.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// Its file at the gateway.
    pub file: String,
    /// How long it is, in milliseconds.
    pub duration_ms: u64,
}

/// Digits that are collected of a party.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Collect {
    /// What may be dialled: a digit map of H.248.1 7.1.14, in which `*` and `#` may stand for E
    /// and F, and several alternatives need no parentheses.
    pub map: String,
    /// Seconds until the first digit.
    pub start_s: Option<u8>,
    /// Seconds between digits where what is dialled already fits.
    pub short_s: Option<u8>,
    /// Seconds between digits where more must come.
    pub long_s: Option<u8>,
    /// They are given up after so many milliseconds; where absent, after what the platform says.
    #[serde(default)]
    pub limit_ms: Option<u32>,
}

/// How something that was played ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum PlayMethod {
    /// It was played to its end.
    TimeOut,
    /// Something that the party did ended it, such as a digit.
    Event,
}

/// Digits that were collected.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Digits {
    /// What was dialled, of 0 to 9, A to D, `*` and `#`.
    pub digits: String,
    /// How it fits the digit map.
    pub method: DigitsMethod,
}

/// How digits fit a digit map (H.248.1 7.1.14.5).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum DigitsMethod {
    /// One alternative fits, and none can fit with more digits.
    Unambiguous,
    /// None fits: the time ran out, or a digit came that fits none.
    Partial,
    /// One fits; others could have with more digits, which did not come in time.
    Full,
}
