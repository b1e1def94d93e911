//! Network, RTP and TDM circuit (H.248.1 E.11 to E.13).

use super::row::*;
use crate::package::{PackageDefinition, ParameterDefinition};

const THRESHOLD: ParameterDefinition = parameter("th", 0x0001, within(Integer, 0, 99));

/// Network; times are in milliseconds, the threshold in percent.
pub(super) const NT: PackageDefinition = package(
    "nt",
    0x000B,
    1,
    items![
        property("jit", 0x0007, one(Integer), LocalControl, ReadWrite),
        event(
            "netfail",
            0x0005,
            &[],
            parameters![parameter("cs", 0x0001, one(String))],
        ),
        event(
            "qualert",
            0x0006,
            parameters![THRESHOLD],
            parameters![THRESHOLD],
        ),
        statistic("dur", 0x0001, one(Double)),
        statistic("os", 0x0002, one(Double)),
        statistic("or", 0x0003, one(Double)),
    ],
);

/// RTP. `pl` is in percent, 32 bits before the point and 32 behind; `jit` and `delay` are in
/// units of the RTP time stamp.
pub(super) const RTP: PackageDefinition = extension(
    "nt",
    "rtp",
    0x000C,
    1,
    items![
        event(
            "pltrans",
            0x0001,
            &[],
            parameters![parameter("rtppltype", 0x0001, list(String))],
        ),
        statistic("ps", 0x0004, one(Double)),
        statistic("pr", 0x0005, one(Double)),
        statistic("pl", 0x0006, one(Double)),
        statistic("jit", 0x0007, one(Double)),
        statistic("delay", 0x0008, one(Double)),
    ],
);

/// TDM circuit. `gain` is in decibels; 0xFFFFFFFF is automatic.
pub(super) const TDMC: PackageDefinition = extension(
    "nt",
    "tdmc",
    0x000D,
    1,
    items![
        property("ec", 0x0008, one(Boolean), LocalControl, ReadWrite),
        property("gain", 0x000A, one(Integer), LocalControl, ReadWrite),
    ],
);
