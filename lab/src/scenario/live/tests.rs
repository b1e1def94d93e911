//! Two tools play with each other, one as the controller and one as the gateway.

use super::*;
use crate::scenario::{Library, parse};

const CONTROLLER: &str = "\
given: N0
request with: Context=-{ServiceChange=ROOT{Services{Method=Restart,Reason=\"901 Cold Boot\"}}}
answer: Context=-{ServiceChange=ROOT{Services{Version=3}}}
send: Context=$ {Add=$ {Media {Stream=1 {LocalControl {Mode=SendReceive}}}}}
reply with: Context=@C {Add=@E}
differ C E
";
const GATEWAY: &str = "\
given: N0
send version 1: Context=-{ServiceChange=ROOT{Services{Method=Restart,Reason=\"901 Cold Boot\",Version=3}}}
reply with: Context=-{ServiceChange=ROOT{Services{Version=@v}}}
speak @v
request with: Context=$ {Add=$}
answer: Context=7 {Add=rtp/1}
";

fn program(text: &str) -> Arc<Program> {
    let mut library = Library::default();
    library.add("N0", "given: N0\n");
    Program::new(&parse(text, 1).unwrap(), &library).unwrap()
}

async fn pair(carrier: Carrier, encoding: Encoding, texts: [&str; 2]) -> [Played; 2] {
    let options = |role| Options {
        carrier,
        encoding,
        limit: Duration::from_secs(20),
        ..Options::new(role)
    };
    let mut mgc = Live::bind(options(Role::Mgc)).await.unwrap();
    let mut mg = Live::bind(options(Role::Mg)).await.unwrap();
    mg.set_target(mgc.places().get("mgc1").copied(), None);
    let settings = |role| Settings {
        patience: Duration::from_secs(2),
        ..Settings::new(role, encoding)
    };
    let none = Commands::default();
    let (one, other) = tokio::join!(
        mgc.play(program(texts[0]), settings(Role::Mgc), &none),
        mg.play(program(texts[1]), settings(Role::Mg), &none)
    );
    [one, other]
}

#[tokio::test]
async fn both_sides_pass_over_every_carrier_and_in_both_encodings() {
    for carrier in [Carrier::Udp, Carrier::Tcp, Carrier::Sctp] {
        for encoding in [Encoding::Text, Encoding::Binary] {
            let [mgc, mg] = pair(carrier, encoding, [CONTROLLER, GATEWAY]).await;
            for played in [&mgc, &mg] {
                let outcome = &played.outcome;
                assert_eq!(outcome.verdict, Verdict::Pass, "{carrier:?} {outcome:?}");
                assert_eq!(outcome.messages.len(), 4);
            }
            assert_eq!(mgc.names["C"], "7");
            assert_eq!(mgc.addresses["mgc1"].1.socket, mg.addresses["mg1"].0);
        }
    }
}

#[tokio::test]
async fn no_number_of_a_transaction_is_used_again_by_the_next_scenario() {
    let text = "given: N0\nids a b\nsend from mgc1: Context=- {AuditValue=ROOT {Audit{}}}\n";
    let play = async |live: &mut Live| {
        let settings = Settings::new(Role::Mgc, Encoding::Text);
        let none = Commands::default();
        let names = live.play(program(text), settings, &none).await.names;
        ["a", "b", "t"].map(|name| names[name].parse::<u32>().unwrap())
    };
    let options = Options {
        target: Some(SocketAddr::from(([127, 0, 0, 1], 9))),
        ..Options::new(Role::Mgc)
    };
    let mut live = Live::bind(options).await.unwrap();
    let [first, second] = [play(&mut live).await, play(&mut live).await];
    let begin = first[0];
    assert_eq!(first, [begin, begin + 1, begin + 2]);
    assert_eq!(second, [begin + 3, begin + 4, begin + 5]);
    let other = play(&mut Live::bind(Options::new(Role::Mgc)).await.unwrap()).await;
    assert!(other[0].abs_diff(begin) > 6, "{other:?} {first:?}");
    assert_eq!(
        (first_id(7), first_id(7) == first_id(8)),
        (first_id(7), false)
    );
}

#[tokio::test]
async fn rubbish_fails_what_waits_and_says_where() {
    let rubbish = "given: N0\nraw: MEGACO/3 [127.0.0.1] Nonsense\nwait 300ms\n";
    for carrier in [Carrier::Udp, Carrier::Tcp, Carrier::Sctp] {
        let [mgc, _] = pair(carrier, Encoding::Text, [CONTROLLER, rubbish]).await;
        assert_eq!(mgc.outcome.verdict, Verdict::Fail);
        assert_eq!(mgc.outcome.line, Some(2));
        let reason = &mgc.outcome.reason;
        assert!(reason.starts_with("what came cannot be read"), "{reason}");
    }
    let bare = "given: N0\nstream: 09 00 00 04\nclosed within 1s\n";
    let [mgc, mg] = pair(Carrier::Tcp, Encoding::Text, [CONTROLLER, bare]).await;
    assert_eq!(mgc.outcome.verdict, Verdict::Fail);
    assert_eq!(mg.outcome.verdict, Verdict::Fail);
}

#[tokio::test]
async fn what_goes_in_one_piece_or_octet_by_octet_arrives_whole() {
    let controller = "given: N0\nrequest with: Context=1 {AuditValue=a}\nrequest with: Context=2 {AuditValue=b}\n\
        request with: Context=3 {AuditValue=c}\n";
    let gateway = "given: N0\ngather\nsend: Context=1 {AuditValue=a {Audit{}}}\nsend: Context=2 {AuditValue=b {Audit{}}}\n\
        release\ndrip\nsend: Context=3 {AuditValue=c {Audit{}}}\nwait 300ms\n";
    let [mgc, _] = pair(Carrier::Tcp, Encoding::Text, [controller, gateway]).await;
    assert_eq!(mgc.outcome.verdict, Verdict::Pass, "{:?}", mgc.outcome);
}

#[tokio::test]
async fn phones_hear_each_other_over_real_packets() {
    let text = "given: N0\nconnect a @PX_RTP_B\nconnect b @PX_RTP_A\nsays a 500\nwait 300ms\n\
        hears b 500\nmisses a 500\n";
    let mut live = Live::bind(Options::new(Role::Mgc)).await.unwrap();
    let settings = Settings::new(Role::Mgc, Encoding::Text);
    let played = live
        .play(program(text), settings, &Commands::default())
        .await;
    assert_eq!(
        played.outcome.verdict,
        Verdict::Pass,
        "{:?}",
        played.outcome
    );
}

#[tokio::test]
async fn hooks_give_names_and_their_status_is_a_verdict() {
    let text = "given: N0\nprompt WARM\nequal A 1\ntrigger CREATE\nsees leg 1 up\n";
    let play = async |lines: [(&str, &str); 3]| {
        let lines = lines.map(|(name, line)| (name.to_owned(), line.to_owned()));
        let hooks = Commands::new(lines);
        let mut live = Live::bind(Options::new(Role::Mgc)).await.unwrap();
        let settings = Settings::new(Role::Mgc, Encoding::Text);
        let outcome = live.play(program(text), settings, &hooks).await.outcome;
        (outcome.verdict, outcome.reason)
    };
    let yes = ("PROMPT_WARM", "echo A=1");
    let north = ("NORTH", "true");
    let trigger = ("TRIG_CREATE", "true");
    let none = String::new();
    assert_eq!(play([yes, trigger, north]).await, (Verdict::Pass, none));
    let (verdict, reason) =
        play([yes, trigger, ("NORTH", "sh -c 'echo no leg >&2; exit 1'")]).await;
    assert_eq!((verdict, &*reason), (Verdict::Fail, "not seen: no leg"));
    let (verdict, reason) = play([("PROMPT", "sh -c 'exit 3'"), trigger, north]).await;
    assert_eq!(verdict, Verdict::Inconc);
    let told = "what is under test has no PROMPT_WARM: exit status 3, and nothing on stderr";
    assert_eq!(reason, told);
    for (hooks, told) in [
        (
            [("PROMPT", "sh -c 'exit 5'"), trigger, north],
            "PROMPT_WARM: exit status 5, and nothing on stderr",
        ),
        (
            [("PROMPT", "sh -c 'exit 1'"), trigger, north],
            "PROMPT_WARM was not taken: exit status 1, and nothing on stderr",
        ),
        (
            [yes, trigger, ("NORTH", "sh -c 'echo >&2; exit 1'")],
            "not seen: exit status 1, and nothing on stderr",
        ),
    ] {
        assert_eq!(play(hooks).await.1, told);
    }
    let (verdict, reason) = play([("X", "true"), trigger, north]).await;
    assert_eq!(
        (verdict, &*reason),
        (Verdict::Inconc, "PROMPT_WARM: no hook PROMPT_WARM")
    );
}

#[tokio::test]
async fn a_trigger_without_a_hook_is_no_pass_wherever_it_stands() {
    for rest in ["", "wait 100ms\n"] {
        let text = format!("given: none\ntrigger CREATE\n{rest}");
        let mut live = Live::bind(Options::new(Role::Mgc)).await.unwrap();
        let settings = Settings::new(Role::Mgc, Encoding::Text);
        let none = Commands::default();
        let played = live.play(program(&text), settings, &none).await;
        let ended = (played.outcome.verdict, &*played.outcome.reason);
        let told = "TRIG_CREATE: no hook TRIG_CREATE";
        assert_eq!(ended, (Verdict::Inconc, told), "{rest:?}");
    }
}

#[test]
fn media_is_told_from_messages_by_its_first_octet() {
    for media in [&[0x80, 8][..], &[0x81, 0xc8], &[0xbf]] {
        assert!(super::is_media(media), "{media:?}");
    }
    for message in [&b"!/3 mg"[..], b"MEGACO/3", &[0x30, 0x80], &[0xff], b""] {
        assert!(!super::is_media(message), "{message:?}");
    }
}

#[tokio::test]
async fn what_another_than_the_target_says_passes_nothing() {
    for (carrier, target, verdict) in [
        (Carrier::Udp, "127.0.0.1:9", Verdict::Inconc),
        (Carrier::Tcp, "127.0.0.9:9", Verdict::Inconc),
        (Carrier::Sctp, "127.0.0.9:9", Verdict::Inconc),
        // A connection comes from any port.
        (Carrier::Tcp, "127.0.0.1:9", Verdict::Pass),
        (Carrier::Sctp, "127.0.0.1:9", Verdict::Pass),
    ] {
        let outcome = spoken_to_by_another(carrier, target).await;
        assert_eq!(outcome.verdict, verdict, "{carrier:?} {target} {outcome:?}");
        let told = format!("expected {target}, which is said to be under test; found 127.0.0.1:");
        let is_told = outcome.reason.starts_with(&told);
        assert_eq!(is_told, verdict == Verdict::Inconc, "{outcome:?}");
    }
}

/// How a controller ends whose gateway is not where it is said to be.
async fn spoken_to_by_another(carrier: Carrier, target: &str) -> Outcome {
    let options = |role| Options {
        carrier,
        limit: Duration::from_secs(20),
        ..Options::new(role)
    };
    let mut mgc = Live::bind(Options {
        target: Some(target.parse().unwrap()),
        ..options(Role::Mgc)
    })
    .await
    .unwrap();
    let mut mg = Live::bind(options(Role::Mg)).await.unwrap();
    mg.set_target(mgc.places().get("mgc1").copied(), None);
    let settings = |role| Settings {
        patience: Duration::from_secs(2),
        ..Settings::new(role, Encoding::Text)
    };
    let none = Commands::default();
    let (mgc, mg) = tokio::join!(
        mgc.play(program(CONTROLLER), settings(Role::Mgc), &none),
        mg.play(program(GATEWAY), settings(Role::Mg), &none)
    );
    assert_eq!(mg.outcome.verdict, Verdict::Pass, "{:?}", mg.outcome);
    mgc.outcome
}

#[tokio::test]
async fn a_last_step_that_cannot_be_sent_is_no_pass() {
    let mut mg = Live::bind(Options {
        carrier: Carrier::Tcp,
        target: Some("127.0.0.1:1".parse().unwrap()),
        ..Options::new(Role::Mg)
    })
    .await
    .unwrap();
    let text = "given: N0\nsend: Context=- {AuditValue=ROOT {Audit {}}}\n";
    let settings = Settings::new(Role::Mg, Encoding::Text);
    let played = mg.play(program(text), settings, &Commands::default()).await;
    let outcome = played.outcome;
    assert_eq!(outcome.verdict, Verdict::Inconc, "{outcome:?}");
    assert!(outcome.reason.contains("127.0.0.1:1"), "{outcome:?}");
}
