//! Protection of RTP and RTCP (RFC 3711) with keys that signalling has carried: AES-128 in counter
//! mode and HMAC-SHA1. Keys are derived once; there is no MKI.

mod context;
mod keys;
mod replay;

use mg_contract::{CryptoSuite, Srtp, SrtpKey};

use context::{Incoming, Outgoing};

/// Octets of the longest tag.
pub(crate) const TAG_MAX: usize = 10;
/// Octets that RTCP grows by: its index and the tag.
pub(crate) const RTCP_GROWTH: usize = 4 + TAG_MAX;

/// Why a packet is not opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unopened {
    /// It is too short to be one.
    Short,
    /// Its tag is not that of its octets and our key.
    Unauthentic,
    /// It was here before, or it is so old that this is not known any more.
    Replayed,
}

/// How one direction is protected.
type Lock = (CryptoSuite, SrtpKey);

/// What protects a stream.
#[derive(Debug)]
pub(crate) struct Protection {
    settings: Srtp,
    outgoing: Outgoing,
    incoming: Incoming,
}

impl Protection {
    /// Makes the keys.
    pub(crate) fn new(settings: &Srtp) -> Self {
        let [sent, received] = locks(settings);
        Self {
            settings: *settings,
            outgoing: Outgoing::new(sent),
            incoming: Incoming::new(received),
        }
    }

    /// Replaces what is another key than before; else counters run on, since no key may protect two
    /// packets of one number (RFC 3711 9.1).
    pub(crate) fn modify(&mut self, settings: &Srtp) {
        let ([sent, received], before) = (locks(settings), locks(&self.settings));
        if sent != before[0] {
            self.outgoing = Outgoing::new(sent);
        }
        if received != before[1] {
            self.incoming = Incoming::new(received);
        }
        self.settings = *settings;
    }

    /// Protects an RTP packet of ours of that length, in place; returns the new length. 0 stays 0.
    pub(crate) fn close_rtp(&mut self, octets: &mut [u8], length: usize) -> usize {
        self.outgoing.rtp(octets, length)
    }

    /// The same for RTCP.
    pub(crate) fn close_rtcp(&mut self, octets: &mut [u8], length: usize) -> usize {
        self.outgoing.rtcp(octets, length)
    }

    /// Opens an RTP packet into `room`.
    pub(crate) fn open_rtp<'a>(
        &mut self,
        octets: &[u8],
        room: &'a mut [u8],
    ) -> Result<&'a [u8], Unopened> {
        self.incoming.rtp(octets, room)
    }

    /// The same for RTCP.
    pub(crate) fn open_rtcp<'a>(
        &mut self,
        octets: &[u8],
        room: &'a mut [u8],
    ) -> Result<&'a [u8], Unopened> {
        self.incoming.rtcp(octets, room)
    }
}

/// Sent, received.
fn locks(settings: &Srtp) -> [Lock; 2] {
    [settings.send, settings.receive].map(|key| (settings.suite, key))
}

/// Octets of the tag of RTP (RFC 4568 6.2).
fn tag_length(suite: CryptoSuite) -> usize {
    match suite {
        CryptoSuite::AesCm128HmacSha1Tag80 => TAG_MAX,
        CryptoSuite::AesCm128HmacSha1Tag32 => 4,
    }
}

#[cfg(test)]
mod tests;
