//! Hooks as child processes (`docs/hooks.md`).

use std::{collections::BTreeMap, future::Future, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::Command,
    time,
};

use crate::scenario::{HookCall, HookOutcome};

/// So long a hook may take where nobody says otherwise.
const LIMIT: Duration = Duration::from_secs(60);
/// What is read of its output.
const OUTPUT_MAX: u64 = 64 << 10;

/// The command lines of hooks, and what they are told.
#[derive(Clone, Debug, Default)]
pub struct Commands {
    /// By name: `PROMPT_COLD`, `TRIG_CREATE`, `NORTH`; `PROMPT` and `TRIG` stand for all of theirs.
    pub lines: BTreeMap<String, String>,
    /// Variables of every hook.
    pub variables: Vec<(String, String)>,
}

impl Commands {
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
        let (line, own) = line.ok_or_else(|| format!("no hook {name}"))?;
        let mut words = split(line)?;
        words.push(own.to_ascii_lowercase());
        Ok(words)
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
        let mut variables = self.variables.clone();
        variables.extend(more.iter().cloned());
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
        let limit = LIMIT + call.within.unwrap_or_default();
        async move {
            match words {
                Ok(words) => run(&words, variables, limit).await,
                Err(told) => refused(told),
            }
        }
    }
}

fn refused(told: String) -> HookOutcome {
    HookOutcome {
        told,
        ..HookOutcome::default()
    }
}

async fn run(words: &[String], variables: Vec<(String, String)>, limit: Duration) -> HookOutcome {
    let Some((program, arguments)) = words.split_first() else {
        return refused("an empty command line".to_owned());
    };
    let child = Command::new(program)
        .args(arguments)
        .envs(variables)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return refused(format!("{program}: {error}")),
    };
    let (out, err) = (child.stdout.take(), child.stderr.take());
    // What it has started may hold its output open: its own end is what counts.
    let out = tokio::spawn(read(out));
    let err = tokio::spawn(read(err));
    let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    let Ok(status) = time::timeout(limit, child.wait()).await else {
        // What a shell has started would outlive it.
        let _gone_already = group.map(|group| kill_process_group(group, Signal::KILL));
        return refused(format!("{program} did not end within {limit:?}"));
    };
    let grace = Duration::from_millis(300);
    let gather = |task| async move {
        let read = time::timeout(grace, task).await;
        read.ok().and_then(Result::ok).unwrap_or_default()
    };
    let (out, err): (String, String) = tokio::join!(gather(out), gather(err));
    let names = out.lines().filter_map(|line| line.split_once('='));
    let names = names.filter(|(name, _)| {
        let mut signs = name.chars();
        signs.all(|sign| sign.is_ascii_alphanumeric() || sign == '_') && !name.is_empty()
    });
    HookOutcome {
        status: status.ok().and_then(|status| status.code()),
        names: names
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect(),
        told: err.lines().last().unwrap_or_default().to_owned(),
    }
}

async fn read(stream: Option<impl AsyncRead + Unpin>) -> String {
    let mut octets = Vec::new();
    if let Some(stream) = stream {
        let _what_there_is = stream.take(OUTPUT_MAX).read_to_end(&mut octets).await;
    }
    String::from_utf8_lossy(&octets).into_owned()
}
