//! How `h248 run`, `replay`, `script`, `ladder`, `diff` and `decode` end, and what they say of mistakes.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the peers that the command meets are sockets and threads of the test"
)]

use std::{
    fs,
    net::{TcpListener, UdpSocket},
    path::Path,
    process::Command,
};

use tempfile::TempDir;

struct Ended {
    code: i32,
    said: String,
    complained: String,
}

fn h248(arguments: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_h248"));
    let output = command.args(arguments).output().expect("h248 starts");
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    Ended {
        code: output.status.code().expect("it was not killed"),
        said: text(&output.stdout),
        complained: text(&output.stderr),
    }
}

/// A folder of its own, gone at the end.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("the folder can be made"))
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("the file can be written");
        path
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
}

fn fixture() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../pcap-fixtures/private-chat-move/capture.pcapng");
    path.display().to_string()
}

#[test]
fn missing_files_and_wrong_command_lines_end_as_the_kind_of_command_says() {
    let fixture = fixture();
    let none = "no-such-file";
    for (arguments, code) in [
        (&["decode", none][..], 2),
        (&["ladder", none], 2),
        (&["script", none, "--as", "mgc"], 2),
        (&["diff", none, &fixture], 2),
        (&["run", none], 3),
        (&["replay", none, "--as", "mgc"], 3),
    ] {
        let ended = h248(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.complained);
        assert!(ended.complained.contains(none), "{}", ended.complained);
        let ended = h248(&[arguments[0], "--no-such-option"]);
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.complained);
    }
    for other in ["--html=x", "--svg=x", "--stats"] {
        let ended = h248(&["ladder", "--date", other, &fixture]);
        assert_eq!(ended.code, 2, "{other}: {}", ended.said);
        assert!(ended.complained.contains("--date"), "{}", ended.complained);
    }
    let ended = h248(&["run"]);
    assert_eq!(ended.code, 3);
    assert!(
        ended.complained.contains("<SCENARIO>"),
        "{}",
        ended.complained
    );
    assert_eq!(h248(&["run", "--help"]).code, 0);
}

#[test]
fn a_change_that_changes_nothing_is_a_mistake_of_the_command_line() {
    let told = |arguments: &[&str]| {
        let ended = h248(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.complained);
        ended.complained
    };
    for what in ["leg", "seg"] {
        let nothing = told(&[what, "modify", "call_1", "x_1"]);
        assert!(nothing.contains("required"), "{nothing}");
    }
    for gain in ["999", "21", "-41", "x"] {
        let wrong = told(&["leg", "modify", "call_1", "leg_1", "--gain", gain]);
        let expected = format!("expected -40 to 20, found {gain}");
        assert!(wrong.contains(&expected), "{wrong}");
    }
    let nobody = ["--api", "127.0.0.1:1"];
    for change in [
        &["leg", "modify", "c", "l", "--gain", "-40"][..],
        &["seg", "modify", "c", "s", "--name", "x"],
        &["seg", "modify", "c", "s", "--locked"],
    ] {
        let ended = h248(&[change, &nobody].concat());
        assert_eq!(ended.code, 1, "{change:?}: {}", ended.complained);
    }
}

#[test]
fn a_capture_that_breaks_off_is_shown_and_does_not_end_as_a_whole_one() {
    let folder = Folder::new();
    let whole = fs::read(fixture()).unwrap();
    let cut = folder.path("cut.pcapng");
    fs::write(&cut, &whole[..whole.len() - 7]).unwrap();
    let fixture = fixture();
    for (arguments, code) in [
        (&["decode", "--to", "compact", &cut][..], 1),
        (&["ladder", &cut], 1),
        (&["script", &cut, "--as", "mgc"], 1),
        (&["diff", &cut, &fixture], 2),
    ] {
        let ended = h248(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.complained);
        assert!(
            ended.complained.contains("it breaks off"),
            "{}",
            ended.complained
        );
        assert!(!ended.said.is_empty(), "{arguments:?}");
        let whole: Vec<&str> = arguments
            .iter()
            .map(|word| if *word == cut { fixture.as_str() } else { word })
            .collect();
        assert_eq!(h248(&whole).code, 0, "{whole:?}");
    }
    let empty = folder.file("empty.pcap", "");
    for command in ["ladder", "decode"] {
        let batch = if command == "decode" {
            "--batch"
        } else {
            "--stats"
        };
        let ended = h248(&[command, batch, &empty]);
        assert_eq!(ended.code, 2, "{command}: {}", ended.said);
    }
}

