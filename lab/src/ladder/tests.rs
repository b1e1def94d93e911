//! Messages by hand, as they look on the ladder.

use std::time::{Duration, SystemTime};

use codec_h248::{ContextId, TerminationId};

use super::*;
use crate::capture::{Address, Encoding, Transport};

fn datagram(from_controller: bool, milliseconds: u64, text: &str) -> Captured<'static> {
    let (mgc, mg) = (
        SocketAddr::from(([127, 0, 0, 1], 2_944)),
        SocketAddr::from(([127, 0, 0, 1], 2_946)),
    );
    let (from, to) = if from_controller {
        (mgc, mg)
    } else {
        (mg, mgc)
    };
    Captured {
        time: SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds),
        frame: 1,
        from: from.into(),
        to: to.into(),
        transport: Transport::Udp,
        encoding: Encoding::Text,
        octets: text.as_bytes().to_vec().into(),
    }
}

#[test]
fn a_request_and_its_reply_show_direction_context_mode_ports_and_time() {
    let mut ladder = Ladder::default();
    let request = datagram(
        true,
        3_723_004,
        "!/3 [127.0.0.1]:2944 T=1207{C=5{MF=rtp/3{M{O{MO=IN}}}}}",
    );
    assert_eq!(
        ladder.draw(&request),
        ["01:02:03.004 mgc ──▶ mg  T1207 request  C=5 Modify rtp/3 mode=Inactive"]
    );
    let reply = datagram(
        false,
        3_723_006,
        "!/3 [127.0.0.1]:2946 P=1207{C=5{MF=rtp/3}}",
    );
    assert_eq!(
        ladder.draw(&reply),
        ["01:02:03.006 mgc ◀── mg  T1207 reply    C=5 Modify rtp/3  [2.0 ms]"]
    );
    let add = datagram(
        true,
        0,
        "!/3 [127.0.0.1]:2944 T=1208{C=${A=${M{O{MO=SR},L{v=0\nc=IN IP4 $\nm=audio $ RTP/AVP 0\n},R{v=0\nc=IN IP4 127.0.0.1\nm=audio 40020 RTP/AVP 0\n}}}}}",
    );
    assert_eq!(
        ladder.draw(&add),
        [
            "00:00:00.000 mgc ──▶ mg  T1208 request  C=$ Add $ mode=SendReceive local:$/PCMU remote:40020/PCMU"
        ]
    );
}

#[test]
fn repeats_errors_and_rubbish_are_marked() {
    let mut ladder = Ladder::default();
    let pending = datagram(false, 0, "!/3 [127.0.0.1]:2946 PN=7{}");
    ladder.draw(&pending);
    assert!(ladder.draw(&pending)[0].ends_with("T7 pending  (repeat)"));
    let refused = datagram(
        false,
        0,
        "!/3 [127.0.0.1]:2946 P=8{C=5{MV=rtp/9{ER=430{\"Unknown TerminationID\"}}}}",
    );
    assert!(ladder.draw(&refused)[0].ends_with("error 430 Unknown TerminationID"));
    let rubbish = ladder.draw(&datagram(false, 0, "GET / HTTP/1.1"));
    assert!(rubbish[0].contains("does not decode"));
    assert_eq!((ladder.messages(), ladder.undecoded()), (4, 1));
}

#[test]
fn each_transaction_of_a_message_has_a_line_and_only_the_first_a_head() {
    let mut ladder = Ladder::default();
    let both = datagram(
        true,
        0,
        "!/3 [127.0.0.1]:2944 T=1{C=5{S=rtp/1}} T=2{C=6{MV=rtp/2,MF=rtp/3}}",
    );
    let lines = ladder.draw(&both);
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with("T1 request  C=5 Subtract rtp/1"));
    assert!(lines[1].starts_with("            ") && lines[1].contains("Move rtp/2, Modify rtp/3"));
}

