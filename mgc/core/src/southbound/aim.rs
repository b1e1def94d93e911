//! What a transaction was sent for, in a word and with whom it is about.

use codec_h248::TransactionId;
use transport_h248::PeerId;

use super::errand::{Asked, Errand, Order};
use crate::northbound::{LegId, OperationId};

/// A transaction that was sent, for those who look on.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) peer: PeerId,
    pub(crate) id: TransactionId,
    pub(crate) aim: &'static str,
    pub(crate) leg: Option<LegId>,
    pub(crate) operation: Option<OperationId>,
}

impl Sent {
    pub(super) fn new(peer: PeerId, id: TransactionId, asked: &Asked) -> Self {
        Self {
            peer,
            id,
            aim: asked.aim(),
            leg: asked.errand().map(|errand| errand.leg.clone()),
            operation: if let Asked::Audit(operation) = asked {
                Some(operation.clone())
            } else {
                None
            },
        }
    }
}

impl Asked {
    fn errand(&self) -> Option<&Errand> {
        match self {
            Self::Errand(errand) => Some(errand),
            Self::Locate(doubt) => Some(&doubt.errand),
            Self::Undo
            | Self::Sweep
            | Self::Clear
            | Self::Audit(_)
            | Self::Presence
            | Self::Watch(_)
            | Self::Packages => None,
        }
    }

    fn aim(&self) -> &'static str {
        match self {
            Self::Errand(errand) => errand.order.aim(),
            Self::Locate(_) => "locate",
            Self::Undo => "undo",
            Self::Sweep => "sweep",
            Self::Clear => "clear",
            Self::Audit(_) => "audit",
            Self::Presence => "presence",
            Self::Watch(_) => "watch",
            Self::Packages => "packages",
        }
    }
}

impl Order {
    fn aim(&self) -> &'static str {
        match self {
            Self::Add { .. } => "add",
            Self::Move { .. } => "move",
            Self::Regroup { .. } => "topology",
            Self::Close => "close",
            Self::Reopen { .. } => "reopen",
            Self::Supervise(_) => "supervise",
            Self::Release => "release",
            Self::Leave => "leave",
        }
    }
}
