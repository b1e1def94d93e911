//! Every row of the table of `docs/interop.md`: what is read, and what a strict reading says.

use std::fs;

use codec_h248::{Limits, decode, package::PackageRegistry, strict};

/// What becomes of an input.
enum Verdict {
    /// Read, and nothing departs from the grammar.
    Legal,
    /// Read; a strict reading names this rule.
    Departs(&'static str),
    /// Not read.
    Refused,
}

use Verdict::{Departs, Legal, Refused};

/// The id of a row, an input, and what becomes of it.
const ROWS: &[(&str, &str, Verdict)] = &[
    ("empty-signals-braces", "!/1 mg T=1{C=1{MF=a{SG{}}}}", Legal),
    (
        "empty-signals-braces",
        "!/3 mg T=1{C=1{MF=a{SG{}}}}",
        Departs("signalsDescriptor"),
    ),
    ("empty-signals-bare", "!/3 mg T=1{C=1{MF=a{SG}}}", Legal),
    (
        "empty-signals-bare",
        "!/1 mg T=1{C=1{MF=a{SG}}}",
        Departs("signalsDescriptor"),
    ),
    (
        "empty-command-braces",
        "!/1 mg T=1{C=1{MF=a{}}}",
        Departs("ammRequest"),
    ),
    (
        "null-context-0",
        "!/1 mg T=1{C=0{S=a}}",
        Departs("ContextID"),
    ),
    (
        "termination-digit",
        "!/1 mg T=1{C=1{S=11111111/00/1}}",
        Departs("TerminationID"),
    ),
    (
        "property-twice",
        "!/1 mg T=1{C=1{MF=a{M{O{nt/jit=1,nt/jit=2}}}}}",
        Departs("propertyParm"),
    ),
    (
        "descriptor-twice",
        "!/1 mg T=1{C=1{MF=a{E,E}}}",
        Departs("ammParameter"),
    ),
    (
        "profile-twice",
        "!/1 mg T=1{C=1{SC=a{SV{MT=RS,RE=\"901\",PF=a/1,PF=b/1}}}}",
        Refused,
    ),
    (
        "address-and-mgc",
        "!/1 mg T=1{C=1{SC=a{SV{MT=RS,RE=\"901\",AD=1,MG=b}}}}",
        Refused,
    ),
    (
        "reason-missing",
        "!/1 mg T=1{C=1{SC=a{SV{MT=RS}}}}",
        Refused,
    ),
    (
        "reason-bare",
        "!/1 mg T=1{C=1{SC=a{SV{MT=RS,RE=901}}}}",
        Departs("serviceChangeReason"),
    ),
    (
        "digit-map-signs",
        "!/1 mg T=1{C=1{MF=a{DM=d{(#xx|*xx)}}}}",
        Departs("digitMapLetter"),
    ),
    ("segment-ack", "!/3 mg SM=5/1/END", Legal),
    ("segment-reply", "!/3 mg P=5/1/END{C=1{S=a}}", Legal),
    ("termination-list", "!/3 mg T=1{C=1{MF=[a,b]{E}}}", Legal),
    (
        "individual-audit",
        "!/2 mg T=1{C=1{CA{TP},AV=*{AT{M{O{MO}}}}}}",
        Legal,
    ),
    ("leading-comment", "; hello\n!/1 mg PN=1{}", Legal),
    ("ack-ranges", "!/1 mg K{1-5,7}", Legal),
    ("pending", "!/1 mg PN=5{}", Legal),
];

#[test]
fn every_row_is_as_the_document_says() {
    let limits = Limits::default();
    for (id, text, verdict) in ROWS {
        let found = strict::decode_strict(text.as_bytes(), &limits, &PackageRegistry::standard());
        match verdict {
            Refused => assert!(decode(text.as_bytes(), &limits).is_err(), "{id}: {text}"),
            Legal => {
                let (_, departures) = found.unwrap_or_else(|error| panic!("{id}: {error}"));
                assert!(departures.is_empty(), "{id}: {departures:?}");
            }
            Departs(rule) => {
                let (_, departures) = found.unwrap_or_else(|error| panic!("{id}: {error}"));
                let rules: Vec<_> = departures.iter().map(|departure| departure.rule).collect();
                assert!(rules.contains(rule), "{id}: {rules:?}");
            }
        }
    }
}

#[test]
fn the_document_has_the_rows_and_no_others() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/interop.md");
    let document = fs::read_to_string(path).expect("the document is there");
    let listed = document
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let mut listed: Vec<_> = listed.collect();
    let mut tested: Vec<_> = ROWS.iter().map(|(id, ..)| *id).collect();
    listed.sort_unstable();
    tested.sort_unstable();
    tested.dedup();
    assert_eq!(listed, tested);
}
