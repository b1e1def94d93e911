//! All associations of one local MId.

mod authentic;
mod peers;
mod refuse;

use std::{collections::VecDeque, sync::Arc, time::Instant};

use bytes::Bytes;
use codec_h248::{
    ActionRequest, DecodeError, Decoded, List, MId, Message, MessageBody, Peek, TransactionId,
    TransactionResult, binary,
};

use self::refuse::Refusal;
use crate::{
    Address, Config, Counters, Direction, Encoding, Event, Held, PeerId, Route, Statistics, Terms,
    Trace, Transmit, Why,
    association::Association,
    authentication::{Guard, HEADER_OCTETS},
    mutants::{Mutant, seeded},
    outbox::Outbox,
    transactions::Ids,
};

/// All associations of one local MId, told apart by the MId of the peer (H.248.1 8.3).
#[derive(Debug)]
pub struct Endpoint {
    outbox: Outbox,
    peers: peers::Peers,
    guard: Option<Guard>,
    ids: Ids,
    latest: Option<Instant>,
    traces: VecDeque<Trace>,
}

impl Endpoint {
    /// Makes an endpoint that speaks as `local`. Equal seeds and equal calls give equal traffic.
    pub fn new(mut config: Config, local: MId<'static>, seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let ids = Ids::new(config.ids.clone(), &mut random);
        let guard = config.authentication.clone();
        if guard.is_some() {
            config.batch_octets = config.batch_octets.saturating_sub(HEADER_OCTETS);
        }
        Self {
            guard: guard.map(|guard| Guard::new(guard, &config.limits)),
            outbox: Outbox::new(config, local, random),
            peers: peers::Peers::default(),
            ids,
            latest: None,
            traces: VecDeque::new(),
        }
    }

    /// Makes an association with whoever answers at `address`. The first message from there, or a
    /// reply from that host to a request of this association, says which MId that is.
    pub fn connect(&mut self, address: Address, now: Instant) -> PeerId {
        self.advance(now);
        self.peers.connect(address.into(), &self.outbox)
    }

    /// Takes up an association with a peer that this endpoint, or one of the same name before it,
    /// has known: its name, where it was, and the version that was agreed.
    pub fn resume(
        &mut self,
        mid: MId<'static>,
        (route, encoding): (Route, Encoding),
        version: u8,
        now: Instant,
    ) -> PeerId {
        self.advance(now);
        let peer = self.peers.resume(mid, encoding, route, &self.outbox);
        self.set_version(peer, version);
        peer
    }

    /// Takes a message. Its transactions are carried out up to the first that does not decode;
    /// that one is answered with an error descriptor where H.248.1 8.2.2 wants one, and counted in
    /// any case. Of a message whose authentication header is refused ([`Config::authentication`])
    /// nothing is.
    pub fn handle_message(&mut self, octets: &[u8], from: Route, now: Instant) {
        self.advance(now);
        self.outbox.counters.messages_received += 1;
        let authentic = self.is_authentic(octets, from, now);
        let error = authentic.then(|| self.read(octets, from, now)).flatten();
        if self.outbox.config.trace {
            self.trace(Trace {
                time: now,
                direction: Direction::In,
                route: from,
                octets: Bytes::copy_from_slice(octets),
                error,
            });
        }
    }

    fn read(&mut self, octets: &[u8], from: Route, now: Instant) -> Option<DecodeError> {
        let names = Arc::clone(&self.outbox.config.names);
        let limits = &self.outbox.config.limits.decode;
        let encoding = Encoding::of(octets);
        let decoded = match encoding {
            Encoding::Text => codec_h248::decode_partly(octets, limits),
            Encoding::Binary => binary::decode_partly(octets, limits, &names),
        };
        let (version, error) = match decoded {
            Ok(Decoded { message, error }) => {
                let version = message.version;
                self.dispatch((message, octets.len()), encoding, from, now);
                (Some(version), error)
            }
            Err(error) => (peek(octets).version, Some(error)),
        };
        if let Some(error) = &error {
            let ends = encoding == Encoding::Text && error.span.start >= octets.len();
            self.refuse((version, ends), error, encoding, from);
        }
        error
    }

    fn trace(&mut self, trace: Trace) {
        if self.traces.len() < self.outbox.config.limits.traces {
            self.traces.push_back(trace);
        } else {
            self.outbox.counters.untraced += 1;
        }
    }

