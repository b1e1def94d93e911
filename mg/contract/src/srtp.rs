//! How packets are protected (RFC 3711), by keys that SDP carries (RFC 4568).

use std::fmt;

/// The protection of a stream's RTP and RTCP.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Srtp {
    /// Ciphers and tag of both directions.
    pub suite: CryptoSuite,
    /// The key of what is sent.
    pub send: SrtpKey,
    /// The key of what is received.
    pub receive: SrtpKey,
}

/// Ciphers and the length of the authentication tag (RFC 4568 6.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CryptoSuite {
    /// AES-128 in counter mode, HMAC-SHA1 with a tag of 80 bits.
    AesCm128HmacSha1Tag80,
    /// The same with a tag of 32 bits for RTP; RTCP has 80 all the same.
    AesCm128HmacSha1Tag32,
}

impl CryptoSuite {
    /// Both of them, the stronger first.
    pub const ALL: [Self; 2] = [Self::AesCm128HmacSha1Tag80, Self::AesCm128HmacSha1Tag32];

    /// The name in SDP.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AesCm128HmacSha1Tag80 => "AES_CM_128_HMAC_SHA1_80",
            Self::AesCm128HmacSha1Tag32 => "AES_CM_128_HMAC_SHA1_32",
        }
    }
}

/// A master key and its salt. What prints it shows neither.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct SrtpKey {
    /// The master key.
    pub key: [u8; 16],
    /// The master salt.
    pub salt: [u8; 14],
}

impl fmt::Debug for SrtpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SrtpKey(secret)")
    }
}
