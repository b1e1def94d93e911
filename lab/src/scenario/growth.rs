//! Whether intervals between repetitions grow as H.248.1 D.1.3 has it: each is drawn at random between the half
//! and the whole of a base that doubles up to the greatest, and the same allowance for deviation is added to all of them.

/// Which bases and allowances an interval can be of: `least(base) + allowance <= interval <= whole(base) + allowance`.
struct Draws<'a> {
    intervals: &'a [f64],
    most: f64,
    slack: f64,
}

/// Whether a base and an allowance of which each interval can have been drawn are there at all.
pub(super) fn doubles(intervals: &[f64], most: f64, slack: f64) -> bool {
    let draws = Draws {
        intervals,
        most,
        slack,
    };
    draws
        .bases()
        .into_iter()
        .any(|base| draws.room(base) >= 0.0)
}

impl Draws<'_> {
    /// The base of an interval, where the first one's is this.
    fn grown(&self, first: f64, at: usize) -> f64 {
        (first * (1_u64 << at.min(63)) as f64).min(self.most)
    }

    /// By how much the greatest allowance exceeds the least, for a base.
    fn room(&self, base: f64) -> f64 {
        let (mut least, mut greatest) = (0.0_f64, f64::INFINITY);
        for (at, interval) in self.intervals.iter().enumerate() {
            let grown = self.grown(base, at);
            least = least.max(interval - self.slack - grown);
            greatest = greatest.min(interval + self.slack - grown / 2.0);
        }
        greatest - least
    }

    /// Where the room, which is linear in pieces, can be greatest: where a base reaches the greatest, and where two of
    /// the bounds of one side meet.
    fn bases(&self) -> Vec<f64> {
        let mut bases = Vec::new();
        for (side, slack) in [(1.0, -self.slack), (0.5, self.slack)] {
            // A bound is a constant less so many times the base.
            let mut bounds = vec![(0.0, 0.0)];
            for (at, interval) in self.intervals.iter().enumerate() {
                let times = (1_u64 << at.min(63)) as f64;
                bounds.push((interval + slack, side * times));
                if self.most.is_finite() {
                    bounds.push((interval + slack - side * self.most, 0.0));
                    bases.push(self.most / times);
                }
            }
            for (at, one) in bounds.iter().enumerate() {
                let others = bounds[..at].iter().filter(|other| other.1 != one.1);
                bases.extend(others.map(|other| (one.0 - other.0) / (one.1 - other.1)));
            }
        }
        bases.retain(|base| base.is_finite() && *base > 0.0);
        bases
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: f64 = 4_000.0;

    #[test]
    fn whatever_is_drawn_so_is_known_as_such() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..10_000 {
            let base = 50.0 + 450.0 * random.f64();
            let allowance = 300.0 * random.f64();
            let draw = |at: i32, share: f64| {
                let grown = (base * 2_f64.powi(at)).min(MOST);
                grown * (0.5 + share / 2.0) + allowance
            };
            let intervals: Vec<f64> = (0..6).map(|at| draw(at, random.f64())).collect();
            assert!(doubles(&intervals, MOST, 0.1), "{intervals:?}");
        }
    }

    #[test]
    fn what_grows_by_a_factor_of_its_own_is_known_as_growing() {
        for factor in [1.3_f64, 1.5, 2.0, 3.0] {
            let intervals: Vec<f64> = (0..4).map(|at| 100.0 * factor.powi(at)).collect();
            assert_eq!(doubles(&intervals, MOST, 0.0), factor < 3.0, "{factor}");
        }
    }

    #[test]
    fn what_does_not_grow_or_shrinks_once_is_not() {
        for intervals in [
            [375.0, 375.0, 375.0, 375.0],
            [200.0, 300.0, 290.0, 900.0],
            [200.0, 400.0, 400.0, 410.0],
        ] {
            assert!(!doubles(&intervals, MOST, 0.0), "{intervals:?}");
        }
    }
}
