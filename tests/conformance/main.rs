//! The conformance scripts of this folder, one for each requirement that a gateway can meet.

mod catalogue;
#[cfg(feature = "mutants")]
mod mutants;
mod play;
mod rig;
mod script;
mod table;

use std::{collections::BTreeMap, io::Write as _};

use transport_h248::Encoding;

use lab::scenario::{Library, Outcome, Script, Verdict};

fn outcome(script: &Script, encoding: Encoding, states: &Library) -> Outcome {
    if let Some(reason) = play::unselected(script) {
        return Outcome {
            skipped: true,
            reason,
            ..Outcome::default()
        };
    }
    let played = std::panic::catch_unwind(|| play::play(script, encoding, states).0);
    played.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or(panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        Outcome {
            verdict: Verdict::Error,
            reason: format!("panicked: {}", said.unwrap_or_default()),
            ..Outcome::default()
        }
    })
}

/// What there is to say of an outcome, in one line.
fn told(outcome: &Outcome) -> String {
    let verdict = match outcome.skipped {
        true => "skipped".to_owned(),
        false => outcome.verdict.to_string(),
    };
    let line = outcome.line.map(|line| format!("line {line}: "));
    let all = outcome.remarks.iter().chain(&outcome.records).cloned();
    let all: Vec<String> = all.chain([outcome.reason.clone()]).collect();
    let all = all.join("; ");
    format!("{verdict} {}{all}", line.unwrap_or_default())
}

/// The scripts and purposes that the environment names in ONLY, or all.
fn chosen() -> Vec<Script> {
    let only = std::env::var("ONLY").unwrap_or_default();
    let all = script::all().into_iter().chain(script::purposes());
    let named = |script: &Script, id: &str| {
        let short = script.id.strip_prefix("TP_MG_").unwrap_or(&script.id);
        script.id.starts_with(id) || short.starts_with(id)
    };
    all.filter(|script| only.is_empty() || only.split(',').any(|id| named(script, id)))
        .collect()
}

/// The lists of what fails: of the scripts, and of the purposes.
fn known_failures() -> BTreeMap<String, String> {
    let mut known = catalogue::listed("known-failures.txt");
    known.extend(catalogue::listed_in(
        &script::catalogue().join("known-failures.txt"),
    ));
    known
}

#[test]
#[cfg_attr(feature = "mutants", ignore = "a fault on purpose may be there")]
fn every_script_passes_or_is_a_known_failure() {
    let known = known_failures();
    let states = script::states();
    let scripts = chosen();
    let whole = std::env::var("ONLY").is_err();
    let (mut passed, mut failed_as_known, mut faults) = (0, 0, Vec::new());
    let mut rows = BTreeMap::new();
    for script in &scripts {
        for encoding in [Encoding::Text, Encoding::Binary] {
            let other = match encoding {
                Encoding::Text => script.binary_only,
                Encoding::Binary => script.text_only,
            };
            if other {
                continue;
            }
            let name = format!("{} {encoding}", script.id);
            let reason = known.get(&name).or(known.get(&script.id));
            let outcome = outcome(script, encoding, &states);
            let told = told(&outcome);
            if script.purpose && !whole {
                tell(&format!("{name}: {told}\n"));
            }
            match (outcome.verdict < Verdict::Fail, reason) {
                (true, None) => passed += 1,
                (false, Some(_)) if whole => failed_as_known += 1,
                (true, Some(reason)) => {
                    faults.push(format!("{name} passes, and is listed: {reason}"));
                }
                (false, _) => {
                    let path = script.path.display();
                    faults.push(format!("{name} ({}, {path}): {told}", script.title));
                }
            }
        }
        for row in &script.rows {
            rows.insert(row, ());
        }
    }
    let line = format!(
        "conformance: {} scripts, {} of them in both encodings: {passed} pass, {failed_as_known} fail as \
         known, {} otherwise; {} rows of the catalogue\n",
        scripts.len(),
        scripts
            .iter()
            .filter(|script| !script.text_only && !script.binary_only)
            .count(),
        faults.len(),
        rows.len(),
    );
    tell(&line);
    assert!(faults.is_empty(), "{line}{}", faults.join("\n"));
}

fn tell(line: &str) {
    std::io::stdout()
        .write_all(line.as_bytes())
        .expect("somebody reads");
}
