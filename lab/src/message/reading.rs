//! Reading a message, and saying why it cannot be read.

use codec_h248::{
    Caret, DecodeError, Expected, Limits, Message, Peek,
    binary::{self, BinaryProfile},
    decode, peek,
    strict::{self, Departure, decode_strict},
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
        let octets = found.octets.as_ref();
        match found.encoding {
            Encoding::Text => self
                .text(octets)
                .map_err(|error| rejected_text(&error, octets)),
            Encoding::Binary => self
                .binary(octets)
                .map_err(|error| rejected_binary(&error, octets)),
        }
    }

    fn text<'i>(&self, octets: &'i [u8]) -> Result<Read<'i>, DecodeError> {
        let limits = Limits::default();
        let (message, departures) = if self.strict {
            decode_strict(octets, &limits, &self.agreed.packages)?
        } else {
            (decode(octets, &limits)?, Vec::new())
        };
        Ok(Read {
            message,
            departures,
        })
    }

    fn binary<'i>(&'i self, octets: &'i [u8]) -> Result<Read<'i>, DecodeError> {
        let message = binary::decode(octets, &Limits::default(), &self.agreed)?;
        let mut departures = Vec::new();
        if self.strict {
            departures = strict::departures(&message, &self.agreed.packages);
            departures.retain(|departure| !departure.text_only);
        }
        Ok(Read {
            message,
            departures,
        })
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
        Expected::Rule(rule)
        | Expected::Known(rule)
        | Expected::Once(rule)
        | Expected::AtMost(_, rule) => rule,
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
