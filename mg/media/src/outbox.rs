//! Packets on their way to the shell, in room that is made before they are written.

use std::net::SocketAddr;

use mg_contract::RtpPort;

/// Octets of the longest report, and of a packet of another kind than sound.
pub(crate) const REPORT_MAX: usize = 256;
/// Packets of one stream that may wait: two of sound, a report and a goodbye.
const PACKETS_PER_STREAM: usize = 4;

/// Which socket of a pair is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// The even port.
    Rtp,
    /// The odd port after it.
    Rtcp,
}

/// A packet to send.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Transmit<'a> {
    /// The port pair that it leaves from.
    pub port: RtpPort,
    /// Which port of the pair.
    pub kind: Kind,
    /// Where it goes.
    pub to: SocketAddr,
    /// What it holds.
    pub octets: &'a [u8],
}

/// Where a packet goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    /// The port pair that it leaves from.
    pub(crate) port: RtpPort,
    /// Which port of the pair.
    pub(crate) kind: Kind,
    /// The far end.
    pub(crate) to: SocketAddr,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    way: Way,
    start: usize,
    end: usize,
}

/// The queue. When it is full a packet is refused: the shell is stuck, and old media helps no one.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    entries: Vec<Entry>,
    next: usize,
    octets: Vec<u8>,
    used: usize,
}

impl Outbox {
    /// Makes room for that many streams, which send that many octets in a tick at most.
    pub(crate) fn reserve(&mut self, streams: usize, octets: usize) {
        let wanted = streams * PACKETS_PER_STREAM;
        self.entries
            .reserve_exact(wanted.saturating_sub(self.entries.len()));
        if octets > self.octets.len() {
            self.octets.resize(octets, 0);
        }
    }

    /// Queues a packet of at most `most` octets that `write` puts into the room that it is given; it
    /// returns the length, where 0 means that there is nothing to send. Returns false if there is no
    /// room.
    pub(crate) fn push(
        &mut self,
        way: Way,
        most: usize,
        write: impl FnOnce(&mut [u8]) -> usize,
    ) -> bool {
        let room = self.octets.get_mut(self.used..self.used + most);
        let Some(room) = room.filter(|_| self.entries.len() < self.entries.capacity()) else {
            return false;
        };
        let length = write(room);
        if length > 0 {
            let (start, end) = (self.used, self.used + length);
            self.entries.push(Entry { way, start, end });
            self.used = end;
        }
        true
    }

    /// Packets that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.entries.len() - self.next
    }

    /// Takes the oldest packet.
    pub(crate) fn pop(&mut self) -> Option<Transmit<'_>> {
        let Some(&Entry { way, start, end }) = self.entries.get(self.next) else {
            self.entries.clear();
            (self.next, self.used) = (0, 0);
            return None;
        };
        self.next += 1;
        let Way { port, kind, to } = way;
        let octets = &self.octets[start..end];
        Some(Transmit {
            port,
            kind,
            to,
            octets,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAY: Way = Way {
        port: RtpPort(2),
        kind: Kind::Rtp,
        to: SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 4000),
    };

    fn push(outbox: &mut Outbox, octet: u8, length: usize) -> bool {
        outbox.push(WAY, length, |octets| {
            octets.fill(octet);
            length
        })
    }

    #[test]
    fn packets_leave_in_their_order_and_a_full_queue_refuses() {
        let mut outbox = Outbox::default();
        assert!(!push(&mut outbox, 9, 1));
        outbox.reserve(1, 10);
        let pushed =
            [(0, 3), (1, 4), (2, 4), (3, 3)].map(|(n, length)| push(&mut outbox, n, length));
        assert_eq!(pushed, [true, true, false, true]);
        for (n, length) in [(0, 3), (1, 4), (3, 3)] {
            assert_eq!(outbox.pop().unwrap().octets, vec![n; length]);
        }
        assert_eq!(outbox.pop(), None);
        assert!(push(&mut outbox, 4, 10));
    }

    #[test]
    fn what_need_not_be_sent_takes_no_room() {
        let mut outbox = Outbox::default();
        outbox.reserve(1, 4);
        assert!(outbox.push(WAY, 4, |_| 0));
        assert!(push(&mut outbox, 1, 4));
        assert_eq!(outbox.pop().unwrap().octets, [1; 4]);
    }
}
