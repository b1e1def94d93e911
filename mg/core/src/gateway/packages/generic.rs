//! Generic, and ROOT's packages (H.248.1 E.1, E.2, E.14, E.15, H.248.14).

use super::{Owner, table::*};

/// Milliseconds that a controller may set: from what a network can keep to ten minutes.
const TIME_MS: Possible = Possible::Number(10, 600_000);
const COUNT: Possible = Possible::Number(0, 4_294_967_295);
/// Octets of a message.
const SIZE: Possible = Possible::Number(0, 4_294_967_295);

/// Generic.
pub(super) const G: Package = Package {
    name: "g",
    version: 2,
    owners: &[Owner::Root, Owner::Rtp, Owner::Analog, Owner::Trunk],
    events: &[event("cause"), event("sc")],
    ..NOTHING
};

const fn of_root(name: &'static str, read_only: bool, possible: Possible) -> Property {
    Property {
        name,
        of_stream: false,
        read_only,
        possible,
        default: Default::Unset,
    }
}

/// Base root.
pub(super) const ROOT: Package = Package {
    name: "root",
    version: 2,
    owners: &[Owner::Root],
    properties: &[
        of_root("maxNumberOfContexts", true, COUNT),
        of_root("maxTerminationsPerContext", true, COUNT),
        of_root("normalMGExecutionTime", false, TIME_MS),
        of_root("normalMGCExecutionTime", false, TIME_MS),
        of_root("MGProvisionalResponseTimerValue", false, TIME_MS),
        of_root("MGCProvisionalResponseTimerValue", false, TIME_MS),
        of_root("MGCOriginatedPendingLimit", false, COUNT),
        of_root("MGOriginatedPendingLimit", false, COUNT),
    ],
    ..NOTHING
};

/// Inactivity timer; `mit` is in units of 10 ms.
pub(super) const IT: Package = Package {
    name: "it",
    owners: &[Owner::Root],
    events: &[event_with(
        "ito",
        &[must("mit", Possible::Number(1, 4_294_967_295))],
    )],
    ..NOTHING
};

/// Segmentation.
pub(super) const SEG: Package = Package {
    name: "seg",
    owners: &[Owner::Root],
    properties: &[
        of_root("MGSegmentationTimerValue", false, TIME_MS),
        of_root("MGCSegmentationTimerValue", false, TIME_MS),
        of_root("MGMaxPDUSize", false, SIZE),
        of_root("MGCMaxPDUSize", false, SIZE),
    ],
    ..NOTHING
};

/// Notification behaviour: the percentage of regulated notifications that are sent.
pub(super) const NB: Package = Package {
    name: "nb",
    owners: &[Owner::Root],
    properties: &[Property {
        name: "notreg",
        of_stream: false,
        read_only: false,
        possible: Possible::Number(0, 100),
        default: Default::Number(100),
    }],
    ..NOTHING
};
