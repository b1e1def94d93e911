//! The sockets of a program, UDP, TCP and SCTP alike: messages with their routes come in and go out.

use std::{
    future::poll_fn,
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use ahash::{HashMap, HashMapExt as _};
use bytes::Bytes;
use tokio::{
    net::{TcpListener, TcpStream, UdpSocket},
    sync::{Semaphore, mpsc},
    task::yield_now,
};
use transport_h248::{Address, Carrier, Route, Transmit};

pub use crate::connection::Ended;
use crate::{
    clock,
    connection::{Connection, Held},
    counters::Counters,
    sctp::{self, Sctp},
    shut_out::ShutOut,
    tcp,
    turns::{Place, Turns},
    udp,
};

/// The largest UDP datagram.
const DATAGRAM_MAX: usize = 65_535;
/// A turn: so much is taken before the program answers, enough to share the cost of asking its core,
/// and few enough that the first does not wait for its answer. 16 KiB: one large message is a turn.
/// 50 us: about what an exchange takes where nobody else is served.
const TURN_MESSAGES: usize = 32;
const TURN_OCTETS: usize = 16 << 10;
const TURN_TIME: Duration = Duration::from_micros(50);
/// Datagrams that are taken out of a socket at a time, since in its queue they wait for each other.
const GATHERED: usize = 1_024;
/// Octets of large messages that all connections together may hold, begun or whole. 64 MiB.
const ROOM: usize = 64 << 20;
/// Happenings of connections that wait for the program; readers wait when they are this many.
const HAPPENINGS: usize = 256;
/// Connections at one time. 16,384: four for each of 4,096 gateways. Over it a new one is closed.
const CONNECTIONS_MAX: usize = 16_384;
/// Messages that wait for a connection to come about.
const WAITING_MAX: usize = 1_024;
/// What came in.
#[derive(Debug)]
pub enum Incoming {
    /// A message.
    Message {
        /// It.
        octets: Bytes,
        /// Where it came from.
        from: Route,
    },
    /// A connection that we made has come about.
    Connected {
        /// The way it goes.
        route: Route,
        /// Where our side of it is.
        local: SocketAddr,
    },
    /// A connection has ended, or did not come about.
    Closed(Route),
}

/// Where to listen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Listen {
    /// By what; `None` means UDP and TCP, on one port.
    pub carrier: Option<Carrier>,
    /// Host and port; 0 means any.
    pub socket: SocketAddr,
}

/// A place that is listened at.
#[derive(Debug)]
struct Listener {
    at: SocketAddr,
    udp: Option<UdpSocket>,
    sctp: Option<Sctp>,
    shut_out: ShutOut,
}

#[derive(Debug)]
enum Link {
    Connecting { serial: u64, waiting: Vec<Bytes> },
    Connected { serial: u64, connection: Connection },
}

/// What happened to a connection.
#[derive(Debug)]
enum Happening {
    Accepted(TcpStream),
    Connected(TcpStream),
    Message(Bytes, Held),
    Ended(Ended),
    Associated(sctp::Event),
}

/// What waits for its turn. What a connection is told comes after what it has brought.
#[derive(Debug)]
enum Waiting {
    Datagram(Bytes),
    Frame { octets: Bytes, _held: Held },
    Chunk { octets: Bytes, _held: sctp::Held },
    Connected(SocketAddr),
    Closed,
}

/// How much has been served of a turn.
#[derive(Clone, Copy, Debug, Default)]
struct Served {
    messages: usize,
    octets: usize,
    since: Option<Instant>,
    /// Whether it has ended because so much was served.
    is_turn: bool,
}

impl Served {
    fn check(&mut self, now: Instant) -> bool {
        let long = |since| now > since + TURN_TIME;
        self.is_turn = self.messages >= TURN_MESSAGES
            || self.octets >= TURN_OCTETS
            || self.since.is_some_and(long);
        self.is_turn
    }

    fn add(&mut self, octets: usize, now: Instant) {
        self.messages += 1;
        self.octets += octets;
        self.since.get_or_insert(now);
    }
}

type Happened = (Route, u64, Happening);

