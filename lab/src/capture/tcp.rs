//! What TCP carries, in the order in which it was sent.

use std::collections::HashMap;

use etherparse::TcpSlice;

use super::{Address, Kind, framing::Framing, outlet::Outlet};

/// Ways of connections that are followed. Over it those are given up that carry no H.248, or all.
const FOLLOWED_MAX: usize = 65_536;
/// Octets that all connections together may hold back. Over it they are given up.
const HELD_MAX: usize = 64 << 20;
/// Segments that one way may hold back; with more, what is missing before them is given up.
const LATER_MAX: usize = 64;
/// A segment that lies further ahead belongs to another connection of the same ports.
const WINDOW: i32 = 1 << 20;

/// All connections, each way by itself.
#[derive(Debug, Default)]
pub(super) struct Connections {
    ways: HashMap<(Address, Address), Stream, ahash::RandomState>,
    /// Octets that are held.
    held: usize,
    /// Ways that wait for something missing.
    waiting: usize,
}

#[derive(Debug)]
struct Stream {
    /// The sequence number that follows what was taken.
    next: u32,
    framing: Framing,
    /// The beginning of a message.
    held: Vec<u8>,
    /// Segments behind a gap, with their sequence numbers.
    later: Vec<(u32, Vec<u8>)>,
}

impl Connections {
    /// Takes a segment, and gives the messages that are whole with it.
    pub(super) fn segment(&mut self, tcp: &TcpSlice<'_>, outlet: &mut Outlet<'_, '_>) {
        let way = (outlet.from, outlet.to);
        if self.waiting > 0 && tcp.ack() {
            self.acknowledged((way.1, way.0), tcp.acknowledgment_number(), outlet);
        }
        if tcp.syn() || tcp.rst() {
            self.close(way, outlet);
        }
        let begin = tcp.sequence_number().wrapping_add(u32::from(tcp.syn()));
        if tcp.syn() || !tcp.payload().is_empty() {
            self.make_room(outlet);
            let stream = self.ways.entry(way).or_insert_with(|| Stream::new(begin));
            let before = stream.weight();
            stream.push(begin, tcp.payload(), tcp.psh() || tcp.fin(), outlet);
            let after = stream.weight();
            self.note(before, after);
        }
        if tcp.fin() {
            self.close(way, outlet);
        }
    }

    /// Nothing more comes: gives what was held back.
    pub(super) fn finish(&mut self, outlet: &mut Outlet<'_, '_>) {
        let mut ways: Vec<_> = std::mem::take(&mut self.ways).into_iter().collect();
        ways.sort_by_key(|(way, _)| *way);
        for ((from, to), mut stream) in ways {
            (outlet.from, outlet.to) = (from, to);
            stream.end(outlet);
        }
        *self = Self::default();
    }

    /// The receiver has what the capture has not: it will not be sent again.
    fn acknowledged(&mut self, way: (Address, Address), number: u32, outlet: &mut Outlet<'_, '_>) {
        let Some(stream) = self.ways.get_mut(&way) else {
            return;
        };
        if stream.later.is_empty() || distance(stream.next, number) <= 0 {
            return;
        }
        let before = stream.weight();
        outlet.turn();
        stream.skip_gap(outlet);
        outlet.turn();
        let after = stream.weight();
        self.note(before, after);
    }

    fn close(&mut self, way: (Address, Address), outlet: &mut Outlet<'_, '_>) {
        if let Some(mut stream) = self.ways.remove(&way) {
            let before = stream.weight();
            stream.end(outlet);
            self.note(before, (0, false));
        }
    }

    fn note(&mut self, before: (usize, bool), after: (usize, bool)) {
        self.held = self.held + after.0 - before.0;
        self.waiting = self.waiting + usize::from(after.1) - usize::from(before.1);
    }

