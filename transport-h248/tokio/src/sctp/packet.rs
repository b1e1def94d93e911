//! SCTP packets as far as we look at them ourselves (RFC 9260 3): ports, tag, the first chunk, and
//! the check value.

use crc::{CRC_32_ISCSI, Crc, Table};

/// The payload protocol of H.248, in text and in binary (H.248.4).
pub const H248: u32 = 7;

const HEADER: usize = 12;
const CHUNK_HEADER: usize = 4;
const DATA_HEADER: usize = 16;
/// Where the check value stands.
const CHECK: std::ops::Range<usize> = 8..12;

pub(super) const INIT: u8 = 1;
pub(super) const ABORT: u8 = 6;
pub(super) const COOKIE_ECHO: u8 = 10;
pub(super) const SHUTDOWN_COMPLETE: u8 = 14;
const DATA: u8 = 0;

/// The first fragment of a message has this flag, the last one the other.
const BEGINNING: u8 = 2;
const ENDING: u8 = 1;
/// In an ABORT: its tag is the one of the packet that it answers.
const REFLECTED: u8 = 1;

static CRC32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);

/// What stands at the beginning of a packet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Header {
    pub(super) source: u16,
    pub(super) target: u16,
    pub(super) tag: u32,
    /// The type of the first chunk.
    pub(super) first: u8,
}

/// Whether octets are an SCTP packet: chunks fill it to its end, and its check value holds.
pub fn is_packet(octets: &[u8]) -> bool {
    header(octets).is_some()
}

pub(super) fn header(octets: &[u8]) -> Option<Header> {
    let mut rest = octets.get(HEADER..).filter(|chunks| !chunks.is_empty())?;
    while !rest.is_empty() {
        let length = usize::from(short(rest, 2)?);
        if length < CHUNK_HEADER || length > rest.len() {
            return None;
        }
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    let told = octets.get(CHECK)?.first_chunk()?;
    (check(octets) == u32::from_le_bytes(*told)).then_some(Header {
        source: short(octets, 0)?,
        target: short(octets, 2)?,
        tag: long(octets, 4)?,
        first: *octets.get(HEADER)?,
    })
}

impl Header {
    /// The answer to a packet of an association that is none.
    pub(super) fn abort(&self) -> Vec<u8> {
        let mut packet = begun((self.target, self.source), self.tag);
        packet.extend([ABORT, REFLECTED, 0, 4]);
        checked(packet)
    }
}

/// The tag that an INIT or INIT ACK asks for, which comes first in it.
pub(super) fn initiate_tag(packet: &[u8]) -> Option<u32> {
    long(packet, HEADER + CHUNK_HEADER)
}

/// A DATA chunk in a packet of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fragment<'o> {
    pub(crate) ports: (u16, u16),
    pub(crate) tag: u32,
    /// Its number among all of the association.
    pub(crate) number: u32,
    pub(crate) stream: u16,
    /// The number of its message among those of the stream.
    pub(crate) sequence: u16,
    pub(crate) is_first: bool,
    pub(crate) is_last: bool,
    pub(crate) octets: &'o [u8],
}

impl Fragment<'_> {
    /// The packet, where the fragment is short enough for one.
    pub(crate) fn packet(&self) -> Option<Vec<u8>> {
        let length = u16::try_from(DATA_HEADER + self.octets.len()).ok()?;
        let first = if self.is_first { BEGINNING } else { 0 };
        let last = if self.is_last { ENDING } else { 0 };
        let mut packet = begun(self.ports, self.tag);
        packet.extend([DATA, first | last]);
        packet.extend(length.to_be_bytes());
        packet.extend(self.number.to_be_bytes());
        packet.extend(self.stream.to_be_bytes());
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(H248.to_be_bytes());
        packet.extend(self.octets);
        packet.resize(packet.len().next_multiple_of(4), 0);
        Some(checked(packet))
    }
}

fn begun((source, target): (u16, u16), tag: u32) -> Vec<u8> {
    let mut packet = [source.to_be_bytes(), target.to_be_bytes()].concat();
    packet.extend(tag.to_be_bytes());
    packet.extend([0; 4]);
    packet
}

fn checked(mut packet: Vec<u8>) -> Vec<u8> {
    let check = check(&packet);
    packet[CHECK].copy_from_slice(&check.to_le_bytes());
    packet
}

/// The check value: CRC32c over the packet, with zeros in its own place (RFC 9260 appendix A).
fn check(packet: &[u8]) -> u32 {
    let mut digest = CRC32C.digest();
    digest.update(packet.get(..CHECK.start).unwrap_or_default());
    digest.update(&[0; 4]);
    digest.update(packet.get(CHECK.end..).unwrap_or_default());
    digest.finalize()
}

fn short(octets: &[u8], place: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*octets.get(place..)?.first_chunk()?))
}

fn long(octets: &[u8], place: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*octets.get(place..)?.first_chunk()?))
}

/// Writes the check value anew, so that what was changed is looked at.
#[cfg(test)]
pub(super) fn recheck(packet: Vec<u8>) -> Vec<u8> {
    checked(packet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(octets: &[u8]) -> Vec<u8> {
        let fragment = Fragment {
            ports: (2_944, 2_945),
            tag: 7,
            number: 1,
            stream: 2,
            sequence: 3,
            is_first: true,
            is_last: true,
            octets,
        };
        fragment.packet().unwrap()
    }

    #[test]
    fn the_check_value_is_that_of_the_standard() {
        assert_eq!(CRC32C.checksum(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn a_packet_is_known_by_its_chunks_and_its_check_value() {
        let packet = fragment(b"!/3 [1]");
        assert!(is_packet(&packet));
        for place in 0..packet.len() {
            let mut changed = packet.clone();
            changed[place] ^= 4;
            assert!(!is_packet(&changed), "{place}");
            assert!(!is_packet(&packet[..place]), "{place}");
        }
    }

    #[test]
    fn an_abort_answers_with_the_tag_that_it_was_told() {
        let header = header(&fragment(b"x")).unwrap();
        let abort = super::header(&header.abort()).unwrap();
        assert_eq!((abort.source, abort.target, abort.tag), (2_945, 2_944, 7));
        assert_eq!(abort.first, ABORT);
    }
}
