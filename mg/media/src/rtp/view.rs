//! A packet as received, taken apart where it lies (RFC 3550 5.1, 5.3.1, A.1).

use super::header::HEADER_LENGTH;

/// A packet whose lengths all fit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct View<'a> {
    /// Payload type, 0 to 127.
    pub(crate) payload_type: u8,
    /// Sequence number.
    pub(crate) sequence: u16,
    /// Time stamp of the first sample.
    pub(crate) time_stamp: u32,
    /// Synchronization source.
    pub(crate) ssrc: u32,
    /// What remains without CSRC list, extension and padding.
    pub(crate) payload: &'a [u8],
}

impl<'a> View<'a> {
    /// Takes a datagram apart; `None` if it is not RTP version 2 or any length points outside.
    pub(crate) fn new(octets: &'a [u8]) -> Option<Self> {
        let (fixed, rest) = octets.split_first_chunk::<HEADER_LENGTH>()?;
        let [flags, marker, s0, s1, t0, t1, t2, t3, r0, r1, r2, r3] = *fixed;
        if flags >> 6 != 2 {
            return None;
        }
        let rest = rest.get(usize::from(flags & 0x0f) * 4..)?;
        let rest = if flags & 0x10 == 0 {
            rest
        } else {
            after_extension(rest)?
        };
        let payload = if flags & 0x20 == 0 {
            rest
        } else {
            without_padding(rest)?
        };
        Some(Self {
            payload_type: marker & 0x7f,
            sequence: u16::from_be_bytes([s0, s1]),
            time_stamp: u32::from_be_bytes([t0, t1, t2, t3]),
            ssrc: u32::from_be_bytes([r0, r1, r2, r3]),
            payload,
        })
    }
}

fn after_extension(octets: &[u8]) -> Option<&[u8]> {
    let ([_, _, l0, l1], rest) = octets.split_first_chunk::<4>()?;
    rest.get(usize::from(u16::from_be_bytes([*l0, *l1])) * 4..)
}

fn without_padding(octets: &[u8]) -> Option<&[u8]> {
    let padding = usize::from(*octets.last()?);
    if padding == 0 {
        return None;
    }
    octets.get(..octets.len().checked_sub(padding)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(first: u8, rest: &[u8]) -> Vec<u8> {
        let mut octets = vec![
            first, 0x88, 0x12, 0x34, 0, 0, 0, 160, 0xde, 0xad, 0xbe, 0xef,
        ];
        octets.extend_from_slice(rest);
        octets
    }

    #[test]
    fn a_plain_packet_is_taken_apart() {
        let octets = packet(0x80, &[1, 2, 3]);
        let view = View::new(&octets).unwrap();
        assert_eq!(view.payload_type, 8);
        assert_eq!(view.sequence, 0x1234);
        assert_eq!(view.time_stamp, 160);
        assert_eq!(view.ssrc, 0xdead_beef);
        assert_eq!(view.payload, [1, 2, 3]);
    }

    #[test]
    fn csrc_list_extension_and_padding_are_no_payload() {
        let octets = packet(
            0xb1,
            &[9, 9, 9, 9, 0xbe, 0xde, 0, 1, 7, 7, 7, 7, 1, 2, 0, 2],
        );
        assert_eq!(View::new(&octets).unwrap().payload, [1, 2]);
    }

    #[test]
    fn a_packet_whose_lengths_do_not_fit_is_refused() {
        let refused: [&[u8]; 9] = [
            &[],
            &packet(0x80, &[])[..11],
            &packet(0x40, &[1]),                            // version 1
            &packet(0x00, &[1]),                            // version 0
            &packet(0x82, &[9, 9, 9, 9]),                   // two CSRC, one there
            &packet(0x90, &[0xbe, 0xde, 0]),                // half an extension header
            &packet(0x90, &[0xbe, 0xde, 0, 2, 1, 1, 1, 1]), // extension longer than the packet
            &packet(0xa0, &[1, 2, 9]),                      // more padding than packet
            &packet(0xa0, &[1, 0]),                         // padding of nothing
        ];
        for octets in refused {
            assert_eq!(View::new(octets), None, "{octets:02x?}");
        }
    }

    #[test]
    fn random_octets_never_point_outside() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..100_000 {
            let mut octets = [0; 64];
            rng.fill(&mut octets);
            octets[0] = octets[0] & 0x3f | 0x80;
            let octets = &octets[..rng.usize(..=64)];
            if let Some(view) = View::new(octets) {
                assert!(view.payload.len() <= octets.len() - HEADER_LENGTH);
            }
        }
    }
}
