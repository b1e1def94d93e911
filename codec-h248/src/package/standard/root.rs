//! Base root (H.248.1 E.2).

use super::row::*;
use crate::package::{Access, ItemDefinition, PackageDefinition};

const fn root(name: &'static str, id: u16, access: Access) -> ItemDefinition {
    property(name, id, one(Integer), TerminationState, access)
}

/// The gateway as a whole; times are in milliseconds.
pub(super) const ROOT: PackageDefinition = package(
    "root",
    0x0002,
    2,
    items![
        property(
            "maxNumberOfContexts",
            0x0001,
            within(Double, 1, i64::MAX),
            TerminationState,
            ReadOnly,
        ),
        root("maxTerminationsPerContext", 0x0002, ReadOnly),
        root("normalMGExecutionTime", 0x0003, ReadWrite),
        root("normalMGCExecutionTime", 0x0004, ReadWrite),
        root("MGProvisionalResponseTimerValue", 0x0005, ReadWrite),
        root("MGCProvisionalResponseTimerValue", 0x0006, ReadWrite),
        root("MGCOriginatedPendingLimit", 0x0007, ReadWrite),
        root("MGOriginatedPendingLimit", 0x0008, ReadWrite),
    ],
);