#[test]
fn the_counts_of_a_subtract_say_what_they_count() {
    let mut ladder = Ladder::default();
    let text = "!/3 [127.0.0.1]:2946 P=9{C=5{S=rtp/1{SA{rtp/ps=12,rtp/pr=7}}}}";
    let lines = ladder.draw(&datagram(false, 0, text));
    assert!(lines[0].ends_with("C=5 Subtract rtp/1 sent=12 received=7 RTP packets"));
}

#[test]
fn what_is_audited_signalled_and_observed_is_named() {
    let mut ladder = Ladder::default();
    let asked = [
        ("AV=rtp/1{AT{M,SA}}", "AuditValue rtp/1 Media Statistics"),
        ("MF=al/1{SG{cg/rt}}", "Modify al/1 signal cg/rt"),
        ("MF=al/1{SG{}}", "Modify al/1 no signals"),
        (
            "MF=al/1{SG{SL=3{cg/bt,cg/ct}}}",
            "Modify al/1 signals 3: cg/bt cg/ct",
        ),
        (
            "N=al/1{OE=1{ctyp/dtone{dtt=ANS}}}",
            "Notify al/1 ctyp/dtone dtt=ANS",
        ),
    ];
    for (n, (command, told)) in asked.into_iter().enumerate() {
        let text = format!("!/1 [127.0.0.1]:2944 T={n}{{C=5{{{command}}}}}");
        let lines = ladder.draw(&datagram(true, 0, &text));
        assert!(lines[0].ends_with(told), "{lines:?}");
    }
}

#[test]
fn a_registration_tells_the_sides_whatever_the_ports() {
    let far = |end: Address| {
        let mut socket = end.socket().unwrap();
        socket.set_port(socket.port() + 40_000);
        Address::Ip(socket)
    };
    let elsewhere = |datagram: Captured<'static>| Captured {
        from: far(datagram.from),
        to: far(datagram.to),
        ..datagram
    };
    let mut ladder = Ladder::default();
    let request = "!/1 mg7 T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"901 Cold Boot\",V=3}}}}";
    let reply = "!/1 mgc P=1{C=-{SC=ROOT{SV{V=3}}}}";
    let asked = ladder.draw(&elsewhere(datagram(false, 0, request)));
    let told = ladder.draw(&elsewhere(datagram(true, 1, reply)));
    assert!(asked[0].contains("mgc ◀── mg"), "{asked:?}");
    assert!(told[0].contains("mgc ──▶ mg"), "{told:?}");
}

/// A capture by hand: who sends what to whom, and when.
fn seen(milliseconds: u64, from: &str, to: &str, text: &str) -> Captured<'static> {
    let address = |text: &str| text.parse::<SocketAddr>().expect("an address").into();
    Captured {
        from: address(from),
        to: address(to),
        ..datagram(true, milliseconds, text)
    }
}

