//! Messages through TCP.

use super::*;

const FIRST: &[u8] = b"!/1 mg1 T=1{C=1{MF=rtp/1{M{R{s=}}}}}P=2{C=1{S=rtp/1}}";
const SECOND: &[u8] = b"MEGACO/1 mg1 PN=8{}";

/// A segment from 10.0.0.1:3000 to 10.0.0.2:PORT.
fn segment(port: u16, sequence: u32, octets: &[u8]) -> Vec<u8> {
    let mut packet = Vec::new();
    PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
        .tcp(3_000, port, sequence, 500)
        .psh()
        .write(&mut packet, octets)
        .unwrap();
    packet
}

fn acknowledgement(port: u16, number: u32) -> Vec<u8> {
    let mut packet = Vec::new();
    PacketBuilder::ipv4([10, 0, 0, 2], [10, 0, 0, 1], 64)
        .tcp(port, 3_000, 1, 500)
        .ack(number)
        .write(&mut packet, &[])
        .unwrap();
    packet
}

fn frame(message: &[u8]) -> Vec<u8> {
    let length = u16::try_from(message.len() + 4).unwrap().to_be_bytes();
    [&[3, 0, length[0], length[1]], message].concat()
}

/// Every kind of stream, with the messages in it.
fn streams() -> Vec<(Vec<u8>, Vec<Vec<u8>>, Transport)> {
    let indefinite = [&[0x30, 0x80][..], &BINARY[2..], &[0, 0]].concat();
    let both = vec![FIRST.to_vec(), SECOND.to_vec()];
    let binary = vec![BINARY.to_vec(), indefinite.clone()];
    vec![
        (
            [frame(FIRST), frame(SECOND)].concat(),
            both.clone(),
            Transport::Tpkt,
        ),
        (
            [frame(&BINARY), frame(&indefinite)].concat(),
            binary.clone(),
            Transport::Tpkt,
        ),
        ([FIRST, SECOND].concat(), both, Transport::Tcp),
        ([&BINARY[..], &indefinite].concat(), binary, Transport::Tcp),
    ]
}

#[test]
fn messages_come_whole_however_they_are_cut_at_any_port() {
    for (stream, wanted, transport) in streams() {
        for port in [2_944, 4_711] {
            for cut in 1..stream.len() {
                let begin = 0_u32.wrapping_sub(7);
                let (first, second) = stream.split_at(cut);
                let after = begin.wrapping_add(u32::try_from(cut).unwrap());
                let packets = [segment(port, begin, first), segment(port, after, second)];
                let (messages, counts) = read(pcap(101, &packets));
                // A message without a frame whose sender pushes ends there, even between two of
                // its transactions.
                let apart = transport == Transport::Tcp && cut == 36;
                if !apart {
                    assert_eq!(
                        octets(&messages),
                        wanted,
                        "{transport:?} {port} cut at {cut}"
                    );
                    assert_eq!(messages[0].transport, transport);
                    assert_eq!(counts.others().count(), 0, "{counts}");
                }
            }
        }
    }
}

#[test]
fn segments_come_in_any_order_again_and_overlapping() {
    for (stream, wanted, _) in streams() {
        let piece = |from: usize, to: usize| {
            segment(4_711, 100 + u32::try_from(from).unwrap(), &stream[from..to])
        };
        let end = stream.len();
        for packets in [
            vec![piece(0, 20), piece(30, end), piece(20, 30)],
            vec![
                piece(0, 20),
                piece(0, 20),
                piece(10, 30),
                piece(5, 25),
                piece(25, end),
            ],
            vec![piece(0, 20), piece(25, 35), piece(33, end), piece(20, 26)],
        ] {
            let (messages, _) = read(pcap(101, &packets));
            assert_eq!(octets(&messages), wanted);
        }
    }
}

#[test]
fn behind_a_gap_the_next_beginning_counts() {
    let next = 100 + u32::try_from(frame(FIRST).len()).unwrap() + 50;
    let again = segment(4_711, next, &frame(SECOND));
    let all = next + u32::try_from(frame(SECOND).len()).unwrap();
    let known = acknowledgement(4_711, all);
    for packets in [
        vec![segment(4_711, 100, &frame(FIRST)), again.clone(), known],
        vec![segment(4_711, 100, &frame(FIRST)), again],
    ] {
        let (messages, counts) = read(pcap(101, &packets));
        assert_eq!(octets(&messages), [FIRST, SECOND]);
        assert_eq!(messages[1].to.port(), Some(4_711));
        assert_eq!(counts.of(Kind::SegmentMissing), 1);
    }
}

#[test]
fn other_streams_are_counted_and_a_message_in_them_is_found() {
    let packets = [
        segment(80, 1, b"GET / HTTP/1.1\r\n\r\n"),
        segment(80, 19, b"GET / HTTP/1.1\r\n\r\n"),
        segment(81, 1, &[3, 0, 0, 11, 6, 0xe0, 0, 0, 0, 0, 0]),
        segment(82, 1, b"the end of something"),
        segment(82, 21, &frame(PENDING)),
    ];
    let (messages, counts) = read(pcap(101, &packets));
    assert_eq!(octets(&messages), [PENDING]);
    assert_eq!(counts.of(Kind::OtherProtocol), 4);
}

#[test]
fn a_frame_that_is_none_costs_its_segment_alone() {
    let bad = [&frame(PENDING)[..], &[3, 0, 0, 1, 9, 9]].concat();
    let after = 1 + u32::try_from(bad.len()).unwrap();
    let packets = [
        segment(2_944, 1, &bad),
        segment(2_944, after, &frame(SECOND)),
    ];
    let (messages, counts) = read(pcap(101, &packets));
    assert_eq!(octets(&messages), [PENDING, SECOND]);
    assert_eq!(counts.of(Kind::BadFrame), 1);
}
