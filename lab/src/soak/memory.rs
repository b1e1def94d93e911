//! What the programs take of the memory, over time.

use std::io;

use crate::programs::Programs;

/// Resident memory in KiB.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Memory {
    /// The gateway's.
    pub mg: u64,
    /// The controller's.
    pub mgc: u64,
}

impl Memory {
    /// As it is.
    pub(super) fn of(programs: &Programs) -> io::Result<Self> {
        let [mg, mgc] = programs.memory()?;
        Ok(Self { mg, mgc })
    }
}

/// How much more a program took in the last quarter than in the second one, when it was warm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// The median of the second quarter, in KiB.
    pub from: u64,
    /// The median of the last quarter, in KiB.
    pub to: u64,
}

impl Growth {
    /// `None` where there are fewer than four looks.
    pub fn of(looks: &[Memory], program: fn(&Memory) -> u64) -> Option<Self> {
        let quarter = looks.len() / 4;
        let median = |part: &[Memory]| {
            let mut taken: Vec<u64> = part.iter().map(program).collect();
            taken.sort_unstable();
            taken.get(taken.len() / 2).copied()
        };
        Some(Self {
            from: median(looks.get(quarter..2 * quarter)?)?,
            to: median(looks.get(3 * quarter..)?)?,
        })
    }

    /// In per cent; less than nothing where it takes less.
    pub fn percent(self) -> f64 {
        100.0 * (self.to as f64 / self.from.max(1) as f64 - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_between_quarters_and_not_by_a_single_look() {
        let looks =
            |mg: &[u64]| -> Vec<Memory> { mg.iter().map(|&mg| Memory { mg, mgc: 1 }).collect() };
        let flat = looks(&[10, 40, 100, 100, 101, 100, 900, 100, 100, 100, 100, 100]);
        let growth = Growth::of(&flat, |memory| memory.mg).unwrap();
        assert_eq!((growth.from, growth.to), (100, 100));
        let growing: Vec<u64> = (0..40).map(|n| 100 + n).collect();
        let growth = Growth::of(&looks(&growing), |memory| memory.mg).unwrap();
        assert!(growth.percent() > 15.0, "{growth:?}");
        assert_eq!(Growth::of(&flat[..3], |memory| memory.mg), None);
    }
}
