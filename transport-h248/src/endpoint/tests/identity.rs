//! Which association a message belongs to.

use super::*;

#[test]
fn the_first_message_from_its_address_names_a_connected_association() {
    let (mut bench, peer) = Bench::connected();
    assert_eq!(bench.endpoint.mid(peer), None);
    bench.receive(&ask(1));
    assert_eq!(bench.requests(), [(peer, 1)]);
    assert_eq!(bench.endpoint.mid(peer), Some(&device("them")));
}

#[test]
fn a_reply_from_another_port_of_its_host_names_the_association_whose_request_it_answers() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    bench.receive_from(&answer(id), ELSEWHERE);
    assert_eq!((bench.events(), bench.endpoint.mid(peer)), (vec![], None));
    bench.receive_from(&answer(id), THEIRS_TOO);
    assert_eq!(bench.events().len(), 1);
    assert_eq!(bench.endpoint.mid(peer), Some(&device("them")));
    bench.receive_from(&ask(1), THEIRS_TOO);
    bench.receive(&ask(2));
    assert_eq!(bench.requests(), [(peer, 1), (peer, 2)], "it is at both");
    assert_eq!(bench.endpoint.address(peer), Some(address(THEIRS)));
}

#[test]
fn a_pending_and_an_error_message_name_it_too() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    bench.receive_from(&format!("MEGACO/1 them Pending={id}{{}}"), THEIRS_TOO);
    assert_eq!(bench.endpoint.mid(peer), Some(&device("them")));
    let (mut bench, peer) = Bench::connected();
    bench.receive("MEGACO/1 them Error=406{\"too new\"}");
    assert_eq!(bench.endpoint.mid(peer), Some(&device("them")));
    let error = ErrorDescriptor {
        code: ErrorCode::VERSION_NOT_SUPPORTED,
        text: Some("too new".into()),
    };
    assert_eq!(bench.events(), [(peer, Event::MessageError { error })]);
}

#[test]
fn a_reply_to_transaction_0_says_that_a_message_could_not_be_read() {
    let (mut bench, peer) = Bench::connected();
    bench.receive("MEGACO/1 them Reply=0{Error=403{}}");
    let error = ErrorDescriptor {
        code: ErrorCode::SYNTAX_TRANSACTION,
        text: None,
    };
    assert_eq!(bench.events(), [(peer, Event::MessageError { error })]);
}

#[test]
fn equal_transaction_ids_of_two_peers_are_two_requests() {
    let mut bench = Bench::new(Config::default());
    bench.receive(&ask(1));
    bench.receive(&ask(1).replace("them", "others"));
    let requests = bench.requests();
    let [(a, 1), (b, 1)] = requests[..] else {
        panic!("{requests:?}");
    };
    assert_ne!(a, b);
    bench.reply(b, 1);
    bench.receive(&ask(1));
    let said = [
        format!("v2 to {THEIRS}: reply 1 501"),
        format!("v2 to {THEIRS}: pending 1"),
    ];
    assert_eq!(bench.said(), said);
}

#[test]
fn a_peer_is_one_peer_however_it_spells_its_name() {
    let mut bench = Bench::new(Config::default());
    bench.receive(&ask(1));
    bench.receive(&ask(1).replace("them", "THEM"));
    assert_eq!(bench.requests().len(), 1);
    assert_eq!(bench.endpoint.counters().duplicates, 1);
}

#[test]
fn a_stranger_with_nothing_to_ask_makes_no_association() {
    let mut bench = Bench::new(Config::default());
    for text in [
        answer(5).as_str(),
        "MEGACO/1 them Pending=5{}",
        "MEGACO/1 them TransactionResponseAck{5}",
        "MEGACO/1 them Error=400{}",
    ] {
        bench.receive(text);
    }
    assert_eq!(bench.endpoint.counters().foreign, 4);
    assert_eq!((bench.events(), bench.sent()), (vec![], vec![]));
}

