//! Processes of the machine.

use std::{collections::BTreeMap, fs};

/// A process as the system tells it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) parent: u32,
    pub(crate) group: u32,
    /// When it was started: numbers are given again.
    pub(crate) start: u64,
}

/// Every process that has not ended.
pub(crate) fn all() -> BTreeMap<u32, Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid| Some((pid, find(pid)?))).collect()
}

/// A process, where it is there and has not ended: one that nobody has waited for yet is still listed.
pub(crate) fn find(pid: u32) -> Option<Process> {
    let told = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Its name stands in parentheses, and may hold any sign.
    let fields: Vec<&str> = told.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse().ok();
    let has_ended = ["Z", "X"].contains(fields.first()?);
    (!has_ended).then_some(Process {
        pid,
        parent: number(1)?,
        group: number(2)?,
        start: fields.get(19)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

    use super::*;

    #[test]
    fn what_has_ended_runs_no_more_though_nobody_has_waited_for_it() {
        assert!(find(std::process::id()).is_some());
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id();
        let own = WaitId::Pid(Pid::from_child(&child));
        let leaves_it = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        waitid(own, leaves_it).unwrap();
        let there = std::path::Path::new(&format!("/proc/{pid}")).exists();
        assert!(there && find(pid).is_none());
        child.wait().unwrap();
    }
}
