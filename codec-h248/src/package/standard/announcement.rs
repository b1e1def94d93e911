//! Generic announcement (H.248.7) and dynamic tone definition (H.248.6).

use super::row::*;
use crate::package::{PackageDefinition, ParameterDefinition};

const NAME: ParameterDefinition = parameter("an", 0x0001, one(Integer));
const CYCLES: ParameterDefinition = parameter("noc", 0x0002, one(Integer));
const VARIANT: ParameterDefinition = parameter("av", 0x0003, one(String));

/// Generic announcement.
pub(super) const AN: PackageDefinition = package(
    "an",
    0x001D,
    1,
    items![
        signal(
            "apf",
            0x0001,
            TimeOut,
            parameters![NAME, CYCLES, VARIANT, parameter("di", 0x0004, DIRECTION)],
        ),
        signal(
            "apv",
            0x0002,
            TimeOut,
            parameters![
                NAME,
                CYCLES,
                VARIANT,
                parameter("num", 0x0004, one(Integer)),
                parameter("spi", 0x0005, one(Integer)),
                parameter("sp", 0x0006, list(String)),
                parameter("di", 0x0007, DIRECTION),
            ],
        ),
    ],
);

/// Dynamic tone definition.
pub(super) const DTD: PackageDefinition = package(
    "dtd",
    0x001C,
    1,
    items![
        property("tid", 0x0001, one(String), TerminationState, ReadWrite),
        property("tst", 0x0002, one(String), TerminationState, ReadWrite),
    ],
);
