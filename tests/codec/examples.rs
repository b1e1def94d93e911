//! The example messages of the project's reference.

use std::{fs, path::PathBuf};

/// One message in the forms that the reference has of it.
pub(crate) struct Example {
    pub(crate) name: String,
    pub(crate) pretty: Vec<u8>,
    pub(crate) compact: Option<Vec<u8>>,
    pub(crate) binary: Option<Vec<u8>>,
}

/// All examples, in the order of their names; none, and a line that says so, where the reference
/// is not beside this repository.
pub(crate) fn all() -> Vec<Example> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec/examples");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: the reference's examples are not beside this repository");
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".txt").map(str::to_owned))
        .collect();
    names.sort();
    let read = |name: String| Example {
        pretty: fs::read(folder.join(format!("{name}.txt"))).expect("the folder lists it"),
        compact: fs::read(folder.join(format!("compact/{name}.txt"))).ok(),
        binary: fs::read_to_string(folder.join(format!("ber/{name}.hex")))
            .ok()
            .map(|hex| octets(&hex)),
        name,
    };
    names.into_iter().map(read).collect()
}

fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    let pair = |pair: &[u32]| u8::try_from(pair[0] << 4 | pair[1]).expect("two hex digits");
    digits.chunks_exact(2).map(pair).collect()
}
