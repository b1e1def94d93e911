//! Numbers for our requests (H.248.1 8.1.2).

use codec_h248::TransactionId;

/// The highest number. Common analysers read numbers as signed, and print those above as negative.
const MAX: u32 = 0x7FFF_FFFF;

/// Gives out each number once before any comes again, which is long after a request has ended;
/// never 0, which stands for "unreadable".
#[derive(Debug)]
pub(crate) struct Ids {
    next: u32,
}

impl Ids {
    /// Starts at a random point, so that a restarted program does not meet replies that its peers
    /// keep for its former requests.
    pub(crate) fn new(random: &mut fastrand::Rng) -> Self {
        Self {
            next: random.u32(1..=MAX),
        }
    }

    /// Returns a number.
    pub(crate) fn take(&mut self) -> TransactionId {
        let id = TransactionId(self.next);
        self.next = if self.next >= MAX { 1 } else { self.next + 1 };
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_wrap_past_zero_and_have_no_sign_bit() {
        let mut ids = Ids { next: MAX - 1 };
        let taken: Vec<u32> = (0..4).map(|_| ids.take().0).collect();
        assert_eq!(taken, [0x7FFF_FFFE, 0x7FFF_FFFF, 1, 2]);
    }

    #[test]
    fn the_first_number_has_no_sign_bit() {
        for seed in 0..1_000 {
            let first = Ids::new(&mut fastrand::Rng::with_seed(seed)).take().0;
            assert!((1..=MAX).contains(&first), "{first}");
        }
    }

    #[test]
    fn two_runs_start_at_different_numbers() {
        let first = |seed| Ids::new(&mut fastrand::Rng::with_seed(seed)).take();
        assert_ne!(first(1), first(2));
        assert_eq!(first(1), first(1));
    }
}
