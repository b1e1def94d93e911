//! Keys of the interim AH scheme: an algorithm, and a secret that no log shows.

use std::{fmt, net::Ipv4Addr, str::FromStr};

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;

/// Octets of an integrity check value (RFC 2403, RFC 2404).
const CHECK_VALUE: usize = 12;

/// The algorithms that AH demands (RFC 2402 5).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Algorithm {
    /// HMAC-MD5-96 (RFC 2403).
    Md5,
    /// HMAC-SHA-1-96 (RFC 2404).
    Sha1,
}

impl Algorithm {
    /// Octets of a secret; no other length is allowed.
    pub fn secret_octets(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
        })
    }
}

/// A key, and with whom it is shared: `SPI:md5|sha1:HEXKEY[@IPV4]`.
#[derive(Clone, Eq, PartialEq)]
pub struct Key {
    /// The security parameter index by which messages name it.
    pub(super) index: u32,
    /// The one peer that has it; `None`: every peer.
    pub(super) peer: Option<Ipv4Addr>,
    algorithm: Algorithm,
    secret: Vec<u8>,
}

impl Key {
    /// Makes a key that every peer has, or this one.
    ///
    /// # Errors
    ///
    /// The index is 0, which never stands on the wire (RFC 2402 2.4), or the secret has another
    /// length than its algorithm wants.
    pub fn new(
        index: u32,
        algorithm: Algorithm,
        secret: Vec<u8>,
        peer: Option<Ipv4Addr>,
    ) -> Result<Self, KeyError> {
        if index == 0 {
            return Err(KeyError::Index);
        }
        if secret.len() != algorithm.secret_octets() {
            return Err(KeyError::Length {
                algorithm,
                found: secret.len(),
            });
        }
        Ok(Self {
            index,
            peer,
            algorithm,
            secret,
        })
    }

    /// Returns the integrity check value of these octets, one part behind the other.
    pub(super) fn check_value(&self, parts: [&[u8]; 2]) -> Vec<u8> {
        fn value(mac: impl Mac) -> Vec<u8> {
            mac.finalize().into_bytes()[..CHECK_VALUE].to_vec()
        }
        match self.algorithm {
            Algorithm::Md5 => value(self.over::<Hmac<Md5>>(parts)),
            Algorithm::Sha1 => value(self.over::<Hmac<Sha1>>(parts)),
        }
    }

    /// Whether this is the integrity check value of these octets; it takes as long for a wrong one.
    pub(super) fn is_check_value(&self, value: &[u8], parts: [&[u8]; 2]) -> bool {
        let equal = match self.algorithm {
            Algorithm::Md5 => self.over::<Hmac<Md5>>(parts).verify_truncated_left(value),
            Algorithm::Sha1 => self.over::<Hmac<Sha1>>(parts).verify_truncated_left(value),
        };
        value.len() == CHECK_VALUE && equal.is_ok()
    }

    fn over<M: Mac + KeyInit>(&self, parts: [&[u8]; 2]) -> M {
        let mac = <M as KeyInit>::new_from_slice(&self.secret);
        let mac = mac.expect("HMAC takes a secret of any length");
        parts.into_iter().fold(mac, Mac::chain_update)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("index", &self.index)
            .field("peer", &self.peer)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// A key that is none. It tells nothing of the secret but its length.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// It does not have these parts.
    #[error("expected SPI:md5|sha1:HEXKEY or SPI:md5|sha1:HEXKEY@IPV4")]
    Form,
    /// The index is not one.
    #[error("expected an SPI of 1 to 4294967295, or of 0x1 to 0xFFFFFFFF")]
    Index,
    /// The algorithm is unknown.
    #[error("expected the algorithm md5 or sha1")]
    Algorithm,
    /// The secret is not written in pairs of hexadecimal digits.
    #[error("expected a key in pairs of hexadecimal digits")]
    Digits,
    /// The secret is longer or shorter than it must be.
    #[error("{algorithm} has keys of {} octets, this one has {found}", algorithm.secret_octets())]
    Length {
        /// For which algorithm.
        algorithm: Algorithm,
        /// Octets that were given.
        found: usize,
    },
    /// The peer is no IPv4 address.
    #[error("expected an IPv4 address behind the @")]
    Peer,
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (key, peer) = match text.split_once('@') {
            Some((key, peer)) => (key, Some(peer.parse().map_err(|_| KeyError::Peer)?)),
            None => (text, None),
        };
        let (index, rest) = key.split_once(':').ok_or(KeyError::Form)?;
        let (algorithm, secret) = rest.split_once(':').ok_or(KeyError::Form)?;
        let algorithm = match algorithm {
            "md5" => Algorithm::Md5,
            "sha1" => Algorithm::Sha1,
            _ => return Err(KeyError::Algorithm),
        };
        Self::new(number(index)?, algorithm, octets(secret)?, peer)
    }
}

