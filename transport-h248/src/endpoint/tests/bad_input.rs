//! What is said to a message that does not decode (H.248.1 8.2.2).

use super::*;

/// What is answered to `text`.
fn said_to(text: &str) -> Vec<String> {
    let mut bench = Bench::new(Config::default());
    bench.receive(text);
    assert_eq!(bench.endpoint.counters().decode_errors, 1, "{text}");
    assert_eq!(bench.events(), [], "{text}");
    assert!(bench.endpoint.is_idle());
    bench.said()
}

#[test]
fn each_level_gets_its_code_in_its_place() {
    let cases = [
        ("MEGACO/2 them", "v2", "error 400"),
        ("MEGACO/2 @@ Transaction=1{}", "v2", "error 400"),
        (
            "MEGACO/9 them Transaction=1{Context=-{AuditValue=ROOT{Audit{}}}}",
            "v3",
            "error 406",
        ),
        (
            "MEGACO/2 them Transaction={Context=-{AuditValue=ROOT{Audit{}}}}",
            "v2",
            "reply 0 403",
        ),
        (
            "MEGACO/2 them Transaction=abc{Context=-{AuditValue=ROOT{Audit{}}}}",
            "v2",
            "reply 0 403",
        ),
        ("MEGACO/2 them Nonsense=3{}", "v2", "reply 0 403"),
        (
            "MEGACO/2 them Transaction=80{Context=abc{AuditValue=ROOT{Audit{}}}}",
            "v2",
            "reply 80 422",
        ),
        (
            "MEGACO/2 them Transaction=81{Context=-{Fetch=ROOT{Audit{}}}}",
            "v2",
            "reply 81 context - 443",
        ),
        (
            "MEGACO/2 them Transaction=84{Context=5{Modify=a{Colour{red}}}}",
            "v2",
            "reply 84 context 5 444",
        ),
        (
            "MEGACO/2 them Transaction=85{Context=5{Modify=a{{}}}}",
            "v2",
            "reply 85 context 5 442",
        ),
        (
            "MEGACO/2 them Transaction=82{Context=5{Modify=a{Media{Nonsense{}}}}}",
            "v2",
            "reply 82 context 5 442",
        ),
        (
            "MEGACO/2 them Transaction=86{Context=-{AuditValue=tdm//@@{Audit{}}}}",
            "v2",
            "reply 86 context - 442",
        ),
        (
            "MEGACO/2 them Transaction=83{Context=5{Modify=a{Events},Modify=a{Media{",
            "v2",
            "reply 83 403",
        ),
    ];
    for (text, version, answer) in cases {
        assert_eq!(
            said_to(text),
            [format!("{version} to {THEIRS}: {answer}")],
            "{text}"
        );
    }
}

#[test]
fn values_that_a_later_version_may_have_are_unknown_and_no_bad_syntax() {
    use codec_h248::{Limits, binary, decode};
    let (limits, names) = (Limits::default(), binary::BinaryProfile::default());
    let cases: [(&str, &[u8]); 3] = [
        ("MF=ROOT{M{O{MO=LB}}}", &[0x80, 1, 4]),
        ("SC=ROOT{SV{MT=RS,RE=\"900\"}}", &[0xa1, 12, 0x80, 1, 3]),
        ("MF=ROOT{M{TS{SI=IV}}}", &[0x82, 1, 2]),
    ];
    for (command, value) in cases {
        let text = format!("!/3 them T=9{{C=5{{{command}}}}}");
        let message = decode(text.as_bytes(), &limits).unwrap();
        let mut octets = Vec::new();
        binary::encode(&message, &names, &mut octets).unwrap();
        let places: Vec<_> = (0..octets.len())
            .filter(|&at| octets[at..].starts_with(value))
            .collect();
        let [place] = places[..] else {
            panic!("{command}: {octets:02x?}");
        };
        octets[place + value.len() - 1] = 99;
        let mut bench = Bench::new(Config::default());
        bench
            .endpoint
            .handle_message(&octets, route(THEIRS), bench.now);
        let answered = bench.sent().remove(0).octets;
        let said = binary::decode(&answered, &limits, &names).unwrap();
        assert_eq!(body(&said), "reply 9 context 5 449", "{command}");
    }
}

