//! The control association with one peer: its name, its addresses, and its transactions.
//!
//! A name is no proof: whoever writes a peer's MId into a message is believed only from an address
//! that is the peer's, port and all ([`Association::is_home`]). Two things count from more places: a
//! reply or Pending about a request that waits, from any port of a host of the peer's
//! ([`Association::is_home_host`]), because a peer may answer from another socket; and a
//! registration, from anywhere if the peer began the association, because that is how a gateway
//! says that it has moved (H.248.1 11.2).

mod segments;

use std::{net::IpAddr, time::Instant};

use bytes::Bytes;
use codec_h248::{
    AckRange, ActionRequest, IntoBoundedStatic, List, MId, Message, MessageBody, Transaction,
    TransactionId, TransactionReply, TransactionRequest, TransactionResult,
    descriptor::{ErrorCode, ErrorDescriptor},
};

use crate::{
    Config, Counters, Encoding, Event, Held, PeerId, Route, Statistics, Terms, Why,
    mutants::{Mutant, seeded},
    outbox::{Manner, Outbox},
    registration::is_registration,
    reply,
    transactions::{
        Acks, Answer, Asker, Due, Gathered, Inbound, Kept, Owed, Piece, Requests, Segments, Verdict,
    },
};

/// Who began an association.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Origin {
    /// The program, with an address at which it expects the peer.
    Ours,
    /// The peer, which may move it.
    Theirs,
}

/// One association.
#[derive(Debug)]
pub(crate) struct Association {
    peer: PeerId,
    /// The peer's name; `None` until its first message.
    pub(crate) mid: Option<MId<'static>>,
    /// Where new requests and repetitions of older ones go.
    pub(crate) route: Route,
    /// Where the peer was when it gave its name, or to where it has moved.
    pub(crate) source: Route,
    origin: Origin,
    /// Version of new requests; 1 until something else was agreed (H.248.1 11.3).
    pub(crate) version: u8,
    /// Encoding of new requests: of the configuration, or of how the peer began to speak.
    pub(crate) encoding: Encoding,
    /// What was agreed.
    pub(crate) terms: Terms,
    /// Replies of the peer that it is to be told have arrived, and when at the latest.
    acks: Acks,
    ack_at: Option<Instant>,
    /// When it was heard of last.
    pub(crate) heard: Option<Instant>,
    /// Where they are asked for, and in which encoding; elsewhere they go with the requests.
    ack_to: Option<(Encoding, Route)>,
    /// What was counted of it.
    pub(crate) counters: Counters,
    /// Whether the program has used the association, which may then not make room for another.
    pub(crate) used: bool,
    requests: Requests,
    inbound: Inbound,
}

impl Association {
    /// Makes an association with nothing under way.
    pub(crate) fn new(peer: PeerId, route: Route, origin: Origin, outbox: &Outbox) -> Self {
        Self {
            peer,
            mid: None,
            route,
            source: route,
            origin,
            version: 1,
            encoding: outbox.config.encoding,
            terms: Terms::of(&outbox.config),
            acks: Acks::default(),
            ack_at: None,
            heard: None,
            ack_to: None,
            counters: Counters::default(),
            used: false,
            requests: Requests::new(&outbox.config),
            inbound: Inbound::default(),
        }
    }

    /// Sends a request.
    pub(crate) fn request(
        &mut self,
        id: TransactionId,
        actions: List<ActionRequest<'static>>,
        outbox: &mut Outbox,
        now: Instant,
    ) {
        let request = Transaction::Request(TransactionRequest { id, actions });
        if self.ack_to.is_some() {
            self.send_acks(outbox);
        }
        let manner = self.manner(outbox);
        let octets = match outbox.write(manner, &request) {
            Ok(octets) => octets,
            Err(code) => {
                outbox.count_oversized(code);
                outbox.counters.timeouts += 1;
                outbox.emit(self.peer, Event::Unsent { id });
                return;
            }
        };
        outbox.counters.requests_sent += 1;
        let carrier = self.route.address.carrier;
        self.requests
            .sent(id, octets.clone(), carrier, &outbox.config, now);
        match self.write_acks(manner, outbox) {
            Some(acks) => outbox.transmit_behind(acks, octets, manner, self.route),
            None => outbox.transmit(octets, manner, self.route),
        }
    }

