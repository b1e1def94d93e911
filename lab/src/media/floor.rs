//! The floor: what any gateway must at least do with the same packets. One thread receives them,
//! sums up everyone but the listener, and sends.

#![expect(clippy::disallowed_types, reason = "it is a shell of its own")]

use std::{
    io,
    net::{SocketAddr, UdpSocket},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::time::{ClockId, clock_gettime};

use super::{
    rooms::Rooms,
    traffic::{FRAME, HEADER},
};
use crate::{
    phones::codec::{self, Law},
    stage::now,
};

const FRAME_TIME: Duration = Duration::from_millis(20);

/// The thread.
#[derive(Debug)]
pub(super) struct Floor {
    /// Where each leg is sent to.
    pub(super) places: Vec<SocketAddr>,
    end: Sender<()>,
    thread: JoinHandle<Duration>,
}

impl Floor {
    /// Starts it with a socket for each leg; each leg sends there.
    #[expect(
        clippy::disallowed_methods,
        reason = "its own thread is what is measured"
    )]
    pub(super) fn start(rooms: Rooms, to: Vec<SocketAddr>) -> io::Result<Self> {
        let sockets = to.iter().map(|_| {
            let socket = UdpSocket::bind("127.0.0.1:0")?;
            socket.set_nonblocking(true)?;
            Ok(socket)
        });
        let sockets: Vec<UdpSocket> = sockets.collect::<io::Result<_>>()?;
        let places = sockets.iter().map(UdpSocket::local_addr);
        let places = places.collect::<io::Result<_>>()?;
        let (end, ended) = channel();
        let bare = Bare::new(rooms, sockets, to);
        let thread = thread::spawn(move || bare.run(&ended));
        Ok(Self {
            places,
            end,
            thread,
        })
    }

    /// Ends it; the time that it had of a core.
    pub(super) fn stop(self) -> Duration {
        drop(self.end);
        self.thread.join().unwrap_or_default()
    }
}

struct Bare {
    rooms: Rooms,
    sockets: Vec<UdpSocket>,
    to: Vec<SocketAddr>,
    decoded: [i16; 256],
    encoded: Vec<u8>,
    frames: Vec<[i16; FRAME]>,
    sums: Vec<[i32; FRAME]>,
    sequence: u16,
}

impl Bare {
    fn new(rooms: Rooms, sockets: Vec<UdpSocket>, to: Vec<SocketAddr>) -> Self {
        let decoded = std::array::from_fn(|octet| codec::decode(Law::Mu, octet as u8));
        let encoded = (i16::MIN..=i16::MAX).map(|sample| codec::encode(Law::Mu, sample));
        Self {
            rooms,
            frames: vec![[0; FRAME]; sockets.len()],
            sums: vec![[0; FRAME]; rooms.count],
            sockets,
            to,
            decoded,
            encoded: encoded.collect(),
            sequence: 0,
        }
    }

    fn run(mut self, ended: &Receiver<()>) -> Duration {
        let start = now();
        let before = thread_time();
        for tick in 1.. {
            let wait = (start + FRAME_TIME * tick).saturating_duration_since(now());
            if ended.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                break;
            }
            self.tick();
        }
        thread_time().saturating_sub(before)
    }

    fn tick(&mut self) {
        self.sums.fill([0; FRAME]);
        let mut octets = [0; HEADER + FRAME];
        for (leg, socket) in self.sockets.iter().enumerate() {
            let frame = &mut self.frames[leg];
            match socket.recv_from(&mut octets) {
                Ok((length, _)) if length == octets.len() => {
                    for (sample, &octet) in frame.iter_mut().zip(&octets[HEADER..]) {
                        *sample = self.decoded[usize::from(octet)];
                    }
                }
                _ => frame.fill(0),
            }
            let sum = &mut self.sums[self.rooms.of(leg)];
            for (total, &sample) in sum.iter_mut().zip(&*frame) {
                *total += i32::from(sample);
            }
        }
        self.send(&mut octets);
    }

    fn send(&mut self, octets: &mut [u8; HEADER + FRAME]) {
        self.sequence = self.sequence.wrapping_add(1);
        octets[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        for (leg, socket) in self.sockets.iter().enumerate() {
            let sum = &self.sums[self.rooms.of(leg)];
            let samples = sum.iter().zip(&self.frames[leg]);
            for (octet, (&total, &own)) in octets[HEADER..].iter_mut().zip(samples) {
                let heard = (total - i32::from(own)).clamp(i16::MIN.into(), i16::MAX.into());
                *octet = self.encoded[(heard - i32::from(i16::MIN)) as usize];
            }
            // What finds no room is lost, as on any network.
            let _ = socket.send_to(octets, self.to[leg]);
        }
    }
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
}
