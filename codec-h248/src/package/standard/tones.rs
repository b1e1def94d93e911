//! Tone generator and tone detection, which are only extended (H.248.1 E.3, E.4).

use super::row::*;
use crate::package::{PackageDefinition, ParameterDefinition};

/// The direction of a tone (version 2 of the packages).
pub(super) const TONE_DIRECTION: ParameterDefinition = parameter("btd", 0x0001, DIRECTION);

const TONE_LIST: ParameterDefinition = parameter("tl", 0x0001, list(ToneId));
const DURATION: ParameterDefinition = parameter("dur", 0x0002, one(Integer));
const TONE: ParameterDefinition = parameter("tid", 0x0003, one(ToneId));

/// Tone generator; times are in milliseconds.
pub(super) const TONEGEN: PackageDefinition = package(
    "tonegen",
    0x0003,
    2,
    items![signal(
        "pt",
        0x0001,
        Brief,
        parameters![
            TONE_LIST,
            parameter("ind", 0x0002, one(Integer)),
            parameter("btd", 0x0003, DIRECTION),
        ],
    )],
);

/// Tone detection; times are in milliseconds.
pub(super) const TONEDET: PackageDefinition = package(
    "tonedet",
    0x0004,
    1,
    items![
        event("std", 0x0001, parameters![TONE_LIST], parameters![TONE]),
        event(
            "etd",
            0x0002,
            parameters![TONE_LIST],
            parameters![TONE, DURATION],
        ),
        event(
            "ltd",
            0x0003,
            parameters![TONE_LIST, DURATION],
            parameters![TONE],
        ),
    ],
);
