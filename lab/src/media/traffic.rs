//! Far ends of many legs: one thread that sends each leg a packet every 20 ms, a quarter of them
//! every 5 ms, and takes what the legs send.

#![expect(
    clippy::disallowed_types,
    reason = "the far ends are a shell of their own"
)]

use std::{
    collections::VecDeque,
    io,
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use bytes::Bytes;

use super::{
    cores::{Part, run_on},
    rooms::Rooms,
    voices::Voices,
};
use crate::{
    phones::{codec::Codec, opus},
    stage::now,
};

/// Octets of a packet before its sound.
pub(super) const HEADER: usize = 12;
/// The longest packet.
pub(super) const LONGEST: usize = HEADER + opus::LONGEST;
/// What a leg is sent at a time.
const FRAME_TIME: Duration = Duration::from_millis(20);
/// Legs are sent to in so many groups, one after another.
const GROUPS: u32 = 4;
/// Legs that speak the same are so many packets apart.
const APART: usize = 13;
/// So many of the latest packets of a leg are kept.
const KEPT: usize = 16;

/// The latest payloads that came to a leg.
pub(super) type Heard = VecDeque<Vec<u8>>;

/// The far ends. Dropping them ends them.
#[derive(Debug)]
pub(super) struct Traffic {
    /// Where each leg is to send.
    pub(super) places: Vec<SocketAddr>,
    sockets: Vec<UdpSocket>,
    shared: Arc<Shared>,
    end: Option<(Sender<()>, JoinHandle<Vec<Heard>>)>,
}

#[derive(Debug, Default)]
struct Shared {
    received: AtomicU64,
    running: AtomicBool,
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
            shared: Arc::default(),
            end: None,
        })
    }

    /// Starts to send each leg what it says at these places, whenever it is to run.
    #[expect(clippy::disallowed_methods, reason = "the far ends' own thread")]
    pub(super) fn start(&mut self, rooms: Rooms, voices: &Voices, to: Vec<SocketAddr>) {
        let (end, ended) = channel();
        let sockets = std::mem::take(&mut self.sockets);
        let legs = sockets.into_iter().zip(to).enumerate();
        let legs = legs.map(|(leg, (socket, to))| Leg {
            socket,
            to,
            codec: rooms.codec(leg),
            says: voices.of(rooms, leg),
            source: leg as u32,
            sequence: 0,
            heard: VecDeque::new(),
        });
        let far = Far {
            legs: legs.collect(),
            shared: Arc::clone(&self.shared),
        };
        self.end = Some((end, thread::spawn(move || far.run(&ended))));
    }

    /// Whether anything is sent and taken.
    pub(super) fn set_running(&self, running: bool) {
        self.shared.running.store(running, Ordering::Relaxed);
    }

    /// Packets that came so far.
    pub(super) fn received(&self) -> u64 {
        self.shared.received.load(Ordering::Relaxed)
    }

    /// Ends them; what came to each leg last.
    pub(super) fn stop(mut self) -> Vec<Heard> {
        self.join()
    }

    fn join(&mut self) -> Vec<Heard> {
        let Some((end, thread)) = self.end.take() else {
            return Vec::new();
        };
        drop(end);
        // A panic there was told there.
        thread.join().unwrap_or_default()
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        self.join();
    }
}

struct Far {
    legs: Vec<Leg>,
    shared: Arc<Shared>,
}

struct Leg {
    socket: UdpSocket,
    to: SocketAddr,
    codec: Codec,
    says: Vec<Bytes>,
    source: u32,
    sequence: u16,
    heard: Heard,
}

impl Far {
    fn run(mut self, ended: &Receiver<()>) -> Vec<Heard> {
        run_on(Part::FarEnds);
        let start = now();
        for turn in 0_u32.. {
            let due = start + FRAME_TIME / GROUPS * turn;
            let wait = due.saturating_duration_since(now());
            if ended.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                break;
            }
            if !self.shared.running.load(Ordering::Relaxed) {
                continue;
            }
            let group = self.legs.iter_mut().skip((turn % GROUPS) as usize);
            for leg in group.step_by(GROUPS as usize) {
                leg.send(turn / GROUPS);
                let count = leg.take();
                self.shared.received.fetch_add(count, Ordering::Relaxed);
            }
        }
        self.legs.into_iter().map(|leg| leg.heard).collect()
    }
}

impl Leg {
    fn send(&mut self, frame: u32) {
        let at = (frame as usize + self.source as usize * APART) % self.says.len();
        let payload = &self.says[at];
        if payload.is_empty() {
            return;
        }
        self.sequence = self.sequence.wrapping_add(1);
        let mut octets = [0; LONGEST];
        octets[0] = 0x80;
        octets[1] = self.codec.payload_type();
        octets[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        let time_stamp = frame.wrapping_mul(self.codec.frame_units());
        octets[4..8].copy_from_slice(&time_stamp.to_be_bytes());
        octets[8..12].copy_from_slice(&self.source.to_be_bytes());
        let packet = &mut octets[..HEADER + payload.len()];
        packet[HEADER..].copy_from_slice(payload);
        // What finds no room is lost, as on any network.
        let _ = self.socket.send_to(packet, self.to);
    }

    /// Takes what came; how many packets it was.
    fn take(&mut self) -> u64 {
        let mut octets = [0; LONGEST];
        let mut count = 0;
        while let Ok(length) = self.socket.recv(&mut octets) {
            count += 1;
            let mut kept = match self.heard.len() {
                KEPT => self.heard.pop_front().unwrap_or_default(),
                _ => Vec::new(),
            };
            kept.clear();
            kept.extend_from_slice(octets.get(HEADER..length).unwrap_or_default());
            self.heard.push_back(kept);
        }
        count
    }
}
