//! A transaction as a list of its fields, each with its path.

use std::cmp::Ordering;

use serde_json::Value;

use crate::replay::{Field, Rule, Rules};

/// A field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Leaf {
    /// The members of the JSON form that lead to it.
    pub(super) path: String,
    /// What kind of field it is, where it may vary.
    pub(super) kind: Option<Field>,
    /// What it says.
    pub(super) text: String,
}

/// Members that are never compared.
const LEFT_OUT: [&str; 4] = ["transactionId", "errorText", "immAckRequired", "segment"];

/// Puts the fields of `value` behind those that are there; what the rules ignore is left out.
pub(super) fn leaves(value: &Value, path: &str, rules: &Rules, out: &mut Vec<Leaf>) {
    walk(value, path, None, out);
    out.retain(|leaf| leaf.kind.is_none_or(|kind| rules.of(kind) != Rule::Ignore));
}

fn walk(value: &Value, path: &str, kind: Option<Field>, out: &mut Vec<Leaf>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if LEFT_OUT.contains(&name.as_str()) {
                    continue;
                }
                let path = format!("{path}.{name}");
                match (name.as_str(), value) {
                    ("localDescriptor" | "remoteDescriptor", Value::String(text)) => {
                        session(text, &path, out);
                    }
                    _ => walk(value, &path, kind_of(name).or(kind), out),
                }
            }
            if members.is_empty() {
                leaf(path, None, "present".to_owned(), out);
            }
        }
        Value::Array(entries) => {
            for (place, entry) in entries.iter().enumerate() {
                walk(entry, &format!("{path}[{place}]"), kind, out);
            }
        }
        Value::String(text) => leaf(
            path,
            kind.filter(|kind| varies(*kind, text)),
            text.clone(),
            out,
        ),
        Value::Number(number) => leaf(path, kind, number.to_string(), out),
        Value::Null | Value::Bool(_) => leaf(path, None, value.to_string(), out),
    }
}

fn leaf(path: &str, kind: Option<Field>, text: String, out: &mut Vec<Leaf>) {
    out.push(Leaf {
        path: path.to_owned(),
        kind,
        text,
    });
}

/// Whether a text is a name or value of its kind rather than a sign that always means the same.
fn varies(kind: Field, text: &str) -> bool {
    match kind {
        Field::Termination => !text.eq_ignore_ascii_case("root") && !text.contains(['*', '$']),
        Field::Context | Field::Request => !["-", "*", "$"].contains(&text),
        Field::Address
        | Field::Port
        | Field::Session
        | Field::Time
        | Field::Statistics
        | Field::Service => true,
    }
}

fn kind_of(member: &str) -> Option<Field> {
    match member {
        "contextId" | "contextList" => Some(Field::Context),
        "requestId" => Some(Field::Request),
        "terminationIdList" | "contextAuditResult" | "terminationFrom" | "terminationTo"
        | "termList" => Some(Field::Termination),
        "timeNotation" | "timeStamp" => Some(Field::Time),
        "serviceChangeAddress" | "serviceChangeMgcId" => Some(Field::Service),
        "statValue" => Some(Field::Statistics),
        _ => None,
    }
}

/// A session description, line by line, and of lines with an address or port word by word.
fn session(text: &str, path: &str, out: &mut Vec<Leaf>) {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut counts = std::collections::BTreeMap::new();
    for line in lines {
        let begin = line.get(..2).unwrap_or(line);
        let count: &mut usize = counts.entry(begin.to_owned()).or_default();
        let path = match *count {
            0 => format!("{path}.{begin}"),
            again => format!("{path}.{begin}[{again}]"),
        };
        *count += 1;
        let place = match begin {
            "v=" | "o=" | "s=" | "t=" => {
                leaf(&path, Some(Field::Session), line.to_owned(), out);
                continue;
            }
            "c=" => Some((2, Field::Address)),
            "m=" => Some((1, Field::Port)),
            _ => None,
        };
        let Some((place, kind)) = place else {
            leaf(&path, None, line.to_owned(), out);
            continue;
        };
        let words: Vec<&str> = line.split_whitespace().collect();
        let rest = words.iter().enumerate().filter(|(at, _)| *at != place);
        let rest: Vec<&str> = rest.map(|(_, word)| *word).collect();
        leaf(&path, None, rest.join(" "), out);
        if let Some(word) = words.get(place) {
            let kind = (!["$", "-", "0"].contains(word)).then_some(kind);
            leaf(&format!("{path} {place}"), kind, (*word).to_owned(), out);
        }
    }
}

/// Fields of two transactions side by side, by their paths.
pub(super) fn beside<'l>(
    first: &'l [Leaf],
    second: &'l [Leaf],
) -> Vec<(Option<&'l Leaf>, Option<&'l Leaf>)> {
    let sorted = |leaves: &'l [Leaf]| {
        let mut leaves: Vec<&Leaf> = leaves.iter().collect();
        leaves.sort_by(|one, other| one.path.cmp(&other.path));
        leaves
    };
    let (first, second) = (sorted(first), sorted(second));
    let (mut one, mut other) = (first.iter().peekable(), second.iter().peekable());
    let mut pairs = Vec::new();
    loop {
        let order = match (one.peek(), other.peek()) {
            (Some(one), Some(other)) => one.path.cmp(&other.path),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return pairs,
        };
        let left = (order != Ordering::Greater).then(|| one.next()).flatten();
        let right = (order != Ordering::Less).then(|| other.next()).flatten();
        pairs.push((left.copied(), right.copied()));
    }
}