/// All sockets.
#[derive(Debug)]
pub struct Network {
    listeners: Vec<Listener>,
    links: HashMap<Route, Link>,
    serial: u64,
    turns: Turns<Waiting>,
    served: Served,
    happenings: mpsc::Receiver<Happened>,
    happens: mpsc::Sender<Happened>,
    buffer: Box<[u8]>,
    /// Octets of large messages that connections may hold.
    room: Arc<Semaphore>,
    counters: Counters,
    /// Counted by the tasks that accept.
    accept_failures: Arc<AtomicU64>,
}

impl Network {
    /// Opens sockets at these places, in this order; it needs the tokio runtime of the caller.
    pub fn open(places: &[Listen]) -> Result<Self, OpenError> {
        let (happens, happenings) = mpsc::channel(HAPPENINGS);
        let mut network = Self {
            listeners: Vec::new(),
            links: HashMap::new(),
            serial: 0,
            turns: Turns::new(),
            served: Served::default(),
            happenings,
            happens,
            buffer: vec![0; DATAGRAM_MAX].into(),
            room: Arc::new(Semaphore::new(ROOM)),
            counters: Counters::default(),
            accept_failures: Arc::default(),
        };
        for place in places {
            network.listen(*place).map_err(|error| OpenError {
                place: place.socket,
                error,
            })?;
        }
        Ok(network)
    }

    fn listen(&mut self, place: Listen) -> io::Result<()> {
        let number = u8::try_from(self.listeners.len()).map_err(io::Error::other)?;
        let mut listener = Listener {
            at: place.socket,
            udp: None,
            sctp: None,
            shut_out: ShutOut::default(),
        };
        let accepting = match place.carrier {
            Some(Carrier::Udp) => {
                listener.udp = Some(udp::bind(place.socket)?);
                None
            }
            Some(Carrier::Tcp) => Some(tcp::listener(place.socket)?),
            Some(Carrier::Sctp) => {
                let sctp = associate(place.socket, number, &self.happens)?;
                listener.at = sctp.local();
                listener.sctp = Some(sctp);
                None
            }
            None => {
                let (udp, tcp) = both(place.socket)?;
                listener.udp = Some(udp);
                Some(tcp)
            }
        };
        if let Some(udp) = &listener.udp {
            listener.at = udp.local_addr()?;
        }
        if let Some(accepting) = accepting {
            listener.at = accepting.local_addr()?;
            let failures = Arc::clone(&self.accept_failures);
            let happens = self.happens.clone();
            tokio::spawn(tcp::accept(accepting, failures, move |stream, from| {
                let accepted = (
                    route(Carrier::Tcp, from, number),
                    0,
                    Happening::Accepted(stream),
                );
                let happens = happens.clone();
                async move { happens.send(accepted).await.is_ok() }
            }));
        }
        self.listeners.push(listener);
        Ok(())
    }

    /// Returns where the listener of that number is.
    pub fn local(&self, listener: u8) -> Option<SocketAddr> {
        self.listeners.get(usize::from(listener)).map(|one| one.at)
    }

    /// Returns what has been counted.
    pub fn counters(&self) -> Counters {
        let mut counters = Counters {
            accept_failures: self.accept_failures.load(Ordering::Relaxed),
            ..self.counters
        };
        let sctp = self.listeners.iter().filter_map(|one| one.sctp.as_ref());
        sctp.for_each(|sctp| counters.add(sctp.counts()));
        counters
    }

    /// Waits for what comes in next. Giving up the waiting loses nothing.
    pub async fn next(&mut self) -> io::Result<Incoming> {
        loop {
            if self.served.is_turn {
                // The program's other tasks have theirs: those that read connections, and HTTP.
                yield_now().await;
            }
            self.served = Served::default();
            let now = clock::now();
            self.gather(now)?;
            if let Some(incoming) = self.serve(now) {
                return Ok(incoming);
            }
            let due = self.due();
            let listeners = &self.listeners;
            let readable = poll_fn(|context| first_readable(listeners, context));
            tokio::select! {
                readable = readable => readable?,
                happened = self.happenings.recv() => {
                    let none = || io::Error::other("no connection can be told of");
                    self.take(happened.ok_or_else(none)?, clock::now());
                }
                () = clock::wake(due) => {}
            }
        }
    }

