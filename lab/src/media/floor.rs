//! The floor: what any gateway must at least do with the same packets. One thread receives them,
//! decodes what is not silence, sums up everyone but the listener, encodes each mix that differs
//! once, and sends.

#![expect(clippy::disallowed_types, reason = "it is a shell of its own")]

mod coding;
mod mixing;

use std::{
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

use rustix::time::{ClockId, clock_gettime};

use self::{
    coding::{Coder, Laws},
    mixing::{Mix, Own},
};
use super::{
    MediaError,
    cores::{Part, run_on},
    rooms::Rooms,
    traffic::{HEADER, LONGEST},
};
use crate::stage::now;

const FRAME_TIME: Duration = Duration::from_millis(20);

/// The thread. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Floor {
    /// Where each leg is sent to.
    pub(super) places: Vec<SocketAddr>,
    shared: Arc<Shared>,
    end: Option<(Sender<()>, JoinHandle<()>)>,
}

/// The time that it had of a core.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spent {
    /// All of it.
    pub(super) all: Duration,
    /// Of that, decoding Opus.
    pub(super) decoding: Duration,
    /// Of that, encoding Opus.
    pub(super) encoding: Duration,
}

#[derive(Debug, Default)]
struct Shared {
    running: AtomicBool,
    all: AtomicU64,
    decoding: AtomicU64,
    encoding: AtomicU64,
}

impl Floor {
    /// Starts it with a socket for each leg; each leg sends there.
    #[expect(
        clippy::disallowed_methods,
        reason = "its own thread is what is measured"
    )]
    pub(super) fn start(rooms: Rooms, to: &[SocketAddr]) -> Result<Self, MediaError> {
        let mut legs = Vec::new();
        for (leg, &to) in to.iter().enumerate() {
            let socket = UdpSocket::bind("127.0.0.1:0")?;
            socket.set_nonblocking(true)?;
            legs.push(Leg {
                socket,
                to,
                coder: Coder::new(rooms.codec(leg), rooms.talks(leg))?,
                own: Own::default(),
            });
        }
        let places = legs.iter().map(|leg| leg.socket.local_addr());
        let places = places.collect::<io::Result<_>>()?;
        let shared = Arc::new(Shared::default());
        let mixes = (0..rooms.count).map(|_| Mix::new(rooms));
        let bare = Bare {
            rooms,
            legs,
            mixes: mixes.collect::<Result<_, _>>()?,
            laws: Laws::default(),
            sequence: 0,
            shared: Arc::clone(&shared),
        };
        let (end, ended) = channel();
        Ok(Self {
            places,
            shared,
            end: Some((end, thread::spawn(move || bare.run(&ended)))),
        })
    }

    /// Whether it does anything.
    pub(super) fn set_running(&self, running: bool) {
        self.shared.running.store(running, Ordering::Relaxed);
    }

    /// The time that it had of a core up to its last tick.
    pub(super) fn spent(&self) -> Spent {
        let read = |nanos: &AtomicU64| Duration::from_nanos(nanos.load(Ordering::Relaxed));
        Spent {
            all: read(&self.shared.all),
            decoding: read(&self.shared.decoding),
            encoding: read(&self.shared.encoding),
        }
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.end.take() {
            drop(end);
            // A panic there was told there.
            let _ = thread.join();
        }
    }
}

struct Bare {
    rooms: Rooms,
    legs: Vec<Leg>,
    mixes: Vec<Mix>,
    laws: Laws,
    sequence: u16,
    shared: Arc<Shared>,
}

struct Leg {
    socket: UdpSocket,
    to: SocketAddr,
    coder: Coder,
    own: Own,
}

impl Bare {
    fn run(mut self, ended: &Receiver<()>) {
        run_on(Part::Measured);
        let start = now();
        for tick in 1.. {
            let wait = (start + FRAME_TIME * tick).saturating_duration_since(now());
            if ended.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            if self.shared.running.load(Ordering::Relaxed) {
                self.tick();
            }
        }
    }

    fn tick(&mut self) {
        for mix in &mut self.mixes {
            mix.begin();
        }
        let decoding = self.receive();
        for mix in &mut self.mixes {
            mix.convert();
        }
        let encoding = self.send();
        let add = |to: &AtomicU64, time: Duration| {
            let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
            to.fetch_add(nanos, Ordering::Relaxed);
        };
        add(&self.shared.decoding, decoding);
        add(&self.shared.encoding, encoding);
        let all = u64::try_from(thread_time().as_nanos()).unwrap_or(u64::MAX);
        self.shared.all.store(all, Ordering::Relaxed);
    }

    /// Takes a packet of each leg; how long decoding Opus took.
    fn receive(&mut self) -> Duration {
        let mut decoding = Duration::ZERO;
        let mut octets = [0; LONGEST];
        for (at, leg) in self.legs.iter_mut().enumerate() {
            let length = leg.socket.recv(&mut octets).unwrap_or(0);
            let payload = octets.get(HEADER..length).unwrap_or_default();
            decoding += leg.coder.decode(&self.laws, payload, &mut leg.own);
            self.mixes[self.rooms.of(at)].add(&leg.own);
        }
        decoding
    }

    /// Sends each leg what it hears; how long encoding Opus took.
    fn send(&mut self) -> Duration {
        let mut encoding = Duration::ZERO;
        self.sequence = self.sequence.wrapping_add(1);
        let mut octets = [0; LONGEST];
        octets[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        for (at, leg) in self.legs.iter_mut().enumerate() {
            let mix = &mut self.mixes[self.rooms.of(at)];
            let room = &mut octets[HEADER..];
            let (length, took) = leg.coder.encode(&self.laws, mix, &leg.own, room);
            encoding += took;
            // What finds no room is lost, as on any network.
            let _ = leg.socket.send_to(&octets[..HEADER + length], leg.to);
        }
        encoding
    }
}

/// The time that this thread has had of a core.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
}
