//! What link layers carry: IP or MTP3.

use super::Kind;

/// What a packet of the link carries.
#[derive(Debug)]
pub(super) enum Inside<'p> {
    /// IP of either version.
    Ip(&'p [u8]),
    /// SCTP without IP.
    Sctp(&'p [u8]),
    /// A signal unit of MTP3, from its service information octet on.
    Mtp3(&'p [u8]),
}

/// Headers of link layers within each other.
const NESTED_MAX: usize = 8;

// Link types (https://www.tcpdump.org/linktypes.html).
const NULL: u32 = 0;
const ETHERNET: u32 = 1;
const RAW: [u32; 5] = [12, 14, 101, 228, 229];
const LOOP: u32 = 108;
const COOKED: u32 = 113;
const MTP2_WITH_HEADER: u32 = 139;
const MTP2: u32 = 140;
const MTP3: u32 = 141;
const SCTP: u32 = 248;
const COOKED_2: u32 = 276;

/// What a packet of this link type carries.
#[inline]
pub(super) fn inside(link: u32, packet: &[u8]) -> Result<Inside<'_>, Kind> {
    let behind = |length: usize| packet.get(length..).ok_or(Kind::BadHeader);
    let kind = |place: usize| number(packet, place).ok_or(Kind::BadHeader);
    match link {
        ETHERNET => protocol(kind(12)?, behind(14)?),
        COOKED => protocol(kind(14)?, behind(16)?),
        COOKED_2 => protocol(kind(0)?, behind(20)?),
        NULL | LOOP => Ok(Inside::Ip(behind(4)?)),
        MTP3 => Ok(Inside::Mtp3(packet)),
        MTP2 => mtp2(packet),
        MTP2_WITH_HEADER => mtp2(behind(4)?),
        SCTP => Ok(Inside::Sctp(packet)),
        raw if RAW.contains(&raw) => Ok(Inside::Ip(packet)),
        _ => Err(Kind::LinkLayer),
    }
}

fn number(octets: &[u8], place: usize) -> Option<u16> {
    let octets = octets.get(place..)?.first_chunk()?;
    Some(u16::from_be_bytes(*octets))
}

/// What follows a field that says which protocol does: an EtherType, or a length (IEEE 802.3).
#[inline]
fn protocol(mut kind: u16, mut rest: &[u8]) -> Result<Inside<'_>, Kind> {
    for _ in 0..NESTED_MAX {
        let (next, length) = match kind {
            0x0800 | 0x86dd => return Ok(Inside::Ip(rest)),
            // Tags of VLANs, one within the other.
            0x8100 | 0x88a8 | 0x9100 | 0x9200 => (number(rest, 2), 4),
            0x8847 | 0x8848 => return mpls(rest),
            // A session of PPPoE, and what PPP calls IP.
            0x8864 => match number(rest, 6) {
                Some(0x0021 | 0x0057) => (Some(0x0800), 8),
                _ => return Err(Kind::NoNetwork),
            },
            // LLC and SNAP.
            0..0x0600 if rest.starts_with(&[0xaa, 0xaa, 3]) => (number(rest, 6), 8),
            _ => return Err(Kind::NoNetwork),
        };
        kind = next.ok_or(Kind::BadHeader)?;
        rest = rest.get(length..).ok_or(Kind::BadHeader)?;
    }
    Err(Kind::BadHeader)
}

/// IP behind the last label.
fn mpls(labels: &[u8]) -> Result<Inside<'_>, Kind> {
    let mut all = labels.chunks_exact(4).take(NESTED_MAX);
    let last = all.position(|label| label[2] & 1 != 0);
    let last = last.ok_or(Kind::BadHeader)?;
    let rest = &labels[4 * (last + 1)..];
    match rest.first().map(|octet| octet >> 4) {
        Some(4 | 6) => Ok(Inside::Ip(rest)),
        _ => Err(Kind::NoNetwork),
    }
}

/// A signal unit: its sequence numbers and its length indicator stand before the message.
fn mtp2(unit: &[u8]) -> Result<Inside<'_>, Kind> {
    match unit {
        [_, _, indicator, message @ ..] if indicator & 0x3f > 2 => Ok(Inside::Mtp3(message)),
        [_, _, _, ..] => Err(Kind::NoNetwork),
        _ => Err(Kind::BadHeader),
    }
}
