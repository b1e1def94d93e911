//! What is measured: each carrier in each encoding, one at a time and many in flight.

use std::{fmt, net::SocketAddr, str::FromStr};

use transport_h248::{Address, Carrier, Encoding};

/// How two ends speak.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Manner {
    pub(crate) carrier: Carrier,
    pub(crate) encoding: Encoding,
}

impl Manner {
    /// A peer at that socket.
    pub(crate) fn at(self, socket: SocketAddr) -> Address {
        Address {
            carrier: self.carrier,
            socket,
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Row {
    pub(crate) manner: Manner,
    /// Transactions that wait for their reply at one time.
    pub(crate) in_flight: u32,
}

impl Row {
    /// All rows, in the order of the table.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let carriers = [Carrier::Udp, Carrier::Tcp].into_iter();
        let manners = carriers.flat_map(|carrier| {
            [Encoding::Text, Encoding::Binary].map(|encoding| Manner { carrier, encoding })
        });
        manners.flat_map(|manner| [1, 64].map(|in_flight| Self { manner, in_flight }))
    }
}

/// As the command line of both ends has it: `udp-text`.
impl fmt::Display for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let carrier = match self.carrier {
            Carrier::Udp => "udp",
            Carrier::Tcp => "tcp",
            Carrier::Sctp => "sctp",
        };
        let encoding = match self.encoding {
            Encoding::Text => "text",
            Encoding::Binary => "binary",
        };
        write!(f, "{carrier}-{encoding}")
    }
}

impl FromStr for Manner {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Row::all().map(|row| row.manner);
        let found = known.into_iter().find(|manner| manner.to_string() == text);
        found.ok_or_else(|| "expected udp-text, udp-binary, tcp-text or tcp-binary".into())
    }
}
