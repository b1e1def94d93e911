//! Call progress tones generator and detection (H.248.1 E.7, E.8).

use super::{row::*, tones::TONE_DIRECTION};
use crate::package::{ItemDefinition, PackageDefinition};

const fn played(name: &'static str, id: u16) -> ItemDefinition {
    signal(name, id, TimeOut, parameters![TONE_DIRECTION])
}

const fn detected(name: &'static str, id: u16) -> ItemDefinition {
    event(name, id, &[], &[])
}

/// Call progress tones generator.
pub(super) const CG: PackageDefinition = extension(
    "tonegen",
    "cg",
    0x0007,
    2,
    items![
        played("dt", 0x0030),
        played("rt", 0x0031),
        played("bt", 0x0032),
        played("ct", 0x0033),
        played("sit", 0x0034),
        played("wt", 0x0035),
        played("prt", 0x0036),
        played("cw", 0x0037),
        played("cr", 0x0038),
    ],
);

/// Call progress tones detection.
pub(super) const CD: PackageDefinition = extension(
    "tonedet",
    "cd",
    0x0008,
    1,
    items![
        detected("dt", 0x0030),
        detected("rt", 0x0031),
        detected("bt", 0x0032),
        detected("ct", 0x0033),
        detected("sit", 0x0034),
        detected("wt", 0x0035),
        detected("prt", 0x0036),
        detected("cw", 0x0037),
        detected("cr", 0x0038),
    ],
);
