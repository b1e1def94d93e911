//! A transaction as a list of its fields, each with its path.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::{Map, Value};

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

/// Members that name an entry of a list; they stand in the path. Their case says nothing.
const NAMES: [&str; 5] = ["name", "pkgdName", "statName", "packageName", "signalName"];

/// Puts the fields of `value` behind those that are there; what the rules ignore is left out.
pub(super) fn leaves(value: &Value, path: &str, rules: &Rules, out: &mut Vec<Leaf>) {
    walk(value, path, None, out);
    out.retain(|leaf| leaf.kind.is_none_or(|kind| rules.of(kind) != Rule::Ignore));
}

fn walk(value: &Value, path: &str, kind: Option<Field>, out: &mut Vec<Leaf>) {
    match value {
        Value::Object(members) => object(members, path, kind, out),
        Value::Array(entries) => array(entries, path, kind, out),
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

fn object(members: &Map<String, Value>, path: &str, kind: Option<Field>, out: &mut Vec<Leaf>) {
    let before = out.len();
    for (name, value) in members {
        let told_by_path = NAMES.contains(&name.as_str())
            || (name == "streamId" && members.contains_key("streamParms"));
        if told_by_path || LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let path = match name.as_str() {
            "command" | "streamParms" | "multiStream" | "descriptors" | "terminationAudit" => {
                path.to_owned()
            }
            // What names no stream speaks of the first (H.248.1 7.1.4).
            "oneStream" => format!("{path}[1]"),
            _ => format!("{path}.{name}"),
        };
        match (name.as_str(), value) {
            ("localDescriptor" | "remoteDescriptor", Value::String(text)) => {
                session(text, &path, out);
            }
            _ => walk(value, &path, kind_of(name).or(kind), out),
        }
    }
    if out.len() == before {
        leaf(path, None, "present".to_owned(), out);
    }
}

/// Entries that have names are told by them, since their order says nothing; others by their place.
fn array(entries: &[Value], path: &str, kind: Option<Field>, out: &mut Vec<Leaf>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate() {
        let path = match name_of(entry) {
            Some(Named::Descriptor) => path.to_owned(),
            Some(Named::By(name)) => {
                let count = counts.entry(name.clone()).or_default();
                *count += 1;
                match *count {
                    1 => format!("{path}[{name}]"),
                    count => format!("{path}[{name} {count}]"),
                }
            }
            None => format!("{path}[{place}]"),
        };
        walk(entry, &path, kind, out);
    }
}

/// What an entry of a list is known by, wherever it stands.
enum Named {
    /// What it is: there is one of each.
    Descriptor,
    /// Its name in lower case, or the number of its stream.
    By(String),
}

fn name_of(entry: &Value) -> Option<Named> {
    let members = entry.as_object()?;
    if members.contains_key("streamParms") {
        return Some(Named::By(members.get("streamId")?.to_string()));
    }
    let name = NAMES.iter().find_map(|name| members.get(*name)?.as_str());
    if let Some(name) = name {
        return Some(Named::By(name.to_ascii_lowercase()));
    }
    let (name, value) = members.iter().next().filter(|_| members.len() == 1)?;
    if name.ends_with("Descriptor") {
        return Some(Named::Descriptor);
    }
    name_of(value)
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
    let mut counts = BTreeMap::new();
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
