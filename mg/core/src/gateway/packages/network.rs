//! Network, RTP and TDM circuit (H.248.1 E.11 to E.13).

use super::{Owner, TERMINATIONS, table::*};

/// The gain that the gateway chooses.
const AUTOMATIC: i64 = 0xFFFF_FFFF;

/// Network.
pub(super) const NT: Package = Package {
    name: "nt",
    owners: TERMINATIONS,
    events: &[
        event("netfail"),
        event_with("qualert", &[may("th", Possible::Number(0, 99))]),
    ],
    properties: &[Property {
        name: "jit",
        of_stream: true,
        possible: Possible::Number(0, 10_000),
        default: "60",
    }],
    ..NOTHING
};

/// RTP.
pub(super) const RTP: Package = Package {
    name: "rtp",
    base: Some("nt"),
    owners: &[Owner::Rtp],
    events: &[event("pltrans")],
    ..NOTHING
};

/// TDM circuit: accepted and reported. A line that is simulated has no echo, and its gain is in the
/// file.
pub(super) const TDMC: Package = Package {
    name: "tdmc",
    base: Some("nt"),
    owners: &[Owner::Trunk],
    properties: &[
        Property {
            name: "ec",
            of_stream: true,
            possible: SWITCH,
            default: "OFF",
        },
        Property {
            name: "gain",
            of_stream: true,
            possible: Possible::NumberOr(-60, 60, AUTOMATIC),
            default: "0",
        },
    ],
    ..NOTHING
};
