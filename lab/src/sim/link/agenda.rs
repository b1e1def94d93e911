//! What is to happen, and when.

use std::{collections::BTreeMap, time::Instant};

/// Items in the order of their moments; those of one moment in the order in which they were put.
#[derive(Debug)]
pub(super) struct Agenda<T> {
    items: BTreeMap<(Instant, u64), T>,
    sequence: u64,
}

impl<T> Agenda<T> {
    pub(super) fn new() -> Self {
        Self {
            items: BTreeMap::new(),
            sequence: 0,
        }
    }

    pub(super) fn put(&mut self, at: Instant, item: T) {
        self.sequence += 1;
        self.items.insert((at, self.sequence), item);
    }

    /// When the next item is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.items.keys().next().map(|(at, _)| *at)
    }

    /// An item that is due by `now`.
    pub(super) fn pop_due(&mut self, now: Instant) -> Option<T> {
        let entry = self.items.first_entry()?;
        (entry.key().0 <= now).then(|| entry.remove())
    }
}
