//! DTMF generator and DTMF detection (H.248.1 E.5, E.6), and enhanced DTMF detection (H.248.16).

use super::{row::*, tones::TONE_DIRECTION};
use crate::package::{ItemDefinition, PackageDefinition, ValueForm};

const METHOD: ValueForm = one(one_of![UM 0x0001, PM 0x0002, FM 0x0003]);

const fn sent(name: &'static str, id: u16) -> ItemDefinition {
    signal(name, id, Brief, parameters![TONE_DIRECTION])
}

const fn detected(name: &'static str, id: u16) -> ItemDefinition {
    event(name, id, &[], &[])
}

/// DTMF generator.
pub(super) const DG: PackageDefinition = extension(
    "tonegen",
    "dg",
    0x0005,
    2,
    items![
        sent("d0", 0x0010),
        sent("d1", 0x0011),
        sent("d2", 0x0012),
        sent("d3", 0x0013),
        sent("d4", 0x0014),
        sent("d5", 0x0015),
        sent("d6", 0x0016),
        sent("d7", 0x0017),
        sent("d8", 0x0018),
        sent("d9", 0x0019),
        sent("da", 0x001A),
        sent("db", 0x001B),
        sent("dc", 0x001C),
        sent("dd", 0x001D),
        sent("ds", 0x0020),
        sent("do", 0x0021),
    ],
);

/// DTMF detection.
pub(super) const DD: PackageDefinition = extension(
    "tonedet",
    "dd",
    0x0006,
    1,
    items![
        event(
            "ce",
            0x0004,
            &[],
            parameters![
                parameter("ds", 0x0001, one(String)),
                parameter("Meth", 0x0003, METHOD),
            ],
        ),
        detected("d0", 0x0010),
        detected("d1", 0x0011),
        detected("d2", 0x0012),
        detected("d3", 0x0013),
        detected("d4", 0x0014),
        detected("d5", 0x0015),
        detected("d6", 0x0016),
        detected("d7", 0x0017),
        detected("d8", 0x0018),
        detected("d9", 0x0019),
        detected("da", 0x001A),
        detected("db", 0x001B),
        detected("dc", 0x001C),
        detected("dd", 0x001D),
        detected("ds", 0x0020),
        detected("do", 0x0021),
    ],
);

/// Enhanced DTMF detection.
pub(super) const EDTMF: PackageDefinition = extension(
    "dd",
    "edtmf",
    0x0100,
    1,
    items![
        event(
            "ce",
            0x0004,
            &[],
            parameters![
                parameter("ds", 0x0001, one(String)),
                parameter("Meth", 0x0002, METHOD),
                parameter("type", 0x0003, one(String)),
            ],
        ),
        event("extkey", 0x0002, &[], &[]),
    ],
);
