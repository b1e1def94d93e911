//! Expected messages with holes, compared with what came as decoded models, not as spelled.

use std::collections::BTreeMap;

use codec_h248::{Limits, Message, Style, Transaction, decode, json};
use serde_json::{Map, Value, json};

/// What names in scenarios stand for.
pub type Names = BTreeMap<String, String>;

/// Numbers that stand for a hole where the grammar wants a number.
const FIRST_NUMBER: u64 = 4_200_000_000;
/// The same where a version is wanted, which has two digits at most.
const FIRST_VERSION: u64 = 90;
const OPEN: &str = "zzhole";
/// The longest text of a document that is told.
const TOLD_MAX: usize = 300;
/// The longest text that a hole takes.
const HOLE_MAX: usize = 2_000;

/// A text with its names replaced: those that have no value become holes.
pub(super) struct Filled {
    pub(super) text: String,
    pub(super) holes: Vec<String>,
}

/// Replaces `@name`; a sign behind a letter or digit is none.
pub(super) fn fill<'n>(text: &str, value: impl Fn(&str) -> Option<&'n str>) -> Filled {
    let mut filled = Filled {
        text: String::new(),
        holes: Vec::new(),
    };
    walk(text, |part, name| {
        filled.text.push_str(part);
        match name.map(|name| (name, value(name))) {
            Some((_, Some(value))) => filled.text.push_str(value),
            Some((name, None)) => filled.dig(name),
            None => {}
        }
    });
    filled
}

/// A text with its names replaced; those that have no value become holes of patterns.
pub fn filled(text: &str, names: &Names) -> String {
    fill(text, |name| names.get(name).map(String::as_str)).text
}

/// The text with its names replaced; those that have no value stand as they are.
pub(super) fn shown<'n>(text: &str, value: impl Fn(&str) -> Option<&'n str>) -> String {
    let mut shown = String::new();
    walk(text, |part, name| {
        shown.push_str(part);
        if let Some(name) = name {
            let own = format!("@{name}");
            shown.push_str(value(name).unwrap_or(&own));
        }
    });
    shown
}

/// The names in a text.
pub(super) fn named(text: &str) -> impl Iterator<Item = &str> {
    let mut names = Vec::new();
    walk(text, |_, name| names.extend(name));
    names.into_iter()
}

/// Gives each part of a text, with the name that follows it.
fn walk<'t>(text: &'t str, mut each: impl FnMut(&'t str, Option<&'t str>)) {
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let before = rest[..at].chars().next_back();
        let after = &rest[at + 1..];
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = after.find(|c| !is_name(c)).unwrap_or(after.len());
        if length == 0 || before.is_some_and(|c| c.is_ascii_alphanumeric()) {
            each(&rest[..=at], None);
            rest = after;
            continue;
        }
        let (name, behind) = after.split_at(length);
        each(&rest[..at], Some(name));
        rest = behind;
    }
    each(rest, None);
}

/// Whether a word is a name that stands for nothing yet.
pub(super) fn is_open(word: &str) -> bool {
    word.starts_with('@')
}

/// What is told of a document, with the names of its holes, and not longer than people read.
pub(super) fn told(document: &str, holes: &[String]) -> String {
    let mut told = document.to_owned();
    for (number, name) in holes.iter().enumerate().rev() {
        told = told.replace(&format!("{OPEN}{number}z"), &format!("@{name}"));
        told = told.replace(
            &(FIRST_NUMBER + number as u64).to_string(),
            &format!("@{name}"),
        );
    }
    match told.char_indices().nth(TOLD_MAX) {
        Some((at, _)) => format!("{}…", &told[..at]),
        None => told,
    }
}

impl Filled {
    fn dig(&mut self, name: &str) {
        let found = self
            .holes
            .iter()
            .position(|hole| hole == name && name != "_");
        let number = found.unwrap_or_else(|| {
            self.holes.push(name.to_owned());
            self.holes.len() - 1
        });
        let hole = if self.wants_version() {
            (FIRST_VERSION + number as u64).to_string()
        } else if self.wants_number() {
            (FIRST_NUMBER + number as u64).to_string()
        } else {
            format!("{OPEN}{number}z")
        };
        self.text.push_str(&hole);
    }

    fn wants_version(&self) -> bool {
        let before = self.text.trim_end().to_ascii_lowercase();
        let word = before.strip_suffix('=').unwrap_or_default().trim_end();
        let word = word.rsplit(|c: char| !c.is_ascii_alphanumeric()).next();
        matches!(word, Some("version" | "v"))
    }

