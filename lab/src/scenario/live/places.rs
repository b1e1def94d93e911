//! The tool's places: sockets, listeners and connections, each known by its name.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::{
    net::{TcpListener, TcpStream, UdpSocket},
    sync::mpsc,
    task::JoinSet,
    time::timeout,
};
use tokio_util::codec::FramedRead;
use transport_h248::{Address, Carrier};
use transport_h248_tokio::{
    sctp::{self, Sctp},
    tpkt::Tpkt,
};

use super::{
    Options, now,
    outlet::{Kept, Outlet},
};
use crate::scenario::{HookOutcome, How, Role};

/// The longest datagram.
const DATAGRAM_MAX: usize = 65_536;
/// The phones.
const PHONES: [char; 6] = ['a', 'b', 'c', 'd', 'e', 'f'];
/// So long a message may take to be handed to the network.
const HANDED_OVER: Duration = Duration::from_secs(1);
/// So long a connection may take to be made.
const CONNECTS: Duration = Duration::from_secs(10);
/// Tries for an even port.
const TRIES: usize = 64;

/// What came from outside.
#[derive(Debug)]
pub(super) enum Event {
    Message {
        place: Arc<str>,
        octets: Vec<u8>,
        from: Address,
        at: Instant,
    },
    /// Octets of a connection that are no frames.
    Garbled {
        place: Arc<str>,
        told: String,
        at: Instant,
    },
    Rtp {
        phone: char,
        octets: Vec<u8>,
        at: Instant,
    },
    Opened {
        place: Arc<str>,
        outlet: Outlet,
    },
    Closed {
        place: Arc<str>,
        number: u64,
    },
    /// An association with a peer has come about, or has ended.
    Associated {
        place: Arc<str>,
        peer: SocketAddr,
        is_open: bool,
    },
    Hook {
        number: u64,
        outcome: HookOutcome,
    },
}

/// One place.
#[derive(Debug)]
struct Place {
    carrier: Carrier,
    at: SocketAddr,
    socket: Option<Arc<UdpSocket>>,
    sctp: Option<Sctp>,
    outlet: Option<Outlet>,
    kept: Kept,
    /// Who was heard here last.
    peer: Option<SocketAddr>,
    used: bool,
}

/// All places.
#[derive(Debug)]
pub(super) struct Places {
    role: Role,
    home: &'static str,
    all: BTreeMap<String, Place>,
    phones: BTreeMap<char, (u16, Arc<UdpSocket>)>,
    /// The ports for RTCP of the phones; nobody reads there.
    control: Vec<UdpSocket>,
    target: Option<SocketAddr>,
    binary: Option<SocketAddr>,
    events: mpsc::Sender<Event>,
    /// Those that read; they end with this.
    readers: JoinSet<()>,
}

/// Every connection has a number of its own.
static CONNECTIONS: AtomicU64 = AtomicU64::new(1);

impl Places {
    pub(super) async fn bind(options: &Options, events: &mpsc::Sender<Event>) -> io::Result<Self> {
        let mut places = Self {
            role: options.role,
            home: options.role.home(),
            all: BTreeMap::new(),
            phones: BTreeMap::new(),
            control: Vec::new(),
            target: options.target,
            binary: options.target_binary,
            events: events.clone(),
            readers: JoinSet::new(),
        };
        for name in options.role.places() {
            let port = if *name == places.home {
                options.port
            } else {
                0
            };
            let at = SocketAddr::new(place_at(options.address, name), port);
            let carrier = if *name == "tcp" {
                Carrier::Tcp
            } else {
                options.carrier
            };
            places.open(name, carrier, at).await?;
        }
        for phone in PHONES {
            let (port, socket, control) = pair(options.address).await?;
            places.control.push(control);
            let socket = Arc::new(socket);
            let (own, events) = (Arc::clone(&socket), events.clone());
            places.readers.spawn(listen(own, events, phone));
            places.phones.insert(phone, (port, socket));
        }
        Ok(places)
    }

