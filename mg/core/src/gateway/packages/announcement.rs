//! Announcements (H.248.7).

use codec_h248::descriptor::SignalType;

use super::{TERMINATIONS, table::*};

const NUMBER: Possible = Possible::Number(0, 4_294_967_295);
/// How often an announcement is played.
const CYCLES: Possible = Possible::Number(1, 1_000);

/// Generic announcement. Its announcements are the files of the configuration, which have no variants and
/// no variable parts.
pub(super) const AN: Package = Package {
    name: "an",
    owners: TERMINATIONS,
    signals: &[
        Signal {
            name: "apf",
            ends: SignalType::TimeOut,
            time: None,
            plays: Plays::Announcement,
            parameters: &[
                must("an", NUMBER),
                may("noc", CYCLES),
                may("av", Possible::Text),
                may("di", DIRECTION),
            ],
        },
        Signal {
            name: "apv",
            ends: SignalType::TimeOut,
            time: None,
            plays: Plays::Announcement,
            parameters: &[
                must("an", NUMBER),
                may("noc", CYCLES),
                may("av", Possible::Text),
                may("num", NUMBER),
                may("spi", NUMBER),
                may("sp", Possible::Text),
                may("di", DIRECTION),
            ],
        },
    ],
    ..NOTHING
};
