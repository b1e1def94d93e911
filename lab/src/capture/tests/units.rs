//! Messages through SCTP, its adaptation layers and MTP3.

use std::time::SystemTime;

use etherparse::{Ipv4Header, ip_number};
use transport_h248::{Direction, Trace};
use transport_h248_tokio::capture::Capture;

use super::*;

fn packet(tag: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut payload = [2_944_u16.to_be_bytes(), 2_945_u16.to_be_bytes()].concat();
    payload.extend_from_slice(&tag.to_be_bytes());
    payload.extend_from_slice(&[0; 4]);
    for chunk in chunks {
        payload.extend_from_slice(chunk);
        payload.resize(payload.len().next_multiple_of(4), 0);
    }
    payload
}

fn sctp(tag: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
    let payload = packet(tag, chunks);
    let length = u16::try_from(payload.len()).unwrap();
    let header = Ipv4Header::new(length, 64, ip_number::SCTP, [10, 0, 0, 1], [10, 0, 0, 2]);
    [&header.unwrap().to_bytes()[..], &payload].concat()
}

fn data(flags: u8, number: u32, protocol: u32, octets: &[u8]) -> Vec<u8> {
    let length = u16::try_from(16 + octets.len()).unwrap().to_be_bytes();
    let mut chunk = vec![0, flags, length[0], length[1]];
    chunk.extend_from_slice(&number.to_be_bytes());
    chunk.extend_from_slice(&[0; 4]);
    chunk.extend_from_slice(&protocol.to_be_bytes());
    chunk.extend_from_slice(octets);
    chunk
}

#[test]
fn chunks_hold_text_and_binary_whole_and_in_fragments_once() {
    let heartbeat = vec![4, 0, 0, 4];
    let packets = [
        sctp(
            1,
            &[heartbeat, data(3, 10, 7, PENDING), data(3, 11, 7, &BINARY)],
        ),
        sctp(1, &[data(3, 11, 7, &BINARY)]),
        sctp(1, &[data(1, 14, 7, &PENDING[10..])]),
        sctp(
            1,
            &[
                data(2, 12, 7, &PENDING[..5]),
                data(0, 13, 7, &PENDING[5..10]),
            ],
        ),
        sctp(2, &[data(3, 11, 0, PENDING), data(3, 12, 46, b"Diameter")]),
    ];
    let (messages, counts) = read(pcap(101, &packets));
    let found = octets(&messages);
    assert_eq!(found, [PENDING, &BINARY, PENDING, PENDING, b"Diameter"]);
    assert_eq!(messages[2].frame, 4);
    assert!(messages.iter().all(|m| m.transport == Transport::Sctp));
    assert_eq!(
        messages[0].from,
        Address::Ip("10.0.0.1:2944".parse().unwrap())
    );
    assert_eq!(counts.of(Kind::ChunkAgain), 1);
    let (messages, counts) = read(pcap(101, &packets[3..4]));
    assert!(messages.is_empty());
    assert_eq!(counts.of(Kind::ChunkMissing), 1);
}

#[test]
fn packets_in_udp_are_known_by_what_they_hold_at_any_port() {
    let ports = (40_000, 9_899);
    let heartbeat = vec![4, 0, 0, 4];
    let packets = [
        udp(ports, &packet(1, &[heartbeat, data(3, 10, 7, PENDING)])),
        udp(ports, &packet(1, &[data(2, 11, 7, &BINARY[..5])])),
        udp(ports, &packet(1, &[data(1, 12, 7, &BINARY[5..])])),
        // Of another protocol, and with a check value that does not hold.
        udp((1_000, 1_001), &packet(1, &[data(3, 13, 46, PENDING)])),
    ];
    let (messages, _) = read(pcap(101, &packets));
    assert_eq!(octets(&messages), [PENDING, &BINARY]);
    assert!(messages.iter().all(|m| m.transport == Transport::Sctp));
    let from = Address::Ip("10.0.0.1:40000".parse().unwrap());
    assert_eq!(
        messages[0].from, from,
        "the ports of UDP tell programs apart"
    );
}

