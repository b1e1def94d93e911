//! Packets that wait to be sent, in memory that is used again.

use std::net::SocketAddr;

use mg_contract::RtpPort;

/// Octets of the longest packet that the engine sends.
const PACKET_MAX: usize = 256;
/// Packets of one stream that may wait: RTP, a report and a goodbye.
const PACKETS_PER_STREAM: usize = 3;

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

#[derive(Clone, Copy, Debug)]
struct Slot {
    port: RtpPort,
    kind: Kind,
    to: SocketAddr,
    length: usize,
    octets: [u8; PACKET_MAX],
}

/// The queue. When it is full a packet is refused: the shell is stuck, and old media helps no one.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    slots: Vec<Slot>,
    next: usize,
    streams: usize,
}

impl Outbox {
    /// Makes room for that many streams.
    pub(crate) fn reserve(&mut self, streams: usize) {
        self.streams = self.streams.max(streams);
        let wanted = self.streams * PACKETS_PER_STREAM;
        self.slots
            .reserve_exact(wanted.saturating_sub(self.slots.len()));
    }

    /// Queues a packet that `write` puts into the buffer; it returns the length. Returns false if
    /// the queue is full.
    pub(crate) fn push(
        &mut self,
        port: RtpPort,
        kind: Kind,
        to: SocketAddr,
        write: impl FnOnce(&mut [u8; PACKET_MAX]) -> usize,
    ) -> bool {
        if self.slots.len() >= self.streams * PACKETS_PER_STREAM {
            return false;
        }
        let mut slot = Slot {
            port,
            kind,
            to,
            length: 0,
            octets: [0; PACKET_MAX],
        };
        slot.length = write(&mut slot.octets);
        self.slots.push(slot);
        true
    }

    /// Takes the oldest packet.
    pub(crate) fn pop(&mut self) -> Option<Transmit<'_>> {
        if self.next == self.slots.len() {
            self.slots.clear();
            self.next = 0;
            return None;
        }
        self.next += 1;
        let slot = &self.slots[self.next - 1];
        let octets = &slot.octets[..slot.length];
        Some(Transmit {
            port: slot.port,
            kind: slot.kind,
            to: slot.to,
            octets,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_leave_in_their_order_and_a_full_queue_refuses() {
        let to = SocketAddr::from(([192, 0, 2, 1], 4000));
        let mut outbox = Outbox::default();
        outbox.reserve(1);
        let mut push = |n: u8| {
            outbox.push(RtpPort(2), Kind::Rtp, to, |octets| {
                octets[0] = n;
                1
            })
        };
        assert_eq!(
            [push(0), push(1), push(2), push(3)],
            [true, true, true, false]
        );
        for n in 0..3 {
            assert_eq!(outbox.pop().unwrap().octets, [n]);
        }
        assert_eq!(outbox.pop(), None);
        assert!(outbox.push(RtpPort(2), Kind::Rtcp, to, |_| 0));
    }
}
