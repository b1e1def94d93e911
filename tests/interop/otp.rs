//! The codec of Erlang/OTP reads what we wrote, and we read what it writes of it.

use std::{fs, path::Path, process::Command};

use codec_h248::{Limits, Message, Style, TextProfile, decode, encode};
use h248_tests::scratch;

use super::recorded::datagrams;

/// The message as text without differences of case and white space, which that codec keeps
/// neither in names nor at the end of session descriptions.
fn folded(message: &Message<'_>) -> String {
    let mut octets = Vec::new();
    encode(message, &TextProfile::of(Style::Pretty), &mut octets);
    let text = String::from_utf8_lossy(&octets).to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(path: &Path) -> String {
    let octets = fs::read(path).expect("the file was written");
    let message = decode(&octets, &Limits::default());
    let message = message.unwrap_or_else(|error| {
        panic!(
            "{}: {error}\n{}",
            path.display(),
            String::from_utf8_lossy(&octets)
        )
    });
    folded(&message)
}

#[test]
fn every_message_survives_a_journey_through_a_third_party_codec() {
    let folder = scratch("otp");
    let mut files = Vec::new();
    for (number, datagram) in datagrams().iter().enumerate() {
        let message = decode(&datagram.octets, &Limits::default()).expect("we sent it");
        for style in [Style::Pretty, Style::Compact] {
            let mut octets = Vec::new();
            encode(&message, &TextProfile::of(style), &mut octets);
            let path = folder.join(format!("{number:03}-{style:?}.txt"));
            fs::write(&path, octets).expect("the folder is ours");
            files.push(path);
        }
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/otp_codec.escript");
    let output = Command::new("escript").arg(script).args(&files).output();
    let output = output.expect("escript is installed by `make test`");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    for path in files {
        let ours = read(&path);
        for style in ["pretty", "compact"] {
            let theirs = path.with_added_extension(style);
            assert_eq!(read(&theirs), ours, "{}", theirs.display());
        }
    }
}