fn number(text: &str) -> Result<u32, KeyError> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map_err(|_| KeyError::Index)
}

fn octets(digits: &str) -> Result<Vec<u8>, KeyError> {
    let digit = |octet: u8| char::from(octet).to_digit(16);
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(KeyError::Digits);
    }
    let octet = |&[high, low]: &[u8; 2]| {
        let octet = digit(high)? << 4 | digit(low)?;
        u8::try_from(octet).ok()
    };
    let octets: Option<Vec<u8>> = pairs.iter().map(octet).collect();
    octets.ok_or(KeyError::Digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MD5: &str = "256:md5:0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b";
    const SHA1: &str = "0x100:sha1:0B0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b@192.0.2.1";

    /// RFC 2202, first cases of both; and the case with a secret of 16 octets 0xaa.
    #[test]
    fn check_values_are_those_of_the_standard() {
        let parts: [&[u8]; 2] = [b"Hi ", b"There"];
        let (md5, sha1): (Key, Key) = (MD5.parse().unwrap(), SHA1.parse().unwrap());
        let expected = octets("9294727a3638bb1c13f48ef8").unwrap();
        assert_eq!(md5.check_value(parts), expected);
        assert!(md5.is_check_value(&expected, parts));
        let expected = octets("b617318655057264e28bc0b6").unwrap();
        assert_eq!(sha1.check_value(parts), expected);
        assert!(sha1.is_check_value(&expected, parts));
        let third = Key::new(1, Algorithm::Md5, vec![0xaa; 16], None).unwrap();
        let expected = octets("56be34521d144c88dbb8c733").unwrap();
        assert_eq!(third.check_value([&[0xdd; 50], &[]]), expected);
    }

    #[test]
    fn another_value_length_or_algorithm_is_none() {
        let parts: [&[u8]; 2] = [b"Hi ", b"There"];
        let md5: Key = MD5.parse().unwrap();
        let value = md5.check_value(parts);
        for at in 0..value.len() {
            let mut wrong = value.clone();
            wrong[at] ^= 1;
            assert!(!md5.is_check_value(&wrong, parts), "{at}");
        }
        assert!(!md5.is_check_value(&value[..11], parts));
        assert!(!md5.is_check_value(&[], parts));
        let whole = octets("9294727a3638bb1c13f48ef8158bfc9d").unwrap();
        assert!(!md5.is_check_value(&whole, parts));
        let sha1: Key = SHA1.parse().unwrap();
        assert!(!sha1.is_check_value(&value, parts));
        assert!(!md5.is_check_value(&value, [b"Hi ", b"Where"]));
    }

    #[test]
    fn a_key_is_read_and_its_secret_is_never_shown() {
        let key: Key = SHA1.parse().unwrap();
        assert_eq!((key.index, key.peer), (256, Some([192, 0, 2, 1].into())));
        let shown = format!("{key:?}").to_lowercase();
        assert!(shown.contains("256") && shown.contains("192.0.2.1"));
        for secret in ["0b0b", "11, 11"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        let length = |algorithm, found| KeyError::Length { algorithm, found };
        for (text, expected) in [
            ("", KeyError::Form),
            ("256", KeyError::Form),
            ("256:md5", KeyError::Form),
            ("0:md5:0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", KeyError::Index),
            ("4294967296:md5:0b", KeyError::Index),
            ("-1:md5:0b", KeyError::Index),
            ("256:sha256:0b", KeyError::Algorithm),
            ("256:md5:0b0", KeyError::Digits),
            ("256:md5:0g", KeyError::Digits),
            ("256:md5:+f", KeyError::Digits),
            ("256:md5:", length(Algorithm::Md5, 0)),
            ("256:sha1:0b0b", length(Algorithm::Sha1, 2)),
            ("256:md5:0b@::1", KeyError::Peer),
            ("256:md5:0b@", KeyError::Peer),
        ] {
            assert_eq!(text.parse::<Key>(), Err(expected), "{text}");
        }
        let told = length(Algorithm::Sha1, 2).to_string();
        assert_eq!(told, "sha1 has keys of 20 octets, this one has 2");
    }
}
