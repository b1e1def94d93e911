//! What binary cannot say.

use std::fmt;

use crate::Step;

/// A message that cannot be written in binary.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EncodeError {
    /// What cannot be said.
    pub what: Unsayable,
    /// The tags that lead to the place, outermost first.
    pub path: Vec<Step>,
}

/// What cannot be said in binary.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unsayable {
    /// A component that the message's version does not have.
    Newer {
        /// The component, by its name in Annex A.2.
        component: &'static str,
        /// The first version that has it.
        version: u8,
    },
    /// A name that has no number: what kind of name, and which one.
    Name(&'static str, String),
    /// A value that its type does not have: the type, and the value.
    Value(&'static str, String),
    /// Something that only text can say.
    TextOnly(&'static str),
    /// A component that must stand.
    Missing(&'static str),
    /// A component that stands at most once.
    Twice(&'static str),
    /// Elements that were kept, in a message that is not built as it was when it was read.
    NotAsRead,
}

impl fmt::Display for Unsayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { component, version } => {
                write!(f, "{component} exists since version {version}")
            }
            Self::Name(kind, name) => write!(f, "the {kind} {name:?} has no binary name"),
            Self::Value(kind, value) => write!(f, "{value:?} is no {kind}"),
            Self::TextOnly(what) => write!(f, "binary has no {what}"),
            Self::Missing(what) => write!(f, "{what} is missing"),
            Self::Twice(what) => write!(f, "{what} stands twice"),
            Self::NotAsRead => f.write_str("the message is not built as it was when it was read"),
        }
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)?;
        for (place, step) in self.path.iter().enumerate() {
            let lead = if place == 0 { " in " } else { " " };
            write!(f, "{lead}{step}")?;
        }
        Ok(())
    }
}

impl std::error::Error for EncodeError {}
