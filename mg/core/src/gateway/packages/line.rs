//! Analog lines and continuity tests (H.248.1 E.9, E.10).

use std::time::Duration;

use codec_h248::descriptor::SignalType;

use super::{Owner, TERMINATIONS, sounds::CONTINUITY, table::*};

const STRICT: Possible = Possible::Word(&["exact", "state", "failWrong"]);
/// Times of a hook flash, in milliseconds.
const FLASH_MS: Possible = Possible::Number(0, 10_000);
/// How long a line rings where nobody says (project).
const RING: Duration = Duration::from_secs(180);
/// How long the tone of a continuity test is waited for where nobody says (project; Q.724: 2 s).
const CONTINUITY_TIME: Duration = Duration::from_secs(2);

/// Analog line supervision.
pub(super) const AL: Package = Package {
    name: "al",
    owners: &[Owner::Analog],
    events: &[
        event_with("on", &[may("strict", STRICT)]),
        event_with("of", &[may("strict", STRICT)]),
        event_with("fl", &[may("mindur", FLASH_MS), may("maxdur", FLASH_MS)]),
    ],
    signals: &[Signal {
        name: "ri",
        ends: SignalType::TimeOut,
        time: Some(RING),
        plays: Plays::Silence,
        parameters: &[
            may("cad", Possible::Numbers(0, 60_000)),
            may("freq", Possible::Number(15, 70)),
        ],
    }],
    ..NOTHING
};

/// Basic continuity.
pub(super) const CT: Package = Package {
    name: "ct",
    owners: TERMINATIONS,
    events: &[event("cmp")],
    signals: &[
        Signal {
            name: "ct",
            ends: SignalType::TimeOut,
            time: Some(CONTINUITY_TIME),
            plays: Plays::Tone(&CONTINUITY),
            parameters: &[],
        },
        Signal {
            name: "rsp",
            ends: SignalType::OnOff,
            time: None,
            plays: Plays::Loop,
            parameters: &[],
        },
    ],
    ..NOTHING
};