fn drawn(ladder: &mut Ladder, all: &[Captured<'_>]) -> Vec<String> {
    let mut out = String::new();
    for datagram in all {
        ladder.write(datagram.into(), &mut out);
    }
    ladder.end(&mut out);
    out.lines().map(str::to_owned).collect()
}

#[test]
fn several_controllers_and_gateways_stand_on_their_sides() {
    let (one, two) = ("10.0.0.1:2944", "10.0.0.2:2944");
    let (first, second) = ("10.0.0.7:40000", "10.0.0.8:40000");
    let notify = |name: &str| format!("!/1 {name} T=1{{C=-{{N=al/1{{OE=1{{al/of}}}}}}}}");
    let lines = drawn(
        &mut Ladder::default(),
        &[
            seen(0, one, first, "!/1 mgcA T=1{C=-{AV=ROOT{AT{}}}}"),
            seen(1, two, second, "!/1 mgcB T=1{C=-{AV=ROOT{AT{}}}}"),
            seen(2, second, one, &notify("mgB")),
            // The same gateway from another port.
            seen(3, "10.0.0.8:40001", two, &notify("mgB")),
        ],
    );
    let heads: Vec<&str> = lines.iter().map(|line| line[13..].trim_start()).collect();
    assert!(heads[0].starts_with("mgc ──▶ mg "), "{heads:?}");
    assert!(heads[1].starts_with("mgc2 ──▶ mg2 "), "{heads:?}");
    assert!(heads[2].starts_with("mgc  ◀── mg2 "), "{heads:?}");
    assert!(heads[3].starts_with("mgc2 ◀── mg2 "), "{heads:?}");
}

#[test]
fn a_reply_alone_tells_the_sides_too() {
    let (mgc, mg) = ("10.0.0.1:50000", "10.0.0.2:50000");
    let lines = drawn(
        &mut Ladder::default(),
        &[seen(0, mg, mgc, "!/1 mg P=1{C=-{AV=al/1}}")],
    );
    assert!(lines[0].contains("mgc ◀── mg "), "{lines:?}");
}

const MGC: &str = "10.0.0.1:2944";
const MG: &str = "10.0.0.2:50000";

#[test]
fn repeats_pending_segments_and_reused_ids_are_told() {
    let ask = "!/3 mgc T=5{C=-{AV=*{AT{}}}}";
    let lines = drawn(
        &mut Ladder::default(),
        &[
            seen(0, MGC, MG, ask),
            seen(100, MG, MGC, "!/3 mg PN=5{}"),
            seen(200, MGC, MG, ask),
            seen(300, MG, MGC, "!/3 mg P=5/1{C=-{AV=al/1}}"),
            seen(310, MGC, MG, "!/3 mgc SM=5/1"),
            seen(400, MG, MGC, "!/3 mg P=5/2/END{C=-{AV=al/2}}"),
            seen(500, MG, MGC, "!/3 mg P=5/2/END{C=-{AV=al/2}}"),
            seen(600, MGC, MG, "!/3 mgc K{5}"),
            seen(700, MGC, MG, "!/3 mgc T=5{C=-{AV=al/9{AT{}}}}"),
            seen(60_000, MGC, MG, ask),
        ],
    );
    let ends = [
        "C=- AuditValue *",
        "T5 pending  [100.0 ms]",
        "C=- AuditValue *  (repeat)",
        "T5 reply    segment 1 C=- AuditValue al/1  [300.0 ms]",
        "T5 segment 1 received",
        "T5 reply    segment 2 (last) C=- AuditValue al/2  [400.0 ms]",
        "segment 2 (last) C=- AuditValue al/2  (repeat)",
        "ack T5",
        "AuditValue al/9  (the same id with other words)  (repeat 2)",
        "T5 request  C=- AuditValue *",
    ];
    for (line, end) in lines.iter().zip(ends) {
        assert!(line.ends_with(end), "{line:?} does not end with {end:?}");
    }
    assert_eq!(lines.len(), ends.len());
}

/// A call: a trunk and a stream that the gateway names come together and part, beside another call.
fn call() -> Vec<Captured<'static>> {
    let exchange = |at: u64, id: u32, ask: &str, answer: &str| {
        [
            seen(at, MGC, MG, &format!("!/1 mgc T={id}{{{ask}}}")),
            seen(at + 5, MG, MGC, &format!("!/1 mg P={id}{{{answer}}}")),
        ]
    };
    let all = [
        exchange(0, 1, "C=-{AV=DS/1{AT{}}}", "C=-{AV=ds/1}"),
        exchange(10, 2, "C=${A=ds/1,A=$}", "C=7{A=ds/1,A=rtp/4}"),
        exchange(20, 3, "C=${A=$}", "C=8{A=rtp/5}"),
        exchange(30, 4, "C=7{MF=rtp/4{M{O{MO=SR}}}}", "C=7{MF=rtp/4}"),
        exchange(40, 5, "C=8{MV=DS/1}", "C=8{MV=ds/1}"),
        exchange(50, 6, "C=7{S=rtp/4}", "C=7{S=rtp/4}"),
        exchange(60, 7, "C=8{S=*}", "C=8{S=rtp/5,S=ds/1}"),
        exchange(70, 8, "C=8{MF=rtp/5}", "C=8{ER=411{\"\"}}"),
    ];
    all.into_iter().flatten().collect()
}

