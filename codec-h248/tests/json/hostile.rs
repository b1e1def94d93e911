//! A document may come from anywhere: what is read of it can be written as text and is read there
//! as the same, and what is refused is refused by its place.

use codec_h248::{
    Limits, Message, Style, TextProfile,
    binary::{self, BinaryProfile},
    decode, encode, json,
};
use serde_json::Value;

use super::corpus::examples;

/// Strings that would break text where they stand without a check.
const STRINGS: &[&str] = &[
    "",
    " ",
    "a b",
    "a\"b",
    "a{b",
    "}",
    "a,b",
    "a=b",
    ";c",
    "\\}",
    "\0",
    "\u{7f}",
    "é",
    "*",
    "$",
    "*/*",
    "*/a",
    "a/*",
    "a/b/c",
    "a/b",
    "ROOT",
    "[1.2.3.4]:5",
    "[::1]",
    "<a b>",
    "<a>:1",
    "MTP{12}",
    "MTP{1234}",
    "2944",
    "20261124T06380000",
    "X-abc",
    "X-abcdefgh",
    "ST",
    "KeepActive",
    "v=0\r\nm=audio 1 RTP/AVP 0\r\n",
    "(1|2x.)",
];

const NUMBERS: &[u64] = &[
    0,
    1,
    15,
    99,
    100,
    9_999,
    10_000,
    65_535,
    65_536,
    4_294_967_294,
    u64::MAX,
];

/// Changes one thing of the tree, the `at`th in order; false where there are not so many.
fn change(value: &mut Value, at: &mut usize, with: &mut fastrand::Rng) -> bool {
    if *at == 0 {
        alter(value, with);
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(entries) => entries.iter_mut().any(|entry| change(entry, at, with)),
        Value::Object(members) => members.values_mut().any(|member| change(member, at, with)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn alter(value: &mut Value, with: &mut fastrand::Rng) {
    match value {
        Value::String(text) => *text = STRINGS[with.usize(..STRINGS.len())].to_owned(),
        Value::Number(_) => *value = NUMBERS[with.usize(..NUMBERS.len())].into(),
        Value::Bool(on) => *on = !*on,
        Value::Array(entries) if with.bool() => {
            entries.pop();
        }
        Value::Array(entries) => entries.extend(entries.first().cloned()),
        Value::Object(members) if with.bool() => {
            let first = members.keys().next().cloned().unwrap_or_default();
            members.remove(&first);
        }
        Value::Object(members) => {
            members.insert("unheardOf".to_owned(), Value::Null);
        }
        Value::Null => {}
    }
}

/// Whether the members and entries that lead to `path` are in the document, but for the last.
fn leads_somewhere(document: &Value, path: &str) -> bool {
    let parts: Vec<&str> = path
        .split(['.', '[', ']'])
        .filter(|part| !part.is_empty())
        .collect();
    let mut here = document;
    for part in parts.iter().take(parts.len().saturating_sub(1)) {
        let next = match part.parse::<usize>() {
            Ok(entry) => here.get(entry),
            Err(_) => here.get(part),
        };
        match next {
            Some(next) => here = next,
            None => return here.is_string(),
        }
    }
    true
}

fn written(message: &Message<'_>, style: Style) -> Vec<u8> {
    let mut out = Vec::new();
    let profile = TextProfile {
        style,
        ..TextProfile::default()
    };
    encode(message, &profile, &mut out);
    out
}

fn is_the_same_as_text(name: &str, message: &Message<'_>) {
    let limits = Limits::default();
    for style in [Style::Pretty, Style::Compact] {
        let text = written(message, style);
        let shown = String::from_utf8_lossy(&text);
        let back =
            decode(&text, &limits).unwrap_or_else(|error| panic!("{name}: {error}\n{shown}"));
        let again = written(&back, style);
        assert_eq!(
            String::from_utf8_lossy(&again),
            shown,
            "{name}: {message:?}"
        );
    }
}

/// Binary cannot say all that text can; what it says is read again.
fn is_the_same_as_binary(name: &str, message: &Message<'_>) {
    let profile = BinaryProfile::default();
    let mut octets = Vec::new();
    if binary::encode(message, &profile, &mut octets).is_err() {
        return;
    }
    let back = binary::decode(&octets, &Limits::default(), &profile)
        .unwrap_or_else(|error| panic!("{name}: {error}: {message:?}"));
    let mut again = Vec::new();
    binary::encode(&back, &profile, &mut again)
        .unwrap_or_else(|error| panic!("{name}: {error}: {message:?}"));
    assert_eq!(again, octets, "{name}: {message:?}");
}

#[test]
fn a_changed_document_is_refused_by_its_place_or_is_good_text() {
    let mut with = fastrand::Rng::with_seed(248);
    let (mut taken, mut refused) = (0, 0);
    let schema = json::schema();
    for (name, octets) in examples() {
        let Ok(message) = decode(&octets, &Limits::default()) else {
            continue;
        };
        let mut document = Vec::new();
        json::encode(&message, Style::Compact, &mut document);
        let document: Value = serde_json::from_slice(&document).expect("we wrote it");
        for round in 0..400 {
            let mut changed = document.clone();
            let mut at = round;
            if !change(&mut changed, &mut at, &mut with) {
                let mut at = with.usize(1..round.max(2));
                change(&mut changed, &mut at, &mut with);
            }
            let octets = changed.to_string();
            match json::decode(octets.as_bytes()) {
                Ok(message) => {
                    taken += 1;
                    assert_eq!(super::schema::refusal(&schema, &schema, &changed), None);
                    is_the_same_as_text(&name, &message);
                    is_the_same_as_binary(&name, &message);
                }
                Err(error) => {
                    refused += 1;
                    assert!(leads_somewhere(&changed, &error.path), "{error}\n{octets}");
                }
            }
        }
    }
    println!("{taken} documents taken, {refused} refused");
}
