//! Segment management.

use super::{super::row::*, text};
use crate::package::{PackageDefinition, ParameterDefinition};

const TARGET: ParameterDefinition = text("tgtsid", 0x0001);

/// Deletes, overrides and restores segments.
pub(in super::super) const AASSM: PackageDefinition = package(
    "aassm",
    0x0036,
    1,
    items![
        property("ctlnam", 0x0001, one(String), TerminationState, ReadOnly),
        signal("delpers", 0x0001, Brief, parameters![TARGET]),
        signal(
            "override",
            0x0002,
            Brief,
            parameters![TARGET, text("oversid", 0x0002)],
        ),
        signal("restore", 0x0003, Brief, parameters![TARGET]),
    ],
);
