//! Faults on purpose: each is found by every purpose that is named for it. Only where the feature `mutants`
//! is on; the fault is the whole process's, so nothing else is played then.

use std::collections::{BTreeMap, BTreeSet};

use transport_h248::{
    Encoding,
    mutants::{Mutant, seed},
};

use lab::scenario::Verdict;

use super::{outcome, script, tell, told};

/// Each fault, and the purposes that may find it.
const LIST: &str = include_str!("mutants.txt");

/// Plays one purpose without the fault and with it, in each encoding that it is for; where it does not find the fault.
fn misses(mutant: Mutant, id: &str) -> Vec<String> {
    let purposes = script::purposes();
    let states = script::states();
    let Some(purpose) = purposes.iter().find(|purpose| purpose.id == id) else {
        return vec![format!("{mutant:?}: {id} is no purpose")];
    };
    let encodings = [
        (Encoding::Text, purpose.binary_only),
        (Encoding::Binary, purpose.text_only),
    ];
    let mut missed = Vec::new();
    for (encoding, _) in encodings.into_iter().filter(|(_, is_apart)| !is_apart) {
        seed(None);
        let sound = outcome(purpose, encoding, &states);
        seed(Some(mutant));
        let faulty = outcome(purpose, encoding, &states);
        let (before, after) = (sound.verdict, told(&faulty));
        let line = format!("{mutant:?}: {id} {encoding}: {before} without it, with it {after}");
        tell(&format!("{line}\n"));
        if (before, faulty.verdict) != (Verdict::Pass, Verdict::Fail) {
            missed.push(line);
        }
    }
    missed
}

/// The faults of the list, and the purposes of each.
fn faults() -> Vec<(Mutant, Vec<&'static str>)> {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    let faults = lines.map(|line| {
        let mut words = line.split_whitespace();
        let mutant = words.next().expect("a line begins with a fault").parse();
        (mutant.expect("the fault is one"), words.collect())
    });
    faults.collect()
}

#[test]
fn each_fault_is_found_by_every_purpose_that_is_named_for_it() {
    let faults = faults();
    let pairs = faults
        .iter()
        .flat_map(|(mutant, ids)| ids.iter().map(|id| (*mutant, *id)));
    let missed: Vec<String> = pairs.flat_map(|(mutant, id)| misses(mutant, id)).collect();
    tell(&format!(
        "mutants: {} faults; {} purposes miss theirs in an encoding\n",
        faults.len(),
        missed.len()
    ));
    assert!(missed.is_empty(), "not found: {missed:#?}");
}

/// The reference beside this repository, where it is there, names the same purposes for M01 to M25.
#[test]
fn the_reference_names_the_same_purposes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec");
    let Ok(text) = std::fs::read_to_string(folder.join("conformance-catalogue.md")) else {
        tell("skipped: the reference is not beside this repository\n");
        return;
    };
    let mut own: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (mutant, ids) in faults() {
        let name = format!("{mutant:?}");
        let number = name.trim_end_matches('b').to_owned();
        own.entry(number).or_default().extend(ids);
    }
    for (number, ids) in &own {
        let begin = format!("| {number} |");
        let row = text.lines().find(|line| line.starts_with(&begin));
        let named = row.and_then(|row| row.rsplit('|').nth(1));
        let named: BTreeSet<&str> = named
            .expect("it is there")
            .split(',')
            .map(str::trim)
            .collect();
        assert_eq!(*ids, named, "{number}");
    }
    assert_eq!(own.len(), 25);
}
