//! Numbers for our requests (H.248.1 8.1.1).

use std::ops::RangeInclusive;

use codec_h248::TransactionId;

/// Gives out each number once before any comes again, which is long after a request has ended;
/// never 0, which stands for "unreadable".
#[derive(Debug)]
pub(crate) struct Ids {
    range: RangeInclusive<u32>,
    next: u32,
}

impl Ids {
    /// Starts at a random point, so that a restarted program does not meet replies that its peers
    /// keep for its former requests.
    ///
    /// # Panics
    ///
    /// Where the range is empty or has 0 in it.
    pub(crate) fn new(range: RangeInclusive<u32>, random: &mut fastrand::Rng) -> Self {
        assert!(*range.start() > 0, "0 is no number of a transaction");
        let next = random.u32(range.clone());
        Self { range, next }
    }

    /// Returns a number.
    pub(crate) fn take(&mut self) -> TransactionId {
        let id = TransactionId(self.next);
        let more = self.next < *self.range.end();
        self.next = if more {
            self.next + 1
        } else {
            *self.range.start()
        };
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(range: RangeInclusive<u32>, seed: u64) -> Ids {
        Ids::new(range, &mut fastrand::Rng::with_seed(seed))
    }

    #[test]
    fn numbers_stay_in_their_range_and_each_comes_once_before_any_comes_again() {
        for seed in 0..100 {
            let mut ids = ids(1_000..=1_003, seed);
            let mut taken: Vec<u32> = (0..4).map(|_| ids.take().0).collect();
            let first = taken[0];
            assert_eq!(ids.take().0, first);
            taken.sort_unstable();
            assert_eq!(taken, [1_000, 1_001, 1_002, 1_003]);
        }
    }

    #[test]
    fn two_runs_start_at_different_numbers() {
        let first = |seed| ids(1..=u32::MAX, seed).take();
        assert_ne!(first(1), first(2));
        assert_eq!(first(1), first(1));
    }
}
