//! Who a message is from: associations by number, by the peer's MId, and by what is due next.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use codec_h248::{MId, Message, MessageBody, ToBoundedStatic, Transaction, TransactionId};

use crate::{
    Counters, Encoding, Held, PeerId, Route, Why,
    association::{Association, Origin},
    outbox::Outbox,
};

/// All associations.
#[derive(Debug, Default)]
pub(super) struct Peers {
    associations: BTreeMap<PeerId, Association>,
    by_mid: BTreeMap<MId<'static>, PeerId>,
    /// Those that the program connected: only they can be without a name, or get another.
    connected: BTreeSet<PeerId>,
    /// Former numbers of associations that turned out to be with the same peer.
    aliases: BTreeMap<PeerId, PeerId>,
    /// Those that may make room for another.
    spare: BTreeSet<PeerId>,
    wakes: BTreeMap<PeerId, (Instant, Why)>,
    order: BTreeSet<(Instant, Why, PeerId)>,
    next: u64,
}

impl Peers {
    /// Makes an association whose peer's name is not known.
    pub(super) fn connect(&mut self, route: Route, outbox: &Outbox) -> PeerId {
        let peer = self.add(route, Origin::Ours, outbox);
        self.connected.insert(peer);
        if let Some(association) = self.associations.get_mut(&peer) {
            association.used = true;
        }
        peer
    }

    fn add(&mut self, route: Route, origin: Origin, outbox: &Outbox) -> PeerId {
        let peer = PeerId(self.next);
        self.next += 1;
        let association = Association::new(peer, route, origin, outbox);
        self.associations.insert(peer, association);
        peer
    }

    /// Ends an association.
    pub(super) fn remove(&mut self, peer: PeerId, outbox: &mut Outbox) {
        let peer = self.current(peer);
        if let Some(association) = self.take(peer, outbox) {
            outbox.counters += association.counters;
        }
        self.aliases.retain(|_, now| *now != peer);
    }

    fn take(&mut self, peer: PeerId, outbox: &mut Outbox) -> Option<Association> {
        let association = self.associations.remove(&peer)?;
        outbox.executing -= association.executing();
        outbox.kept_octets -= association.kept_octets();
        if let Some(mid) = &association.mid {
            self.by_mid.remove(mid);
        }
        self.connected.remove(&peer);
        self.spare.remove(&peer);
        self.set_wake(peer, None);
        Some(association)
    }

    fn current(&self, peer: PeerId) -> PeerId {
        self.aliases.get(&peer).copied().unwrap_or(peer)
    }

    /// Looks at an association.
    pub(super) fn get(&self, peer: PeerId) -> Option<&Association> {
        self.associations.get(&self.current(peer))
    }

    /// Lets `change` work on an association, and notes what is due there afterwards.
    /// What is counted meanwhile counts for the association.
    pub(super) fn with(
        &mut self,
        peer: PeerId,
        outbox: &mut Outbox,
        change: impl FnOnce(&mut Association, &mut Outbox),
    ) {
        let peer = self.current(peer);
        let Some(association) = self.associations.get_mut(&peer) else {
            return;
        };
        std::mem::swap(&mut association.counters, &mut outbox.counters);
        outbox.executing -= association.executing();
        outbox.kept_octets -= association.kept_octets();
        change(association, outbox);
        outbox.executing += association.executing();
        outbox.kept_octets += association.kept_octets();
        std::mem::swap(&mut association.counters, &mut outbox.counters);
        if association.is_spare() {
            self.spare.insert(peer);
        } else {
            self.spare.remove(&peer);
        }
        let wake = association.poll_timeout();
        self.set_wake(peer, wake);
        while outbox.kept_octets > outbox.config.limits.kept_octets && self.make_room(outbox) {}
    }

    /// Returns the associations whose requests go that way.
    pub(super) fn by_route(&self, route: Route) -> Vec<PeerId> {
        let there = self.associations.iter();
        there
            .filter(|(_, association)| association.used && association.route == route)
            .map(|(peer, _)| *peer)
            .collect()
    }

    fn set_wake(&mut self, peer: PeerId, wake: Option<(Instant, Why)>) {
        let before = match wake {
            Some(wake) => self.wakes.insert(peer, wake),
            None => self.wakes.remove(&peer),
        };
        if before == wake {
            return;
        }
        if let Some((at, why)) = before {
            self.order.remove(&(at, why, peer));
        }
        if let Some((at, why)) = wake {
            self.order.insert((at, why, peer));
        }
    }

    /// Returns an association in which something is due.
    pub(super) fn due(&self, now: Instant) -> Option<PeerId> {
        let first = self.order.first().filter(|(at, ..)| *at <= now);
        first.map(|(.., peer)| *peer)
    }

    /// Returns what is due next.
    pub(super) fn poll_timeout(&self) -> Option<(Instant, Why)> {
        self.order.first().map(|(at, why, _)| (*at, *why))
    }

    /// Returns the sum of what was counted of the associations that are.
    pub(super) fn counters(&self) -> Counters {
        let each = self
            .associations
            .values()
            .map(|association| association.counters);
        each.fold(Counters::default(), std::ops::Add::add)
    }

    /// Returns the sum of what the associations hold.
    pub(super) fn held(&self) -> Held {
        let each = self.associations.values().map(Association::held);
        each.fold(Held::default(), std::ops::Add::add)
    }

