//! Generated messages through the third-party codec of Erlang/OTP and back.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use codec_h248::{
    Limits, Message, Style, TextProfile,
    binary::{self, BinaryProfile},
    decode, encode,
};
use h248_generate::{Generator, Spelling};
use h248_tests::scratch;

use super::otp_limits;

/// Messages of each form that come back as they were.
const MESSAGES: usize = 10_000;
/// Messages of one batch.
const BATCH: usize = 5_000;

/// A version, and a message of it.
type Sent = (u8, Vec<u8>);

/// A generated message of the version whose turn it is.
fn generated(generator: &mut Generator, place: usize) -> Vec<u8> {
    let version = [1, 2, 3][place % 3];
    generator.message(version, Spelling::Compact).text
}

fn read(octets: &[u8]) -> Message<'_> {
    decode(octets, &Limits::default())
        .unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(octets)))
}

fn written(message: &Message<'_>, style: Style) -> Vec<u8> {
    let mut octets = Vec::new();
    encode(message, &TextProfile::of(style), &mut octets);
    octets
}

/// The words of a message without case and order: that codec writes in small letters and in an
/// order of its own.
fn words(message: &Message<'_>) -> Vec<String> {
    let text = String::from_utf8_lossy(&written(message, Style::Pretty)).to_lowercase();
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | '"');
    let mut words: Vec<String> = text.split(apart).map(str::to_owned).collect();
    words.retain(|word| !word.is_empty());
    words.sort();
    words
}

/// What comes back of each message: octets, or why it was refused.
fn through_otp(kind: &str, messages: &[Sent]) -> Vec<Result<Vec<u8>, String>> {
    let folder = scratch(&format!("otp-{kind}"));
    let (sent, received) = (folder.join("sent"), folder.join("received"));
    let framed = |(version, message): &Sent| {
        let length = u32::try_from(message.len()).expect("messages are short");
        [&length.to_be_bytes(), [*version].as_slice(), message].concat()
    };
    let stream: Vec<u8> = messages.iter().flat_map(framed).collect();
    fs::write(&sent, stream).expect("the folder is ours");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/otp_stream.escript");
    let mut command = Command::new("escript");
    let status = command
        .arg(script)
        .arg(kind)
        .args([&sent, &received])
        .status();
    assert!(
        status
            .expect("escript is installed by `make test`")
            .success()
    );
    let answers = answers(&fs::read(&received).expect("it wrote its answers"));
    assert_eq!(answers.len(), messages.len());
    answers
}

fn answers(mut rest: &[u8]) -> Vec<Result<Vec<u8>, String>> {
    let mut answers = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).expect("it fits");
        let (answer, behind) = behind.split_at(length);
        answers.push(match answer {
            [b'+', octets @ ..] => Ok(octets.to_vec()),
            other => Err(String::from_utf8_lossy(other).into_owned()),
        });
        rest = behind;
    }
    answers
}

/// Sends generated text until so many messages came back as they were. What touches a limit of
/// that codec is sent too, and only counted.
fn text_comes_back(kind: &str, style: Style, seed: u64) {
    let mut generator = Generator::new(seed);
    let (mut right, mut excused) = (0, BTreeMap::<&str, usize>::new());
    while right < MESSAGES {
        let sent: Vec<_> = (0..BATCH)
            .map(|place| {
                let text = generated(&mut generator, place);
                let message = read(&text);
                (message.version, written(&message, style))
            })
            .collect();
        for ((_, octets), answer) in sent.iter().zip(through_otp(kind, &sent)) {
            let message = read(octets);
            let compact = written(&message, Style::Compact);
            let limits = otp_limits::of(message.version, &String::from_utf8_lossy(&compact));
            for name in &limits {
                *excused.entry(name).or_default() += 1;
            }
            if limits.is_empty() {
                let shown = String::from_utf8_lossy(octets);
                let back = answer.unwrap_or_else(|why| panic!("{why}\n{shown}"));
                assert_eq!(words(&read(&back)), words(&message), "{shown}");
                right += 1;
            }
        }
    }
    println!("{kind}: {right} came back as they were; not counted, since they hold: {excused:?}");
}

#[test]
fn pretty_text_comes_back_from_a_third_party() {
    text_comes_back("pretty", Style::Pretty, 1);
}

#[test]
fn compact_text_comes_back_from_a_third_party() {
    text_comes_back("compact", Style::Compact, 2);
}

#[test]
fn binary_comes_back_from_a_third_party_to_the_octet() {
    let profile = BinaryProfile::default();
    let mut generator = Generator::new(3);
    let (mut sent, mut excused) = (Vec::new(), 0);
    for place in 0.. {
        if sent.len() == MESSAGES {
            break;
        }
        let text = generated(&mut generator, place);
        let message = read(&text);
        let mut octets = Vec::new();
        if binary::encode(&message, &profile, &mut octets).is_err() {
            continue;
        }
        if otp_limits::of_binary(message.version, &String::from_utf8_lossy(&text)) {
            excused += 1;
        } else {
            sent.push((message.version, octets));
        }
    }
    for ((_, octets), answer) in sent.iter().zip(through_otp("ber", &sent)) {
        let shown = octets.escape_ascii();
        let back = answer.unwrap_or_else(|why| panic!("{why}\n{shown}"));
        assert!(back == *octets, "{shown}\n{}", back.escape_ascii());
    }
    println!("ber: {MESSAGES} came back to the octet; not sent, since it refuses them: {excused}");
}
