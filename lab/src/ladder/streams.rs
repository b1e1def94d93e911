//! Messages out of captured TCP segments: TPKT frames, as far as the segments come in order.

use std::{collections::BTreeMap, net::SocketAddr};

/// The octets of a TPKT header (RFC 1006).
const HEADER: usize = 4;
/// Connections that are followed, each way by itself. Over it those begun are given up.
const FOLLOWED_MAX: usize = 65_536;

/// All connections, each way by itself.
#[derive(Debug, Default)]
pub(super) struct Streams(BTreeMap<(SocketAddr, SocketAddr), Stream>);

#[derive(Debug, Default)]
struct Stream {
    /// The sequence number that follows what is held.
    next: u32,
    /// The beginning of a frame.
    held: Vec<u8>,
}

/// A segment as it was captured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'a> {
    pub(super) way: (SocketAddr, SocketAddr),
    pub(super) sequence: u32,
    pub(super) octets: &'a [u8],
}

impl Streams {
    /// Takes a segment; returns the messages that are whole now, or `None` where it is of no use: a
    /// segment is missing before it, and it begins no frame.
    pub(super) fn push(&mut self, segment: Segment<'_>) -> Option<Vec<Vec<u8>>> {
        if segment.octets.is_empty() {
            return Some(Vec::new());
        }
        if self.0.len() >= FOLLOWED_MAX {
            self.0.clear();
        }
        let stream = self.0.entry(segment.way).or_default();
        // What was sent again is known already.
        let known = stream.next.wrapping_sub(segment.sequence) as usize;
        let octets = match segment.octets.get(known..) {
            Some(octets) if stream.next != 0 || known == 0 => octets,
            None if known < 1 << 30 && stream.next != 0 => return Some(Vec::new()),
            _ => {
                stream.held.clear();
                segment.octets
            }
        };
        stream.next = segment.sequence.wrapping_add(length(segment.octets));
        stream.held.extend_from_slice(octets);
        stream.frames()
    }
}

impl Stream {
    fn frames(&mut self) -> Option<Vec<Vec<u8>>> {
        let mut messages = Vec::new();
        loop {
            let Some([version, _, high, low]) = self.held.first_chunk::<HEADER>() else {
                return Some(messages);
            };
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            if *version != 3 || length < HEADER {
                self.held.clear();
                return (!messages.is_empty()).then_some(messages);
            }
            if self.held.len() < length {
                return Some(messages);
            }
            messages.push(self.held[HEADER..length].to_vec());
            self.held.drain(..length);
        }
    }
}

fn length(octets: &[u8]) -> u32 {
    u32::try_from(octets.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way() -> (SocketAddr, SocketAddr) {
        let address = |text: &str| text.parse().expect("an address");
        (address("127.0.0.1:2944"), address("127.0.0.1:40000"))
    }

    fn push(streams: &mut Streams, sequence: u32, octets: &[u8]) -> Option<Vec<Vec<u8>>> {
        let way = way();
        streams.push(Segment {
            way,
            sequence,
            octets,
        })
    }

    const FRAMES: &[u8] = &[3, 0, 0, 6, b'a', b'b', 3, 0, 0, 5, b'c'];

    #[test]
    fn frames_come_whole_however_they_are_cut() {
        for cut in 0..=FRAMES.len() {
            let mut streams = Streams::default();
            let begin = 0u32.wrapping_sub(7);
            let (first, second) = FRAMES.split_at(cut);
            let mut all = push(&mut streams, begin, first).expect("it begins a frame");
            let after = begin.wrapping_add(length(first));
            all.extend(push(&mut streams, after, second).expect("it goes on"));
            assert_eq!(all, [b"ab".to_vec(), b"c".to_vec()], "cut at {cut}");
        }
    }

    #[test]
    fn what_is_sent_again_comes_once() {
        let mut streams = Streams::default();
        assert_eq!(
            push(&mut streams, 100, &FRAMES[..8]).map(|all| all.len()),
            Some(1)
        );
        assert_eq!(push(&mut streams, 100, &FRAMES[..8]), Some(vec![]));
        assert_eq!(
            push(&mut streams, 104, &FRAMES[4..]),
            Some(vec![b"c".to_vec()])
        );
    }

    #[test]
    fn after_a_gap_the_next_beginning_counts() {
        let mut streams = Streams::default();
        assert_eq!(
            push(&mut streams, 100, &FRAMES[..8]).map(|all| all.len()),
            Some(1)
        );
        assert_eq!(push(&mut streams, 500, b"lost"), None);
        assert_eq!(
            push(&mut streams, 900, FRAMES).map(|all| all.len()),
            Some(2)
        );
    }
}
