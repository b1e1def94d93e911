//! Hooks as processes: how they are found, called and ended (`docs/hooks.md`).

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::Command,
    task::JoinHandle,
    time::timeout,
};

use super::pixit::Pixit;

/// A hook ends within this time, beside what it was told to wait.
const ENDS_WITHIN: Duration = Duration::from_secs(60);
/// The octets of a hook's output that are read.
const OUTPUT_MAX: usize = 64 * 1024;
/// What a hook has written is there within this time after its end.
const SETTLES_WITHIN: Duration = Duration::from_millis(200);

/// What a hook is called for.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    /// `PROMPT_COLD`, `TRIG_CREATE`, `NORTH`.
    pub(super) name: String,
    /// The words of the step.
    pub(super) words: Vec<String>,
    /// So long a question may wait.
    pub(super) within: Option<Duration>,
    /// What is under test is to be configured with.
    pub(super) config: String,
}

/// What a hook has done.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Called {
    /// Its exit status; none where there is no such hook, or it had to be ended.
    pub(super) status: Option<i32>,
    /// What it says of names, in its order.
    pub(super) names: Vec<(String, String)>,
    /// Why, in its own words.
    pub(super) told: String,
}

/// The hooks of one implementation under test.
#[derive(Clone, Debug)]
pub(super) struct Hooks {
    commands: BTreeMap<String, Vec<String>>,
    /// What every call finds in its environment.
    pub(super) variables: BTreeMap<&'static str, String>,
    /// A folder for the logs of a row, below which each has its own.
    logs: PathBuf,
}

impl Hooks {
    /// The hooks that a PIXIT names; their state is kept in a folder of its own.
    pub(super) fn new(pixit: &Pixit, state: &Path, logs: &Path) -> Result<Self, String> {
        let mut commands = BTreeMap::new();
        let begins = ["PROMPT", "TRIG", "NORTH"];
        for (name, line) in &pixit.values {
            if !begins.iter().any(|begin| name.starts_with(begin)) || line.trim().is_empty() {
                continue;
            }
            let words = shlex::split(line);
            let words = words.filter(|words| !words.is_empty());
            let words = words.ok_or_else(|| format!("{name} is no command line: {line}"))?;
            commands.insert(name.clone(), words);
        }
        let state = state.display().to_string();
        Ok(Self {
            commands,
            variables: BTreeMap::from([("H248_STATE", state)]),
            logs: logs.to_owned(),
        })
    }

    /// The command line for a name: its own, or that of its kind with its name behind.
    fn command(&self, name: &str) -> Option<Vec<String>> {
        if let Some(own) = self.commands.get(name) {
            return Some(own.clone());
        }
        let (kind, verb) = name.split_once('_')?;
        let mut words = self.commands.get(kind)?.clone();
        words.push(verb.to_ascii_lowercase());
        Some(words)
    }

    /// Whether there is such a hook.
    pub(super) fn has(&self, name: &str) -> bool {
        self.command(name).is_some()
    }

    /// Calls a hook, and ends it where nobody waits any more.
    pub(super) async fn call(&self, purpose: &str, call: Call) -> Called {
        let Some(mut words) = self.command(&call.name) else {
            return Called {
                told: format!("the PIXIT names no hook {}", call.name),
                ..Called::default()
            };
        };
        words.extend(call.words.iter().cloned());
        let within = ENDS_WITHIN + call.within.unwrap_or_default();
        let ended = self.run(purpose, &words, &call);
        match timeout(within, ended).await {
            Ok(Ok(called)) => called,
            Ok(Err(error)) => Called {
                told: format!("{}: {error}", words.join(" ")),
                ..Called::default()
            },
            Err(_) => Called {
                told: format!("{} has not ended within {within:?}", words.join(" ")),
                ..Called::default()
            },
        }
    }

