//! Processes that hooks leave behind, such as what is under test: whoever plays ends them where they have not ended.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
    sync::{Mutex, PoisonError},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::process::{self, Process};

/// What is left behind; dropped, it ends.
#[derive(Debug, Default)]
pub(super) struct Left(Mutex<BTreeSet<(u32, u64)>>);

impl Left {
    /// Notes a process that a hook has named, and all that are left of the hook's own group.
    pub(super) fn note(&self, named: Option<u32>, group: Option<u32>) {
        let all = process::all();
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.retain(|(pid, start)| all.get(pid).is_some_and(|one| one.start == *start));
        let ours = ours(&all);
        let is_left = |one: &&Process| Some(one.pid) == named || Some(one.group) == group;
        let found = all.values().filter(is_left);
        let found = found.filter(|one| !ours.contains(&one.pid));
        left.extend(found.map(|one| (one.pid, one.start)));
    }

    /// Ends what has not ended, with all that it has started.
    pub(super) fn end(&self) {
        let left = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if left.is_empty() {
            return;
        }
        let all = process::all();
        let is_there =
            |(pid, start): &(u32, u64)| all.get(pid).is_some_and(|one| one.start == *start);
        kill(
            &all,
            left.iter().filter(|one| is_there(one)).map(|(pid, _)| *pid),
        );
    }
}

impl Drop for Left {
    fn drop(&mut self) {
        self.end();
    }
}

/// The tool and whoever has started it: a hook that names one of them is mistaken.
fn ours(all: &BTreeMap<u32, Process>) -> BTreeSet<u32> {
    let parent = |pid: &u32| Some(all.get(pid)?.parent);
    iter::successors(Some(std::process::id()), parent).collect()
}

/// Ends a process and all that it has started, whichever groups they are in.
pub(super) fn end(pid: Pid) {
    kill(&process::all(), [number(pid)]);
}

/// As the system writes it.
pub(super) fn number(pid: Pid) -> u32 {
    pid.as_raw_nonzero().get().unsigned_abs()
}

fn kill(all: &BTreeMap<u32, Process>, pids: impl IntoIterator<Item = u32>) {
    let mut ends: BTreeSet<u32> = pids.into_iter().collect();
    let mut found = 0;
    while found < ends.len() {
        found = ends.len();
        let children = all.values().filter(|one| ends.contains(&one.parent));
        let children: Vec<u32> = children.map(|one| one.pid).collect();
        ends.extend(children);
    }
    for pid in ends {
        let _gone_already =
            Pid::from_raw(pid.cast_signed()).map(|pid| kill_process(pid, Signal::KILL));
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::CommandExt as _;
    use std::process::{Command, Stdio};

    use super::*;

    /// A shell in a group of its own, whose child is told.
    fn shell() -> (std::process::Child, u32) {
        let mut shell = Command::new("sh");
        let shell = shell.args(["-c", "sleep 98 & echo $!; wait"]);
        let mut shell = shell
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = shell.stdout.as_mut().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).unwrap();
        let child = line.trim().parse().unwrap();
        (shell, child)
    }

    #[test]
    fn what_is_noted_ends_with_all_that_it_has_started() {
        let (mut shell, child) = shell();
        let own = process::find(shell.id()).unwrap();
        assert_eq!((own.parent, own.group), (std::process::id(), shell.id()));
        assert_eq!(process::find(child).unwrap().parent, shell.id());
        let left = Left::default();
        left.note(Some(shell.id()), None);
        drop(left);
        shell.wait().unwrap();
        while process::find(child).is_some() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn the_tool_does_not_end_itself_or_who_has_started_it() {
        let left = Left::default();
        for named in [std::process::id(), std::os::unix::process::parent_id()] {
            left.note(Some(named), None);
            let noted = std::mem::take(&mut *left.0.lock().unwrap());
            assert!(noted.is_empty(), "{named}");
        }
    }

    #[test]
    fn who_has_a_number_anew_is_nobody_who_was_noted() {
        let (mut shell, child) = shell();
        let start = process::find(child).unwrap().start;
        let left = Left::default();
        left.0.lock().unwrap().insert((child, start + 1));
        left.end();
        assert!(process::find(child).is_some());
        left.note(None, Some(shell.id()));
        assert_eq!(left.0.lock().unwrap().len(), 2);
        left.end();
        shell.wait().unwrap();
    }
}
