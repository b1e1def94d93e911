//! Authentication headers (H.248.1 10.2): who is listened to, and what others get.

use codec_h248::binary;

use super::*;
use crate::{Authentication, Key};

const KEY: &str = "256:md5:000102030405060708090a0b0c0d0e0f";
const SHA1: &str = "257:sha1:000102030405060708090a0b0c0d0e0f10111213";
const WRONG: &str = "256:md5:ff0102030405060708090a0b0c0d0e0f";

/// What an endpoint at `at` is told, with headers required.
fn config(keys: &[&str], at: &str) -> Config {
    let keys: Vec<Key> = keys.iter().map(|key| key.parse().unwrap()).collect();
    let mut authentication = Authentication::new(keys, &[at.parse().unwrap()]).unwrap();
    authentication.required = true;
    Config {
        authentication: Some(authentication),
        ..Config::default()
    }
}

/// We, at [`OURS`].
fn us(keys: &[&str]) -> Bench {
    Bench::new(config(keys, OURS))
}

/// The peer, at [`THEIRS`], that has connected to us.
fn them(config: Config, now: Instant) -> (Endpoint, PeerId) {
    let mut endpoint = Endpoint::new(config, device("them"), 2);
    let peer = endpoint.connect(address(OURS), now);
    (endpoint, peer)
}

/// A request of the peer as it is on the wire.
fn asked(config: Config, now: Instant) -> Vec<u8> {
    let (mut endpoint, peer) = them(config, now);
    endpoint.request(peer, actions(), now);
    endpoint.poll_transmit().unwrap().octets.to_vec()
}

impl Bench {
    fn take(&mut self, octets: &[u8], from: &str) {
        self.endpoint.handle_message(octets, route(from), self.now);
    }

    /// That nothing came of what was received but this answer.
    fn has_refused(&mut self, answer: &[&str]) {
        assert_eq!(self.requests(), []);
        assert_eq!(self.said(), answer);
        assert_eq!(self.endpoint.held(), crate::Held::default());
        assert_eq!(self.endpoint.mid(PeerId(0)), None, "there is no peer");
    }
}

const ANSWER: &str = "v1 to 192.0.2.2:2944: error 402";

#[test]
fn with_the_same_key_both_sides_hear_each_other_in_both_encodings() {
    for encoding in [Encoding::Text, Encoding::Binary] {
        for keys in [&[KEY][..], &[SHA1], &[SHA1, KEY]] {
            let mut bench = us(keys);
            let mut theirs = config(keys, THEIRS);
            theirs.encoding = encoding;
            let (mut them, peer) = them(theirs, bench.now);
            let id = them.request(peer, actions(), bench.now);
            let sent = them.poll_transmit().unwrap().octets;
            assert_eq!(Encoding::of(&sent), encoding);
            assert!(peek(&sent).authentication.is_some());
            bench.take(&sent, THEIRS);
            let [(asker, asked)] = bench.requests()[..] else {
                panic!("{encoding}, {keys:?}: no request");
            };
            assert_eq!(asked, id.0);
            bench.reply(asker, asked);
            for reply in bench.sent() {
                them.handle_message(&reply.octets, route(OURS), bench.now);
            }
            let (_, event) = them.poll_event().unwrap();
            assert!(matches!(event, Event::Reply { id: answered, .. } if answered == id));
            let counted = them.counters() + bench.endpoint.counters();
            assert_eq!((counted.unauthenticated, counted.replayed), (0, 0));
        }
    }
}

#[test]
fn a_wrong_key_an_unknown_one_and_no_header_are_refused_with_402() {
    for keys in [&[WRONG][..], &[SHA1], &[]] {
        let mut bench = us(&[KEY]);
        let theirs = match keys {
            [] => Config::default(),
            keys => config(keys, THEIRS),
        };
        let sent = asked(theirs, bench.now);
        bench.take(&sent, THEIRS);
        bench.has_refused(&[ANSWER]);
        let counters = bench.endpoint.counters();
        assert_eq!((counters.unauthenticated, counters.errors_sent), (1, 1));
        assert_eq!(bench.endpoint.poll_unauthenticated(), Some(route(THEIRS)));
        assert_eq!(bench.endpoint.poll_unauthenticated(), None);
    }
}

#[test]
fn binary_is_refused_in_binary() {
    let mut bench = us(&[KEY]);
    let mut theirs = config(&[WRONG], THEIRS);
    theirs.encoding = Encoding::Binary;
    let sent = asked(theirs, bench.now);
    bench.take(&sent, THEIRS);
    let answer = bench.sent().remove(0).octets;
    let profile = binary::BinaryProfile::default();
    let limits = codec_h248::Limits::default();
    let message = binary::decode(&answer, &limits, &profile).unwrap();
    assert_eq!(body(&message), "error 402");
}