#[test]
fn what_our_own_programs_write_of_sctp_is_read_whole() {
    let mut large = PENDING.to_vec();
    large.resize(65_531, b' ');
    let mut capture = Capture::begin(Vec::new()).unwrap();
    let sent = [PENDING, &BINARY, &large, PENDING];
    for (octets, peer) in sent.iter().zip([1, 1, 2, 1]) {
        let peer: transport_h248::Address = format!("sctp:127.0.0.1:{peer}").parse().unwrap();
        let trace = Trace {
            time: transport_h248_tokio::clock::now(),
            direction: Direction::In,
            route: peer.into(),
            octets: octets.to_vec().into(),
            error: None,
        };
        let local = "127.0.0.1:9899".parse().unwrap();
        capture
            .append(&trace, local, SystemTime::UNIX_EPOCH)
            .unwrap();
    }
    let (messages, counts) = read(capture.finish());
    assert_eq!(octets(&messages), sent);
    assert_eq!(counts.of(Kind::ChunkAgain), 0);
}

/// A message of an adaptation layer with one parameter before the one that counts.
fn adapted(class: u8, tag: u16, value: &[u8]) -> Vec<u8> {
    let mut message = vec![1, 0, class, 1, 0, 0, 0, 0];
    message.extend_from_slice(&[0, 6, 0, 6, 1, 2, 0, 0]);
    message.extend_from_slice(&tag.to_be_bytes());
    message.extend_from_slice(&u16::try_from(value.len() + 4).unwrap().to_be_bytes());
    message.extend_from_slice(value);
    message
}

/// A unit of the ITU's form: from point 300 to point 5,000.
fn unit(octets: &[u8]) -> Vec<u8> {
    let label: u32 = 300 << 14 | 5_000 | 9 << 28;
    [&[0x8e][..], &label.to_le_bytes(), octets].concat()
}

#[test]
fn signal_units_are_read_in_every_wrapping() {
    let routing = [0, 0, 1, 44, 0, 0, 0x13, 0x88, 14, 2, 0, 9];
    let m3ua = adapted(1, 0x0210, &[&routing[..], &BINARY].concat());
    let m2ua = adapted(6, 0x0300, &unit(&BINARY));
    let m2pa = [&[1, 0, 11, 1][..], &[0; 13], &unit(&BINARY)].concat();
    let mtp2 = [&[0, 0, 63][..], &unit(&BINARY)].concat();
    for (link, packet) in [
        (101, sctp(1, &[data(3, 1, 3, &m3ua)])),
        (101, sctp(1, &[data(3, 1, 2, &m2ua)])),
        (101, sctp(1, &[data(3, 1, 5, &m2pa)])),
        (141, unit(&BINARY)),
        (140, mtp2.clone()),
        (139, [&[0; 4][..], &mtp2].concat()),
    ] {
        let (messages, counts) = read(pcap(link, &[packet]));
        assert_eq!(octets(&messages), [BINARY], "{link}: {counts}");
        assert_eq!(messages[0].transport, Transport::Mtp3);
        let way = (messages[0].from, messages[0].to);
        assert_eq!(way, (Address::Point(300), Address::Point(5_000)));
    }
}

#[test]
fn units_of_ansi_are_told_by_what_follows_the_label() {
    let unit = [&[0x8e, 1, 2, 3, 4, 5, 6, 0][..], PENDING].concat();
    let (messages, _) = read(pcap(141, &[unit]));
    assert_eq!(octets(&messages), [PENDING]);
    assert_eq!(messages[0].from, Address::Point(0x06_05_04));
}

#[test]
fn units_of_other_users_are_counted() {
    let isup = [&[0x85, 1, 2, 3, 4][..], &[7; 30]].concat();
    let (messages, counts) = read(pcap(141, &[isup]));
    assert!(messages.is_empty());
    assert_eq!(counts.of(Kind::OtherProtocol), 1);
}
