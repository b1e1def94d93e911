//! Digit collection.

use super::{super::row::*, AUDIO_FAILURE, flag, number, text};
use crate::package::{ItemDefinition, PackageDefinition};

/// Plays announcements and collects digits.
pub(in super::super) const AASDC: PackageDefinition = extension(
    "aasb",
    "aasdc",
    0x0034,
    3,
    items![
        PLAY_COLLECT,
        AUDIO_FAILURE,
        event(
            "pcolsucc",
            0x0002,
            &[],
            parameters![
                text("dc", 0x0001),
                number("na", 0x0002),
                number("ap", 0x0003),
                text("contdc", 0x0004),
            ],
        ),
    ],
);

const PLAY_COLLECT: ItemDefinition = signal(
    "playcol",
    0x0002,
    Brief,
    parameters![
        text("ip", 0x0001),
        text("rp", 0x0002),
        text("nd", 0x0003),
        text("sa", 0x0004),
        text("fa", 0x0005),
        flag("ni", 0x0006),
        flag("kdg", 0x0007),
        flag("cb", 0x0008),
        number("mxatt", 0x0009),
        text("dm", 0x000A),
        number("sp", 0x000B),
        number("vl", 0x000C),
        number("off", 0x000D),
        text("rsk", 0x000E),
        text("rik", 0x000F),
        text("rtk", 0x0010),
        number("it", 0x0011),
        number("iv", 0x0012),
        text("eik", 0x0013),
        flag("iek", 0x0014),
        flag("vi", 0x0015),
        text("vc", 0x0016),
        number("ipt", 0x0017),
        number("absvl", 0x0018),
        number("skint", 0x0019),
        text("ffk", 0x001A),
        text("rwk", 0x001B),
        flag("mkdt", 0x001C),
        number("volint", 0x001D),
        text("volup", 0x001E),
        text("voldwn", 0x001F),
        number("spdint", 0x0020),
        text("spdup", 0x0021),
        text("spddwn", 0x0022),
        number("pseint", 0x0023),
        text("pse", 0x0024),
        text("rsm", 0x0025),
        text("pstart", 0x0026),
        text("pend", 0x0027),
        text("extkey", 0x0028),
    ],
);
