//! What all associations of an endpoint share: how they speak, and the queues to the outside.

use std::collections::VecDeque;

use bytes::Bytes;
use codec_h248::{
    EmptySignals, MId, Message, MessageBody, Style, TextProfile, Transaction, binary,
    descriptor::{ErrorCode, ErrorDescriptor},
};

use crate::{
    Carrier, Config, Counters, Encoding, Event, PeerId, Route, Transmit,
    authentication::HEADER_OCTETS, scribe::Scribe, terms::Terms,
};

/// How a message is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Manner {
    /// The version of its syntax.
    pub(crate) version: u8,
    /// Its encoding.
    pub(crate) encoding: Encoding,
    /// Octets that it may have.
    pub(crate) octets: usize,
    /// How all signals are stopped in its text.
    pub(crate) empty_signals: EmptySignals,
}

/// Something that waits to be sent.
#[derive(Debug)]
struct Outgoing {
    to: Route,
    manner: Manner,
    part: Part,
}

#[derive(Debug)]
enum Part {
    /// A transaction, which may share a message with others.
    Transaction(Bytes),
    /// A message that is whole.
    Message(Bytes),
}

/// The manner of speaking, and the queues.
#[derive(Debug)]
pub(crate) struct Outbox {
    pub(crate) config: Config,
    pub(crate) counters: Counters,
    pub(crate) random: fastrand::Rng,
    /// Requests of all peers that execute.
    pub(crate) executing: usize,
    /// Octets of replies that are kept for all peers.
    pub(crate) kept_octets: usize,
    local: MId<'static>,
    /// Octets that stand before the transactions of a message, at most.
    header_octets: usize,
    outgoing: VecDeque<Outgoing>,
    events: VecDeque<(PeerId, Event)>,
}