    /// Ends a request that waits, without an event.
    pub(crate) fn cancel(&mut self, id: TransactionId, outbox: &mut Outbox, now: Instant) {
        if self.requests.cancel(id, &outbox.config, now) {
            outbox.counters.cancelled += 1;
        }
    }

    /// Writes the acknowledgement of all that is to be acknowledged.
    fn write_acks(&mut self, manner: Manner, outbox: &mut Outbox) -> Option<Bytes> {
        self.ack_at = None;
        self.ack_to = None;
        let ranges = self.acks.take()?;
        let acks = outbox.encode(manner, &Transaction::ResponseAck(ranges));
        outbox.counters.acks_sent += 1;
        acks.ok()
    }

    /// Notes that a reply has arrived that asks for its acknowledgement at once. That still waits for
    /// [`Self::handle_timeout`]: the reply may be what the version to speak is agreed in, and all
    /// that follows it is of that version (H.248.1 11.3).
    fn owe_ack(&mut self, id: TransactionId, encoding: Encoding, to: Route, now: Instant) {
        self.acks.add(id);
        self.ack_at = Some(now);
        self.ack_to = Some((encoding, to));
    }

    /// Sends the acknowledgement of all that is to be acknowledged, where a reply came from that asks
    /// for it.
    fn send_acks(&mut self, outbox: &mut Outbox) {
        let mut manner = self.manner(outbox);
        let mut to = self.route;
        if let Some((encoding, from)) = self.ack_to {
            manner.encoding = encoding;
            to = from;
        }
        if let Some(acks) = self.write_acks(manner, outbox) {
            outbox.transmit(acks, manner, to);
        }
    }

    /// Notes that a reply has arrived that does not ask for its acknowledgement.
    fn gather_ack(&mut self, id: TransactionId, config: &Config, now: Instant) {
        if let Some(after) = config.ack_after {
            self.acks.add(id);
            let full = self.acks.len() >= config.limits.acks_per_peer;
            let at = if full { now } else { now + after };
            self.ack_at = Some(self.ack_at.map_or(at, |before| before.min(at)));
        }
    }

    /// How new requests are written.
    fn manner(&self, outbox: &Outbox) -> Manner {
        let carrier = self.route.address.carrier;
        outbox.manner((self.version, self.encoding), carrier, Some(&self.terms))
    }

    /// Sends the reply to a request that executes, and keeps it.
    pub(crate) fn reply(
        &mut self,
        id: TransactionId,
        result: TransactionResult<'static>,
        outbox: &mut Outbox,
        now: Instant,
    ) {
        let Some((mut asker, pending_sent)) = self.inbound.asker(id) else {
            outbox.counters.stray_replies += 1;
            return;
        };
        // The request itself may have changed what the peer takes.
        let (mut version, encoding) = (asker.manner.version, asker.manner.encoding);
        if seeded(Mutant::M23) {
            version = outbox.config.version;
        }
        let carrier = asker.from.address.carrier;
        asker.manner = outbox.manner((version, encoding), carrier, Some(&self.terms));
        if seeded(Mutant::M02) {
            asker.from = self.route;
        }
        let written = if seeded(Mutant::M03) {
            TransactionId(id.0 & 0x7fff_ffff)
        } else {
            id
        };
        let parts = reply::write(written, pending_sent, result, asker.manner, outbox);
        outbox.counters.replies_sent += 1;
        outbox.transmit_all(&parts, asker.manner, asker.from);
        let reply = match <[Bytes; 1]>::try_from(parts) {
            Ok([octets]) => Kept::Whole(octets),
            Err(segments) => {
                outbox.counters.replies_segmented += 1;
                let agreed = (&outbox.config, &self.terms);
                let delay = self.requests.delay();
                Kept::Segments(Segments::new(segments, asker, delay, agreed, now).into())
            }
        };
        let forget_at = now + outbox.config.long_timer;
        self.inbound.replied(id, reply, forget_at);
    }

