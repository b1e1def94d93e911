//! What SCTP carries: messages in DATA chunks, whole or in fragments (RFC 9260).

use std::collections::{BTreeMap, HashMap, VecDeque};

use transport_h248_tokio::sctp::packet::{self, H248};

use super::{Kind, Transport, mtp3, outlet::Outlet};

/// Associations that are followed, each way by itself. Over it all are given up.
const FOLLOWED_MAX: usize = 16_384;
/// Chunks of each that are remembered, to tell those that come again.
const REMEMBERED: usize = 128;
/// Fragments of each that are kept.
const FRAGMENTS_MAX: usize = 256;
/// Octets of fragments of all together.
const HELD_MAX: usize = 32 << 20;

const HEADER: usize = 12;
const DATA: u8 = 0;
/// What stands before the octets of a DATA chunk.
const DATA_HEADER: usize = 16;
const BEGINNING: u8 = 2;
const ENDING: u8 = 1;

// Payload protocol identifiers (IANA).
const M2UA: u32 = 2;
const M3UA: u32 = 3;
const M2PA: u32 = 5;

/// All associations, each way by itself.
#[derive(Debug, Default)]
pub(super) struct Associations {
    ways: HashMap<Way, Association, ahash::RandomState>,
    held: usize,
}

/// Ports and verification tag: addresses may change within an association.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
struct Way {
    ports: (u16, u16),
    tag: u32,
}

#[derive(Debug, Default)]
struct Association {
    seen: VecDeque<u32>,
    /// Fragments by their transmission sequence numbers, which follow each other in a message.
    fragments: BTreeMap<u32, Fragment>,
}

#[derive(Debug)]
struct Fragment {
    flags: u8,
    octets: Vec<u8>,
}

/// A DATA chunk.
struct Data<'p> {
    flags: u8,
    number: u32,
    protocol: u32,
    octets: &'p [u8],
}

/// The ports of a packet.
pub(super) fn ports(packet: &[u8]) -> Result<(u16, u16), Kind> {
    if packet.len() < HEADER {
        return Err(Kind::BadHeader);
    }
    let port = |place: usize| u16::from_be_bytes([packet[place], packet[place + 1]]);
    Ok((port(0), port(2)))
}

/// Whether a datagram is a packet (RFC 6951): chunks fill it, and its check value holds or one of
/// them is of H.248.
pub(super) fn is_carried(datagram: &[u8]) -> bool {
    packet::is_packet(datagram) || holds_h248(datagram).is_some_and(|holds| holds)
}

fn holds_h248(packet: &[u8]) -> Option<bool> {
    let mut rest = packet.get(HEADER..)?;
    let mut holds = false;
    while !rest.is_empty() {
        let (chunk, behind) = chunk(rest)?;
        let data = (chunk[0] == DATA).then(|| data(chunk));
        holds |= data.flatten().is_some_and(|data| data.protocol == H248);
        rest = behind;
    }
    Some(holds)
}

impl Associations {
    /// Takes a packet, and gives the messages that are whole with it.
    pub(super) fn packet(
        &mut self,
        packet: &[u8],
        outlet: &mut Outlet<'_, '_>,
    ) -> Result<(), Kind> {
        let way = Way {
            ports: ports(packet)?,
            tag: number(packet, 4).ok_or(Kind::BadHeader)?,
        };
        let mut rest = &packet[HEADER..];
        while !rest.is_empty() {
            let (chunk, behind) = chunk(rest).ok_or(Kind::BadHeader)?;
            if chunk[0] == DATA {
                let data = data(chunk).ok_or(Kind::BadHeader)?;
                self.data(way, &data, outlet);
            }
            rest = behind;
        }
        Ok(())
    }

    /// Ways some of whose fragments never became a message.
    pub(super) fn left(&mut self) -> usize {
        let all = self.ways.len();
        self.ways.retain(|_, way| way.fragments.is_empty());
        all - self.ways.len()
    }

    fn data(&mut self, way: Way, data: &Data<'_>, outlet: &mut Outlet<'_, '_>) {
        if self.held > HELD_MAX || self.ways.len() >= FOLLOWED_MAX {
            outlet.count(Kind::ChunkMissing);
            *self = Self::default();
        }
        let association = self.ways.entry(way).or_default();
        if !association.is_new(data.number) {
            return outlet.count(Kind::ChunkAgain);
        }
        if data.flags & (BEGINNING | ENDING) == BEGINNING | ENDING {
            return carried(data.protocol, data.octets, outlet);
        }
        if association.fragments.len() >= FRAGMENTS_MAX {
            outlet.count(Kind::ChunkMissing);
            self.held -= association.clear();
        }
        self.held += data.octets.len();
        if let Some(whole) = association.join(data) {
            self.held -= whole.len();
            carried(data.protocol, &whole, outlet);
        }
    }
}

impl Association {
    fn is_new(&mut self, number: u32) -> bool {
        if self.seen.contains(&number) {
            return false;
        }
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back(number);
        true
    }

    fn clear(&mut self) -> usize {
        let all = std::mem::take(&mut self.fragments);
        all.into_values()
            .map(|fragment| fragment.octets.len())
            .sum()
    }

    /// Keeps a fragment; the message that is whole with it.
    fn join(&mut self, data: &Data<'_>) -> Option<Vec<u8>> {
        let kept = Fragment {
            flags: data.flags,
            octets: data.octets.to_vec(),
        };
        self.fragments.insert(data.number, kept);
        // Up to the fragment with a flag, without meeting the other end of another message.
        let reaches = |mut number: u32, wanted: u8, other: u8, step: u32| {
            while self.fragments.get(&number)?.flags & wanted == 0 {
                number = number.wrapping_add(step);
                let next = self.fragments.get(&number)?;
                (next.flags & other == 0).then_some(())?;
            }
            Some(number)
        };
        let first = reaches(data.number, BEGINNING, ENDING, u32::MAX)?;
        let last = reaches(data.number, ENDING, BEGINNING, 1)?;
        let mut whole = Vec::new();
        for place in 0..=last.wrapping_sub(first) {
            let fragment = self.fragments.remove(&first.wrapping_add(place))?;
            whole.extend_from_slice(&fragment.octets);
        }
        Some(whole)
    }
}

/// What is whole is H.248, or something that may carry it.
fn carried(protocol: u32, octets: &[u8], outlet: &mut Outlet<'_, '_>) {
    outlet.transport = Transport::Sctp;
    match protocol {
        H248 => outlet.give_supposed(octets),
        M3UA => mtp3::adapted(octets, outlet),
        M2UA => mtp3::adapted_below(octets, outlet),
        M2PA => mtp3::peer_to_peer(octets, outlet),
        _ => outlet.judge(octets),
    }
}

/// The first chunk without its padding, and what follows it.
fn chunk(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::from(u16::from_be_bytes([*octets.get(2)?, *octets.get(3)?]));
    let chunk = octets.get(..length).filter(|chunk| chunk.len() >= 4)?;
    let padded = length.next_multiple_of(4);
    Some((chunk, octets.get(padded..).unwrap_or_default()))
}

fn data(chunk: &[u8]) -> Option<Data<'_>> {
    Some(Data {
        flags: chunk[1],
        number: number(chunk, 4)?,
        protocol: number(chunk, 12)?,
        octets: chunk.get(DATA_HEADER..)?,
    })
}

fn number(octets: &[u8], place: usize) -> Option<u32> {
    let octets = octets.get(place..)?.first_chunk()?;
    Some(u32::from_be_bytes(*octets))
}
