//! Automatic speech recognition, and text to speech.

use super::{super::row::*, RETURN_CODE, number, text};
use crate::package::PackageDefinition;

/// Recognizes speech.
pub(in super::super) const ASR: PackageDefinition = package(
    "asr",
    0x00A6,
    1,
    items![
        signal("asrwgs", 0x0001, Brief, &[]),
        signal("asrid", 0x0002, Brief, &[]),
        event("asrfail", 0x0001, &[], parameters![RETURN_CODE]),
        event(
            "asrsucc",
            0x0002,
            &[],
            parameters![text("asrr", 0x0001), text("asrrft", 0x0002)],
        ),
    ],
);

/// Speaks.
pub(in super::super) const AASTTS: PackageDefinition = package(
    "aastts",
    0x00A8,
    2,
    items![
        signal("playsid", 0x0001, Brief, &[]),
        signal("playscript", 0x0002, Brief, &[]),
        event("ttsfail", 0x0001, &[], parameters![RETURN_CODE]),
        event(
            "md",
            0x0002,
            &[],
            parameters![text("mv", 0x0001), number("tv", 0x0002)],
        ),
    ],
);
