//! One association: the protocol's machine, and what of its messages waits to be served.

use std::{
    collections::VecDeque,
    fmt,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use codec_h248::{Peek, binary};
use dcsctp::api::{
    DcSctpSocket, Message, Options, PpId, SendError, SendOptions, SocketEvent, SocketState,
    SocketTime, StreamId,
};
use tokio::sync::Notify;
use transport_h248::{Carrier, Encoding};

use super::{Event, packet::H248};
use crate::connection::Ended;

/// Octets of messages that were read and wait to be served; a peer that sends more waits.
const IN_FLIGHT: usize = 64 << 10;
/// Octets that a peer may have under way to us. 128 KiB: twice the largest message.
const WINDOW: usize = 128 << 10;
/// Octets that may wait for a peer that reads slowly. 4 MiB, as over TCP.
const WAITING_MAX: usize = 4 << 20;
/// Streams that we send on, and that a peer may send on.
const STREAMS: u16 = 64;
const STREAMS_IN: u16 = 1_024;
/// Octets of a packet. 1,400: with the headers of UDP and IPv6 it fits the usual network.
const PACKET: usize = 1_400;
/// A peer of which nothing is heard is probed so often; five probes without an answer end it.
const PROBE: Duration = Duration::from_secs(5);
/// What is not acknowledged is sent again at intervals that double up to this one, so many times:
/// for 15 s.
const REPEAT_MAX: Duration = Duration::from_secs(8);
const REPEATS: u32 = 4;
/// An association comes about in 0.5 s, or after one, three or seven repetitions of that.
const SETUP: Duration = Duration::from_millis(500);
const SETUP_REPEATS: u32 = 3;

/// What the machine wants to send and to tell.
#[derive(Debug, Default)]
pub(super) struct Out {
    pub(super) packets: VecDeque<(SocketAddr, Vec<u8>)>,
    pub(super) events: VecDeque<Event>,
    /// Messages of another protocol, or of which no message of H.248 is so long.
    pub(super) strange: u64,
}

/// What waits to be served of one association.
#[derive(Debug)]
struct Flight {
    octets: AtomicUsize,
    stalled: AtomicBool,
    freed: Arc<Notify>,
}

impl Flight {
    fn has_room(&self) -> bool {
        self.octets.load(Ordering::SeqCst) < IN_FLIGHT
    }
}

/// Keeps the room that a message takes until it has been served.
#[derive(Debug)]
pub struct Held {
    flight: Arc<Flight>,
    octets: usize,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.flight.octets.fetch_sub(self.octets, Ordering::SeqCst);
        if self.flight.stalled.swap(false, Ordering::SeqCst) {
            self.flight.freed.notify_one();
        }
    }
}

pub(super) struct Association {
    peer: SocketAddr,
    socket: Box<dyn DcSctpSocket>,
    /// Whether we have made it.
    is_ours: bool,
    /// Whether somebody was told of it.
    is_known: bool,
    /// When time does something to it.
    pub(super) due: SocketTime,
    flight: Arc<Flight>,
    /// Why it is being ended by us.
    ending: Option<Ended>,
}

impl fmt::Debug for Association {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Association")
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

impl Association {
    /// One that a peer makes, at these ports of SCTP, ours first.
    pub(super) fn of_peer(peer: SocketAddr, ports: (u16, u16), freed: &Arc<Notify>) -> Self {
        let flight = Flight {
            octets: AtomicUsize::new(0),
            stalled: AtomicBool::new(false),
            freed: Arc::clone(freed),
        };
        Self {
            peer,
            socket: dcsctp::new_socket("", &options(ports)),
            is_ours: false,
            is_known: false,
            due: SocketTime::infinite_future(),
            flight: Arc::new(flight),
            ending: None,
        }
    }

    /// One that we make, at the port that is registered for the encoding.
    pub(super) fn ours(peer: SocketAddr, encoding: Encoding, freed: &Arc<Notify>) -> Self {
        Self {
            is_ours: true,
            is_known: true,
            ..Self::of_peer(peer, (encoding.port(), encoding.port()), freed)
        }
    }

    /// Lets something happen to it; tells whether it has ended by that.
    pub(super) fn act(
        &mut self,
        now: SocketTime,
        out: &mut Out,
        act: impl FnOnce(&mut Self),
    ) -> Option<Ended> {
        self.socket.advance_time(now);
        act(self);
        let mut ended = None;
        while let Some(event) = self.socket.poll_event() {
            if let Some(why) = self.event(event, out) {
                ended = Some(self.ending.take().unwrap_or(why));
            }
        }
        self.read(out);
        self.due = self.socket.poll_timeout();
        let is_over = self.socket.state() == SocketState::Closed;
        ended.or(is_over.then_some(Ended::ByPeer))
    }

