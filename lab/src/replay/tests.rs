//! What is derived from small exchanges.

use std::time::{Duration, SystemTime};

use super::*;
use crate::capture::{Address, Captured, Encoding, Transport};

const MGC: &str = "192.0.2.1:2944";
const MG: &str = "192.0.2.10:2944";

fn address(text: &str) -> Address {
    text.parse::<std::net::SocketAddr>().unwrap().into()
}

fn said(at: u64, by: &str, text: &str) -> Captured<'static> {
    let to = if by == MGC { MG } else { MGC };
    Captured {
        frame: 1,
        transport: Transport::Udp,
        encoding: Encoding::Text,
        time: SystemTime::UNIX_EPOCH + Duration::from_millis(at),
        from: address(by),
        to: address(to),
        octets: format!("MEGACO/2 [{}]:2944 {text}", &by[..by.len() - 5])
            .into_bytes()
            .into(),
    }
}

fn call() -> Vec<Captured<'static>> {
    let offer = "v=0\r\nc=IN IP4 $\r\nm=audio $ RTP/AVP 8\r\n";
    let chosen =
        "v=0\r\no=- 7 1 IN IP4 192.0.2.20\r\nc=IN IP4 192.0.2.20\r\nm=audio 20000 RTP/AVP 8\r\n";
    let restart =
        "Context=-{ServiceChange=ROOT{Services{Method=Restart,Reason=\"901 Cold Boot\"}}}";
    vec![
        said(0, MG, &format!("Transaction=1{{{restart}}}")),
        said(
            1,
            MGC,
            "Reply=1{Context=-{ServiceChange=ROOT{Services{Version=2}}}}",
        ),
        said(
            500,
            MGC,
            &format!(
                "Transaction=50{{Context=${{Add=rtp/${{Media{{Local{{{offer}}}}},Events=9{{al/on}}}}}}}}"
            ),
        ),
        said(
            510,
            MG,
            &format!("Reply=50{{Context=5{{Add=rtp/7{{Media{{Local{{{chosen}}}}}}}}}}}"),
        ),
        said(
            700,
            MG,
            "Transaction=2{Context=5{Notify=rtp/7{ObservedEvents=9{20261124T06380000:al/on}}}}",
        ),
        said(701, MGC, "Reply=2{Context=5{Notify=rtp/7}}"),
        said(800, MGC, "Transaction=51{Context=5{Subtract=rtp/7}}"),
        said(
            800,
            MGC,
            "Transaction=52{Context=-{AuditValue=ROOT{Audit{}}}}",
        ),
        said(
            801,
            MG,
            "Reply=51{Context=5{Subtract=rtp/7{Statistics{nt/dur=300}}}}",
        ),
        said(802, MG, "Reply=52{Context=-{AuditValue=ROOT}}"),
    ]
}

fn derived(messages: &[Captured<'_>], side: Side, rules: &[&str]) -> String {
    let given: Vec<Given> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    let wish = Wish {
        side,
        rules: Rules::new(&given),
        origin: "a test".to_owned(),
    };
    scenario(&exchange(messages, None).unwrap(), &wish)
}

#[track_caller]
fn holds(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(line), "no {line:?} in:\n{text}");
    }
}

#[test]
fn the_controller_s_side_asks_by_what_the_live_gateway_has_answered() {
    let text = derived(&call(), Side::Mgc, &[]);
    holds(
        &text,
        &[
            "as: mgc\n",
            "recorded C5: 5\n",
            "recorded T_rtp_7: rtp/7\n",
            "recorded P20000: 20000\n",
            "let R9: 9\n",
            "speak 2\n",
            "request fitting: Context=-{ServiceChange=ROOT{",
            "pause 499ms\nsend: Context=${Add=rtp/${",
            "Events=@R9{al/on}",
            "reply: Context=@C5{Add=@T_rtp_7{Media{Local{\n  c=IN IP4 @A192_0_2_20\n  m=audio @P20000 RTP/AVP 8\n",
            "request fitting: Context=@C5{Notify=@T_rtp_7{ObservedEvents=@R9{al/on}}}",
            "answer: Context=@C5{Notify=@T_rtp_7}",
            "send named q51: Context=@C5{Subtract=@T_rtp_7}",
            "send: Context=-{AuditValue=ROOT{Audit{}}}",
            "reply id @q51: Context=@C5{Subtract=@T_rtp_7{Statistics{nt/dur=@_}}}",
        ],
    );
}

#[test]
fn the_gateway_s_side_chooses_and_takes_the_live_controller_s_requests() {
    let text = derived(&call(), Side::Mg, &[]);
    holds(
        &text,
        &[
            "as: mg\n",
            "let C5: 5\n",
            "let T_rtp_7: rtp/7\n",
            "recorded R9: 9\n",
            "send: Context=-{ServiceChange=ROOT{",
            "request fitting: Context=${Add=rtp/${",
            "answer: Context=@C5{Add=@T_rtp_7{",
            "answer id @r51: Context=@C5{Subtract=@T_rtp_7{Statistics{nt/dur=300}}}",
        ],
    );
}

#[test]
fn rules_that_are_given_make_fields_exact_or_anything() {
    let rules = ["statistics=exact", "context=any", "termination=exact"];
    let text = derived(&call(), Side::Mgc, &rules);
    holds(
        &text,
        &[
            "reply: Context=@_{Add=rtp/7{",
            "Subtract=rtp/7{Statistics{nt/dur=300}}",
        ],
    );
}

#[test]
fn an_exchange_that_begins_in_the_middle_registers_first() {
    let text = derived(&call()[2..], Side::Mg, &[]);
    holds(
        &text,
        &["behind the registration", "Method=Restart", "reply with"],
    );
    let text = derived(&call()[2..], Side::Mgc, &[]);
    holds(
        &text,
        &["request with within 30s: Context=-{ServiceChange=ROOT"],
    );
}

#[test]
fn repeats_are_played_by_our_own_side_and_not_expected_of_the_peer() {
    let mut messages = call();
    let again = messages[2].clone();
    messages.insert(3, again);
    let text = derived(&messages, Side::Mgc, &[]);
    holds(&text, &["again\nreply: Context=@C5"]);
    let text = derived(&messages, Side::Mg, &[]);
    assert!(!text.contains("again"), "{text}");
    holds(&text, &["# Left out: 1 × a repeated request."]);
}

#[test]
fn a_capture_without_messages_says_so() {
    let error = exchange(&[], None).unwrap_err().to_string();
    assert!(error.contains("no H.248 message"), "{error}");
    let error = exchange(&call(), Some("10.0.0.1".parse().unwrap())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no H.248 message comes from or goes to 10.0.0.1"
    );
}

#[test]
fn an_exchange_of_more_messages_than_are_held_is_refused() {
    let all = vec![said(0, MGC, "Pending=1{}"); 100_001];
    let told = exchange(&all, None).unwrap_err().to_string();
    assert!(
        told.contains("expected up to 100000 messages of two, found 100001"),
        "{told}"
    );
    assert_eq!(exchange(&all[..10], None).unwrap().said.len(), 10);
}
