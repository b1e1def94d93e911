//! `h248 decode` and `h248 encode` as scripts use them: what goes in, what comes out, how it ends.

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

const NOTIFY: &str = "MEGACO/3 <mg1.example.net>:2944\n\
    Transaction = 7 { Context = - { Notify = line/1 { ObservedEvents = 12 { \
    20261124T06380000: al/of, dd/ce { ds = \"123\" } } } } }\n";
const SUBTRACT: &str = "!/3 [192.0.2.1]:2944 T=8{C=4{S=rtp/1}}";
const BROKEN: &str = "MEGACO/3 [192.0.2.1]:2944\n\
    Transaction = 77 {\n  Context = x { Subtract = * } }\nPending = 78 { }\n";

/// Runs it with this input; its status, and what it said on stdout and stderr.
fn h248(arguments: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_h248"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("h248 starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    // What it does not want to read is no trouble.
    let _ = stdin.write_all(input);
    drop(stdin);
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().expect("h248 ends");
    let text = |octets: Vec<u8>| String::from_utf8_lossy(&octets).into_owned();
    (status.code(), text(stdout), text(stderr))
}

/// What it prints, where it must succeed.
fn printed(arguments: &[&str], input: &str) -> String {
    let (status, out, told) = h248(arguments, input.as_bytes());
    assert_eq!((status, told.as_str()), (Some(0), ""), "{arguments:?}");
    out
}

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("h248-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

#[test]
fn a_message_is_a_tree_unless_told_otherwise() {
    let wanted = "\
version: 3
mId: <mg1.example.net>:2944
messageBody.transactions
  - transactionRequest
      transactionId: 7
      actions
        - contextId: -
          commandRequests
            - command.notifyReq
                terminationIdList: line/1
                observedEventsDescriptor
                  requestId: 12
                  observedEventLst
                    - timeNotation: 20261124T06380000
                      eventName: al/of
                    - eventName: dd/ce
                      eventParList
                        - ds: \"123\"
";
    assert_eq!(printed(&["decode"], NOTIFY), wanted);
    assert_eq!(
        printed(&["decode", "--encoding", "text", "-"], NOTIFY),
        wanted
    );
}

#[test]
fn text_is_written_as_it_is_sent() {
    let compact = "!/3 <mg1.example.net>:2944 T=7{C=-{N=line/1{OE=12{20261124T06380000:al/of,\
        dd/ce{ds=\"123\"}}}}}";
    assert_eq!(printed(&["decode", "--to", "compact"], NOTIFY), compact);
    let pretty = printed(&["decode", "--to", "pretty"], compact);
    assert!(
        pretty.starts_with("MEGACO/3 <mg1.example.net>:2944\nTransaction = 7 {\n"),
        "{pretty}"
    );
    assert_eq!(printed(&["decode", "--to", "compact"], &pretty), compact);
}

#[test]
fn json_is_written_and_read_back_and_several_documents_are_several_messages() {
    let mut documents = printed(&["decode", "--to", "json"], NOTIFY);
    assert!(
        documents.starts_with("{\n  \"h248\": 1,\n  \"message\": {\n"),
        "{documents}"
    );
    assert_eq!(printed(&["encode", "--to", "json"], &documents), documents);
    documents += &printed(&["decode", "--to", "json"], SUBTRACT);
    let both = printed(&["encode", "--to", "compact"], &documents);
    let notify = printed(&["decode", "--to", "compact"], NOTIFY);
    assert_eq!(both, format!("{notify}\n{SUBTRACT}"));
}

const NAMES: &str = "\
    [terminations]\nlevels = [8, 8, 8]\n[terminations.kinds]\nrtp = { number = 2, digits = 5 }\n\
    [digit-maps]\nplan = 7\n";
const PACKAGES: &str = "\
    [[package]]\nname = \"acme\"\nid = 0x8001\nversion = 1\n[[package.property]]\nname = \"agc\"\n\
    id = 16\ntype = \"integer\"\nin = \"LocalControl\"\nmin = -20\nmax = 20\n";
const VENDOR: &str = "!/3 [192.0.2.1]:2944 T=8{C=4{MF=rtp/00017{DM=plan,M{O{acme/agc=-3}}}}}";

#[test]
fn binary_is_written_and_known_again_raw_and_in_digits() {
    let hex = printed(&["decode", "--to", "hex"], SUBTRACT);
    assert!(
        hex.starts_with("30") && hex.lines().all(|line| line.len() <= 80),
        "{hex}"
    );
    for input in [hex.clone(), hex.replace('\n', " ").to_uppercase()] {
        assert_eq!(printed(&["decode", "--to", "compact"], &input), SUBTRACT);
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_h248"));
    child.args(["encode", "--to", "binary"]);
    let document = printed(&["decode", "--to", "json"], SUBTRACT);
    let folder = folder("binary");
    let file = folder.join("document.json");
    fs::write(&file, document).unwrap();
    let raw = child.arg(&file).output().unwrap().stdout;
    let digits: String = raw.iter().map(|octet| format!("{octet:02x}")).collect();
    assert_eq!(digits, hex.replace('\n', ""));
    let (status, out, _) = h248(&["decode", "--to", "compact"], &raw);
    assert_eq!((status, out.as_str()), (Some(0), SUBTRACT));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn names_and_packages_of_vendors_are_known_by_files() {
    let folder = folder("agreed");
    let path = |name: &str| folder.join(name).display().to_string();
    let (names, packages) = (path("names.toml"), path("packages.toml"));
    fs::write(&names, NAMES).unwrap();
    fs::write(&packages, PACKAGES).unwrap();
    let agreed = ["--names", names.as_str(), "--packages", packages.as_str()];
    let hex = printed(&[&["decode", "--to", "hex"][..], &agreed].concat(), VENDOR);
    let back = printed(
        &[&["decode", "--to", "compact"][..], &agreed].concat(),
        &hex,
    );
    assert_eq!(back, VENDOR);
    let raw = "!/3 [192.0.2.1]:2944 T=8{C=4{MF=id_020011{DM=id_0007,M{O{id_8001/id_0010=-3}}}}}";
    assert_eq!(printed(&["decode", "--to", "compact"], &hex), raw);
    let (status, out, told) = h248(&["decode", "--to", "hex"], VENDOR.as_bytes());
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert!(
        told.contains("has no binary name in mess[1] messageBody[2]"),
        "{told}"
    );
    let (status, _, told) = h248(&["decode", "--packages", &names], VENDOR.as_bytes());
    assert_eq!(status, Some(2));
    assert!(told.starts_with(&format!("{names}: ")), "{told}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_names_that_the_documents_show_are_understood() {
    let page =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/codec.md")).unwrap();
    let names = page
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let folder = folder("page");
    let file = folder.join("names.toml").display().to_string();
    fs::write(&file, names.expect("it shows some")).unwrap();
    let hex = printed(
        &["decode", "--to", "hex", "--names", &file],
        "!/3 mg1 T=7{C=4{S=rtp/00017}}",
    );
    assert!(hex.replace('\n', "").contains("020011"), "{hex}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_rejection_of_binary_names_the_tags_that_lead_to_the_place() {
    let hex = printed(&["decode", "--to", "hex"], SUBTRACT);
    // The Context's number becomes another type of value.
    let broken = hex.replace("800104", "850104");
    assert_ne!(broken, hex);
    let (status, out, told) = h248(&["decode"], broken.as_bytes());
    assert_eq!((status, out.as_str()), (Some(1), ""));
    let wanted = "in mess[1] messageBody[2] transactions[1] #0 transactionRequest[0] actions[1] #0";
    assert!(
        told.starts_with("-: expected ") && told.contains(wanted),
        "{told}"
    );
    let seen = "of it can be read: version 3, mId [192.0.2.1]:2944, transactionRequest 8";
    assert!(told.trim_end().ends_with(seen), "{told}");
}

#[test]
fn a_strict_reading_names_what_is_forbidden_and_rejects() {
    let forbidden = "!/1 [192.0.2.1] T=8{C=4{S=[a,b]}}";
    assert_eq!(
        printed(&["decode", "--to", "compact"], forbidden),
        forbidden
    );
    assert_eq!(
        printed(&["decode", "--strict", "--to", "compact"], SUBTRACT),
        SUBTRACT
    );
    let (status, out, told) = h248(
        &["decode", "--strict", "--to", "compact"],
        forbidden.as_bytes(),
    );
    assert_eq!((status, out.as_str()), (Some(1), forbidden));
    let wanted = "-: transaction 8, Context 4, Subtract a and 1 more: a list of Terminations in a \
        message of version 1, which version 3 brought (termIDList, H.248.1 Annex B.2)\n";
    assert_eq!(told, wanted);
    let (_, _, told) = h248(&["decode", "--strict"], b"!/3 [192.0.2.1] T=8{C=0{MF=a}}");
    let wanted = "-: octet 22: 0 for the null Context, which is - (ContextID, H.248.1 Annex B.2)\n";
    assert_eq!(told, wanted);
    let folder = folder("strict");
    fs::write(folder.join("a"), forbidden).unwrap();
    let path = folder.display().to_string();
    assert_eq!(printed(&["decode", "--batch", &path], ""), "a\tok\t\t\n");
    let (status, out, _) = h248(&["decode", "--strict", "--batch", &path], b"");
    assert_eq!(status, Some(1));
    assert!(
        out.starts_with("a\terror\ttermIDList\ttransaction 8, Context 4, "),
        "{out}"
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_rejection_shows_the_place_and_what_can_be_read_all_the_same() {
    let wanted = "\
-: line 3, octet 57: expected ContextID, found x (Action, transaction 77)
      Context = x { Subtract = * } }
                ^
of it can be read: version 3, mId [192.0.2.1]:2944, transactionRequest 77, transactionPending 78
";
    let told = h248(&["decode"], BROKEN.as_bytes());
    assert_eq!(told, (Some(1), String::new(), wanted.to_owned()));
}

#[test]
fn what_is_no_document_is_rejected_by_its_place() {
    let quoted = printed(&["decode", "--to", "json"], NOTIFY).replace("123", "1\\\"3");
    let (status, out, told) = h248(&["encode"], quoted.as_bytes());
    let wanted = "-: message.messageBody.transactions[0].transactionRequest.actions[0].\
        commandRequests[0].command.notifyReq.observedEventsDescriptor.observedEventLst[1].\
        eventParList[0].value: expected quotedString\n";
    assert_eq!((status, out.as_str(), told.as_str()), (Some(1), "", wanted));
    for input in [
        "",
        "{",
        "[]",
        "{\"h248\":2,\"message\":{}}",
        "null",
        "\u{0}",
    ] {
        let (status, out, told) = h248(&["encode"], input.as_bytes());
        assert_eq!((status, out.as_str()), (Some(1), ""), "{input}");
        assert!(told.starts_with("-: "), "{told}");
    }
}

#[test]
fn files_are_shown_one_after_another_and_the_worst_of_them_decides() {
    let folder = folder("files");
    let path = |name: &str| folder.join(name).display().to_string();
    let (good, bad, none) = (path("good"), path("bad"), path("none"));
    fs::write(&good, SUBTRACT).unwrap();
    fs::write(&bad, BROKEN).unwrap();
    let (status, out, _) = h248(&["decode", "--to", "compact", &good, &good], b"");
    assert_eq!((status, out), (Some(0), format!("{SUBTRACT}\n{SUBTRACT}")));
    let (status, out, told) = h248(&["decode", "--to", "compact", &bad, &good], b"");
    assert_eq!((status, out.as_str()), (Some(1), SUBTRACT));
    assert!(told.starts_with(&format!("{bad}: line 3")), "{told}");
    let (status, _, told) = h248(&["decode", &none, &bad, &good], b"");
    assert_eq!(status, Some(2));
    assert!(told.starts_with(&format!("{none}: No such file")), "{told}");
    let (_, out, _) = h248(&["decode", &good, &good], b"");
    assert_eq!(
        out.matches(&format!("{good}:\nversion: 3\n")).count(),
        2,
        "{out}"
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_batch_has_one_line_for_each_file() {
    let folder = folder("batch");
    fs::create_dir(folder.join("inner")).unwrap();
    fs::write(folder.join("b.txt"), BROKEN).unwrap();
    fs::write(folder.join("a.txt"), SUBTRACT).unwrap();
    let path = folder.display().to_string();
    let wanted = "a.txt\tok\t\t\n\
        b.txt\terror\tContextID\tline 3, octet 57: expected ContextID, found x (Action, transaction 77)\n";
    let told = h248(&["decode", "--batch", &path], b"");
    assert_eq!(told, (Some(1), wanted.to_owned(), String::new()));
    fs::remove_file(folder.join("b.txt")).unwrap();
    assert_eq!(
        printed(&["decode", "--batch", &path], ""),
        "a.txt\tok\t\t\n"
    );
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(h248(&["decode", "--batch", &path], b"").0, Some(2));
}

#[test]
fn usage_that_makes_no_sense_ends_with_2() {
    for arguments in [
        &["decode", "--to", "html"][..],
        &["decode", "--encoding", "morse"],
        &["decode", "--batch", ".", "file"],
        &["decode", "--nonsense"],
        &["encode", "--batch", "."],
    ] {
        let (status, out, told) = h248(arguments, b"");
        assert_eq!((status, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(told.contains("--help"), "{told}");
    }
}

#[test]
fn nothing_that_comes_in_makes_it_panic() {
    let long = vec![b'{'; 5 << 20];
    let inputs: &[&[u8]] = &[
        b"",
        b"\0",
        b"0",
        b"30",
        b"30 80 00",
        b"0\x84\xff\xff\xff\xff",
        b"\xff\xfe",
        b"!/3 a T=1{",
        b"MEGACO/3 \x1b[2J",
        &long,
        &long[..100_000],
    ];
    for input in inputs {
        for arguments in [
            &["decode"][..],
            &["decode", "--encoding", "binary"],
            &["encode"],
        ] {
            let (status, out, told) = h248(arguments, input);
            assert!(
                matches!(status, Some(1 | 2)),
                "{arguments:?}: {status:?} {told}"
            );
            assert_eq!(out, "");
            assert!(
                !told.contains('\u{1b}') && !told.contains("panicked"),
                "{told}"
            );
        }
    }
}

#[test]
fn a_reader_that_has_gone_is_no_trouble() {
    for (arguments, input) in [
        (&["decode"][..], NOTIFY),
        (&["decode", "--to", "compact"], NOTIFY),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_h248"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[test]
fn text_does_not_lose_what_only_binary_has_a_place_for() {
    // A ServiceChange with NonStandardData whose octets are no text.
    let hex = "305ea15c800101a10483026d67a251a14fa04d800101a1483046800100a341303fa03da73ba00e300ca000\
        8108ffffffffffffffffa129800103a411040f160d39303120436f6c6420426f6f74a811a00a8208582d6f3120\
        20202081034fbd46";
    let (status, out, told) = h248(&["decode", "--to", "compact"], hex.as_bytes());
    assert_eq!((status, out.as_str()), (Some(1), ""), "{told}");
    assert!(
        told.contains("text cannot say") && told.contains("nonStandardData"),
        "{told}"
    );
    let (status, ..) = h248(&["decode", "--to", "json"], hex.as_bytes());
    assert_eq!(status, Some(0));
}

#[test]
fn what_cannot_be_written_is_told() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else {
        println!("skipped: this system has no /dev/full");
        return;
    };
    let input = std::env::temp_dir().join(format!("h248-full-{}.txt", std::process::id()));
    fs::write(&input, SUBTRACT).expect("the folder for temporary files can be written");
    let output = Command::new(env!("CARGO_BIN_EXE_h248"))
        .args(["decode", "--to", "binary"])
        .arg(&input)
        .stdout(full)
        .output()
        .expect("h248 starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
}
