//! Replies in segments, driven by hand.

mod weather;

use codec_h248::{
    ActionReply, AmmsReply, AuditReply, CommandReply, List, descriptor::AuditReturn, list,
};

use super::*;

/// One Termination of an audit, of about 250 octets.
fn audited(number: u32) -> CommandReply<'static> {
    let error = ErrorDescriptor::about(ErrorCode::NOT_IMPLEMENTED, "x".repeat(200));
    CommandReply::AuditValue(AuditReply::Termination(AmmsReply {
        terminations: list![TerminationId::from_name(format!("rtp/{number}"))],
        descriptors: list![AuditReturn::Error(error)],
    }))
}

/// What came of an audit of `count` Terminations in one Context.
fn audit(context: u32, count: u32) -> ActionReply<'static> {
    ActionReply {
        context: ContextId::Id(context),
        properties: List::new(),
        commands: (0..count).map(audited).collect(),
        error: None,
    }
}

/// An endpoint that has answered request 8 of this version in three segments, where it can.
fn answered(version: u8) -> Bench {
    let mut bench = Bench::new(Config::default());
    bench.receive(&ask(8).replace("/2", &format!("/{version}")));
    let (peer, _) = bench.requests()[0];
    bench
        .endpoint
        .set_terms(peer, |terms| terms.pdu_max = Some(600));
    let result = TransactionResult::Actions(list![audit(1, 3)]);
    bench
        .endpoint
        .reply(peer, TransactionId(8), result, bench.now);
    bench
}

fn line(rest: &str) -> String {
    format!("v3 to {THEIRS}: {rest}")
}

fn part(number: u32, last: bool) -> String {
    let end = if last { "/END" } else { "" };
    format!("MEGACO/3 them Reply=7/{number}{end}{{Context={number}{{AuditValue=ROOT}}}}")
}

/// An endpoint whose request 7 waits.
fn waiting(config: Config) -> (Bench, PeerId) {
    let mut bench = Bench::new(Config {
        ids: 7..=7,
        ..config
    });
    let peer = bench.endpoint.connect(address(THEIRS), bench.now);
    bench.request(peer);
    bench.sent();
    (bench, peer)
}

fn contexts(event: &Event) -> Vec<ContextId> {
    let Event::Reply {
        result: TransactionResult::Actions(actions),
        ..
    } = event
    else {
        panic!("{event:?}");
    };
    actions.iter().map(|action| action.context).collect()
}

#[test]
fn only_what_is_not_acknowledged_is_repeated() {
    let mut bench = answered(3);
    let all = [line("part 8 1"), line("part 8 2"), line("part 8 3")];
    assert_eq!(bench.said(), all);
    bench.receive("MEGACO/3 them Segment=8/1");
    bench.receive("MEGACO/3 them Segment=8/3/END");
    assert_eq!(bench.wake(), Some(Why::Segments));
    assert_eq!(bench.said(), [line("part 8 2")]);
    bench.receive("MEGACO/3 them Segment=8/2");
    bench.wait(Duration::from_secs(20));
    bench.receive(&ask(8).replace("/2", "/3"));
    assert_eq!(bench.said(), [""; 0]);
    assert_eq!(bench.endpoint.counters().replies_acknowledged, 1);
}

#[test]
fn segments_are_acknowledged_together_too() {
    let mut bench = answered(3);
    bench.sent();
    bench.receive("MEGACO/3 them TransactionResponseAck{8}");
    bench.wait(Duration::from_secs(20));
    assert_eq!(bench.sent(), []);
    assert_eq!(bench.endpoint.held().kept_octets, 0);
}

#[test]
fn who_speaks_from_elsewhere_acknowledges_nothing() {
    let mut bench = answered(3);
    bench.sent();
    for number in 1..=3 {
        bench.receive_from(&format!("MEGACO/3 mallory Segment=8/{number}"), ELSEWHERE);
        bench.receive_from(&format!("MEGACO/3 them Segment=8/{number}"), ELSEWHERE);
    }
    assert_eq!(bench.endpoint.counters().from_elsewhere, 3);
    assert_eq!(bench.wake(), Some(Why::Segments));
    assert_eq!(bench.said().len(), 3);
}

