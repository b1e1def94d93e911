//! Many runs, each from a seed of its own, on as many threads as there are processors.

use std::sync::atomic::{AtomicU64, Ordering};

/// Runs `count` seeds from `first` on; returns what came of them in the order of the seeds.
///
/// # Panics
///
/// Where a run does.
pub fn each_seed<T: Send>(first: u64, count: u64, run: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(0);
    let worker = || {
        let indices = std::iter::from_fn(|| {
            let index = next.fetch_add(1, Ordering::Relaxed);
            (index < count).then_some(index)
        });
        let run = |index| (index, run(first.wrapping_add(index)));
        indices.map(run).collect::<Vec<_>>()
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut outcomes: Vec<(u64, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        let whole = joined.map(|outcomes| outcomes.expect("a run does not panic"));
        whole.flatten().collect()
    });
    outcomes.sort_by_key(|(index, _)| *index);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_seed_is_run_once_and_told_in_order() {
        let seeds = each_seed(u64::MAX, 100, |seed| seed);
        let expected: Vec<u64> = (0..100).map(|index| u64::MAX.wrapping_add(index)).collect();
        assert_eq!(seeds, expected);
    }
}
