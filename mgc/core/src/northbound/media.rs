//! What the application sets of a Leg's media.

use serde::{Deserialize, Serialize};

/// What of a Leg's media is cut off. A party that offered one direction only is never opened
/// further than it offered.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct MediaSettings {
    /// Its Seg does not hear it.
    pub muted: bool,
    /// It does not hear its Seg.
    pub deaf: bool,
    /// Both at once, whatever the other two say.
    pub hold: bool,
}

/// What is to change of the settings; `None` leaves one as it is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct MediaChanges {
    /// Whether its Seg is not to hear it.
    pub muted: Option<bool>,
    /// Whether it is not to hear its Seg.
    pub deaf: Option<bool>,
    /// Whether it is held.
    pub hold: Option<bool>,
}

impl MediaSettings {
    /// The settings after a change.
    pub(crate) fn after(self, changes: MediaChanges) -> Self {
        Self {
            muted: changes.muted.unwrap_or(self.muted),
            deaf: changes.deaf.unwrap_or(self.deaf),
            hold: changes.hold.unwrap_or(self.hold),
        }
    }
}
