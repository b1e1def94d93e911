//! Every type that the codec's root names has an example in its documentation.

use std::fs;

use super::source::{files, root};

/// The names of the crate's root that stand in a `pub use` of a module of ours.
fn root_types(lib: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for used in lib.split("pub use ").skip(1) {
        let used = used.split(';').next().unwrap_or_default();
        if used.starts_with("bounded_static") {
            continue;
        }
        let names = used.split_once("::").map_or(used, |(_, names)| names);
        let names = names.split(|c: char| !c.is_alphanumeric() && c != '_');
        found.extend(names.filter(|name| name.starts_with(char::is_uppercase)));
    }
    found
}

/// Whether a file of the crate defines this type, and if so whether with an example.
fn example(text: &str, name: &str) -> Option<bool> {
    let mut documentation = String::new();
    for line in text.lines() {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        let defines = ["struct", "enum", "trait"];
        if line.starts_with("///") {
            documentation.push_str(line);
        } else if words.next() == Some("pub")
            && words.next().is_some_and(|word| defines.contains(&word))
            && words.next() == Some(name)
        {
            return Some(documentation.contains("```"));
        } else if line.is_empty() {
            documentation.clear();
        }
    }
    None
}

#[test]
fn every_type_of_the_codecs_root_has_an_example() {
    let folder = root().join("codec-h248/src");
    let lib = fs::read_to_string(folder.join("lib.rs")).expect("the crate has a root");
    let texts: Vec<_> = files(&folder, "rs")
        .into_iter()
        .map(|path| fs::read_to_string(path).expect("the file is readable"))
        .collect();
    let names = root_types(&lib);
    assert!(names.len() > 40, "{names:?}");
    let mut faults = Vec::new();
    for name in names {
        let with: Vec<_> = texts
            .iter()
            .filter_map(|text| example(text, name))
            .collect();
        if !with.contains(&true) {
            faults.push(name);
        }
    }
    assert!(
        faults.is_empty(),
        "without an example: {}",
        faults.join(", ")
    );
}

#[test]
fn an_example_belongs_to_the_type_below_it() {
    let text =
        "/// ```\n/// a();\n/// ```\npub struct A;\n\n/// B\n#[derive(Debug)]\npub enum B {}\n";
    assert_eq!(example(text, "A"), Some(true));
    assert_eq!(example(text, "B"), Some(false));
    assert_eq!(example(text, "C"), None);
}
