//! One child process: its time, its output, and whatever it has started.

use std::{fmt, os::unix::process::ExitStatusExt as _, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::Command,
    sync::mpsc,
    time,
};

use super::{
    left::{self, Left},
    names,
};
use crate::scenario::HookOutcome;

/// A hook that says more than this on one of its outputs is at fault.
const OUTPUT_MAX: usize = 64 << 10;
/// What it has started may hold its output open: so long its last words are waited for.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// Why a child has no status of its own.
#[derive(Debug)]
pub(super) enum Ended {
    /// It cannot be started, or says what cannot be.
    Told(String),
    /// Its time was over.
    Late(String),
}

impl fmt::Display for Ended {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Told(told) | Self::Late(told)) = self;
        formatter.write_str(told)
    }
}

/// A process group that ends when nobody waits for its leader any more: what a shell has started would outlive it, and so
/// would what its leader has given a group of its own.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            left::end(group);
            let _gone_already = kill_process_group(group, Signal::KILL);
        }
    }
}

/// Runs a command line to its end; dropped, it ends with all that it has started. What it leaves behind is noted.
pub(super) async fn run(
    words: &[String],
    variables: Vec<(String, String)>,
    limit: Duration,
    left: &Left,
) -> Result<HookOutcome, Ended> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Ended::Told("an empty command line".to_owned()));
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
    let mut child = child.map_err(|error| Ended::Told(format!("{program}: {error}")))?;
    let mut group = Group(child.id().and_then(|id| Pid::from_raw(id.cast_signed())));
    let (flood, mut flooded) = mpsc::channel(1);
    let out = listen(child.stdout.take(), "stdout", flood.clone());
    let err = listen(child.stderr.take(), "stderr", flood);
    let status = tokio::select! {
        biased;
        Some(stream) = flooded.recv() => return Err(Ended::Told(format!(
            "{program} was ended: it wrote more than {OUTPUT_MAX} octets on {stream}"
        ))),
        status = time::timeout(limit, child.wait()) => status.map_err(|_| {
            Ended::Late(format!("{program} did not end within {limit:?}"))
        })?,
    };
    // What it leaves behind on purpose, such as what is under test, lives on until whoever plays ends it.
    let own = group.0.take();
    left.note(None, own.map(left::number));
    let (out, err): (String, String) = tokio::join!(gather(out), gather(err));
    let status = status.map_err(|error| Ended::Told(format!("{program}: {error}")))?;
    if let Some(signal) = status.signal() {
        return Err(Ended::Told(format!(
            "{program} was ended by signal {signal}"
        )));
    }
    let names = names(program, &out).map_err(Ended::Told)?;
    let pid = names.iter().find(|(name, _)| name == "IUT_PID");
    if let Some((_, pid)) = pid {
        left.note(pid.parse().ok(), None);
    }
    Ok(HookOutcome {
        status: status.code(),
        names,
        told: err.lines().last().unwrap_or_default().trim().to_owned(),
    })
}

/// Reads a stream beside all else, up to what a hook may say; says its name where there is more.
fn listen(
    stream: Option<impl AsyncRead + Send + Unpin + 'static>,
    name: &'static str,
    flood: mpsc::Sender<&'static str>,
) -> mpsc::UnboundedReceiver<Vec<u8>> {
    let (said, heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let Some(stream) = stream else { return };
        let mut bounded = stream.take(OUTPUT_MAX as u64 + 1);
        let (mut some, mut all) = (vec![0; 4096], 0);
        while let Ok(read @ 1..) = bounded.read(&mut some).await {
            all += read;
            // It is told before the stream is closed, by which its writer may end.
            if all > OUTPUT_MAX {
                let _it_was_told = flood.try_send(name);
            }
            let _somebody_listens = said.send(some[..read].to_vec());
        }
    });
    heard
}

/// What a stream has said until it was closed, or until a while after its program: what that has
/// left behind may hold it open.
async fn gather(mut heard: mpsc::UnboundedReceiver<Vec<u8>>) -> String {
    let mut octets = Vec::new();
    let all = async {
        while let Some(some) = heard.recv().await {
            octets.extend(some);
        }
    };
    let _it_was_closed = time::timeout(LAST_WORDS, all).await;
    String::from_utf8_lossy(&octets).into_owned()
}
