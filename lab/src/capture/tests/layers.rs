//! Messages through every link layer, and IP in fragments.

use etherparse::{IpFragOffset, Ipv4Header, Ipv6FragmentHeader, Ipv6Header, ip_number};

use super::*;

/// `header` before a datagram with a message.
fn behind(header: &[u8]) -> Vec<u8> {
    [header, &udp((2_944, 2_946), PENDING)].concat()
}

fn one(link: u32, packet: Vec<u8>) -> Vec<Vec<u8>> {
    octets(&read(pcap(link, &[packet])).0)
}

#[test]
fn every_link_layer_is_read() {
    let mac = [0_u8; 12];
    let ethernet = |kind: &[u8]| [&mac, kind].concat();
    for (link, header, name) in [
        (1, ethernet(&[8, 0]), "Ethernet"),
        (1, ethernet(&[0x81, 0, 0, 7, 8, 0]), "VLAN"),
        (
            1,
            ethernet(&[0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 8, 0]),
            "VLANs",
        ),
        (
            1,
            ethernet(&[0x88, 0x64, 0x11, 0, 0, 1, 0, 0, 0, 0x21]),
            "PPPoE",
        ),
        (1, ethernet(&[0x88, 0x47, 0, 1, 0, 64, 0, 1, 1, 64]), "MPLS"),
        (1, ethernet(&[0, 60, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]), "SNAP"),
        (113, [&[0; 14][..], &[8, 0]].concat(), "cooked"),
        (276, [&[8, 0][..], &[0; 18]].concat(), "cooked v2"),
        (0, vec![2, 0, 0, 0], "null"),
        (108, vec![0, 0, 0, 2], "loopback"),
        (101, vec![], "raw"),
        (12, vec![], "raw"),
        (228, vec![], "IPv4"),
    ] {
        assert_eq!(one(link, behind(&header)), [PENDING], "{name}");
    }
}

#[test]
fn what_holds_no_ip_is_counted_by_its_kind() {
    let arp = [&[0_u8; 12][..], &[8, 6], &[0; 28]].concat();
    let tags = [&[0_u8; 12][..], &[0x81, 0, 0, 0].repeat(20)].concat();
    for (link, packet, kind) in [
        (1, arp, Kind::NoNetwork),
        (1, tags, Kind::BadHeader),
        (1, vec![0; 5], Kind::BadHeader),
        (105, vec![0; 50], Kind::LinkLayer),
        (101, vec![0x45, 0, 0], Kind::BadHeader),
        (101, vec![0; 40], Kind::BadHeader),
    ] {
        let (messages, counts) = read(pcap(link, &[packet]));
        assert!(messages.is_empty());
        assert_eq!(counts.others().collect::<Vec<_>>(), [(kind, 1)]);
    }
}

/// The payload of `udp`, in IPv4 fragments of 16 octets.
fn fragments(datagram: &[u8]) -> Vec<Vec<u8>> {
    let all = datagram.chunks(16).enumerate();
    let last = datagram.len().div_ceil(16) - 1;
    let fragment = |(n, payload): (usize, &[u8])| fragment(n * 16, n < last, payload);
    all.map(fragment).collect()
}

fn fragment(offset: usize, more: bool, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap();
    let hosts = ([10, 0, 0, 1], [10, 0, 0, 2]);
    let mut header = Ipv4Header::new(length, 64, ip_number::UDP, hosts.0, hosts.1).unwrap();
    header.identification = 77;
    header.more_fragments = more;
    header.fragment_offset = IpFragOffset::try_new(u16::try_from(offset / 8).unwrap()).unwrap();
    let mut packet = header.to_bytes().to_vec();
    packet.extend_from_slice(payload);
    packet
}

const LONG: &[u8] = b"!/1 mg1 T=1{C=1{MF=rtp/1{M{O{MO=SR}}},MF=rtp/2{M{O{MO=SR}}}}}";

