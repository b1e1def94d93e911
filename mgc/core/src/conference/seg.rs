//! A room of a conference: the Legs in it hear each other and nobody else.
//!
//! A Context exists only while it holds a Termination (H.248.1 6.1). So a Seg costs the gateway
//! nothing until its first Leg arrives: its Context is made by the first Add or Move into the Seg,
//! dies with the last Leg that leaves, and is made anew by the next. CreateSegRes then says that the
//! Seg is reserved, not that a Context stands. Where the media server is to confirm the Seg
//! (`Confirm::MediaServer`), a holder keeps its Context open: it occupies a Termination of the
//! gateway for as long as the Seg stands, and its refusal is the end of the CreateSegReq.

use crate::northbound::{CallId, LegId, OperationId, SegId, SegPolicy, Strategy};

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
    /// The operation that ends when the holder is there; until then the Seg does not stand.
    #[serde(default)]
    pub(super) opening: Option<OperationId>,
    /// Whether its Legs have been told that they are supervised.
    #[serde(default)]
    pub(super) supervised: bool,
}

/// How a Seg ends.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Ending {
    pub(super) operation: OperationId,
    pub(super) exit: Exit,
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
    pub(super) fn new(call: CallId, name: Option<String>, policy: SegPolicy) -> Self {
        Self {
            call,
            name,
            ending: None,
            policy,
            holder: None,
            opening: None,
            supervised: false,
        }
    }

    /// The operation that ends it and its Legs with it.
    pub(super) fn releasing(&self) -> Option<&OperationId> {
        let ending = self.ending.as_ref()?;
        matches!(ending.exit, Exit::Release).then_some(&ending.operation)
    }
}
