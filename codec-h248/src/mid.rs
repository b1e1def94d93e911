//! Message identifiers: the name by which an entity speaks (H.248.1 8.3, Annex B.2 `mId`).

use std::{borrow::Cow, fmt, net::IpAddr};

use bounded_static::{IntoBoundedStatic, ToBoundedStatic, ToStatic};

/// The name of a gateway or controller. It is an identity, not a route.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, ToStatic)]
pub enum MId<'a> {
    /// `[192.0.2.1]:2944`
    Address {
        /// The IP address.
        host: Host,
        /// The port, where one is named.
        port: Option<u16>,
    },
    /// `<mg1.example.net>:2944`
    Domain {
        /// The domain name, without the angle brackets, as received.
        name: Cow<'a, str>,
        /// The port, where one is named.
        port: Option<u16>,
    },
    /// `gateway_7`: a path name.
    Device(Cow<'a, str>),
    /// `MTP{1a2b}`: network indicator and point code, 2 to 4 octets.
    Mtp(Vec<u8>),
}

/// An IP address that can be part of a model without borrowing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Host(pub IpAddr);

impl ToBoundedStatic for Host {
    type Static = Self;

    fn to_static(&self) -> Self {
        *self
    }
}

impl IntoBoundedStatic for Host {
    type Static = Self;

    fn into_static(self) -> Self {
        self
    }
}

impl fmt::Display for MId<'_> {
    /// Writes the form that the text encoding uses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = match self {
            Self::Address { host, port } => {
                write!(f, "[{}]", host.0)?;
                port
            }
            Self::Domain { name, port } => {
                write!(f, "<{name}>")?;
                port
            }
            Self::Device(name) => return f.write_str(name),
            Self::Mtp(octets) => {
                f.write_str("MTP{")?;
                for octet in octets {
                    write!(f, "{octet:02X}")?;
                }
                return f.write_str("}");
            }
        };
        match port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}