#[test]
fn what_is_wrong_with_a_scenario_is_told_before_anything_is_sent() {
    let folder = Folder::new();
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.set_nonblocking(true).unwrap();
    let to = peer.local_addr().unwrap().to_string();
    let good = "as: mg\ngiven: none\nsend: Context=- {AuditValue=ROOT {Audit {}}}\n";
    for (name, text, told) in [
        (
            "verb.txt",
            format!("{good}sned\n"),
            "4: expected a word of docs/scenarios.md, found \"sned\"",
        ),
        (
            "state.txt",
            "as: mg\ngiven: S99\n".to_owned(),
            "2: expected a state that is there",
        ),
        (
            "body.txt",
            format!("{good}send: Context=1 {{Modfy=a}}\n"),
            "4: what is said does not decode",
        ),
        (
            "name.txt",
            format!("{good}let A: @B\n"),
            "4: expected a name that something gives, found @B",
        ),
        (
            "answer.txt",
            format!("{good}answer: Context=- {{AuditValue=ROOT}}\n"),
            "4: expected one of request, notify, skim before answer, found none",
        ),
        (
            "empty.txt",
            "as: mg\ngiven: none\n".to_owned(),
            "1: expected a step, found none: nothing would be judged",
        ),
    ] {
        let file = folder.file(name, &text);
        for rate in [&[][..], &["--rate", "10"]] {
            let ended = h248(&[&["run", &file, "--to", &to], rate].concat());
            assert_eq!(ended.code, 3, "{name}");
            let wanted = format!("h248: {file}:{told}");
            assert!(
                ended.complained.starts_with(&wanted),
                "{}",
                ended.complained
            );
        }
    }
    assert!(peer.recv_from(&mut [0; 100]).is_err(), "something was sent");
    let named = folder.file("named.txt", &format!("{good}let A: @B\n"));
    let ended = h248(&["run", &named, "--to", &to, "--set", "B=1"]);
    assert_eq!(ended.code, 0, "{}", ended.said);
}

#[test]
fn a_fault_that_comes_to_nothing_is_inconclusive() {
    let folder = Folder::new();
    let ask = "send: Context=- {AuditValue=ROOT {Audit {}}}\n";
    let text = format!("as: mg\ngiven: none\nfault corrupt nosuch 1\n{ask}");
    let file = folder.file("fault.txt", &text);
    let ended = h248(&["run", &file, "--to", "127.0.0.1:9"]);
    assert_eq!(ended.code, 2, "{}", ended.said);
    let told = "fault corrupt: expected a field nosuch in the message behind it; found none";
    assert!(ended.said.contains(told), "{}", ended.said);
}

#[test]
fn where_nobody_is_known_to_be_or_nothing_can_be_had_is_told_with_the_address() {
    let folder = Folder::new();
    let file = folder.file(
        "one.txt",
        "as: mg\ngiven: none\nsend: Context=- {AuditValue=ROOT {Audit {}}}\n",
    );
    let ended = h248(&["run", &file]);
    assert_eq!(ended.code, 3);
    assert!(
        ended.complained.contains("expected --to ADDRESS"),
        "{}",
        ended.complained
    );
    // TEST-NET-1 is nobody's (RFC 5737).
    for rate in [&[][..], &["--rate", "10"]] {
        let ended = h248(
            &[
                &[
                    "run",
                    &file,
                    "--to",
                    "127.0.0.1:9",
                    "--listen",
                    "192.0.2.99:1",
                ],
                rate,
            ]
            .concat(),
        );
        assert_eq!(ended.code, 3);
        let told = "cannot listen at 192.0.2.99:1 over UDP: ";
        assert!(ended.complained.contains(told), "{}", ended.complained);
    }
    let csv = folder.path("no/such/folder/k.csv");
    let ended = h248(&[
        "run",
        &file,
        "--to",
        "127.0.0.1:9",
        "--rate",
        "1",
        "--csv",
        &csv,
    ]);
    assert_eq!(ended.code, 3);
    assert!(
        ended.complained.contains(&csv) && ended.said.is_empty(),
        "{}",
        ended.complained
    );
}

