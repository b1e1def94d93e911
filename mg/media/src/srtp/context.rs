//! The two directions of a stream (RFC 3711 3.2, 3.3, 3.4).

use super::{
    Lock, TAG_MAX, Unopened,
    keys::{Keys, RTCP, RTP},
    replay::Seen,
    tag_length,
};
use crate::rtp::HEADER_LENGTH;

/// Octets of RTCP that are not encrypted.
const RTCP_CLEAR: usize = 8;
/// Says that RTCP is encrypted.
const ENCRYPTED: u32 = 1 << 31;
/// Sources of a far end that are remembered; the oldest is forgotten.
const SOURCES: usize = 4;

/// What is sent, by one source.
#[derive(Debug)]
pub(super) struct Outgoing {
    rtp: Keys,
    rtcp: Keys,
    tag_length: usize,
    /// Sequence number and rollover counter in one, of the last packet.
    index: Option<u64>,
    rtcp_index: u32,
}

impl Outgoing {
    pub(super) fn new((suite, key): Lock) -> Self {
        Self {
            rtp: Keys::new(&key, RTP),
            rtcp: Keys::new(&key, RTCP),
            tag_length: tag_length(suite),
            index: None,
            rtcp_index: 0,
        }
    }

    pub(super) fn rtp(&mut self, octets: &mut [u8], length: usize) -> usize {
        let packet = &octets[..length];
        let (Some((sequence, ssrc)), Some(clear)) = (read_rtp(packet), clear_length(packet)) else {
            return 0;
        };
        let index = guess(self.index, sequence).unwrap_or(u64::from(sequence));
        self.index = Some(index);
        self.rtp.cipher(ssrc, index, &mut octets[clear..length]);
        let tag = self.rtp.tag(&octets[..length], &rollovers(index));
        let end = length + self.tag_length;
        octets[length..end].copy_from_slice(&tag[..self.tag_length]);
        end
    }

    pub(super) fn rtcp(&mut self, octets: &mut [u8], length: usize) -> usize {
        let Some(ssrc) = read_rtcp(&octets[..length]) else {
            return 0;
        };
        self.rtcp_index = (self.rtcp_index + 1) & !ENCRYPTED;
        let index = u64::from(self.rtcp_index);
        self.rtcp
            .cipher(ssrc, index, &mut octets[RTCP_CLEAR..length]);
        let end = length + 4;
        octets[length..end].copy_from_slice(&(self.rtcp_index | ENCRYPTED).to_be_bytes());
        let tag = self.rtcp.tag(&octets[..end], &[]);
        octets[end..end + TAG_MAX].copy_from_slice(&tag[..TAG_MAX]);
        end + TAG_MAX
    }
}

/// What is received. The far end's source may change; each counts for itself.
#[derive(Debug)]
pub(super) struct Incoming {
    rtp: Keys,
    rtcp: Keys,
    tag_length: usize,
    rtp_sources: Sources,
    rtcp_sources: Sources,
}

impl Incoming {
    pub(super) fn new((suite, key): Lock) -> Self {
        Self {
            rtp: Keys::new(&key, RTP),
            rtcp: Keys::new(&key, RTCP),
            tag_length: tag_length(suite),
            rtp_sources: Sources::default(),
            rtcp_sources: Sources::default(),
        }
    }

