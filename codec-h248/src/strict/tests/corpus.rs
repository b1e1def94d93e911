//! The example messages of the project's reference are without departures.

use std::{fs, path::PathBuf};

use super::found;
use crate::{Limits, decode, package::PackageRegistry};

#[test]
fn the_examples_do_not_depart() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec/examples");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: the reference's examples are not beside this repository");
        return;
    };
    let packages = PackageRegistry::standard();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let texts: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    assert!(!texts.is_empty());
    for path in texts {
        let octets = fs::read(&path).expect("the folder lists it");
        let name = path.display();
        let message = decode(&octets, &Limits::default()).unwrap_or_else(|error| {
            panic!("{name}: {error}");
        });
        let found = found(&message, &packages);
        assert!(found.is_empty(), "{name}\n{found:#?}");
    }
}