#[test]
fn where_no_header_is_required_only_a_wrong_one_is_refused() {
    let mut config = config(&[KEY], OURS);
    config.authentication.as_mut().unwrap().required = false;
    let mut bench = Bench::new(config);
    let wrong = asked(super::authentication::config(&[WRONG], THEIRS), bench.now);
    bench.take(&wrong, THEIRS);
    bench.has_refused(&[ANSWER]);
    bench.receive(&ask(7));
    assert_eq!(bench.requests().len(), 1);
}

#[test]
fn refusals_are_silent_where_so_configured() {
    let mut config = config(&[KEY], OURS);
    config.authentication.as_mut().unwrap().answers = false;
    let mut bench = Bench::new(config);
    bench.receive(&ask(7));
    bench.has_refused(&[]);
    assert_eq!(bench.endpoint.counters().unauthenticated, 1);
}

#[test]
fn what_asks_for_nothing_or_makes_no_sense_gets_no_answer() {
    let mut bench = us(&[KEY]);
    for text in [
        &answer(7)[..],
        "MEGACO/1 them Pending=7{}",
        "MEGACO/1 them TransactionResponseAck{7}",
        "MEGACO/1 them Error=402{}",
        "MEGACO/1 them",
        "GET / HTTP/1.1\r\n\r\n",
        "",
    ] {
        bench.receive(text);
        bench.has_refused(&[]);
    }
    assert_eq!(bench.endpoint.counters().unauthenticated, 7);
}

#[test]
fn a_flood_is_answered_ten_times_a_second() {
    let mut bench = us(&[KEY]);
    let mut answers = 0;
    for id in 1..=1_000 {
        bench.receive(&ask(id));
        answers += bench.said().len();
        bench.wait(ms(2));
    }
    assert_eq!(answers, 20);
    let counters = bench.endpoint.counters();
    assert_eq!(
        (counters.unauthenticated, counters.errors_sent),
        (1_000, 20)
    );
}

#[test]
fn no_octet_of_the_body_can_be_changed() {
    for encoding in [Encoding::Text, Encoding::Binary] {
        let mut theirs = config(&[KEY], THEIRS);
        theirs.encoding = encoding;
        let mut bench = us(&[KEY]);
        let sent = asked(theirs, bench.now);
        let body = peek(&sent).body.unwrap().len();
        assert!(body > 10);
        for back in 1..=body {
            let mut changed = sent.clone();
            let at = changed.len() - back;
            changed[at] ^= 1;
            bench.take(&changed, THEIRS);
        }
        assert_eq!(bench.requests(), [], "{encoding}");
        let refused = u64::try_from(body).unwrap();
        assert_eq!(bench.endpoint.counters().unauthenticated, refused);
        bench.take(&[&sent[..], b"\0"].concat(), THEIRS);
        // What stands behind a binary message belongs to none of its transactions.
        assert_eq!(
            bench.requests().len(),
            usize::from(encoding == Encoding::Binary)
        );
    }
}

#[test]
fn a_message_for_somebody_else_or_from_another_host_is_refused() {
    for (from, at) in [
        (ELSEWHERE, OURS),
        (THEIRS, "192.0.2.1:2945"),
        (THEIRS, "192.0.2.9:2944"),
        ("[2001:db8::2]:2944", OURS),
    ] {
        let mut bench = Bench::new(config(&[KEY], at));
        let sent = asked(config(&[KEY], THEIRS), bench.now);
        bench.take(&sent, from);
        assert_eq!(bench.requests(), [], "from {from} at {at}");
        assert_eq!(bench.endpoint.counters().unauthenticated, 1);
    }
    // The port of the sender is none of the synthesized header.
    for from in [THEIRS_TOO, "[::ffff:192.0.2.2]:2944"] {
        let mut bench = us(&[KEY]);
        let sent = asked(config(&[KEY], THEIRS), bench.now);
        bench.take(&sent, from);
        assert_eq!(bench.requests().len(), 1, "from {from}");
    }
}

#[test]
fn a_copy_of_the_network_is_dropped_and_a_repetition_is_heard() {
    let mut bench = us(&[KEY]);
    let (mut them, peer) = them(config(&[KEY], THEIRS), bench.now);
    them.request(peer, actions(), bench.now);
    let first = them.poll_transmit().unwrap().octets;
    bench.take(&first, THEIRS);
    bench.take(&first, THEIRS);
    let [(asker, id)] = bench.requests()[..] else {
        panic!("a copy was executed, or nothing was");
    };
    assert_eq!(bench.said(), [""; 0], "a copy is not answered");
    let counters = bench.endpoint.counters();
    assert_eq!((counters.replayed, counters.unauthenticated), (1, 0));
    bench.reply(asker, id);
    assert_eq!(bench.said().len(), 1);

    bench.now += ms(200);
    them.handle_timeout(bench.now);
    let again = them.poll_transmit().unwrap().octets;
    assert_eq!(peek(&again).body, peek(&first).body);
    assert_ne!(again, first);
    bench.take(&again, THEIRS);
    assert_eq!(bench.requests(), []);
    assert_eq!(bench.said().len(), 1, "the reply again");
}

