//! Message identifiers: the name by which an entity speaks (H.248.1 8.3, Annex B.2 `mId`).

use std::{borrow::Cow, cmp::Ordering, fmt, net::IpAddr};

use bounded_static::{IntoBoundedStatic, ToBoundedStatic, ToStatic};

use crate::spelling::Spelling;

/// The name of a gateway or controller. It is an identity, not a route. It keeps its spelling;
/// comparison ignores case, so that a peer is one peer however it spells its name.
///
/// ```
/// use codec_h248::{Host, MId};
///
/// let address = MId::Address { host: Host([192, 0, 2, 1].into()), port: Some(2944) };
/// assert_eq!(address.to_string(), "[192.0.2.1]:2944");
/// assert_eq!(MId::Device("GW/7".into()), MId::Device("gw/7".into()));
/// ```
#[derive(Clone, Debug, ToStatic)]
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
///
/// ```
/// use codec_h248::Host;
///
/// let host = Host("2001:db8::7".parse().unwrap());
/// assert!(host.0.is_ipv6());
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
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

/// What two equal names have in common.
#[derive(Eq, PartialEq, Ord, PartialOrd)]
enum Identity<'m> {
    Address(Host, Option<u16>),
    Domain(Spelling<'m>, Option<u16>),
    Device(Spelling<'m>),
    Mtp(&'m [u8]),
}

impl MId<'_> {
    fn identity(&self) -> Identity<'_> {
        match self {
            Self::Address { host, port } => Identity::Address(*host, *port),
            Self::Domain { name, port } => Identity::Domain(Spelling(name), *port),
            Self::Device(name) => Identity::Device(Spelling(name)),
            Self::Mtp(octets) => Identity::Mtp(octets),
        }
    }
}

impl PartialEq for MId<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for MId<'_> {}

impl PartialOrd for MId<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MId<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.identity().cmp(&other.identity())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(name: &str, port: u16) -> MId<'_> {
        MId::Domain {
            name: name.into(),
            port: Some(port),
        }
    }

    #[test]
    fn names_compare_without_case_and_keep_their_spelling() {
        assert_eq!(domain("MG1.Example.NET", 1), domain("mg1.example.net", 1));
        assert_ne!(domain("mg1", 1), domain("mg1", 2));
        assert_eq!(MId::Device("GW/7".into()), MId::Device("gw/7".into()));
        assert_ne!(
            MId::Device("gw".into()),
            MId::Domain {
                name: "gw".into(),
                port: None
            }
        );
        assert_eq!(domain("MG1", 1).to_string(), "<MG1>:1");
        let address = MId::Address {
            host: Host(IpAddr::from([192, 0, 2, 1])),
            port: None,
        };
        assert_eq!(address.to_static(), address.clone().into_static());
        assert!(domain("A", 1) < domain("b", 1) && domain("a", 1) < domain("B", 1));
    }
}
