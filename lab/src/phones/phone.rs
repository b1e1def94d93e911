//! One simulated RTP leg on a socket.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::phones::codec::Codec;
use mio::net::UdpSocket;

use super::{Frame, Hearing, Machine, PhoneCounters, Source, Tone, Window, sdp};

/// Attempts at an even port before giving up.
const PORT_ATTEMPTS: usize = 64;
/// Packets read at one go, so that a flood at one phone cannot stop the others.
const READ_AT_ONCE: usize = 64;

/// A simulated leg: it sends its source all the time and records what it receives.
#[derive(Debug)]
pub struct Phone {
    pub(super) socket: UdpSocket,
    local: SocketAddr,
    codec: Codec,
    machine: Mutex<Machine>,
}

impl Phone {
    /// A phone on an even port of `address`; the system chooses which.
    pub(super) fn new(
        address: IpAddr,
        source: &Source,
        codec: Codec,
        kept: Duration,
        random: &mut fastrand::Rng,
    ) -> io::Result<Self> {
        let (socket, local) = bind_even(address)?;
        Ok(Self {
            socket,
            local,
            codec,
            machine: Mutex::new(Machine::new(source, codec, kept, random)),
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
        self.machine().set_remote(remote);
    }

    /// The frames that arrived in `window`.
    pub fn frames(&self, window: Window) -> Vec<Frame> {
        self.machine().frames(window)
    }

    /// Which of the candidates it hears in `window`.
    pub fn hears(&self, window: Window, candidates: &[Tone]) -> Hearing {
        Hearing::of(&self.frames(window), candidates)
    }

    /// Counts since it was made.
    pub fn counters(&self) -> PhoneCounters {
        self.machine().counters()
    }

    fn machine(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the next 20 ms.
    pub(super) fn send_frame(&self) {
        if let Some((remote, octets)) = self.machine().next_frame() {
            // What a full socket buffer loses is loss on the network.
            let _ = self.socket.send_to(&octets, remote);
        }
    }

    /// Takes what has arrived; whether there may be more.
    pub(super) fn receive(&self, now: Instant) -> bool {
        let mut buffer = [0; 2_048];
        for _ in 0..READ_AT_ONCE {
            match self.socket.recv_from(&mut buffer) {
                Ok((length, from)) => self.machine().handle_rtp(&buffer[..length], from, now),
                Err(error) => return error.kind() != io::ErrorKind::WouldBlock,
            }
        }
        true
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
