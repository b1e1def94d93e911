//! The fixed header, written in place (RFC 3550 5.1).

/// Octets of the fixed header.
pub(crate) const HEADER_LENGTH: usize = 12;

/// The header of a packet to send: no padding, no extension, no CSRC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Header {
    /// Whether a talk spurt starts (RFC 3551 4.1).
    pub(crate) marker: bool,
    /// Payload type, 0 to 127.
    pub(crate) payload_type: u8,
    /// Sequence number.
    pub(crate) sequence: u16,
    /// Time stamp of the first sample.
    pub(crate) time_stamp: u32,
    /// Synchronization source.
    pub(crate) ssrc: u32,
}

impl Header {
    /// Returns the octets that go before the payload.
    pub(crate) fn octets(&self) -> [u8; HEADER_LENGTH] {
        let marker = if self.marker { 0x80 } else { 0 };
        let [s0, s1] = self.sequence.to_be_bytes();
        let [t0, t1, t2, t3] = self.time_stamp.to_be_bytes();
        let [r0, r1, r2, r3] = self.ssrc.to_be_bytes();
        [
            0x80,
            marker | self.payload_type & 0x7f,
            s0,
            s1,
            t0,
            t1,
            t2,
            t3,
            r0,
            r1,
            r2,
            r3,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{super::View, *};

    #[test]
    fn what_is_written_is_read() {
        let header = Header {
            marker: true,
            payload_type: 8,
            sequence: 0xfffe,
            time_stamp: 0x0102_0304,
            ssrc: 0xdead_beef,
        };
        let octets = header.octets();
        assert_eq!(octets[1], 0x88);
        let view = View::new(&octets).unwrap();
        assert_eq!(view.payload_type, 8);
        assert_eq!((view.sequence, view.time_stamp), (0xfffe, 0x0102_0304));
        assert_eq!((view.ssrc, view.payload), (0xdead_beef, &[][..]));
    }
}
