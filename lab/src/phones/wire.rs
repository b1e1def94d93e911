//! RTP packets out and in, by the `rtp` crate.

use bytes::{Buf, Bytes};
use rtp::{header::Header, packet::Packet};
use webrtc_util::marshal::{Marshal, Unmarshal};

/// What a phone says about one frame that it sends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    /// First packet of a talk spurt.
    pub(super) marker: bool,
    pub(super) payload_type: u8,
    pub(super) sequence: u16,
    pub(super) time_stamp: u32,
    pub(super) ssrc: u32,
}

/// The octets of a packet (RFC 3550 5.1).
pub(super) fn write(sent: Sent, payload: Bytes) -> Option<Bytes> {
    let header = Header {
        version: 2,
        marker: sent.marker,
        payload_type: sent.payload_type,
        sequence_number: sent.sequence,
        timestamp: sent.time_stamp,
        ssrc: sent.ssrc,
        ..Header::default()
    };
    Packet { header, payload }.marshal().ok()
}

/// Reads a packet; `None` where it is not sound RTP.
pub(super) fn read(octets: &[u8]) -> Option<Packet> {
    if !is_sound(octets) {
        return None;
    }
    Packet::unmarshal(&mut Bytes::copy_from_slice(octets)).ok()
}

/// Whether all lengths of a packet stay within it. The crate takes these for granted and panics
/// where a header extension's element leaves its extension (RFC 8285 4.2, 4.3).
fn is_sound(octets: &[u8]) -> bool {
    let [first, ..] = octets else { return false };
    let header = 12 + 4 * usize::from(first & 0x0f);
    let Some(mut rest) = octets.get(header..) else {
        return false;
    };
    if first >> 6 != 2 {
        return false;
    }
    if first & 0x10 != 0 {
        if rest.len() < 4 {
            return false;
        }
        let (profile, words) = (rest.get_u16(), rest.get_u16());
        let Some((extension, after)) = rest.split_at_checked(4 * usize::from(words)) else {
            return false;
        };
        if !are_elements_sound(profile, extension) {
            return false;
        }
        rest = after;
    }
    let padding = rest.last().map_or(0, |&count| usize::from(count));
    first & 0x20 == 0 || (1..=rest.len()).contains(&padding)
}

fn are_elements_sound(profile: u16, mut extension: &[u8]) -> bool {
    let one_octet_head = profile == 0xbede;
    if !one_octet_head && profile != 0x1000 {
        return true;
    }
    while let [head, after @ ..] = extension {
        let skipped = match (one_octet_head, head) {
            (_, 0) => 0,
            (true, head) if head >> 4 == 15 => return false,
            (true, head) => usize::from(head & 0x0f) + 1,
            (false, _) => match after {
                [length, ..] => usize::from(*length) + 1,
                [] => return false,
            },
        };
        match after.get(skipped..) {
            Some(next) => extension = next,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_reads_back_as_it_was_written() {
        let sent = Sent {
            marker: true,
            payload_type: 8,
            sequence: 65_535,
            time_stamp: 0xffff_ff60,
            ssrc: 7,
        };
        let octets = write(sent, Bytes::from_static(&[0xd5; 160])).unwrap();
        let packet = read(&octets).unwrap();
        assert_eq!(octets.len(), 172);
        assert_eq!(packet.header.timestamp, 0xffff_ff60);
        assert_eq!(packet.payload.len(), 160);
    }

    #[test]
    fn hostile_packets_are_refused_and_never_panic() {
        let extension = [
            0x90, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xbe, 0xde, 0, 1, 0x1f, 0, 0, 0,
        ];
        assert!(read(&extension).is_none());
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..200_000 {
            let mut octets: Vec<u8> = (0..random.usize(..48)).map(|_| random.u8(..)).collect();
            if let Some(first) = octets.first_mut() {
                *first = *first & 0x3f | 0x80;
            }
            if random.bool() && octets.len() > 16 {
                octets[12..14].copy_from_slice(&[0xbe, 0xde]);
                octets[14..16].copy_from_slice(&[0, random.u8(..6)]);
            }
            let _ = read(&octets);
        }
    }
}
