//! Faults on purpose: each is found by a purpose that is named for it. Only where the feature `mutants`
//! is on; the fault is the whole process's, so nothing else is played then.

use transport_h248::{
    Encoding,
    mutants::{Mutant, seed},
};

use lab::scenario::Verdict;

use super::{outcome, script, tell, told};

/// Each fault, and the purposes that may find it.
const LIST: &str = include_str!("mutants.txt");

/// Whether one of these purposes fails with the fault; what each of them told.
fn is_found(mutant: Mutant, ids: &[&str]) -> bool {
    let purposes = script::purposes();
    let states = script::states();
    let mut found = false;
    for id in ids {
        let Some(purpose) = purposes.iter().find(|purpose| purpose.id == *id) else {
            tell(&format!("{mutant:?}: {id} is no purpose that is played\n"));
            continue;
        };
        let encoding = match purpose.binary_only {
            true => Encoding::Binary,
            false => Encoding::Text,
        };
        seed(None);
        let sound = outcome(purpose, encoding, &states);
        seed(Some(mutant));
        let faulty = outcome(purpose, encoding, &states);
        tell(&format!(
            "{mutant:?}: {id}: {} without it, with it {}\n",
            sound.verdict,
            told(&faulty)
        ));
        found |= (sound.verdict, faulty.verdict) == (Verdict::Pass, Verdict::Fail);
    }
    found
}

#[test]
fn each_fault_is_found() {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    let (mut all, mut missed) = (0, Vec::new());
    for line in lines {
        let mut words = line.split_whitespace();
        let mutant = words.next().expect("a line begins with a fault").parse();
        let mutant = mutant.expect("the fault is one");
        let ids: Vec<&str> = words.collect();
        all += 1;
        if !is_found(mutant, &ids) {
            missed.push(mutant);
        }
    }
    let found = all - missed.len();
    tell(&format!("mutants: {found} of {all} are found\n"));
    assert!(missed.is_empty(), "not found: {missed:?}");
}
