//! Multimedia play and multimedia recording.

use super::{super::row::*, number, recording::PLAY_RECORD, text};
use crate::package::PackageDefinition;

/// Plays announcements with video.
pub(in super::super) const MPP: PackageDefinition = extension(
    "aasb",
    "mpp",
    0x00A9,
    1,
    items![signal(
        "play",
        0x0001,
        Brief,
        parameters![
            text("an", 0x0001),
            number("it", 0x0002),
            number("iv", 0x0003),
            number("sp", 0x0004),
            number("vl", 0x0005),
            parameter("di", 0x0006, DIRECTION),
            number("btn", 0x0007),
            number("ctn", 0x0008),
            number("off", 0x0009),
            number("absvl", 0x000A),
        ],
    )],
);

/// Records with video.
pub(in super::super) const MRP: PackageDefinition =
    extension("aasrec", "mrp", 0x00B3, 1, items![PLAY_RECORD]);