impl Outbox {
    /// Makes empty queues.
    pub(crate) fn new(config: Config, local: MId<'static>, random: fastrand::Rng) -> Self {
        Self {
            header_octets: header_octets(&local)
                + config.authentication.as_ref().map_or(0, |_| HEADER_OCTETS),
            config,
            counters: Counters::default(),
            executing: 0,
            kept_octets: 0,
            random,
            local,
            outgoing: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// Writes a transaction.
    ///
    /// # Errors
    ///
    /// What a reply says instead: no message can hold it (533), or its encoding has no form for it.
    pub(crate) fn write(
        &mut self,
        manner: Manner,
        transaction: &Transaction<'_>,
    ) -> Result<Bytes, ErrorCode> {
        let octets = self.encode(manner, transaction)?;
        if octets.len() > self.room(manner) {
            return Err(ErrorCode::REPLY_TOO_LARGE);
        }
        Ok(octets)
    }

    /// Counts what could not be written, if that was for its size.
    pub(crate) fn count_oversized(&mut self, code: ErrorCode) {
        self.counters.oversized += u64::from(code == ErrorCode::REPLY_TOO_LARGE);
    }

    /// Writes a transaction that is known to be small.
    ///
    /// # Errors
    ///
    /// Its encoding has no form for it (500).
    pub(crate) fn encode(
        &mut self,
        manner: Manner,
        transaction: &Transaction<'_>,
    ) -> Result<Bytes, ErrorCode> {
        let written = self.scribe(manner).transaction(transaction);
        self.counters.unsayable += u64::from(written.is_err());
        written
    }

    /// Returns what writes in this manner.
    pub(crate) fn scribe(&self, manner: Manner) -> Scribe<'_> {
        Scribe {
            config: &self.config,
            manner,
        }
    }

    /// How a message is written that goes by a carrier, to a peer with these terms where it is known.
    pub(crate) fn manner(
        &self,
        (version, encoding): (u8, Encoding),
        carrier: Carrier,
        terms: Option<&Terms>,
    ) -> Manner {
        let pdu_max = terms.and_then(|terms| terms.pdu_max);
        let most = carrier.message_max().min(self.config.limits.message_octets);
        Manner {
            version,
            encoding,
            octets: pdu_max.map_or(most, |pdu_max| pdu_max.min(most)),
            empty_signals: terms.map(|terms| terms.empty_signals).unwrap_or_default(),
        }
    }

    /// Returns how many octets the transactions of a message may have.
    pub(crate) fn room(&self, manner: Manner) -> usize {
        manner.octets.saturating_sub(self.header_octets)
    }

    /// Sends one small transaction of which no copy is kept.
    pub(crate) fn send(&mut self, transaction: &Transaction<'_>, manner: Manner, to: Route) {
        if let Ok(octets) = self.encode(manner, transaction) {
            self.transmit(octets, manner, to);
        }
    }

    /// Sends a message that says what is wrong with one of the peer's.
    pub(crate) fn send_error(&mut self, error: ErrorDescriptor<'_>, manner: Manner, to: Route) {
        let message = Message {
            authentication: None,
            version: manner.version,
            mid: self.local.clone(),
            body: MessageBody::Error(error),
        };
        let mut octets = Vec::new();
        match manner.encoding {
            Encoding::Text => {
                let profile = TextProfile::of(self.config.style);
                codec_h248::encode(&message, &profile, &mut octets);
            }
            Encoding::Binary => {
                if binary::encode(&message, &self.config.names, &mut octets).is_err() {
                    self.counters.unsayable += 1;
                    return;
                }
            }
        }
        self.queue(Part::Message(octets.into()), manner, to);
    }

    /// Queues a transaction that [`Self::write`] has written.
    pub(crate) fn transmit(&mut self, octets: Bytes, manner: Manner, to: Route) {
        self.queue(Part::Transaction(octets), manner, to);
    }

    /// Queues transactions that are parts of one.
    pub(crate) fn transmit_all(&mut self, parts: &[Bytes], manner: Manner, to: Route) {
        for part in parts {
            self.transmit(part.clone(), manner, to);
        }
    }

    /// Queues a transaction behind another, in the same message if that has room for both.
    pub(crate) fn transmit_behind(
        &mut self,
        before: Bytes,
        octets: Bytes,
        manner: Manner,
        to: Route,
    ) {
        if before.len() + octets.len() > self.room(manner) {
            self.transmit(before, manner, to);
            return self.transmit(octets, manner, to);
        }
        let both = [before, octets].concat();
        self.queue(Part::Transaction(both.into()), manner, to);
    }

    /// Queues something; where there is no room it is lost, as in the network.
    fn queue(&mut self, part: Part, manner: Manner, to: Route) {
        if self.outgoing.len() >= self.config.limits.transmits {
            self.counters.dropped += 1;
            return;
        }
        self.outgoing.push_back(Outgoing { to, manner, part });
    }

    /// Whether an event that a peer causes at will may be queued; counts where not.
    pub(crate) fn has_room(&mut self) -> bool {
        let room = self.events.len() < self.config.limits.events;
        if !room {
            self.counters.dropped += 1;
        }
        room
    }

    /// Queues an event. Those that end a request of ours are as many as the program's requests;
    /// for all others [`Self::has_room`] comes first.
    pub(crate) fn emit(&mut self, peer: PeerId, event: Event) {
        self.events.push_back((peer, event));
    }

    /// Takes out the next message: a transaction, and with it those behind it that go the same way
    /// in the same manner, as far as the batch has room.
    pub(crate) fn poll_transmit(&mut self) -> Option<Transmit> {
        let Outgoing { to, manner, part } = self.outgoing.pop_front()?;
        self.counters.messages_sent += 1;
        let first = match part {
            Part::Message(octets) => return Some(Transmit { to, octets }),
            Part::Transaction(octets) => octets,
        };
        let octets = match manner.encoding {
            Encoding::Text => self.text_batch(first, manner, to),
            Encoding::Binary => self.binary_batch(first, manner, to),
        };
        Some(Transmit { to, octets })
    }

    fn text_batch(&mut self, first: Bytes, manner: Manner, to: Route) -> Bytes {
        let profile = TextProfile::of(self.config.style);
        let mut octets = Vec::with_capacity(self.header_octets + first.len());
        codec_h248::encode_header(None, manner.version, &self.local, &profile, &mut octets);
        octets.extend_from_slice(&first);
        while let Some(next) = self.next_of_batch(octets.len() + 1, manner, to) {
            // A SegmentReply ends with a number or a word, which what follows must not join.
            if octets.last().is_some_and(u8::is_ascii_alphanumeric) {
                octets.push(b'\n');
            }
            octets.extend_from_slice(&next);
        }
        octets.into()
    }

    fn binary_batch(&mut self, first: Bytes, manner: Manner, to: Route) -> Bytes {
        let mut length = self.header_octets + first.len();
        let mut batch = vec![first];
        while let Some(next) = self.next_of_batch(length, manner, to) {
            length += next.len();
            batch.push(next);
        }
        let mut octets = Vec::with_capacity(length);
        let written = binary::encode_batch(None, manner.version, &self.local, &batch, &mut octets);
        debug_assert!(written.is_ok(), "a header can always be written");
        octets.into()
    }

    /// Takes out what comes next, if it fits into the message that holds `length` octets already.
    fn next_of_batch(&mut self, length: usize, manner: Manner, to: Route) -> Option<Bytes> {
        let next = self.outgoing.front()?;
        let Part::Transaction(octets) = &next.part else {
            return None;
        };
        let alike = next.to == to && next.manner == manner;
        let most = self.config.batch_octets.min(manner.octets);
        if !alike || length + octets.len() > most {
            return None;
        }
        let octets = octets.clone();
        self.outgoing.pop_front();
        Some(octets)
    }

    /// Takes out the next event.
    pub(crate) fn poll_event(&mut self) -> Option<(PeerId, Event)> {
        self.events.pop_front()
    }
}

/// Returns how many octets stand before the transactions of a message, at most: pretty text needs
/// as many, and binary has seven lengths and tags of up to five octets around the name.
fn header_octets(local: &MId<'_>) -> usize {
    const AROUND: usize = 35;
    let profile = TextProfile::of(Style::Pretty);
    let mut octets = Vec::new();
    codec_h248::encode_header(None, 1, local, &profile, &mut octets);
    octets.len() + AROUND
}
