//! A scenario with the states that it begins in and the checks that it ends with, ready to be played.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use super::{
    grammar, leaning,
    pattern::Names,
    script::{self, Script, ScriptError, Step},
};
use crate::text_file::{self, TextFileError};

/// States by name, each a text like a scenario.
#[derive(Clone, Debug, Default)]
pub struct Library {
    states: BTreeMap<String, String>,
}

/// The states of this repository.
const OURS: [(&str, &str); 11] = [
    ("S0", include_str!("../../conformance/common/S0.txt")),
    ("S1", include_str!("../../conformance/common/S1.txt")),
    ("S2", include_str!("../../conformance/common/S2.txt")),
    ("S3", include_str!("../../conformance/common/S3.txt")),
    ("S4", include_str!("../../conformance/common/S4.txt")),
    ("S5", include_str!("../../conformance/common/S5.txt")),
    ("S6", include_str!("../../conformance/common/S6.txt")),
    ("M0", include_str!("../../conformance/common/M0.txt")),
    ("M1", include_str!("../../conformance/common/M1.txt")),
    ("M2", include_str!("../../conformance/common/M2.txt")),
    ("M3", include_str!("../../conformance/common/M3.txt")),
];

impl Library {
    /// The states of this repository.
    pub fn ours() -> Self {
        let states = OURS.iter();
        Self {
            states: states
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
        }
    }

    /// Adds a state, or puts it in the place of one.
    pub fn add(&mut self, name: &str, text: &str) {
        self.states.insert(name.to_owned(), text.to_owned());
    }

    /// Adds every `NAME.txt` of a folder.
    ///
    /// # Errors
    ///
    /// The folder or a file of it cannot be read.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), TextFileError> {
        let failed = |error| TextFileError {
            path: folder.to_owned(),
            error,
        };
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
                && path.extension().is_some_and(|kind| kind == "txt")
            {
                self.add(stem, &text_file::read(&path)?);
            }
        }
        Ok(())
    }

    /// A state, and where another text says that it begins in it.
    fn state(&self, name: &str, place: String) -> Result<Script, ScriptError> {
        let unknown = || {
            let mut known: Vec<&str> = self.states.keys().map(String::as_str).collect();
            known.push("none");
            ScriptError::State {
                place,
                name: name.to_owned(),
                known: known.join(", "),
            }
        };
        script::parse(self.states.get(name).ok_or_else(unknown)?, 1)
    }
}

/// What a step is for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Phase {
    /// It reaches this state.
    Given(Arc<str>),
    /// It is the scenario's own.
    Body,
    /// It is what every purpose ends with.
    Check,
}

#[derive(Debug)]
pub(super) struct Op {
    pub(super) step: Step,
    pub(super) phase: Phase,
}

/// A scenario that is ready to be played, any number of times.
#[derive(Debug)]
pub struct Program {
    pub(super) ops: Vec<Op>,
    pub(super) id: String,
    /// The file of the scenario's own steps, where it is known.
    file: String,
    pub(super) purpose: bool,
    pub(super) config: Vec<(String, String)>,
    /// Names that steps say and that nothing in them gives, each with the step's place.
    pub(super) open: Vec<(usize, String)>,
}

/// What is wrong with a name that nothing gives.
pub(super) fn unnamed(name: &str) -> String {
    format!("expected a name that something gives, found @{name}")
}

/// What the Contexts were before the steps of a purpose that is about invalid behaviour.
const BEFORE: &str = "send: Context=* {AuditValue=ROOT {Audit{}}}\ncontext-list before\n";
/// What such a purpose ends with (catalogue, section 2 rule 5).
const AFTER: &str = "send: Context=- {AuditValue=ROOT {Audit{Packages}}}\nanswered\n\
     send: Context=* {AuditValue=ROOT {Audit{}}}\ncontext-list after\n";
/// Nothing stays unanswered.
const REST: &str = "rest\n";

impl Program {
    /// Puts a scenario together with its states.
    ///
    /// # Errors
    ///
    /// It says what cannot be, or has no step.
    pub fn new(script: &Script, library: &Library) -> Result<Arc<Self>, ScriptError> {
        let program = Self::built(script, library)?;
        if script.steps.is_empty() {
            return Err(ScriptError::Step {
                place: program.place(&Phase::Body, 1),
                told: "expected a step, found none: nothing would be judged".to_owned(),
            });
        }
        Ok(program)
    }

