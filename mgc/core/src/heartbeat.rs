//! Gateways that have said nothing for a while are asked whether they are there (H.248.1 11.5).

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use transport_h248::PeerId;

/// When each gateway is to be looked at next.
#[derive(Debug)]
pub(crate) struct Heartbeat {
    /// How long a gateway may be silent; `None`: for ever.
    silence_max: Option<Duration>,
    due: BTreeSet<(Instant, PeerId)>,
    at: BTreeMap<PeerId, Instant>,
}

impl Heartbeat {
    pub(crate) fn new(silence_max: Option<Duration>) -> Self {
        Self {
            silence_max,
            due: BTreeSet::new(),
            at: BTreeMap::new(),
        }
    }

    /// Watches a gateway from `now` on.
    pub(crate) fn watch(&mut self, peer: PeerId, now: Instant) {
        self.forget(peer);
        if let Some(silence_max) = self.silence_max {
            let at = now + silence_max;
            self.due.insert((at, peer));
            self.at.insert(peer, at);
        }
    }

    /// Watches a gateway no more.
    pub(crate) fn forget(&mut self, peer: PeerId) {
        if let Some(at) = self.at.remove(&peer) {
            self.due.remove(&(at, peer));
        }
    }

    /// The next gateway that has been silent for so long; `heard` says when it spoke last.
    pub(crate) fn poll_silent(
        &mut self,
        now: Instant,
        heard: impl Fn(PeerId) -> Option<Instant>,
    ) -> Option<PeerId> {
        let silence_max = self.silence_max?;
        while let Some((_, peer)) = self.due.first().copied().filter(|(at, _)| *at <= now) {
            let spoke = heard(peer).filter(|heard| *heard + silence_max > now);
            self.watch(peer, spoke.unwrap_or(now));
            if spoke.is_none() {
                return Some(peer);
            }
        }
        None
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }
}
