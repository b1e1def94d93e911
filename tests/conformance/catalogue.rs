//! Which requirements there are, and that each is played or has its reason not to be.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::script;

/// Groups of requirements of a gateway, and how many each has; ids are never given anew.
const GROUPS: [(&str, u8); 15] = [
    ("TX", 40),
    ("BE", 14),
    ("TR", 20),
    ("EX", 10),
    ("AD", 12),
    ("MD", 9),
    ("MO", 7),
    ("SU", 7),
    ("AU", 14),
    ("EV", 16),
    ("SG", 8),
    ("TO", 7),
    ("SC", 17),
    ("PK", 9),
    ("CF", 11),
];

/// A list of this folder: `ID: reason` a line.
pub(crate) fn listed(name: &str) -> BTreeMap<String, String> {
    listed_in(&script::folder().join(name))
}

pub(crate) fn listed_in(path: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(path).expect("the list is there");
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let pairs = lines.map(|line| {
        let (id, reason) = line.split_once(": ").expect("a line is `ID: reason`");
        (id.to_owned(), reason.to_owned())
    });
    pairs.collect()
}

fn requirements() -> BTreeSet<String> {
    let ids = GROUPS.iter();
    ids.flat_map(|(group, count)| (1..=*count).map(move |number| format!("{group}-{number:02}")))
        .collect()
}

#[test]
fn every_requirement_has_a_script_or_a_reason() {
    let scripts = script::all();
    let played: BTreeSet<String> = scripts.iter().map(|script| script.id.clone()).collect();
    assert_eq!(played.len(), scripts.len(), "two scripts have one id");
    let apart: BTreeSet<String> = listed("no-exchange.txt").into_keys().collect();
    let both: Vec<_> = played.intersection(&apart).collect();
    assert!(both.is_empty(), "both played and not: {both:?}");
    let all: BTreeSet<String> = played.union(&apart).cloned().collect();
    let wanted = requirements();
    let missing: Vec<_> = wanted.difference(&all).collect();
    let unknown: Vec<_> = all.difference(&wanted).collect();
    assert!(
        missing.is_empty(),
        "neither played nor with a reason: {missing:?}"
    );
    assert!(unknown.is_empty(), "of no requirement: {unknown:?}");
}

#[test]
fn known_failures_are_of_scripts() {
    let played: BTreeSet<String> = script::all().into_iter().map(|script| script.id).collect();
    for name in listed("known-failures.txt").keys() {
        let id = name.split(' ').next().unwrap_or_default();
        assert!(played.contains(id), "{name} is no script");
    }
}

/// The reference beside this repository, where it is there, has the same ids and the same rows.
#[test]
fn the_reference_has_the_same_ids() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec");
    let Ok(text) = std::fs::read_to_string(folder.join("conformance.md")) else {
        println!("skipped: the reference is not beside this repository");
        return;
    };
    let ids = text.lines().filter_map(|line| {
        let id = line.strip_prefix("| ")?.split(' ').next()?;
        id.as_bytes()
            .get(2)
            .is_some_and(|sign| *sign == b'-' && id.starts_with(char::is_alphabetic))
            .then(|| id.to_owned())
    });
    assert_eq!(ids.collect::<BTreeSet<_>>(), requirements());
    let rows = std::fs::read_to_string(folder.join("conformance-catalogue.md"));
    let rows = rows.expect("it stands beside the other");
    for script in script::all() {
        for row in &script.rows {
            assert!(
                rows.contains(&format!("TP_MG_{row} ")),
                "{}: no row {row}",
                script.id
            );
        }
    }
}
