//! Faults, and scenarios that go on behind what differs.

use std::{sync::Arc, time::Duration};

use transport_h248::Encoding;

use super::*;

struct Stage {
    player: Player,
    now: std::time::Instant,
}

fn stage(text: &str, goes_on: bool) -> Stage {
    let script = parse(&format!("given: none\n{text}"), 0).unwrap();
    let program = Program::new(&script, &Library::default()).unwrap();
    let now = crate::sim::start();
    let mut settings = Settings::new(Role::Mgc, Encoding::Text);
    settings.goes_on = goes_on;
    settings.pace = 0.0;
    let mut player = Player::new(program, Arc::new(settings), now);
    player.handle_timeout(now);
    Stage { player, now }
}

impl Stage {
    fn hear(&mut self, text: &str) {
        self.player
            .handle_message("mgc1", text.as_bytes(), self.now);
    }

    fn sent(&mut self) -> Vec<String> {
        let all = std::iter::from_fn(|| self.player.poll_transmit());
        let text = |one: Transmit| String::from_utf8(one.octets).unwrap();
        let body = |text: String| {
            text.split_once(' ')
                .unwrap()
                .1
                .split_once(' ')
                .unwrap()
                .1
                .to_owned()
        };
        all.map(text).map(body).collect()
    }

    fn pass(&mut self, millis: u64) {
        self.now += Duration::from_millis(millis);
        self.player.handle_timeout(self.now);
    }
}

const ONE: &str = "message: Pending=1{}\n";
const TWO: &str = "message: Pending=2{}\n";

#[test]
fn messages_are_lost_late_doubled_and_out_of_order_as_they_are_told() {
    let (one, two) = ("Pending=1{}", "Pending=2{}");
    for (fault, expected) in [
        ("fault drop", vec![two]),
        ("fault duplicate 2", vec![one, one, one, two]),
        ("fault reorder", vec![two, one]),
    ] {
        let mut stage = stage(&format!("{fault}\n{ONE}{TWO}"), false);
        assert_eq!(stage.sent(), expected, "{fault}");
    }
    let mut stage = stage(&format!("fault delay 300ms\n{ONE}{TWO}wait 1s\n"), false);
    assert_eq!(stage.sent(), [two]);
    assert!(stage.player.poll_timeout().unwrap() <= stage.now + Duration::from_millis(300));
    stage.pass(300);
    assert_eq!(stage.sent(), [one]);
}

#[test]
fn a_field_of_the_next_message_alone_is_another_one() {
    let send = "send: Context=5{Subtract=a}\n";
    let text = format!("fault context 77\n{send}fault corrupt terminationIdList b\n{send}{send}");
    let sent = stage(&text, false).sent();
    let after = |text: &String| text.split_once('{').unwrap().1.to_owned();
    let sent: Vec<String> = sent.iter().map(after).collect();
    assert_eq!(sent[0], "C=77{S=a}}");
    assert_eq!(sent[1], "C=5{S=b}}");
    assert_eq!(sent[2], "Context=5{Subtract=a}}");
}

#[test]
fn a_storm_of_pendings_is_for_the_request_that_came() {
    let text = "request: Context=-{Notify=a{ObservedEvents=1{al/on}}}\nfault pending 3\nanswer: Context=-{Notify=a}\n";
    let mut stage = stage(text, false);
    stage.hear("MEGACO/3 mg Transaction=9{Context=-{Notify=a{ObservedEvents=1{al/on}}}}");
    assert_eq!(
        stage.sent()[2..],
        ["Pending=9{}", "Reply=9{Context=-{Notify=a}}"]
    );
}

#[test]
fn what_differs_is_told_and_the_rest_is_played() {
    let text = "recorded C: 5\nsend named q: Context=${Add=$}\nreply id @q: Context=@C{Add=a}\n\
        send: Context=@C{Subtract=a}\nreply: Context=@C{Subtract=a}\n";
    let mut stage = stage(text, true);
    stage.hear("MEGACO/3 mg Reply=8001{Context=7{Add=b}}");
    assert_eq!(
        stage.sent()[1],
        "Transaction=8002{Context=5{Subtract=a}}",
        "as recorded, since nothing was caught"
    );
    stage.hear("MEGACO/3 mg Reply=8002{Context=5{Subtract=a}}");
    let outcome = stage.player.poll_end().unwrap();
    assert_eq!(outcome.verdict, Verdict::Fail);
    assert_eq!(outcome.differences.len(), 1);
    assert_eq!(outcome.differences[0].line, 3);
    assert!(
        outcome.differences[0].told.contains("terminationIdList"),
        "{}",
        outcome.reason
    );
    assert!(outcome.remarks[0].contains("as recorded"));
}

#[test]
fn the_request_that_fits_is_taken_and_another_one_refused() {
    let text = "request fitting named r: Context=-{Notify=a{ObservedEvents=1{al/on}}}\nanswer id @r: Context=-{Notify=a}\n\
        request fitting: Context=-{AuditValue=b{Audit{}}}\n";
    let mut stage = stage(text, true);
    stage.hear("MEGACO/3 mg Transaction=8{Context=-{ServiceChange=c{Services{Method=Forced,Reason=\"905 x\"}}}}");
    assert!(stage.sent().is_empty());
    stage.hear("MEGACO/3 mg Transaction=9{Context=-{Notify=a{ObservedEvents=1{al/on}}}}");
    assert_eq!(stage.sent(), ["Reply=9{Context=-{Notify=a}}"]);
    stage.pass(5_000);
    assert!(stage.sent()[0].starts_with("Reply=8{Error=501{"));
    assert_eq!(stage.player.poll_end().unwrap().differences.len(), 1);
}

#[test]
fn a_reply_in_segments_is_one_reply_and_each_is_acknowledged() {
    let text =
        "send: Context=1{AuditValue=*{Audit{}}}\nreply: Context=1{AuditValue=a,AuditValue=b}\n";
    let mut stage = stage(text, true);
    stage.sent();
    stage.hear("MEGACO/3 mg Reply=8001/2/END{Context=1{AuditValue=b}}");
    stage.hear("MEGACO/3 mg Reply=8001/1{Context=1{AuditValue=a}}");
    assert_eq!(stage.sent(), ["Segment=8001/2/END", "Segment=8001/1"]);
    assert_eq!(stage.player.poll_end().unwrap().verdict, Verdict::Pass);
}

#[test]
fn rubbish_is_one_difference_and_an_end_from_outside_is_no_better_than_it() {
    let text = "wait 1s\nrequest: Context=1 {Modify=a}\nrequest: Context=2 {Modify=a}\nwait 9s\n";
    let mut stage = stage(text, true);
    let told = "expected TPKT version 3, found 72, from 192.0.2.7:9 over TCP";
    stage.player.handle_garbled("mgc1", told, stage.now);
    stage.pass(1_000);
    stage.hear("MEGACO/3 g Transaction=1{Context=2{Modify=a}}");
    stage.pass(0);
    stage
        .player
        .stop(Verdict::Inconc, "it took more than 5m", stage.now);
    let outcome = stage.player.poll_end().unwrap();
    assert_eq!(outcome.differences.len(), 1, "{outcome:?}");
    let wanted = format!("what came cannot be read: {told}");
    assert_eq!(outcome.differences[0].told, wanted);
    assert_eq!(outcome.verdict, Verdict::Fail);
    assert_eq!(outcome.reason, "it took more than 5m");
}
