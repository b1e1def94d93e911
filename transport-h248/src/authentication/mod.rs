//! The interim AH scheme (H.248.1 10.2): who has no key is not listened to.
//!
//! The check value of a message stands for a synthesized header (source and destination address and
//! destination port, as 20 upper-case hexadecimal digits) and the message's transactions
//! ([`codec_h248::Peek::body`]); the sender's MId and the version it does not cover. It is for IPv4
//! alone.
//!
//! Each message that we write has a new sequence number, repetitions too, so that a number that
//! comes again is a copy that the network made, or a recording: it is dropped without a word. One
//! that is older than [`window`] remembers is refused as a wrong header is. This keeps out copies,
//! not forgers: the check value does not cover the number, and 10.2 claims no protection against
//! replay. A sender begins with the number it is told ([`Authentication::first_sequence`]): one that
//! grows from run to run keeps a program that has restarted from being taken for its own past. A key
//! belongs to one sender at each address, as in RFC 2402.

mod guard;
mod key;
mod window;

use std::net::{IpAddr, SocketAddr, SocketAddrV4};

pub(crate) use self::guard::{Guard, Verdict};
pub use self::key::{Algorithm, Key, KeyError};

/// Octets that an authentication header adds to a message, at most: pretty text needs as many.
pub(crate) const HEADER_OCTETS: usize = 64;

/// How messages are authenticated.
#[derive(Clone, Debug)]
pub struct Authentication {
    /// Messages are written with the one that the peer has shown to have, with the first that it has
    /// alone before that, or else with the first that all have; any of them is read.
    keys: Vec<Key>,
    /// Where our listeners are, by their number.
    locals: Vec<SocketAddrV4>,
    /// Whether a message without a header is refused as one with a wrong header is.
    pub required: bool,
    /// Whether a refused request is answered with 402; if not, it is only counted.
    pub answers: bool,
    /// The sequence number of the first message that is written.
    pub first_sequence: u32,
}

impl Authentication {
    /// Authenticates with these keys what comes and goes by these listeners, numbered in their
    /// order. A message without a header is let in, and a refusal is answered.
    ///
    /// # Errors
    ///
    /// There is no key, two have one SPI and one peer, or a listener has no IPv4 address of its own.
    pub fn new(keys: Vec<Key>, locals: &[SocketAddr]) -> Result<Self, AuthenticationError> {
        if keys.is_empty() {
            return Err(AuthenticationError::NoKey);
        }
        for (at, key) in keys.iter().enumerate() {
            let twin = |other: &Key| (other.index, other.peer) == (key.index, key.peer);
            if keys[..at].iter().any(twin) {
                return Err(AuthenticationError::Twice(key.index));
            }
        }
        let locals: Result<_, _> = locals.iter().map(|local| own(*local)).collect();
        Ok(Self {
            keys,
            locals: locals?,
            required: false,
            answers: true,
            first_sequence: 1,
        })
    }
}

/// The address of a socket, if messages at it can be authenticated.
fn own(local: SocketAddr) -> Result<SocketAddrV4, AuthenticationError> {
    match ipv4(local) {
        None => Err(AuthenticationError::Ipv6(local)),
        Some(own) if own.ip().is_unspecified() => Err(AuthenticationError::Unspecified(local)),
        Some(own) => Ok(own),
    }
}

/// An IPv4 address in whichever spelling.
fn ipv4(socket: SocketAddr) -> Option<SocketAddrV4> {
    match socket.ip().to_canonical() {
        IpAddr::V4(ip) => Some(SocketAddrV4::new(ip, socket.port())),
        IpAddr::V6(_) => None,
    }
}

/// A configuration that cannot be followed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AuthenticationError {
    /// No key.
    #[error("authentication wants a key")]
    NoKey,
    /// Nobody could tell which is meant.
    #[error("two keys for the same peers have the SPI {0}")]
    Twice(u32),
    /// The scheme is for IPv4 (10.2).
    #[error("{0}: authentication headers are for IPv4 only")]
    Ipv6(SocketAddr),
    /// The address of what is sent and received there is part of what is authenticated.
    #[error("{0}: authentication wants one address to listen at, not all")]
    Unspecified(SocketAddr),
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "256:md5:0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b";

    fn configured(keys: &[&str], local: &str) -> Result<(), AuthenticationError> {
        let keys = keys.iter().map(|key| key.parse().unwrap()).collect();
        Authentication::new(keys, &[local.parse().unwrap()]).map(drop)
    }

    #[test]
    fn what_cannot_be_authenticated_is_refused_at_configuration() {
        let here = "192.0.2.1:2944";
        let to_one = format!("{KEY}@192.0.2.2");
        assert_eq!(configured(&[KEY, &to_one], here), Ok(()));
        assert_eq!(configured(&[KEY], "[::ffff:192.0.2.1]:2944"), Ok(()));
        assert_eq!(configured(&[], here), Err(AuthenticationError::NoKey));
        let twice = configured(&[&to_one, KEY, &to_one], here);
        assert_eq!(twice, Err(AuthenticationError::Twice(256)));
        let ipv6 = configured(&[KEY], "[2001:db8::1]:2944").unwrap_err();
        let told = "[2001:db8::1]:2944: authentication headers are for IPv4 only";
        assert_eq!(ipv6.to_string(), told);
        let all = configured(&[KEY], "0.0.0.0:2944").unwrap_err();
        assert!(all.to_string().starts_with("0.0.0.0:2944: "), "{all}");
    }
}