#[test]
fn what_the_peer_began_before_it_was_named_goes_on_in_the_connected_association() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    bench.receive_from(&ask(1), THEIRS_TOO);
    let (stranger, 1) = bench.requests()[0] else {
        panic!("no request");
    };
    assert_ne!(stranger, peer);
    bench.sent();
    bench.receive_from(&answer(id), THEIRS_TOO);
    let replies = bench.events();
    assert!(matches!(replies[..], [(from, Event::Reply { .. })] if from == peer));
    assert_eq!(bench.endpoint.mid(stranger), Some(&device("them")));
    assert_eq!(bench.endpoint.address(stranger), Some(address(THEIRS)));
    bench.receive_from(&ask(1), THEIRS_TOO);
    bench.reply(stranger, 1);
    let said = [
        format!("v2 to {THEIRS_TOO}: pending 1"),
        format!("v2 to {THEIRS_TOO}: reply 1! 501"),
    ];
    assert_eq!(bench.said(), said);
    bench.receive(&ask(2));
    assert_eq!(bench.requests(), [(peer, 2)]);
    bench.reply(peer, 2);
    while bench.wake().is_some() {}
    assert!(bench.endpoint.is_idle());
}

#[test]
fn under_a_peers_name_another_host_is_refused_and_changes_nothing() {
    let stranger = ELSEWHERE;
    let (mut bench, peer) = Bench::connected();
    bench.receive(&ask(1));
    bench.reply(peer, 1);
    bench.events();
    bench.sent();
    for id in [1, 2] {
        bench.receive_from(&ask(id), stranger);
        let refusal = [format!("v2 to {stranger}: reply {id} 504")];
        assert_eq!(bench.said(), refusal);
    }
    bench.receive_from(&service_change(3, "Restart"), stranger);
    let refusal = [format!("v1 to {stranger}: reply 3 504")];
    assert_eq!(bench.said(), refusal, "the program chose where its peer is");
    bench.receive_from("MEGACO/1 them TransactionResponseAck{1}", stranger);
    bench.receive_from("MEGACO/1 them Error=400{}", stranger);
    bench.receive_from("MEGACO/1 them Reply=0{Error=403{}}", stranger);
    assert_eq!((bench.events(), bench.said()), (vec![], vec![]));
    assert_eq!(bench.endpoint.counters().from_elsewhere, 6);
    // The peer itself is as it was: its reply is still kept, its next request still new.
    bench.receive(&ask(1));
    assert_eq!(bench.said(), [format!("v2 to {THEIRS}: reply 1 501")]);
    bench.receive(&ask(2));
    assert_eq!(bench.requests(), [(peer, 2)]);
}

#[test]
fn who_was_chosen_as_a_peer_may_ask_from_another_port_and_is_answered_there() {
    let (mut bench, peer) = Bench::connected();
    bench.receive(&ask(1));
    bench.reply(peer, 1);
    bench.events();
    bench.sent();
    bench.receive_from(&ask(1), THEIRS_TOO);
    assert_eq!(bench.said(), [format!("v2 to {THEIRS_TOO}: reply 1 501")]);
    bench.receive_from(&ask(2), THEIRS_TOO);
    assert_eq!(bench.requests(), [(peer, 2)]);
    bench.reply(peer, 2);
    assert_eq!(bench.said(), [format!("v2 to {THEIRS_TOO}: reply 2 501")]);
    bench.receive_from("MEGACO/1 them TransactionResponseAck{1}", THEIRS_TOO);
    bench.receive_from("MEGACO/1 them Error=400{}", THEIRS_TOO);
    assert_eq!((bench.events(), bench.said()), (vec![], vec![]));
    assert_eq!(bench.endpoint.counters().from_elsewhere, 2);
    // Where we send has not changed.
    let id = bench.request(peer);
    assert_eq!(bench.said(), [format!("v1 to {THEIRS}: request {id}")]);
}

