//! The steps that a hook carries out: prompts, triggers, and questions to a controller's northbound side.

use std::{
    borrow::Cow,
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use super::{
    player::Player,
    script::Step,
    verdict::{Flow, Halt, Stepped, Verdict},
};

/// So long a question may wait that says nothing else.
const WITHIN: Duration = Duration::from_secs(5);
/// Hooks that run beside the steps.
const BESIDE_MAX: usize = 100;
/// Names that hooks give.
const NAMES_MAX: usize = 1_000;

/// A hook to call (`docs/hooks.md`).
#[derive(Clone, Debug)]
pub struct HookCall {
    /// By which its outcome is known.
    pub id: u32,
    /// `PROMPT_COLD`, `TRIG_CREATE`, `NORTH`; `ENGINE` and `DRAIN` are for virtual time alone.
    pub name: String,
    /// The words of the step.
    pub words: Vec<String>,
    /// So long a question may wait until it is so; or, behind `never`, must not become so.
    pub within: Option<Duration>,
    /// What is under test is to be configured with, for `PROMPT_COLD`.
    pub config: Vec<(String, String)>,
}

/// What a hook has done.
#[derive(Clone, Debug, Default)]
pub struct HookOutcome {
    /// Its exit status; none where there is no such hook, or it had to be ended.
    pub status: Option<i32>,
    /// Names that it gives.
    pub names: Vec<(String, String)>,
    /// Why, in its own words.
    pub told: String,
}

impl HookOutcome {
    /// Why, in its own words, or that it has none.
    pub fn why(&self) -> Cow<'_, str> {
        match self.status {
            Some(status) if self.told.is_empty() => {
                format!("exit status {status}, and nothing on stderr").into()
            }
            Some(_) | None => self.told.as_str().into(),
        }
    }
}

/// The hooks of one playing.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    out: VecDeque<HookCall>,
    next: u32,
    /// The one that the step at work waits for.
    waited: Option<u32>,
    done: Option<HookOutcome>,
    /// Those that run beside the steps.
    beside: BTreeMap<u32, String>,
}

impl Hooks {
    pub(super) fn poll(&mut self) -> Option<HookCall> {
        self.out.pop_front()
    }

    pub(super) fn end(&mut self) {
        self.out.clear();
    }
}

impl Player {
    /// Takes what a hook has done. A trigger that was not taken ends the scenario.
    pub fn handle_hook(&mut self, id: u32, outcome: HookOutcome, now: Instant) {
        self.now = self.now.max(now);
        for (name, value) in &outcome.names {
            if self.names.len() < NAMES_MAX {
                self.names.insert(name.clone(), value.clone());
            }
        }
        if self.hooks.waited == Some(id) {
            self.hooks.done = Some(outcome);
        } else if let Some(name) = self.hooks.beside.remove(&id)
            && outcome.status != Some(0)
        {
            self.stop(Verdict::Inconc, &refusal(&name, &outcome), now);
        }
        self.advance();
    }

    fn call(&mut self, name: &str, words: &[String], within: Option<Duration>) -> u32 {
        self.hooks.next += 1;
        let cold = name == "PROMPT_COLD";
        if cold {
            // What came before is of one that is no more.
            self.inbox.clear();
            self.removes = true;
        }
        self.hooks.out.push_back(HookCall {
            id: self.hooks.next,
            name: name.to_owned(),
            words: words.to_vec(),
            within,
            config: if cold {
                self.program.config.clone()
            } else {
                Vec::new()
            },
        });
        self.hooks.next
    }

    /// Calls a hook and waits for its end.
    fn await_hook(&mut self, name: &str, words: &[String], within: Option<Duration>) -> Awaited {
        if let Some(outcome) = self.hooks.done.take() {
            self.hooks.waited = None;
            return Awaited::Done(outcome);
        }
        if self.hooks.waited.is_none() {
            let id = self.call(name, words, within);
            self.hooks.waited = Some(id);
        }
        let until = self.began() + self.settings.hook_limit + within.unwrap_or_default();
        if self.now < until {
            return Awaited::Not(until);
        }
        self.hooks.waited = None;
        Awaited::Done(HookOutcome {
            told: "it did not end".to_owned(),
            ..HookOutcome::default()
        })
    }

    /// What an operator does.
    pub(super) fn prompt(&mut self, name: &str, words: &[String]) -> Stepped {
        match self.await_hook(name, words, None) {
            Awaited::Not(until) => Ok(Flow::Wait(until)),
            Awaited::Done(outcome) if outcome.status == Some(0) => Ok(Flow::Next),
            Awaited::Done(outcome) => Err(Halt::Inconc(refusal(name, &outcome))),
        }
    }

    /// What a controller is made to do.
    pub(super) fn trigger(&mut self, step: &Step) -> Result<(), Halt> {
        if self.hooks.beside.len() >= BESIDE_MAX {
            return Err(Halt::Error(format!("more than {BESIDE_MAX} triggers run")));
        }
        let name = format!("TRIG_{}", step.wanted(1)?);
        let id = self.call(&name, &step.words[2..], None);
        self.hooks.beside.insert(id, name);
        Ok(())
    }

    /// What a controller's northbound side says.
    pub(super) fn sees(&mut self, step: &Step) -> Stepped {
        let within = step.time("within")?.unwrap_or(WITHIN);
        let end = step.words.iter().position(|word| word == "within");
        let words = step.words[1..end.unwrap_or(step.words.len())].to_vec();
        match self.await_hook("NORTH", &words, Some(within)) {
            Awaited::Not(until) => Ok(Flow::Wait(until)),
            Awaited::Done(outcome) => match outcome.status {
                Some(0) => Ok(Flow::Next),
                Some(1) => Err(Halt::Fail(format!("not seen: {}", outcome.why()))),
                _ => Err(Halt::Inconc(refusal("NORTH", &outcome))),
            },
        }
    }
}

enum Awaited {
    Not(Instant),
    Done(HookOutcome),
}

fn refusal(name: &str, outcome: &HookOutcome) -> String {
    let told = outcome.why();
    match outcome.status {
        Some(1) => format!("{name} was not taken: {told}"),
        Some(3) => format!("what is under test has no {name}: {told}"),
        None => format!("{name}: {told}"),
        Some(_) if outcome.told.is_empty() => format!("{name}: {told}"),
        Some(other) => format!("{name} ended with status {other}: {told}"),
    }
}
