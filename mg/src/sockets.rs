//! The sockets of RTP port pairs.

use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, SocketAddr},
};

use mg_contract::RtpPort;
use mg_media::Kind;
use mio::{Interest, Registry, Token, net::UdpSocket};
use socket2::{Domain, Protocol, Socket, Type};

/// Octets asked of the kernel for each RTP socket: a second of audio and a burst besides. The
/// kernel may give less.
const RECEIVE_BUFFER: usize = 256 << 10;

/// All sockets of the media thread, by port. A socket's token is its port.
#[derive(Debug)]
pub(crate) struct Sockets {
    address: IpAddr,
    by_port: BTreeMap<u16, UdpSocket>,
}

impl Sockets {
    /// Starts without sockets; all will be at one address.
    pub(crate) fn new(address: IpAddr) -> Self {
        Self {
            address,
            by_port: BTreeMap::new(),
        }
    }

    /// Binds both ports of a pair, or none. One that is bound stays so.
    pub(crate) fn bind(&mut self, port: RtpPort, registry: &Registry) -> io::Result<()> {
        let (even, odd) = (number(port, Kind::Rtp), number(port, Kind::Rtcp));
        if self.by_port.contains_key(&even) {
            return Ok(());
        }
        let mut rtp = self.open(even)?;
        let mut rtcp = self.open(odd)?;
        registry.register(&mut rtp, token(even), Interest::READABLE)?;
        registry.register(&mut rtcp, token(odd), Interest::READABLE)?;
        self.by_port.insert(even, rtp);
        self.by_port.insert(odd, rtcp);
        Ok(())
    }

    /// Returns the socket that a token stands for, and its place in its pair.
    pub(crate) fn get(&self, token: Token) -> Option<(RtpPort, Kind, &UdpSocket)> {
        let number = u16::try_from(token.0).ok()?;
        let kind = if number.is_multiple_of(2) {
            Kind::Rtp
        } else {
            Kind::Rtcp
        };
        Some((RtpPort(number & !1), kind, self.by_port.get(&number)?))
    }

    /// Sends a datagram from one port of a pair.
    pub(crate) fn send(
        &self,
        port: RtpPort,
        kind: Kind,
        to: SocketAddr,
        octets: &[u8],
    ) -> io::Result<()> {
        let socket = self.by_port.get(&number(port, kind));
        socket
            .ok_or(io::ErrorKind::NotConnected)?
            .send_to(octets, to)?;
        Ok(())
    }

    fn open(&self, port: u16) -> io::Result<UdpSocket> {
        let address = SocketAddr::new(self.address, port);
        let domain = Domain::for_address(address);
        let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
        // A kernel that refuses the size keeps its own, which is good enough to go on with.
        let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        Ok(UdpSocket::from_std(socket.into()))
    }
}

/// Finds out whether media can be received at an address: it must be one of this machine.
pub(crate) fn try_address(address: IpAddr) -> io::Result<()> {
    UdpSocket::bind(SocketAddr::new(address, 0)).map(drop)
}

fn token(port: u16) -> Token {
    Token(port.into())
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