    fn wants_number(&self) -> bool {
        let before = self.text.trim_end();
        let Some(before) = before.strip_suffix('=') else {
            return false;
        };
        let before = before.trim_end().to_ascii_lowercase();
        let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next();
        let numbered = [
            "context",
            "c",
            "events",
            "observedevents",
            "e",
            "oe",
            "eventbuffer",
        ];
        word.is_some_and(|word| numbered.contains(&word))
    }
}

/// How much has to agree.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rules {
    /// What came may say more than what is expected.
    pub(super) with: bool,
    /// There may be replies to other commands, in any order.
    pub(super) some: bool,
    /// Replies to commands come in any order.
    pub(super) any_order: bool,
}

/// Where what came is not what was expected.
#[derive(Debug)]
pub(super) struct Mismatch {
    pub(super) path: String,
    pub(super) expected: String,
    pub(super) found: String,
}

/// What holes were filled with so far.
#[derive(Clone, Debug, Default)]
struct Captures(BTreeMap<usize, String>);

/// A message as a document.
pub fn document(message: &Message<'_>) -> Value {
    let mut octets = Vec::new();
    json::encode(message, Style::Compact, &mut octets);
    serde_json::from_slice(&octets).unwrap_or(Value::Null)
}

/// A transaction as a document.
pub(super) fn document_of(transaction: &Transaction<'_>) -> Value {
    serde_json::to_value(transaction).unwrap_or(Value::Null)
}

/// Writes the condensed form of an audit that asks for nothing (H.248.1 7.2.5) as the other form.
pub(super) fn expand(transaction: &mut Value) {
    let replies = &mut transaction["transactionReply"]["transactionResult"]["actionReplies"];
    for action in replies.as_array_mut().into_iter().flatten() {
        let Some(commands) = action.get_mut("commandReply").and_then(Value::as_array_mut) else {
            continue;
        };
        let whole = commands.drain(..).flat_map(|command| {
            let names = command["auditValueReply"]["contextAuditResult"].as_array();
            let one = |name: &Value| {
                json!({"auditValueReply": {"auditResult": {"terminationIdList": [name]}}})
            };
            names.map_or_else(|| vec![command.clone()], |names| names.iter().map(one).collect())
        });
        let whole: Vec<Value> = whole.collect();
        *commands = whole;
    }
}

/// The one transaction that a text is about, as a document.
pub fn transaction(text: &str) -> Result<Value, String> {
    let message = format!("MEGACO/3 [192.0.2.10]:2944 {text}");
    let decoded = decode(message.as_bytes(), &Limits::default());
    let decoded =
        decoded.map_err(|error| format!("what is expected does not decode: {error}: {text}"))?;
    Ok(document(&decoded)["message"]["messageBody"]["transactions"][0].clone())
}

/// Compares; what the holes were filled with comes into `names`.
pub(super) fn compare(
    expected: &Value,
    found: &Value,
    holes: &[String],
    rules: Rules,
    names: &mut Names,
) -> Result<(), Mismatch> {
    let mut captures = Captures::default();
    value(expected, found, "", rules, &mut captures)?;
    for (number, text) in captures.0 {
        if let Some(hole) = holes.get(number).filter(|hole| *hole != "_") {
            names.insert(hole.clone(), text);
        }
    }
    Ok(())
}

fn differs(expected: &Value, found: &Value, path: &str) -> Mismatch {
    Mismatch {
        path: path.to_owned(),
        expected: expected.to_string(),
        found: found.to_string(),
    }
}

fn value(
    expected: &Value,
    found: &Value,
    path: &str,
    rules: Rules,
    captures: &mut Captures,
) -> Result<(), Mismatch> {
    let right = match (expected, found) {
        (Value::Object(_), Value::Object(_)) => {
            return object(expected, found, path, rules, captures);
        }
        (Value::Array(_), Value::Array(_)) => return list(expected, found, path, rules, captures),
        // This time stands for any.
        (Value::String(text), Value::String(_))
            if is_time(path) && text.starts_with("00000000") =>
        {
            true
        }
        // A ServiceChange is accepted whatever else its reply says.
        (Value::String(text), Value::Object(_)) if text == "accepted" && rules.with => {
            !tells_error(found)
        }
        (Value::String(text), Value::String(other)) if is_description(path) => {
            lines(text, other, captures)
        }
        (Value::String(text), Value::String(other)) => string(text, other, captures, false),
        // A hole takes a value of any form.
        (Value::String(text), other) if text.starts_with(OPEN) && text.ends_with('z') => {
            let bare = other
                .get("quoted")
                .and_then(Value::as_str)
                .map(str::to_owned);
            string(
                text,
                &bare.unwrap_or_else(|| other.to_string()),
                captures,
                false,
            )
        }
        (Value::Number(_), _) if path.to_ascii_lowercase().ends_with("version") => {
            number(expected, found, FIRST_VERSION, captures)
        }
        (Value::Number(_), _) => number(expected, found, FIRST_NUMBER, captures),
        _ => expected == found,
    };
    if right {
        return Ok(());
    }
    Err(differs(expected, found, path))
}