    /// Puts together what a scenario begins in, and no more.
    ///
    /// # Errors
    ///
    /// A state says what cannot be.
    pub fn reaching(script: &Script, library: &Library) -> Result<Arc<Self>, ScriptError> {
        let mut state = script.clone();
        state.steps.clear();
        Self::built(&state, library)
    }

    fn built(script: &Script, library: &Library) -> Result<Arc<Self>, ScriptError> {
        let mut program = Self {
            ops: Vec::new(),
            id: script.id.clone(),
            file: script.path.display().to_string(),
            purpose: script.purpose,
            config: script.config.clone(),
            open: Vec::new(),
        };
        program.reach(script, library)?;
        let invalid = script.purpose && script.id.contains("TP_MG_") && script.id.contains("_BI_");
        let checked = invalid && script.given != "S0" && !script.head.contains_key("unchecked");
        let given = Phase::Given(script.given.as_str().into());
        if checked {
            program.add(&script::parse(BEFORE, 0)?.steps, &given);
        }
        program.add(&script.steps, &Phase::Body);
        program.add(&script::parse(REST, 0)?.steps, &Phase::Check);
        if checked {
            program.add(&script::parse(AFTER, 0)?.steps, &Phase::Check);
            program.add(&script::parse(REST, 0)?.steps, &Phase::Check);
        }
        program.check()?;
        Ok(Arc::new(program))
    }

    /// Looks at all words before any of them is carried out.
    fn check(&mut self) -> Result<(), ScriptError> {
        let all: Vec<&Step> = self.ops.iter().map(|op| &op.step).collect();
        grammar::check(&all).map_err(|(at, told)| {
            let op = &self.ops[at];
            let place = self.place(&op.phase, op.step.line);
            ScriptError::Step { place, told }
        })?;
        self.open = leaning::open(&all);
        Ok(())
    }

    fn reach(&mut self, script: &Script, library: &Library) -> Result<(), ScriptError> {
        let state = script.given.as_str();
        let mut place = self.place(&Phase::Body, script.given_at);
        if state == "none" {
            return Ok(());
        }
        // A state that begins in itself begins in none.
        let mut chain = Vec::new();
        let mut name = state.to_owned();
        while !chain.iter().any(|(known, _)| *known == name) && chain.len() < 16 {
            let script = library.state(&name, place)?;
            let before = script.given.clone();
            place = self.place(&Phase::Given(name.as_str().into()), script.given_at);
            let first = name == "S0" || name == "M0";
            chain.push((name, script));
            if first || before == "none" {
                break;
            }
            name = before;
        }
        for (name, script) in chain.iter().rev() {
            self.add(&script.steps, &Phase::Given(name.as_str().into()));
        }
        Ok(())
    }

    fn add(&mut self, steps: &[Step], phase: &Phase) {
        let base = self.ops.len();
        self.ops.extend(steps.iter().cloned().map(|mut step| {
            step.partner += base;
            Op {
                step,
                phase: phase.clone(),
            }
        }));
    }

    /// Where a line of a phase stands.
    pub(super) fn place(&self, phase: &Phase, line: usize) -> String {
        match phase {
            Phase::Given(state) => format!("common/{state}.txt:{line}"),
            Phase::Body | Phase::Check if self.file.is_empty() => format!("line {line}"),
            Phase::Body | Phase::Check => format!("{}:{line}", self.file),
        }
    }

    /// Looks whether each name that is said stands for something beforehand, or something gives it.
    ///
    /// # Errors
    ///
    /// The first that does not.
    pub fn check_names(&self, names: &Names) -> Result<(), ScriptError> {
        let strange = self.open.iter().find(|(_, name)| !names.contains_key(name));
        let Some((at, name)) = strange else {
            return Ok(());
        };
        let op = &self.ops[*at];
        Err(ScriptError::Step {
            place: self.place(&op.phase, op.step.line),
            told: unnamed(name),
        })
    }

    /// What is under test is to be configured with.
    pub fn config(&self) -> &[(String, String)] {
        &self.config
    }

    /// The purpose, the requirement, or the name of the file.
    pub fn id(&self) -> &str {
        &self.id
    }
}
