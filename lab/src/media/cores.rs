//! Who runs where. What is measured has one core and its far ends have another, as if they were on
//! another machine: a packet that comes from another core costs more, and where the kernel would have
//! them run differs from start to start.

use std::io;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// A part of what runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Part {
    /// The floor or the gateway.
    Measured,
    /// Those who talk to it.
    FarEnds,
}

/// The core of a part, of those that this thread may use; `None` if there is but one.
pub(super) fn core(part: Part) -> io::Result<Option<CpuSet>> {
    let allowed = sched_getaffinity(None)?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core));
    let (first, second) = (cores.next(), cores.next());
    let core = match part {
        Part::Measured => first,
        Part::FarEnds => second,
    };
    Ok(core.filter(|_| second.is_some()).map(|core| {
        let mut set = CpuSet::new();
        set.set(core);
        set
    }))
}

/// Has this thread run on the core of a part. Where that is not allowed it runs anywhere.
pub(super) fn run_on(part: Part) {
    if let Ok(Some(core)) = core(part) {
        let _ = sched_setaffinity(None, &core);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_and_its_far_ends_have_a_core_each_or_all_there_is() {
        let [measured, far_ends] = [Part::Measured, Part::FarEnds].map(|part| core(part).unwrap());
        assert_eq!(measured.is_some(), far_ends.is_some());
        if let (Some(measured), Some(far_ends)) = (measured, far_ends) {
            assert_eq!((measured.count(), far_ends.count()), (1, 1));
            assert_ne!(measured, far_ends);
        }
    }
}
