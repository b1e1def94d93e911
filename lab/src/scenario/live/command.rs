//! Hooks as child processes (`docs/hooks.md`).

mod left;
mod process;

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{FAR_END, far_end, operator::Operator};
use crate::scenario::{HookCall, HookOutcome};
use left::Left;
use process::Ended;

/// So long a hook may take where nobody says otherwise.
const LIMIT: Duration = Duration::from_secs(60);
/// A hook that did not end so often, one call after another, is not called any more.
const LATE_MAX: u32 = 2;

/// The command lines of hooks, and what they are told.
#[derive(Clone, Debug)]
pub struct Commands {
    /// By name: `PROMPT_COLD`, `TRIG_CREATE`, `NORTH`; `PROMPT` and `TRIG` stand for all of theirs.
    pub lines: BTreeMap<String, String>,
    /// Variables of every hook.
    pub variables: Vec<(String, String)>,
    /// So long a hook may take, beside what its step says.
    pub limit: Duration,
    /// Who does by hand what no hook does, where somebody is there.
    pub operator: Option<Operator>,
    /// What hooks have left behind: it ends with the last who calls them, or by [`Commands::end_left`].
    left: Arc<Left>,
    /// How often each did not end, one call after another.
    late: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl Default for Commands {
    fn default() -> Self {
        Self {
            lines: BTreeMap::new(),
            variables: Vec::new(),
            limit: LIMIT,
            operator: None,
            left: Arc::default(),
            late: Arc::default(),
        }
    }
}

impl Commands {
    /// Hooks with these command lines, by name.
    pub fn new(lines: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            lines: lines.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Ends what hooks have left behind.
    pub fn end_left(&self) {
        self.left.end();
    }

    /// Whether there is a command line for this hook, its own or that of its family.
    pub fn has(&self, name: &str) -> bool {
        let family = name.split('_').next().unwrap_or_default();
        [name, family]
            .iter()
            .any(|name| self.lines.contains_key(*name))
    }

    /// That nobody carries this out: there is no hook for it, and no operator.
    pub(super) fn lacks(&self, call: &HookCall) -> Option<HookOutcome> {
        let by_hand = self.by_hand(call).is_some();
        let missing = !by_hand && !self.has(&call.name);
        missing.then(|| refused(no_hook(&call.name)))
    }

    /// Who is asked to do by hand what no hook does.
    fn by_hand(&self, call: &HookCall) -> Option<&Operator> {
        let operator = self.operator.as_ref();
        operator.filter(|operator| !self.has(&call.name) && operator.does(call))
    }

    /// The words of a hook's command line, without those of the step.
    fn line(&self, name: &str) -> Result<Vec<String>, String> {
        let split = |line: &str| {
            let words = shlex::split(line).filter(|words| !words.is_empty());
            words.ok_or_else(|| format!("{line:?} is no command line"))
        };
        if let Some(line) = self.lines.get(name) {
            return split(line);
        }
        let family = name.split_once('_');
        let line = family.and_then(|(family, own)| Some((self.lines.get(family)?, own)));
        let (line, own) = line.ok_or_else(|| no_hook(name))?;
        let mut words = split(line)?;
        words.push(own.to_ascii_lowercase());
        Ok(words)
    }

    /// Whoever waits for a hook or for the operator waits no longer than this for the answer.
    pub fn longest(&self) -> Duration {
        let by_hand = self.operator.as_ref().map(Operator::limit);
        by_hand.unwrap_or_default().max(self.limit) + Duration::from_secs(30)
    }

    /// Calls a hook; what it yields is its outcome, at the latest when its time is over.
    pub fn call(
        &self,
        call: &HookCall,
        more: &[(String, String)],
    ) -> impl Future<Output = HookOutcome> + Send + 'static {
        let words = self.line(&call.name).map(|mut words| {
            words.extend(call.words.iter().cloned());
            words
        });
        let operator = self.by_hand(call).cloned();
        let mut variables = self.variables.clone();
        variables.extend(more.iter().cloned());
        variables.extend(own_variables(call));
        let limit = self.limit + call.within.unwrap_or_default();
        let (name, late, left) = (
            call.name.clone(),
            Arc::clone(&self.late),
            Arc::clone(&self.left),
        );
        let by_hand = call.clone();
        async move {
            if let Some(operator) = operator {
                return operator.ask(&by_hand, &variables).await;
            }
            let words = match words {
                Ok(words) => words,
                Err(told) => return refused(told),
            };
            if times(&late, &name, |count| *count) >= LATE_MAX {
                return refused(format!(
                    "it did not end within {limit:?} the last {LATE_MAX} times, and is not called any more"
                ));
            }
            let ended = process::run(&words, variables, limit, &left).await;
            times(&late, &name, |count| match &ended {
                Err(Ended::Late(_)) => *count += 1,
                Err(_) | Ok(_) => *count = 0,
            });
            match ended {
                Ok(outcome) => outcome,
                Err(ended) => refused(ended.to_string()),
            }
        }
    }
}

fn times<T>(
    late: &Mutex<BTreeMap<String, u32>>,
    name: &str,
    look: impl FnOnce(&mut u32) -> T,
) -> T {
    let mut late = late.lock().unwrap_or_else(PoisonError::into_inner);
    look(late.entry(name.to_owned()).or_default())
}

/// What this hook alone is told.
fn own_variables(call: &HookCall) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    if call.name == "PROMPT_COLD" {
        let config = call.config.iter();
        let config: Vec<String> = config
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        variables.push(("H248_CONFIG".to_owned(), config.join(" ")));
    }
    if let Some(within) = call.within {
        let millis = within.as_millis().to_string();
        variables.push(("H248_WITHIN_MS".to_owned(), millis));
    }
    variables
}

fn no_hook(name: &str) -> String {
    format!("no hook {name}")
}

pub(super) fn refused(told: String) -> HookOutcome {
    HookOutcome {
        told,
        ..HookOutcome::default()
    }
}

/// The names in a hook's output. What the tool itself reads has to be what it is for.
fn names(program: &str, output: &str) -> Result<Vec<(String, String)>, String> {
    let mut names = Vec::new();
    for (at, line) in output.lines().enumerate() {
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
        if name.is_empty() || !name.chars().all(is_sign) {
            continue;
        }
        let value = value.trim();
        let expected = match name {
            "IUT_ADDR" | "IUT_BINARY" if far_end(value).is_none() => FAR_END,
            "IUT_PID" if value.parse::<u32>().is_err() => "the number of a process",
            "IUT_PORT" if value.parse::<u16>().is_err() => "a port, 0 to 65535",
            _ => {
                names.push((name.to_owned(), value.to_owned()));
                continue;
            }
        };
        let line = at + 1;
        return Err(format!(
            "{program}: line {line} of its output: {name}: expected {expected}; found {value:.100}"
        ));
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