/// The ids of the transactions that a filter shows.
fn chosen(filter: Filter) -> Vec<String> {
    let mut ladder = Ladder::default();
    ladder.filter(filter);
    let lines = drawn(&mut ladder, &call());
    let id = |line: &String| line[line.find(" T").expect("an id") + 1..][..2].to_owned();
    let mut ids: Vec<String> = lines.iter().map(id).collect();
    assert!(
        ids.chunks(2).all(|two| two[0] == two[1]),
        "whole transactions: {lines:?}"
    );
    ids.dedup();
    ids
}

#[test]
fn whole_transactions_are_chosen_by_what_request_or_reply_says() {
    let termination = |name: &'static str| Filter {
        terminations: vec![TerminationId::from_name(name)],
        ..Filter::default()
    };
    assert_eq!(chosen(termination("RTP/4")), ["T2", "T4", "T6", "T7"]);
    assert_eq!(chosen(termination("ds/*")), ["T1", "T2", "T5", "T7"]);
    let context = |context| Filter {
        contexts: vec![context],
        ..Filter::default()
    };
    assert_eq!(chosen(context(ContextId::Id(7))), ["T2", "T4", "T6"]);
    assert_eq!(chosen(context(ContextId::Null)), ["T1"]);
    let commands = Filter {
        commands: vec![Verb::Move, Verb::Subtract],
        contexts: vec![ContextId::Id(8)],
        ..Filter::default()
    };
    assert_eq!(chosen(commands), ["T5", "T7"]);
    let transactions = Filter {
        transactions: vec![3..=4, 8..=8],
        ..Filter::default()
    };
    assert_eq!(chosen(transactions), ["T3", "T4", "T8"]);
    let time = Filter {
        from: Some(Moment::After(Duration::from_millis(20))),
        to: Some(Moment::OfDay(Duration::from_millis(40))),
        ..Filter::default()
    };
    assert_eq!(chosen(time), ["T3", "T4"]);
}

#[test]
fn a_termination_is_followed_through_contexts() {
    let filter = Filter {
        follow: Some(TerminationId::from_name("ds/1")),
        ..Filter::default()
    };
    assert_eq!(chosen(filter.clone()), ["T1", "T2", "T4", "T5", "T7"]);
    let mut ladder = Ladder::default();
    ladder.filter(filter);
    let lines = drawn(&mut ladder, &call());
    let notes: Vec<&str> = lines
        .iter()
        .filter_map(|line| Some(line.split_once("◆ ")?.1))
        .collect();
    assert_eq!(
        notes,
        [
            "ds/1 is in the null Context",
            "ds/1 goes from the null Context to Context 7",
            "ds/1 goes from Context 7 to Context 8",
            "ds/1 leaves Context 8",
        ]
    );
}

#[test]
fn figures_count_what_was_seen() {
    let mut reader = Reader::default();
    for datagram in &call() {
        reader.read(datagram.into());
    }
    reader.read((&seen(80, MGC, MG, "!/1 mgc T=9{C=-{AV=al/1{AT{}}}}")).into());
    let statistics = &reader.statistics;
    assert_eq!((statistics.messages, reader.unanswered()), (17, 1));
    assert_eq!(statistics.asked.get(&Verb::Add), Some(&3));
    assert_eq!(statistics.answered.get(&Verb::Subtract), Some(&3));
    assert_eq!(statistics.errors.iter().collect::<Vec<_>>(), [(&411, &1)]);
    let times = statistics.responses.all();
    assert_eq!((times.len(), times.min(), times.max()), (8, 5_000, 5_003));
    assert_eq!(bins(&times), [(10_000, 8)]);
    let text = figures::text(&reader);
    assert!(text.contains("requests without a reply  1"), "{text}");
}

