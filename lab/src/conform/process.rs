//! Processes that hooks have named.

use std::fs;

/// Whether a process is there and has not ended: one that nobody has waited for yet is still listed.
pub(super) fn runs(pid: u32) -> bool {
    let told = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = told.rsplit_once(')').map(|(_, tail)| tail.trim_start());
    state.is_some_and(|state| !state.starts_with(['Z', 'X']))
}

#[cfg(test)]
mod tests {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

    use super::*;

    #[test]
    fn what_has_ended_runs_no_more_though_nobody_has_waited_for_it() {
        assert!(runs(std::process::id()));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id();
        let own = WaitId::Pid(Pid::from_child(&child));
        let leaves_it = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        waitid(own, leaves_it).unwrap();
        let there = std::path::Path::new(&format!("/proc/{pid}")).exists();
        assert!(there && !runs(pid));
        child.wait().unwrap();
    }
}
