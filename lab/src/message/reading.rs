//! Reading a message, and saying why it cannot be read.

use codec_h248::{Caret, DecodeError, Expected, Limits, Message, decode, peek};

use super::input::{Encoding, Found};

/// How messages are read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    limits: Limits,
}

/// Why octets are no message, for people and for scripts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rejection {
    /// The rule that is broken, by its name in the grammar.
    pub rule: String,
    /// Where, what was expected and what was found, in one line.
    pub reason: String,
    /// The same with what it is about, and what can be said of the message all the same.
    pub lines: Vec<String>,
}

impl Reading {
    /// Reads a message.
    pub fn read<'i>(&self, found: &'i Found<'_>) -> Result<Message<'i>, Rejection> {
        let octets = found.octets.as_ref();
        match found.encoding {
            Encoding::Text => {
                decode(octets, &self.limits).map_err(|error| rejected_text(&error, octets))
            }
            Encoding::Binary => Err(not_read_yet()),
        }
    }
}

fn not_read_yet() -> Rejection {
    let reason = "binary is not read yet".to_owned();
    Rejection {
        rule: "encoding".to_owned(),
        lines: vec![reason.clone()],
        reason,
    }
}

fn rejected_text(error: &DecodeError, octets: &[u8]) -> Rejection {
    let shown = Caret::new(error, octets).to_string();
    let mut lines: Vec<String> = shown.lines().map(str::to_owned).collect();
    let reason = lines.first().cloned().unwrap_or_default();
    lines.extend(seen(octets));
    Rejection {
        rule: rule(&error.expected),
        reason,
        lines,
    }
}

/// The rule of the grammar that a place breaks.
fn rule(expected: &Expected) -> String {
    let rule = match expected {
        Expected::Rule(rule) | Expected::Once(rule) | Expected::AtMost(_, rule) => rule,
        Expected::Command => "commandRequest",
        Expected::Descriptor => "ammParameter",
        Expected::Version(_) => "Version",
        Expected::End => "megacoMessage",
    };
    rule.to_owned()
}

/// What a look at the message tells without decoding it.
fn seen(octets: &[u8]) -> Option<String> {
    let seen = peek(octets);
    let mut words = Vec::new();
    words.extend(seen.version.map(|version| format!("version {version}")));
    words.extend(seen.mid.as_ref().map(|mid| format!("mId {mid}")));
    let transactions = seen.transactions().take(SEEN);
    words.extend(transactions.map(|seen| format!("{} {}", seen.kind, seen.id)));
    (!words.is_empty()).then(|| format!("of it can be read: {}", words.join(", ")))
}

/// Transactions of a message that is not decoded which are told.
const SEEN: usize = 16;