    /// Gives a message of so many octets to the association that it belongs to.
    fn dispatch(
        &mut self,
        (message, octets): (Message<'_>, usize),
        encoding: Encoding,
        from: Route,
        now: Instant,
    ) {
        if matches!(&message.body, MessageBody::Transactions(all) if all.is_empty()) {
            // The first transaction does not decode.
            return;
        }
        let outbox = &mut self.outbox;
        if let Some(peer) = self.peers.identify(&message, encoding, from, outbox) {
            self.peers.with(peer, outbox, |association, outbox| {
                association.handle_message((message, octets), encoding, from, outbox, now);
            });
        }
    }

    fn refuse(
        &mut self,
        (version, ends): (Option<u8>, bool),
        error: &DecodeError,
        encoding: Encoding,
        from: Route,
    ) {
        self.outbox.counters.decode_errors += 1;
        let Some((version, refusal)) = refuse::answer(error, version, ends) else {
            return;
        };
        self.outbox.counters.errors_sent += 1;
        let carrier = from.address.carrier;
        let manner = self.outbox.manner((version, encoding), carrier, None);
        match refusal {
            Refusal::Message(error) => self.outbox.send_error(error, manner, from),
            Refusal::Transaction(reply) => self.outbox.send(&reply, manner, from),
        }
    }

    /// Takes the news that the connection of a route has ended, or did not come about.
    pub fn handle_closed(&mut self, route: Route, now: Instant) {
        self.advance(now);
        if let Some(guard) = &mut self.guard {
            guard.handle_closed(route);
        }
        let outbox = &mut self.outbox;
        for peer in self.peers.by_route(route) {
            if outbox.has_room() {
                outbox.emit(peer, Event::CarrierLost);
            }
        }
    }

    /// Sends a request, and repeats it until it is answered or T-MAX has passed: exactly one
    /// [`Event::Reply`], [`Event::TimedOut`] or [`Event::Unsent`] follows, unless [`Self::forget_requests`] or
    /// [`Self::disconnect`] comes first. To a peer that is gone, or with a message that no
    /// datagram can hold, it times out at once.
    pub fn request(
        &mut self,
        peer: PeerId,
        actions: List<ActionRequest<'static>>,
        now: Instant,
    ) -> TransactionId {
        self.advance(now);
        let id = self.next_id(peer);
        let outbox = &mut self.outbox;
        if self.peers.get(peer).is_none() {
            outbox.counters.timeouts += 1;
            outbox.emit(peer, Event::Unsent { id });
            return id;
        }
        self.peers.with(peer, outbox, |association, outbox| {
            association.used = true;
            association.request(id, actions, outbox, now);
        });
        id
    }

    /// The id of the next request.
    fn next_id(&mut self, peer: PeerId) -> TransactionId {
        match self.peers.get(peer) {
            Some(association) if seeded(Mutant::N05) => {
                let sent = association.counters.requests_sent;
                TransactionId(u32::try_from(sent + 1).unwrap_or(u32::MAX))
            }
            Some(_) | None => self.ids.take(),
        }
    }

    /// Answers a request of an [`Event::Request`], in its version, to where it came from. The
    /// reply is kept for LONG-TIMER and repeated octet for octet. A second answer to one request
    /// is counted and ignored.
    pub fn reply(
        &mut self,
        peer: PeerId,
        id: TransactionId,
        result: TransactionResult<'static>,
        now: Instant,
    ) {
        self.advance(now);
        let outbox = &mut self.outbox;
        self.peers.with(peer, outbox, |association, outbox| {
            association.reply(id, result, outbox, now);
        });
    }

    /// Sets the version of requests to come, as negotiated (H.248.1 11.3); it is brought into the
    /// range that is spoken here.
    pub fn set_version(&mut self, peer: PeerId, version: u8) {
        let version = version.clamp(1, self.outbox.config.version.max(1));
        self.peers.with(peer, &mut self.outbox, |association, _| {
            association.used = true;
            association.version = version;
        });
    }

    /// Sets where requests go, repetitions of older ones too; the peer is believed to speak from
    /// there, besides where it gave its name. Replies always go to where their request came from.
    pub fn set_address(&mut self, peer: PeerId, address: Address) {
        self.peers.with(peer, &mut self.outbox, |association, _| {
            association.used = true;
            association.route.address = address;
        });
    }

    /// Gives up a request: it is repeated no more, and no event follows. What the peer still answers
    /// is counted as late.
    pub fn cancel(&mut self, peer: PeerId, id: TransactionId, now: Instant) {
        self.advance(now);
        self.peers
            .with(peer, &mut self.outbox, |association, outbox| {
                association.cancel(id, outbox, now);
            });
    }

    /// Sets what was agreed with a peer about Pendings; `change` begins with what holds now.
    pub fn set_terms(&mut self, peer: PeerId, change: impl FnOnce(&mut Terms)) {
        self.peers.with(peer, &mut self.outbox, |association, _| {
            association.used = true;
            change(&mut association.terms);
        });
    }

    /// Ends all outstanding requests without an event: the peer has restarted and knows nothing
    /// of them.
    pub fn forget_requests(&mut self, peer: PeerId) {
        self.peers.with(peer, &mut self.outbox, |association, _| {
            association.forget_requests()
        });
    }

    /// Ends an association: nothing of it is sent, kept or reported any more. A request that its
    /// peer repeats after that is a new one.
    pub fn disconnect(&mut self, peer: PeerId) {
        self.peers.remove(peer, &mut self.outbox);
    }

    /// Returns the peer's name, once it is known.
    pub fn mid(&self, peer: PeerId) -> Option<&MId<'static>> {
        self.peers.get(peer)?.mid.as_ref()
    }

