//! What goes wrong with messages on purpose: they are lost, late, doubled, out of order, or say something else.

use std::time::{Duration, Instant};

use codec_h248::{IntoBoundedStatic, Message, Style, TextProfile, binary, encode, json};
use serde_json::Value;

use super::{
    pattern,
    player::{How, Player, Transmit},
    script::Step,
    text::duration,
    verdict::Halt,
};

/// Pendings of one storm, and copies of one message.
const MANY: u32 = 10_000;
/// Faults of one message.
const FAULTS_MAX: usize = 100;
/// Octets that are held back.
const HELD_MAX: usize = 8 << 20;
/// A Context that no gateway has made.
const NO_CONTEXT: &str = "4294960001";

/// What happens to the next message; a storm is of the request that was judged last.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    Drop,
    Delay(Duration),
    Duplicate(u32),
    Reorder,
    Corrupt(String, String),
    Storm(u32),
}

impl Fault {
    fn name(&self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Delay(_) => "delay",
            Self::Duplicate(_) => "duplicate",
            Self::Reorder => "reorder",
            Self::Corrupt(..) => "corrupt",
            Self::Storm(_) => "pending",
        }
    }
}

/// What goes wrong, and what is held back by it.
#[derive(Debug, Default)]
pub(super) struct Faults {
    next: Vec<Fault>,
    late: Vec<(Instant, Transmit)>,
    /// What waits until something else has gone.
    behind: Vec<Transmit>,
    /// Why a message could not be made to say something else.
    amiss: Option<String>,
}

impl Faults {
    /// When what is late goes.
    pub(super) fn wake(&self) -> Option<Instant> {
        self.late.iter().map(|(at, _)| *at).min()
    }

    /// Why a fault came to nothing, once.
    pub(super) fn amiss(&mut self) -> Option<String> {
        self.amiss.take()
    }

    /// The same where nothing more is sent.
    pub(super) fn left(&mut self) -> Option<String> {
        let waits = self.next.first().map(|fault| {
            let name = fault.name();
            format!("fault {name}: expected a message behind it; found none")
        });
        self.amiss().or(waits)
    }

    /// What is late and goes now.
    pub(super) fn due(&mut self, now: Instant) -> Vec<Transmit> {
        let (due, late) = std::mem::take(&mut self.late)
            .into_iter()
            .partition(|(at, _)| *at <= now);
        self.late = late;
        let due: Vec<(Instant, Transmit)> = due;
        due.into_iter().map(|(_, one)| one).collect()
    }
}

/// `fault drop`, `fault delay 300ms`, `fault duplicate 3`, `fault reorder`, `fault corrupt FIELD VALUE`,
/// `fault context [NUMBER]`, `fault pending N`.
pub(super) fn read(step: &Step) -> Result<Fault, Halt> {
    let count = |at: usize, usual: u32| match step.word(at) {
        None => Ok(usual),
        Some(word) => word
            .parse()
            .ok()
            .filter(|number| (1..=MANY).contains(number))
            .ok_or_else(|| Halt::Error(format!("expected 1 to {MANY}, found {word:?}"))),
    };
    Ok(match step.wanted(1)? {
        "drop" => Fault::Drop,
        "delay" => Fault::Delay(duration(step.wanted(2)?)?),
        "duplicate" => Fault::Duplicate(count(2, 1)?),
        "reorder" => Fault::Reorder,
        "corrupt" => Fault::Corrupt(step.wanted(2)?.to_owned(), step.wanted(3)?.to_owned()),
        "context" => {
            let number = step.word(2).unwrap_or(NO_CONTEXT);
            Fault::Corrupt("contextId".to_owned(), number.to_owned())
        }
        "pending" => Fault::Storm(count(2, 100)?),
        other => return Err(Halt::Error(format!("there is no fault {other}"))),
    })
}

impl Player {
    /// Has something go wrong with the next message; a storm of Pendings goes at once.
    pub(super) fn fault(&mut self, step: &Step) -> Result<(), Halt> {
        let fault = read(step)?;
        if let Fault::Storm(times) = fault {
            return self.storm(times);
        }
        if self.faults.next.len() >= FAULTS_MAX {
            let told = format!("expected up to {FAULTS_MAX} faults of a message, found more");
            return Err(Halt::Error(told));
        }
        let held = self
            .faults
            .late
            .iter()
            .map(|(_, one)| one)
            .chain(&self.faults.behind);
        let octets: usize = held.map(|one| one.octets.len()).sum();
        if octets > HELD_MAX {
            let told = format!("more than {HELD_MAX} octets are late or wait behind others");
            return Err(Halt::Error(told));
        }
        self.faults.next.push(fault);
        Ok(())
    }

