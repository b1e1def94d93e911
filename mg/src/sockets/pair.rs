//! The sockets of one port pair.
//!
//! RTP has one that hears anybody, and where all that is sent goes to one far end for a while, a second
//! one at the same port that is connected to it. The kernel gives that one what comes from there and
//! sends by it without looking for the way each time; all else comes to the first as before.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    os::fd::AsRawFd as _,
};

use mg_contract::RtpPort;
use mg_media::Kind;
use mio::net::UdpSocket;
use nix::sys::socket::{setsockopt, sockopt};
use rustix::net::{SendFlags, send};
use socket2::{Domain, Protocol, SockRef, Socket, Type};

/// Octets asked of the kernel for each RTP socket: a second of audio and a burst besides. The
/// kernel may give less.
const RECEIVE_BUFFER: usize = 256 << 10;

/// Packets in a row to one far end, after which a socket is connected to it.
const SETTLED_AFTER: u8 = 16;
/// That was done, or tried.
const TRIED: u8 = SETTLED_AFTER + 1;

/// One of the sockets of a pair.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ear {
    /// Hears RTP of anybody.
    Open,
    /// Hears RTP of the far end to which it is connected.
    Connected,
    /// Hears RTCP.
    Rtcp,
}

impl Ear {
    /// The port at which it is.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Open | Self::Connected => Kind::Rtp,
            Self::Rtcp => Kind::Rtcp,
        }
    }
}

/// A socket: of which pair, and which one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Place {
    pub(super) port: RtpPort,
    pub(super) ear: Ear,
}

impl Place {
    /// As `epoll` carries it.
    pub(super) fn data(self) -> u64 {
        let ear = match self.ear {
            Ear::Open => 0,
            Ear::Connected => 1,
            Ear::Rtcp => 2,
        };
        (u64::from(self.port.0) << 2) | ear
    }

    /// Of what `epoll` has carried.
    pub(super) fn of(data: u64) -> Self {
        let ear = match data & 3 {
            0 => Ear::Open,
            1 => Ear::Connected,
            _ => Ear::Rtcp,
        };
        let port = RtpPort((data >> 2) as u16);
        Self { port, ear }
    }
}

/// The sockets.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(super) port: RtpPort,
    open: Rtp,
    connected: Option<(Rtp, SocketAddr)>,
    rtcp: UdpSocket,
    /// Where RTP is sent that does not go where one is connected, and how many packets in a row.
    other: Option<SocketAddr>,
    packets: u8,
}

/// A socket for RTP.
#[derive(Debug)]
pub(super) struct Rtp {
    pub(super) socket: UdpSocket,
    pub(super) use_: Use,
}

/// How much comes to it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    /// Little; so much was read of it.
    Quiet { read: u8 },
    /// Something with every tick: so many datagrams with the last one, and so many looks since then
    /// have found nothing.
    Busy { usual: u16, idle: u8 },
}

impl Use {
    pub(super) const UNKNOWN: Self = Self::Quiet { read: 0 };
}

impl Rtp {
    fn new(socket: UdpSocket) -> Self {
        let use_ = Use::UNKNOWN;
        Self { socket, use_ }
    }
}

impl Pair {
    /// Binds both ports, or none.
    pub(crate) fn bind(address: IpAddr, port: RtpPort) -> io::Result<Self> {
        let open = |kind| {
            let address = SocketAddr::new(address, number(port, kind));
            let socket = prepare(address)?;
            socket.bind(&address.into())?;
            Ok::<_, io::Error>(UdpSocket::from_std(socket.into()))
        };
        Ok(Self {
            port: RtpPort(number(port, Kind::Rtp)),
            open: Rtp::new(open(Kind::Rtp)?),
            connected: None,
            rtcp: open(Kind::Rtcp)?,
            other: None,
            packets: 0,
        })
    }

