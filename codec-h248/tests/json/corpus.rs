//! Every message of the reference pack comes back from JSON as it was, to the spelling.

use std::{fs, path::PathBuf};

use codec_h248::{Limits, Message, Style, TextProfile, decode, encode, json};

/// The messages of the reference pack by name; none where it is absent.
pub(crate) fn examples() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec/examples");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: the reference pack is not beside the project");
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.expect("an entry is readable").path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
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
