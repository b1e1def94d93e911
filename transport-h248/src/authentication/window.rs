//! Which sequence numbers of a sender have come already.

/// So many numbers below the highest may still come, out of order. 128: what a peer sends within
/// the delay between two paths; one that is later comes again under a new number.
const WIDTH: u32 = 128;

/// What a sequence number is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Freshness {
    /// It comes for the first time.
    New,
    /// It has come already.
    Seen,
    /// It is so old that nobody knows.
    Old,
}

/// The highest number that has come, and which below it. Numbers are compared as RFC 1982 does, so
/// that a sender may begin anywhere and pass 2^32.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    highest: u32,
    /// Bit n: `highest - n` has come.
    seen: u128,
}

impl Window {
    /// Begins with the first number that comes.
    pub(super) fn new(first: u32) -> Self {
        Self {
            highest: first,
            seen: 1,
        }
    }

    /// Takes a number that its sender has vouched for, and tells what it was.
    pub(super) fn take(&mut self, number: u32) -> Freshness {
        let ahead = number.wrapping_sub(self.highest);
        if (1..1 << 31).contains(&ahead) {
            self.seen = self.seen.checked_shl(ahead).unwrap_or(0) | 1;
            self.highest = number;
            return Freshness::New;
        }
        let behind = self.highest.wrapping_sub(number);
        if behind >= WIDTH {
            return Freshness::Old;
        }
        let bit = 1 << behind;
        if self.seen & bit != 0 {
            return Freshness::Seen;
        }
        self.seen |= bit;
        Freshness::New
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_new_once_in_any_order_within_the_window() {
        let mut window = Window::new(1_000);
        for (number, expected) in [
            (1_000, Freshness::Seen),
            (1_001, Freshness::New),
            (1_003, Freshness::New),
            (1_002, Freshness::New),
            (1_002, Freshness::Seen),
            (999, Freshness::New),
            (876, Freshness::New),
            (875, Freshness::Old),
            (0, Freshness::Old),
            (1_131, Freshness::New),
            (1_003, Freshness::Old),
            (1_004, Freshness::New),
            (9_000, Freshness::New),
            (1_131, Freshness::Old),
            (8_999, Freshness::New),
            (9_000, Freshness::Seen),
        ] {
            assert_eq!(window.take(number), expected, "{number}");
        }
    }

    #[test]
    fn numbers_go_on_behind_the_last() {
        let mut window = Window::new(u32::MAX);
        assert_eq!(window.take(0), Freshness::New);
        assert_eq!(window.take(u32::MAX), Freshness::Seen);
        assert_eq!(window.take(u32::MAX - 1), Freshness::New);
        assert_eq!(window.take(1 << 31), Freshness::Old);
        assert_eq!(window.take((1 << 31) - 1), Freshness::New);
    }
}
