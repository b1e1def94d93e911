//! Timers as data: what is due, when, and why.

use std::{collections::BTreeSet, time::Instant};

use codec_h248::TransactionId;

/// Why a wake-up is wanted; it is logged, and tests assert on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Why {
    /// A request of ours is to be repeated (D.1.3).
    Repeat,
    /// T-MAX since the last sign of life of a request of ours (D.1.3).
    TMax,
    /// A request of ours that is pending at the peer is to be repeated (D.1.4).
    Provisional,
    /// Segments of the peer's reply are to be asked for (E.14).
    Missing,
    /// Segments of the peer's reply are missing for too long (E.14).
    SegmentWait,
    /// Replies of the peer are to be acknowledged (D.1.2.2).
    Ack,
    /// An executing request is owed a Pending (D.1.4).
    Pending,
    /// Segments of a reply of ours that are not acknowledged are to be repeated.
    Segments,
    /// Something that is finished is to be forgotten (D.1.2).
    LongTimer,
}

/// The timers of one table of transactions, at most one for each transaction.
#[derive(Debug, Default)]
pub(crate) struct TimerTable(BTreeSet<(Instant, TransactionId, Why)>);

impl TimerTable {
    /// Starts a timer.
    pub(crate) fn start(&mut self, id: TransactionId, (at, why): (Instant, Why)) {
        self.0.insert((at, id, why));
    }

    /// Stops a timer that was started with the same arguments.
    pub(crate) fn stop(&mut self, id: TransactionId, (at, why): (Instant, Why)) {
        self.0.remove(&(at, id, why));
    }

    /// Takes out the first timer that is due at `now`.
    pub(crate) fn pop_due(&mut self, now: Instant) -> Option<(TransactionId, Why)> {
        let first = self.0.first().filter(|(at, ..)| *at <= now)?;
        let (at, id, why) = *first;
        self.0.remove(&(at, id, why));
        Some((id, why))
    }

    /// Takes over the timers of another table.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether no timer runs.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the first timer.
    pub(crate) fn next(&self) -> Option<(Instant, Why)> {
        self.0.first().map(|(at, _, why)| (*at, *why))
    }
}