#[test]
fn fragments_make_a_packet_in_any_order_and_overlapping() {
    let whole = udp((40_000, 40_002), LONG);
    let parts = fragments(&whole[20..]);
    assert!(parts.len() > 4);
    let mut turned = parts.clone();
    turned.reverse();
    let mut doubled = parts.clone();
    doubled.insert(2, fragment(8, true, &whole[28..52]));
    for packets in [&parts, &turned, &doubled] {
        let (messages, counts) = read(pcap(101, packets));
        assert_eq!(octets(&messages), [LONG]);
        assert_eq!(
            messages[0].from,
            Address::Ip("10.0.0.1:40000".parse().unwrap())
        );
        assert_eq!(messages[0].frame, packets.len() as u64);
        assert_eq!(counts.others().count(), 0);
    }
    let (messages, counts) = read(pcap(101, &parts[1..]));
    assert!(messages.is_empty());
    assert_eq!(counts.of(Kind::FragmentMissing), 1);
    let end = fragment(16, false, &whole[20..28]);
    let (_, counts) = read(pcap(101, &[&end, &parts[3]]));
    assert_eq!(counts.of(Kind::BadFragment), 1);
}

#[test]
fn fragments_of_version_6_make_a_packet() {
    let whole = udp((2_944, 2_946), LONG);
    let all = whole[20..].chunks(32).enumerate();
    let last = whole[20..].len().div_ceil(32) - 1;
    let packets = all.map(|(n, payload)| {
        let offset = IpFragOffset::try_new(u16::try_from(n * 4).unwrap()).unwrap();
        let header = Ipv6FragmentHeader::new(ip_number::UDP, offset, n < last, 9);
        let ip = Ipv6Header {
            payload_length: u16::try_from(8 + payload.len()).unwrap(),
            next_header: ip_number::IPV6_FRAG,
            source: [1; 16],
            destination: [2; 16],
            ..Ipv6Header::default()
        };
        [&ip.to_bytes()[..], &header.to_bytes(), payload].concat()
    });
    let packets: Vec<_> = packets.collect();
    let (messages, _) = read(pcap(101, &packets));
    assert_eq!(octets(&messages), [LONG]);
    assert!(messages[0].to.socket().unwrap().is_ipv6());
}

#[test]
fn a_packet_that_the_capture_cut_short_is_named() {
    let mut packet = udp((2_944, 2_946), PENDING);
    packet.truncate(packet.len() - 4);
    let (messages, counts) = read(pcap(101, &[packet]));
    assert_eq!(octets(&messages), [&PENDING[..PENDING.len() - 4]]);
    assert_eq!(counts.of(Kind::CutShort), 1);
}

#[test]
fn a_message_is_found_at_any_port_and_nothing_else_is_taken_for_one() {
    let rtp = [0x80, 8, 0x30, 0x39, 0, 0, 0, 1, 2, 3, 4, 5, 0xd5, 0xd5];
    let t38 = [0x21, 0x2f, 0x31, 0xc0, 1, 0x80, 0, 0, 0xff];
    let packets = [
        udp((5_004, 5_006), PENDING),
        udp((5_004, 5_008), &BINARY),
        udp((16_384, 16_386), &rtp),
        udp((5_060, 5_060), b"INVITE sip:a@b SIP/2.0\r\n\r\n"),
        udp((5_060, 5_060), b"MESSAGE sip:a@b SIP/2.0\r\n\r\n"),
        udp((16_388, 16_390), &t38),
        // Nothing of it looks like H.248 but where it comes from.
        udp((5_004, 5_006), b"!x/1 mg1 PN=7{}"),
        udp((2_944, 5_010), b"GET"),
    ];
    let (messages, counts) = read(pcap(101, &packets));
    let frames: Vec<_> = messages.iter().map(|message| message.frame).collect();
    assert_eq!(frames, [1, 2, 7, 8]);
    assert_eq!(messages[1].encoding, Encoding::Binary);
    assert_eq!(counts.of(Kind::OtherProtocol), 4);
}