    /// Returns where requests go; `None` for a peer that is gone.
    pub fn address(&self, peer: PeerId) -> Option<Address> {
        let association = self.peers.get(peer)?;
        Some(association.route.address)
    }

    /// Returns the way that requests go, and in which encoding; `None` for a peer that is gone.
    pub fn way(&self, peer: PeerId) -> Option<(Route, Encoding)> {
        let association = self.peers.get(peer)?;
        Some((association.route, association.encoding))
    }

    /// Returns when a message of the peer came last, from an address that is the peer's.
    pub fn heard(&self, peer: PeerId) -> Option<Instant> {
        self.peers.get(peer)?.heard
    }

    /// Returns the version of requests; 1 where none was set.
    pub fn version(&self, peer: PeerId) -> u8 {
        self.peers
            .get(peer)
            .map_or(1, |association| association.version)
    }

    /// Advances to `now`. Being called early or again does nothing.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.advance(now);
        let outbox = &mut self.outbox;
        while let Some(peer) = self.peers.due(now) {
            self.peers.with(peer, outbox, |association, outbox| {
                association.handle_timeout(outbox, now);
            });
        }
    }

    fn advance(&mut self, now: Instant) {
        let latest = self.latest.replace(now);
        debug_assert!(latest.is_none_or(|latest| latest <= now), "time goes back");
    }

    /// Returns the next message to send; to be called until `None` after each `handle_…`,
    /// [`Self::request`] and [`Self::reply`].
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        let transmit = self.outbox.poll_transmit()?;
        let transmit = self.seal(transmit);
        if let (true, Some(time)) = (self.outbox.config.trace, self.latest) {
            self.trace(Trace {
                time,
                direction: Direction::Out,
                route: transmit.to,
                octets: transmit.octets.clone(),
                error: None,
            });
        }
        Some(transmit)
    }

    /// Returns the next message that came in or went out, where [`Config::trace`] is set.
    pub fn poll_trace(&mut self) -> Option<Trace> {
        self.traces.pop_front()
    }

    /// Returns the next event, in the order of happening.
    pub fn poll_event(&mut self) -> Option<(PeerId, Event)> {
        self.outbox.poll_event()
    }

    /// Returns when [`Self::handle_timeout`] is next due, and why.
    pub fn poll_timeout(&self) -> Option<(Instant, Why)> {
        self.peers.poll_timeout()
    }

    /// Returns what has been counted in all.
    pub fn counters(&self) -> Counters {
        self.peers.counters() + self.outbox.counters
    }

    /// Returns what has been counted of one peer; `None` for a peer that is gone.
    pub fn statistics(&self, peer: PeerId) -> Option<Statistics> {
        self.peers.get(peer).map(Association::statistics)
    }

    /// Returns how much is held of transactions.
    pub fn held(&self) -> Held {
        self.peers.held()
    }

    /// Whether no request is outstanding and none executes.
    pub fn is_idle(&self) -> bool {
        self.peers.is_idle()
    }
}

/// Reads as much of the header as can be read, in the encoding that it has.
pub(crate) fn peek(octets: &[u8]) -> Peek<'_> {
    match Encoding::of(octets) {
        Encoding::Text => codec_h248::peek(octets),
        Encoding::Binary => binary::peek(octets),
    }
}

#[cfg(test)]
mod tests;