    async fn open(&mut self, name: &str, carrier: Carrier, at: SocketAddr) -> io::Result<()> {
        let told = |error: io::Error| {
            let carrier = match carrier {
                Carrier::Udp => "UDP",
                Carrier::Tcp => "TCP",
                Carrier::Sctp => "SCTP",
            };
            let told = format!("cannot listen at {at} over {carrier}: {error}");
            io::Error::new(error.kind(), told)
        };
        let own: Arc<str> = name.into();
        let mut place = Place {
            carrier,
            at,
            socket: None,
            sctp: None,
            outlet: None,
            kept: Kept::default(),
            peer: None,
            used: false,
        };
        if carrier == Carrier::Udp {
            let socket = Arc::new(UdpSocket::bind(at).await.map_err(told)?);
            place.at = socket.local_addr()?;
            self.readers
                .spawn(receive(Arc::clone(&socket), self.events.clone(), own));
            place.socket = Some(socket);
        } else if carrier == Carrier::Sctp {
            let events = self.events.clone();
            let sctp = Sctp::open(at, move |event| {
                let (event, events) = (associated(&own, event), events.clone());
                async move { events.send(event).await.is_ok() }
            })
            .map_err(told)?;
            place.at = sctp.local();
            place.sctp = Some(sctp);
        } else if self.role == Role::Mgc {
            let listener = TcpListener::bind(at).await.map_err(told)?;
            place.at = listener.local_addr()?;
            self.readers
                .spawn(accept(listener, self.events.clone(), own));
        } else {
            // A port of its own, by which it is known before it connects.
            place.at = UdpSocket::bind(at).await.map_err(told)?.local_addr()?;
        }
        self.all.insert(name.to_owned(), place);
        Ok(())
    }

    pub(super) fn addresses(&self) -> BTreeMap<String, SocketAddr> {
        let all = self.all.iter();
        all.map(|(name, place)| (name.clone(), place.at)).collect()
    }

    pub(super) fn phones(&self) -> impl Iterator<Item = (char, u16)> {
        self.phones.iter().map(|(phone, (port, _))| (*phone, *port))
    }

    /// Where what is under test is: as was heard last, or as was said.
    pub(super) fn target(&self) -> Option<SocketAddr> {
        let home = self.all.get(self.home);
        home.and_then(|home| home.peer).or(self.target)
    }

    /// Where what is under test is said to be.
    pub(super) fn said(&self) -> Option<SocketAddr> {
        self.target
    }

    pub(super) fn set_target(&mut self, target: Option<SocketAddr>, binary: Option<SocketAddr>) {
        self.target = target;
        self.binary = binary;
        self.all.values_mut().for_each(|place| place.peer = None);
    }

    /// The places that spoke or were spoken to, each with the other end.
    pub(super) fn used(&self) -> BTreeMap<String, (SocketAddr, Address)> {
        let used = self.all.iter().filter(|(_, place)| place.used);
        let peers = used.map(|(name, place)| {
            let peer = self.peer(name, place).unwrap_or(place.at);
            let peer = Address {
                socket: peer,
                carrier: place.carrier,
            };
            (name.clone(), (place.at, peer))
        });
        peers.collect()
    }

    fn peer(&self, name: &str, place: &Place) -> Option<SocketAddr> {
        let binary = self.binary.filter(|_| name == "ber");
        let said = binary.or(self.target());
        // A controller listens where it is said to; a gateway is where it speaks from.
        match self.role {
            Role::Mg => binary.or(self.target).or(place.peer),
            Role::Mgc => place.peer.or(said),
        }
    }

    pub(super) fn heard(&mut self, name: &str, from: Address) {
        if let Some(place) = self.all.get_mut(name) {
            place.peer = Some(from.socket);
            place.used = true;
        }
    }

    pub(super) fn speak(&self, phone: char, octets: &[u8], to: SocketAddr) {
        if let Some((_, socket)) = self.phones.get(&phone) {
            let _lost_as_packets_may_be = socket.try_send_to(octets, to);
        }
    }