#[test]
fn an_acknowledgement_that_comes_again_is_known_and_one_of_nothing_is_foreign() {
    let mut bench = answered(3);
    for segment in ["8/1", "8/1", "8/4", "9/1"] {
        bench.receive(&format!("MEGACO/3 them Segment={segment}"));
    }
    let counters = bench.endpoint.counters();
    assert_eq!((counters.late_acks, counters.foreign), (1, 2));
    for segment in ["8/2", "8/3/END", "8/3/END"] {
        bench.receive(&format!("MEGACO/3 them Segment={segment}"));
    }
    let counters = bench.endpoint.counters();
    assert_eq!((counters.late_acks, counters.foreign), (2, 2));
}

#[test]
fn before_version_3_what_no_message_holds_is_533() {
    let mut bench = answered(2);
    assert_eq!(bench.said(), [format!("v2 to {THEIRS}: reply 8 533")]);
    let counters = bench.endpoint.counters();
    assert_eq!((counters.oversized, counters.replies_segmented), (1, 0));
    assert_eq!(answered(3).endpoint.counters().oversized, 0);
}

#[test]
fn a_message_is_as_long_as_its_carrier_holds() {
    for (from, most) in [(THEIRS, 65_507), ("tcp:192.0.2.2:2944", 65_531)] {
        let mut longest = 0;
        for length in 65_300..65_600 {
            let mut bench = Bench::new(Config::default());
            bench.receive_from(&ask(7), from);
            let (peer, _) = bench.requests()[0];
            let error = ErrorDescriptor::about(ErrorCode::INTERNAL, "x".repeat(length));
            let (id, result) = (TransactionId(7), TransactionResult::Error(error));
            bench.endpoint.reply(peer, id, result, bench.now);
            longest = longest.max(bench.sent()[0].octets.len());
        }
        assert!(
            longest <= most && longest > most - 60,
            "{longest} of {most}"
        );
    }
}

#[test]
fn a_peer_gets_no_message_that_is_longer_than_it_takes() {
    let (mut bench, peer) = Bench::connected();
    bench
        .endpoint
        .set_terms(peer, |terms| terms.pdu_max = Some(60));
    let id = TransactionId(bench.request(peer));
    assert_eq!(bench.events(), [(peer, Event::Unsent { id })]);
    assert_eq!(bench.sent(), []);
}

#[test]
fn segments_in_any_order_become_one_reply() {
    let (mut bench, _) = waiting(Config::default());
    for (number, last) in [(1, false), (3, true), (3, true)] {
        bench.receive(&part(number, last));
        assert_eq!(bench.said(), [line("segment of 7")]);
    }
    bench.wait(ms(900));
    assert_eq!(bench.events(), []);
    bench.receive(&part(2, false));
    let events = bench.events();
    let [(_, reply)] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(contexts(reply), [1, 2, 3].map(ContextId::Id));
    bench.sent();
    bench.receive(&part(2, false));
    assert_eq!(bench.said(), [line("segment of 7")]);
    assert_eq!(bench.events(), []);
    assert_eq!(bench.endpoint.counters().segments_received, 3);
}

#[test]
fn the_acknowledgement_of_a_segment_names_it() {
    let (mut bench, _) = waiting(Config::default());
    bench.receive(&part(2, true));
    bench.receive(&part(1, false));
    let sent = bench.sent();
    let acks: Vec<_> = sent.iter().map(acknowledged).collect();
    assert_eq!(acks, [(2, true), (1, false)]);
}

