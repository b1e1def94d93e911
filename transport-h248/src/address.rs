//! Where messages come from and go, and in which encoding.

use std::{fmt, net::SocketAddr, str::FromStr};

/// What carries messages (H.248.1 Annex D, H.248.4).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Carrier {
    /// One message a datagram (D.1).
    #[default]
    Udp,
    /// One message a TPKT (D.2).
    Tcp,
    /// One message a user message (H.248.4).
    Sctp,
}

impl Carrier {
    /// Whether it repeats what is lost by itself.
    pub fn is_reliable(self) -> bool {
        match self {
            Self::Udp => false,
            Self::Tcp | Self::Sctp => true,
        }
    }

    /// Octets of the longest message that it takes: the largest UDP payload over IPv4, and what the
    /// length of a TPKT can tell of (D.1, D.2).
    pub fn message_max(self) -> usize {
        match self {
            Self::Udp => 65_507,
            Self::Tcp | Self::Sctp => 65_531,
        }
    }

    /// The prefix by which an address names it.
    fn name(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Sctp => "sctp",
        }
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A carrier that is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected udp, tcp or sctp")]
pub struct CarrierError;

impl FromStr for Carrier {
    type Err = CarrierError;

    fn from_str(text: &str) -> Result<Self, CarrierError> {
        let mut all = [Self::Udp, Self::Tcp, Self::Sctp].into_iter();
        all.find(|one| one.name() == text).ok_or(CarrierError)
    }
}

/// The two encodings of messages (H.248.1 Annexes A and B).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Encoding {
    /// Annex B.
    #[default]
    Text,
    /// Annex A, in BER.
    Binary,
}

impl Encoding {
    /// Tells by the first octet: BER begins with SEQUENCE, which no text does.
    pub fn of(message: &[u8]) -> Self {
        const SEQUENCE: u8 = 0x30;
        if message.first() == Some(&SEQUENCE) {
            Self::Binary
        } else {
            Self::Text
        }
    }

    /// The registered port (H.248.1 D.1, D.2).
    pub fn port(self) -> u16 {
        match self {
            Self::Text => 2944,
            Self::Binary => 2945,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Binary => "binary",
        })
    }
}

/// An encoding that is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected text or binary")]
pub struct EncodingError;

impl FromStr for Encoding {
    type Err = EncodingError;

    fn from_str(text: &str) -> Result<Self, EncodingError> {
        let mut all = [Self::Text, Self::Binary].into_iter();
        all.find(|one| one.to_string() == text).ok_or(EncodingError)
    }
}

/// Where a peer is: `[udp:|tcp:|sctp:]IP:PORT`, UDP where nothing is said.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Address {
    /// What carries messages there.
    pub carrier: Carrier,
    /// Host and port.
    pub socket: SocketAddr,
}

impl Address {
    /// Returns another place that is reached by the same carrier.
    pub fn at(self, socket: SocketAddr) -> Self {
        Self { socket, ..self }
    }

    /// Splits off the carrier's prefix, which may be missing; what remains is host and port.
    pub fn split(text: &str) -> (Carrier, &str) {
        for carrier in [Carrier::Udp, Carrier::Tcp, Carrier::Sctp] {
            let rest = text.strip_prefix(carrier.name());
            if let Some(rest) = rest.and_then(|rest| rest.strip_prefix(':')) {
                return (carrier, rest);
            }
        }
        (Carrier::Udp, text)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.carrier {
            Carrier::Udp => write!(f, "{}", self.socket),
            Carrier::Tcp | Carrier::Sctp => write!(f, "{}:{}", self.carrier, self.socket),
        }
    }
}

/// An address that is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected [udp:|tcp:|sctp:]IP:PORT such as 127.0.0.1:2944")]
pub struct AddressError;

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (carrier, socket) = Self::split(text);
        let socket = socket.parse().map_err(|_| AddressError)?;
        Ok(Self { carrier, socket })
    }
}

impl From<SocketAddr> for Address {
    /// The address over UDP.
    fn from(socket: SocketAddr) -> Self {
        Self {
            carrier: Carrier::Udp,
            socket,
        }
    }
}

/// The way to a peer: its address, and which of our sockets meets it. A peer expects the answer
/// from where it sent its request to; over TCP and SCTP both together name one connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Route {
    /// Where the peer is.
    pub address: Address,
    /// Which of the shell's listening sockets, by the shell's own count; 0 is the first, and the
    /// one from which the shell connects.
    pub listener: u8,
}

impl From<Address> for Route {
    /// The way from the first socket.
    fn from(address: Address) -> Self {
        Self {
            address,
            listener: 0,
        }
    }
}

impl From<SocketAddr> for Route {
    /// The way from the first socket, over UDP.
    fn from(socket: SocketAddr) -> Self {
        Address::from(socket).into()
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_it_is_written() {
        for text in [
            "192.0.2.1:2944",
            "tcp:192.0.2.1:2944",
            "sctp:[2001:db8::1]:2945",
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
        }
        let named: Address = "udp:192.0.2.1:2944".parse().unwrap();
        assert_eq!(named, "192.0.2.1:2944".parse().unwrap());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "tcp:",
            "tcp",
            "dccp:192.0.2.1:1",
            "192.0.2.1",
            "tcp:h:1",
        ] {
            assert_eq!(text.parse::<Address>(), Err(AddressError), "{text}");
        }
    }

    #[test]
    fn a_carrier_is_known_by_its_name() {
        assert_eq!("sctp".parse(), Ok(Carrier::Sctp));
        assert_eq!("SCTP".parse::<Carrier>(), Err(CarrierError));
    }

    #[test]
    fn an_encoding_is_known_by_its_name() {
        assert_eq!("binary".parse(), Ok(Encoding::Binary));
        assert_eq!("text".parse(), Ok(Encoding::Text));
        assert_eq!("ber".parse::<Encoding>(), Err(EncodingError));
    }

    #[test]
    fn the_first_octet_tells_the_encoding() {
        assert_eq!(Encoding::of(b"MEGACO/1"), Encoding::Text);
        assert_eq!(Encoding::of(b"  !/1"), Encoding::Text);
        assert_eq!(Encoding::of(b"0\x05"), Encoding::Binary);
        assert_eq!(Encoding::of(b""), Encoding::Text);
    }
}
