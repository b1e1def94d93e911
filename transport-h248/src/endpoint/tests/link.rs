//! Requests, replies, Pendings and acknowledgements of one association.

use super::*;

#[test]
fn a_request_is_repeated_octet_for_octet_until_t_max() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    let mut copies = 0;
    let first = bench.sent().pop().unwrap();
    assert_eq!(one_line(&first), format!("v1 to {THEIRS}: request {id}"));
    while let Some(why) = bench.wake() {
        if why == Why::TMax {
            break;
        }
        assert_eq!(why, Why::Repeat);
        assert_eq!(bench.sent(), std::slice::from_ref(&first));
        copies += 1;
    }
    assert!((9..=15).contains(&copies), "{copies} copies");
    assert_eq!(bench.now - bench.start, Config::default().t_max);
    let id = TransactionId(id);
    assert_eq!(bench.events(), [(peer, Event::TimedOut { id })]);
    assert!(bench.endpoint.is_idle());
    assert_eq!(bench.wake(), Some(Why::LongTimer));
    assert_eq!(bench.endpoint.poll_timeout(), None);
}

#[test]
fn a_reply_ends_a_request_and_a_second_one_is_counted() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    bench.receive(&answer(id));
    bench.receive(&answer(id));
    bench.receive(&answer(id.wrapping_add(1)));
    let events = bench.events();
    assert!(matches!(events[..], [(from, Event::Reply { .. })] if from == peer));
    let counters = bench.endpoint.counters();
    assert_eq!((counters.replies_received, counters.late_replies), (1, 1));
    assert_eq!(counters.foreign, 1);
    assert_eq!(bench.wake(), Some(Why::LongTimer));
    assert_eq!(bench.endpoint.poll_timeout(), None);
}

#[test]
fn the_mark_for_an_immediate_ack_is_answered_each_time_it_comes() {
    let (mut bench, peer) = Bench::connected();
    let (a, b) = (bench.request(peer), bench.request(peer));
    bench.sent();
    let marked = |id| format!("Reply={id}{{ImmAckRequired,Context=-{{AuditValue=ROOT}}}}");
    let both = format!("MEGACO/3 them {} {}", marked(a), marked(b));
    bench.receive_from(&both, THEIRS_TOO);
    assert_eq!(bench.wake(), Some(Why::Ack));
    assert_eq!(bench.said(), [format!("v1 to {THEIRS_TOO}: ack {a}-{b}")]);
    // What the reply agreed on holds for its acknowledgement.
    bench.receive_from(&both, THEIRS_TOO);
    bench.endpoint.set_version(peer, 3);
    assert_eq!(bench.wake(), Some(Why::Ack));
    assert_eq!(bench.said(), [format!("v3 to {THEIRS_TOO}: ack {a}-{b}")]);
    bench.receive_from(&both, THEIRS_TOO);
    let next = bench.request(peer);
    assert_eq!(
        bench.said(),
        [
            format!("v3 to {THEIRS_TOO}: ack {a}-{b}"),
            format!("v3 to {THEIRS}: request {next}")
        ]
    );
    assert_eq!(bench.events().len(), 2);
    let foreign = format!("MEGACO/3 them {}", marked(b.wrapping_add(1)));
    bench.receive(&foreign);
    assert_eq!(bench.said(), Vec::<String>::new());
}

#[test]
fn after_a_pending_a_request_waits_longer_and_is_repeated_less() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    let config = Config::default();
    bench.sent();
    bench.wait(ms(100));
    bench.receive(&format!("MEGACO/1 them Pending={id}{{}}"));
    let due = bench.now + config.provisional_timer;
    assert_eq!(bench.endpoint.poll_timeout(), Some((due, Why::Provisional)));
    bench.wake();
    assert_eq!(bench.said(), [format!("v1 to {THEIRS}: request {id}")]);
    bench.receive(&answer(id));
    assert_eq!(bench.events().len(), 1);
    bench.receive(&format!("MEGACO/1 them Pending={id}{{}}"));
    bench.receive(&format!("MEGACO/1 them Pending={}{{}}", id.wrapping_add(1)));
    let counters = bench.endpoint.counters();
    assert_eq!((counters.pendings_received, counters.late_pendings), (1, 1));
    assert_eq!(counters.foreign, 1);
}

