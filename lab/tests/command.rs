//! The command `h248` as a newcomer meets it: what it refuses, and how it says so.

use std::{
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
    let output = h248(arguments).output().unwrap();
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