fn is_description(path: &str) -> bool {
    path.ends_with("localDescriptor") || path.ends_with("remoteDescriptor")
}

fn is_time(path: &str) -> bool {
    path.ends_with("timeNotation") || path.ends_with("timeStamp")
}

fn number(expected: &Value, found: &Value, first: u64, captures: &mut Captures) -> bool {
    let hole = expected
        .as_u64()
        .and_then(|number| number.checked_sub(first));
    let Some(hole) = hole.filter(|hole| *hole < 1_000) else {
        return expected == found;
    };
    let text = found
        .as_str()
        .map_or_else(|| found.to_string(), str::to_owned);
    take(captures, hole as usize, &text)
}

fn take(captures: &mut Captures, hole: usize, text: &str) -> bool {
    let before = captures.0.entry(hole).or_insert_with(|| text.to_owned());
    before == text
}

/// Every line of a session description, in its order; others may stand between.
fn lines(expected: &str, found: &str, captures: &mut Captures) -> bool {
    if expected.trim().is_empty() {
        return found.trim().is_empty();
    }
    let mut others = found.lines();
    expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .all(|line| {
            others.any(|other| {
                let mut tried = captures.clone();
                let fits = string(line, other.trim(), &mut tried, true);
                if fits {
                    *captures = tried;
                }
                fits
            })
        })
}

fn same(one: &str, other: &str, exact: bool) -> bool {
    one == other || (!exact && one.eq_ignore_ascii_case(other))
}

/// A text with holes in it; a hole takes as little as it can.
fn string(expected: &str, found: &str, captures: &mut Captures, exact: bool) -> bool {
    let Some(at) = expected.find(OPEN) else {
        return same(expected, found, exact);
    };
    let (literal, rest) = expected.split_at(at);
    let Some((head, found)) = found.split_at_checked(literal.len()) else {
        return false;
    };
    if !same(literal, head, exact) {
        return false;
    }
    let rest = &rest[OPEN.len()..];
    let Some((number, rest)) = rest.split_once('z') else {
        return false;
    };
    let hole = number.parse::<usize>().unwrap_or_default();
    let next = &rest[..rest.find(OPEN).unwrap_or(rest.len())];
    for end in 1..=found.len().min(HOLE_MAX) {
        let Some((taken, behind)) = found.split_at_checked(end) else {
            continue;
        };
        // What cannot go on is not tried.
        let head = behind.split_at_checked(next.len());
        if !head.is_some_and(|(head, _)| same(next, head, exact)) {
            continue;
        }
        let mut tried = captures.clone();
        if take(&mut tried, hole, taken) && string(rest, behind, &mut tried, exact) {
            *captures = tried;
            return true;
        }
    }
    false
}

/// Members that a message may have without being asked.
const UNASKED: [&str; 4] = ["errorText", "timeNotation", "timeStamp", "immAckRequired"];

fn object(
    expected: &Value,
    found: &Value,
    path: &str,
    rules: Rules,
    captures: &mut Captures,
) -> Result<(), Mismatch> {
    let (Value::Object(own), Value::Object(others)) = (expected, found) else {
        return Err(differs(expected, found, path));
    };
    if rules.with && names_kind(own, others) {
        return Ok(());
    }
    for (name, one) in own.iter().filter(|(name, _)| *name != "errorText") {
        let within = format!("{path}.{name}");
        let Some(other) = others.get(name) else {
            return Err(differs(one, &Value::Null, &within));
        };
        value(one, other, &within, rules, captures)?;
    }
    let more = others.iter().find(|(name, _)| {
        let audit = *name == "terminationAudit" && only_media(&others["terminationAudit"]);
        let free = audit && is_answer(path);
        let with = rules.with && !tells_error(&others[*name]) && !FAULTS.contains(&name.as_str());
        !own.contains_key(*name) && !with && !UNASKED.contains(&name.as_str()) && !free
    });
    match more {
        None => Ok(()),
        Some((name, other)) => Err(differs(&Value::Null, other, &format!("{path}.{name}"))),
    }
}