#[test]
fn more_transactions_than_are_taken_get_413() {
    let one = "Transaction=1{Context=-{AuditValue=ROOT{Audit{}}}}";
    let text = format!("MEGACO/2 them {}", vec![one; 129].join(" "));
    assert_eq!(said_to(&text), [format!("v2 to {THEIRS}: error 413")]);
}

#[test]
fn answers_that_do_not_decode_are_not_answered() {
    for text in [
        "MEGACO/1 them Reply=5{Context=abc{}}",
        "MEGACO/1 them Reply=5{Context=1{Add=a{Media{Nonsense{}}}}}",
        "MEGACO/1 them Reply={}",
        "MEGACO/1 them Pending=5",
        "MEGACO/1 them TransactionResponseAck{x}",
        "MEGACO/1 them Error=4000000{}",
        "MEGACO/1 them Error=400{} more",
    ] {
        assert_eq!(said_to(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn octets_that_are_no_h248_text_are_counted_and_dropped() {
    for text in [
        "",
        "\0\0\0\0",
        "HELLO/1 x",
        "OPTIONS sip:a@b SIP/2.0",
        "0\u{1}\u{7f}",
        "MEGACO",
    ] {
        assert_eq!(said_to(text), Vec::<String>::new(), "{text:?}");
    }
}

#[test]
fn what_stands_before_a_transaction_that_does_not_decode_is_carried_out_and_no_more() {
    let good = |id| format!("Transaction={id}{{Context=-{{AuditValue=ROOT{{Audit{{}}}}}}}}");
    let bad = "Transaction=2{Context=-{AuditValue=ROOT{Audit{}},Modify=a{Media{Nonsense{}}}}}";
    let (mut bench, peer) = Bench::connected();
    let id = bench.request(peer);
    bench.sent();
    let reply = format!("Reply={id}{{Context=-{{AuditValue=ROOT}}}}");
    let text = format!("MEGACO/1 them {reply} {} {bad} {}", good(1), good(3));
    bench.receive(&text);
    let events = bench.events();
    let [(_, Event::Reply { .. }), (_, Event::Request { id, .. })] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(*id, TransactionId(1));
    let refusal = [format!("v1 to {THEIRS}: reply 2 context - 442")];
    assert_eq!(bench.said(), refusal);
    assert_eq!(bench.endpoint.counters().decode_errors, 1);
    bench.reply(peer, 1);
    assert_eq!(bench.said(), [format!("v1 to {THEIRS}: reply 1 501")]);
    // The refusal is not kept: the peer may mend the transaction and send it again.
    bench.receive(&format!("MEGACO/1 them {}", good(2)));
    assert_eq!(bench.requests(), [(peer, 2)]);
}

#[test]
fn a_stranger_of_whom_nothing_decodes_makes_no_association() {
    let mut bench = Bench::new(Config::default());
    bench.receive("MEGACO/1 them Transaction=1{");
    assert_eq!(bench.said(), [format!("v1 to {THEIRS}: reply 1 403")]);
    assert_eq!(bench.endpoint.mid(PeerId(0)), None);
    bench.receive(&ask(1));
    assert_eq!(bench.endpoint.mid(PeerId(0)), Some(&device("them")));
}

#[test]
fn a_request_with_transaction_id_0_is_refused() {
    let mut bench = Bench::new(Config::default());
    bench.receive(&ask(0));
    assert_eq!(bench.events(), []);
    assert_eq!(bench.said(), [format!("v2 to {THEIRS}: reply 0 403")]);
}

#[test]
fn cut_and_flipped_messages_never_harm() {
    let mut bench = Bench::new(Config::default());
    let mut random = fastrand::Rng::with_seed(3);
    let text = ask(7);
    for length in 0..text.len() {
        bench.receive(&text[..length]);
        assert!(bench.sent().len() <= 1);
    }
    for _ in 0..20_000 {
        let mut octets = text.clone().into_bytes();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..octets.len());
            octets[at] = random.u8(..);
        }
        bench
            .endpoint
            .handle_message(&octets, route(THEIRS), bench.now);
        assert!(bench.sent().len() <= 1);
    }
}
