//! The conformance scripts of this folder, one for each requirement that a gateway can meet.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "what a script does not expect is all alike"
)]

mod catalogue;
mod pattern;
mod phone;
mod play;
mod rig;
mod script;
mod sounds;
mod table;

use std::{collections::BTreeMap, io::Write as _};

use transport_h248::Encoding;

use script::Script;

/// How a script ended: where it parted from the gateway, if it did.
fn outcome(script: &Script, encoding: Encoding) -> Option<String> {
    let played = std::panic::catch_unwind(|| play::play(script, encoding));
    match played {
        Ok(Ok(_)) => None,
        Ok(Err(failure)) => Some(format!("line {}: {}", failure.line, failure.what)),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or(panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
            Some(format!("panicked: {}", said.unwrap_or_default()))
        }
    }
}

/// The scripts that the environment names in ONLY, or all.
fn chosen() -> Vec<Script> {
    let only = std::env::var("ONLY").unwrap_or_default();
    let all = script::all().into_iter();
    all.filter(|script| only.is_empty() || only.split(',').any(|id| script.id.starts_with(id)))
        .collect()
}

#[test]
fn every_script_passes_or_is_a_known_failure() {
    let known = catalogue::listed("known-failures.txt");
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
            match (outcome(script, encoding), reason) {
                (None, None) => passed += 1,
                (Some(_), Some(_)) if whole => failed_as_known += 1,
                (None, Some(reason)) => {
                    faults.push(format!("{name} passes, and is listed: {reason}"));
                }
                (Some(told), _) => {
                    let path = script.path.strip_prefix(script::folder());
                    let path = path.expect("it is a script").display();
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
    std::io::stdout()
        .write_all(line.as_bytes())
        .expect("somebody reads");
    assert!(faults.is_empty(), "{line}{}", faults.join("\n"));
}