#[test]
fn what_answers_our_requests_counts_from_every_port_of_the_peers_host_and_from_no_other_host() {
    let (mut bench, peer) = Bench::connected();
    bench.receive(&ask(1));
    bench.events();
    let id = bench.request(peer);
    bench.sent();
    let pending = format!("MEGACO/1 them Pending={id}{{}}");
    let marked = answer(id).replace("{Context", "{ImmAckRequired,Context");
    for text in [&pending, &marked] {
        bench.receive_from(text, ELSEWHERE);
    }
    assert_eq!((bench.events(), bench.said()), (vec![], vec![]));
    let counters = bench.endpoint.counters();
    assert_eq!(
        (counters.from_elsewhere, counters.pendings_received),
        (2, 0)
    );
    for text in [&pending, &marked] {
        bench.receive_from(text, THEIRS_TOO);
    }
    assert_eq!(bench.endpoint.counters().pendings_received, 1);
    assert!(matches!(bench.events()[..], [(_, Event::Reply { .. })]));
    bench.wake();
    assert_eq!(bench.said(), [format!("v1 to {THEIRS_TOO}: ack {id}-{id}")]);
}

#[test]
fn a_peer_that_came_by_itself_moves_by_a_registration_and_by_nothing_else() {
    let mut bench = Bench::new(Config::default());
    bench.receive(&service_change(1, "Restart"));
    let (peer, _) = bench.requests()[0];
    bench.reply(peer, 1);
    bench.sent();
    for text in [
        ask(2),
        service_change(3, "Forced"),
        service_change(3, "Graceful"),
    ] {
        for stranger in [THEIRS_TOO, ELSEWHERE] {
            bench.receive_from(&text, stranger);
            assert_eq!(bench.requests(), []);
        }
    }
    assert_eq!(bench.endpoint.counters().from_elsewhere, 6);
    bench.receive_from(&service_change(4, "Disconnected"), ELSEWHERE);
    bench.receive_from(&ask(5), ELSEWHERE);
    assert_eq!(bench.requests(), [(peer, 4), (peer, 5)]);
    assert_eq!(
        bench.endpoint.address(peer),
        Some(address(THEIRS)),
        "where requests go is for the program to say"
    );
    bench.endpoint.set_address(peer, address(ELSEWHERE));
    bench.receive(&ask(6));
    assert_eq!(bench.requests(), [], "it is not there any more");
}

#[test]
fn what_another_asked_under_the_name_of_a_peer_to_come_is_not_the_peers() {
    for place in [THEIRS_TOO, ELSEWHERE] {
        let (mut bench, peer) = Bench::connected();
        bench.receive_from(&ask(1), place);
        let (stranger, _) = bench.requests()[0];
        bench.reply(stranger, 1);
        bench.sent();
        bench.receive(&ask(1));
        assert_eq!(bench.requests(), [(peer, 1)]);
    }
}

#[test]
fn another_that_answers_at_its_address_takes_the_association_over() {
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    bench.receive(&answer(id));
    bench.receive(&ask(1));
    bench.events();
    let id = bench.request(peer);
    let other = answer(id).replace("them", "others");
    bench.receive_from(&other, ELSEWHERE);
    assert_eq!(bench.endpoint.mid(peer), Some(&device("them")));
    bench.receive(&other);
    assert_eq!(bench.endpoint.mid(peer), Some(&device("others")));
    assert_eq!(bench.events().len(), 1);
    bench.receive(&ask(1).replace("them", "others"));
    assert_eq!(bench.requests(), [(peer, 1)]);
}

/// A request of a peer of that name, from its own port.
fn ask_as(bench: &mut Bench, name: &str) -> Option<PeerId> {
    let port = 3_000 + u16::try_from(name.len()).unwrap();
    let from = format!("192.0.2.9:{port}");
    bench.receive_from(&ask(1).replace("them", name), &from);
    bench.requests().pop().map(|(peer, _)| peer)
}

/// An endpoint that holds two peers.
fn small() -> Bench {
    let mut config = Config::default();
    config.limits.peers = 2;
    Bench::new(config)
}

#[test]
fn over_the_limit_the_oldest_peer_that_was_only_answered_makes_room_and_no_other() {
    let mut bench = small();
    let used = ask_as(&mut bench, "used").unwrap();
    let passing = ask_as(&mut bench, "passing").unwrap();
    bench.endpoint.set_version(used, 3);
    assert_eq!(ask_as(&mut bench, "third"), None, "both execute");
    bench.reply(used, 1);
    assert_eq!(ask_as(&mut bench, "third"), None, "one is used");
    assert_eq!(bench.endpoint.counters().peers_dropped, 2);
    bench.reply(passing, 1);
    let third = ask_as(&mut bench, "third").unwrap();
    assert_eq!(bench.endpoint.mid(passing), None);
    assert_eq!(bench.endpoint.mid(used), Some(&device("used")));
    assert_eq!(ask_as(&mut bench, "fourth"), None, "the third executes");
    bench.reply(third, 1);
    assert!(ask_as(&mut bench, "fourth").is_some());
}

