//! Benches that play with a gateway which nobody starts: another tool, on real sockets.

use transport_h248::Encoding;

use super::*;
use crate::{
    conform::{catalogue::Source, pixit::Pixit},
    scenario::live::Options,
};

/// A gateway with one Context, which is made again and again.
const GATEWAY: &str = "\
standing with: Context=- {AuditValue=ROOT {Audit{}}}
gives: Context=- {AuditValue=ROOT}
standing with: Context=- {Modify=ROOT {Events}}
gives: Context=- {Modify=ROOT}
standing with: Context=* {AuditValue=ROOT {Audit{}}}
gives: Context=* {AuditValue=ROOT {Error=431{}}}
standing with: Context=7 {Subtract=* {Audit{}}}
gives: Context=7 {Subtract=rtp/1}
standing with: Context=$ {Add=$}
gives: Context=7 {Add=rtp/1}
";
const REGISTERS: &str = "send version 1: Context=-{ServiceChange=ROOT{Services{Method=Restart,\
                         Reason=\"901 Cold Boot\",Version=3}}}\nreply with: Context=-{ServiceChange=ROOT}\n";

fn pixit(answers: &[(&str, &str)]) -> Pixit {
    let mut pixit = Pixit::read(None, Role::Mg, &Source::Own).unwrap();
    pixit.forget_hooks();
    pixit.values.remove("PX_PHYS_GROUP");
    let ours = [
        ("PX_TESTER_ADDR", "127.0.0.1:0"),
        ("PX_DESTRUCTIVE", "false"),
    ];
    for (name, value) in ours.iter().chain(answers) {
        pixit.set(name, value).unwrap();
    }
    pixit
}

async fn bench(pixit: &Pixit, target: Option<SocketAddr>) -> (LiveBench, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let site = Site {
        role: Role::Mg,
        source: &Source::Own,
        pixit,
        target,
        seed: 7,
        folder: folder.path(),
        operator: None,
    };
    (LiveBench::new(&site, 1).await.unwrap(), folder)
}

/// Plays the gateway for so long, beside the bench.
fn gateway(mut live: Live, text: String) {
    let mut library = Library::default();
    library.add("N0", "given: N0\n");
    let script = scenario::parse(&format!("given: N0\n{text}wait 60s\n"), 1).unwrap();
    let program = Program::new(&script, &library).unwrap();
    tokio::spawn(async move {
        let settings = Settings::new(scenario::Role::Mg, Encoding::Text);
        live.play(program, settings, &Commands::default()).await
    });
}

fn row(head: &str) -> Purpose {
    let text = format!(
        "purpose: TP_MG_AD_BV_01\nversion: 1+ any\nclause: 7.2.1 (R)\nstatus: M\ntitle: t\n{head}\n\
         send: Context=$ {{Add=$}}\nreply: Context=@C {{Add=@E}}\n"
    );
    Purpose::read(&text, ("mg/AD.txt".to_owned(), 1)).unwrap()
}

#[tokio::test]
async fn a_gateway_that_nobody_starts_registers_once_for_all_rows() {
    let (mut bench, _folder) = bench(&pixit(&[("PX_CONFIG", "lines=2")]), None).await;
    let tester = bench.live.places()["mgc1"];
    assert!(bench.awaits().unwrap().contains(&tester.to_string()));
    let options = Options {
        target: Some(tester),
        ..Options::new(scenario::Role::Mg)
    };
    let live = Live::bind(options).await.unwrap();
    gateway(live, format!("{REGISTERS}{GATEWAY}"));
    for head in ["given: S1", "given: S1", "config: lines=2"] {
        let played = bench.play(&row(head)).await;
        assert_eq!(played.verdict, Verdict::Pass, "{head}: {}", played.reason);
        assert_eq!(played.records, [""; 0]);
    }
    for (head, reason) in [
        (
            "given: S0",
            "nothing makes the gateway register once more: no hook PROMPT_COLD",
        ),
        (
            "config: contexts=2 lines=2",
            "the row needs contexts=2: no hook PROMPT_COLD configures it so, and PX_CONFIG does not say that it is",
        ),
    ] {
        let played = bench.play(&row(head)).await;
        assert_eq!((played.verdict, &*played.reason), (Verdict::Inconc, reason));
    }
}

#[tokio::test]
async fn a_gateway_that_has_registered_before_is_asked() {
    let live = Live::bind(Options::new(scenario::Role::Mg)).await.unwrap();
    let target = live.places()["mg1"];
    gateway(live, GATEWAY.to_owned());
    let (mut bench, _folder) = bench(&pixit(&[]), Some(target)).await;
    let played = bench.play(&row("given: S1")).await;
    assert_eq!(played.verdict, Verdict::Pass, "{}", played.reason);
}

#[tokio::test]
async fn where_no_registration_comes_it_is_said_where_it_was_waited_for() {
    let (mut bench, _folder) = bench(&pixit(&[("PX_T_REGISTER", "200ms")]), None).await;
    let tester = bench.live.places()["mgc1"];
    let played = bench.play(&row("given: S1")).await;
    let told =
        format!("S1 is not reached: no registration came at {tester} (udp, text) within 200ms");
    assert_eq!(played.verdict, Verdict::Inconc);
    assert!(played.reason.starts_with(&told), "{}", played.reason);
}

#[tokio::test]
async fn a_hook_that_cannot_configure_it_so_says_what() {
    let hook = "sh -c 'echo no option contexts >&2; exit 3'";
    let (mut bench, _folder) = bench(&pixit(&[("PROMPT_COLD", hook)]), None).await;
    assert_eq!(bench.awaits(), None);
    let played = bench.play(&row("config: contexts=2")).await;
    let told =
        "PROMPT_COLD cannot configure what is under test with contexts=2: no option contexts";
    assert_eq!((played.verdict, &*played.reason), (Verdict::Inconc, told));
    let hook = "sh -c 'case $H248_OUT in /*) exit 1;; esac'";
    let (mut bench, _folder) = self::bench(&pixit(&[("PROMPT_COLD", hook)]), None).await;
    let played = bench.play(&row("given: S1")).await;
    assert!(
        played.reason.starts_with("PROMPT_COLD was not"),
        "{}",
        played.reason
    );
}
