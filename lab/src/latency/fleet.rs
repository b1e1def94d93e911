//! Far ends whose every packet has its time: when it was sent, by the clock, and when it came, by
//! the kernel.

#![expect(
    clippy::disallowed_types,
    reason = "the far ends are a shell of their own"
)]

use std::{
    io::{self, IoSliceMut},
    net::{SocketAddr, UdpSocket},
    os::fd::AsRawFd as _,
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use bytes::Bytes;
use nix::sys::{
    socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt, sockopt},
    time::TimeSpec,
};
use rustix::time::{ClockId, clock_gettime};

use super::Moment;
use crate::{phones::codec::Codec, stage::now};

/// Octets of a packet before its sound.
const HEADER: usize = 12;
/// The longest packet.
const LONGEST: usize = 1_500;
/// What came is read at least so often; the kernel says when it came.
const READ_EVERY: Duration = Duration::from_millis(5);

/// A packet that is to be sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    /// When, after the start.
    pub(super) at: Duration,
    /// By whom.
    pub(super) leg: usize,
    /// Which of its packets.
    pub(super) packet: usize,
}

/// A packet that came.
#[derive(Clone, Debug)]
pub(super) struct Came {
    /// When.
    pub(super) at: Moment,
    /// Its RTP time stamp.
    pub(super) time_stamp: u32,
    /// Its sound.
    pub(super) payload: Bytes,
}

/// What a leg sends and where.
#[derive(Debug)]
pub(super) struct Says {
    /// Where to.
    pub(super) to: SocketAddr,
    /// In what.
    pub(super) codec: Codec,
    /// Packet by packet.
    pub(super) packets: Vec<Bytes>,
}

/// What became of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    /// When each of its packets was sent; `None` where it was not.
    pub(super) sent: Vec<Option<Moment>>,
    /// What came to it, in that order.
    pub(super) came: Vec<Came>,
}

/// The sockets.
#[derive(Debug)]
pub(super) struct Fleet {
    sockets: Vec<UdpSocket>,
    /// Where each leg is to be sent to.
    pub(super) places: Vec<SocketAddr>,
}

impl Fleet {
    /// A socket for each leg.
    pub(super) fn bind(legs: usize) -> io::Result<Self> {
        let sockets = (0..legs).map(|_| {
            let socket = UdpSocket::bind("127.0.0.1:0")?;
            socket.set_nonblocking(true)?;
            setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
            Ok(socket)
        });
        let sockets: Vec<UdpSocket> = sockets.collect::<io::Result<_>>()?;
        let places = sockets.iter().map(UdpSocket::local_addr);
        Ok(Self {
            places: places.collect::<io::Result<_>>()?,
            sockets,
        })
    }

    /// Sends all that is due, whose times must ascend, and what came until `end`.
    pub(super) async fn play(
        self,
        says: Vec<Says>,
        due: Vec<Due>,
        end: Duration,
    ) -> io::Result<Vec<Log>> {
        // Dropping what awaits this ends the thread.
        let (_held, ended) = channel::<()>();
        let (tell, told) = tokio::sync::oneshot::channel();
        let thread = thread::Builder::new().name("far ends".to_owned());
        thread.spawn(move || {
            let playing = Playing::new(self.sockets, says);
            // Who asked may have gone.
            let _ = tell.send(playing.run(&due, end, &ended));
        })?;
        told.await.map_err(io::Error::other)
    }
}

struct Playing {
    sockets: Vec<UdpSocket>,
    says: Vec<Says>,
    logs: Vec<Log>,
    control: Vec<u8>,
}

impl Playing {
    fn new(sockets: Vec<UdpSocket>, says: Vec<Says>) -> Self {
        let log = |says: &Says| Log {
            sent: vec![None; says.packets.len()],
            came: Vec::new(),
        };
        Self {
            logs: says.iter().map(log).collect(),
            sockets,
            says,
            control: nix::cmsg_space!(TimeSpec),
        }
    }

    fn run(
        mut self,
        due: &[Due],
        end: Duration,
        ended: &std::sync::mpsc::Receiver<()>,
    ) -> Vec<Log> {
        let start = now();
        let mut read = Duration::ZERO;
        let mut next = due.iter();
        let mut coming = next.next();
        loop {
            let time = now().duration_since(start);
            while let Some(packet) = coming.filter(|packet| packet.at <= time) {
                self.send(*packet);
                coming = next.next();
            }
            if time >= read {
                self.read();
                read = time + READ_EVERY;
            }
            let wait = coming.map_or(end, |packet| packet.at).min(read);
            let wait = wait.saturating_sub(now().duration_since(start));
            let gone = ended.recv_timeout(wait) != Err(RecvTimeoutError::Timeout);
            if gone || time >= end {
                return self.logs;
            }
        }
    }

    fn send(&mut self, due: Due) {
        let says = &self.says[due.leg];
        let number = due.packet as u32;
        let mut octets = [0; LONGEST];
        octets[0] = 0x80;
        octets[1] = says.codec.payload_type();
        octets[2..4].copy_from_slice(&(number as u16).to_be_bytes());
        let time_stamp = number.wrapping_mul(says.codec.frame_units());
        octets[4..8].copy_from_slice(&time_stamp.to_be_bytes());
        octets[8..12].copy_from_slice(&(due.leg as u32 + 1).to_be_bytes());
        let payload = &says.packets[due.packet];
        let packet = &mut octets[..HEADER + payload.len()];
        packet[HEADER..].copy_from_slice(payload);
        let at = moment();
        // What finds no room is lost, as on any network.
        if self.sockets[due.leg].send_to(packet, says.to).is_ok() {
            self.logs[due.leg].sent[due.packet] = Some(at);
        }
    }

    fn read(&mut self) {
        for leg in 0..self.sockets.len() {
            while let Some(came) = self.take(leg) {
                self.logs[leg].came.push(came);
            }
        }
    }

    fn take(&mut self, leg: usize) -> Option<Came> {
        let mut octets = [0; LONGEST];
        let mut into = [IoSliceMut::new(&mut octets)];
        let socket = self.sockets[leg].as_raw_fd();
        let control = Some(&mut self.control[..]);
        let message =
            recvmsg::<SockaddrStorage>(socket, &mut into, control, MsgFlags::empty()).ok()?;
        let mut control = message.cmsgs().ok()?;
        let stamp = control.find_map(|control| {
            let ControlMessageOwned::ScmTimestampns(time) = control else {
                return None;
            };
            Some(time)
        });
        let at = stamp.map_or_else(moment, |time| {
            Moment(time.tv_sec() as f64 * 1e3 + time.tv_nsec() as f64 / 1e6)
        });
        let length = message.bytes;
        let payload = octets.get(HEADER..length)?;
        Some(Came {
            at,
            time_stamp: u32::from_be_bytes([octets[4], octets[5], octets[6], octets[7]]),
            payload: Bytes::copy_from_slice(payload),
        })
    }
}

/// The kernel's clock of datagrams.
fn moment() -> Moment {
    let time = clock_gettime(ClockId::Realtime);
    Moment(time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6)
}
