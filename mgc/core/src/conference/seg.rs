//! A room of a conference: the Legs in it hear each other and nobody else.
//!
//! A Context exists only while it holds a Termination (H.248.1 6.1). So a Seg costs the gateway
//! nothing until its first Leg arrives: its Context is made by the first Add or Move into the Seg,
//! dies with the last Leg that leaves, and is made anew by the next. CreateSegRes then says that the
//! Seg is reserved, not that a Context stands. Where the media server is to confirm the Seg
//! (`Confirm::MediaServer`), a holder keeps its Context open: it occupies a Termination of the
//! gateway for as long as the Seg stands, and its refusal is the end of the CreateSegReq.

use super::due::after;
use crate::northbound::{CallId, Closing, LegId, OperationId, SegId, SegPolicy, Strategy};

/// A room of a conference.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Seg {
    pub(super) call: CallId,
    pub(super) name: Option<String>,
    /// What ends it, once its Legs are out.
    pub(super) ending: Option<Ending>,
    #[serde(flatten)]
    pub(super) policy: SegPolicy,
    /// What keeps its Context open.
    #[serde(default)]
    pub(super) holder: Option<LegId>,
    /// What records it: the one that does, and those that have done and are on their way out.
    #[serde(default)]
    pub(super) recorders: Vec<LegId>,
    /// The operation that ends when the holder is there; until then the Seg does not stand.
    #[serde(default)]
    pub(super) opening: Option<OperationId>,
    /// Whether its Legs have been told that they are supervised.
    #[serde(default)]
    pub(super) supervised: bool,
    /// The most Legs that were in it at once, as far as its closing by itself depends on that.
    #[serde(default)]
    pub(super) peak: u8,
    /// When its time is over, in milliseconds of Unix time.
    #[serde(default)]
    pub(super) until: Option<u64>,
    /// When it is looked at again, where it was to close and could not be emptied.
    #[serde(default)]
    pub(super) again: Option<u64>,
}

/// How a Seg ends.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Ending {
    pub(super) operation: OperationId,
    pub(super) exit: Exit,
    /// Why it closes by itself; `None`: it was asked to.
    #[serde(default)]
    pub(super) why: Option<Closing>,
}

/// Where the Legs of a Seg that ends go.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) enum Exit {
    /// To the main Seg.
    Return,
    /// Out of the Call.
    Release,
    /// Into another Seg, or the main Seg where that has ended; each is told of.
    Merge { into: SegId, strategy: Strategy },
}

impl Seg {
    pub(super) fn new(call: CallId, name: Option<String>, policy: SegPolicy, time_ms: u64) -> Self {
        let seconds = policy.limits.seconds;
        let until = seconds.map(|seconds| after(time_ms, seconds));
        Self {
            call,
            name,
            ending: None,
            policy,
            holder: None,
            recorders: Vec::new(),
            opening: None,
            supervised: false,
            peak: 0,
            until,
            again: None,
        }
    }

    /// The operation that ends it and its Legs with it.
    pub(super) fn releasing(&self) -> Option<&OperationId> {
        let ending = self.ending.as_ref()?;
        matches!(ending.exit, Exit::Release).then_some(&ending.operation)
    }
}
