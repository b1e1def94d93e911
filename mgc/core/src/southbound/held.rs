//! What a gateway is known to hold, for what it says of it of its own accord.

use codec_h248::{ContextId, TerminationId, descriptor::ErrorCode};
use transport_h248::PeerId;

use super::{ChannelState, Place, Southbound};
use crate::northbound::SegId;

/// What one gateway is known to hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held<'a> {
    southbound: &'a Southbound,
    peer: PeerId,
}

impl Southbound {
    /// What this gateway is known to hold.
    pub(crate) fn held(&self, peer: PeerId) -> Held<'_> {
        Held {
            southbound: self,
            peer,
        }
    }

    /// Whether a Context of a gateway's is that of a Seg other than this one.
    pub(super) fn is_of_another(&self, peer: PeerId, seg: Option<&SegId>, context: u32) -> bool {
        let mut channels = self.channels.iter();
        channels.any(|(other, channel)| {
            Some(other) != seg
                && channel.peer == peer
                && channel.state == ChannelState::Open(context)
        })
    }
}

impl Held<'_> {
    /// Why a word about this Termination in that Context is about nothing: the one or the other is
    /// not known. A command under way may have made either, the reply of which comes later; and in
    /// the null Context anything may speak that the gateway has by itself.
    pub(crate) fn lacks(self, context: ContextId, name: &TerminationId<'_>) -> Option<ErrorCode> {
        let ContextId::Id(context) = context else {
            return None;
        };
        let (southbound, peer) = (self.southbound, self.peer);
        let mut asked = southbound.asked_of(peer);
        if asked.any(|(_, asked)| asked.makes()) || southbound.is_in_doubt(peer) {
            return None;
        }
        let places = southbound.places.values();
        let own: Vec<&Place> = places.filter(|place| place.peer == peer).collect();
        if own.iter().any(|place| name.matches(&place.termination)) {
            return None;
        }
        if own.iter().any(|place| place.context == context) {
            return Some(ErrorCode::UNKNOWN_TERMINATION);
        }
        Some(ErrorCode::UNKNOWN_CONTEXT)
    }
}
