//! Messages as the packets of associations, for capture files: each in DATA chunks of its own, with
//! numbers that were never on a wire.

use std::{collections::BTreeMap, net::SocketAddr};

use transport_h248::{Direction, Encoding, Trace};

use super::packet::Fragment;

/// Octets of a chunk; an IP packet holds so many and its headers.
const CHUNK: usize = 65_000;
/// Associations whose numbers are remembered. Over it all begin anew, as others.
const ASSOCIATIONS_MAX: usize = 65_536;

/// The associations of a capture, by our address and the peer's.
#[derive(Debug, Default)]
pub(crate) struct Writing {
    /// Both ways of each, ours first.
    ways: BTreeMap<(SocketAddr, SocketAddr), [Way; 2]>,
    /// The last tag.
    tags: u32,
}

/// One way of an association.
#[derive(Clone, Copy, Debug)]
struct Way {
    tag: u32,
    /// Chunks and messages so far.
    chunks: u32,
    messages: u16,
}

impl Writing {
    /// The packets of a message, which go in UDP.
    pub(crate) fn packets(&mut self, trace: &Trace, local: SocketAddr) -> Vec<Vec<u8>> {
        if self.ways.len() >= ASSOCIATIONS_MAX {
            self.ways.clear();
        }
        let tags = &mut self.tags;
        let mut begin = || {
            *tags = tags.wrapping_add(1);
            Way {
                tag: *tags,
                chunks: 0,
                messages: 0,
            }
        };
        let ends = (local, trace.route.address.socket);
        let ways = self.ways.entry(ends).or_insert_with(|| [begin(), begin()]);
        let way = match trace.direction {
            Direction::Out => &mut ways[0],
            Direction::In => &mut ways[1],
        };
        way.packets(&trace.octets)
    }
}

impl Way {
    fn packets(&mut self, message: &[u8]) -> Vec<Vec<u8>> {
        let port = Encoding::of(message).port();
        let pieces = message.chunks(CHUNK);
        let last = pieces.len().saturating_sub(1);
        let packets = pieces.enumerate().filter_map(|(place, octets)| {
            let fragment = Fragment {
                ports: (port, port),
                tag: self.tag,
                number: self.chunks,
                stream: 0,
                sequence: self.messages,
                is_first: place == 0,
                is_last: place == last,
                octets,
            };
            self.chunks = self.chunks.wrapping_add(1);
            fragment.packet()
        });
        let packets = packets.collect();
        self.messages = self.messages.wrapping_add(1);
        packets
    }
}
