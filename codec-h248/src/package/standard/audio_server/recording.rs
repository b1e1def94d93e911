//! Recording.

use super::{super::row::*, AUDIO_FAILURE, number, text};
use crate::package::{ItemDefinition, PackageDefinition};

/// Plays announcements and records. `maxtrl` is in seconds, the timers of `playrec` are in units
/// of 100 ms, `reclen` is in octets.
pub(in super::super) const AASREC: PackageDefinition = extension(
    "aasb",
    "aasrec",
    0x0035,
    3,
    items![
        property("maxtrl", 0x0003, one(Integer), TerminationState, ReadWrite),
        PLAY_RECORD,
        signal("makepers", 0x0003, Brief, parameters![text("rid", 0x0001)]),
        AUDIO_FAILURE,
        event(
            "precsucc",
            0x0002,
            &[],
            parameters![
                number("ap", 0x0001),
                number("na", 0x0002),
                text("res", 0x0003),
                text("ri", 0x0004),
                number("rdur", 0x0005),
                text("ek", 0x0006),
                number("reclen", 0x0007),
                text("contdc", 0x0008),
            ],
        ),
    ],
);

pub(super) const PLAY_RECORD: ItemDefinition = signal(
    "playrec",
    0x0002,
    Brief,
    parameters![
        text("ip", 0x0001),
        text("ns", 0x0002),
        text("sa", 0x0003),
        text("fa", 0x0004),
        number("mxatt", 0x0005),
        number("prt", 0x0006),
        number("pst", 0x0007),
        number("rlt", 0x0008),
        text("rid", 0x0009),
        number("sp", 0x000A),
        number("vl", 0x000B),
        number("off", 0x000C),
        text("rsk", 0x000D),
        text("rik", 0x000E),
        text("rtk", 0x000F),
        text("eik", 0x0010),
        parameter("rd", 0x0011, DIRECTION),
        number("absvl", 0x0012),
        text("sm", 0x0013),
        number("skint", 0x0014),
        text("ffk", 0x0015),
        text("rwk", 0x0016),
        number("volint", 0x0017),
        text("volup", 0x0018),
        text("voldwn", 0x0019),
        number("spdint", 0x001A),
        text("spdup", 0x001B),
        text("spddwn", 0x001C),
        number("pseint", 0x001D),
        text("pse", 0x001E),
        text("rsm", 0x001F),
        text("pstart", 0x0020),
        text("pend", 0x0021),
        text("extkey", 0x0022),
    ],
);
