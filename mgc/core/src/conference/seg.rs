//! A room of a conference: the Legs in it hear each other and nobody else.
//!
//! A Seg costs the gateway nothing until its first Leg arrives: a Context exists only while it
//! holds a Termination (H.248.1 6.1), so it is made by the first Add or Move into the Seg, dies
//! with the last Leg that leaves, and is made anew by the next. CreateSegRes therefore says that
//! the Seg is reserved, not that a Context stands. The other way, a Termination that holds the
//! Context open, would occupy gateway resources for every empty room and add a failure to each
//! CreateSegReq.

use crate::northbound::{CallId, OperationId};

/// A room of a conference.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Seg {
    pub(super) call: CallId,
    pub(super) name: Option<String>,
    /// The operation that ends it, once its Legs are back in the main Seg.
    pub(super) ending: Option<OperationId>,
    /// Only supervisors see that it is there, and who is in it.
    #[serde(default)]
    pub(super) private: bool,
}

impl Seg {
    pub(super) fn new(call: CallId, name: Option<String>) -> Self {
        Self {
            call,
            name,
            ending: None,
            private: false,
        }
    }
}