    pub(super) async fn send(&mut self, name: &str, octets: &[u8], how: How) -> io::Result<()> {
        let Some(place) = self.all.get(name) else {
            return Err(unknown(name));
        };
        let peer = self.peer(name, place);
        let role = self.role;
        let Some(place) = self.all.get_mut(name) else {
            return Err(unknown(name));
        };
        place.used = true;
        if let Some(socket) = place.socket.clone() {
            if matches!(how, How::Release | How::Reopen) {
                return Ok(());
            }
            let peer = peer.ok_or_else(nobody)?;
            let sent = socket.send_to(octets, peer).await;
            // A port that nobody listens at says so with the next datagram.
            return match sent {
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
                other => other.map(drop),
            };
        }
        if let Some(sctp) = &place.sctp {
            let peer = peer.ok_or_else(nobody)?;
            let went = match how {
                How::Release => true,
                How::Reopen => sctp.close(peer),
                How::Framed | How::Later | How::Slowly | How::Bare => {
                    sctp.send(peer, Bytes::copy_from_slice(octets))
                }
            };
            // The next step may be about what the peer has learnt by this one.
            let _held_up_by_what_is_not_read_yet = timeout(HANDED_OVER, sctp.flush()).await;
            let full = || io::Error::other("too much waits for the association");
            return went.then_some(()).ok_or_else(full);
        }
        if how == How::Reopen {
            if let Some(outlet) = place.outlet.take() {
                outlet.close().await;
            }
            return Ok(());
        }
        if how == How::Later {
            return place.kept.push(&Kept::framed(octets, how)?);
        }
        if place.outlet.is_none() && role == Role::Mg {
            self.connect(name, peer).await?;
        }
        let Some(place) = self.all.get_mut(name) else {
            return Err(unknown(name));
        };
        if how != How::Release {
            place.kept.push(&Kept::framed(octets, how)?)?;
        }
        place.flush(how).await
    }

    /// Makes a connection to what is under test.
    async fn connect(&mut self, name: &str, peer: Option<SocketAddr>) -> io::Result<()> {
        let peer = peer.ok_or_else(nobody)?;
        let told = |error: io::Error| {
            let told = format!("no connection to {peer} over TCP: {error}");
            io::Error::new(error.kind(), told)
        };
        let connected = tokio::time::timeout(CONNECTS, TcpStream::connect(peer)).await;
        let stream = connected
            .unwrap_or_else(|late| Err(late.into()))
            .map_err(told)?;
        stream.set_nodelay(true)?;
        let at = stream.local_addr()?;
        let own: Arc<str> = name.into();
        let (reader, writer) = stream.into_split();
        let number = CONNECTIONS.fetch_add(1, Ordering::Relaxed);
        let events = self.events.clone();
        self.readers.spawn(read(reader, events, own, number, peer));
        if let Entry::Occupied(mut place) = self.all.entry(name.to_owned()) {
            place.get_mut().at = at;
            place.get_mut().outlet = Some(Outlet::new(number, writer));
        }
        Ok(())
    }

    /// A connection was made to a place; it is the one that answers go to.
    pub(super) async fn opened(&mut self, name: &str, outlet: Outlet) {
        if let Some(place) = self.all.get_mut(name) {
            if let Some(before) = place.outlet.replace(outlet) {
                before.close().await;
            }
            let _it_may_be_gone = place.flush(How::Framed).await;
        }
    }

    /// Whether a peer is the one that a place speaks to.
    pub(super) fn speaks_to(&self, name: &str, peer: SocketAddr) -> bool {
        let place = self.all.get(name);
        place.is_some_and(|place| self.peer(name, place) == Some(peer))
    }

    /// A connection has ended; whether it was the one that counts.
    pub(super) fn closed(&mut self, name: &str, number: u64) -> bool {
        let Some(place) = self.all.get_mut(name) else {
            return false;
        };
        let own = place
            .outlet
            .as_ref()
            .is_some_and(|own| own.number == number);
        if own {
            place.outlet = None;
        }
        own
    }
}

impl Place {
    /// Sends what waits, where there is a connection.
    async fn flush(&mut self, how: How) -> io::Result<()> {
        let Some(outlet) = &mut self.outlet else {
            return Ok(());
        };
        let octets = self.kept.take();
        let written = outlet.write(&octets, how).await;
        // That the other end has closed it is told by whoever reads.
        match written {
            Err(error)
                if [
                    io::ErrorKind::BrokenPipe,
                    io::ErrorKind::ConnectionReset,
                    io::ErrorKind::NotConnected,
                ]
                .contains(&error.kind()) =>
            {
                Ok(())
            }
            other => other,
        }
    }
}

fn nobody() -> io::Error {
    io::Error::other(
        "expected to know where what is under test listens; nobody has spoken, and nothing (--to) says it",
    )
}

fn unknown(name: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::NotFound,
        format!("the tool has no place {name}"),
    )
}

