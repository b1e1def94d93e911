//! Far ends of many legs: one thread that sends each leg a packet every 20 ms, a quarter of them
//! every 5 ms, and takes what the legs send.

#![expect(
    clippy::disallowed_types,
    reason = "the far ends are a shell of their own"
)]

use std::{
    io,
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::rooms::Rooms;
use crate::{
    phones::codec::{self, Law},
    stage::now,
};

/// Samples of a packet, 8 kHz.
pub(super) const FRAME: usize = 160;
/// Octets before them.
pub(super) const HEADER: usize = 12;
/// What a leg is sent at a time.
const FRAME_TIME: Duration = Duration::from_millis(20);
/// Legs are sent to in so many groups, one after another.
const GROUPS: u32 = 4;
/// The loudness of who talks: a saw of this height.
const LOUD: i16 = 4_000;

/// The far ends. Dropping them ends them.
#[derive(Debug)]
pub(super) struct Traffic {
    /// Where each leg is to send.
    pub(super) places: Vec<SocketAddr>,
    sockets: Vec<UdpSocket>,
    received: Arc<AtomicU64>,
    end: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Traffic {
    /// A socket for each leg, silent.
    pub(super) fn bind(legs: usize) -> io::Result<Self> {
        let sockets = (0..legs).map(|_| {
            let socket = UdpSocket::bind("127.0.0.1:0")?;
            socket.set_nonblocking(true)?;
            Ok(socket)
        });
        let sockets: Vec<UdpSocket> = sockets.collect::<io::Result<_>>()?;
        let places = sockets.iter().map(UdpSocket::local_addr);
        Ok(Self {
            places: places.collect::<io::Result<_>>()?,
            sockets,
            received: Arc::default(),
            end: None,
        })
    }

    /// Sends each leg what it says from now on, at these places.
    #[expect(clippy::disallowed_methods, reason = "the far ends' own thread")]
    pub(super) fn start(&mut self, rooms: Rooms, to: Vec<SocketAddr>) {
        let (end, ended) = channel();
        let sockets = std::mem::take(&mut self.sockets);
        let received = Arc::clone(&self.received);
        let sender = Far {
            rooms,
            sockets,
            to,
            received,
        };
        self.end = Some((end, thread::spawn(move || sender.run(&ended))));
    }

    /// Packets that came so far.
    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.end.take() {
            drop(end);
            // A panic there was told there.
            let _ = thread.join();
        }
    }
}

struct Far {
    rooms: Rooms,
    sockets: Vec<UdpSocket>,
    to: Vec<SocketAddr>,
    received: Arc<AtomicU64>,
}

impl Far {
    fn run(&self, ended: &Receiver<()>) {
        let packets = [packet(false), packet(true)];
        let mut packets: Vec<[u8; HEADER + FRAME]> = (0..self.sockets.len())
            .map(|leg| packets[usize::from(self.rooms.talks(leg))])
            .collect();
        let start = now();
        for turn in 0_u32.. {
            let due = start + FRAME_TIME / GROUPS * turn;
            let wait = due.saturating_duration_since(now());
            if ended.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let frame = turn / GROUPS;
            let legs = (0..self.sockets.len()).filter(|leg| *leg as u32 % GROUPS == turn % GROUPS);
            for leg in legs {
                let octets = &mut packets[leg];
                octets[2..4].copy_from_slice(&(frame as u16).to_be_bytes());
                octets[4..8].copy_from_slice(&(frame * FRAME as u32).to_be_bytes());
                octets[8..12].copy_from_slice(&(leg as u32).to_be_bytes());
                // What finds no room is lost, as on any network.
                let _ = self.sockets[leg].send_to(octets, self.to[leg]);
                self.take(leg);
            }
        }
    }

    fn take(&self, leg: usize) {
        let mut octets = [0; 2 * (HEADER + FRAME)];
        let mut count = 0;
        while self.sockets[leg].recv(&mut octets).is_ok() {
            count += 1;
        }
        self.received.fetch_add(count, Ordering::Relaxed);
    }
}

/// A packet of µ-law, of a saw or of silence.
fn packet(talks: bool) -> [u8; HEADER + FRAME] {
    let mut octets = [0xff; HEADER + FRAME];
    octets[..HEADER].fill(0);
    octets[0] = 0x80;
    if talks {
        for (at, octet) in octets[HEADER..].iter_mut().enumerate() {
            let sample = LOUD / 20 * (at % 20) as i16 - LOUD / 2;
            *octet = codec::encode(Law::Mu, sample);
        }
    }
    octets
}
