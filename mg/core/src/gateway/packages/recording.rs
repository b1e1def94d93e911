//! Recordings (H.248.9), and what of the audio server's base they are made with.

use std::time::Duration;

use codec_h248::descriptor::{NamedParameter, Signal as Asked, SignalType};
use mg_contract::Sound;

use super::{
    TERMINATIONS,
    table::*,
    values::{number, word},
};
use crate::CommandError;

/// What no announcement here has, and no recording: volume, speed, keys.
const NUMBER: Possible = Possible::Number(-2_147_483_648, 2_147_483_647);
/// How often an announcement is played.
const CYCLES: Possible = Possible::Number(1, 1_000);
/// A time in units of 100 ms: up to a day.
const TENTHS: Possible = Possible::Number(1, 864_000);
/// The longest recording, and how long one is that nobody bounds or stops (project).
const LONGEST: Duration = Duration::from_secs(86_400);
/// The parameters of a recording that are carried out.
const RECORDS: [&str; 5] = ["ip", "sa", "rlt", "rid", "rd"];
/// Those of an announcement.
const PLAYS: [&str; 3] = ["an", "it", "di"];

/// The base, which is only there to be extended.
pub(super) const AASB: Package = Package {
    name: "aasb",
    version: 3,
    base_only: true,
    events: &[event("audfail"), event("playcom")],
    signals: &[Signal {
        name: "play",
        ends: SignalType::Brief,
        time: None,
        plays: Plays::Segment,
        parameters: &[
            must("an", Possible::Text),
            may("it", CYCLES),
            may("iv", NUMBER),
            may("sp", NUMBER),
            may("vl", NUMBER),
            may("di", DIRECTION),
            may("off", NUMBER),
            may("absvl", NUMBER),
        ],
    }],
    ..NOTHING
};

/// Recording.
pub(super) const AASREC: Package = Package {
    name: "aasrec",
    version: 3,
    base: Some("aasb"),
    owners: TERMINATIONS,
    events: &[event("audfail"), event("precsucc")],
    properties: &[Property {
        name: "maxtrl",
        of_stream: false,
        possible: Possible::Number(0, 2_147_483_647),
        default: "0",
    }],
    signals: &[
        Signal {
            name: "playrec",
            ends: SignalType::Brief,
            time: None,
            plays: Plays::Record,
            parameters: &[
                may("ip", Possible::Text),
                may("ns", Possible::Text),
                may("sa", Possible::Text),
                may("fa", Possible::Text),
                may("mxatt", NUMBER),
                may("prt", TENTHS),
                may("pst", TENTHS),
                may("rlt", TENTHS),
                may("rid", Possible::Text),
                may("sp", NUMBER),
                may("vl", NUMBER),
                may("off", NUMBER),
                may("rsk", Possible::Text),
                may("rik", Possible::Text),
                may("rtk", Possible::Text),
                may("eik", Possible::Text),
                may("rd", DIRECTION),
                may("absvl", NUMBER),
                may("sm", Possible::Text),
                may("skint", NUMBER),
                may("ffk", Possible::Text),
                may("rwk", Possible::Text),
                may("volint", NUMBER),
                may("volup", Possible::Text),
                may("voldwn", Possible::Text),
                may("spdint", NUMBER),
                may("spdup", Possible::Text),
                may("spddwn", Possible::Text),
                may("pseint", NUMBER),
                may("pse", Possible::Text),
                may("rsm", Possible::Text),
                may("pstart", Possible::Text),
                may("pend", Possible::Text),
                may("extkey", Possible::Text),
            ],
        },
        Signal {
            name: "makepers",
            ends: SignalType::Brief,
            time: None,
            plays: Plays::Nothing,
            parameters: &[may("rid", Possible::Text)],
        },
    ],
    ..NOTHING
};

/// Refuses the parameters of a signal that nothing here carries out.
pub(super) fn check(known: &Signal, asked: &Asked<'_>) -> Result<(), CommandError> {
    let carried_out: &[&str] = match known.plays {
        Plays::Record => &RECORDS,
        Plays::Segment => &PLAYS,
        Plays::Tone(_)
        | Plays::ToneList
        | Plays::Announcement
        | Plays::Silence
        | Plays::Loop
        | Plays::Nothing => return Ok(()),
    };
    let mut given = asked.parameters.iter();
    if given.any(|one| !carried_out.iter().any(|name| one.name.is(name))) {
        return Err(CommandError::NotImplemented(
            "of playrec: ip, sa, rlt, rid, rd; of play: an, it, di",
        ));
    }
    Ok(())
}

/// The announcements that a signal names, `<sid=5>` or `5`, each as text or number.
pub(super) fn segments<'a>(
    asked: &'a Asked<'_>,
) -> impl Iterator<Item = (&'a str, Option<u32>)> + use<'a> {
    let names = ["ip", "sa", "an"].into_iter();
    let texts = names.filter_map(|name| word(&asked.parameters, name));
    texts.map(|text| (text, segment(text)))
}

/// What is played once, and recorded: a prompt, the recording, a word of thanks.
pub(super) fn record(parameters: &[NamedParameter<'_>], duck: u8) -> Vec<Sound> {
    let prompt = |name| {
        word(parameters, name)
            .and_then(segment)
            .map(|number| (number, 1))
    };
    let time = number(parameters, "rlt").map(|tenths| Duration::from_millis(100) * tenths);
    let record = Sound::Record {
        name: word(parameters, "rid").unwrap_or_default().to_owned(),
        time: time.unwrap_or(LONGEST).min(LONGEST),
    };
    let play = |(number, cycles)| Sound::Announcement {
        number,
        cycles: Some(cycles),
        duck,
    };
    let before = prompt("ip").map(play).into_iter();
    before
        .chain([record])
        .chain(prompt("sa").map(play))
        .collect()
}

/// The announcement that is played, so often.
pub(super) fn play(parameters: &[NamedParameter<'_>], duck: u8) -> Sound {
    Sound::Announcement {
        number: word(parameters, "an").and_then(segment).unwrap_or_default(),
        cycles: Some(number(parameters, "it").unwrap_or(1)),
        duck,
    }
}

fn segment(text: &str) -> Option<u32> {
    let text = text.trim();
    let inner = text
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'));
    let name = match inner {
        Some(inner) => inner.trim().strip_prefix("sid=")?,
        None => text,
    };
    name.trim().parse().ok()
}
