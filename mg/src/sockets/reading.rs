//! Reading datagrams, and when they came.

use std::{
    io::IoSliceMut,
    net::SocketAddr,
    os::fd::AsRawFd as _,
    time::{Duration, Instant, SystemTime},
};

use mg_contract::RtpPort;
use mg_media::Kind;
use mio::net::UdpSocket;
use nix::{
    errno::Errno,
    sys::{
        socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg},
        time::TimeSpec,
    },
};
use rustix::event::epoll::Event;
use transport_h248::Anchor;
use transport_h248_tokio::clock;

use super::pair::Place;

/// Octets of the largest datagram that is read; the rest of a longer one is cut off. No media that
/// the engine plays needs half of it.
const DATAGRAM_MAX: usize = 2048;

/// A time stamp that is older is none: the system's clock was set meanwhile.
const WAITED_MAX: Duration = Duration::from_secs(1);

/// What the thread reads into.
pub(crate) struct Reading {
    /// Which quiet sockets hold something.
    pub(super) ready: Vec<Event>,
    /// Which busy ones may hold more.
    pub(super) busy: Vec<Place>,
    /// Which ones are looked into.
    pub(super) looked: Vec<Place>,
    /// Which of them are quiet again.
    pub(super) quiet: Vec<Place>,
    /// What was there was read by then.
    pub(super) last: Instant,
    pub(super) room: Room,
}

/// Room for one datagram.
pub(super) struct Room {
    octets: [u8; DATAGRAM_MAX],
    /// What the kernel says of it: when it came.
    control: Vec<u8>,
}

impl Reading {
    /// Returns room for one datagram at a time.
    pub(crate) fn new() -> Self {
        Self {
            ready: Vec::new(),
            busy: Vec::new(),
            looked: Vec::new(),
            quiet: Vec::new(),
            last: clock::now(),
            room: Room {
                octets: [0; DATAGRAM_MAX],
                control: nix::cmsg_space!(TimeSpec),
            },
        }
    }

    /// When it was last read what was there.
    pub(crate) fn last(&self) -> Instant {
        self.last
    }
}

/// What is told while it is read.
#[derive(Debug)]
pub(crate) enum Turn<'a> {
    /// The next datagrams are likely to be of this pair and others that are told of with it.
    Soon(RtpPort),
    /// One was read.
    Came(Datagram<'a>),
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

impl Room {
    /// Reads a datagram that came to this place, if there is one; `read` is now. What a far end's host
    /// has answered, which a connected socket tells once in the place of a datagram, is passed over.
    pub(super) fn read(
        &mut self,
        socket: &UdpSocket,
        place: Place,
        read: Anchor,
    ) -> Option<Datagram<'_>> {
        let Self { octets, control } = self;
        let received = receive_one(socket, octets, control, read);
        let received = match received {
            Err(Errno::EAGAIN) => return None,
            Err(_) => receive_one(socket, octets, control, read).ok()?,
            Ok(received) => received,
        };
        let (length, from, at) = received?;
        Some(Datagram {
            port: place.port,
            kind: place.ear.kind(),
            octets: &octets[..length],
            from,
            at,
        })
    }
}

type Received = Option<(usize, SocketAddr, Instant)>;

/// Reads a datagram: its length, who sent it, and when it came, as the clock of `read` has it.
fn receive_one(
    socket: &UdpSocket,
    octets: &mut [u8],
    control: &mut [u8],
    read: Anchor,
) -> Result<Received, Errno> {
    let mut room = [IoSliceMut::new(octets)];
    let flags = MsgFlags::empty();
    let received = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut room, Some(control), flags)?;
    let messages = received.cmsgs().ok();
    let stamp = messages.into_iter().flatten().find_map(|message| {
        if let ControlMessageOwned::ScmTimestampns(stamp) = message {
            Some(SystemTime::UNIX_EPOCH + Duration::from(stamp))
        } else {
            None
        }
    });
    let waited = stamp.and_then(|stamp: SystemTime| read.system.duration_since(stamp).ok());
    let waited = waited.filter(|waited| *waited <= WAITED_MAX);
    let from = received.address.as_ref().and_then(address);
    let at = read.instant.checked_sub(waited.unwrap_or_default());
    let at = at.unwrap_or(read.instant);
    Ok(from.map(|from| (received.bytes, from, at)))
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