    pub(super) fn rtp<'a>(
        &mut self,
        octets: &[u8],
        room: &'a mut [u8],
    ) -> Result<&'a [u8], Unopened> {
        let (packet, tag) = split(octets, self.tag_length)?;
        let (sequence, ssrc) = read_rtp(packet).ok_or(Unopened::Short)?;
        let clear = clear_length(packet).ok_or(Unopened::Short)?;
        let seen = self.rtp_sources.of(ssrc);
        let index = match seen {
            Some(seen) => guess(Some(seen.highest()), sequence).ok_or(Unopened::Replayed)?,
            None => u64::from(sequence),
        };
        if seen.is_some_and(|seen| !seen.is_new(index)) {
            return Err(Unopened::Replayed);
        }
        if !self.rtp.is_right(tag, packet, &rollovers(index)) {
            return Err(Unopened::Unauthentic);
        }
        self.rtp_sources.note(ssrc, index);
        let opened = room.get_mut(..packet.len()).ok_or(Unopened::Short)?;
        opened.copy_from_slice(packet);
        self.rtp.cipher(ssrc, index, &mut opened[clear..]);
        Ok(opened)
    }

    pub(super) fn rtcp<'a>(
        &mut self,
        octets: &[u8],
        room: &'a mut [u8],
    ) -> Result<&'a [u8], Unopened> {
        let (authenticated, tag) = split(octets, TAG_MAX)?;
        let (packet, index) = authenticated.split_last_chunk().ok_or(Unopened::Short)?;
        let ssrc = read_rtcp(packet).ok_or(Unopened::Short)?;
        let index = u32::from_be_bytes(*index);
        // Nobody agreed on sending it in the clear (RFC 4568 6.3.2).
        if index & ENCRYPTED == 0 || !self.rtcp.is_right(tag, authenticated, &[]) {
            return Err(Unopened::Unauthentic);
        }
        let index = u64::from(index & !ENCRYPTED);
        let seen = self.rtcp_sources.of(ssrc);
        if seen.is_some_and(|seen| !seen.is_new(index)) {
            return Err(Unopened::Replayed);
        }
        self.rtcp_sources.note(ssrc, index);
        let opened = room.get_mut(..packet.len()).ok_or(Unopened::Short)?;
        opened.copy_from_slice(packet);
        self.rtcp.cipher(ssrc, index, &mut opened[RTCP_CLEAR..]);
        Ok(opened)
    }
}

/// The last sources of a far end, the newest first, and what was here of each.
#[derive(Debug, Default)]
struct Sources([Option<(u32, Seen)>; SOURCES]);

impl Sources {
    fn of(&self, ssrc: u32) -> Option<Seen> {
        let known = self.0.iter().flatten().find(|(known, _)| *known == ssrc);
        known.map(|(_, seen)| *seen)
    }

    fn note(&mut self, ssrc: u32, index: u64) {
        let mut known = self.0.iter_mut().flatten();
        if let Some((_, seen)) = known.find(|(known, _)| *known == ssrc) {
            return seen.note(index);
        }
        self.0.rotate_right(1);
        self.0[0] = Some((ssrc, Seen::new(index)));
    }
}

/// The index of a packet, by that of the newest before it (RFC 3711 3.3.1, appendix A). `None`: it
/// would be before the first.
fn guess(newest: Option<u64>, sequence: u16) -> Option<u64> {
    let Some(newest) = newest else {
        return Some(sequence.into());
    };
    let ahead = sequence.wrapping_sub(newest as u16) as i16;
    newest.checked_add_signed(ahead.into())
}

/// The rollover counter of an index.
fn rollovers(index: u64) -> [u8; 4] {
    ((index >> 16) as u32).to_be_bytes()
}

fn split(octets: &[u8], tag: usize) -> Result<(&[u8], &[u8]), Unopened> {
    let at = octets.len().checked_sub(tag).ok_or(Unopened::Short)?;
    octets.split_at_checked(at).ok_or(Unopened::Short)
}

/// Sequence number and source of RTP.
fn read_rtp(packet: &[u8]) -> Option<(u16, u32)> {
    let [_, _, s0, s1, _, _, _, _, r0, r1, r2, r3] = *packet.first_chunk::<HEADER_LENGTH>()?;
    Some((
        u16::from_be_bytes([s0, s1]),
        u32::from_be_bytes([r0, r1, r2, r3]),
    ))
}

/// The source of RTCP.
fn read_rtcp(packet: &[u8]) -> Option<u32> {
    let [_, _, _, _, r0, r1, r2, r3] = *packet.first_chunk::<RTCP_CLEAR>()?;
    Some(u32::from_be_bytes([r0, r1, r2, r3]))
}

/// Octets of RTP that are not encrypted: header, contributing sources and extension.
fn clear_length(packet: &[u8]) -> Option<usize> {
    let flags = *packet.first()?;
    let mut clear = HEADER_LENGTH + 4 * usize::from(flags & 0x0f);
    if flags & 0x10 != 0 {
        let words = packet.get(clear + 2..clear + 4)?.first_chunk()?;
        clear += 4 + 4 * usize::from(u16::from_be_bytes(*words));
    }
    (clear <= packet.len()).then_some(clear)
}