    fn make_room(&mut self, outlet: &mut Outlet<'_, '_>) {
        if self.ways.len() >= FOLLOWED_MAX {
            let of_use = |stream: &Stream| !stream.framing.is_other() || !stream.later.is_empty();
            self.ways.retain(|_, stream| of_use(stream));
        }
        if self.ways.len() >= FOLLOWED_MAX || self.held > HELD_MAX {
            outlet.count(Kind::SegmentMissing);
            *self = Self::default();
        }
    }
}

impl Stream {
    fn new(next: u32) -> Self {
        Self {
            next,
            framing: Framing::default(),
            held: Vec::new(),
            later: Vec::new(),
        }
    }

    /// Octets that are held, and whether something is missing before some.
    fn weight(&self) -> (usize, bool) {
        let later: usize = self.later.iter().map(|(_, octets)| octets.len() + 32).sum();
        (self.held.len() + later, !self.later.is_empty())
    }

    fn push(&mut self, begin: u32, octets: &[u8], pushed: bool, outlet: &mut Outlet<'_, '_>) {
        if octets.is_empty() {
            return;
        }
        let ahead = distance(self.next, begin);
        if ahead > 0 && ahead < WINDOW && !self.framing.is_other() {
            self.later.push((begin, octets.to_vec()));
            if self.later.len() > LATER_MAX {
                self.skip_gap(outlet);
            }
            return;
        }
        if ahead != 0 && !(-WINDOW..WINDOW).contains(&ahead) {
            self.end(outlet);
            self.next = begin;
        }
        self.take(begin, octets, pushed, outlet);
        self.take_later(outlet);
    }

    /// Takes what is new of a segment that does not lie ahead.
    fn take(&mut self, begin: u32, octets: &[u8], pushed: bool, outlet: &mut Outlet<'_, '_>) {
        let known = usize::try_from(distance(begin, self.next)).unwrap_or(0);
        let Some(new) = octets.get(known..).filter(|new| !new.is_empty()) else {
            return outlet.count(Kind::SegmentAgain);
        };
        self.next = begin.wrapping_add(u32::try_from(octets.len()).unwrap_or(u32::MAX));
        if self.framing.is_other() {
            self.framing = Framing::Unknown;
        }
        if self.held.is_empty() {
            let used = self.framing.take(new, pushed, outlet);
            self.held.extend_from_slice(&new[used..]);
        } else {
            self.held.extend_from_slice(new);
            let used = self.framing.take(&self.held, pushed, outlet);
            self.held.drain(..used);
        }
    }

    /// Takes the segments that have waited for what has come now.
    fn take_later(&mut self, outlet: &mut Outlet<'_, '_>) {
        let next = |stream: &Self| {
            let mut later = stream.later.iter();
            later.position(|(begin, _)| distance(stream.next, *begin) <= 0)
        };
        while let Some(place) = next(self) {
            let (begin, octets) = self.later.swap_remove(place);
            self.take(begin, &octets, self.later.is_empty(), outlet);
        }
    }

    /// Goes on behind what is missing: with the segment that lies nearest.
    fn skip_gap(&mut self, outlet: &mut Outlet<'_, '_>) {
        let nearest = self.later.iter().map(|(begin, _)| *begin);
        let nearest = nearest.min_by_key(|begin| distance(self.next, *begin));
        if let Some(begin) = nearest {
            outlet.count(Kind::SegmentMissing);
            self.held.clear();
            self.framing = Framing::Unknown;
            self.next = begin;
            self.take_later(outlet);
        }
    }

    /// Nothing more comes.
    fn end(&mut self, outlet: &mut Outlet<'_, '_>) {
        while !self.later.is_empty() {
            self.skip_gap(outlet);
        }
        let held = std::mem::take(&mut self.held);
        let used = self.framing.take(&held, true, outlet);
        if used < held.len() {
            outlet.count(Kind::BadFrame);
        }
        self.framing = Framing::Unknown;
    }
}

/// How far one sequence number lies ahead of another; negative where it lies behind.
fn distance(from: u32, to: u32) -> i32 {
    to.wrapping_sub(from).cast_signed()
}
