//! Numbers for our requests (H.248.1 8.1.2).

use codec_h248::TransactionId;

/// Gives out each number once before any comes again; never 0, which stands for "unreadable".
#[derive(Debug)]
pub(crate) struct Ids {
    next: u32,
}

impl Ids {
    /// Starts at a random point, so that a restarted program does not meet replies that its peers
    /// keep for its former requests.
    pub(crate) fn new(random: &mut fastrand::Rng) -> Self {
        Self {
            next: random.u32(1..=u32::MAX),
        }
    }

    /// Returns a number.
    pub(crate) fn take(&mut self) -> TransactionId {
        let id = TransactionId(self.next);
        self.next = self.next.checked_add(1).unwrap_or(1);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_wrap_past_zero() {
        let mut ids = Ids { next: u32::MAX - 1 };
        let taken: Vec<u32> = (0..4).map(|_| ids.take().0).collect();
        assert_eq!(taken, [u32::MAX - 1, u32::MAX, 1, 2]);
    }

    #[test]
    fn two_runs_start_at_different_numbers() {
        let first = |seed| Ids::new(&mut fastrand::Rng::with_seed(seed)).take();
        assert_ne!(first(1), first(2));
        assert_eq!(first(1), first(1));
    }
}
