//! What a mixer can do beside the packages of Recommendations (project).

use super::{Owner, table::*};

/// Gain and talkers.
pub(super) const ZCONFMIX: Package = Package {
    name: "zconfmix",
    owners: &[Owner::Rtp],
    events: &[event("talk")],
    properties: &[Property {
        name: "gain",
        of_stream: true,
        possible: Possible::Number(-40, 20),
        default: "0",
    }],
    ..NOTHING
};
