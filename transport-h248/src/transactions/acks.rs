//! Acknowledgements of replies: ids become ranges, and ranges become safe to look up
//! (H.248.1 8.2.4, D.1.2.2).

use std::ops::RangeInclusive;

use codec_h248::{AckRange, TransactionId};

/// Replies received that are to be acknowledged.
#[derive(Debug, Default)]
pub(crate) struct Acks(Vec<AckRange>);

impl Acks {
    /// Adds one; it joins the last range where it continues it.
    pub(crate) fn add(&mut self, id: TransactionId) {
        match self.0.last_mut() {
            Some(range) if range.last.0.checked_add(1) == Some(id.0) => range.last = id,
            Some(_) | None => self.0.push(AckRange {
                first: id,
                last: id,
            }),
        }
    }

    /// Returns how many ranges were gathered.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes out what was gathered, if anything.
    pub(crate) fn take(&mut self) -> Option<Vec<AckRange>> {
        (!self.0.is_empty()).then(|| std::mem::take(&mut self.0))
    }
}

/// Returns the ids that a peer acknowledges; `None` where the range runs backwards.
pub(crate) fn span(range: AckRange) -> Option<RangeInclusive<TransactionId>> {
    (range.first <= range.last).then_some(range.first..=range.last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: u32, last: u32) -> AckRange {
        AckRange {
            first: TransactionId(first),
            last: TransactionId(last),
        }
    }

    #[test]
    fn ids_in_a_row_become_one_range() {
        let mut acks = Acks::default();
        for id in [4, 5, 6, 9, u32::MAX] {
            acks.add(TransactionId(id));
        }
        let expected = vec![range(4, 6), range(9, 9), range(u32::MAX, u32::MAX)];
        assert_eq!(acks.take(), Some(expected));
        assert_eq!(acks.take(), None);
    }

    #[test]
    fn a_range_that_runs_backwards_is_none() {
        assert_eq!(span(range(7, 6)), None);
        let all = span(range(0, u32::MAX)).unwrap();
        assert!(all.contains(&TransactionId(5)));
    }
}
