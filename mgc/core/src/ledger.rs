//! A table that knows which of its rows are to be written down.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Deref,
};

/// Rows by key; reading is that of the map, and every access for change marks the row.
#[derive(Debug)]
pub(crate) struct Ledger<K, V> {
    rows: BTreeMap<K, V>,
    /// `None` where nothing is written down.
    changed: Option<BTreeSet<K>>,
}

impl<K: Ord + Clone, V> Ledger<K, V> {
    /// Makes an empty table; `durable` says whether its changes are wanted.
    pub(crate) fn new(durable: bool) -> Self {
        Self {
            rows: BTreeMap::new(),
            changed: durable.then(BTreeSet::new),
        }
    }

    fn mark(&mut self, key: &K) {
        if let Some(changed) = &mut self.changed
            && !changed.contains(key)
        {
            changed.insert(key.clone());
        }
    }

    pub(crate) fn insert(&mut self, key: K, row: V) -> Option<V> {
        self.mark(&key);
        self.rows.insert(key, row)
    }

    /// Puts a row back that is written down already.
    pub(crate) fn restore(&mut self, key: K, row: V) {
        self.rows.insert(key, row);
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let row = self.rows.remove(key)?;
        self.mark(key);
        Some(row)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if self.rows.contains_key(key) {
            self.mark(key);
        }
        self.rows.get_mut(key)
    }

    /// Keeps the rows for which `keep` holds.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        let changed = &mut self.changed;
        self.rows.retain(|key, row| {
            let kept = keep(key, row);
            if !kept && let Some(changed) = changed {
                changed.insert(key.clone());
            }
            kept
        });
    }

    /// The next row that changed, as it is now: `None` where it is gone.
    pub(crate) fn poll_change(&mut self) -> Option<(K, Option<&V>)> {
        let key = self.changed.as_mut()?.pop_first()?;
        let row = self.rows.get(&key);
        Some((key, row))
    }
}

impl<K, V> Deref for Ledger<K, V> {
    type Target = BTreeMap<K, V>;

    fn deref(&self) -> &Self::Target {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_told_once_and_as_it_is_in_the_end() {
        let mut ledger = Ledger::new(true);
        ledger.insert(1, 'a');
        ledger.insert(2, 'b');
        ledger.restore(3, 'c');
        ledger.remove(&1);
        *ledger.get_mut(&2).unwrap() = 'd';
        assert_eq!(ledger.poll_change(), Some((1, None)));
        assert_eq!(ledger.poll_change(), Some((2, Some(&'d'))));
        assert_eq!(ledger.poll_change(), None);
        ledger.retain(|_, row| *row == 'c');
        assert_eq!(ledger.poll_change(), Some((2, None)));
        assert_eq!(ledger.poll_change(), None);
        assert_eq!(ledger.get_mut(&9), None);
        assert_eq!(ledger.poll_change(), None);
    }

    #[test]
    fn a_table_that_is_not_written_down_has_no_changes() {
        let mut ledger = Ledger::new(false);
        ledger.insert(1, 'a');
        assert_eq!(ledger.poll_change(), None);
    }
}
