//! Analog line supervision and basic continuity (H.248.1 E.9, E.10).

use super::row::*;
use crate::package::{ItemDefinition, PackageDefinition, ValueForm};

const STRICT: ValueForm = one(one_of![exact 0x0000, state 0x0001, failWrong 0x0002]);
const RESULT: ValueForm = one(one_of![success 0x0001, failure 0x0000]);

const fn hook(name: &'static str, id: u16) -> ItemDefinition {
    event(
        name,
        id,
        parameters![parameter("strict", 0x0001, STRICT)],
        parameters![parameter("init", 0x0002, one(Boolean))],
    )
}

/// Analog line supervision; times are in milliseconds, frequencies in hertz.
pub(super) const AL: PackageDefinition = package(
    "al",
    0x0009,
    1,
    items![
        hook("on", 0x0004),
        hook("of", 0x0005),
        event(
            "fl",
            0x0006,
            parameters![
                parameter("mindur", 0x0004, one(Integer)),
                parameter("maxdur", 0x0005, one(Integer)),
            ],
            &[],
        ),
        signal(
            "ri",
            0x0002,
            TimeOut,
            parameters![
                parameter("cad", 0x0006, list(Integer)),
                parameter("freq", 0x0007, one(Integer)),
            ],
        ),
    ],
);

/// Basic continuity.
pub(super) const CT: PackageDefinition = package(
    "ct",
    0x000A,
    1,
    items![
        event(
            "cmp",
            0x0005,
            &[],
            parameters![parameter("res", 0x0008, RESULT)],
        ),
        signal("ct", 0x0003, TimeOut, &[]),
        signal("rsp", 0x0004, OnOff, &[]),
    ],
);
