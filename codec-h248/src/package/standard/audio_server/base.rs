//! Advanced audio server base.

use super::{super::row::*, AUDIO_FAILURE, number, text};
use crate::package::PackageDefinition;

/// Plays announcements.
pub(in super::super) const AASB: PackageDefinition = package(
    "aasb",
    0x0033,
    3,
    items![
        signal(
            "play",
            0x0001,
            Brief,
            parameters![
                text("an", 0x0001),
                number("it", 0x0002),
                number("iv", 0x0003),
                number("sp", 0x0004),
                number("vl", 0x0005),
                parameter("di", 0x0006, DIRECTION),
                number("off", 0x0009),
                number("absvl", 0x000A),
            ],
        ),
        AUDIO_FAILURE,
        event(
            "playcom",
            0x0012,
            &[],
            parameters![number("ap", 0x0001), number("off", 0x0002)],
        ),
    ],
);