    /// Takes a message of this peer, and how many octets it had.
    pub(crate) fn handle_message(
        &mut self,
        (message, octets): (Message<'_>, usize),
        encoding: Encoding,
        from: Route,
        outbox: &mut Outbox,
        now: Instant,
    ) {
        if self.is_home(from) {
            self.heard = Some(now);
        }
        let (version, carrier) = (message.version, from.address.carrier);
        let manner = outbox.manner((version, encoding), carrier, Some(&self.terms));
        let transactions = match message.body {
            MessageBody::Error(error) => return self.handle_error(error, from, outbox),
            MessageBody::Transactions(transactions) => transactions,
        };
        let each = octets / transactions.len().max(1);
        for transaction in transactions {
            match transaction {
                Transaction::Request(request) => {
                    self.handle_request(request, Asker { from, manner }, outbox, now);
                }
                Transaction::Reply(reply) => {
                    self.handle_reply((reply, each), Asker { from, manner }, outbox, now);
                }
                Transaction::Pending(id) => self.handle_pending(id, from, outbox, now),
                Transaction::ResponseAck(ranges) => self.handle_acks(&ranges, from, outbox),
                Transaction::SegmentReply(ack) => {
                    self.handle_segment_ack(ack, from, outbox, now);
                }
            }
        }
    }

    /// Whether the peer is believed to speak from there.
    fn is_home(&self, from: Route) -> bool {
        let place = |at: Route| (at.address.carrier, host(at), at.address.socket.port());
        [self.route, self.source].map(place).contains(&place(from))
    }

    /// Whether the peer is believed to answer from there.
    pub(crate) fn is_home_host(&self, from: Route) -> bool {
        [self.route, self.source].map(host).contains(&host(from))
    }

    fn handle_error(&self, error: ErrorDescriptor<'_>, from: Route, outbox: &mut Outbox) {
        if !self.is_home(from) {
            outbox.counters.from_elsewhere += 1;
            return;
        }
        outbox.counters.message_errors += 1;
        if outbox.has_room() {
            let error = error.into_static();
            outbox.emit(self.peer, Event::MessageError { error });
        }
    }

    fn handle_request(
        &mut self,
        request: TransactionRequest<'_>,
        asker: Asker,
        outbox: &mut Outbox,
        now: Instant,
    ) {
        let id = request.id;
        if id == TransactionId(0) {
            // 0 says that a number could not be read; nothing can be answered to it at most once.
            return deny(id, ErrorCode::SYNTAX_TRANSACTION, asker, outbox);
        }
        let moves = self.origin == Origin::Theirs && is_registration(&request);
        let is_theirs = match self.origin {
            // Who was chosen as a peer may ask from any socket of its host (H.248.1 9).
            Origin::Ours => self.is_home_host(asker.from),
            Origin::Theirs => self.is_home(asker.from) || moves,
        };
        if !is_theirs {
            outbox.counters.from_elsewhere += 1;
            return deny(id, ErrorCode::UNAUTHORIZED_ENTITY, asker, outbox);
        }
        let room = self.may_keep(outbox)
            && outbox.executing + self.inbound.executing() < outbox.config.limits.executing
            && outbox.has_room();
        let Outbox {
            config, counters, ..
        } = outbox;
        let agreed = (&*config, &self.terms);
        match self
            .inbound
            .handle_request(id, asker, room, agreed, counters, now)
        {
            Verdict::Execute => {
                if moves {
                    self.source = asker.from;
                    self.route.listener = asker.from.listener;
                    self.encoding = asker.manner.encoding;
                }
                outbox.counters.requests_received += 1;
                let event = Event::Request {
                    id,
                    actions: request.actions.into_static(),
                    version: asker.manner.version,
                    from: asker.from,
                };
                outbox.emit(self.peer, event);
            }
            Verdict::SendPending => send_pending(id, asker, outbox),
            Verdict::Abandon => self.abandon(id, outbox, now),
            Verdict::Repeat(parts) => {
                outbox.counters.replies_repeated += 1;
                outbox.transmit_all(&parts, asker.manner, asker.from);
            }
            Verdict::Ignore => {}
            Verdict::Refuse => {
                outbox.counters.refused += 1;
                let code = ErrorCode::INSUFFICIENT_RESOURCES;
                let octets = reply::write_error(id, false, code, asker.manner, outbox);
                outbox.transmit(octets.clone(), asker.manner, asker.from);
                self.inbound
                    .refused(id, octets, now + outbox.config.long_timer);
            }
            Verdict::Drop => outbox.counters.dropped += 1,
        }
    }

    fn handle_reply(
        &mut self,
        (reply, octets): (TransactionReply<'_>, usize),
        Asker { from, manner }: Asker,
        outbox: &mut Outbox,
        now: Instant,
    ) {
        if !self.is_home_host(from) {
            outbox.counters.from_elsewhere += 1;
            return;
        }
        let TransactionReply {
            id,
            segment,
            immediate_ack,
            result,
        } = reply;
        if let Some(segment) = segment {
            let piece = Piece {
                segment,
                immediate_ack,
                result,
                octets,
            };
            return self.handle_segment(id, piece, Asker { from, manner }, outbox, now);
        }
        let result = match (id, result) {
            (TransactionId(0), TransactionResult::Error(error)) => {
                return self.handle_error(error, from, outbox);
            }
            (_, result) => result,
        };
        match self.requests.handle_reply(id, &outbox.config, now) {
            Answer::Awaited => {
                let result = result.into_static();
                let reply = Gathered {
                    result,
                    immediate_ack,
                };
                self.replied(id, reply, Asker { from, manner }, outbox, now);
            }
            Answer::Late => {
                outbox.counters.late_replies += 1;
                if immediate_ack {
                    self.owe_ack(id, manner.encoding, from, now);
                }
            }
            Answer::Foreign => outbox.counters.foreign += 1,
        }
    }

    /// Reports the reply that a request has waited for.
    fn replied(
        &mut self,
        id: TransactionId,
        reply: Gathered,
        Asker { from, manner }: Asker,
        outbox: &mut Outbox,
        now: Instant,
    ) {
        outbox.counters.replies_received += 1;
        let result = reply.result;
        outbox.emit(self.peer, Event::Reply { id, result });
        if reply.immediate_ack && !seeded(Mutant::M22) {
            self.owe_ack(id, manner.encoding, from, now);
        } else {
            self.gather_ack(id, &outbox.config, now);
        }
    }

    fn handle_pending(
        &mut self,
        id: TransactionId,
        from: Route,
        outbox: &mut Outbox,
        now: Instant,
    ) {
        if !self.is_home_host(from) {
            outbox.counters.from_elsewhere += 1;
            return;
        }
        match self
            .requests
            .handle_pending(id, (&outbox.config, &self.terms), now)
        {
            Answer::Awaited => outbox.counters.pendings_received += 1,
            Answer::Late => outbox.counters.late_pendings += 1,
            Answer::Foreign => outbox.counters.foreign += 1,
        }
    }

    fn handle_acks(&mut self, ranges: &[AckRange], from: Route, outbox: &mut Outbox) {
        if !self.is_home(from) {
            outbox.counters.from_elsewhere += 1;
            return;
        }
        for range in ranges {
            match self.inbound.handle_ack(*range) {
                0 => outbox.counters.foreign += 1,
                news => outbox.counters.replies_acknowledged += news,
            }
        }
    }

    /// Advances to `now`.
    pub(crate) fn handle_timeout(&mut self, outbox: &mut Outbox, now: Instant) {
        loop {
            let Outbox { config, random, .. } = outbox;
            let Some(due) = self
                .requests
                .handle_timeout((config, &self.terms), random, now)
            else {
                break;
            };
            self.handle_due(due, outbox);
        }
        while let Some(owed) = {
            let Outbox { config, random, .. } = outbox;
            self.inbound
                .handle_timeout((config, &self.terms), random, now)
        } {
            match owed {
                Owed::Pending(id, asker) => send_pending(id, asker, outbox),
                Owed::Abandon(id) => self.abandon(id, outbox, now),
                Owed::Segments(parts, asker) => {
                    outbox.counters.segments_repeated += parts.len() as u64;
                    outbox.transmit_all(&parts, asker.manner, asker.from);
                }
            }
        }
        if self.ack_at.is_some_and(|at| at <= now) {
            self.send_acks(outbox);
        }
    }

    /// Answers a request that executes for too long; what comes of it is not told any more.
    fn abandon(&mut self, id: TransactionId, outbox: &mut Outbox, now: Instant) {
        outbox.counters.abandoned += 1;
        let error = ErrorDescriptor::new(ErrorCode::PENDINGS_EXCEEDED);
        self.reply(id, TransactionResult::Error(error), outbox, now);
    }

    /// Whether one more reply may be kept, beside those for all others in `outbox`.
    fn may_keep(&self, outbox: &Outbox) -> bool {
        let limits = &outbox.config.limits;
        let own = self.kept_octets();
        outbox.kept_octets + own < limits.kept_octets
            || own < limits.kept_octets / limits.peers.max(1)
    }

    /// Returns how many octets of replies to the peer are kept.
    pub(crate) fn kept_octets(&self) -> usize {
        self.inbound.kept().1
    }

    /// Returns how many requests of the peer execute.
    pub(crate) fn executing(&self) -> usize {
        self.inbound.executing()
    }

    fn handle_due(&self, due: Due, outbox: &mut Outbox) {
        match due {
            Due::Repeat(octets) => {
                outbox.counters.repeats_sent += 1;
                outbox.transmit(octets, self.manner(outbox), self.route);
            }
            Due::TimedOut { id, missing } => {
                outbox.counters.timeouts += 1;
                outbox.counters.segments_missed += u64::from(missing);
                outbox.emit(self.peer, Event::TimedOut { id });
            }
        }
    }

    /// Ends the requests that wait, without an event.
    pub(crate) fn forget_requests(&mut self) {
        self.requests.forget();
    }

    /// Forgets what another speaker asked at this address.
    pub(crate) fn forget_inbound(&mut self) {
        self.inbound = Inbound::default();
    }

    /// Takes over what is under way with the same peer under another [`PeerId`], now that the peer
    /// has spoken from `from`. What was asked under its name from elsewhere it did not ask.
    pub(crate) fn absorb(&mut self, other: Self, from: Route) {
        if other.is_home(from) {
            self.inbound = other.inbound;
        }
        self.requests.absorb(other.requests);
        self.counters += other.counters;
    }

    /// Returns what was counted and measured.
    pub(crate) fn statistics(&self) -> Statistics {
        Statistics {
            counters: self.counters,
            round_trip: self.requests.round_trip(),
        }
    }

    /// Returns how much is held.
    pub(crate) fn held(&self) -> Held {
        let (waiting, finished) = self.requests.held();
        let (answered, kept_octets) = self.inbound.kept();
        Held {
            waiting,
            finished,
            executing: self.inbound.executing(),
            answered,
            kept_octets,
            gathered_octets: self.requests.gathered_octets(),
            acks: self.acks.len(),
        }
    }

    /// Whether the request waits for its reply.
    pub(crate) fn is_waiting(&self, id: TransactionId) -> bool {
        self.requests.is_waiting(id)
    }

    /// Returns when [`Self::handle_timeout`] is next due.
    pub(crate) fn poll_timeout(&self) -> Option<(Instant, Why)> {
        let ack = self.ack_at.map(|at| (at, Why::Ack));
        let both = [self.requests.poll_timeout(), self.inbound.poll_timeout()];
        both.into_iter().flatten().chain(ack).min()
    }

    /// Whether no request waits and none executes.
    pub(crate) fn is_idle(&self) -> bool {
        self.requests.is_idle() && self.inbound.is_idle()
    }

    /// Whether the association may make room for another: nothing is under way, and the program has
    /// done no more than answer. Its replies to a peer that it never took up were refusals, so that
    /// a request of which the reply is forgotten is refused once more when it is repeated; if they
    /// counted, whoever invents names would fill the table for LONG-TIMER.
    pub(crate) fn is_spare(&self) -> bool {
        !self.used && self.is_idle()
    }
}

/// The host of an address, in one spelling.
fn host(at: Route) -> IpAddr {
    at.address.socket.ip().to_canonical()
}

/// Answers with an error that is kept nowhere.
fn deny(id: TransactionId, code: ErrorCode, asker: Asker, outbox: &mut Outbox) {
    let octets = reply::write_error(id, false, code, asker.manner, outbox);
    outbox.transmit(octets, asker.manner, asker.from);
}

fn send_pending(id: TransactionId, asker: Asker, outbox: &mut Outbox) {
    outbox.counters.pendings_sent += 1;
    outbox.send(&Transaction::Pending(id), asker.manner, asker.from);
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Association {
        /// The requests of both sides.
        pub(crate) fn tables(&self) -> (&Inbound, &Requests) {
            (&self.inbound, &self.requests)
        }
    }
}