    async fn run(&self, purpose: &str, words: &[String], call: &Call) -> io::Result<Called> {
        let logs = self.logs.join(purpose);
        fs::create_dir_all(&logs)?;
        let mut command = Command::new(program(&words[0]));
        command.args(&words[1..]);
        command.envs(&self.variables);
        command.env("H248_PURPOSE", purpose);
        command.env("H248_OUT", &logs);
        command.env("H248_CONFIG", &call.config);
        if let Some(within) = call.within {
            command.env("H248_WITHIN_MS", within.as_millis().to_string());
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let (output, errors) = (Gathered::from(output), Gathered::from(errors));
        let status = child.wait().await?;
        let (output, errors) = (output.text().await, errors.text().await);
        let last = errors.lines().rev().find(|line| !line.is_empty());
        Ok(Called {
            status: status.code(),
            names: names(&output),
            told: last.unwrap_or_default().to_owned(),
        })
    }
}

/// The program of a command line; `h248` is this one.
fn program(word: &str) -> PathBuf {
    match (word, env::current_exe()) {
        ("h248", Ok(own)) => own,
        _ => PathBuf::from(word),
    }
}

/// An output that is read beside what else is done. What a hook starts may keep it open: the end of the
/// hook itself is what counts.
struct Gathered {
    octets: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Gathered {
    fn from(output: Option<impl AsyncRead + Send + Unpin + 'static>) -> Self {
        let octets = Arc::<Mutex<Vec<u8>>>::default();
        let kept = Arc::clone(&octets);
        let reader = tokio::spawn(async move {
            let Some(mut output) = output else { return };
            let mut piece = [0; 4_096];
            while let Ok(length @ 1..) = output.read(&mut piece).await {
                let mut octets = kept.lock().unwrap_or_else(PoisonError::into_inner);
                if octets.len() < OUTPUT_MAX {
                    octets.extend(&piece[..length]);
                }
            }
        });
        Self { octets, reader }
    }

    /// What has come, once the hook has ended.
    async fn text(mut self) -> String {
        let _may_stay_open = timeout(SETTLES_WITHIN, &mut self.reader).await;
        self.reader.abort();
        let octets = self.octets.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&octets).into_owned()
    }
}

/// The lines `NAME=VALUE` of an output.
fn names(output: &str) -> Vec<(String, String)> {
    let pairs = output.lines().filter_map(|line| line.split_once('='));
    let named = pairs.filter(|(name, _)| {
        let mut signs = name.chars();
        !name.is_empty() && signs.all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
    });
    named
        .map(|(name, value)| (name.to_owned(), value.trim_end().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::{catalogue::Source, purpose::Role};

    fn hooks(folder: &Path, lines: &[(&str, &str)]) -> Result<Hooks, String> {
        let mut pixit = Pixit::read(None, Role::Mg, &Source::Own).unwrap();
        pixit.values.clear();
        for (name, line) in lines {
            pixit.values.insert((*name).to_owned(), (*line).to_owned());
        }
        Hooks::new(&pixit, &folder.join("state"), folder)
    }

    fn call(name: &str, words: &[&str]) -> Call {
        Call {
            name: name.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            config: "lines=2 mwd=0".to_owned(),
            ..Call::default()
        }
    }

    #[tokio::test]
    async fn a_hook_gets_its_words_and_gives_names() {
        let folder = tempfile::tempdir().unwrap();
        let script = "sh -c 'echo ARGS=$0 $1; echo CONFIG=$H248_CONFIG; echo a remark = none; echo gone >&2; exit 3'";
        let hooks = hooks(folder.path(), &[("TRIG", script), ("PROMPT_COLD", "true")]).unwrap();
        assert!(hooks.has("TRIG_CREATE") && hooks.has("PROMPT_COLD") && !hooks.has("PROMPT_WARM"));
        let called = hooks.call("TP_1", call("TRIG_CREATE", &["a b"])).await;
        let names = called
            .names
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["ARGS=create a b", "CONFIG=lines=2 mwd=0"]
        );
        assert_eq!((called.status, called.told.as_str()), (Some(3), "gone"));
        assert!(folder.path().join("TP_1").is_dir());
        let done = hooks.call("TP_1", call("PROMPT_COLD", &[])).await;
        assert_eq!(done.status, Some(0));
    }

    #[tokio::test]
    async fn what_a_hook_starts_may_outlive_it() {
        let folder = tempfile::tempdir().unwrap();
        let script = "sh -c 'sleep 5 & echo PID=1'";
        let hooks = hooks(folder.path(), &[("PROMPT_COLD", script)]).unwrap();
        let called = timeout(
            Duration::from_secs(4),
            hooks.call("TP_1", call("PROMPT_COLD", &[])),
        );
        let called = called.await.unwrap();
        assert_eq!(called.status, Some(0));
        assert_eq!(called.names, [("PID".to_owned(), "1".to_owned())]);
    }

    #[tokio::test]
    async fn a_hook_that_is_not_there_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let hooks = hooks(folder.path(), &[("PROMPT_COLD", "/no/such/hook x")]).unwrap();
        let missing = hooks.call("TP_1", call("PROMPT_WARM", &[])).await;
        assert_eq!(missing.told, "the PIXIT names no hook PROMPT_WARM");
        let broken = hooks.call("TP_1", call("PROMPT_COLD", &[])).await;
        assert!(broken.status.is_none() && broken.told.starts_with("/no/such/hook x: "));
        assert!(self::hooks(folder.path(), &[("TRIG", "'open")]).is_err());
    }
}