#[test]
fn a_drawing_has_what_the_lines_have_and_its_words_are_no_markup() {
    let mut drawing = Drawing::new("TP_1");
    for datagram in &call() {
        drawing.message(datagram.into());
    }
    let nasty = "!/1 mgc T=9{C=-{SC=ROOT{SV{MT=RS,RE=\"901 <script>alert(1)</script>\"}}}}";
    drawing.message((&seen(80, MG, MGC, nasty)).into());
    drawing.note(SystemTime::UNIX_EPOCH, "a < b", Tone::Bad);
    drawing.end();
    for text in [drawing.html(), drawing.svg(), drawing.page("a & b")] {
        for wanted in [
            "T2 reply    C=7 Add ds/1, Add rtp/4",
            "a &lt; b",
            "&lt;script&gt;alert",
        ] {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
        assert!(!text.contains("<script>alert"));
    }
    assert!(
        drawing.html().contains("href=\"#TP_1-3\""),
        "a reply leads to its request"
    );
}

#[test]
fn what_has_failed_is_shown_alone() {
    let messages = [
        (true, 0, "T=1{C=1{S=a}}"),
        (false, 1, "P=1{C=1{S=a}}"),
        (true, 2, "T=2{C=1{S=b,MF=c{E}}}"),
        (false, 3, "P=2{C=1{S=b,MF=c{ER=430{}}}}"),
        (true, 4, "T=3{C=2{S=d}}"),
        (false, 5, "P=3{ER=411{}}"),
        (true, 6, "T=4{C=3{MF=e{E}}}"),
        (false, 7, "PN=4{}"),
        (false, 8, "ER=400{}"),
    ];
    let drawn = |filter: Filter| {
        let mut ladder = Ladder::default();
        ladder.filter(filter);
        let mut out = String::new();
        for (from_controller, time, text) in messages {
            let text = format!("!/3 [127.0.0.1]:2944 {text}");
            ladder.write((&datagram(from_controller, time, &text)).into(), &mut out);
        }
        ladder.end(&mut out);
        let tail = |line: &str| line.split("  ").nth(1).unwrap_or_default().to_owned();
        out.lines().map(tail).collect::<Vec<_>>()
    };
    let errors = Filter {
        errors: true,
        ..Filter::default()
    };
    let all = [
        "T2 request",
        "T2 reply",
        "T3 request",
        "T3 reply",
        "T4 request",
    ];
    let found = drawn(errors.clone());
    assert_eq!(found[..5], all);
    assert!(
        found.len() == 6 && found[5].contains("error 400"),
        "{found:?}"
    );
    let of = |name| Filter {
        commands: vec![Verb::from_name(name).unwrap()],
        ..errors.clone()
    };
    assert_eq!(drawn(of("Subtract")), ["T3 request", "T3 reply"]);
    assert_eq!(
        drawn(of("Modify")),
        ["T2 request", "T2 reply", "T4 request"]
    );
}

#[test]
fn each_day_is_told_before_its_first_line() {
    let mut ladder = Ladder::default();
    ladder.tell_days();
    let mut tell =
        |milliseconds| ladder.draw(&datagram(true, milliseconds, "!/3 [127.0.0.1]:2944 PN=1{}"));
    let day = 86_400_000;
    // A capture without a clock begins with time.
    assert_eq!(tell(5).len(), 1);
    assert_eq!(tell(20_000 * day)[0], "2024-10-04 (UTC)");
    assert_eq!(tell(20_000 * day + 1).len(), 1);
    assert_eq!(tell(20_001 * day)[0], "2024-10-05 (UTC)");
    assert_eq!(tell(4_000_000 * day)[0], "+12921-08-18 (UTC)");
    let told = "day 200000000 since 1970-01-01 (UTC)";
    assert_eq!(tell(200_000_000 * day)[0], told);
}
