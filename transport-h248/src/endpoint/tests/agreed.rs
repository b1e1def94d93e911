//! What may be agreed with a peer, or set for all: terms, numbers, acknowledgements, batches.

use super::*;

fn counters(bench: &Bench) -> Counters {
    bench.endpoint.counters()
}

#[test]
fn as_many_pendings_go_out_as_were_agreed_and_then_506() {
    let mut bench = Bench::new(Config::default());
    bench.receive(&ask(7));
    let (peer, _) = bench.requests()[0];
    bench.endpoint.set_terms(peer, |terms| {
        terms.pending_limit = Some(2);
        terms.pending_after = ms(100);
    });
    let mut said = vec![];
    for _ in 0..3 {
        bench.wake();
        said.extend(bench.said());
    }
    let pending = format!("v2 to {THEIRS}: pending 7");
    let end = format!("v2 to {THEIRS}: reply 7! 506");
    assert_eq!(said, [pending.clone(), pending, end.clone()]);
    // What comes of it is told no more, and a repetition meets the same answer.
    bench.reply(peer, 7);
    bench.receive(&ask(7));
    assert_eq!(bench.said(), [end]);
    assert_eq!(
        (counters(&bench).abandoned, counters(&bench).stray_replies),
        (1, 1)
    );
    assert!(bench.endpoint.is_idle());
}

#[test]
fn a_repetition_beyond_the_limit_is_answered_with_506_too() {
    let mut bench = Bench::new(Config::default());
    bench.receive(&ask(7));
    let (peer, _) = bench.requests()[0];
    bench
        .endpoint
        .set_terms(peer, |terms| terms.pending_limit = Some(0));
    bench.receive(&ask(7));
    assert_eq!(bench.said(), [format!("v2 to {THEIRS}: reply 7 506")]);
}

#[test]
fn a_request_that_is_given_up_is_repeated_no_more_and_its_answer_comes_late() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    bench.endpoint.cancel(peer, TransactionId(id), bench.now);
    bench.sent();
    bench.receive(&answer(id));
    bench.wait(Duration::from_secs(60));
    assert_eq!(bench.sent(), []);
    assert_eq!(bench.events(), []);
    assert_eq!(
        (counters(&bench).cancelled, counters(&bench).late_replies),
        (1, 1)
    );
    assert_eq!(bench.endpoint.poll_timeout(), None);
    // Another cancellation finds nothing.
    bench.endpoint.cancel(peer, TransactionId(id), bench.now);
    assert_eq!(counters(&bench).cancelled, 1);
}

fn gathering() -> (Bench, PeerId) {
    let mut bench = Bench::new(Config {
        ack_after: Some(ms(500)),
        ..Config::default()
    });
    let peer = bench.endpoint.connect(address(THEIRS), bench.now);
    (bench, peer)
}

#[test]
fn replies_are_acknowledged_together_with_the_next_request() {
    let (mut bench, peer) = gathering();
    let first = bench.request(peer);
    let second = bench.request(peer);
    for id in [first, second] {
        bench.receive(&answer(id));
    }
    bench.sent();
    let third = bench.request(peer);
    let with_acks = format!("v1 to {THEIRS}: ack {first}-{second}, request {third}");
    assert_eq!(bench.said(), [with_acks]);
    // What is repeated is the request alone.
    assert_eq!(bench.wake(), Some(Why::Repeat));
    assert_eq!(bench.said(), [format!("v1 to {THEIRS}: request {third}")]);
}

#[test]
fn replies_are_acknowledged_in_time_where_no_request_follows() {
    let (mut bench, peer) = gathering();
    let id = bench.request(peer);
    bench.receive(&answer(id));
    bench.sent();
    assert_eq!(bench.wake(), Some(Why::Ack));
    assert_eq!(bench.said(), [format!("v1 to {THEIRS}: ack {id}-{id}")]);
    bench.wait(Duration::from_secs(60));
    assert_eq!(bench.sent(), []);
}

#[test]
fn the_peers_counters_are_its_own() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    bench.now += ms(30);
    bench.receive(&answer(id));
    bench.receive_from("MEGACO/1 other Pending=9{}", ELSEWHERE);
    let statistics = bench.endpoint.statistics(peer).unwrap();
    assert_eq!(statistics.counters.replies_received, 1);
    assert_eq!(statistics.counters.foreign, 0);
    assert_eq!(counters(&bench).foreign, 1);
    let (average, _) = statistics.round_trip.unwrap();
    assert!(average < Config::default().first_delay, "{average:?}");
}

