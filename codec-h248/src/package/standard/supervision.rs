//! Supervision and load (H.248.1 E.14 and E.15, H.248.10, .11, .14, .36, .45).

use super::row::*;
use crate::package::{ItemDefinition, PackageDefinition};

/// Media gateway resource congestion handling: the percentage of load to block, 0 at its end.
pub(super) const CHP: PackageDefinition = package(
    "chp",
    0x0029,
    1,
    items![event(
        "mgcon",
        0x0001,
        &[],
        parameters![parameter("reduction", 0x0001, within(Integer, 0, 100))],
    )],
);

/// Inactivity timer: the longest silence of the controller, in units of 10 ms.
pub(super) const IT: PackageDefinition = package(
    "it",
    0x0045,
    1,
    items![event(
        "ito",
        0x0001,
        parameters![parameter("mit", 0x0001, one(Integer))],
        &[],
    )],
);

/// Media gateway overload control.
pub(super) const OCP: PackageDefinition = package(
    "ocp",
    0x0051,
    1,
    items![event("mg_overload", 0x0001, &[], &[])],
);

/// Hanging Termination.
pub(super) const HANGTERM: PackageDefinition = package(
    "hangterm",
    0x0098,
    1,
    items![event(
        "thb",
        0x0001,
        parameters![parameter("timerx", 0x0001, one(Integer))],
        &[],
    )],
);

/// Notification behaviour: the percentage of regulated notifications that are sent.
pub(super) const NB: PackageDefinition = package(
    "nb",
    0x009A,
    1,
    items![property(
        "notreg",
        0x0001,
        within(Integer, 0, 100),
        TerminationState,
        ReadWrite,
    )],
);

/// MGC information.
pub(super) const MGCINFO: PackageDefinition = package(
    "mgcinfo",
    0x00A0,
    1,
    items![property(
        "db",
        0x0001,
        one(OctetString),
        TerminationState,
        ReadWrite,
    )],
);

const fn segmentation(name: &'static str, id: u16) -> ItemDefinition {
    property(name, id, one(Integer), TerminationState, ReadWrite)
}

/// Segmentation; timers are in milliseconds, sizes in octets.
pub(super) const SEG: PackageDefinition = package(
    "seg",
    0x00A3,
    1,
    items![
        segmentation("MGSegmentationTimerValue", 0x0001),
        segmentation("MGCSegmentationTimerValue", 0x0002),
        segmentation("MGMaxPDUSize", 0x0003),
        segmentation("MGCMaxPDUSize", 0x0004),
    ],
);
