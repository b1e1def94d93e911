//! A socket of a peer, by either carrier, with whole messages going in and out.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{IpAddr, SocketAddr, TcpStream, UdpSocket},
    time::{Duration, Instant},
};

/// The socket.
#[derive(Debug)]
pub(crate) enum Carrier {
    Udp(UdpSocket),
    Tcp(TcpStream, Vec<u8>),
}

impl Carrier {
    /// Opens a UDP socket of that host towards `to`.
    pub(crate) fn udp(host: IpAddr, to: SocketAddr) -> Self {
        let socket = UdpSocket::bind((host, 0)).unwrap();
        socket.connect(to).unwrap();
        Self::Udp(socket)
    }

    /// Opens a connection to `to`.
    pub(crate) fn tcp(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).unwrap();
        stream.set_nodelay(true).unwrap();
        Self::Tcp(stream, Vec::new())
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, message: &str) {
        match self {
            Self::Udp(socket) => drop(socket.send(message.as_bytes()).unwrap()),
            Self::Tcp(stream, _) => stream.write_all(&framed(message.as_bytes())).unwrap(),
        }
    }

    /// Returns the next message, if one comes before that time.
    pub(crate) fn receive(&mut self, until: Instant) -> Option<String> {
        loop {
            if let Self::Tcp(_, octets) = self
                && let Some(message) = unframed(octets)
            {
                return Some(message);
            }
            let left = until.checked_duration_since(Instant::now())?;
            let left = Some(left.max(Duration::from_micros(1)));
            let mut buffer = [0; 65_536];
            let read = match self {
                Self::Udp(socket) => {
                    socket.set_read_timeout(left).unwrap();
                    socket.recv(&mut buffer)
                }
                Self::Tcp(stream, _) => {
                    stream.set_read_timeout(left).unwrap();
                    stream.read(&mut buffer)
                }
            };
            match (read, &mut *self) {
                (Ok(length), Self::Udp(_)) => return Some(text(&buffer[..length])),
                (Ok(0), Self::Tcp(..)) => panic!("the connection of a peer that behaves was ended"),
                (Ok(length), Self::Tcp(_, octets)) => octets.extend(&buffer[..length]),
                (Err(error), _) if is_timeout(error.kind()) => {}
                (Err(error), _) => panic!("{error}"),
            }
        }
    }
}

fn is_timeout(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// A message with its TPKT header.
pub(crate) fn framed(message: &[u8]) -> Vec<u8> {
    let length = u16::try_from(message.len() + 4).unwrap().to_be_bytes();
    [&[3, 0, length[0], length[1]], message].concat()
}

/// Takes the first message out of a stream, once it is whole.
fn unframed(octets: &mut Vec<u8>) -> Option<String> {
    let [_, _, high, low, ..] = octets[..] else {
        return None;
    };
    let whole = usize::from(u16::from_be_bytes([high, low]));
    if octets.len() < whole {
        return None;
    }
    let message = text(&octets[4..whole]);
    octets.drain(..whole);
    Some(message)
}
