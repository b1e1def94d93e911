//! A program of ours that outlives the hook which started it.

use std::{fs, io, net::SocketAddr, path::Path, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};

use super::{Folder, Trouble};

/// A program says within this time where it listens.
const READY_WITHIN: Duration = Duration::from_secs(10);
/// A program that was asked to end is gone within this time, or is killed.
const END_WITHIN: Duration = Duration::from_secs(8);
/// The pause between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A program that runs.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Started {
    pub(super) name: String,
    pub(super) pid: i32,
    /// How it was started, so that it can be started alike again.
    pub(super) arguments: Vec<String>,
}

impl Started {
    /// Starts it; what it prints goes to files in the folder, of which the last start is kept.
    pub(super) async fn start(
        folder: &Folder,
        bin_dir: &Path,
        name: &str,
        arguments: Vec<String>,
    ) -> Result<Self, Trouble> {
        let file = |ending: &str| folder.path().join(format!("{name}.{ending}"));
        let output = tokio::fs::File::create(file("out")).await?.into_std().await;
        let log = tokio::fs::File::create(file("log")).await?.into_std().await;
        let path = bin_dir.join(name);
        let child = tokio::process::Command::new(&path)
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(log)
            .process_group(0)
            .spawn()
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let pid = child.id().and_then(|id| i32::try_from(id).ok());
        let started = Self {
            name: name.to_owned(),
            pid: pid.ok_or("it has ended at once")?,
            arguments,
        };
        folder.write(name, &started)?;
        Ok(started)
    }

    /// What runs under this name.
    pub(super) fn of(folder: &Folder, name: &str) -> Option<Self> {
        folder.read::<Self>(name).filter(Self::runs)
    }

    /// Waits for the line that says where it listens.
    pub(super) async fn address(
        &self,
        folder: &Folder,
        listener: &str,
    ) -> Result<SocketAddr, Trouble> {
        let path = folder.path().join(format!("{}.out", self.name));
        let line = format!("{}: {listener} ", self.name);
        let search = async {
            loop {
                let text = fs::read_to_string(&path).unwrap_or_default();
                // The last line may be half of one.
                let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
                let mut found = whole.lines().filter_map(|text| text.strip_prefix(&line));
                if let Some(address) = found.next() {
                    return address.trim().parse().ok();
                }
                if !self.runs() {
                    return None;
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        let found = tokio::time::timeout(READY_WITHIN, search).await;
        found.ok().flatten().ok_or_else(|| {
            let log = folder.path().join(format!("{}.log", self.name));
            let log = fs::read_to_string(log).unwrap_or_default();
            let last = log.lines().last().unwrap_or_default();
            format!("expected `{line}ADDRESS`, found nothing; its log ends: {last}").into()
        })
    }

    /// Whether it is there, and is what was started: numbers are given again.
    pub(super) fn runs(&self) -> bool {
        let proc = Path::new("/proc").join(self.pid.to_string());
        let told = fs::read_to_string(proc.join("stat")).unwrap_or_default();
        let Some((head, tail)) = told.rsplit_once(')') else {
            return false;
        };
        let name = head.split_once('(').map_or("", |(_, name)| name);
        name == self.name && !tail.trim_start().starts_with('Z')
    }

    /// Asks it to end with this signal, and waits for its end; what does not end is killed.
    pub(super) async fn end(&self, signal: Signal) -> io::Result<()> {
        self.signal(signal)?;
        let gone = async {
            while self.runs() {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        if tokio::time::timeout(END_WITHIN, gone).await.is_err() {
            self.signal(Signal::KILL)?;
        }
        Ok(())
    }

    /// Tells it something; nothing where it has ended.
    pub(super) fn signal(&self, signal: Signal) -> io::Result<()> {
        match Pid::from_raw(self.pid) {
            Some(pid) if self.runs() => Ok(kill_process(pid, signal)?),
            Some(_) | None => Ok(()),
        }
    }
}
