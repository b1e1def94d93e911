//! What all associations of an endpoint share: how they speak, and the queues to the outside.

use std::{collections::VecDeque, net::SocketAddr};

use bytes::Bytes;
use codec_h248::{MId, Message, MessageBody, TextProfile, Transaction};

use crate::{Config, Counters, Event, PeerId, Transmit};

/// The manner of speaking, and the queues.
#[derive(Debug)]
pub(crate) struct Outbox {
    pub(crate) config: Config,
    pub(crate) counters: Counters,
    pub(crate) random: fastrand::Rng,
    local: MId<'static>,
    transmits: VecDeque<Transmit>,
    events: VecDeque<(PeerId, Event)>,
}

impl Outbox {
    /// Makes empty queues.
    pub(crate) fn new(config: Config, local: MId<'static>, random: fastrand::Rng) -> Self {
        Self {
            config,
            counters: Counters::default(),
            random,
            local,
            transmits: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// Writes a message; `None` where no datagram can hold it.
    pub(crate) fn write(&mut self, version: u8, body: MessageBody<'_>) -> Option<Bytes> {
        let octets = self.encode(version, body);
        if octets.len() > self.config.limits.message_octets {
            self.counters.oversized += 1;
            return None;
        }
        Some(octets)
    }

    /// Writes a message that is known to be small.
    pub(crate) fn encode(&self, version: u8, body: MessageBody<'_>) -> Bytes {
        let message = Message {
            authentication: None,
            version,
            mid: self.local.clone(),
            body,
        };
        let profile = TextProfile::of(self.config.style);
        let mut octets = Vec::new();
        codec_h248::encode(&message, &profile, &mut octets);
        octets.into()
    }

    /// Sends one small transaction in a message of its own.
    pub(crate) fn send(&mut self, transaction: Transaction<'_>, version: u8, to: SocketAddr) {
        let body = MessageBody::Transactions(vec![transaction]);
        let octets = self.encode(version, body);
        self.transmit(octets, to);
    }

    /// Queues a datagram; where there is no room it is lost, as in the network.
    pub(crate) fn transmit(&mut self, octets: Bytes, to: SocketAddr) {
        if self.transmits.len() >= self.config.limits.transmits {
            self.counters.dropped += 1;
            return;
        }
        self.transmits.push_back(Transmit { to, octets });
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

    /// Takes out the next datagram.
    pub(crate) fn poll_transmit(&mut self) -> Option<Transmit> {
        let transmit = self.transmits.pop_front()?;
        self.counters.datagrams_sent += 1;
        Some(transmit)
    }

    /// Takes out the next event.
    pub(crate) fn poll_event(&mut self) -> Option<(PeerId, Event)> {
        self.events.pop_front()
    }
}
