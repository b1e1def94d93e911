//! RTCP: when, what, and where to.

use super::*;
use crate::{
    Kind,
    rtcp::{Item, parse},
};

/// The items of a compound packet.
fn items(octets: &[u8]) -> Vec<Item> {
    let mut items = vec![];
    assert!(parse(octets, |item| items.push(item)));
    items
}

#[test]
fn reports_come_every_few_seconds_and_goodbye_at_the_end() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.run(200);
    assert_eq!(bench.phones[0].rtcp.len(), 1, "within 1.25 to 3.75 s");
    bench.run(2800);
    let reports = bench.phones[0].rtcp.len();
    assert!((8..=20).contains(&reports), "{reports} in a minute");
    bench.command(Command::Close {
        stream: StreamRef(0),
        ticket: Ticket(0),
    });
    let last = bench.phones[0].rtcp.last().unwrap();
    let ssrc = bench.phones[0].received[0].ssrc;
    let items = items(last);
    assert!(matches!(items[0], Item::SenderReport { ssrc: s, .. } if s == ssrc));
    assert!(matches!(items[1], Item::Block { ssrc: 0, .. }));
    assert_eq!(items[2..], [Item::Bye { ssrc }]);
}

#[test]
fn a_stream_that_never_sent_says_no_goodbye() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.command(Command::Close {
        stream: StreamRef(0),
        ticket: Ticket(0),
    });
    assert!(bench.phones[0].rtcp.is_empty());
}

#[test]
fn a_source_that_is_silent_is_reported_once_more_and_not_again() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.run(10);
    while bench.phones[0].rtcp.len() < 3 {
        bench.tick();
    }
    let blocks = |octets: &Vec<u8>| items(octets).len() - 1;
    let blocks: Vec<usize> = bench.phones[0].rtcp.iter().map(blocks).collect();
    assert_eq!(blocks, [1, 0, 0]);
}

#[test]
fn reports_go_where_signalling_says_or_after_the_media_of_a_far_end_behind_a_nat() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    bench.run(5);
    // An empty receiver report.
    let report = [0x80, 201, 0, 1, 0, 0, 0, 0];
    let signalled = bench.phones[0].address;
    let reported_to = |bench: &mut Bench| {
        for tick in 1.. {
            bench.now += Duration::from_millis(20);
            bench.engine.handle_timeout(bench.now);
            while let Some(transmit) = bench.engine.poll_transmit() {
                if transmit.kind == Kind::Rtcp {
                    return transmit.to;
                }
            }
            assert!(tick < 500, "a report is due every 7.5 s at least");
        }
        unreachable!("the loop has no end")
    };
    // Someone else at the same IP address.
    let other = SocketAddr::new(signalled.ip(), 9999);
    bench
        .engine
        .handle_rtcp(RtpPort(20_000), &report, other, bench.now);
    let rtcp = SocketAddr::new(signalled.ip(), signalled.port() + 1);
    assert_eq!(reported_to(&mut bench), rtcp);

    let mut moved = settings(&bench.phones[0]);
    let far = SocketAddr::from(([10, 0, 0, 1], 4000));
    moved.send = moved.send.map(|send| mg_contract::SendSettings {
        to: far,
        rtcp_to: SocketAddr::new(far.ip(), 4001),
        ..send
    });
    bench.command(Command::Modify {
        stream: StreamRef(0),
        settings: moved,
    });
    for _ in 0..5 {
        bench.talk();
    }
    assert_eq!(reported_to(&mut bench), rtcp, "the port after the media's");
    bench
        .engine
        .handle_rtcp(RtpPort(20_000), &report, other, bench.now);
    assert_eq!(reported_to(&mut bench), other);
}

#[test]
fn the_round_trip_is_measured_by_reports() {
    let mut bench = Bench::new();
    bench.join(1, Pcmu);
    while bench.phones[0].rtcp.is_empty() {
        bench.run(1);
    }
    let report = bench.phones[0].rtcp[0].clone();
    let ssrc = &report[4..8];
    // The far end had it for a second, and the way there and back took 40 ms.
    let block = [ssrc, &[0; 12], &report[10..14], &[0, 1, 0, 0]].concat();
    let answer = [&[0x81, 201, 0, 7, 0, 0, 0, 0][..], &block].concat();
    let at = bench.now + Duration::from_millis(1040);
    let from = SocketAddr::new(bench.phones[0].address.ip(), 4001);
    bench.engine.handle_rtcp(RtpPort(20_000), &answer, from, at);
    bench.now = at;
    assert!(
        bench.statistics(0).delay.abs_diff(320) <= 1,
        "{:?}",
        bench.statistics(0)
    );
    let stranger = SocketAddr::from(([203, 0, 113, 9], 4001));
    bench.engine.handle_rtcp(
        RtpPort(20_000),
        &answer,
        stranger,
        at + Duration::from_secs(1),
    );
    assert_eq!(bench.engine.counters().strangers, 1);
    assert!(bench.statistics(0).delay.abs_diff(320) <= 1);
}
