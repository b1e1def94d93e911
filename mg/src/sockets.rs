//! The sockets of RTP port pairs.

use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, SocketAddr},
    os::fd::{AsRawFd as _, OwnedFd},
    time::{Duration, Instant, SystemTime},
};

use mg_contract::RtpPort;
use mg_media::Kind;
use mio::net::UdpSocket;
use nix::sys::{
    socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt, sockopt},
    time::TimeSpec,
};
use rustix::{
    buffer::spare_capacity,
    event::{
        Timespec,
        epoll::{self, CreateFlags, Event, EventData, EventFlags},
    },
};
use socket2::{Domain, Protocol, Socket, Type};
use transport_h248::Anchor;
use transport_h248_tokio::clock;

/// Octets asked of the kernel for each RTP socket: a second of audio and a burst besides. The
/// kernel may give less.
const RECEIVE_BUFFER: usize = 256 << 10;

/// Octets of the largest datagram that is read; the rest of a longer one is cut off. No media that
/// the engine plays needs half of it.
const DATAGRAM_MAX: usize = 2048;
/// Port pairs that there are.
const PAIRS: usize = 1 << 15;
/// Nothing is waited for.
const NO_TIME: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 0,
};

/// Datagrams that make an RTP socket a busy one.
const BUSY_AFTER: u8 = 16;
/// Datagrams of a tick that come one after the other. Where there are more, all that have come are read.
const FEW: u16 = 2;
/// Looks into a busy socket that find nothing and make it a quiet one again: a second's.
const QUIET_AFTER: u8 = 50;

/// A time stamp that is older is none: the system's clock was set meanwhile.
const WAITED_MAX: Duration = Duration::from_secs(1);

/// What the thread reads into.
pub(crate) struct Reading {
    /// Which quiet sockets hold something.
    ready: Vec<Event>,
    /// Which busy ones may hold more.
    busy: Vec<RtpPort>,
    /// Which of them are quiet again.
    quiet: Vec<RtpPort>,
    /// What was there was read by then.
    last: Instant,
    octets: [u8; DATAGRAM_MAX],
    /// What the kernel says of a datagram: when it came.
    control: Vec<u8>,
}

impl Reading {
    /// Returns room for one datagram at a time.
    pub(crate) fn new() -> Self {
        Self {
            ready: Vec::new(),
            busy: Vec::new(),
            quiet: Vec::new(),
            last: clock::now(),
            octets: [0; DATAGRAM_MAX],
            control: nix::cmsg_space!(TimeSpec),
        }
    }

    /// When it was last read what was there.
    pub(crate) fn last(&self) -> Instant {
        self.last
    }
}

/// A datagram that was read.
#[derive(Debug)]
pub(crate) struct Datagram<'a> {
    /// The pair that it came to.
    pub(crate) port: RtpPort,
    /// And which port of it.
    pub(crate) kind: Kind,
    /// What it holds.
    pub(crate) octets: &'a [u8],
    /// Who sent it.
    pub(crate) from: SocketAddr,
    /// When the kernel took it.
    pub(crate) at: Instant,
}

/// The sockets of a port pair.
#[derive(Debug)]
pub(crate) struct Pair {
    port: RtpPort,
    rtp: UdpSocket,
    rtcp: UdpSocket,
    use_: Use,
}

/// How much comes to an RTP socket.
#[derive(Clone, Copy, Debug)]
enum Use {
    /// Little; so much was read of it.
    Quiet { read: u8 },
    /// Something with every tick: so many datagrams with the last one, and so many looks since then
    /// have found nothing.
    Busy { usual: u16, idle: u8 },
}

impl Pair {
    /// Binds both ports, or none.
    pub(crate) fn bind(address: IpAddr, port: RtpPort) -> io::Result<Self> {
        let open = |kind| open(SocketAddr::new(address, number(port, kind)));
        Ok(Self {
            port,
            rtp: open(Kind::Rtp)?,
            rtcp: open(Kind::Rtcp)?,
            use_: Use::Quiet { read: 0 },
        })
    }

    /// The RTP socket with what is known of how busy it is, if it is.
    fn busy(&mut self) -> Option<(&UdpSocket, &mut u16, &mut u8)> {
        match &mut self.use_ {
            Use::Busy { usual, idle } => Some((&self.rtp, usual, idle)),
            Use::Quiet { .. } => None,
        }
    }

    fn sockets(&self) -> [(u16, &UdpSocket); 2] {
        [(Kind::Rtp, &self.rtp), (Kind::Rtcp, &self.rtcp)]
            .map(|(kind, socket)| (number(self.port, kind), socket))
    }
}

/// All sockets of a media thread, by port.
///
/// Readiness of a quiet one is told as long as it lasts, so that one of which a datagram was read needs
/// no second read only to learn that it is empty. A busy one is looked into with each tick and asks for
/// nothing else: to be told of it would cost half as much again as the read.
#[derive(Debug)]
pub(crate) struct Sockets {
    /// By half the port.
    pairs: Vec<Option<Pair>>,
    /// The pairs whose RTP socket is busy.
    busy: Vec<RtpPort>,
    epoll: OwnedFd,
    bound: usize,
}