    /// Whether nothing is under way in either direction.
    pub(super) fn is_idle(&self) -> bool {
        self.associations.values().all(Association::is_idle)
    }

    /// Finds the association that a message belongs to; a request of a new peer makes one.
    pub(super) fn identify(
        &mut self,
        message: &Message<'_>,
        encoding: Encoding,
        from: Route,
        outbox: &mut Outbox,
    ) -> Option<PeerId> {
        // The lookup needs a name that owns its text; names are short.
        let mid = message.mid.to_static();
        let known = self.by_mid.get(&mid).copied();
        let adopter = self
            .answered(message, from)
            .or_else(|| self.unnamed_at(from));
        match (adopter, known) {
            (Some(adopter), Some(known)) if adopter == known => Some(known),
            (Some(adopter), known) => {
                self.adopt(adopter, mid, (from, known), outbox);
                Some(adopter)
            }
            (None, Some(known)) => Some(known),
            (None, None) if has_request(message) => self.admit(mid, encoding, from, outbox),
            (None, None) => {
                outbox.counters.foreign += 1;
                None
            }
        }
    }

    /// Finds the connected association whose request a message answers, if the answer may name it:
    /// because it has no name yet and this comes from its host, or because another speaks now at its
    /// address.
    fn answered(&self, message: &Message<'_>, from: Route) -> Option<PeerId> {
        let ids = || transactions(message).iter().filter_map(answered_id);
        let owns = |association: &Association| {
            let unnamed = association.mid.is_none() && association.is_home_host(from);
            (unnamed || association.route == from) && ids().any(|id| association.is_waiting(id))
        };
        let connected = self.connected.iter();
        connected
            .copied()
            .find(|peer| self.associations.get(peer).is_some_and(owns))
    }

    /// Finds the latest connected association with this address that has no name.
    fn unnamed_at(&self, from: Route) -> Option<PeerId> {
        let here =
            |association: &Association| association.mid.is_none() && association.route == from;
        let connected = self.connected.iter().rev();
        connected
            .copied()
            .find(|peer| self.associations.get(peer).is_some_and(here))
    }

    /// Gives a connected association its name, and what is under way with the same peer under
    /// another number.
    fn adopt(
        &mut self,
        peer: PeerId,
        mid: MId<'static>,
        (from, known): (Route, Option<PeerId>),
        outbox: &mut Outbox,
    ) {
        let same = known.and_then(|known| self.take(known, outbox));
        let Some(association) = self.associations.get_mut(&peer) else {
            return;
        };
        outbox.executing -= association.executing();
        outbox.kept_octets -= association.kept_octets();
        association.source = from;
        if let Some(former) = association.mid.replace(mid.clone()) {
            // What was asked under the former name was asked by somebody else (D.1.2).
            association.forget_inbound();
            self.by_mid.remove(&former);
        }
        if let Some(same) = same {
            association.absorb(same, from);
        }
        outbox.executing += association.executing();
        outbox.kept_octets += association.kept_octets();
        self.by_mid.insert(mid, peer);
        if let Some(known) = known {
            for alias in self.aliases.values_mut().filter(|now| **now == known) {
                *alias = peer;
            }
            self.aliases.insert(known, peer);
        }
    }

    /// Makes an association with a peer that speaks first.
    fn admit(
        &mut self,
        mid: MId<'static>,
        encoding: Encoding,
        from: Route,
        outbox: &mut Outbox,
    ) -> Option<PeerId> {
        if self.associations.len() >= outbox.config.limits.peers && !self.make_room(outbox) {
            outbox.counters.peers_dropped += 1;
            return None;
        }
        Some(self.resume(mid, encoding, from, outbox))
    }

    /// Makes an association with a peer whose name is known and who may move it.
    pub(super) fn resume(
        &mut self,
        mid: MId<'static>,
        encoding: Encoding,
        route: Route,
        outbox: &Outbox,
    ) -> PeerId {
        let peer = self.add(route, Origin::Theirs, outbox);
        self.by_mid.insert(mid.clone(), peer);
        if let Some(association) = self.associations.get_mut(&peer) {
            association.mid = Some(mid);
            association.encoding = encoding;
        }
        peer
    }

    /// Ends the oldest association that is spare; numbers grow.
    fn make_room(&mut self, outbox: &mut Outbox) -> bool {
        let spare = self.spare.first().copied();
        let Some(association) = spare.and_then(|peer| self.take(peer, outbox)) else {
            return false;
        };
        outbox.counters += association.counters;
        outbox.counters.peers_forgotten += 1;
        true
    }
}

fn transactions<'m, 'a>(message: &'m Message<'a>) -> &'m [Transaction<'a>] {
    match &message.body {
        MessageBody::Error(_) => &[],
        MessageBody::Transactions(transactions) => transactions,
    }
}

fn has_request(message: &Message<'_>) -> bool {
    let is_request = |transaction: &Transaction<'_>| matches!(transaction, Transaction::Request(_));
    transactions(message).iter().any(is_request)
}

fn answered_id(transaction: &Transaction<'_>) -> Option<TransactionId> {
    match transaction {
        Transaction::Reply(reply) => Some(reply.id),
        Transaction::Pending(id) => Some(*id),
        Transaction::Request(_) | Transaction::ResponseAck(_) | Transaction::SegmentReply(_) => {
            None
        }
    }
}
