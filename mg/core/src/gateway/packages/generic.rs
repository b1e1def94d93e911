//! Generic, and ROOT's packages (H.248.1 E.1, E.2, E.14, E.15, H.248.14).

use super::{Owner, table::*};

/// Milliseconds that a controller may set: from what a network can keep to ten minutes.
const TIME_MS: Possible = Possible::Number(10, 600_000);
const COUNT: Possible = Possible::Number(0, 4_294_967_295);
/// What ROOT can hold, of which there is at least one.
const SIZE_MAX: Possible = Possible::Number(1, 4_294_967_295);
/// Octets of a message.
const SIZE: Possible = Possible::Number(512, 65_531);

/// Generic.
pub(super) const G: Package = Package {
    name: "g",
    version: 2,
    owners: &[Owner::Root, Owner::Rtp, Owner::Analog, Owner::Trunk],
    events: &[event("cause"), event("sc")],
    ..NOTHING
};

const fn of_root(name: &'static str, possible: Possible) -> Property {
    Property {
        name,
        of_stream: false,
        possible,
        default: "",
    }
}

/// Base root.
pub(super) const ROOT: Package = Package {
    name: "root",
    version: 2,
    owners: &[Owner::Root],
    properties: &[
        of_root("maxNumberOfContexts", SIZE_MAX),
        of_root("maxTerminationsPerContext", SIZE_MAX),
        of_root("normalMGExecutionTime", TIME_MS),
        of_root("normalMGCExecutionTime", TIME_MS),
        of_root("MGProvisionalResponseTimerValue", TIME_MS),
        of_root("MGCProvisionalResponseTimerValue", TIME_MS),
        of_root("MGCOriginatedPendingLimit", COUNT),
        of_root("MGOriginatedPendingLimit", COUNT),
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
        of_root("MGSegmentationTimerValue", TIME_MS),
        of_root("MGCSegmentationTimerValue", TIME_MS),
        of_root("MGMaxPDUSize", SIZE),
        of_root("MGCMaxPDUSize", SIZE),
    ],
    ..NOTHING
};

/// Notification behaviour: the percentage of regulated notifications that are sent.
pub(super) const NB: Package = Package {
    name: "nb",
    owners: &[Owner::Root],
    properties: &[of_root("notreg", Possible::Number(0, 100))],
    ..NOTHING
};

/// Congestion handling (H.248.10).
pub(super) const CHP: Package = Package {
    name: "chp",
    owners: &[Owner::Root],
    events: &[event("mgcon")],
    ..NOTHING
};

/// Overload control (H.248.11).
pub(super) const OCP: Package = Package {
    name: "ocp",
    owners: &[Owner::Root],
    events: &[event("mg_overload")],
    ..NOTHING
};
