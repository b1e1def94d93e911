//! The whole gateway: link, registration, Contexts and executor, composed.

use std::{collections::VecDeque, net::SocketAddr, time::Instant};

use mg_contract::{Command, Report, RtpPort};
use transport_h248::{Anchor, Endpoint, Transmit};

use crate::{Bound, Config, Counters, Event, PortCounts, Snapshot, Why};

/// A media gateway without sockets, threads or clocks.
///
/// After every `handle_…` call each `poll_…` until it yields `None`. Early or repeated
/// [`Self::handle_timeout`] does nothing.
#[derive(Debug)]
pub struct Mg {
    endpoint: Endpoint,
    events: VecDeque<Event>,
}

impl Mg {
    /// Makes a gateway that starts to register at once. `seed` decides everything random.
    pub fn new(config: Config, seed: u64, anchor: Anchor, now: Instant) -> Self {
        let _ = (anchor, now);
        Self {
            endpoint: Endpoint::new(config.transport, config.mid, seed),
            events: VecDeque::new(),
        }
    }

    /// Takes a datagram of the H.248 socket.
    pub fn handle_datagram(&mut self, octets: &[u8], from: SocketAddr, now: Instant) {
        self.endpoint.handle_datagram(octets, from, now);
    }

    /// Takes what became of a port pair of [`Self::poll_bind`].
    pub fn handle_bound(&mut self, port: RtpPort, bound: Bound, now: Instant) {
        let _ = (port, bound, now);
    }

    /// Takes a report of the engine.
    pub fn handle_media(&mut self, report: Report, now: Instant) {
        let _ = (report, now);
    }

    /// Says goodbye to the controller; [`Event::Stopped`] follows within a second.
    pub fn handle_shutdown(&mut self, now: Instant) {
        let _ = now;
        self.events.push_back(Event::Stopped);
    }

    /// Advances to `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.endpoint.handle_timeout(now);
    }

    /// Returns the next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.endpoint.poll_transmit()
    }

    /// Returns the next port pair to bind on the address for media, RTP and RTCP.
    pub fn poll_bind(&mut self) -> Option<RtpPort> {
        None
    }

    /// Returns the next command for the engine.
    pub fn poll_media(&mut self) -> Option<Command> {
        None
    }

    /// Returns the next event.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Returns when [`Self::handle_timeout`] is next due, and why.
    pub fn poll_timeout(&self) -> Option<(Instant, Why)> {
        let (at, why) = self.endpoint.poll_timeout()?;
        Some((at, Why::Transport(why)))
    }

    /// Returns the gateway as plain data.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            contexts: Vec::new(),
            ports: PortCounts::default(),
            registered: false,
            transactions: 0,
            counters: Counters::default(),
            transport: self.endpoint.counters(),
        }
    }
}
