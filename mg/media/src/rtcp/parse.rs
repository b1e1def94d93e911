//! Reading a compound packet as far as it concerns us (RFC 3550 6.4, 6.6, A.2).

use super::{BYE, RECEIVER_REPORT, SENDER_REPORT};

/// Octets of a report block.
const BLOCK: usize = 24;

/// What a packet says that a stream makes use of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Item {
    /// A source reports its wall time.
    SenderReport {
        /// The source.
        ssrc: u32,
        /// Middle 32 bits of its NTP time.
        ntp_middle: u32,
    },
    /// Someone reports how a source is received.
    Block {
        /// The source that is received.
        ssrc: u32,
        /// Middle 32 bits of the NTP time of the last report that came from it.
        last_sender_report: u32,
        /// Time since then, in 65,536ths of a second.
        delay: u32,
    },
    /// A source ends.
    Bye {
        /// The source.
        ssrc: u32,
    },
}

/// Hands the items of a compound packet over in their order. Returns false if the packet is
/// malformed; what came before the fault was handed over. Packets of other types are passed over.
pub(crate) fn parse(mut octets: &[u8], mut each: impl FnMut(Item)) -> bool {
    let mut whole = !octets.is_empty();
    while let Some((&[flags, packet_type, l0, l1], rest)) = octets.split_first_chunk::<4>() {
        let length = usize::from(u16::from_be_bytes([l0, l1])) * 4;
        let Some((body, rest)) = rest.split_at_checked(length).filter(|_| flags >> 6 == 2) else {
            return false;
        };
        let count = usize::from(flags & 0x1f);
        whole &= match packet_type {
            SENDER_REPORT => sender_report(body, count, &mut each).is_some(),
            RECEIVER_REPORT => receiver_report(body, count, &mut each).is_some(),
            BYE => bye(body, count, &mut each).is_some(),
            _ => true,
        };
        octets = rest;
    }
    whole && octets.is_empty()
}

fn sender_report(body: &[u8], count: usize, each: &mut impl FnMut(Item)) -> Option<()> {
    let ssrc = word(body, 0)?;
    let ntp_middle = word(body, 4)? << 16 | word(body, 8)? >> 16;
    let rest = body.get(24..)?;
    each(Item::SenderReport { ssrc, ntp_middle });
    blocks(rest, count, each)
}

fn receiver_report(body: &[u8], count: usize, each: &mut impl FnMut(Item)) -> Option<()> {
    blocks(body.get(4..)?, count, each)
}

fn blocks(octets: &[u8], count: usize, each: &mut impl FnMut(Item)) -> Option<()> {
    for block in octets.get(..count * BLOCK)?.chunks_exact(BLOCK) {
        let (ssrc, last_sender_report, delay) =
            (word(block, 0)?, word(block, 16)?, word(block, 20)?);
        each(Item::Block {
            ssrc,
            last_sender_report,
            delay,
        });
    }
    Some(())
}

fn bye(body: &[u8], count: usize, each: &mut impl FnMut(Item)) -> Option<()> {
    for ssrc in body.get(..count * 4)?.chunks_exact(4) {
        each(Item::Bye {
            ssrc: word(ssrc, 0)?,
        });
    }
    Some(())
}

fn word(octets: &[u8], at: usize) -> Option<u32> {
    octets
        .get(at..)?
        .first_chunk()
        .copied()
        .map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_packets_are_told_apart_and_read_as_far_as_they_go() {
        let bye = [0x81, 203, 0, 1, 0, 0, 0, 9];
        let mut broken = bye.to_vec();
        broken.extend_from_slice(&[0x81, 200, 0, 1, 0, 0, 0, 9]); // a report too short
        let mut items = vec![];
        assert!(!parse(&broken, |item| items.push(item)));
        assert_eq!(items, [Item::Bye { ssrc: 9 }]);
        for octets in [
            &[][..],
            &bye[..7],
            &[0x01, 203, 0, 0],
            &[0x81, 203, 0, 0],
            &bye[..3],
        ] {
            assert!(!parse(octets, |_| {}), "{octets:02x?}");
        }
    }

    #[test]
    fn other_types_are_passed_over() {
        let octets = [0x80, 204, 0, 1, 1, 2, 3, 4, 0x81, 203, 0, 1, 0, 0, 0, 9];
        let mut items = vec![];
        assert!(parse(&octets, |item| items.push(item)));
        assert_eq!(items, [Item::Bye { ssrc: 9 }]);
    }

    #[test]
    fn random_octets_do_no_harm() {
        let mut rng = fastrand::Rng::with_seed(11);
        for _ in 0..100_000 {
            let mut octets = [0; 96];
            rng.fill(&mut octets);
            octets[0] = octets[0] & 0x3f | 0x80;
            octets[1] = rng.u8(199..206);
            octets[2] = 0;
            octets[3] &= 0x1f;
            parse(&octets[..rng.usize(..=96)], |_| {});
        }
    }
}
