//! `h248 decode` of captures.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn h248(arguments: &[&str], capture: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_h248"));
    command.args(arguments).arg(capture);
    command.output().expect("h248 starts")
}

fn lines(octets: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(octets);
    text.lines().map(str::to_owned).collect()
}

fn near(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The project's reference has a real capture; it stands beside a clone, or it does not.
fn reference() -> Option<PathBuf> {
    let path = near("../../shared/captures/fax-call-t38-h248-text-v1.pcap");
    path.exists().then_some(path)
}

#[test]
fn every_message_of_a_capture_has_a_line() {
    let fixture = near("../pcap-fixtures/private-chat-move");
    let output = h248(&["decode", "--batch"], &fixture.join("capture.pcapng"));
    assert!(output.status.success());
    let lines = lines(&output.stdout);
    let manifest = std::fs::read_to_string(fixture.join("manifest.toml")).expect("manifest");
    let messages = format!("messages = {}\n", lines.len());
    assert!(manifest.contains(&messages), "{messages}{manifest}");
    for line in lines {
        let (frame, rest) = line.split_once('\t').expect("columns");
        assert!(frame.parse::<u32>().is_ok(), "{line}");
        assert_eq!(rest, "ok\t\t");
    }
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("messages in"), "{told}");
}

#[test]
fn a_real_capture_is_decoded_whole_and_its_frames_are_those_of_tshark() {
    let Some(capture) = reference() else {
        println!("skipped: the reference's capture is not beside this clone");
        return;
    };
    let output = h248(&["decode", "--batch"], &capture);
    assert!(output.status.success());
    let ours = lines(&output.stdout);
    assert_eq!(ours.len(), 130);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("130 messages in 1552 packets"), "{told}");
    let mut tshark = Command::new("tshark");
    tshark.arg("-r").arg(&capture);
    tshark.args(["-Y", "megaco", "-T", "fields", "-e", "frame.number"]);
    match tshark.output() {
        Ok(output) => {
            let frames = ours.iter().filter_map(|line| line.split('\t').next());
            let frames: Vec<_> = frames.map(str::to_owned).collect();
            assert_eq!(frames, lines(&output.stdout));
        }
        Err(error) => println!("not compared with tshark: {error}"),
    }
}

#[test]
fn messages_are_shown_with_their_place_and_a_bad_one_is_rejected() {
    let folder = std::env::temp_dir().join(format!("h248-captures-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let made = folder.join("made.pcap");
    let written = h248(&["make-capture", "--octets", "20000"], &made);
    assert!(written.status.success());
    let shown = h248(&["decode"], &made);
    assert!(shown.status.success());
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(text.contains("made.pcap: frame 2, "), "{text}");
    assert!(text.contains("10.7.0.1:2944"), "{text}");
    let mut octets = std::fs::read(&made).unwrap();
    let place = octets
        .windows(9)
        .position(|octets| octets == b"!/1 [10.7")
        .unwrap();
    octets[place] = b'?';
    octets.truncate(octets.len() - 3);
    std::fs::write(&made, octets).unwrap();
    let judged = h248(&["decode", "--batch"], &made);
    assert_eq!(judged.status.code(), Some(1));
    let bad: Vec<_> = lines(&judged.stdout);
    let bad = bad.iter().filter(|line| line.contains("\terror\t"));
    assert_eq!(bad.count(), 1);
    let told = String::from_utf8_lossy(&judged.stderr);
    assert!(told.contains("it breaks off"), "{told}");
    std::fs::remove_dir_all(folder).unwrap();
}