impl Sockets {
    /// Starts without sockets.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            pairs: std::iter::repeat_with(|| None).take(PAIRS).collect(),
            busy: Vec::new(),
            epoll: epoll::create(CreateFlags::CLOEXEC)?,
            bound: 0,
        })
    }

    /// Takes a pair to read from.
    pub(crate) fn put(&mut self, mut pair: Pair) -> io::Result<()> {
        pair.use_ = Use::Quiet { read: 0 };
        for (number, socket) in pair.sockets() {
            self.tell_of(number, socket)?;
        }
        let place = usize::from(pair.port.0 / 2);
        self.pairs[place] = Some(pair);
        self.bound += 2;
        Ok(())
    }

    /// Gives a pair away, with what has arrived and was not read.
    pub(crate) fn take(&mut self, port: RtpPort) -> io::Result<Option<Pair>> {
        let Some(pair) = self.pairs[usize::from(port.0 / 2)].take() else {
            return Ok(None);
        };
        self.bound -= 2;
        match pair.use_ {
            Use::Quiet { .. } => epoll::delete(&self.epoll, &pair.rtp)?,
            Use::Busy { .. } => self.busy.retain(|&busy| busy != port),
        }
        epoll::delete(&self.epoll, &pair.rtcp)?;
        Ok(Some(pair))
    }

    fn tell_of(&self, number: u16, socket: &UdpSocket) -> io::Result<()> {
        let data = EventData::new_u64(u64::from(number));
        Ok(epoll::add(&self.epoll, socket, data, EventFlags::IN)?)
    }

    fn socket(&self, port: RtpPort, kind: Kind) -> Option<&UdpSocket> {
        let pair = self.pairs[usize::from(port.0 / 2)].as_ref()?;
        Some(match kind {
            Kind::Rtp => &pair.rtp,
            Kind::Rtcp => &pair.rtcp,
        })
    }

    /// Reads what has arrived, one datagram of each socket after another, until there is none or the end
    /// of the time for it.
    pub(crate) fn receive(
        &mut self,
        reading: &mut Reading,
        end: Instant,
        mut take: impl FnMut(Datagram<'_>),
    ) -> io::Result<()> {
        reading.busy.clear();
        reading.busy.extend_from_slice(&self.busy);
        let before = std::mem::replace(&mut reading.last, clock::now());
        for round in 0..u16::MAX {
            self.look_into_busy(reading, (round, before), &mut take);
            let any = self.read_quiet(reading, &mut take)?;
            if !any && reading.busy.is_empty() || clock::now() > end {
                break;
            }
        }
        while let Some(port) = reading.quiet.pop() {
            self.calm(port)?;
        }
        Ok(())
    }

    /// Reads a datagram from each busy socket that may hold one. `round`: how often it was done for
    /// this tick; `before`: what has arrived until then was there the last time.
    fn look_into_busy(
        &mut self,
        reading: &mut Reading,
        (round, before): (u16, Instant),
        take: &mut impl FnMut(Datagram<'_>),
    ) {
        let Reading {
            busy,
            quiet,
            octets,
            control,
            ..
        } = reading;
        if busy.is_empty() {
            return;
        }
        let read = clock::anchor();
        busy.retain(|&port| {
            let pair = self.pairs[usize::from(port.0 / 2)].as_mut();
            let Some((pair, usual, idle)) = pair.and_then(Pair::busy) else {
                return false;
            };
            let Some((length, from, at)) = receive_one(pair, octets, control, read) else {
                *usual = round.max(1);
                *idle += u8::from(round == 0);
                if *idle == QUIET_AFTER {
                    quiet.push(port);
                }
                return false;
            };
            take(Datagram {
                port,
                kind: Kind::Rtp,
                octets: &octets[..length],
                from,
                at,
            });
            *idle = 0;
            // If it was there already when the one before it was read, there may be more of them, and
            // also where its time is that of the read: a kernel that has only begun to note when
            // packets come tells that of those before.
            let waited = at < before || at >= read.instant;
            *usual = (*usual).max(round.saturating_add(1 + u16::from(waited)));
            round.saturating_add(1) < *usual || *usual > FEW
        });
    }

    /// Reads a datagram from each quiet socket that holds one; returns whether there was any.
    fn read_quiet(
        &mut self,
        reading: &mut Reading,
        take: &mut impl FnMut(Datagram<'_>),
    ) -> io::Result<bool> {
        self.find_ready(&mut reading.ready)?;
        let Reading {
            ready,
            octets,
            control,
            ..
        } = reading;
        let read = clock::anchor();
        for event in &*ready {
            let (port, kind) = place(event.data.u64() as u16);
            let socket = self.socket(port, kind);
            // Where there is none after all, what a far end's host has answered was told, which
            // leaves the socket as it is.
            let received = socket.and_then(|socket| receive_one(socket, octets, control, read));
            if let Some((length, from, at)) = received {
                take(Datagram {
                    port,
                    kind,
                    octets: &octets[..length],
                    from,
                    at,
                });
                if kind == Kind::Rtp {
                    self.count(port)?;
                }
            }
        }
        Ok(!ready.is_empty())
    }

    /// Counts a datagram of a quiet socket, which may be a busy one now.
    fn count(&mut self, port: RtpPort) -> io::Result<()> {
        let Some(pair) = &mut self.pairs[usize::from(port.0 / 2)] else {
            return Ok(());
        };
        let Use::Quiet { read } = &mut pair.use_ else {
            return Ok(());
        };
        *read += 1;
        if *read == BUSY_AFTER {
            pair.use_ = Use::Busy { usual: 1, idle: 0 };
            epoll::delete(&self.epoll, &pair.rtp)?;
            self.busy.push(port);
        }
        Ok(())
    }

    /// A busy socket is a quiet one again.
    fn calm(&mut self, port: RtpPort) -> io::Result<()> {
        self.busy.retain(|&busy| busy != port);
        let Some(pair) = &mut self.pairs[usize::from(port.0 / 2)] else {
            return Ok(());
        };
        pair.use_ = Use::Quiet { read: 0 };
        let pair = self.pairs[usize::from(port.0 / 2)].as_ref();
        pair.map_or(Ok(()), |pair| {
            self.tell_of(number(port, Kind::Rtp), &pair.rtp)
        })
    }

    fn find_ready(&self, ready: &mut Vec<Event>) -> io::Result<()> {
        ready.clear();
        if self.bound == 0 {
            return Ok(());
        }
        ready.reserve(self.bound);
        match epoll::wait(&self.epoll, spare_capacity(ready), Some(&NO_TIME)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Sends a datagram from one port of a pair.
    pub(crate) fn send(
        &self,
        port: RtpPort,
        kind: Kind,
        to: SocketAddr,
        octets: &[u8],
    ) -> io::Result<()> {
        let socket = self.socket(port, kind);
        socket
            .ok_or(io::ErrorKind::NotConnected)?
            .send_to(octets, to)?;
        Ok(())
    }
}

fn open(address: SocketAddr) -> io::Result<UdpSocket> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
    // A kernel that refuses the size keeps its own, which is good enough to go on with.
    let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
    setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(UdpSocket::from_std(socket.into()))
}

/// Reads a datagram: its length, who sent it, and when it came, as the clock of `read` has it.
fn receive_one(
    socket: &UdpSocket,
    octets: &mut [u8],
    control: &mut [u8],
    read: Anchor,
) -> Option<(usize, SocketAddr, Instant)> {
    let mut room = [IoSliceMut::new(octets)];
    let flags = MsgFlags::empty();
    let received = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut room, Some(control), flags);
    let received = received.ok()?;
    let stamp = received.cmsgs().ok()?.find_map(|message| {
        if let ControlMessageOwned::ScmTimestampns(stamp) = message {
            Some(SystemTime::UNIX_EPOCH + Duration::from(stamp))
        } else {
            None
        }
    });
    let waited = stamp.and_then(|stamp: SystemTime| read.system.duration_since(stamp).ok());
    let waited = waited.filter(|waited| *waited <= WAITED_MAX);
    let from = address(received.address.as_ref()?)?;
    let at = read.instant.checked_sub(waited.unwrap_or_default());
    Some((received.bytes, from, at.unwrap_or(read.instant)))
}

fn address(address: &SockaddrStorage) -> Option<SocketAddr> {
    let v4 = address
        .as_sockaddr_in()
        .map(|v4| SocketAddr::V4((*v4).into()));
    v4.or_else(|| {
        address
            .as_sockaddr_in6()
            .map(|v6| SocketAddr::V6((*v6).into()))
    })
}

/// Finds out whether media can be received at an address: it must be one of this machine.
pub(crate) fn try_address(address: IpAddr) -> io::Result<()> {
    UdpSocket::bind(SocketAddr::new(address, 0)).map(drop)
}

/// The pair that a port is of, and its place there.
fn place(number: u16) -> (RtpPort, Kind) {
    let kind = if number.is_multiple_of(2) {
        Kind::Rtp
    } else {
        Kind::Rtcp
    };
    (RtpPort(number & !1), kind)
}

/// The core names pairs by their even port, so the odd one always exists.
fn number(port: RtpPort, kind: Kind) -> u16 {
    match kind {
        Kind::Rtp => port.0 & !1,
        Kind::Rtcp => port.0 | 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_another_machine_is_no_address_for_media() {
        for address in ["127.0.0.1", "::1"] {
            try_address(address.parse().unwrap()).unwrap();
        }
        // Set aside for documents, so no machine has it (RFC 5737 3).
        let error = try_address("192.0.2.1".parse().unwrap()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrNotAvailable);
        let text = error.to_string();
        assert!(
            text.starts_with("Cannot assign requested address"),
            "{text}"
        );
    }
}
