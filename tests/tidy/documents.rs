//! Documents name only files that exist, and nothing names a path of one machine.

use std::{fs, path::Path};

use super::source::{files, root, shown};

/// The words in back quotes that look like paths of this repository; what a program makes when it
/// runs is none.
fn named_paths(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|word| {
        let plain = word
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || b"/._-".contains(&octet));
        let first = word.split('/').next().unwrap_or_default();
        let made = first.is_empty() || ["target", "demo-out", "conform-out"].contains(&first);
        plain && word.contains('/') && !made && root().join(first).is_dir()
    })
}

#[test]
fn documents_name_only_files_that_exist() {
    let mut faults = Vec::new();
    for path in files(&root(), "md") {
        let text = fs::read_to_string(&path).expect("the document is readable");
        let missing = named_paths(&text).filter(|named| !root().join(named).exists());
        faults.extend(missing.map(|named| format!("{} names {named}", shown(&path))));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_names_a_path_of_one_machine() {
    let needle = ["/wo", "rk/"].concat();
    let mut faults = Vec::new();
    for ending in ["rs", "md", "toml", "sh", "erl", "json"] {
        for path in files(&root(), ending) {
            let text = fs::read_to_string(&path).expect("the file is readable");
            if text.contains(&needle) {
                faults.push(shown(&path));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_readme_names_the_two_commands() {
    let text = fs::read_to_string(root().join(Path::new("README.md"))).expect("there is a README");
    assert!(text.contains("make demo") && text.contains("make test"));
}
