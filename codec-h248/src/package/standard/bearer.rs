//! Bearers, and basic call progress tones with directionality (Q.1950 Annex A).

use super::{row::*, tones::TONE_DIRECTION};
use crate::package::{ItemDefinition, PackageDefinition};

/// Bearer characteristics.
pub(super) const BCP: PackageDefinition = package(
    "bcp",
    0x001E,
    1,
    items![property(
        "BNCChar",
        0x0001,
        one(Integer),
        LocalControl,
        ReadWrite
    )],
);

/// Generic bearer connection.
pub(super) const GB: PackageDefinition = package(
    "gb",
    0x0021,
    1,
    items![
        event("BNCChange", 0x0001, &[], &[]),
        signal("EstBNC", 0x0001, Brief, &[]),
        signal("ModBNC", 0x0002, Brief, &[]),
        signal("RelBNC", 0x0003, Brief, &[]),
    ],
);

const fn tone(name: &'static str, id: u16) -> ItemDefinition {
    signal(name, id, TimeOut, parameters![TONE_DIRECTION])
}

/// Basic call progress tones with directionality.
pub(super) const BCG: PackageDefinition = extension(
    "tonegen",
    "bcg",
    0x0023,
    1,
    items![
        tone("bdt", 0x0040),
        tone("brt", 0x0041),
        tone("bbt", 0x0042),
        tone("bct", 0x0043),
        tone("bsit", 0x0044),
        tone("bwt", 0x0045),
        tone("bpt", 0x0046),
        tone("bcw", 0x0047),
        tone("bcr", 0x0048),
        tone("bpy", 0x0049),
    ],
);