#[test]
fn a_request_of_the_peer_is_an_event_once_and_its_reply_is_repeated_octet_for_octet() {
    let mut bench = Bench::new(Config::default());
    bench.receive(&ask(7));
    let (peer, event) = bench.events().pop().unwrap();
    let expected = Event::Request {
        id: TransactionId(7),
        actions: actions(),
        version: 2,
        from: route(THEIRS),
    };
    assert_eq!(event, expected);
    assert!(!bench.endpoint.is_idle());
    bench.reply(peer, 7);
    assert!(bench.endpoint.is_idle());
    let reply = bench.sent().pop().unwrap();
    assert_eq!(one_line(&reply), format!("v2 to {THEIRS}: reply 7 501"));
    bench.wait(ms(200));
    bench.receive(&ask(7));
    assert_eq!(bench.sent(), std::slice::from_ref(&reply));
    bench.endpoint.set_address(peer, address(THEIRS_TOO));
    bench.receive_from(&ask(7), THEIRS_TOO);
    let to = address(THEIRS_TOO);
    assert_eq!(
        bench.sent(),
        [Transmit {
            to: to.into(),
            ..reply
        }]
    );
    assert_eq!(bench.events(), []);
    assert_eq!(bench.endpoint.counters().duplicates, 2);
}

#[test]
fn slow_work_is_announced_and_its_reply_asks_for_an_ack() {
    let mut bench = Bench::new(Config::default());
    bench.receive_from(&ask(7), THEIRS_TOO);
    let (peer, _) = bench.requests()[0];
    bench.endpoint.set_address(peer, address(THEIRS));
    assert_eq!(bench.wake(), Some(Why::Pending));
    bench.receive(&ask(7));
    bench.wait(Config::default().pending_after);
    bench.receive(&ask(7));
    let pendings = [
        format!("v2 to {THEIRS_TOO}: pending 7"),
        format!("v2 to {THEIRS}: pending 7"),
    ];
    assert_eq!(bench.said(), pendings);
    bench.reply(peer, 7);
    assert_eq!(bench.said(), [format!("v2 to {THEIRS_TOO}: reply 7! 501")]);
    bench.receive("MEGACO/2 them TransactionResponseAck{7}");
    bench.receive(&ask(7));
    assert_eq!(bench.said(), Vec::<String>::new());
    assert_eq!(bench.endpoint.counters().replies_acknowledged, 1);
    assert_eq!(bench.wake(), Some(Why::LongTimer));
    assert_eq!(bench.endpoint.poll_timeout(), None);
}

#[test]
fn acks_for_what_was_never_sent_are_counted() {
    let (mut bench, _) = Bench::connected();
    bench.receive("MEGACO/1 them TransactionResponseAck{5,0-4294967295}");
    assert_eq!(bench.endpoint.counters().foreign, 2);
    assert_eq!(bench.said(), Vec::<String>::new());
}

#[test]
fn a_second_answer_to_a_request_is_ignored() {
    let mut bench = Bench::new(Config::default());
    bench.receive(&ask(7));
    let (peer, _) = bench.requests()[0];
    bench.reply(peer, 7);
    bench.reply(peer, 7);
    bench.reply(peer, 8);
    assert_eq!(bench.sent().len(), 1);
    assert_eq!(bench.endpoint.counters().stray_replies, 2);
}

#[test]
fn a_reply_that_no_datagram_holds_becomes_533() {
    let mut config = Config::default();
    config.limits.message_octets = 40;
    let mut bench = Bench::new(config);
    bench.receive(&ask(7));
    let (peer, _) = bench.requests()[0];
    bench.reply(peer, 7);
    assert_eq!(bench.said(), [format!("v2 to {THEIRS}: reply 7 533")]);
    assert_eq!(bench.endpoint.counters().oversized, 1);
}

#[test]
fn a_request_that_no_datagram_holds_is_not_sent() {
    let mut config = Config::default();
    config.limits.message_octets = 40;
    let mut bench = Bench::new(config);
    let peer = bench.endpoint.connect(address(THEIRS), bench.now);
    let id = TransactionId(bench.request(peer));
    assert_eq!(bench.events(), [(peer, Event::Unsent { id })]);
    assert_eq!(bench.sent(), []);
    assert_eq!(bench.endpoint.poll_timeout(), None);
}

