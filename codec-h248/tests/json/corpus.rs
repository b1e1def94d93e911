//! Every message of the reference pack comes back from JSON as it was, to the spelling.

use std::{
    fs,
    path::{Path, PathBuf},
};

use codec_h248::{
    Limits, Message, Style, TextProfile,
    binary::{self, BinaryProfile},
    decode, encode, json,
};

/// The messages of the reference pack in text, by name; none where it is absent.
pub(crate) fn examples() -> Vec<(String, Vec<u8>)> {
    files("", "txt")
}

/// The files of a folder of the reference pack's examples whose names end so.
fn files(folder: &str, ending: &str) -> Vec<(String, Vec<u8>)> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec/examples");
    let Ok(entries) = fs::read_dir(examples.join(folder)) else {
        println!("skipped: the reference pack is not beside the project");
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.expect("an entry is readable").path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default();
        (
            name.to_string_lossy().into_owned(),
            fs::read(&path).expect("the file is readable"),
        )
    };
    paths.into_iter().map(read).collect()
}

fn octets(hex: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = hex.iter().copied().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits.chunks(2).map(|pair| String::from_utf8_lossy(pair));
    pairs
        .map(|pair| u8::from_str_radix(&pair, 16).expect("two digits"))
        .collect()
}

fn text(message: &Message<'_>) -> String {
    let mut out = Vec::new();
    encode(message, &TextProfile::default(), &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

#[test]
fn every_example_comes_back_from_json() {
    for (name, octets) in examples() {
        let Ok(message) = decode(&octets, &Limits::default()) else {
            continue;
        };
        for style in [Style::Pretty, Style::Compact] {
            let mut document = Vec::new();
            json::encode(&message, style, &mut document);
            let back = json::decode(&document).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(back, message, "{name}");
            assert_eq!(text(&back), text(&message), "{name}");
        }
    }
}

#[test]
fn every_binary_example_comes_back_from_json_and_is_written_to_the_same_octets() {
    let profile = BinaryProfile::default();
    for (name, hex) in files("ber", "hex") {
        let octets = octets(&hex);
        let message = binary::decode(&octets, &Limits::default(), &profile)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut document = Vec::new();
        json::encode(&message, Style::Compact, &mut document);
        let back = json::decode(&document).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(back, message, "{name}");
        let mut written = Vec::new();
        binary::encode(&back, &profile, &mut written).expect("it was binary");
        assert_eq!(written, octets, "{name}");
    }
}
