//! The example messages of the project's reference are without departures.

use std::{fs, path::PathBuf};

use super::found;
use crate::{
    Limits,
    binary::{self, BinaryProfile},
    decode,
    package::PackageRegistry,
};

/// The files of a folder of the examples with that ending; nothing where the reference is absent.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let examples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec/examples");
    let Ok(entries) = fs::read_dir(examples.join(folder)) else {
        println!("skipped: the reference's examples are not beside this repository");
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let found: Vec<_> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == ending)
        })
        .collect();
    assert!(!found.is_empty());
    found
}

#[test]
fn the_examples_do_not_depart() {
    let packages = PackageRegistry::standard();
    for path in files("", "txt") {
        let octets = fs::read(&path).expect("the folder lists it");
        let name = path.display();
        let message = decode(&octets, &Limits::default()).unwrap_or_else(|error| {
            panic!("{name}: {error}");
        });
        let found = found(&message, &packages);
        assert!(found.is_empty(), "{name}\n{found:#?}");
    }
}

#[test]
fn the_examples_in_binary_depart_from_what_only_text_has() {
    let packages = PackageRegistry::standard();
    let profile = BinaryProfile::default();
    for path in files("ber", "hex") {
        let hex = fs::read_to_string(&path).expect("the folder lists it");
        let name = path.display();
        let octets = octets(&hex);
        let message = binary::decode(&octets, &Limits::default(), &profile)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = found(&message, &packages);
        let wrong = found.iter().find(|(rule, _)| !rule.text_only);
        assert!(wrong.is_none(), "{name}\n{wrong:#?}");
    }
}

fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
    let octet = |pair: &[u32]| u8::try_from(pair[0] << 4 | pair[1]).expect("two digits");
    digits.chunks_exact(2).map(octet).collect()
}
