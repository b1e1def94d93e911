//! Requests about several Legs: what is to become of them, and what came of each.

use super::{LegId, Refusal};

/// What becomes of the Legs of a Seg that is to end.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Members {
    /// They stay, and so does the Seg: only an empty one ends.
    Refuse,
    /// They return to the main Seg.
    #[default]
    Return,
    /// They leave the Call.
    Release,
}

/// What came of one Leg of a SplitSeg or MergeSeg.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LegResult {
    /// The Leg.
    pub leg: LegId,
    /// What came of it.
    pub result: MoveResult,
    /// Why it failed.
    pub cause: Option<Refusal>,
}

/// What came of a move.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum MoveResult {
    /// It is not known yet.
    Moving,
    /// The Leg is where it was to be.
    Moved,
    /// It is not.
    Failed,
    /// It left its Call meanwhile.
    Left,
}
