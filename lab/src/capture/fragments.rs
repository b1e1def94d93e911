//! IP packets out of their fragments.

use std::{collections::HashMap, net::IpAddr};

use etherparse::{IpFragOffset, IpNumber, Ipv6ExtensionSlice, LaxIpSlice, defrag::IpDefragBuf};

use super::Kind;

/// Packets of which fragments are kept; each has 64 KiB at most.
const KEPT_MAX: usize = 512;
/// A packet whose last fragment is so many packets of the capture ago will not become whole.
const PATIENCE: u64 = 100_000;

/// Packets that are not whole yet.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    kept: HashMap<Id, Parts, ahash::RandomState>,
    given_up: usize,
}

#[derive(Debug)]
struct Parts {
    octets: IpDefragBuf,
    frame: u64,
}

/// What tells packets apart (RFC 791 2.3, RFC 8200 4.5).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
struct Id {
    from: IpAddr,
    to: IpAddr,
    protocol: IpNumber,
    number: u32,
}

/// Where a fragment belongs.
struct Place {
    id: Id,
    offset: IpFragOffset,
    more: bool,
}

impl Fragments {
    /// Takes a fragment; gives the payload of the packet that is whole with it.
    pub(super) fn push(
        &mut self,
        ip: &LaxIpSlice<'_>,
        frame: u64,
    ) -> Result<Option<Vec<u8>>, Kind> {
        let payload = ip.payload();
        let place = place(ip).ok_or(Kind::BadFragment)?;
        if payload.incomplete {
            return Err(Kind::CutShort);
        }
        self.make_room(frame);
        let parts = self.kept.entry(place.id).or_insert_with(|| Parts {
            octets: IpDefragBuf::new(place.id.protocol, Vec::new(), Vec::new()),
            frame,
        });
        parts.frame = frame;
        let added = parts.octets.add(place.offset, place.more, payload.payload);
        added.map_err(|_| Kind::BadFragment)?;
        if !parts.octets.is_complete() {
            return Ok(None);
        }
        let parts = self.kept.remove(&place.id);
        Ok(parts.map(|parts| parts.octets.take_bufs().0))
    }

    /// Packets that did not become whole.
    pub(super) fn left(&self) -> usize {
        self.kept.len() + self.given_up
    }

    fn make_room(&mut self, frame: u64) {
        let before = self.kept.len();
        if before < KEPT_MAX {
            return;
        }
        self.kept.retain(|_, parts| frame - parts.frame < PATIENCE);
        if self.kept.len() == before {
            self.kept.clear();
        }
        self.given_up += before - self.kept.len();
    }
}

fn place(ip: &LaxIpSlice<'_>) -> Option<Place> {
    let (from, to) = (ip.source_addr(), ip.destination_addr());
    let protocol = ip.payload_ip_number();
    let id = |number| Id {
        from,
        to,
        protocol,
        number,
    };
    match ip {
        LaxIpSlice::Ipv4(ip) => {
            let header = ip.header();
            Some(Place {
                id: id(header.identification().into()),
                offset: header.fragments_offset(),
                more: header.more_fragments(),
            })
        }
        LaxIpSlice::Ipv6(ip) => {
            let mut extensions = ip.extensions().clone().into_iter();
            extensions.find_map(|extension| match extension {
                Ipv6ExtensionSlice::Fragment(fragment) => Some(Place {
                    id: id(fragment.identification()),
                    offset: fragment.fragment_offset(),
                    more: fragment.more_fragments(),
                }),
                Ipv6ExtensionSlice::HopByHop(_)
                | Ipv6ExtensionSlice::Routing(_)
                | Ipv6ExtensionSlice::DestinationOptions(_)
                | Ipv6ExtensionSlice::Authentication(_) => None,
            })
        }
    }
}
