//! What a campaign has found: one outcome for each purpose.

use std::{
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use transport_h248::{Address, Carrier};

use super::{
    purpose::{Purpose, Role},
    select::Choice,
    verdict::{Status, Verdict},
};

/// A message of a test.
#[derive(Clone, Debug)]
pub struct Exchanged {
    /// When.
    pub at: SystemTime,
    /// Whether the tool sent it.
    pub sent: bool,
    /// Where the tool sent or received it.
    pub local: SocketAddr,
    /// The other end, and what carries messages there.
    pub peer: Address,
    /// The message, without framing.
    pub octets: Bytes,
    /// The line of the block that was played then, 0 where it was before or after its steps.
    pub line: usize,
}

/// A step that was carried out.
#[derive(Clone, Debug)]
pub struct Stepped {
    /// When it began.
    pub at: SystemTime,
    /// Its line; 0 for what every purpose has around its steps.
    pub line: usize,
    /// The state that it belongs to, where it is no step of the purpose itself.
    pub state: Option<String>,
    /// The step, names filled in.
    pub text: String,
    /// How many messages had gone and come by then.
    pub messages: usize,
}

impl Stepped {
    /// Whether it does anything that a reader of the test wants to follow: names that a state gives are none.
    pub fn is_told(&self) -> bool {
        let verb = self.text.split([' ', ':']).next().unwrap_or_default();
        self.state.is_none() || !["let", "standing", "gives"].contains(&verb)
    }

    /// The step in one line, and where it stands.
    pub fn shown(&self) -> String {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        match (&self.state, self.line) {
            (Some(state), _) => format!("{state}  {text}"),
            (None, 0) => format!("check  {text}"),
            (None, line) => format!("{line}  {text}"),
        }
    }
}

/// How one purpose ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Which.
    pub purpose: Purpose,
    /// How.
    pub status: Status,
    /// Why, in one sentence.
    pub reason: String,
    /// The line of the catalogue's file that decided, and what stands there.
    pub step: Option<(usize, String)>,
    /// What is worth knowing and does not change the verdict.
    pub remarks: Vec<String>,
    /// Reactions that are recorded and not judged.
    pub records: Vec<String>,
    /// The steps that were carried out.
    pub steps: Vec<Stepped>,
    /// All messages, in order.
    pub messages: Vec<Exchanged>,
    /// Indices of the last request and of what answered it when the verdict fell.
    pub pair: Option<(usize, usize)>,
    /// When it began.
    pub began: SystemTime,
    /// How long it took.
    pub took: Duration,
    /// Why it is known to fail, where it is.
    pub known: Option<String>,
    /// Its capture, below the folder of the campaign.
    pub capture: Option<PathBuf>,
}

impl Outcome {
    /// A purpose that is not played.
    pub fn left_out(purpose: Purpose, status: Status) -> Self {
        let reason = match &status {
            Status::NotSelected(reason) | Status::Skipped(reason) => reason.clone(),
            Status::Judged(_) => String::new(),
        };
        Self {
            purpose,
            status,
            reason,
            step: None,
            remarks: Vec::new(),
            records: Vec::new(),
            steps: Vec::new(),
            messages: Vec::new(),
            pair: None,
            began: SystemTime::UNIX_EPOCH,
            took: Duration::ZERO,
            known: None,
            capture: None,
        }
    }

    /// The verdict, where it was played.
    pub const fn verdict(&self) -> Option<Verdict> {
        self.status.verdict()
    }

    /// Whether it failed as it is known to.
    pub fn failed_as_known(&self) -> bool {
        self.known.is_some() && self.verdict() == Some(Verdict::Fail)
    }

    /// Whether it is listed as failing, and passes.
    pub fn passes_though_listed(&self) -> bool {
        self.known.is_some() && self.verdict() == Some(Verdict::Pass)
    }

    /// The last messages before the verdict, of the tool and of the other end.
    pub fn decisive_pair(&self) -> Option<(usize, usize)> {
        let last = |sent: bool| self.messages.iter().rposition(|one| one.sent == sent);
        self.pair.or_else(|| Some((last(true)?, last(false)?)))
    }
}

/// A campaign that was run.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Who was under test.
    pub role: Role,
    /// What carried messages.
    pub carrier: Carrier,
    /// `text` or `binary`.
    pub encoding: String,
    /// Where what was under test is, or was said to be.
    pub target: String,
    /// What it was asked to play.
    pub choice: Choice,
    /// How many purposes the catalogue has for this role.
    pub catalogue: usize,
    /// The seed of what is random.
    pub seed: u64,
    /// When it began.
    pub began: SystemTime,
    /// How long it took.
    pub took: Duration,
    /// All purposes, in the catalogue's order.
    pub outcomes: Vec<Outcome>,
    /// Contradictions that the static review found.
    pub review: Vec<String>,
    /// What ended it before everything was played.
    pub interrupted: Option<String>,
}

/// How many purposes ended how.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize)]
pub struct Counts {
    /// Of all.
    pub pass: usize,
    /// Passed with a remark; they are among `pass`.
    pub remarked: usize,
    /// Failed, and not known to.
    pub fail: usize,
    /// Failed as they are known to.
    pub known: usize,
    /// Could not be judged.
    pub inconc: usize,
    /// The tool or the script was at fault.
    pub error: usize,
    /// Excluded by the PICS.
    pub not_selected: usize,
    /// Left out.
    pub skipped: usize,
    /// Listed as failing, and passed; they are among `pass`.
    pub unexpected: usize,
}

