//! One simulated RTP leg.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use mg_contract::AudioCodec;
use mio::net::UdpSocket;

use super::{
    Frame, Hearing, Source, Tone, Window, codec,
    recording::{FRAME_SAMPLES, Recording},
    sdp,
    source::CodedLoop,
    wire::{self, Sent},
};

/// Attempts at an even port before giving up.
const PORT_ATTEMPTS: usize = 64;
/// Packets read at one go, so that a flood at one phone cannot stop the others.
const READ_AT_ONCE: usize = 64;

/// A simulated leg: it sends its source all the time and records what it receives.
#[derive(Debug)]
pub struct Phone {
    pub(super) socket: UdpSocket,
    local: SocketAddr,
    codec: AudioCodec,
    state: Mutex<State>,
}

/// Counts of a phone since it was made.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PhoneCounters {
    /// RTP packets sent.
    pub sent: u64,
    /// RTP packets received and recorded.
    pub received: u64,
    /// Packets missing in the received sequence numbers.
    pub lost: u64,
    /// Datagrams that were no sound RTP in a codec that phones speak.
    pub refused: u64,
}

#[derive(Debug)]
struct State {
    remote: Option<SocketAddr>,
    source: CodedLoop,
    sequence: u16,
    time_stamp: u32,
    ssrc: u32,
    recording: Recording,
    last_heard: Option<(u32, u16)>,
    counters: PhoneCounters,
}

impl Phone {
    /// A phone on an even port of `address`; the system chooses which.
    pub(super) fn new(
        address: IpAddr,
        source: &Source,
        codec: AudioCodec,
        kept: Duration,
        random: &mut fastrand::Rng,
    ) -> io::Result<Self> {
        let (socket, local) = bind_even(address)?;
        let state = State {
            remote: None,
            source: source.coded(codec),
            sequence: random.u16(..),
            time_stamp: random.u32(..),
            ssrc: random.u32(..),
            recording: Recording::new(kept),
            last_heard: None,
            counters: PhoneCounters::default(),
        };
        Ok(Self {
            socket,
            local,
            codec,
            state: Mutex::new(state),
        })
    }

    /// Where it receives RTP.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// Its SDP offer.
    pub fn offer(&self) -> String {
        sdp::offer(self.local, self.codec)
    }

    /// Sends to `remote` from the next tick on; `None` stops.
    pub fn set_remote(&self, remote: Option<SocketAddr>) {
        self.state().remote = remote;
    }

    /// The frames that arrived in `window`.
    pub fn frames(&self, window: Window) -> Vec<Frame> {
        self.state().recording.frames(window)
    }

    /// Which of the candidates it hears in `window`.
    pub fn hears(&self, window: Window, candidates: &[Tone]) -> Hearing {
        Hearing::of(&self.frames(window), candidates)
    }

    /// Counts since it was made.
    pub fn counters(&self) -> PhoneCounters {
        self.state().counters
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the next 20 ms.
    pub(super) fn send_frame(&self) {
        let mut state = self.state();
        let payload = state.source.next_frame();
        state.time_stamp = state.time_stamp.wrapping_add(FRAME_SAMPLES as u32);
        let Some(remote) = state.remote else { return };
        state.sequence = state.sequence.wrapping_add(1);
        let sent = Sent {
            marker: state.counters.sent == 0,
            payload_type: codec::payload_type(self.codec),
            sequence: state.sequence,
            time_stamp: state.time_stamp,
            ssrc: state.ssrc,
        };
        state.counters.sent += 1;
        if let Some(octets) = wire::write(sent, payload) {
            // What a full socket buffer loses is loss on the network.
            let _ = self.socket.send_to(&octets, remote);
        }
    }

    /// Takes what has arrived; whether there may be more.
    pub(super) fn receive(&self, now: Instant) -> bool {
        let mut buffer = [0; 2_048];
        for _ in 0..READ_AT_ONCE {
            match self.socket.recv_from(&mut buffer) {
                Ok((length, from)) => self.record(&buffer[..length], from, now),
                Err(error) => return error.kind() != io::ErrorKind::WouldBlock,
            }
        }
        true
    }

    fn record(&self, octets: &[u8], from: SocketAddr, now: Instant) {
        let mut state = self.state();
        let packet = wire::read(octets);
        let heard = packet.and_then(|p| Some((codec::of_payload_type(p.header.payload_type)?, p)));
        let Some((codec, packet)) = heard else {
            state.counters.refused += 1;
            return;
        };
        let (ssrc, sequence) = (packet.header.ssrc, packet.header.sequence_number);
        state.note_sequence(ssrc, sequence);
        state.counters.received += 1;
        state.recording.push(Frame {
            arrival: now,
            from,
            sequence,
            time_stamp: packet.header.timestamp,
            ssrc,
            codec,
            payload: packet.payload,
        });
    }
}

impl State {
    /// Counts what is missing before this sequence number. A late packet takes its place back.
    fn note_sequence(&mut self, ssrc: u32, sequence: u16) {
        let Some((known, highest)) = self.last_heard.filter(|(known, _)| *known == ssrc) else {
            self.last_heard = Some((ssrc, sequence));
            return;
        };
        let step = sequence.wrapping_sub(highest);
        if (1..0x8000).contains(&step) {
            self.counters.lost += u64::from(step - 1);
            self.last_heard = Some((known, sequence));
        } else if step != 0 {
            self.counters.lost = self.counters.lost.saturating_sub(1);
        }
    }
}

fn bind_even(address: IpAddr) -> io::Result<(UdpSocket, SocketAddr)> {
    // Odd ones are held until an even one is found, so that the system does not offer them again.
    let mut odd = Vec::new();
    for _ in 0..PORT_ATTEMPTS {
        let socket = UdpSocket::bind(SocketAddr::new(address, 0))?;
        let local = socket.local_addr()?;
        if local.port() % 2 == 0 {
            return Ok((socket, local));
        }
        odd.push(socket);
    }
    Err(io::Error::new(
        io::ErrorKind::AddrInUse,
        "the system offers odd ports only",
    ))
}