#[test]
fn the_requests_of_all_peers_together_are_bounded() {
    let mut config = Config::default();
    config.limits.executing = 2;
    let mut bench = Bench::new(config);
    for (name, id) in [("a", 1), ("b", 2), ("c", 3)] {
        bench.receive(&ask(id).replace("them", name));
    }
    let peers = bench.requests();
    assert_eq!(peers.len(), 2);
    assert_eq!(bench.said(), [format!("v2 to {THEIRS}: reply 3 510")]);
    bench.reply(peers[0].0, 1);
    bench.receive(&ask(4).replace("them", "c"));
    assert_eq!(bench.requests().len(), 1);
    bench.endpoint.disconnect(peers[1].0);
    bench.receive(&ask(5).replace("them", "c"));
    assert_eq!(bench.requests().len(), 1);
}

#[test]
fn what_goes_to_one_peer_shares_a_message_as_far_as_there_is_room() {
    for encoding in [Encoding::Text, Encoding::Binary] {
        let mut bench = Bench::new(Config {
            batch_octets: 300,
            encoding,
            style: codec_h248::Style::Compact,
            ..Config::default()
        });
        let here = bench.endpoint.connect(address(THEIRS), bench.now);
        let there = bench.endpoint.connect(address(ELSEWHERE), bench.now);
        for peer in [here, here, here, there, here] {
            bench.request(peer);
        }
        let sent = bench.sent();
        let count = |transmit: &Transmit| peek(&transmit.octets).transactions().count();
        assert_eq!(sent.iter().map(count).collect::<Vec<_>>(), [3, 1, 1]);
        for _ in 0..100 {
            bench.request(here);
        }
        let sent = bench.sent();
        assert!(sent.len() < 34 && sent.iter().all(|one| one.octets.len() <= 300));
        assert_eq!(sent.iter().map(count).sum::<usize>(), 100);
    }
}

#[test]
fn a_peer_is_spoken_to_in_the_encoding_in_which_it_began() {
    let mut bench = Bench::new(Config::default());
    let mut asking = Endpoint::new(
        Config {
            encoding: Encoding::Binary,
            ..Config::default()
        },
        device("them"),
        3,
    );
    let us = asking.connect(address(OURS), bench.now);
    asking.request(us, actions(), bench.now);
    let asked = asking.poll_transmit().unwrap();
    let from = Route {
        listener: 1,
        ..route(THEIRS)
    };
    bench
        .endpoint
        .handle_message(&asked.octets, from, bench.now);
    let (peer, id) = bench.requests()[0];
    bench.reply(peer, id);
    bench.request(peer);
    for transmit in bench.sent() {
        assert_eq!(Encoding::of(&transmit.octets), Encoding::Binary);
        assert_eq!(transmit.to, from);
    }
}

#[test]
fn a_connection_that_ends_is_told_of_where_requests_go_by_it() {
    let mut bench = Bench::new(Config::default());
    let tcp: Address = "tcp:192.0.2.2:2944".parse().unwrap();
    let peer = bench.endpoint.connect(tcp, bench.now);
    let id = bench.request(peer);
    bench.endpoint.handle_closed(route(THEIRS), bench.now);
    assert_eq!(bench.events(), []);
    bench.endpoint.handle_closed(tcp.into(), bench.now);
    assert_eq!(bench.events(), [(peer, Event::CarrierLost)]);
    bench.sent();
    assert_eq!(bench.wake(), Some(Why::Repeat));
    assert_eq!(bench.said(), [format!("v1 to {tcp}: request {id}")]);
}

#[test]
fn a_trace_has_every_message_with_what_of_it_does_not_decode() {
    let mut bench = Bench::new(Config {
        trace: true,
        ..Config::default()
    });
    bench.receive(&ask(7));
    let (peer, _) = bench.requests()[0];
    bench.reply(peer, 7);
    bench.receive("MEGACO/1 them Transaction=8{");
    bench.sent();
    let told = |trace: Trace| {
        let ids: Vec<u32> = trace.transactions().map(|one| one.id.0).collect();
        (trace.direction, ids, trace.error.is_some())
    };
    let traces = std::iter::from_fn(|| bench.endpoint.poll_trace());
    let expected = [
        (Direction::In, vec![7], false),
        (Direction::In, vec![8], true),
        (Direction::Out, vec![7], false),
        (Direction::Out, vec![8], false),
    ];
    assert_eq!(traces.map(told).collect::<Vec<_>>(), expected);
}
