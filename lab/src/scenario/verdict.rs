//! How a scenario ends.

use std::{fmt, sync::Arc, time::Instant};

/// A verdict; it only gets worse (catalogue, section 2).
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Verdict {
    /// Nothing has been said.
    #[default]
    None,
    /// What was expected came.
    Pass,
    /// Nothing can be said of what is under test.
    Inconc,
    /// What came is not what was expected.
    Fail,
    /// The scenario or the tool is wrong.
    Error,
}

impl Verdict {
    /// Its word in reports.
    pub fn word(self) -> &'static str {
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
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// A message that went or came.
#[derive(Clone, Debug)]
pub struct Exchanged {
    /// When.
    pub at: Instant,
    /// The tool's own place at which it went or came.
    pub place: Arc<str>,
    /// Whether the tool sent it.
    pub sent: bool,
    /// What it was.
    pub octets: Vec<u8>,
    /// The line of the step that was at work.
    pub line: usize,
}

/// A step that was carried out.
#[derive(Clone, Debug)]
pub struct Done {
    /// Its line; 0 for what every purpose has at its end.
    pub line: usize,
    /// The state that it belongs to, where it is no step of the scenario itself.
    pub state: Option<Arc<str>>,
    /// The step in its own words, names filled in as far as they were.
    pub text: String,
    /// When it began.
    pub began: Instant,
    /// When it ended.
    pub ended: Instant,
    /// How many messages had gone and come when it began: its own follow.
    pub messages: usize,
}

/// A step at which what came was not what was expected, though the scenario went on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The step's line; 0 for what stands behind all.
    pub line: usize,
    /// Where, what was expected and what was found.
    pub told: String,
}

/// How a scenario ended.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// Whether the scenario said itself that it cannot be played here: it has no verdict then.
    pub skipped: bool,
    /// Why it is no pass, in words; empty for a pass.
    pub reason: String,
    /// The line of the step at which it ended early.
    pub line: Option<usize>,
    /// The state that this step belongs to, where it is no step of the scenario itself.
    pub state: Option<Arc<str>>,
    /// The steps that failed, where the settings say that the scenario goes on behind them.
    pub differences: Vec<Difference>,
    /// What is right and yet not as it should be.
    pub remarks: Vec<String>,
    /// What was recorded and not judged.
    pub records: Vec<String>,
    /// The steps that were carried out, the last one being where it ended.
    pub steps: Vec<Done>,
    /// Everything that went and came, where the settings say that it is kept.
    pub messages: Vec<Exchanged>,
    /// What was sent last before the end, and what was judged last, as places in `messages`.
    pub pair: (Option<usize>, Option<usize>),
    /// Messages that were not kept because there were too many.
    pub forgotten: u64,
    /// Steps, remarks and records that had no room in the report.
    pub untold: u64,
}

/// Why a scenario ends before its last step.
#[derive(Debug)]
pub(super) enum Halt {
    Fail(String),
    Inconc(String),
    Skip(String),
    /// The scenario says what cannot be.
    Error(String),
}

impl Halt {
    pub(super) fn told(&self) -> &str {
        let (Self::Fail(what) | Self::Inconc(what) | Self::Skip(what) | Self::Error(what)) = self;
        what
    }

    pub(super) fn verdict(&self) -> Verdict {
        match self {
            Self::Fail(_) => Verdict::Fail,
            Self::Inconc(_) => Verdict::Inconc,
            Self::Skip(_) => Verdict::None,
            Self::Error(_) => Verdict::Error,
        }
    }
}

/// What a step leads to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Flow {
    /// The next step.
    Next,
    /// Nothing before then, unless something comes.
    Wait(Instant),
    /// Another step.
    Jump(usize),
}

pub(super) type Stepped = Result<Flow, Halt>;
