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

/// What came of one Leg of a request about several.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LegResult {
    /// The Leg.
    pub leg: LegId,
    /// What came of it.
    pub result: MoveResult,
    /// Why it failed.
    pub cause: Option<Refusal>,
}

/// What came of what was asked about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum MoveResult {
    /// It is not known yet.
    Moving,
    /// The Leg is where it was to be.
    Moved,
    /// It is played to the Leg, or about to be.
    Playing,
    /// It was played to the Leg, to its end.
    Played,
    /// What is played to the Leg is being stopped.
    Stopping,
    /// Nothing is played to the Leg any more.
    Stopped,
    /// It was not done.
    Failed,
    /// It left its Call meanwhile.
    Left,
}

impl MoveResult {
    /// Whether more is to come.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Moving | Self::Playing | Self::Stopping)
    }

    /// Whether it was done.
    pub(crate) fn is_done(self) -> bool {
        matches!(self, Self::Moved | Self::Played | Self::Stopped)
    }
}