    /// Returns what has come in already, if anything, as long as it makes one turn with what
    /// [`Self::next`] returned: each source takes its turns, so that a flood of one does not hold up
    /// the others, and the program answers what a turn has brought before it takes more.
    pub fn try_next(&mut self) -> io::Result<Option<Incoming>> {
        let now = clock::now();
        if self.served.check(now) {
            return Ok(None);
        }
        if let Some(incoming) = self.serve(now) {
            return Ok(Some(incoming));
        }
        self.gather(now)?;
        Ok(self.serve(now))
    }

    /// When something changes though nothing comes in: a source has rested, or is let in again.
    fn due(&self) -> Option<Instant> {
        let lifted = self.listeners.iter();
        let lifted = lifted.filter_map(|listener| listener.shut_out.lifted_at());
        lifted.chain(self.turns.rested_at()).min()
    }

    /// Takes what has come in, so that it waits here, where each source has its own room.
    fn gather(&mut self, now: Instant) -> io::Result<()> {
        for number in 0..self.listeners.len() {
            self.gather_datagrams(number, now)?;
        }
        for _ in 0..TURN_MESSAGES {
            let Ok(happened) = self.happenings.try_recv() else {
                break;
            };
            self.take(happened, now);
        }
        Ok(())
    }

    fn gather_datagrams(&mut self, number: usize, now: Instant) -> io::Result<()> {
        for _ in 0..GATHERED {
            let Some((length, from)) = self.datagram(number)? else {
                break;
            };
            let octets = &self.buffer[..length];
            let message = || Waiting::Datagram(Bytes::copy_from_slice(octets));
            let place = self.turns.offer(from, length, now, message);
            self.counters.excess += u64::from(place != Place::Found);
            if place == Place::Flood {
                self.shut_out(from, now);
            }
        }
        if let Some(Listener {
            udp: Some(udp),
            shut_out,
            ..
        }) = self.listeners.get_mut(number)
        {
            shut_out.lift(udp, now);
        }
        Ok(())
    }

    fn shut_out(&mut self, from: Route, now: Instant) {
        let listener = self.listeners.get_mut(usize::from(from.listener));
        if let Some(Listener {
            udp: Some(udp),
            shut_out,
            ..
        }) = listener
        {
            tracing::debug!(%from, "shut out: it sends more than is served");
            self.counters.shut_out += 1;
            shut_out.add(udp, from.address.socket, now);
        }
    }

    /// Returns what is next of all that waits.
    fn serve(&mut self, now: Instant) -> Option<Incoming> {
        let (from, octets, waiting) = self.turns.next(now)?;
        self.served.add(octets, now);
        Some(match waiting {
            Waiting::Datagram(octets)
            | Waiting::Frame { octets, .. }
            | Waiting::Chunk { octets, .. } => Incoming::Message { octets, from },
            Waiting::Connected(local) => Incoming::Connected { route: from, local },
            Waiting::Closed => Incoming::Closed(from),
        })
    }

