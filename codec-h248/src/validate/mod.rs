//! Whether a message can be written as text so that it is read as what it is. The writer trusts the
//! model; a model whose parts come from elsewhere, such as a JSON document, is checked here first.

mod audit;
mod command;
mod context;
mod descriptor;
mod events;
mod media;
mod message;
mod service_change;
mod value;
mod words;

use std::fmt::{self, Write};

pub(crate) use self::command::is_context_audit;
use crate::{List, Message};

/// Faults that are told of one message.
const MOST: usize = 100;

/// Something of a message that text cannot say.
///
/// ```
/// use codec_h248::{List, MId, Message, MessageBody};
///
/// let mid = MId::Device("mg {1}".into());
/// let body = MessageBody::Transactions(List::new());
/// let message = Message { authentication: None, version: 3, mid, body };
/// let faults: Vec<_> = message.validate().iter().map(ToString::to_string).collect();
/// assert_eq!(faults[0], "mId: expected pathNAME");
/// assert_eq!(faults[1], "messageBody.transactions: expected one entry or more");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// Where, in the names of the JSON form, such as `messageBody.transactions[0]`.
    pub place: String,
    /// What the grammar wants there: a rule of H.248.1 Annex B.2, or words.
    pub expected: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.place, self.expected)
    }
}

impl std::error::Error for Fault {}

impl Message<'_> {
    /// What of the message cannot be written as text, the first hundred places; empty where all
    /// can. What the grammar of one version lacks is no fault here, nor is what only binary has.
    /// Every message that was read as text can be written.
    pub fn validate(&self) -> Vec<Fault> {
        let mut walk = Walk::default();
        self.check(&mut walk);
        walk.faults
    }

    /// What of the message only binary has a place for, and text leaves out without a word: the
    /// first hundred places of `NonStandardData`.
    ///
    /// ```
    /// use codec_h248::{Limits, decode};
    ///
    /// let message = decode(b"!/1 mg1 T=7{C=1{MF=a{MD=V18}}}", &Limits::default())?;
    /// assert!(message.binary_only().is_empty());
    /// # Ok::<(), codec_h248::DecodeError>(())
    /// ```
    pub fn binary_only(&self) -> Vec<Fault> {
        let mut walk = Walk::default();
        self.check(&mut walk);
        walk.binary_only
    }
}

/// A noun that can be checked.
trait Check {
    fn check(&self, walk: &mut Walk);
}

/// A walk through a message: where it is, and what it found.
#[derive(Default)]
struct Walk {
    place: Vec<Part>,
    faults: Vec<Fault>,
    binary_only: Vec<Fault>,
}

enum Part {
    Member(&'static str),
    Entry(usize),
}

impl Walk {
    /// What is here is binary's alone.
    fn is_binary_only(&mut self) {
        if self.binary_only.len() < MOST {
            self.binary_only.push(Fault {
                place: self.shown(),
                expected: "what text has a place for",
            });
        }
    }

    /// A fault here unless `holds`.
    fn wants(&mut self, holds: bool, expected: &'static str) {
        if !holds && self.faults.len() < MOST {
            let place = self.shown();
            self.faults.push(Fault { place, expected });
        }
    }

    fn shown(&self) -> String {
        let mut place = String::new();
        for part in &self.place {
            let written = match part {
                Part::Member(name) if place.is_empty() => write!(place, "{name}"),
                Part::Member(name) => write!(place, ".{name}"),
                Part::Entry(entry) => write!(place, "[{entry}]"),
            };
            written.expect("a String takes every character");
        }
        place
    }

    /// A look at what is there under `name`.
    fn at(&mut self, name: &'static str, look: impl FnOnce(&mut Self)) {
        self.place.push(Part::Member(name));
        look(self);
        self.place.pop();
    }

    fn member(&mut self, name: &'static str, noun: &impl Check) {
        self.at(name, |walk| noun.check(walk));
    }

    /// A list that has an entry.
    fn filled<T: Check>(&mut self, name: &'static str, list: &[T]) {
        self.at(name, |walk| {
            walk.wants(!list.is_empty(), "one entry or more");
            list.check(walk);
        });
    }
}

impl<T: Check> Check for [T] {
    fn check(&self, walk: &mut Walk) {
        for (entry, noun) in self.iter().enumerate() {
            walk.place.push(Part::Entry(entry));
            noun.check(walk);
            walk.place.pop();
        }
    }
}

impl<T: Check> Check for Vec<T> {
    fn check(&self, walk: &mut Walk) {
        self.as_slice().check(walk);
    }
}

impl<T: Check> Check for List<T> {
    fn check(&self, walk: &mut Walk) {
        (**self).check(walk);
    }
}

impl<T: Check> Check for Option<T> {
    fn check(&self, walk: &mut Walk) {
        if let Some(noun) = self {
            noun.check(walk);
        }
    }
}

impl<T: Check> Check for Box<T> {
    fn check(&self, walk: &mut Walk) {
        self.as_ref().check(walk);
    }
}