#[test]
fn messages_may_overtake_each_other_and_the_past_is_refused() {
    let mut bench = us(&[KEY]);
    let (mut them, peer) = them(config(&[KEY], THEIRS), bench.now);
    for _ in 0..200 {
        them.request(peer, actions(), bench.now);
    }
    let sent: Vec<_> = std::iter::from_fn(|| them.poll_transmit()).collect();
    for number in [100, 99, 101, 199, 150] {
        bench.take(&sent[number].octets, THEIRS);
    }
    assert_eq!(bench.requests().len(), 5);
    bench.take(&sent[0].octets, THEIRS);
    assert_eq!(bench.requests(), []);
    assert_eq!(bench.said(), [ANSWER]);
    // The same sender begins again with what it sent before.
    bench.wait(ms(1_000));
    let again = asked(config(&[KEY], THEIRS), bench.now);
    bench.take(&again, THEIRS);
    assert_eq!(bench.requests(), []);
    let mut later = config(&[KEY], THEIRS);
    later.authentication.as_mut().unwrap().first_sequence = 1_000;
    bench.take(&asked(later, bench.now), THEIRS);
    assert_eq!(bench.requests().len(), 1);
}

#[test]
fn a_peer_with_a_key_of_its_own_is_spoken_to_with_it() {
    let own = format!("{SHA1}@192.0.2.2");
    let mut bench = us(&[KEY, &own]);
    bench.endpoint.connect(address(ELSEWHERE), bench.now);
    let peers = [THEIRS, ELSEWHERE, THEIRS].map(|at| {
        let peer = bench.endpoint.connect(address(at), bench.now);
        bench.request(peer);
        let sent = bench.sent().remove(0);
        let header = peek(&sent.octets).authentication.unwrap();
        (header.security_parameter_index, header.sequence_number)
    });
    assert_eq!(peers, [(257, 1), (256, 1), (257, 2)]);
    // Nobody else may use it.
    let elsewhere = asked(config(&[SHA1], ELSEWHERE), bench.now);
    bench.take(&elsewhere, ELSEWHERE);
    assert_eq!(bench.requests(), []);
    assert_eq!(bench.endpoint.counters().unauthenticated, 1);
}

#[test]
fn a_peer_without_a_key_is_spoken_to_without_a_header() {
    let mut bench = us(&[&format!("{KEY}@192.0.2.9")]);
    for at in [THEIRS, "[2001:db8::2]:2944"] {
        let peer = bench.endpoint.connect(address(at), bench.now);
        bench.request(peer);
        let sent = bench.sent().remove(0);
        assert_eq!(peek(&sent.octets).authentication, None, "{at}");
    }
}

#[test]
fn by_a_connection_of_ours_messages_come_to_its_own_port() {
    let (theirs, local) = ("tcp:192.0.2.2:2944", "192.0.2.1:50000".parse().unwrap());
    let mut bench = us(&[KEY]);
    let mut them = Endpoint::new(config(&[KEY], THEIRS), device("them"), 2);
    let peer = them.connect(address("tcp:192.0.2.1:50000"), bench.now);
    let mut ask = |bench: &mut Bench| {
        them.request(peer, actions(), bench.now);
        let sent = them.poll_transmit().unwrap().octets;
        bench.take(&sent, theirs);
        bench.requests().len()
    };
    assert_eq!(ask(&mut bench), 0, "it is not known yet");
    bench.endpoint.handle_connected(route(theirs), local);
    assert_eq!(ask(&mut bench), 1);
    bench.endpoint.handle_closed(route(theirs), bench.now);
    assert_eq!(ask(&mut bench), 0, "it is over");
}

#[test]
fn no_more_senders_are_remembered_than_there_may_be_peers() {
    let mut config = config(&[KEY], OURS);
    config.limits.peers = 1;
    let mut bench = Bench::new(config);
    for (at, heard) in [(THEIRS, 1), (ELSEWHERE, 0), (THEIRS, 1)] {
        let mut theirs = super::authentication::config(&[KEY], at);
        let start = bench.now - bench.start;
        theirs.authentication.as_mut().unwrap().first_sequence =
            u32::try_from(start.as_millis()).unwrap();
        theirs.ids = 1 + u32::try_from(start.as_millis()).unwrap()..=10_000;
        let sent = asked(theirs, bench.now);
        bench.take(&sent, at);
        assert_eq!(bench.requests().len(), heard, "{at}");
        bench.wait(ms(10));
    }
}

#[test]
fn a_message_with_its_header_is_no_longer_than_it_may_be() {
    for encoding in [Encoding::Text, Encoding::Binary] {
        let mut config = config(&[KEY], OURS);
        config.encoding = encoding;
        config.limits.message_octets = 400;
        config.batch_octets = 400;
        let mut bench = Bench::new(config);
        let peer = bench.endpoint.connect(address(THEIRS), bench.now);
        for _ in 0..50 {
            bench.request(peer);
        }
        let lengths: Vec<_> = bench.sent().iter().map(|sent| sent.octets.len()).collect();
        assert!(
            lengths.iter().all(|length| (200..=400).contains(length)),
            "{lengths:?}"
        );
    }
}
