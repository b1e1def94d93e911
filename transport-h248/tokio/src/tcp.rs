//! TCP connections as they come about: made, accepted, and watched by the kernel.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use socket2::{SockRef, TcpKeepalive};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use crate::{clock, connection::Ended, tpkt::TpktError};

/// Connections are accepted one in this time, after so many at once: making and ending one takes as
/// long as dozens of messages. All of 4,096 gateways are back within 2 s.
const ACCEPT_EACH: Duration = Duration::from_micros(500);
const ACCEPT_AT_ONCE: u32 = 64;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 4_096;
/// How long a connection may take to come about.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// How long after a failure nothing is tried again.
const CONNECT_AGAIN: Duration = Duration::from_millis(500);
/// A connection on which nothing was heard for so long is probed, and then so often; three probes
/// without an answer end it.
const PROBE_AFTER: Duration = Duration::from_secs(10);
const PROBE_AGAIN: Duration = Duration::from_secs(5);
/// Octets that were written and not acknowledged for so long end the connection.
const UNACKNOWLEDGED: Duration = Duration::from_secs(20);

/// Listens at a place; port 0 means any. It belongs to the tokio runtime of the caller.
pub(crate) fn listener(at: SocketAddr) -> io::Result<TcpListener> {
    let socket = if at.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A restarted program finds its port, though connections of the former still end.
    socket.set_reuseaddr(true)?;
    socket.bind(at)?;
    socket.listen(BACKLOG)
}

/// Accepts connections and hands each on, until that gives back false.
pub(crate) async fn accept<Accepted, Handing>(
    listener: TcpListener,
    failures: Arc<AtomicU64>,
    accepted: Accepted,
) where
    Accepted: Fn(TcpStream, SocketAddr) -> Handing,
    Handing: Future<Output = bool>,
{
    // When all that were accepted have had their time.
    let mut spent = clock::now();
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                if let Err(error) = prepare(&stream) {
                    tracing::debug!(%error, %from, "a connection ended before it began");
                    continue;
                }
                if !accepted(stream, from).await {
                    return;
                }
                let now = clock::now();
                let saved = now.checked_sub(ACCEPT_EACH * ACCEPT_AT_ONCE);
                spent = saved.map_or(spent, |saved| spent.max(saved)) + ACCEPT_EACH;
                let ahead = spent.saturating_duration_since(now);
                // A sleep takes a millisecond at least.
                if !ahead.is_zero() {
                    sleep(ahead).await;
                }
            }
            Err(error) => {
                // Too many open files, most likely; some will be closed.
                failures.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%error, "no connection can be accepted");
                sleep(CONNECT_AGAIN).await;
            }
        }
    }
}

/// Connects, from our address where that reaches the peer. A refusal is told late enough that it can
/// be tried again at once.
pub(crate) async fn connect(from: Option<SocketAddr>, to: SocketAddr) -> Result<TcpStream, Ended> {
    let connected = async {
        let stream = connect_from(from, to).await?;
        prepare(&stream)?;
        Ok::<_, io::Error>(stream)
    };
    match timeout(CONNECT_TIME, connected).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => {
            sleep(CONNECT_AGAIN).await;
            Err(error.into())
        }
        Err(_) => Err(TpktError::Io(io::ErrorKind::TimedOut.into()).into()),
    }
}

/// Whether a peer is reached from an address that we listen at, under which it knows us.
pub(crate) fn reaches(from: SocketAddr, to: SocketAddr) -> bool {
    let alike = from.is_ipv4() == to.is_ipv4();
    alike && !from.ip().is_unspecified() && from.ip().is_loopback() == to.ip().is_loopback()
}

/// Connects from the address that we listen at where that reaches the peer; else from whichever can.
async fn connect_from(from: Option<SocketAddr>, to: SocketAddr) -> io::Result<TcpStream> {
    let Some(from) = from.filter(|from| reaches(*from, to)) else {
        return TcpStream::connect(to).await;
    };
    let socket = if from.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.bind(SocketAddr::new(from.ip(), 0))?;
    socket.connect(to).await
}

/// Lets the kernel find out that a peer is gone, and send at once what is written.
fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    let probing = TcpKeepalive::new()
        .with_time(PROBE_AFTER)
        .with_interval(PROBE_AGAIN)
        .with_retries(3);
    socket.set_tcp_keepalive(&probing)?;
    socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED))
}