impl Counts {
    /// Counts outcomes.
    pub fn of<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            counts.add(outcome);
        }
        counts
    }

    fn add(&mut self, outcome: &Outcome) {
        match &outcome.status {
            Status::NotSelected(_) => self.not_selected += 1,
            Status::Skipped(_) => self.skipped += 1,
            Status::Judged(Verdict::Pass) => {
                self.pass += 1;
                self.remarked += usize::from(!outcome.remarks.is_empty());
                self.unexpected += usize::from(outcome.known.is_some());
            }
            Status::Judged(Verdict::Fail) if outcome.known.is_some() => self.known += 1,
            Status::Judged(Verdict::Fail) => self.fail += 1,
            Status::Judged(Verdict::None | Verdict::Inconc) => self.inconc += 1,
            Status::Judged(Verdict::Error) => self.error += 1,
        }
    }

    /// How many were played.
    pub const fn played(&self) -> usize {
        self.pass + self.fail + self.known + self.inconc + self.error
    }

    /// The exit code: 0 all pass or fail as known, 1 one fails, 2 one could not be judged, 3 an error.
    /// A campaign that played nothing could judge nothing.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self { error: 1.., .. } => 3,
            Self { fail: 1.., .. } => 1,
            Self { inconc: 1.., .. } => 2,
            _ if self.played() == 0 => 2,
            _ => 0,
        }
    }
}

impl Campaign {
    /// How many purposes ended how.
    pub fn counts(&self) -> Counts {
        Counts::of(&self.outcomes)
    }

    /// How many purposes of the catalogue nobody has asked for.
    pub fn unasked(&self) -> usize {
        self.catalogue.saturating_sub(self.outcomes.len())
    }

    /// What was left out on purpose, in one sentence, where it was.
    pub fn partial(&self) -> Option<String> {
        let Choice { only, skip } = &self.choice;
        let options = [("--only", only), ("--skip", skip)];
        let options = options.iter().filter(|(_, words)| !words.is_empty());
        let options: Vec<String> = options
            .map(|(option, words)| format!("{option} {}", words.join(",")))
            .collect();
        let (asked, skipped) = (self.outcomes.len(), self.counts().skipped);
        (!options.is_empty()).then(|| {
            format!(
                "{}: {asked} of the catalogue's {} purposes were asked for, {skipped} of them skipped; nothing is \
                 said of the other {}.",
                options.join(" "),
                self.catalogue,
                self.unasked() + skipped
            )
        })
    }

    /// Where what was under test has spoken from first.
    pub fn address(&self) -> Option<&Address> {
        let mut messages = self.outcomes.iter().flat_map(|one| &one.messages);
        messages.find(|one| !one.sent).map(|one| &one.peer)
    }

    /// The exit code: that of the counts, and 3 where it was interrupted.
    pub fn exit_code(&self) -> u8 {
        let interrupted = self.interrupted.is_some();
        if interrupted {
            3
        } else {
            self.counts().exit_code()
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A purpose that ended so.
    pub(crate) fn outcome(id: &str, status: Status) -> Outcome {
        let text = format!(
            "purpose: {id}\nversion: 1+ any\nclause: 7.2.1 (R)\nstatus: M\ntitle: what <is> shown\n\
             send: Context=$ {{Add=$}}\n"
        );
        let purpose = Purpose::read(&text, ("mg/AD.txt".to_owned(), 1)).unwrap();
        Outcome::left_out(purpose, status)
    }

    /// A message that the tool sent, or received.
    pub(crate) fn exchanged(sent: bool, text: &str) -> Exchanged {
        Exchanged {
            at: SystemTime::UNIX_EPOCH,
            sent,
            local: "127.0.0.1:2944".parse().unwrap(),
            peer: "127.0.0.1:40000".parse().unwrap(),
            octets: Bytes::copy_from_slice(text.as_bytes()),
            line: 6,
        }
    }

    fn counted(verdicts: &[(Verdict, bool)]) -> Counts {
        let outcomes: Vec<Outcome> = verdicts
            .iter()
            .map(|(verdict, known)| Outcome {
                known: known.then(|| "a reason".to_owned()),
                ..outcome("TP_MG_AD_BV_01", Status::Judged(*verdict))
            })
            .collect();
        Counts::of(&outcomes)
    }

    #[test]
    fn the_exit_code_is_that_of_the_worst_verdict() {
        let cases: [(&[(Verdict, bool)], u8); 7] = [
            (&[(Verdict::Pass, false)], 0),
            (&[(Verdict::Pass, false), (Verdict::Fail, true)], 0),
            (&[(Verdict::Fail, true), (Verdict::Fail, false)], 1),
            (&[(Verdict::Pass, false), (Verdict::Inconc, false)], 2),
            (&[(Verdict::Inconc, true)], 2),
            (&[(Verdict::Fail, false), (Verdict::Error, false)], 3),
            (&[], 2),
        ];
        for (verdicts, code) in cases {
            assert_eq!(counted(verdicts).exit_code(), code, "{verdicts:?}");
        }
    }

    #[test]
    fn a_listed_purpose_that_passes_is_told() {
        let counts = counted(&[(Verdict::Pass, true), (Verdict::Pass, false)]);
        assert_eq!((counts.pass, counts.unexpected), (2, 1));
    }
}