#[test]
fn over_the_limit_a_request_is_refused_with_510_and_stays_refused() {
    let mut config = Config::default();
    config.limits.executing_per_peer = 1;
    let mut bench = Bench::new(config);
    bench.receive(&ask(1));
    bench.receive(&ask(2));
    let (peer, _) = bench.requests()[0];
    bench.reply(peer, 1);
    bench.receive(&ask(2));
    let said = bench.said();
    assert_eq!(said[0], format!("v2 to {THEIRS}: reply 2 510"));
    assert_eq!(said[2], said[0]);
    assert_eq!(bench.requests(), []);
    assert_eq!(bench.endpoint.counters().refused, 1);
}

#[test]
fn a_full_queue_refuses_requests_and_drops_message_errors() {
    let mut config = Config::default();
    config.limits.events = 1;
    let mut bench = Bench::new(config);
    bench.receive(&ask(1));
    bench.receive(&ask(2));
    bench.receive("MEGACO/1 them Error=400{}");
    assert_eq!(bench.requests().len(), 1);
    bench.receive(&ask(2));
    bench.receive(&ask(3));
    let refused = format!("v2 to {THEIRS}: reply 2 510");
    assert_eq!(bench.said(), [refused.clone(), refused]);
    assert_eq!(bench.requests().len(), 1);
    assert_eq!(bench.endpoint.counters().dropped, 2);
}

#[test]
fn a_full_queue_drops_datagrams_that_then_are_repeated() {
    let mut config = Config::default();
    config.limits.transmits = 1;
    let mut bench = Bench::new(config);
    let peer = bench.endpoint.connect(address(THEIRS), bench.now);
    bench.request(peer);
    let second = bench.request(peer);
    assert_eq!(bench.sent().len(), 1);
    assert_eq!(bench.endpoint.counters().dropped, 1);
    // Both are due at once again the first time; from the second on they drift apart.
    let lost = format!("v1 to {THEIRS}: request {second}");
    while !bench.said().contains(&lost) {
        assert_eq!(bench.wake(), Some(Why::Repeat));
    }
}

#[test]
fn forgotten_requests_end_without_an_event() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    bench.endpoint.forget_requests(peer);
    assert!(bench.endpoint.is_idle());
    assert_eq!(bench.endpoint.poll_timeout(), None);
    bench.receive(&answer(id));
    assert_eq!(bench.events(), []);
    assert_eq!(bench.endpoint.counters().foreign, 1);
}

#[test]
fn requests_use_the_agreed_version_and_replies_that_of_the_request() {
    let (mut bench, peer) = Bench::connected();
    assert_eq!(bench.endpoint.version(peer), 1);
    bench.endpoint.set_version(peer, 200);
    assert_eq!(bench.endpoint.version(peer), 3);
    let id = bench.request(peer);
    bench.receive(&ask(7));
    bench.reply(peer, 7);
    let said = [
        format!("v3 to {THEIRS}: request {id}"),
        format!("v2 to {THEIRS}: reply 7 501"),
    ];
    assert_eq!(bench.said(), said);
}

#[test]
fn requests_and_their_repetitions_go_to_the_address_of_now() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    bench.sent();
    bench.endpoint.set_address(peer, address(ELSEWHERE));
    assert_eq!(bench.endpoint.address(peer), Some(address(ELSEWHERE)));
    bench.wake();
    assert_eq!(bench.said(), [format!("v1 to {ELSEWHERE}: request {id}")]);
}

#[test]
fn what_is_held_is_told_until_it_is_forgotten() {
    let (mut bench, peer) = Bench::connected();
    let (a, _) = (bench.request(peer), bench.request(peer));
    bench.receive(&answer(a));
    for id in [1, 2] {
        bench.receive(&ask(id));
    }
    bench.reply(peer, 1);
    let held = bench.endpoint.held();
    let counts = (held.waiting, held.finished, held.executing, held.answered);
    assert_eq!(counts, (1, 1, 1, 1));
    assert!(held.kept_octets > 0);
    bench.reply(peer, 2);
    while bench.wake().is_some() {}
    assert_eq!(bench.endpoint.held(), Held::default());
}
