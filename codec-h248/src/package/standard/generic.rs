//! Generic (H.248.1 E.1).

use super::row::*;
use crate::package::{PackageDefinition, ValueForm};

const CAUSE: ValueForm = one(one_of![
    NR 0x0001, UR 0x0002, FT 0x0003, FP 0x0004, IW 0x0005, UN 0x0006,
]);
const METHOD: ValueForm = one(one_of![TO 0x0001, EV 0x0002, SD 0x0003, NC 0x0004, PI 0x0005]);

/// What goes wrong, and signals that end.
pub(super) const G: PackageDefinition = package(
    "g",
    0x0001,
    2,
    items![
        event(
            "cause",
            0x0001,
            &[],
            parameters![
                parameter("Generalcause", 0x0001, CAUSE),
                parameter("Failurecause", 0x0002, one(OctetString)),
            ],
        ),
        event(
            "sc",
            0x0002,
            &[],
            parameters![
                parameter("SigID", 0x0001, one(PackageItemName)),
                parameter("Meth", 0x0002, METHOD),
                parameter("SLID", 0x0003, one(Integer)),
                parameter("RID", 0x0004, one(Integer)),
            ],
        ),
    ],
);