#[test]
fn a_crowd_of_invented_names_neither_keeps_a_peer_out_nor_drives_one_out() {
    let mut config = Config::default();
    config.limits.peers = 8;
    let mut bench = Bench::new(config);
    bench.receive(&service_change(1, "Restart"));
    let (peer, _) = bench.requests()[0];
    let crowd = |bench: &mut Bench, from: u32| {
        for number in from..from + 100 {
            let stranger = ask_as(bench, &format!("stranger{number}")).unwrap();
            bench.reply(stranger, 1);
        }
    };
    crowd(&mut bench, 0);
    bench.reply(peer, 1);
    bench.endpoint.set_address(peer, address(THEIRS));
    crowd(&mut bench, 100);
    bench.sent();
    bench.receive(&service_change(1, "Restart"));
    assert_eq!(bench.said(), [format!("v1 to {THEIRS}: reply 1 501")]);
    bench.receive(&service_change(2, "Restart").replace("them", "late"));
    assert_eq!(bench.requests().len(), 1, "there is room for another");
    assert_eq!(bench.endpoint.counters().peers_dropped, 0);
}

#[test]
fn replies_to_invented_names_are_kept_within_bounds_and_those_to_a_peer_in_use_stay() {
    let mut config = Config::default();
    config.limits.kept_octets = 1_000;
    let mut bench = Bench::new(config);
    let used = ask_as(&mut bench, "used").unwrap();
    bench.endpoint.set_version(used, 3);
    bench.reply(used, 1);
    for number in 0..100 {
        let stranger = ask_as(&mut bench, &format!("stranger{number}")).unwrap();
        bench.reply(stranger, 1);
        assert!(bench.endpoint.held().kept_octets <= 1_000);
    }
    bench.sent();
    assert_eq!(ask_as(&mut bench, "used"), None, "it is a repeat");
    assert_eq!(bench.said().len(), 1);
    assert!(bench.endpoint.counters().peers_forgotten > 50);
}

#[test]
fn who_has_as_much_kept_as_may_be_leaves_others_their_part() {
    let mut config = Config::default();
    config.limits.peers = 2;
    config.limits.kept_octets = 400;
    let mut bench = Bench::new(config);
    let ask_as = |bench: &mut Bench, name: &str, id: u32| {
        let port = 3_000 + u16::try_from(name.len()).unwrap();
        let message = ask(id).replace("them", name);
        bench.receive_from(&message, &format!("192.0.2.9:{port}"));
        let peer = bench.requests().pop().map(|(peer, _)| peer)?;
        bench.endpoint.set_version(peer, 3);
        bench.reply(peer, id);
        Some(peer)
    };
    let taken = (1..100).filter_map(|id| ask_as(&mut bench, "greedy", id));
    let taken = taken.count();
    assert!((2..20).contains(&taken), "{taken}");
    assert!(ask_as(&mut bench, "modest", 1).is_some());
    assert_eq!(ask_as(&mut bench, "greedy", 100), None);
}

#[test]
fn a_request_to_a_peer_that_is_gone_is_not_sent() {
    let (mut bench, peer) = Bench::connected();
    bench.request(peer);
    bench.receive(&ask(1));
    bench.events();
    bench.endpoint.disconnect(peer);
    assert!(bench.endpoint.is_idle());
    assert_eq!(bench.endpoint.poll_timeout(), None);
    assert_eq!(bench.endpoint.address(peer), None);
    let id = TransactionId(bench.request(peer));
    assert_eq!(bench.events(), [(peer, Event::Unsent { id })]);
    bench.reply(peer, 1);
    bench.receive(&ask(1));
    let (again, 1) = bench.requests()[0] else {
        panic!("no request");
    };
    assert_ne!(again, peer);
}
