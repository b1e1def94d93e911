//! Verdicts, and how a purpose ended.

use std::fmt;

use serde::Serialize;

/// What a test says of the implementation. In the course of a test it only gets worse.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing has been judged yet.
    #[default]
    None,
    /// All is as it must be.
    Pass,
    /// It could not be judged.
    Inconc,
    /// Something is not as it must be.
    Fail,
    /// The tool or the script is at fault, or the implementation died.
    Error,
}

impl Verdict {
    /// The worse one of two.
    #[must_use]
    pub fn worsened(self, other: Self) -> Self {
        self.max(other)
    }

    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pass => "pass",
            Self::Inconc => "inconc",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

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
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Judged(verdict) => verdict.word(),
            Self::NotSelected(_) => "not-selected",
            Self::Skipped(_) => "skipped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_only_gets_worse() {
        let order = [
            Verdict::None,
            Verdict::Pass,
            Verdict::Inconc,
            Verdict::Fail,
            Verdict::Error,
        ];
        for (at, better) in order.iter().enumerate() {
            for worse in &order[at..] {
                assert_eq!(better.worsened(*worse), *worse);
                assert_eq!(worse.worsened(*better), *worse);
            }
        }
    }
}
