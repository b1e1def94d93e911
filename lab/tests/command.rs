//! The command `h248` as a newcomer meets it: what it refuses, and how it says so.

#![expect(clippy::disallowed_types, reason = "a test stands for a platform")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output, Stdio},
};

fn h248(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_h248"));
    command.args(arguments);
    command
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs it, which must fail, and returns what it complains of.
fn refused(arguments: &[&str]) -> String {
    let output = h248(arguments).output().expect("h248 starts");
    assert!(!output.status.success(), "{arguments:?}");
    errors(&output)
}

#[test]
fn a_reader_that_has_gone_is_no_trouble() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../pcap-fixtures/private-chat-move/capture.pcapng");
    let ladder = ["ladder", &fixture.display().to_string()];
    for arguments in [&["sim", "--runs", "2"][..], &ladder] {
        let mut child = h248(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        assert_eq!(errors(&output), "", "{arguments:?}");
    }
}

#[test]
fn what_a_full_disk_has_lost_is_told() {
    let folder = std::env::temp_dir().join(format!("h248-full-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let message = folder.join("a.txt");
    fs::write(&message, "!/1 mg1 PN=1{}").unwrap();
    let [folder_name, name] = [&folder, &message].map(|path| path.display().to_string());
    for (arguments, code) in [
        (&["decode", "--batch", &folder_name][..], 2),
        (&["decode", "--to", "tree", &name], 2),
    ] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = h248(arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        let told = errors(&output);
        assert!(told.contains("standard output: No space left"), "{told}");
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_tail_of_events_ends_with_its_reader_though_nothing_happens() {
    let platform = TcpListener::bind("127.0.0.1:0").unwrap();
    let api = platform.local_addr().unwrap().to_string();
    let mut child = h248(&["events", "tail", "--api", &api])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut held, _) = platform.accept().unwrap();
    assert!(held.read(&mut [0; 4096]).unwrap() > 0);
    held.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        .unwrap();
    assert_eq!(child.try_wait().unwrap(), None);
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_simulation_of_nothing_or_of_more_than_everything_is_refused() {
    assert!(refused(&["sim", "--runs", "0"]).contains("--runs"));
    for share in ["--loss", "--duplication", "--reordering"] {
        assert!(refused(&["sim", share, "100.5"]).contains("a number from 0 to 100"));
    }
}

#[test]
fn a_ladder_that_cannot_be_drawn_names_the_file() {
    let told = refused(&["ladder", "no-such.pcapng"]);
    assert!(told.contains("no-such.pcapng"), "{told}");
    let told = refused(&["ladder", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
    assert!(told.contains("Cargo.toml"), "{told}");
}

#[test]
fn programs_that_are_not_there_are_named_with_the_way_out() {
    let out = std::env::temp_dir().join(format!("h248-nowhere-{}", std::process::id()));
    let out_text = out.display().to_string();
    let told = refused(&["demo", "--bin-dir", "/no/where", "--out", &out_text]);
    let wanted = "there is no program /no/where/mgc: \
                  build it (make build) or name its folder with --bin-dir";
    assert!(told.contains(wanted), "{told}");
    fs::remove_dir_all(out).unwrap();
}

#[test]
fn a_demo_whose_controller_ends_says_so_instead_of_what_follows_from_it() {
    let out = std::env::temp_dir().join(format!("h248-ends-{}", std::process::id()));
    fs::create_dir_all(&out).unwrap();
    let scripts = [
        (
            "mgc",
            "echo mgc: h248 127.0.0.1:1; echo mgc: http 127.0.0.1:2; exit 3",
        ),
        ("mg", "echo mg: h248 127.0.0.1:3; exec sleep 20"),
    ];
    for (name, script) in scripts {
        let path = out.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let folder = out.display().to_string();
    let told = refused(&["demo", "--bin-dir", &folder, "--out", &folder]);
    let wanted = format!("mgc has ended early: exit status: 3 (its log: {folder}/mgc.log)");
    assert!(told.contains(&wanted), "{told}");
    fs::remove_dir_all(out).unwrap();
}

#[test]
fn a_platform_that_is_not_there_ends_a_request_with_1_and_a_wrong_call_with_2() {
    let code = |arguments: &[&str]| h248(arguments).output().expect("h248 starts").status.code();
    // Port 1 of this machine is nobody's.
    let nowhere = ["--api", "127.0.0.1:1"];
    for request in [
        &["call", "list"][..],
        &["seg", "create", "call_1", "--name", "x"],
        &["leg", "attach", "call_1", "leg_1", "seg_1"],
        &["events", "tail", "--from", "0"],
        &["op", "show", "op_1"],
        &["gateway", "list"],
    ] {
        assert_eq!(code(&[request, &nowhere].concat()), Some(1), "{request:?}");
        assert_eq!(code(&[request[0]]), Some(2), "{request:?}");
    }
    let told = refused(&["call", "list", "--token", "a\nb"]);
    assert!(told.contains("token"), "{told}");
}