    /// Says of the request that was judged last that it is still at work, over and over.
    fn storm(&mut self, times: u32) -> Result<(), Halt> {
        let asked = self.asked.clone();
        let (id, place) = asked.ok_or_else(|| self.amiss("nothing was asked".to_owned()))?;
        let head = self.header(&Step::default(), &place);
        let octets = self.octets(&format!("{head}Pending={id}{{}}"), &place)?;
        for _ in 0..times {
            self.transmit(&place, octets.clone(), How::Framed);
        }
        Ok(())
    }

    /// What becomes of a message that is sent: what goes now.
    pub(super) fn faulted(&mut self, mut one: Transmit) -> Vec<Transmit> {
        let mut copies = 1;
        for fault in std::mem::take(&mut self.faults.next) {
            match fault {
                Fault::Drop => copies = 0,
                Fault::Delay(time) => {
                    self.faults.late.push((self.now + time, one.clone()));
                    copies = 0;
                }
                Fault::Duplicate(more) => copies += more as usize,
                Fault::Reorder => {
                    self.faults.behind.push(one);
                    return Vec::new();
                }
                Fault::Corrupt(field, value) => match self.corrupted(&one, &field, &value) {
                    Ok(octets) => one.octets = octets,
                    Err(told) => {
                        self.faults.amiss = Some(format!("fault corrupt: {told}"));
                        return Vec::new();
                    }
                },
                Fault::Storm(_) => {}
            }
        }
        let room = (HELD_MAX / one.octets.len().max(1)).max(1);
        if copies > room {
            self.remark(format!("{room} copies went instead of {copies}, since more than {HELD_MAX} octets do not go at once"));
        }
        let mut out = vec![one; copies.min(room)];
        out.append(&mut self.faults.behind);
        out
    }

    /// A message whose field has another value, or why there is none.
    fn corrupted(&self, one: &Transmit, field: &str, value: &str) -> Result<Vec<u8>, String> {
        let message = self.read(&one.octets);
        let message =
            message.map_err(|error| format!("expected a message that decodes; found {error}"))?;
        let document = pattern::document(&message);
        let message = put_readably(&document, field, value)?;
        let mut octets = Vec::new();
        if one.octets.first() == Some(&0x30) {
            binary::encode(&message, &self.settings.names, &mut octets)
                .map_err(|error| no_value(field, value, &error))?;
        } else {
            encode(&message, &TextProfile::of(Style::Compact), &mut octets);
        }
        Ok(octets)
    }
}

/// The message of a document in which the first field of this name has another value: of the kind that it had, else
/// a number, as Contexts are that are not the null Context.
fn put_readably(document: &Value, field: &str, value: &str) -> Result<Message<'static>, String> {
    let mut told = String::new();
    let number = value.parse::<u64>().ok().map(Value::from);
    for other in [None, number] {
        let mut document = document.clone();
        if !put(
            &mut document["message"]["messageBody"],
            field,
            value,
            other.as_ref(),
        ) {
            return Err(format!(
                "expected a field {field} in the message behind it; found none"
            ));
        }
        let text = document.to_string().into_bytes();
        match json::decode(&text) {
            Ok(message) => return Ok(message.into_static()),
            Err(error) if told.is_empty() => told = no_value(field, value, &error),
            Err(_) => {}
        }
    }
    Err(told)
}

fn no_value(field: &str, value: &str, error: &dyn std::fmt::Display) -> String {
    format!("expected a value that {field} can have; found {value}: {error}")
}

/// Gives the first member of this name another value, of the kind that it had or `other`; whether there is one.
fn put(document: &mut Value, field: &str, value: &str, other: Option<&Value>) -> bool {
    match document {
        Value::Object(members) => {
            if let Some(member) = members.get_mut(field) {
                *member = other.cloned().unwrap_or_else(|| alike(member, value));
                return true;
            }
            let mut members = members.values_mut();
            members.any(|member| put(member, field, value, other))
        }
        Value::Array(entries) => {
            let mut entries = entries.iter_mut();
            entries.any(|entry| put(entry, field, value, other))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A value in the form of another one.
fn alike(old: &Value, value: &str) -> Value {
    match (old, value.parse::<u64>()) {
        (Value::Array(_), _) => Value::Array(vec![value.into()]),
        (Value::Bool(_), _) => Value::Bool(value == "true"),
        (Value::Number(_), Ok(number)) => number.into(),
        _ => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_field_of_that_name_gets_a_value_of_its_kind() {
        let mut document = json!({"actions": [{"contextId": 5}, {"contextId": 6}], "mode": "a"});
        assert!(put(&mut document, "contextId", "77", None));
        assert!(put(&mut document, "mode", "b", None));
        assert!(!put(&mut document, "other", "c", None));
        let expected = json!({"actions": [{"contextId": 77}, {"contextId": 6}], "mode": "b"});
        assert_eq!(document, expected);
    }
}
