//! Commands that came before the gateway was ready for them. It takes none until it has the reply
//! to its registration, and that reply may be lost and repeated while we believe it is there
//! (H.248.1 11.2, error 505).

use std::time::{Duration, Instant};

use transport_h248::PeerId;

use super::{Link, Southbound, errand::Errand};
use crate::{
    conference::Outcome,
    northbound::{LegId, Refusal},
};

/// From the refusal to the next try.
const DELAY: Duration = Duration::from_millis(250);
/// Tries before the refusal counts: 25 s, in which a registration has succeeded or failed.
const TRIES_MAX: u8 = 100;

/// The commands that wait for one gateway to be ready; at most one for each of its Legs.
#[derive(Debug)]
pub(super) struct Postponed {
    at: Instant,
    errands: Vec<Errand>,
    /// How long it is to let us be silent, where it is to be told.
    watch: Option<Duration>,
}

impl Southbound {
    /// Keeps a command to send it again in a moment.
    pub(super) fn postpone(
        &mut self,
        peer: PeerId,
        mut errand: Errand,
        refusal: Refusal,
        link: &mut Link<'_>,
    ) {
        if errand.postponed == TRIES_MAX {
            self.turned_down(peer, errand, refusal, link);
            return;
        }
        errand.postponed += 1;
        let leg = errand.leg.clone();
        self.postponed(peer, link.now).errands.push(errand);
        if self.abandoned.contains_key(&leg) {
            self.withdraw_postponed(peer, &leg, link);
        }
    }

    /// Keeps what a gateway is to be told about silence, to tell it again in a moment.
    pub(super) fn postpone_watch(&mut self, peer: PeerId, silence_max: Duration, now: Instant) {
        self.postponed(peer, now).watch = Some(silence_max);
    }

    fn postponed(&mut self, peer: PeerId, now: Instant) -> &mut Postponed {
        self.postponed.entry(peer).or_insert_with(|| Postponed {
            at: now + DELAY,
            errands: Vec::new(),
            watch: None,
        })
    }

    /// Sends again what is due.
    pub(super) fn resume_postponed(&mut self, link: &mut Link<'_>) {
        let due = |postponed: &Postponed| postponed.at <= link.now;
        let peers: Vec<PeerId> = self
            .postponed
            .iter()
            .filter(|(_, postponed)| due(postponed))
            .map(|(peer, _)| *peer)
            .collect();
        for peer in peers {
            let Some(postponed) = self.postponed.remove(&peer) else {
                continue;
            };
            if let Some(silence_max) = postponed.watch {
                self.arm(peer, silence_max, link);
            }
            for errand in postponed.errands {
                self.send(peer, errand, link);
            }
        }
    }

    pub(super) fn next_postponed(&self) -> Option<Instant> {
        self.postponed.values().map(|postponed| postponed.at).min()
    }

    /// Drops the postponed command about a Leg. Returns whether there was one.
    pub(super) fn withdraw_postponed(
        &mut self,
        peer: PeerId,
        leg: &LegId,
        link: &mut Link<'_>,
    ) -> bool {
        let Some(postponed) = self.postponed.get_mut(&peer) else {
            return false;
        };
        let mut errands = postponed.errands.iter();
        let Some(at) = errands.position(|errand| errand.leg == *leg) else {
            return false;
        };
        let errand = postponed.errands.remove(at);
        if postponed.errands.is_empty() && postponed.watch.is_none() {
            self.postponed.remove(&peer);
        }
        self.enter_failed(peer, &errand, link);
        self.finish(errand.leg, Outcome::Refused(Refusal::Cancelled));
        true
    }
}
