//! Reading a message, and saying why it cannot be read.

use codec_h248::{
    Caret, DecodeError, Expected, Limits, Message, Peek,
    binary::{self, BinaryProfile},
    decode, peek,
    strict::{Departure, departures},
};

use super::input::{Encoding, Found};

/// How messages are read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// What was agreed on with the sender.
    pub agreed: BinaryProfile,
    /// Whether departures from the standard are looked for.
    pub strict: bool,
}

/// A message, and what of it the standard forbids.
#[derive(Clone, Debug)]
pub struct Read<'i> {
    /// The message.
    pub message: Message<'i>,
    /// The departures, in the order of their places; none unless they are looked for.
    pub departures: Vec<Departure>,
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
    pub fn read<'i>(&'i self, found: &'i Found<'_>) -> Result<Read<'i>, Rejection> {
        let message = self.message(found)?;
        let departures = if self.strict {
            self.departures(&message, found.encoding)
        } else {
            Vec::new()
        };
        Ok(Read {
            message,
            departures,
        })
    }

    fn departures(&self, message: &Message<'_>, encoding: Encoding) -> Vec<Departure> {
        let mut found = departures(message, &self.agreed.packages);
        found.retain(|departure| encoding == Encoding::Text || !departure.text_only);
        found
    }

    fn message<'i>(&'i self, found: &'i Found<'_>) -> Result<Message<'i>, Rejection> {
        let octets = found.octets.as_ref();
        match found.encoding {
            Encoding::Text => {
                decode(octets, &Limits::default()).map_err(|error| rejected_text(&error, octets))
            }
            Encoding::Binary => binary::decode(octets, &Limits::default(), &self.agreed)
                .map_err(|error| rejected_binary(&error, octets)),
        }
    }
}

fn rejected_text(error: &DecodeError, octets: &[u8]) -> Rejection {
    let shown = Caret::new(error, octets).to_string();
    let mut lines: Vec<String> = shown.lines().map(str::to_owned).collect();
    let reason = lines.first().cloned().unwrap_or_default();
    lines.extend(seen(&peek(octets)));
    Rejection {
        rule: rule(&error.expected),
        reason,
        lines,
    }
}

fn rejected_binary(error: &DecodeError, octets: &[u8]) -> Rejection {
    let mut reason = error.to_string();
    if let Some(octet) = octets.get(error.span.start) {
        reason.push_str(&format!(", found {octet:02x}"));
    }
    let mut lines = vec![reason.clone()];
    lines.extend(seen(&binary::peek(octets)));
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
fn seen(seen: &Peek<'_>) -> Option<String> {
    let mut words = Vec::new();
    words.extend(seen.version.map(|version| format!("version {version}")));
    words.extend(seen.mid.as_ref().map(|mid| format!("mId {mid}")));
    let transactions = seen.transactions().take(SEEN);
    words.extend(transactions.map(|seen| format!("{} {}", seen.kind, seen.id)));
    (!words.is_empty()).then(|| format!("of it can be read: {}", words.join(", ")))
}

/// Transactions of a message that is not decoded which are told.
const SEEN: usize = 16;
