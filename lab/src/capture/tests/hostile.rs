//! Captures that nobody's programs made.

use std::time::Instant;

use super::*;

/// Damage may cost time in proportion to what it damages, and never a panic.
fn read_damaged(file: Vec<u8>) -> Counts {
    let mut capture = CaptureFile::from_reader(Box::new(io::Cursor::new(file)));
    let mut octets = 0;
    let mut take = |message: Captured<'_>| octets += message.octets.len();
    let _damaged = capture.each(&mut take);
    capture.finish(&mut take);
    *capture.counts()
}

/// Packets of every kind that is read.
fn mixture() -> Vec<Vec<u8>> {
    let mut tcp = Vec::new();
    PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
        .tcp(3_000, 2_944, 77, 500)
        .write(&mut tcp, &[&[3, 0, 0, 18][..], PENDING].concat())
        .unwrap();
    let mut part = udp((2_944, 2_946), &PENDING.repeat(4));
    part[6] |= 0x20;
    vec![
        udp((2_944, 2_946), PENDING),
        udp((5_000, 5_002), &BINARY),
        tcp,
        part,
    ]
}

#[test]
fn random_damage_is_counted_and_never_fatal() {
    let mut random = fastrand::Rng::with_seed(8);
    let packets = mixture();
    let file = pcap(101, &packets);
    for _ in 0..20_000 {
        let mut damaged = file.clone();
        for _ in 0..random.usize(1..6) {
            let place = random.usize(..damaged.len());
            damaged[place] = random.u8(..);
        }
        damaged.truncate(random.usize(damaged.len() / 2..=damaged.len()));
        read_damaged(damaged);
    }
}

#[test]
fn random_packets_of_every_link_layer_are_counted() {
    let mut random = fastrand::Rng::with_seed(9);
    for link in [0, 1, 101, 108, 113, 139, 140, 141, 248, 276] {
        let packets: Vec<Vec<u8>> = (0..20_000)
            .map(|_| {
                let mut packet: Vec<u8> = (0..random.usize(..90)).map(|_| random.u8(..)).collect();
                // As likely as not it looks like IPv4 or IPv6 of some protocol that is read.
                if packet.len() > 20 && random.bool() {
                    packet[0] = *random.choice([0x45, 0x60].iter()).unwrap();
                    packet[9] = *random.choice([6, 17, 132].iter()).unwrap();
                }
                packet
            })
            .collect();
        let counts = read_damaged(pcap(link, &packets));
        assert_eq!(counts.packets, 20_000);
        let others: u64 = counts.others().map(|(_, count)| count).sum();
        assert!(others > 10_000, "{counts}");
    }
}

#[test]
fn a_million_levels_in_a_message_are_walked_over() {
    for (open, close) in [("{", "}"), ("0\u{80}", "\0\0")] {
        let open: Vec<u8> = open.chars().map(|c| c as u32 as u8).collect();
        let begin: &[u8] = if close == "}" {
            b"!/1 mg1 T=1"
        } else {
            &[0x30, 0x80, 0xa1, 0x80, 0x80, 1, 1]
        };
        let nested = [
            begin,
            &open.repeat(1_000_000),
            &close.as_bytes().repeat(1_000_000),
        ]
        .concat();
        let segments = nested.chunks(1_000).enumerate().map(|(n, octets)| {
            let mut packet = Vec::new();
            PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
                .tcp(3_000, 2_944, u32::try_from(n * 1_000).unwrap(), 500)
                .write(&mut packet, octets)
                .unwrap();
            packet
        });
        let segments: Vec<_> = segments.collect();
        #[expect(
            clippy::disallowed_methods,
            reason = "how long it takes is what is tested"
        )]
        let start = Instant::now();
        let counts = read_damaged(pcap(101, &segments));
        #[expect(
            clippy::disallowed_methods,
            reason = "how long it takes is what is tested"
        )]
        let took = start.elapsed();
        assert!(counts.of(Kind::BadFrame) > 0, "{counts}");
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
}

#[test]
fn connections_that_never_end_are_given_up() {
    let mut packets = Vec::new();
    for n in 0..200_000_u32 {
        let [_, a, b, c] = n.to_be_bytes();
        let mut packet = Vec::new();
        PacketBuilder::ipv4([10, a, b, c], [10, 0, 0, 2], 64)
            .tcp(3_000, 2_944, n, 500)
            .write(
                &mut packet,
                &[3, 0, 0xff, 0xff, b'!', b'/', b'1', b' ', b'm'],
            )
            .unwrap();
        packets.push(packet);
    }
    let counts = read_damaged(pcap(101, &packets));
    assert_eq!(counts.packets, 200_000);
    assert!(counts.of(Kind::SegmentMissing) >= 3, "{counts}");
}

#[test]
fn fragments_that_never_end_are_given_up() {
    let mut part = udp((2_944, 2_946), &[b'x'; 48]);
    part[6] |= 0x20;
    let packets = (0..10_000_u16).map(|n| {
        part[4..6].copy_from_slice(&n.to_be_bytes());
        part.clone()
    });
    let packets: Vec<_> = packets.collect();
    let counts = read_damaged(pcap(101, &packets));
    assert_eq!(counts.of(Kind::FragmentMissing), 10_000, "{counts}");
}