    fn datagram(&mut self, number: usize) -> io::Result<Option<(usize, Route)>> {
        let Some(udp) = self.listeners.get(number).and_then(|one| one.udp.as_ref()) else {
            return Ok(None);
        };
        match udp.try_recv_from(&mut self.buffer) {
            Ok((length, from)) => {
                let listener = u8::try_from(number).map_err(io::Error::other)?;
                let address = Address::from(from);
                Ok(Some((length, Route { address, listener })))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            // A datagram of ours met nobody; that is told where one expects an answer.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn take(&mut self, (route, serial, happening): Happened, now: Instant) {
        let current = match self.links.get(&route) {
            Some(Link::Connecting { serial, .. } | Link::Connected { serial, .. }) => Some(*serial),
            None => None,
        };
        match happening {
            Happening::Accepted(stream) => self.accepted(route, stream),
            Happening::Associated(event) => self.associated(route, event, now),
            _ if current != Some(serial) => {}
            Happening::Connected(stream) => self.connected(route, serial, stream, now),
            Happening::Message(octets, held) => {
                let length = octets.len();
                let waiting = Waiting::Frame {
                    octets,
                    _held: held,
                };
                self.turns.add(route, length, now, waiting);
            }
            Happening::Ended(why) => {
                self.links.remove(&route);
                self.counters.count_end(&why);
                tracing::debug!(%route, %why, "disconnected");
                self.turns.add(route, 0, now, Waiting::Closed);
            }
        }
    }

    fn associated(&mut self, route: Route, event: sctp::Event, now: Instant) {
        match event {
            sctp::Event::Accepted(_) => {
                self.counters.accepted += 1;
                tracing::debug!(%route, "connected");
            }
            sctp::Event::Connected(_) => {
                tracing::debug!(%route, "connected");
                let listener = self.listeners.get(usize::from(route.listener));
                if let Some(sctp) = listener.and_then(|one| one.sctp.as_ref()) {
                    let connected = Waiting::Connected(sctp.local());
                    self.turns.add(route, 0, now, connected);
                }
            }
            sctp::Event::Message { octets, held, .. } => {
                let length = octets.len();
                let waiting = Waiting::Chunk {
                    octets,
                    _held: held,
                };
                self.turns.add(route, length, now, waiting);
            }
            sctp::Event::Closed(_, why) => {
                self.counters.count_end(&why);
                tracing::debug!(%route, %why, "disconnected");
                self.turns.add(route, 0, now, Waiting::Closed);
            }
        }
    }

    fn connected(&mut self, route: Route, serial: u64, stream: TcpStream, now: Instant) {
        let Some(Link::Connecting { waiting, .. }) = self.links.remove(&route) else {
            return;
        };
        let local = stream.local_addr();
        let connection = self.start(route, serial, stream);
        let all_sent = waiting.into_iter().all(|message| connection.send(message));
        debug_assert!(all_sent, "so little finds room");
        self.links
            .insert(route, Link::Connected { serial, connection });
        tracing::debug!(%route, "connected");
        // One that has ended by now has no address; its end is told next.
        if let Ok(local) = local {
            self.turns.add(route, 0, now, Waiting::Connected(local));
        }
    }

    fn accepted(&mut self, route: Route, stream: TcpStream) {
        if self.links.len() >= CONNECTIONS_MAX {
            self.counters.refused += 1;
            tracing::debug!(%route, "one connection too many");
            return;
        }
        self.counters.accepted += 1;
        let serial = self.next_serial();
        let connection = self.start(route, serial, stream);
        self.links
            .insert(route, Link::Connected { serial, connection });
        tracing::debug!(%route, "connected");
    }

    fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    fn start(&self, route: Route, serial: u64, stream: TcpStream) -> Connection {
        let (received, ended) = (self.happens.clone(), self.happens.clone());
        Connection::start(
            stream,
            Arc::clone(&self.room),
            move |message, held| {
                let message = Happening::Message(message, held);
                tell(received.clone(), (route, serial, message))
            },
            move |why| tell(ended.clone(), (route, serial, Happening::Ended(why))),
        )
    }

    /// Sends a message, over TCP and SCTP by the connection that is or comes about for it. What cannot be
    /// sent is lost, as in the network; a connection that ends tells why.
    pub async fn send(&mut self, transmit: Transmit) -> Result<(), SendError> {
        let result = self.try_send(transmit).await;
        self.counters.unsent += u64::from(result.is_err());
        result
    }

    async fn try_send(&mut self, transmit: Transmit) -> Result<(), SendError> {
        let Transmit { to, octets } = transmit;
        match to.address.carrier {
            Carrier::Udp => {
                let listener = self.listeners.get(usize::from(to.listener));
                let Some(udp) = listener.and_then(|one| one.udp.as_ref()) else {
                    return Err(SendError::NoSocket);
                };
                udp.send_to(&octets, to.address.socket).await?;
                Ok(())
            }
            Carrier::Tcp => self.send_framed(to, octets),
            Carrier::Sctp => self.send_associated(to, octets),
        }
    }

    /// Where SCTP is not listened at it is spoken from any port.
    fn send_associated(&mut self, to: Route, octets: Bytes) -> Result<(), SendError> {
        let listener = self.listeners.get_mut(usize::from(to.listener));
        let listener = listener.ok_or(SendError::NoSocket)?;
        let peer = to.address.socket;
        let sctp = match &mut listener.sctp {
            Some(sctp) => sctp,
            none => {
                let mut from = SocketAddr::new(listener.at.ip(), 0);
                if !tcp::reaches(from, peer) {
                    from = any(peer);
                }
                none.insert(associate(from, to.listener, &self.happens)?)
            }
        };
        let went = sctp.send(peer, octets);
        went.then_some(()).ok_or(SendError::Full)
    }

    fn send_framed(&mut self, to: Route, octets: Bytes) -> Result<(), SendError> {
        let room = self.links.len() < CONNECTIONS_MAX;
        match self.links.get_mut(&to) {
            Some(Link::Connected { connection, serial }) => {
                if !connection.send(octets) {
                    let serial = *serial;
                    let ended = (to, serial, Happening::Ended(Ended::Deaf));
                    tokio::spawn(tell(self.happens.clone(), ended));
                    return Err(SendError::Full);
                }
                Ok(())
            }
            Some(Link::Connecting { waiting, .. }) if waiting.len() < WAITING_MAX => {
                waiting.push(octets);
                Ok(())
            }
            None if room => {
                let serial = self.next_serial();
                let from = self.local(to.listener);
                let happens = self.happens.clone();
                tokio::spawn(async move {
                    let connected = tcp::connect(from, to.address.socket).await;
                    let happening = connected.map_or_else(Happening::Ended, Happening::Connected);
                    tell(happens, (to, serial, happening)).await;
                });
                let waiting = vec![octets];
                self.links.insert(to, Link::Connecting { serial, waiting });
                Ok(())
            }
            Some(Link::Connecting { .. }) | None => Err(SendError::Full),
        }
    }
}

/// A message that was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The socket said no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Nothing is listened at by this carrier, so there is nothing to send from.
    #[error("no socket speaks this carrier")]
    NoSocket,
    /// Too much waits for this peer already, or there are too many.
    #[error("too much waits for the peer")]
    Full,
}

impl SendError {
    /// Whether nothing can ever be sent there: no carrier, or no address, of ours leads to it.
    pub fn is_final(&self) -> bool {
        match self {
            Self::NoSocket => true,
            Self::Full => false,
            Self::Io(error) => {
                error.kind() == io::ErrorKind::Unsupported
                    || error.raw_os_error() == Some(NO_SUCH_FAMILY)
            }
        }
    }
}

/// EAFNOSUPPORT: the socket is of IPv4 and the address is not, or the other way round.
const NO_SUCH_FAMILY: i32 = 97;

/// A place that cannot be listened at.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {error}")]
pub struct OpenError {
    place: SocketAddr,
    error: io::Error,
}

/// Opens a socket that speaks SCTP, and has it tell what happens there.
fn associate(at: SocketAddr, listener: u8, happens: &mpsc::Sender<Happened>) -> io::Result<Sctp> {
    let happens = happens.clone();
    Sctp::open(at, move |event| {
        let route = route(Carrier::Sctp, event.peer(), listener);
        let happened = (route, 0, Happening::Associated(event));
        let happens = happens.clone();
        async move { happens.send(happened).await.is_ok() }
    })
}

/// Any address of ours that may reach a peer.
fn any(peer: SocketAddr) -> SocketAddr {
    match peer {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    }
}

/// Finds a socket that has a datagram.
fn first_readable(listeners: &[Listener], context: &mut Context<'_>) -> Poll<io::Result<()>> {
    for listener in listeners {
        let Some(udp) = &listener.udp else {
            continue;
        };
        if let Poll::Ready(result) = udp.poll_recv_ready(context) {
            return Poll::Ready(result);
        }
    }
    Poll::Pending
}

async fn tell(happens: mpsc::Sender<Happened>, happened: Happened) {
    // Nobody listens any more where the program ends.
    let _ = happens.send(happened).await;
}

/// Opens both at one port. A port that the kernel chose for UDP may be taken for TCP: then another
/// is tried.
fn both(at: SocketAddr) -> io::Result<(UdpSocket, TcpListener)> {
    const TRIES: usize = 16;
    let mut tries = 0;
    loop {
        tries += 1;
        let udp = udp::bind(at)?;
        match tcp::listener(udp.local_addr()?) {
            Ok(tcp) => return Ok((udp, tcp)),
            Err(_) if at.port() == 0 && tries < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

fn route(carrier: Carrier, socket: SocketAddr, listener: u8) -> Route {
    let address = Address { carrier, socket };
    Route { address, listener }
}