/// What happened at a place that speaks SCTP, where each message counts as served once it is told.
fn associated(place: &Arc<str>, event: sctp::Event) -> Event {
    let place = Arc::clone(place);
    match event {
        sctp::Event::Message { peer, octets, .. } => Event::Message {
            place,
            octets: octets.to_vec(),
            from: Address {
                socket: peer,
                carrier: Carrier::Sctp,
            },
            at: now(),
        },
        sctp::Event::Connected(peer) | sctp::Event::Accepted(peer) => Event::Associated {
            place,
            peer,
            is_open: true,
        },
        sctp::Event::Closed(peer, _) => Event::Associated {
            place,
            peer,
            is_open: false,
        },
    }
}

/// On loopback the stranger has an address of its own.
fn place_at(address: IpAddr, name: &str) -> IpAddr {
    match address {
        IpAddr::V4(own) if own.is_loopback() && name == "stranger" => IpAddr::from([127, 0, 0, 9]),
        IpAddr::V4(_) | IpAddr::V6(_) => address,
    }
}

/// Sockets at an even port, as RTP has them, and at the next one: RTCP comes there, and is nobody's message.
async fn pair(address: IpAddr) -> io::Result<(u16, UdpSocket, UdpSocket)> {
    let mut others = Vec::new();
    for _ in 0..TRIES {
        let socket = UdpSocket::bind((address, 0)).await?;
        let port = socket.local_addr()?.port();
        if port.is_multiple_of(2)
            && let Ok(next) = UdpSocket::bind((address, port + 1)).await
        {
            return Ok((port, socket, next));
        }
        others.push(socket);
    }
    Err(io::Error::other("no pair of ports is free"))
}

async fn receive(socket: Arc<UdpSocket>, events: mpsc::Sender<Event>, place: Arc<str>) {
    let mut octets = vec![0; DATAGRAM_MAX];
    loop {
        // A port that was refused is told here; it is no reason to stop listening.
        let Ok((length, from)) = socket.recv_from(&mut octets).await else {
            tokio::task::yield_now().await;
            continue;
        };
        let event = Event::Message {
            place: Arc::clone(&place),
            octets: octets[..length].to_vec(),
            from: Address {
                socket: from,
                carrier: Carrier::Udp,
            },
            at: now(),
        };
        if events.send(event).await.is_err() {
            return;
        }
    }
}

async fn listen(socket: Arc<UdpSocket>, events: mpsc::Sender<Event>, phone: char) {
    let mut octets = vec![0; DATAGRAM_MAX];
    loop {
        let Ok((length, _)) = socket.recv_from(&mut octets).await else {
            tokio::task::yield_now().await;
            continue;
        };
        let octets = octets[..length].to_vec();
        let event = Event::Rtp {
            phone,
            octets,
            at: now(),
        };
        if events.send(event).await.is_err() {
            return;
        }
    }
}

async fn accept(listener: TcpListener, events: mpsc::Sender<Event>, place: Arc<str>) {
    // The connections of this place end with it.
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, from)) = listener.accept().await else {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let _slower_but_right = stream.set_nodelay(true);
        let number = CONNECTIONS.fetch_add(1, Ordering::Relaxed);
        let (reader, writer) = stream.into_split();
        let opened = Event::Opened {
            place: Arc::clone(&place),
            outlet: Outlet::new(number, writer),
        };
        if events.send(opened).await.is_err() {
            return;
        }
        connections.spawn(read(
            reader,
            events.clone(),
            Arc::clone(&place),
            number,
            from,
        ));
        while connections.try_join_next().is_some() {}
    }
}

async fn read(
    reader: tokio::net::tcp::OwnedReadHalf,
    events: mpsc::Sender<Event>,
    place: Arc<str>,
    number: u64,
    from: SocketAddr,
) {
    let mut frames = FramedRead::new(reader, Tpkt);
    while let Some(frame) = frames.next().await {
        let place = Arc::clone(&place);
        let at = now();
        let (event, ends) = match frame {
            Ok(octets) => {
                let octets = octets.to_vec();
                let carrier = Carrier::Tcp;
                let from = Address {
                    socket: from,
                    carrier,
                };
                let event = Event::Message {
                    place,
                    octets,
                    from,
                    at,
                };
                (event, false)
            }
            Err(transport_h248_tokio::tpkt::TpktError::Io(_)) => break,
            Err(error) => {
                let told = format!("{error}, from {from} over TCP");
                (Event::Garbled { place, told, at }, true)
            }
        };
        if events.send(event).await.is_err() || ends {
            break;
        }
    }
    let _nobody_waits = events.send(Event::Closed { place, number }).await;
}
