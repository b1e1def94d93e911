//! Why a message does not decode: what was expected, what was found, where, and at which level.

use std::{fmt, ops::Range};

use crate::{ContextId, TransactionId};

/// A message that does not decode.
///
/// ```
/// use codec_h248::{Limits, TransactionId, decode};
///
/// let error = decode(b"!/1 mg1 T=7{C=x{S=a}}", &Limits::default()).unwrap_err();
/// assert_eq!(error.to_string(), "expected ContextID at octet 14 (Action)");
/// assert_eq!(error.transaction, Some(TransactionId(7)));
/// assert!(error.answerable);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DecodeError {
    /// What the grammar wants at this place.
    pub expected: Expected,
    /// The octets where the message stops making sense.
    pub span: Range<usize>,
    /// What that place belongs to; decides code and place of the answer (H.248.1 8.2.2).
    pub level: Level,
    /// The transaction that holds the place, where its number could be read.
    pub transaction: Option<TransactionId>,
    /// The Context of the action request that holds the place, where it could be read.
    pub context: Option<ContextId>,
    /// The tags that lead to the place, outermost first (binary); empty in text.
    pub path: Vec<Step>,
    /// Whether the sender may be told. It may not within a reply, Pending, an acknowledgement or an
    /// Error message: two entities that do not understand each other would talk for ever.
    pub answerable: bool,
}

/// One step on the way to a place in a binary message (H.248.1 Annex A.2).
///
/// ```
/// use codec_h248::Step;
///
/// let path = [Step::Component("transactions", 1), Step::Element(0)];
/// assert_eq!(format!("{} {}", path[0], path[1]), "transactions[1] #0");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// A component of a SEQUENCE or CHOICE: its name and context tag.
    Component(&'static str, u32),
    /// An element of a SEQUENCE OF, counted from 0.
    Element(usize),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Component(name, tag) => write!(f, "{name}[{tag}]"),
            Self::Element(place) => write!(f, "#{place}"),
        }
    }
}

/// What part of a message stops making sense.
///
/// ```
/// use codec_h248::{Level, Limits, decode};
///
/// let level = |octets| decode(octets, &Limits::default()).unwrap_err().level;
/// assert_eq!(level(b"hello"), Level::Message);
/// assert_eq!(level(b"!/1 mg1 T=7{C=1{Frobnicate=a}}"), Level::Command);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Level {
    /// Header or overall shape.
    Message,
    /// The boundary or kind of a transaction.
    Transaction,
    /// An action.
    Action,
    /// A command.
    Command,
    /// A descriptor or what it holds.
    Descriptor,
}

/// What the grammar wants.
///
/// ```
/// use codec_h248::{Expected, Limits, decode};
///
/// let error = decode(b"!/9 mg1 T=7{C=1{S=a}}", &Limits::default()).unwrap_err();
/// assert_eq!(error.expected, Expected::Version(9));
/// assert_eq!(Expected::Rule("ContextID").to_string(), "expected ContextID");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Expected {
    /// A rule of the grammar, by its name in Annex B.2.
    Rule(&'static str),
    /// A command; a word was found that names none.
    Command,
    /// A descriptor of Add, Move or Modify; a word was found that names none.
    Descriptor,
    /// A value of this ENUMERATED, to which later versions may add; a number was found that names none.
    Known(&'static str),
    /// A version from 1 to 3; this is what was found.
    Version(u8),
    /// At most so many of something.
    AtMost(usize, &'static str),
    /// Something that must stand at most once.
    Once(&'static str),
    /// Nothing after the last transaction.
    End,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => write!(f, "expected {rule}"),
            Self::Command => f.write_str("expected commandRequest"),
            Self::Descriptor => f.write_str("expected ammParameter"),
            Self::Known(name) => write!(f, "expected a known value of {name}"),
            Self::Version(found) => write!(f, "expected version 1, 2 or 3, found {found}"),
            Self::AtMost(limit, what) => write!(f, "expected at most {limit} {what}"),
            Self::Once(what) => write!(f, "expected {what} at most once"),
            Self::End => f.write_str("expected the end of the message"),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at octet {} ({:?})",
            self.expected, self.span.start, self.level
        )?;
        for (place, step) in self.path.iter().enumerate() {
            let lead = if place == 0 { " in " } else { " " };
            write!(f, "{lead}{step}")?;
        }
        Ok(())
    }
}

impl std::error::Error for DecodeError {}
