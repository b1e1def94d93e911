//! The project's own package for conferences: what a mixer can do and no package of a Recommendation
//! says (project).

use super::row::*;
use crate::package::PackageDefinition;

/// Gain and talkers. `gain` is in dB; `lvl` is in -dBov (RFC 6464 3), `dur` in milliseconds.
pub(super) const ZCONFMIX: PackageDefinition = package(
    "zconfmix",
    0xFF01,
    1,
    items![
        property("gain", 0x0001, one(Integer), LocalControl, ReadWrite),
        event(
            "talk",
            0x0001,
            &[],
            parameters![
                parameter("on", 0x0001, one(Boolean)),
                parameter("lvl", 0x0002, one(Integer)),
                parameter("dur", 0x0003, one(Integer)),
            ],
        ),
    ],
);