#[test]
fn a_refused_connection_is_the_same_to_run_and_to_replay() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = listener.local_addr().unwrap().to_string();
    drop(listener);
    let script = folder.path("mg.txt");
    let fixture = fixture();
    let made = h248(&["script", &fixture, "--as", "mg", "--out", &script]);
    assert_eq!(made.code, 0, "{}", made.complained);
    let told = format!("no connection to {to} over TCP: Connection refused");
    for how in [&["run", &script][..], &["replay", &fixture, "--as", "mg"]] {
        let ended = h248(&[how, &["--quiet", "--transport", "tcp", "--to", &to]].concat());
        assert_eq!(ended.code, 2, "{how:?}: {}", ended.said);
        assert!(ended.said.contains(&told), "{}", ended.said);
    }
}

#[test]
fn a_peer_that_floods_ends_a_replay_with_a_reason() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    let to = peer.local_addr().unwrap().to_string();
    let echo = std::thread::spawn(move || {
        let mut octets = [0; 4096];
        let wait = Some(std::time::Duration::from_secs(20));
        peer.set_read_timeout(wait).unwrap();
        while let Ok((length, from)) = peer.recv_from(&mut octets) {
            for _ in 0..50 {
                let _gone = peer.send_to(&octets[..length], from);
            }
        }
    });
    let fixture = fixture();
    let ended = h248(&[
        "replay",
        &fixture,
        "--as",
        "mg",
        "--quiet",
        "--to",
        &to,
        "--messages",
        "100",
    ]);
    assert_eq!(ended.code, 1, "{}", ended.said);
    assert!(
        ended.said.contains("more than 100 messages came"),
        "{}",
        ended.said
    );
    let ended = h248(&[
        "replay", &fixture, "--as", "mgc", "--quiet", "--limit", "300ms",
    ]);
    assert_eq!(ended.code, 2, "{}", ended.said);
    assert!(
        ended.said.contains("it took more than 300ms"),
        "{}",
        ended.said
    );
    drop(echo);
}

#[test]
fn filters_that_cannot_match_are_mistakes_and_those_that_do_not_are_told() {
    let folder = Folder::new();
    let fixture = fixture();
    let page = folder.path("page.html");
    for (options, told) in [
        (
            &["--from", "+20", "--to", "+10"][..],
            "expected --from before --to",
        ),
        (&["--termination", ""], "expected the name of a Termination"),
        (&["--follow", ""], "expected the name of a Termination"),
        (&["--transaction", "9-3"], "expected FIRST-LAST"),
        (
            &["--html", &page, "--svg", &page],
            "expected a file of its own",
        ),
        (&["--svg", &fixture], "expected a file of its own"),
    ] {
        let ended = h248(&[&["ladder", &fixture], options].concat());
        assert_eq!(ended.code, 2, "{options:?}");
        assert!(
            ended.complained.contains(told),
            "{options:?}: {}",
            ended.complained
        );
    }
    let late = h248(&["ladder", &fixture, "--from", "+9000"]);
    assert_eq!(late.code, 0);
    assert!(late.complained.contains("none of "), "{}", late.complained);
    let svg = folder.path("late.svg");
    let late = h248(&["ladder", &fixture, "--from", "+9000", "--svg", &svg]);
    assert!(late.complained.contains("none of "), "{}", late.complained);
}
