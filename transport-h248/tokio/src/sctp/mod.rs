//! SCTP in UDP (RFC 6951), since no kernel has to have it: a socket, and a thread that serves its
//! associations, one message a user message (H.248.4).

mod association;
mod associations;
pub mod packet;
#[cfg(test)]
mod tests;
mod writing;

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError, mpsc as signal},
    thread,
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    net::UdpSocket,
    runtime,
    sync::{mpsc, oneshot},
};

pub use self::association::Held;
use self::associations::Associations;
pub(crate) use self::associations::Counts;
pub(crate) use self::writing::Writing;
use crate::{clock, connection::Ended, udp};

/// Orders that wait for the thread.
const ORDERS: usize = 1_024;
/// Datagrams and orders that are taken before what follows from them is sent.
const TAKEN: usize = 64;
/// The largest datagram.
const DATAGRAM_MAX: usize = 65_535;
/// How long the end waits for peers to be told of it.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// What happened at a socket.
#[derive(Debug)]
pub enum Event {
    /// An association that we made has come about.
    Connected(SocketAddr),
    /// A peer has made one.
    Accepted(SocketAddr),
    /// A message.
    Message {
        /// Who sent it.
        peer: SocketAddr,
        /// It.
        octets: Bytes,
        /// To be dropped when it has been served.
        held: Held,
    },
    /// An association has ended, or did not come about.
    Closed(SocketAddr, Ended),
}

impl Event {
    /// Whose association it is about.
    pub fn peer(&self) -> SocketAddr {
        match self {
            Self::Connected(peer)
            | Self::Accepted(peer)
            | Self::Closed(peer, _)
            | Self::Message { peer, .. } => *peer,
        }
    }
}

#[derive(Debug)]
enum Order {
    Send(SocketAddr, Bytes),
    Close(SocketAddr),
    /// Tells when all before has been handed to the network.
    Tell(oneshot::Sender<()>),
}

/// A socket with its associations; all end with it.
#[derive(Debug)]
pub struct Sctp {
    local: SocketAddr,
    orders: Option<mpsc::Sender<Order>>,
    ended: Mutex<signal::Receiver<()>>,
    counts: Arc<Mutex<Counts>>,
}

impl Drop for Sctp {
    /// Peers are told.
    fn drop(&mut self) {
        self.orders = None;
        // The thread is held up where nobody takes its events any more.
        let ended = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = ended.recv_timeout(LAST_WORDS);
    }
}

impl Sctp {
    /// Opens a socket; port 0 means any. Events are handed to `tell`, which holds up the socket for
    /// as long as it takes, and ends it by giving back false.
    ///
    /// # Errors
    ///
    /// The place is taken, or no thread can be had.
    pub fn open<Tell, Telling>(at: SocketAddr, tell: Tell) -> io::Result<Self>
    where
        Tell: Fn(Event) -> Telling + Send + 'static,
        Telling: Future<Output = bool>,
    {
        let socket = udp::socket(at)?;
        let local = socket.local_addr()?.as_socket().unwrap_or(at);
        let (orders, given) = mpsc::channel(ORDERS);
        let (done, ended) = signal::channel();
        let counts = Arc::default();
        let counted = Arc::clone(&counts);
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        thread::Builder::new()
            .name("sctp".to_owned())
            .spawn(move || {
                let served = runtime.block_on(async {
                    let socket = UdpSocket::from_std(socket.into())?;
                    serve(&socket, given, &counted, tell).await;
                    Ok::<_, io::Error>(())
                });
                if let Err(error) = served {
                    tracing::error!(%error, "SCTP ends");
                }
                // Nobody may be waiting any more.
                let _ = done.send(());
            })?;
        Ok(Self {
            local,
            orders: Some(orders),
            ended: Mutex::new(ended),
            counts,
        })
    }

    /// Where it is.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// Sends a message by the association that is or comes about for it; returns false where too
    /// much waits already.
    pub fn send(&self, to: SocketAddr, octets: Bytes) -> bool {
        self.order(Order::Send(to, octets))
    }

    /// Ends an association.
    pub fn close(&self, peer: SocketAddr) -> bool {
        self.order(Order::Close(peer))
    }

    /// Waits until what was ordered has been handed to the network.
    pub async fn flush(&self) {
        let (tell, told) = oneshot::channel();
        if self.order(Order::Tell(tell)) {
            // The thread may have ended, with the program.
            let _ = told.await;
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn order(&self, order: Order) -> bool {
        let orders = self.orders.as_ref();
        orders.is_some_and(|orders| orders.try_send(order).is_ok())
    }
}

async fn serve<Tell, Telling>(
    socket: &UdpSocket,
    mut orders: mpsc::Receiver<Order>,
    counts: &Mutex<Counts>,
    tell: Tell,
) where
    Tell: Fn(Event) -> Telling,
    Telling: Future<Output = bool>,
{
    let mut all = Associations::new(clock::now());
    let freed = all.freed();
    let mut buffer = vec![0; DATAGRAM_MAX];
    let mut waiting = Vec::new();
    loop {
        let due = all.poll_timeout();
        let goes_on = tokio::select! {
            // What fails here fails again where the datagram is taken.
            _ = socket.readable() => {
                datagrams(socket, &mut all, &mut buffer);
                true
            }
            order = orders.recv() => take(order, &mut orders, &mut all, &mut waiting),
            () = freed.notified() => {
                all.resume(clock::now());
                true
            }
            () = clock::wake(due) => true,
        };
        all.handle_timeout(clock::now());
        while let Some((to, packet)) = all.poll_packet() {
            // What cannot be sent is lost, as in the network.
            let _ = socket.send_to(&packet, to).await;
        }
        for tell in waiting.drain(..) {
            // Whoever has waited may have given up.
            let _ = tell.send(());
        }
        *counts.lock().unwrap_or_else(PoisonError::into_inner) = all.counts();
        if !goes_on {
            return;
        }
        while let Some(event) = all.poll_event() {
            if !tell(event).await {
                return;
            }
        }
    }
}

fn datagrams(socket: &UdpSocket, all: &mut Associations, buffer: &mut [u8]) {
    for _ in 0..TAKEN {
        match socket.try_recv_from(buffer) {
            Ok((length, from)) => all.handle_packet(from, &buffer[..length], clock::now()),
            // A datagram of ours that met nobody is told here too; it is repeated where it matters.
            Err(_) => return,
        }
    }
}

/// Carries orders out; returns whether there may be more.
fn take(
    order: Option<Order>,
    orders: &mut mpsc::Receiver<Order>,
    all: &mut Associations,
    waiting: &mut Vec<oneshot::Sender<()>>,
) -> bool {
    let now = clock::now();
    let Some(order) = order else {
        all.close_all(now);
        return false;
    };
    let mut next = Some(order);
    for place in 1..=TAKEN {
        match next {
            Some(Order::Send(to, octets)) => all.send(to, &octets, now),
            Some(Order::Close(peer)) => all.close(peer, now),
            Some(Order::Tell(tell)) => waiting.push(tell),
            None => break,
        }
        next = if place < TAKEN {
            orders.try_recv().ok()
        } else {
            None
        };
    }
    true
}