/// Whether an empty descriptor is expected, and one of its kind is there.
fn names_kind(own: &Map<String, Value>, others: &Map<String, Value>) -> bool {
    let token = own.get("emptyDescriptor").and_then(Value::as_str);
    let kind = token.and_then(|token| token.strip_suffix("Token"));
    let found = others.keys().any(|name| {
        let other = name.strip_suffix("Descriptor");
        other.is_some_and(|other| {
            Some(other) == kind || (other == "statistics" && kind == Some("stats"))
        })
    });
    own.len() == 1 && found
}

/// Whether this is the reply to an Add, Modify or Move, which may return Media with what was chosen.
fn is_answer(path: &str) -> bool {
    ["addReply", "modReply", "moveReply"]
        .iter()
        .any(|name| path.contains(name))
}

/// Members that say that something failed, which nobody leaves out by saying less.
const FAULTS: [&str; 3] = ["errorDescriptor", "error", "transactionError"];

fn tells_error(one: &Value) -> bool {
    match one {
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| FAULTS.contains(&name.as_str()) || tells_error(value)),
        Value::Array(entries) => entries.iter().any(tells_error),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn only_media(audit: &Value) -> bool {
    let all = audit.as_array().into_iter().flatten();
    all.into_iter()
        .all(|one| one.get("mediaDescriptor").is_some())
}

/// Lists whose order says something.
const ORDERED: [&str; 8] = [
    "transactions",
    "actions",
    "actionReplies",
    "commandRequests",
    "commandReply",
    "allOf",
    "oneOf",
    "range",
];

fn list(
    expected: &Value,
    found: &Value,
    path: &str,
    rules: Rules,
    captures: &mut Captures,
) -> Result<(), Mismatch> {
    let (Value::Array(own), Value::Array(others)) = (expected, found) else {
        return Err(differs(expected, found, path));
    };
    let name = path.rsplit('.').next().unwrap_or_default();
    let observed = path.contains("observedEventsDescriptor") && name == "observedEventLst";
    let free = (rules.any_order || rules.some)
        && ["actionReplies", "commandReply", "contextAuditResult"].contains(&name);
    if (ORDERED.contains(&name) || observed) && !free {
        if own.len() != others.len() {
            return Err(differs(expected, found, path));
        }
        let pairs = own.iter().zip(others).enumerate();
        return pairs.into_iter().try_for_each(|(at, (one, other))| {
            value(one, other, &format!("{path}.{name}[{at}]"), rules, captures)
        });
    }
    let mut left: Vec<&Value> = others.iter().collect();
    for one in own {
        let mut nearest = None;
        let fits = left.iter().position(|other| {
            let mut tried = captures.clone();
            match value(one, other, &format!("{path}[]"), rules, &mut tried) {
                Ok(()) => {
                    *captures = tried;
                    true
                }
                Err(mismatch) => {
                    let further = nearest
                        .as_ref()
                        .is_none_or(|near: &Mismatch| near.path.len() < mismatch.path.len());
                    if further {
                        nearest = Some(mismatch);
                    }
                    false
                }
            }
        });
        match fits {
            Some(at) => drop(left.remove(at)),
            None => return Err(nearest.unwrap_or_else(|| differs(one, found, path))),
        }
    }
    let sure = [
        "commandReply",
        "actionReplies",
        "contextAuditResult",
        "terminationIdList",
    ];
    let other_commands = ["commandReply", "contextAuditResult"].contains(&name);
    let may_say_more = if sure.contains(&name) {
        rules.some && other_commands
    } else {
        rules.with
    };
    let counted = path.ends_with("statisticsDescriptor") && !own.is_empty();
    let media = |other: &&Value| is_answer(path) && other.get("mediaDescriptor").is_some();
    let silent = !left.iter().any(|other| tells_error(other));
    if (may_say_more && silent) || counted || left.iter().all(media) {
        return Ok(());
    }
    let more = Value::Array(left.into_iter().cloned().collect());
    Err(differs(&Value::Null, &more, path))
}
