//! What a transaction was sent for.

use std::time::Duration;

use codec_h248::{ActionRequest, ContextId, TerminationId};
use serde::{Deserialize, Deserializer};

use super::{descriptors, supervision};
use crate::{
    conference::{Hall, Mixing, Supervise},
    northbound::{LegId, OperationId, Refusal, SegId},
    sdp::{Audio, Direction},
};

/// What a transaction was sent for.
#[derive(Debug)]
pub(super) enum Asked {
    /// One command about a Leg.
    Errand(Errand),
    /// Where the Termination of an errand is.
    Locate(Doubt),
    /// The end of a Termination that an Add made and nobody wants.
    Undo,
    /// What the gateway holds, to find what nobody wants.
    Sweep,
    /// The end of a Termination that a sweep found.
    Clear,
    /// What the gateway holds, for the application.
    Audit(OperationId),
    /// Whether it answers.
    Presence,
    /// That it notifies when we have been silent for so long.
    Watch(Duration),
    /// Its packages.
    Packages,
}

/// One command about a Leg.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Errand {
    pub(super) leg: LegId,
    pub(super) order: Order,
    /// Where the Seg that it leads into shares its Context.
    pub(super) hall: Option<Hall>,
    /// How its Leg is mixed.
    #[serde(default)]
    pub(super) mixing: Mixing,
    /// The Termination; CHOOSE in an Add.
    #[serde(deserialize_with = "owned")]
    pub(super) termination: TerminationId<'static>,
    /// The Context as it was sent.
    pub(super) context: ContextId,
    /// How often it was sent again because its Context had died or its effect was in doubt.
    pub(super) attempts: u8,
    /// How often it came before the gateway was ready.
    pub(super) postponed: u8,
}

/// A Termination's name that outlives what it is read from.
pub(super) fn owned<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<TerminationId<'static>, D::Error> {
    Ok(TerminationId::from_name(String::deserialize(from)?))
}

/// The command.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) enum Order {
    /// Add to the Seg's Context, on `local` where that is given.
    Add {
        seg: SegId,
        remote: Audio,
        local: Option<Audio>,
        direction: Direction,
    },
    /// Move to the Seg's Context, and open.
    Move { seg: SegId, direction: Direction },
    /// Topology in the Context that the Segs share, and the Mode of the party.
    Regroup { seg: SegId, direction: Direction },
    /// Modify the Mode to Inactive.
    Close,
    /// Modify the Mode to that of the party, and Remote where the party receives elsewhere now.
    Reopen {
        direction: Direction,
        #[serde(default)]
        remote: Option<Audio>,
    },
    /// Modify signals and events.
    Supervise(Supervise),
    /// Subtract, to add again elsewhere.
    Release,
    /// Subtract for good.
    Leave,
}

/// An errand of which it is not known what came of it.
#[derive(Debug)]
pub(super) struct Doubt {
    pub(super) errand: Errand,
    /// What the gateway said, where it said something.
    pub(super) refusal: Option<Refusal>,
}

impl Asked {
    /// Whether its answer may tell of Contexts and Terminations that were not known.
    pub(super) fn makes(&self) -> bool {
        match self {
            Self::Errand(_) | Self::Locate(_) | Self::Undo | Self::Sweep | Self::Clear => true,
            Self::Audit(_) | Self::Presence | Self::Watch(_) | Self::Packages => false,
        }
    }
}

impl Errand {
    /// The Seg that the command leads into.
    pub(super) fn target(&self) -> Option<&SegId> {
        match &self.order {
            Order::Add { seg, .. } | Order::Move { seg, .. } | Order::Regroup { seg, .. } => {
                Some(seg)
            }
            Order::Close
            | Order::Reopen { .. }
            | Order::Supervise(_)
            | Order::Release
            | Order::Leave => None,
        }
    }

    /// The Seg that stands for the Context that the command leads into.
    pub(super) fn channel(&self) -> Option<&SegId> {
        let shared = self.hall.as_ref().map(|hall| &hall.seg);
        shared.or_else(|| self.target())
    }

    /// The command as it is sent, without the Topology of a shared Context; with `statistics` one that subtracts asks for them.
    pub(super) fn action(&self, statistics: bool) -> ActionRequest<'static> {
        let termination = self.termination.clone();
        match &self.order {
            Order::Add {
                remote,
                local,
                direction,
                ..
            } => descriptors::add(self.context, remote, local.as_ref(), *direction),
            Order::Move { direction, .. } => {
                descriptors::move_to(self.context, termination, *direction)
            }
            Order::Close => {
                descriptors::set_direction(self.context, termination, Direction::Inactive)
            }
            Order::Reopen {
                direction,
                remote: Some(remote),
            } => descriptors::set_remote(self.context, termination, remote, *direction),
            Order::Regroup { direction, .. } | Order::Reopen { direction, .. } => {
                descriptors::set_direction(self.context, termination, *direction)
            }
            Order::Supervise(supervise) => {
                supervision::modify(self.context, termination, supervise)
            }
            Order::Release | Order::Leave => {
                descriptors::subtract(self.context, termination, statistics)
            }
        }
    }
}
