//! How a purpose ended.

pub use crate::scenario::Verdict;

/// How a purpose ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Status {
    /// It was played.
    Judged(Verdict),
    /// The PICS or the campaign excludes it; what does.
    NotSelected(String),
    /// It was left out; why.
    Skipped(String),
}

impl Status {
    /// The verdict, where there is one.
    pub const fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::Judged(verdict) => Some(*verdict),
            Self::NotSelected(_) | Self::Skipped(_) => None,
        }
    }

    /// The word in reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Judged(verdict) => verdict.word(),
            Self::NotSelected(_) => "not-selected",
            Self::Skipped(_) => "skipped",
        }
    }
}
