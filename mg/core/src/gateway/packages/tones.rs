//! Generators and detectors of tones (H.248.1 E.3 to E.8).

use std::time::Duration;

use codec_h248::descriptor::SignalType;

use super::{
    TERMINATIONS,
    sounds::{CALL_PROGRESS, DIGITS, ToneOf},
    table::*,
};

/// The longest pause between the tones of a list, and the longest that a long tone is waited for:
/// more than anybody listens to.
const TIME_MS: Possible = Possible::Number(0, 60_000);
/// How long a call progress tone lasts where nobody says (project): the longest that a caller is let
/// listen.
const TONE: Duration = Duration::from_secs(180);

/// Tone generator. It is made to be extended (E.3); here it takes the tones of dg and of cg.
pub(super) const TONEGEN: Package = Package {
    name: "tonegen",
    version: 2,
    base_only: true,
    owners: TERMINATIONS,
    signals: &[Signal {
        name: "pt",
        ends: SignalType::Brief,
        time: None,
        plays: Plays::ToneList,
        parameters: &[
            must("tl", Possible::Tones),
            may("ind", TIME_MS),
            may("btd", DIRECTION),
        ],
    }],
    ..NOTHING
};

/// Tone detection. It is made to be extended (E.4); here it takes the tones of dd and of cd.
pub(super) const TONEDET: Package = Package {
    name: "tonedet",
    base_only: true,
    owners: TERMINATIONS,
    events: &[
        event_with("std", &[may("tl", Possible::AnyTones)]),
        event_with("etd", &[may("tl", Possible::AnyTones)]),
        event_with("ltd", &[may("tl", Possible::AnyTones), may("dur", TIME_MS)]),
    ],
    ..NOTHING
};

/// The parameter of every tone (version 2 of the packages).
const TOWARDS: &[Parameter] = &[may("btd", DIRECTION)];

const fn digit(tone: &'static ToneOf) -> Signal {
    Signal {
        name: tone.name,
        ends: SignalType::Brief,
        time: None,
        plays: Plays::Tone(tone),
        parameters: TOWARDS,
    }
}

/// DTMF generator.
pub(super) const DG: Package = Package {
    name: "dg",
    version: 2,
    base: Some("tonegen"),
    owners: TERMINATIONS,
    signals: &[
        digit(&DIGITS[0]),
        digit(&DIGITS[1]),
        digit(&DIGITS[2]),
        digit(&DIGITS[3]),
        digit(&DIGITS[4]),
        digit(&DIGITS[5]),
        digit(&DIGITS[6]),
        digit(&DIGITS[7]),
        digit(&DIGITS[8]),
        digit(&DIGITS[9]),
        digit(&DIGITS[10]),
        digit(&DIGITS[11]),
        digit(&DIGITS[12]),
        digit(&DIGITS[13]),
        digit(&DIGITS[14]),
        digit(&DIGITS[15]),
    ],
    ..NOTHING
};

/// DTMF detection.
pub(super) const DD: Package = Package {
    name: "dd",
    base: Some("tonedet"),
    owners: TERMINATIONS,
    events: &[
        event("ce"),
        event("d0"),
        event("d1"),
        event("d2"),
        event("d3"),
        event("d4"),
        event("d5"),
        event("d6"),
        event("d7"),
        event("d8"),
        event("d9"),
        event("da"),
        event("db"),
        event("dc"),
        event("dd"),
        event("ds"),
        event("do"),
    ],
    ..NOTHING
};

const fn tone(tone: &'static ToneOf) -> Signal {
    Signal {
        name: tone.name,
        ends: SignalType::TimeOut,
        time: Some(TONE),
        plays: Plays::Tone(tone),
        parameters: TOWARDS,
    }
}

/// Call progress tones generator.
pub(super) const CG: Package = Package {
    name: "cg",
    version: 2,
    base: Some("tonegen"),
    owners: TERMINATIONS,
    signals: &[
        tone(&CALL_PROGRESS[0]),
        tone(&CALL_PROGRESS[1]),
        tone(&CALL_PROGRESS[2]),
        tone(&CALL_PROGRESS[3]),
        tone(&CALL_PROGRESS[4]),
        tone(&CALL_PROGRESS[5]),
        tone(&CALL_PROGRESS[6]),
        tone(&CALL_PROGRESS[7]),
        tone(&CALL_PROGRESS[8]),
    ],
    ..NOTHING
};

/// Call progress tones detection.
pub(super) const CD: Package = Package {
    name: "cd",
    base: Some("tonedet"),
    owners: TERMINATIONS,
    events: &[
        event("dt"),
        event("rt"),
        event("bt"),
        event("ct"),
        event("sit"),
        event("wt"),
        event("prt"),
        event("cw"),
        event("cr"),
    ],
    ..NOTHING
};