    /// All of them.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> + use<> {
        let connected = self.connected.is_some().then_some(Ear::Connected);
        let (port, ears) = (self.port, [Ear::Open, Ear::Rtcp]);
        let ears = ears.into_iter().chain(connected);
        ears.map(move |ear| Place { port, ear })
    }

    pub(super) fn socket(&self, ear: Ear) -> Option<&UdpSocket> {
        match ear {
            Ear::Open => Some(&self.open.socket),
            Ear::Connected => self.connected.as_ref().map(|(rtp, _)| &rtp.socket),
            Ear::Rtcp => Some(&self.rtcp),
        }
    }

    /// One of those for RTP.
    pub(super) fn rtp(&mut self, ear: Ear) -> Option<&mut Rtp> {
        match ear {
            Ear::Open => Some(&mut self.open),
            Ear::Connected => self.connected.as_mut().map(|(rtp, _)| rtp),
            Ear::Rtcp => None,
        }
    }

    /// Sends by the connected socket, if it is connected to there and takes it. It does not if it has
    /// to tell first what the far end's host has answered.
    pub(super) fn send_connected(&self, to: SocketAddr, octets: &[u8]) -> bool {
        // Without the C library, which has each system call be one that a thread may be cancelled in.
        let sent = |rtp: &Rtp| send(&rtp.socket, octets, SendFlags::empty()).is_ok();
        let connected = self.connected.as_ref();
        connected.is_some_and(|(rtp, at)| *at == to && sent(rtp))
    }

    /// Reads a little of it, so that it is at hand.
    pub(super) fn glance(&self) -> bool {
        self.connected.is_some()
    }

    /// Sends by a socket that is connected to nobody.
    pub(super) fn send(&self, kind: Kind, to: SocketAddr, octets: &[u8]) -> io::Result<()> {
        let socket = match kind {
            Kind::Rtp => &self.open.socket,
            Kind::Rtcp => &self.rtcp,
        };
        socket.send_to(octets, to)?;
        Ok(())
    }

    /// Counts a packet of RTP that no connected socket has sent. Returns whether one is to be connected
    /// to there.
    pub(super) fn settles(&mut self, to: SocketAddr) -> bool {
        if self.connected.as_ref().is_some_and(|(_, at)| *at == to) {
            return false;
        }
        if self.other != Some(to) {
            (self.other, self.packets) = (Some(to), 0);
        }
        self.packets += u8::from(self.packets < SETTLED_AFTER);
        self.packets == SETTLED_AFTER
    }

    /// Connects to there. Returns whether there is a socket more than before. Where it cannot be done,
    /// or its descriptor would be one of `enough` and more, all is sent and heard as before.
    pub(super) fn connect(&mut self, to: SocketAddr, enough: u64) -> bool {
        self.packets = TRIED;
        if let Some((rtp, at)) = &mut self.connected {
            if rtp.socket.connect(to).is_ok() {
                *at = to;
            }
            return false;
        }
        let connected = connect(&self.open.socket, to);
        let few = |socket: &UdpSocket| {
            let number = u64::try_from(socket.as_raw_fd());
            number.is_ok_and(|number| number < enough)
        };
        let connected = connected.ok().filter(few);
        self.connected = connected.map(|socket| (Rtp::new(socket), to));
        self.connected.is_some()
    }

    /// Gives the connected socket up.
    pub(super) fn disconnect(&mut self) {
        self.connected = None;
    }
}

/// Connects a second socket at the port of one. No other program can share the port with them, but one
/// of the same user while this happens.
fn connect(open: &UdpSocket, to: SocketAddr) -> io::Result<UdpSocket> {
    let address = open.local_addr()?;
    let socket = prepare(address)?;
    let both = [SockRef::from(open), SockRef::from(&socket)];
    let share = |shared| both.iter().try_for_each(|one| one.set_reuse_port(shared));
    let bound = share(true).and_then(|()| socket.bind(&address.into()));
    share(false)?;
    bound?;
    socket.connect(&to.into())?;
    Ok(UdpSocket::from_std(socket.into()))
}

/// A socket that is not bound yet.
fn prepare(address: SocketAddr) -> io::Result<Socket> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
    // A kernel that refuses the size keeps its own, which is good enough to go on with.
    let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
    setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
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
    fn what_epoll_carries_says_which_socket_it_is() {
        for ear in [Ear::Open, Ear::Connected, Ear::Rtcp] {
            for port in [RtpPort(0), RtpPort(40_002), RtpPort(u16::MAX - 1)] {
                let place = Place { port, ear };
                assert_eq!(Place::of(place.data()), place);
            }
        }
    }
}