#[test]
fn acknowledgements_that_share_a_message_are_apart() {
    let (mut bench, _) = waiting(Config {
        batch_octets: 1_400,
        ..Config::default()
    });
    for (number, last) in [(1, false), (3, true), (4, true), (2, false)] {
        bench.receive(&part(number, last));
    }
    let sent = bench.sent();
    let [message] = &sent[..] else {
        panic!("{sent:?}");
    };
    let text = String::from_utf8_lossy(&message.octets);
    let lines: Vec<_> = text.lines().skip(1).collect();
    assert_eq!(
        lines,
        ["Segment = 7/1", "Segment = 7/3/END", "Segment = 7/2"]
    );
}

fn acknowledged(transmit: &Transmit) -> (u16, bool) {
    let limits = codec_h248::Limits::default();
    let message = codec_h248::decode(&transmit.octets, &limits).unwrap();
    let MessageBody::Transactions(transactions) = message.body else {
        panic!("transactions");
    };
    let [Transaction::SegmentReply(reply)] = &transactions[..] else {
        panic!("{transactions:?}");
    };
    (reply.segment.number, reply.segment.last)
}

#[test]
fn what_goes_on_missing_is_asked_for_and_given_up() {
    let (mut bench, peer) = waiting(Config::default());
    bench.receive(&part(1, false));
    bench.receive(&part(3, true));
    bench.sent();
    let start = bench.now;
    for _ in 0..3 {
        assert_eq!(bench.wake(), Some(Why::Missing));
        let [request] = &bench.said()[..] else {
            panic!("one copy");
        };
        assert!(request.ends_with("request 7"), "{request}");
    }
    assert_eq!(bench.wake(), Some(Why::SegmentWait));
    assert_eq!(bench.now - start, Config::default().segment_wait);
    let id = TransactionId(7);
    assert_eq!(bench.events(), [(peer, Event::TimedOut { id })]);
    assert_eq!(bench.endpoint.counters().segments_missed, 1);
    assert_eq!(bench.endpoint.held().gathered_octets, 0);
}

#[test]
fn no_copy_asks_for_segments_when_the_peer_may_have_forgotten_the_reply() {
    let config = Config::default();
    let (mut bench, peer) = waiting(config.clone());
    let start = bench.now;
    let mut last_copy = start;
    for number in 1..60 {
        bench.receive(&part(number, false));
        let next = bench.now + ms(1_500);
        while let Some((at, _)) = bench.endpoint.poll_timeout()
            && at <= next
        {
            bench.wake();
            if bench.said().iter().any(|said| said.contains("request")) {
                last_copy = bench.now;
            }
        }
        bench.sent();
        bench.now = next;
    }
    assert!(last_copy > start + ms(20_000), "{:?}", last_copy - start);
    assert!(last_copy <= start + config.t_max, "{:?}", last_copy - start);
    assert!(
        bench
            .endpoint
            .peers
            .get(peer)
            .unwrap()
            .is_waiting(TransactionId(7))
    );
}

#[test]
fn segments_for_nobody_are_counted_and_left_alone() {
    let (mut bench, _) = waiting(Config::default());
    bench.receive(&part(1, false).replace("=7/", "=6/"));
    bench.receive(&part(1, false).replace("=7/", "=0/"));
    bench.receive(&part(0, false));
    bench.receive(&part(1, false).replace("MEGACO/3", "MEGACO/2"));
    assert_eq!(bench.said(), [""; 0]);
    assert_eq!(bench.events(), []);
    assert_eq!(bench.endpoint.counters().foreign, 4);
    assert_eq!(bench.endpoint.held().gathered_octets, 0);
}

#[test]
fn a_reply_of_more_octets_than_are_kept_is_given_up() {
    let mut config = Config::default();
    config.limits.segmented_octets = 2 * part(1, false).len();
    let (mut bench, peer) = waiting(config);
    bench.receive(&part(1, false));
    bench.receive(&part(2, false));
    assert_eq!(bench.events(), []);
    bench.receive(&part(3, false));
    let id = TransactionId(7);
    assert_eq!(bench.events(), [(peer, Event::TimedOut { id })]);
    assert_eq!(bench.endpoint.counters().segments_missed, 1);
    assert_eq!(bench.said().len(), 3);
}
