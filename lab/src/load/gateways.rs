//! Gateways without media: the core of `mg` on sockets of its own, many in one process.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::{Instant, SystemTime},
};

use codec_h248::{Host, MId};
use mg_contract::{Command, Report, StreamStatistics, Ticket};
use mg_core::{Bound, Config, Mg};
use tokio::{net::UdpSocket, task::JoinSet};
use transport_h248::{Address, Anchor};

/// The largest datagram.
const DATAGRAM_MAX: usize = 65_535;
/// Octets asked of the kernel for what has come in: a burst of the controller is not lost.
const BUFFER: usize = 4 << 20;
/// Datagrams that are taken before what follows from them is sent.
const AT_ONCE: usize = 32;

/// Gateways that run until this is dropped.
#[derive(Debug)]
pub(super) struct Gateways {
    _tasks: JoinSet<()>,
}

impl Gateways {
    /// So many gateways that register with the controller at `mgc`.
    pub(super) async fn start(count: u16, mgc: SocketAddr) -> io::Result<Self> {
        let mut tasks = JoinSet::new();
        for _ in 0..count {
            let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            socket2::SockRef::from(&socket).set_recv_buffer_size(BUFFER)?;
            let local = socket.local_addr()?;
            let mid = MId::Address {
                host: Host(local.ip()),
                port: Some(local.port()),
            };
            let config = Config::new(mid, vec![Address::from(mgc)], local.ip());
            let anchor = anchor();
            let mg = Mg::new(config, fastrand::u64(..), anchor, anchor.instant);
            tasks.spawn(run(mg, socket));
        }
        Ok(Self { _tasks: tasks })
    }
}

#[expect(clippy::disallowed_methods, reason = "the gateways' own clock")]
fn anchor() -> Anchor {
    Anchor {
        instant: Instant::now(),
        system: SystemTime::now(),
    }
}

async fn run(mut mg: Mg, socket: UdpSocket) {
    let mut buffer = vec![0; DATAGRAM_MAX];
    loop {
        flush(&mut mg, &socket).await;
        let due = mg.poll_timeout().map(|(at, _)| at);
        let wake = async {
            match due {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = wake => mg.handle_timeout(anchor().instant),
            received = socket.recv_from(&mut buffer) => {
                take(&mut mg, &buffer, received);
                for _ in 0..AT_ONCE {
                    match socket.try_recv_from(&mut buffer) {
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                        received => take(&mut mg, &buffer, received),
                    }
                }
            }
        }
    }
}

/// Hands a datagram in; an error tells of one that we sent and nobody took.
fn take(mg: &mut Mg, buffer: &[u8], received: io::Result<(usize, SocketAddr)>) {
    if let Ok((length, from)) = received {
        let from = Address::from(from);
        mg.handle_message(&buffer[..length], from.into(), anchor().instant);
    }
}

/// Sends what the gateway has to say. Every port can be had, and nothing is played or counted.
async fn flush(mg: &mut Mg, socket: &UdpSocket) {
    loop {
        while let Some(transmit) = mg.poll_transmit() {
            // A full buffer is the network's loss.
            let _ = socket
                .send_to(&transmit.octets, transmit.to.address.socket)
                .await;
        }
        let mut ports = Vec::new();
        while let Some(port) = mg.poll_bind() {
            ports.push(port);
        }
        let asked: Vec<Ticket> = std::iter::from_fn(|| mg.poll_media())
            .filter_map(|command| ticket(&command))
            .collect();
        while mg.poll_event().is_some() {}
        if ports.is_empty() && asked.is_empty() {
            return;
        }
        for port in ports {
            mg.handle_bound(port, Bound::Ready, anchor().instant);
        }
        for ticket in asked {
            let statistics = StreamStatistics::default();
            let report = Report::Statistics { ticket, statistics };
            mg.handle_media(report, anchor().instant);
        }
    }
}

/// The question that a command of the gateway is.
fn ticket(command: &Command) -> Option<Ticket> {
    if let Command::Close { ticket, .. } | Command::Audit { ticket, .. } = command {
        return Some(*ticket);
    }
    None
}
