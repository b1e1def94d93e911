//! One socket's worth of H.248: all associations of one local MId.

use std::{net::SocketAddr, time::Instant};

use codec_h248::{ActionRequest, MId, TransactionId, TransactionResult};

use crate::{Config, Counters, Event, PeerId, Transmit, Why};

/// All associations of one local MId, told apart by the MId of the peer (H.248.1 8.3).
#[derive(Debug)]
pub struct Endpoint {
    counters: Counters,
}

impl Endpoint {
    /// Makes an endpoint that speaks as `local`.
    pub fn new(config: Config, local: MId<'static>, seed: u64) -> Self {
        let _ = (config, local, seed);
        Self {
            counters: Counters::default(),
        }
    }

    /// Makes an association with whoever answers at `address`. The first message from there, or a
    /// reply to a request of this association, says which MId that is.
    pub fn connect(&mut self, address: SocketAddr, now: Instant) -> PeerId {
        let _ = (address, now);
        PeerId(0)
    }

    /// Takes a datagram.
    pub fn handle_datagram(&mut self, octets: &[u8], from: SocketAddr, now: Instant) {
        let _ = (octets, from, now);
    }

    /// Sends a request, and repeats it until it is answered or T-MAX has passed.
    pub fn request(
        &mut self,
        peer: PeerId,
        actions: Vec<ActionRequest<'static>>,
        now: Instant,
    ) -> TransactionId {
        let _ = (peer, actions, now);
        TransactionId(1)
    }

    /// Answers a request.
    pub fn reply(
        &mut self,
        peer: PeerId,
        id: TransactionId,
        result: TransactionResult<'static>,
        now: Instant,
    ) {
        let _ = (peer, id, result, now);
    }

    /// Sets the version of requests to come.
    pub fn set_version(&mut self, peer: PeerId, version: u8) {
        let _ = (peer, version);
    }

    /// Sets where requests go.
    pub fn set_address(&mut self, peer: PeerId, address: SocketAddr) {
        let _ = (peer, address);
    }

    /// Ends all outstanding requests without an event.
    pub fn forget_requests(&mut self, peer: PeerId) {
        let _ = peer;
    }

    /// Ends an association: nothing of it is sent, kept or reported any more.
    pub fn disconnect(&mut self, peer: PeerId) {
        let _ = peer;
    }

    /// Returns the peer's name, once it is known.
    pub fn mid(&self, peer: PeerId) -> Option<&MId<'static>> {
        let _ = peer;
        None
    }

    /// Returns where requests go.
    pub fn address(&self, peer: PeerId) -> Option<SocketAddr> {
        let _ = peer;
        None
    }

    /// Returns the version of requests.
    pub fn version(&self, peer: PeerId) -> u8 {
        let _ = peer;
        1
    }

    /// Advances to `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        let _ = now;
    }

    /// Returns the next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        None
    }

    /// Returns the next event.
    pub fn poll_event(&mut self) -> Option<(PeerId, Event)> {
        None
    }

    /// Returns when [`Self::handle_timeout`] is next due, and why.
    pub fn poll_timeout(&self) -> Option<(Instant, Why)> {
        None
    }

    /// Returns what has been counted.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Whether no request is outstanding and none executes.
    pub fn is_idle(&self) -> bool {
        true
    }
}
