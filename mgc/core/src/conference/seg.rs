//! A room of a conference: the Legs in it hear each other and nobody else.
//!
//! A Seg costs the gateway nothing until its first Leg arrives: a Context exists only while it
//! holds a Termination (H.248.1 6.1), so it is made by the first Add or Move into the Seg, dies
//! with the last Leg that leaves, and is made anew by the next. CreateSegRes therefore says that
//! the Seg is reserved, not that a Context stands. The other way, a Termination that holds the
//! Context open, would occupy gateway resources for every empty room and add a failure to each
//! CreateSegReq.

use crate::northbound::{CallId, OperationId, SegId, SegPolicy, Strategy};

/// A room of a conference.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Seg {
    pub(super) call: CallId,
    pub(super) name: Option<String>,
    /// What ends it, once its Legs are out.
    pub(super) ending: Option<Ending>,
    #[serde(flatten)]
    pub(super) policy: SegPolicy,
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
        }
    }

    /// The operation that ends it and its Legs with it.
    pub(super) fn releasing(&self) -> Option<&OperationId> {
        let ending = self.ending.as_ref()?;
        matches!(ending.exit, Exit::Release).then_some(&ending.operation)
    }
}