    fn event(&mut self, event: SocketEvent, out: &mut Out) -> Option<Ended> {
        let peer = self.peer;
        match event {
            SocketEvent::SendPacket(packet) => out.packets.push_back((peer, packet)),
            SocketEvent::OnConnected() => {
                self.is_known = true;
                out.events.push_back(if self.is_ours {
                    Event::Connected(peer)
                } else {
                    Event::Accepted(peer)
                });
            }
            SocketEvent::OnConnectionRestarted() => {
                self.is_ours = false;
                let why = Ended::Association("the peer has begun it anew".to_owned());
                out.events.push_back(Event::Closed(peer, why));
            }
            SocketEvent::OnClosed() => return Some(Ended::ByPeer),
            SocketEvent::OnAborted(kind, why) => {
                return Some(Ended::Association(format!("{kind:?}: {why}")));
            }
            // Nothing depends on these: what fails in earnest ends the association.
            SocketEvent::OnError(..)
            | SocketEvent::OnBufferedAmountLow(_)
            | SocketEvent::OnTotalBufferedAmountLow()
            | SocketEvent::OnStreamsResetFailed(_)
            | SocketEvent::OnStreamsResetPerformed(_)
            | SocketEvent::OnIncomingStreamReset(_)
            | SocketEvent::OnLifecycleMessageFullySent(_)
            | SocketEvent::OnLifecycleMessageMaybeExpired(_)
            | SocketEvent::OnLifecycleMessageExpired(_)
            | SocketEvent::OnLifecycleMessageDelivered(_)
            | SocketEvent::OnLifecycleEnd(_) => {}
        }
        None
    }

    /// Hands on what is whole, as long as there is room for it.
    fn read(&mut self, out: &mut Out) {
        loop {
            if !self.flight.has_room() {
                self.flight.stalled.store(true, Ordering::SeqCst);
                // What has been served meanwhile has not seen it.
                if !self.flight.has_room() {
                    return;
                }
            }
            let Some(message) = self.socket.get_next_message() else {
                return;
            };
            let (length, protocol) = (message.payload.len(), message.ppid.0);
            if ![0, H248].contains(&protocol) || length > Carrier::Sctp.message_max() {
                out.strange += 1;
                continue;
            }
            self.flight.octets.fetch_add(length, Ordering::SeqCst);
            let held = Held {
                flight: Arc::clone(&self.flight),
                octets: length,
            };
            out.events.push_back(Event::Message {
                peer: self.peer,
                octets: message.payload.into(),
                held,
            });
        }
    }

    pub(super) fn connect(&mut self) {
        self.socket.connect();
    }

    pub(super) fn handle(&mut self, packet: &[u8]) {
        self.socket.handle_input(packet);
    }

    pub(super) fn close(&mut self, why: Ended) {
        self.ending = Some(why);
        self.socket.close();
    }

    /// Sends a message, or ends the association where too much waits already; returns whether it
    /// went.
    pub(super) fn send(&mut self, octets: &Bytes) -> bool {
        let agreed = self.socket.get_metrics();
        let streams = agreed.map_or(1, |agreed| agreed.negotiated_maximum_outgoing_streams);
        let stream = StreamId(stream(octets, streams.clamp(1, STREAMS)));
        let message = Message::new(stream, PpId(H248), octets.to_vec());
        let sent = self.socket.send(message, &SendOptions::default());
        if sent == Err(SendError::ResourceExhaustion) {
            self.close(Ended::Deaf);
        }
        sent.is_ok()
    }

    /// Whether messages wait in it.
    pub(super) fn has_more(&self) -> bool {
        self.socket.messages_ready_count() > 0
    }

    /// Whether its end is to be told.
    pub(super) fn is_known(&self) -> bool {
        self.is_known
    }
}

/// The stream of a message: by the number of its first transaction, so that none waits for another,
/// and what belongs to one stays in order.
fn stream(octets: &[u8], streams: u16) -> u16 {
    let first = peek(octets).transactions().next();
    let number = first.map_or(0, |transaction| transaction.id.0);
    u16::try_from(number % u32::from(streams)).unwrap_or_default()
}

fn peek(octets: &[u8]) -> Peek<'_> {
    match Encoding::of(octets) {
        Encoding::Text => codec_h248::peek(octets),
        Encoding::Binary => binary::peek(octets),
    }
}

fn options((local, remote): (u16, u16)) -> Options {
    Options {
        local_port: local,
        remote_port: remote,
        announced_maximum_incoming_streams: STREAMS_IN,
        announced_maximum_outgoing_streams: STREAMS,
        mtu: PACKET,
        max_message_size: Carrier::Sctp.message_max(),
        max_receiver_window_buffer_size: WINDOW,
        max_send_buffer_size: WAITING_MAX,
        per_stream_send_queue_limit: WAITING_MAX,
        total_buffered_amount_low_threshold: 0,
        rto_max: REPEAT_MAX,
        t1_init_timeout: SETUP,
        t1_cookie_timeout: SETUP,
        heartbeat_interval: PROBE,
        max_retransmissions: Some(REPEATS),
        max_init_retransmits: Some(SETUP_REPEATS),
        enable_partial_reliability: false,
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_one_transaction_goes_on_one_stream() {
        let of = |text: &str| stream(text.as_bytes(), STREAMS);
        let request = of("MEGACO/3 [127.0.0.1]:2944 Transaction = 70 {Context = 1 {}}");
        assert_eq!(request, 6);
        assert_eq!(of("!/3 [127.0.0.1]:2944 P=70{}"), request);
        assert_eq!(of("!/3 [127.0.0.1]:2944 P=71{}"), 7);
        assert_eq!(of("what is no message"), 0);
        assert_eq!(stream(b"!/3 [127.0.0.1]:2944 P=70{}", 1), 0);
    }
}
