//! Two ends that exchange the same octets and read none of them: what sockets alone cost.

#![expect(
    clippy::disallowed_types,
    reason = "these ends are a shell of their own"
)]

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    process::Command,
    time::{Duration, Instant},
};

use transport_h248::{Address, Carrier};
use transport_h248_tokio::{clock, program::Failure};

use crate::{
    exchange,
    ours::{await_go, say},
    pair::Pair,
    row::{Manner, Row},
};

/// Starts both ends.
pub(crate) fn pair(row: Row) -> io::Result<Pair> {
    let program = std::env::current_exe()?;
    let manner = row.manner.to_string();
    let end = |role: &str| {
        let mut command = Command::new(&program);
        command.args([role, manner.as_str()]);
        command
    };
    Pair::start(end("bare-gateway"), end("bare-controller"), None)
}

/// A stream of octets, or a socket that keeps to one peer.
enum Wire {
    Udp(UdpSocket),
    Tcp(TcpStream),
}

impl Wire {
    fn send(&mut self, octets: &[u8]) -> io::Result<()> {
        match self {
            Self::Udp(socket) => socket.send(octets).map(|_| ()),
            Self::Tcp(stream) => stream.write_all(octets),
        }
    }

    /// Takes what is there: so many messages of this length, one at least.
    fn receive(&mut self, length: usize, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Udp(socket) => socket.recv(buffer).map(|_| 1),
            Self::Tcp(stream) => {
                let mut held = stream.read(buffer)?;
                let whole = held.next_multiple_of(length);
                stream.read_exact(&mut buffer[held..whole])?;
                held = whole;
                Ok(held / length)
            }
        }
    }
}

/// Answers until the peer is gone.
pub(crate) fn gateway(manner: Manner) -> Result<(), Failure> {
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut wire = match manner.carrier {
        Carrier::Udp => {
            let socket = UdpSocket::bind(here)?;
            say(&format!("at {}", socket.local_addr()?))?;
            let (_, from) = socket.peek_from(&mut [0; 1])?;
            socket.connect(from)?;
            Wire::Udp(socket)
        }
        Carrier::Tcp | Carrier::Sctp => {
            let listener = TcpListener::bind(here)?;
            say(&format!("at {}", listener.local_addr()?))?;
            Wire::Tcp(without_delay(listener.accept()?.0)?)
        }
    };
    let (request, reply) = exchange::octets(manner);
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count) = wire.receive(request.len(), &mut buffer) {
        for _ in 0..count {
            wire.send(&reply)?;
        }
    }
    Ok(())
}

/// Asks for so long.
pub(crate) fn controller(
    manner: Manner,
    gateway: Address,
    in_flight: u32,
    seconds: u32,
) -> Result<(), Failure> {
    let mut wire = match manner.carrier {
        Carrier::Udp => {
            let socket = UdpSocket::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
            socket.connect(gateway.socket)?;
            Wire::Udp(socket)
        }
        Carrier::Tcp | Carrier::Sctp => {
            Wire::Tcp(without_delay(TcpStream::connect(gateway.socket)?)?)
        }
    };
    let exchanged = exchange::octets(manner);
    for _ in 0..in_flight {
        wire.send(&exchanged.0)?;
    }
    ask_until(&mut wire, &exchanged, clock::now() + Duration::from_secs(1))?;
    say("begin")?;
    await_go()?;
    let start = clock::now();
    let until = start + Duration::from_secs(seconds.into());
    let answered = ask_until(&mut wire, &exchanged, until)?;
    say(&format!(
        "end {answered} {}",
        (clock::now() - start).as_nanos()
    ))?;
    await_go()?;
    Ok(())
}

fn without_delay(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn ask_until(wire: &mut Wire, exchanged: &(Vec<u8>, Vec<u8>), until: Instant) -> io::Result<u64> {
    let (request, reply) = exchanged;
    let mut buffer = vec![0; 1 << 16];
    let mut answered = 0;
    while clock::now() < until {
        for _ in 0..wire.receive(reply.len(), &mut buffer)? {
            answered += 1;
            wire.send(request)?;
        }
    }
    Ok(answered)
}
