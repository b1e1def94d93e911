//! Who sends and receives messages.

use std::{fmt, net::SocketAddr};

/// An end of a message's way.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Address {
    /// Over IP.
    Ip(SocketAddr),
    /// Over MTP3: a point code.
    Point(u32),
}

impl Address {
    /// The port, where it has one.
    pub fn port(&self) -> Option<u16> {
        self.socket().map(|address| address.port())
    }

    /// The address over IP, where it is one.
    pub fn socket(&self) -> Option<SocketAddr> {
        match self {
            Self::Ip(address) => Some(*address),
            Self::Point(_) => None,
        }
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Ip(address)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => address.fmt(f),
            Self::Point(code) => write!(f, "point {code}"),
        }
    }
}
