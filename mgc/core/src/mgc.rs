//! The controller: registry, conferences and link, composed.

use std::{net::SocketAddr, time::Instant};

use transport_h248::{Anchor, Endpoint, Transmit};

use crate::{
    Config,
    northbound::{
        Accepted, CallId, CallView, Completion, Event, GatewayView, LegView, OperationId,
        OperationView, Refusal, Request, SegView,
    },
};

/// Why a wake-up is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Why {
    /// A timer of the link.
    Link(transport_h248::Why),
    /// A gateway that did not answer is to be asked again.
    Probe,
}

/// The Parlay platform and media gateway controller.
#[derive(Debug)]
pub struct Mgc {
    endpoint: Endpoint,
    anchor: Anchor,
}

impl Mgc {
    /// Makes a controller without Calls and gateways.
    pub fn new(config: Config, seed: u64, anchor: Anchor, now: Instant) -> Self {
        let _ = now;
        Self {
            endpoint: Endpoint::new(config.transport, config.mid, seed),
            anchor,
        }
    }

    /// Takes a datagram of the H.248 socket.
    pub fn handle_datagram(&mut self, octets: &[u8], from: SocketAddr, now: Instant) {
        self.endpoint.handle_datagram(octets, from, now);
    }

    /// Takes a request of the application. What is refused here had no effect; for what is
    /// accepted, [`Self::poll_completion`] yields exactly one completion, possibly at once.
    pub fn handle_request(&mut self, request: Request, now: Instant) -> Result<Accepted, Refusal> {
        let _ = (request, now);
        Err(Refusal::NoGateway)
    }

    /// Takes a new anchor when the clock was set.
    pub fn handle_anchor(&mut self, anchor: Anchor) {
        self.anchor = anchor;
    }

    /// Advances to `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.endpoint.handle_timeout(now);
    }

    /// Returns the next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.endpoint.poll_transmit()
    }

    /// Returns the next event.
    pub fn poll_event(&mut self) -> Option<Event> {
        None
    }

    /// Returns how the next operation ended.
    pub fn poll_completion(&mut self) -> Option<Completion> {
        None
    }

    /// Returns when [`Self::handle_timeout`] is next due, and why.
    pub fn poll_timeout(&self) -> Option<(Instant, Why)> {
        let (at, why) = self.endpoint.poll_timeout()?;
        Some((at, Why::Link(why)))
    }

    /// Returns a Call.
    pub fn call(&self, call: &CallId) -> Result<CallView, Refusal> {
        Err(Refusal::UnknownCall(call.clone()))
    }

    /// Returns all Calls.
    pub fn calls(&self) -> Vec<CallView> {
        Vec::new()
    }

    /// Returns the Segs of a Call, in the order of their making.
    pub fn segs(&self, call: &CallId) -> Result<Vec<SegView>, Refusal> {
        Err(Refusal::UnknownCall(call.clone()))
    }

    /// Returns the Legs of a Call, in the order of their joining.
    pub fn legs(&self, call: &CallId) -> Result<Vec<LegView>, Refusal> {
        Err(Refusal::UnknownCall(call.clone()))
    }

    /// Returns an operation.
    pub fn operation(&self, operation: &OperationId) -> Result<OperationView, Refusal> {
        Err(Refusal::UnknownOperation(operation.clone()))
    }

    /// Returns the gateways.
    pub fn gateways(&self) -> Vec<GatewayView> {
        Vec::new()
    }

    /// Returns what the link has counted.
    pub fn counters(&self) -> transport_h248::Counters {
        self.endpoint.counters()
    }
}
