//! The Context of a Seg, and the commands that lead into it.
//!
//! A Seg must never have two Contexts, so at most one command with CHOOSE is under way for it and
//! the others wait for the Context's number. The Context may die while a command into it travels,
//! because the last Leg left first; that command is answered by 411 and sent again.

use std::collections::{BTreeSet, VecDeque};

use transport_h248::PeerId;

use super::errand::Errand;
use crate::northbound::LegId;

/// The Context of a Seg.
#[derive(Debug)]
pub(super) struct Channel {
    pub(super) peer: PeerId,
    pub(super) state: ChannelState,
    /// Commands that wait for the Context's number; at most one for each Leg of the Call.
    pub(super) waiting: VecDeque<Errand>,
    /// Commands into the Context whose effect is not known yet.
    pub(super) inbound: usize,
    /// The Legs that are in it, as far as the gateway has confirmed.
    pub(super) occupants: BTreeSet<LegId>,
}

/// What is known of the Context.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ChannelState {
    /// There is none.
    Absent,
    /// A command with CHOOSE is under way.
    Creating,
    /// It has this number.
    Open(u32),
}

impl Channel {
    pub(super) fn new(peer: PeerId) -> Self {
        Self {
            peer,
            state: ChannelState::Absent,
            waiting: VecDeque::new(),
            inbound: 0,
            occupants: BTreeSet::new(),
        }
    }

    /// Notes that the Context is dead once nobody is in it or on the way (H.248.1 6.1).
    pub(super) fn close_if_empty(&mut self) {
        let open = matches!(self.state, ChannelState::Open(_));
        if open && self.occupants.is_empty() && self.inbound == 0 {
            self.state = ChannelState::Absent;
        }
    }

    /// Whether nothing is known of it that a new one would not know.
    pub(super) fn is_idle(&self) -> bool {
        self.state == ChannelState::Absent
            && self.waiting.is_empty()
            && self.inbound == 0
            && self.occupants.is_empty()
    }
}
