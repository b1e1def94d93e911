use super::*;

const SUITES: [CryptoSuite; 2] = CryptoSuite::ALL;

fn key(n: u8) -> SrtpKey {
    SrtpKey {
        key: [n; 16],
        salt: [n + 100; 14],
    }
}

/// Two ends of a stream.
fn ends(suite: CryptoSuite) -> [Protection; 2] {
    [(1, 2), (2, 1)].map(|(send, receive)| {
        Protection::new(&Srtp {
            suite,
            send: key(send),
            receive: key(receive),
        })
    })
}

fn packet(ssrc: u8, sequence: u16) -> Vec<u8> {
    let [s0, s1] = sequence.to_be_bytes();
    let mut octets = vec![0x90, 0, s0, s1, 0, 0, 0, 160, 0, 0, 0, ssrc];
    octets.extend([0xbe, 0xde, 0, 1, 0x10, 0x55, 0, 0]);
    octets.extend((0..160).map(|n| n as u8 ^ s1));
    octets
}

fn close(end: &mut Protection, packet: &[u8]) -> Vec<u8> {
    let mut octets = packet.to_vec();
    octets.resize(packet.len() + TAG_MAX, 0);
    let length = end.close_rtp(&mut octets, packet.len());
    octets.truncate(length);
    octets
}

fn close_rtcp(end: &mut Protection, packet: &[u8]) -> Vec<u8> {
    let mut octets = packet.to_vec();
    octets.resize(packet.len() + RTCP_GROWTH, 0);
    let length = end.close_rtcp(&mut octets, packet.len());
    assert_eq!(length, octets.len());
    octets
}

fn open(end: &mut Protection, octets: &[u8]) -> Result<Vec<u8>, Unopened> {
    end.open_rtp(octets, &mut [0; 2048]).map(<[u8]>::to_vec)
}

#[test]
fn what_one_end_closes_the_other_opens_over_many_rollovers() {
    for (suite, tag) in SUITES.into_iter().zip([10, 4]) {
        let [mut here, mut there] = ends(suite);
        for n in (0u32..70_000).step_by(7).chain(70_000..70_100) {
            let packet = packet(9, (n * 5) as u16);
            let closed = close(&mut here, &packet);
            assert_eq!(closed.len(), packet.len() + tag);
            assert_eq!(closed[..20], packet[..20], "header and extension stay");
            assert_ne!(closed[20..36], packet[20..36]);
            assert_eq!(open(&mut there, &closed).unwrap(), packet, "{n}");
        }
    }
}

#[test]
fn a_packet_comes_once_whatever_its_order() {
    let [mut here, mut there] = ends(SUITES[0]);
    let closed: Vec<_> = [65_533u16, 65_534, 65_535, 0, 1]
        .map(|sequence| close(&mut here, &packet(9, sequence)))
        .into();
    for n in [1, 0, 4, 3, 2] {
        assert!(open(&mut there, &closed[n]).is_ok(), "{n}");
    }
    for closed in &closed {
        assert_eq!(open(&mut there, closed), Err(Unopened::Replayed));
    }
    // A new source begins anew, and the old one is still known.
    let other = close(&mut ends(SUITES[0])[0], &packet(10, 5));
    assert!(open(&mut there, &other).is_ok());
    for closed in [&closed[0], &closed[4], &other] {
        assert_eq!(open(&mut there, closed), Err(Unopened::Replayed));
    }
}

#[test]
fn what_was_changed_cut_off_or_made_with_another_key_stays_closed() {
    let [mut here, mut there] = ends(SUITES[0]);
    let closed = close(&mut here, &packet(9, 1));
    for length in 0..closed.len() {
        let cut = open(&mut there, &closed[..length]).unwrap_err();
        assert_ne!(cut, Unopened::Replayed, "{length}");
    }
    for at in 0..closed.len() {
        let mut changed = closed.clone();
        changed[at] ^= 1;
        assert!(open(&mut there, &changed).is_err(), "{at}");
    }
    let mut stranger = Protection::new(&Srtp {
        suite: SUITES[0],
        send: key(3),
        receive: key(3),
    });
    let foreign = close(&mut stranger, &packet(9, 1));
    assert_eq!(open(&mut there, &foreign), Err(Unopened::Unauthentic));
    let bare = packet(9, 1);
    assert_eq!(open(&mut there, &bare), Err(Unopened::Unauthentic));
    assert!(open(&mut there, &closed).is_ok());
}

#[test]
fn rtcp_is_closed_and_opened_once() {
    let report = [
        0x80, 201, 0, 1, 0, 0, 0, 9, 0x81, 202, 0, 2, 0, 0, 0, 9, 1, 1, b'a', 0,
    ];
    for suite in SUITES {
        let [mut here, mut there] = ends(suite);
        let mut open = |octets: &[u8]| {
            let mut room = [0; 2048];
            there.open_rtcp(octets, &mut room).map(<[u8]>::to_vec)
        };
        let closed = [(); 2].map(|()| close_rtcp(&mut here, &report));
        assert_ne!(closed[0], closed[1]);
        assert_eq!(closed[0].len(), report.len() + 14);
        for n in [1, 0] {
            assert_eq!(open(&closed[n]).unwrap(), report);
        }
        assert_eq!(open(&closed[0]), Err(Unopened::Replayed));
        assert!(open(&report).is_err());
        assert_eq!(open(&[]), Err(Unopened::Short));
        let mut clear = closed[0].clone();
        clear[20] &= 0x7f;
        assert_eq!(open(&clear), Err(Unopened::Unauthentic));
    }
}

#[test]
fn a_new_key_of_one_direction_leaves_the_other_as_it_is() {
    let suite = SUITES[0];
    let [mut here, mut there] = ends(suite);
    let closed = close(&mut here, &packet(9, 1));
    open(&mut there, &closed).unwrap();
    let settings = |send, receive| Srtp {
        suite,
        send: key(send),
        receive: key(receive),
    };
    there.modify(&settings(5, 1));
    assert_eq!(open(&mut there, &closed), Err(Unopened::Replayed));
    here.modify(&settings(1, 5));
    let answer = close(&mut there, &packet(8, 1));
    assert_eq!(open(&mut here, &answer).unwrap(), packet(8, 1));
    here.modify(&settings(6, 5));
    there.modify(&settings(5, 6));
    let closed = close(&mut here, &packet(9, 1));
    assert_eq!(open(&mut there, &closed).unwrap(), packet(9, 1));
}

/// `cargo test -p mg-media cost -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn cost_of_protection() {
    use std::{hint::black_box, time::Instant};

    const PACKETS: u16 = 10_000;
    for suite in SUITES {
        let [mut here, mut there] = ends(suite);
        let packets: Vec<_> = (0..PACKETS).map(|sequence| packet(9, sequence)).collect();
        let start = Instant::now();
        let closed: Vec<_> = packets
            .iter()
            .map(|packet| close(&mut here, packet))
            .collect();
        let closing = start.elapsed().as_nanos() / u128::from(PACKETS);
        let start = Instant::now();
        for closed in &closed {
            let mut room = [0; 2048];
            black_box(there.open_rtp(black_box(closed), &mut room)).unwrap();
        }
        let opening = start.elapsed().as_nanos() / u128::from(PACKETS);
        println!("{}: close {closing} ns, open {opening} ns", suite.name());
    }
}
