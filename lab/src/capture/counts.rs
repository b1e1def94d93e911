//! What of a capture is no message, counted by kind.

use std::fmt;

/// What something in a capture is that is no message.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// A packet of a link layer that is not read.
    LinkLayer,
    /// A packet that holds neither IP nor MTP3.
    NoNetwork,
    /// A packet of which the capture holds a part alone.
    CutShort,
    /// A packet whose link, IP, UDP, TCP or SCTP header contradicts itself.
    BadHeader,
    /// A packet of another protocol over IP.
    OtherTransport,
    /// A datagram, segment or unit of another protocol.
    OtherProtocol,
    /// Nothing where a message could be, as in a keep-alive.
    Empty,
    /// An IP fragment that contradicts others of its packet.
    BadFragment,
    /// An IP packet some of whose fragments are missing.
    FragmentMissing,
    /// A TCP segment whose octets came before.
    SegmentAgain,
    /// A place where octets of a TCP connection are missing.
    SegmentMissing,
    /// Octets of a TCP connection of H.248 that are no frame of it.
    BadFrame,
    /// An SCTP DATA chunk that came before.
    ChunkAgain,
    /// An SCTP message some of whose chunks are missing.
    ChunkMissing,
    /// A block of the file that says nothing sensible.
    BadBlock,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::LinkLayer,
        Self::NoNetwork,
        Self::CutShort,
        Self::BadHeader,
        Self::OtherTransport,
        Self::OtherProtocol,
        Self::Empty,
        Self::BadFragment,
        Self::FragmentMissing,
        Self::SegmentAgain,
        Self::SegmentMissing,
        Self::BadFrame,
        Self::ChunkAgain,
        Self::ChunkMissing,
        Self::BadBlock,
    ];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LinkLayer => "of a link layer that is not read",
            Self::NoNetwork => "without IP",
            Self::CutShort => "cut short by the capture",
            Self::BadHeader => "with a wrong header",
            Self::OtherTransport => "of another protocol over IP",
            Self::OtherProtocol => "of another protocol",
            Self::Empty => "empty",
            Self::BadFragment => "fragments that contradict others",
            Self::FragmentMissing => "IP packets without all fragments",
            Self::SegmentAgain => "TCP segments sent again",
            Self::SegmentMissing => "gaps in TCP",
            Self::BadFrame => "pieces of TCP that are no frame",
            Self::ChunkAgain => "SCTP chunks sent again",
            Self::ChunkMissing => "SCTP messages without all chunks",
            Self::BadBlock => "damaged blocks",
        })
    }
}

/// How many there were of each kind, of packets and of messages.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Packets in the capture.
    pub packets: u64,
    /// Messages that were given, whether they decode or not.
    pub messages: u64,
    others: [u64; Kind::ALL.len()],
}

impl Counts {
    /// How many there were of a kind.
    pub fn of(&self, kind: Kind) -> u64 {
        self.others[kind as usize]
    }

    /// The kinds of which there were any.
    pub fn others(&self) -> impl Iterator<Item = (Kind, u64)> + '_ {
        let all = Kind::ALL.into_iter().map(|kind| (kind, self.of(kind)));
        all.filter(|(_, count)| *count > 0)
    }

    pub(super) fn add(&mut self, kind: Kind) {
        self.others[kind as usize] += 1;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} messages in {} packets", self.messages, self.packets)?;
        for (n, (kind, count)) in self.others().enumerate() {
            let before = if n == 0 { "; no messages: " } else { ", " };
            write!(f, "{before}{count} {kind}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_counted_for_itself() {
        for kind in Kind::ALL {
            let mut counts = Counts::default();
            counts.add(kind);
            assert_eq!(counts.others().collect::<Vec<_>>(), [(kind, 1)]);
        }
    }
}
