//! Generated messages past tshark: none of them is malformed, except where it is known to be wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use codec_h248::{
    Limits, Message, Style, TextProfile,
    binary::{self, BinaryProfile},
    decode, encode,
};
use etherparse::PacketBuilder;
use h248_generate::{Generator, Spelling};
use h248_tests::scratch;

use pcap_file::pcap::{PcapPacket, PcapWriter};

use super::tshark_limits::{BINARY, TEXT, Wrong};

/// Messages of each form.
const MESSAGES: usize = 10_000;

fn read(octets: &[u8]) -> Message<'_> {
    decode(octets, &Limits::default()).expect("what is generated is legal")
}

/// A capture of these messages as datagrams to a port.
fn capture(name: &str, port: u16, messages: &[Vec<u8>]) -> PathBuf {
    let path = scratch(name).join("generated.pcap");
    let file = fs::File::create(&path).expect("the folder is ours");
    let mut writer = PcapWriter::new(file).expect("the file takes a header");
    for message in messages {
        let mut frame = Vec::new();
        PacketBuilder::ethernet2([2; 6], [4; 6])
            .ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64)
            .udp(port, port)
            .write(&mut frame, message)
            .expect("a message fits a datagram");
        let length = u32::try_from(frame.len()).expect("a frame is short");
        let packet = PcapPacket::new(std::time::Duration::ZERO, length, &frame);
        writer
            .write_packet(&packet)
            .expect("the file takes a frame");
    }
    path
}

/// The numbers, from 0, of the frames that tshark calls malformed, and how many it took for H.248.
fn malformed(path: &Path, port: u16, protocol: &str) -> (BTreeSet<usize>, usize) {
    let frames = |filter: &str| {
        let output = Command::new("tshark")
            .args(["-n", "-r"])
            .arg(path)
            .args(["-d", &format!("udp.port=={port},{protocol}"), "-Y", filter])
            .args(["-T", "fields", "-e", "frame.number"])
            .output()
            .expect("tshark is installed by `make test`");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let numbers = String::from_utf8_lossy(&output.stdout).into_owned();
        let number = |line: &str| line.trim().parse::<usize>().ok()?.checked_sub(1);
        numbers.lines().filter_map(number).collect::<BTreeSet<_>>()
    };
    (frames("_ws.malformed"), frames(protocol).len())
}

#[test]
fn no_generated_text_is_malformed_to_tshark() {
    let mut generator = Generator::new(11);
    let texts: Vec<_> = (0..MESSAGES)
        .map(|place| {
            let text = generator
                .message([1, 2, 3][place % 3], Spelling::Compact)
                .text;
            let style = if place % 2 == 0 {
                Style::Pretty
            } else {
                Style::Compact
            };
            let mut octets = Vec::new();
            encode(&read(&text), &TextProfile::of(style), &mut octets);
            octets
        })
        .collect();
    let path = capture("tshark-text", 2944, &texts);
    let (malformed, taken) = malformed(&path, 2944, "megaco");
    let known = excused(
        malformed.into_iter().map(|place| compact(&texts[place])),
        TEXT,
    );
    println!("{taken} of {MESSAGES} are MEGACO to it; malformed where it is wrong: {known:?}");
    assert!(taken > MESSAGES * 9 / 10);
}

#[test]
fn no_generated_binary_is_malformed_to_tshark() {
    let profile = BinaryProfile::default();
    let mut generator = Generator::new(12);
    let mut messages = Vec::new();
    for place in 0.. {
        if messages.len() == MESSAGES {
            break;
        }
        let text = generator
            .message([1, 2, 3][place % 3], Spelling::Compact)
            .text;
        let mut octets = Vec::new();
        if binary::encode(&read(&text), &profile, &mut octets).is_ok() {
            messages.push((compact(&text), octets));
        }
    }
    let octets: Vec<_> = messages.iter().map(|(_, octets)| octets.clone()).collect();
    let path = capture("tshark-binary", 2945, &octets);
    let (malformed, taken) = malformed(&path, 2945, "h248");
    let known = excused(
        malformed.into_iter().map(|place| messages[place].0.clone()),
        BINARY,
    );
    println!("{taken} of {MESSAGES} are H.248 to it; malformed where it is wrong: {known:?}");
    assert!(taken > MESSAGES * 9 / 10);
}

/// How often each known construct is held by these compact texts, each of which holds one.
fn excused(texts: impl Iterator<Item = String>, wrongs: &[Wrong]) -> BTreeMap<&'static str, usize> {
    let (mut known, mut unknown) = (BTreeMap::new(), Vec::new());
    for text in texts {
        match wrongs.iter().find(|wrong| (wrong.holds)(&text)) {
            Some(wrong) => *known.entry(wrong.name).or_default() += 1,
            None => unknown.push(text),
        }
    }
    let shown = &unknown[..unknown.len().min(6)];
    assert!(unknown.is_empty(), "{} of them: {shown:#?}", unknown.len());
    known
}

fn compact(octets: &[u8]) -> String {
    let mut compact = Vec::new();
    encode(
        &read(octets),
        &TextProfile::of(Style::Compact),
        &mut compact,
    );
    String::from_utf8_lossy(&compact).into_owned()
}
