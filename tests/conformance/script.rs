//! Where scripts, states and purposes are.

use std::path::{Path, PathBuf};

use lab::scenario::{self, Library, Script};

/// The folder of the scripts.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

/// The folder of the catalogue as data, and of the states that scripts begin in.
pub(crate) fn catalogue() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../lab/conformance")
}

/// The states as they are in the folder now.
pub(crate) fn states() -> Library {
    let mut library = Library::ours();
    let common = catalogue().join("common");
    library.add_folder(&common).expect("the states are there");
    library
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads one file.
pub(crate) fn read(path: &Path) -> Script {
    let mut script = scenario::parse(&text(path), 1)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let stem = path.file_stem().expect("a file has a name");
    script.id = stem.to_string_lossy().into_owned();
    script.path = path.to_path_buf();
    script
}

/// Every script, in the order of their paths.
pub(crate) fn all() -> Vec<Script> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder()).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            let files = std::fs::read_dir(&path).expect("the folder can be read");
            paths.extend(files.map(|file| file.expect("the folder can be read").path()));
        }
    }
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

/// The purposes of the catalogue for a gateway, in the order of their files.
pub(crate) fn purposes() -> Vec<Script> {
    let files = std::fs::read_dir(catalogue().join("mg")).expect("the folder is there");
    let mut paths: Vec<PathBuf> = files
        .map(|file| file.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "txt"))
        .collect();
    paths.sort();
    let purposes = paths.iter().flat_map(|path| {
        scenario::purposes(&text(path), &path.display().to_string())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    });
    purposes.collect()
}
