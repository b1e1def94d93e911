//! The bounded log of events: one writer that never waits, readers at their own speed.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use mgc_core::northbound::{CallId, LegId, SegId};
use tokio::sync::watch;

/// An event as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Entry {
    /// Its number; the first is 1.
    pub(crate) seq: u64,
    /// Its type, as a stream names it.
    pub(crate) kind: &'static str,
    /// The Call it is about.
    pub(crate) call: Option<CallId>,
    /// The Seg it is about.
    pub(crate) seg: Option<SegId>,
    /// The Leg it is about.
    pub(crate) leg: Option<LegId>,
    /// When it happened, as text.
    pub(crate) time: Arc<str>,
    /// Its JSON.
    pub(crate) data: Arc<str>,
    /// Its JSON for those who may not see private Segs, where it is about one.
    pub(crate) veiled: Option<Arc<str>>,
}

/// Where a reader stands: the last event that it has or does not want.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Position {
    /// The log that numbered the event; `None` where the reader did not say.
    pub(crate) epoch: Option<String>,
    /// The number.
    pub(crate) seq: u64,
}

/// What a reader gets next.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// Events, in order.
    Entries(Vec<Entry>),
    /// Events are missing; those after `until` can be had.
    Gap {
        /// The last one missing.
        until: u64,
        /// When the oldest that can be had happened, or when the log was opened.
        time: Arc<str>,
    },
    /// There is none yet.
    Nothing,
}

/// The log. Clones are handles to the same one.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    epoch: String,
    kept: usize,
    ring: Mutex<Ring>,
    head: watch::Sender<Head>,
}

#[derive(Debug)]
struct Ring {
    entries: VecDeque<Entry>,
    /// The number of the last event written.
    last: u64,
    opened: Arc<str>,
}

impl Ring {
    fn take(&mut self, entries: Vec<Entry>, kept: usize) {
        for entry in entries {
            if self.entries.len() == kept {
                self.entries.pop_front();
            }
            self.last = entry.seq;
            self.entries.push_back(entry);
        }
    }
}

/// What wakes a reader.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Head {
    last: u64,
    closed: bool,
}

impl Journal {
    /// Opens a log that keeps the last `kept` events; `epoch` tells its numbers from those of
    /// another.
    #[cfg(test)]
    pub(crate) fn new(kept: usize, epoch: String, opened: Arc<str>) -> Self {
        Self::resume(kept, epoch, opened, Vec::new())
    }

    /// Opens a log that goes on behind events of an earlier run.
    pub(crate) fn resume(
        kept: usize,
        epoch: String,
        opened: Arc<str>,
        entries: Vec<Entry>,
    ) -> Self {
        let kept = kept.max(1);
        let mut ring = Ring {
            entries: VecDeque::new(),
            last: 0,
            opened,
        };
        ring.take(entries, kept);
        let head = Head {
            last: ring.last,
            closed: false,
        };
        let shared = Shared {
            epoch,
            kept,
            ring: Mutex::new(ring),
            head: watch::Sender::new(head),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The number of the event that follows when `ahead` others have been published.
    pub(crate) fn number(&self, ahead: usize) -> u64 {
        let ahead = u64::try_from(ahead).unwrap_or(u64::MAX);
        self.ring().last + 1 + ahead
    }

    /// Shows drafted events to all readers.
    pub(crate) fn publish(&self, entries: Vec<Entry>) {
        let Some(last) = entries.last().map(|entry| entry.seq) else {
            return;
        };
        self.ring().take(entries, self.shared.kept);
        self.shared.head.send_modify(|head| head.last = last);
    }

    /// The number of the oldest event that is kept once `new` more are published.
    pub(crate) fn oldest_kept(&self, new: usize) -> u64 {
        let last = self.ring().last + u64::try_from(new).unwrap_or(u64::MAX);
        let kept = u64::try_from(self.shared.kept).unwrap_or(u64::MAX);
        (last + 1).saturating_sub(kept)
    }

    /// Ends all readers once they have read what there is.
    pub(crate) fn close(&self) {
        self.shared.head.send_modify(|head| head.closed = true);
    }

    /// The id of the event with this number.
    pub(crate) fn id(&self, seq: u64) -> String {
        format!("evt_{}_{seq}", self.shared.epoch)
    }

    /// A reader that starts behind `position`, or behind what there is now.
    pub(crate) fn reader(&self, position: Option<Position>) -> Reader {
        let last = self.ring().last;
        let (seq, lost) = match position {
            None => (last, false),
            Some(position) => {
                let epoch = position.epoch.as_deref();
                let ours = epoch.is_none_or(|epoch| epoch == self.shared.epoch);
                if ours && position.seq <= last {
                    (position.seq, false)
                } else {
                    (0, true)
                }
            }
        };
        Reader {
            journal: self.clone(),
            head: self.shared.head.subscribe(),
            seq,
            lost,
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        // The ring is whole after every statement, so a panic elsewhere does not spoil it.
        self.shared
            .ring
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// One reader of the log.
#[derive(Debug)]
pub(crate) struct Reader {
    journal: Journal,
    head: watch::Receiver<Head>,
    /// The last event that was read.
    seq: u64,
    /// What the reader had is of another run, so what lies between is not known.
    lost: bool,
}

impl Reader {
    /// The number of the last event that was read.
    pub(crate) fn seq(&self) -> u64 {
        self.seq
    }

    /// The log.
    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Reads up to `most` events, without waiting.
    pub(crate) fn read(&mut self, most: usize) -> Next {
        let ring = self.journal.ring();
        let held = u64::try_from(ring.entries.len()).unwrap_or(u64::MAX);
        let before = ring.last.saturating_sub(held);
        if self.lost || self.seq < before {
            let time = match ring.entries.front() {
                Some(oldest) => oldest.time.clone(),
                None => ring.opened.clone(),
            };
            self.lost = false;
            self.seq = before;
            return Next::Gap {
                until: before,
                time,
            };
        }
        let skip = usize::try_from(self.seq - before).unwrap_or(usize::MAX);
        let entries: Vec<_> = ring.entries.iter().skip(skip).take(most).cloned().collect();
        match entries.last() {
            Some(entry) => self.seq = entry.seq,
            None => return Next::Nothing,
        }
        Next::Entries(entries)
    }

    /// Waits until there may be more; false when the log is closed and read to its end.
    pub(crate) async fn wait(&mut self) -> bool {
        let seq = self.seq;
        match self
            .head
            .wait_for(|head| head.last > seq || head.closed)
            .await
        {
            Ok(head) => head.last > seq,
            Err(_gone) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(kept: usize) -> Journal {
        Journal::new(kept, "e".into(), "opened".into())
    }

    fn write(journal: &Journal, count: usize) {
        for _ in 0..count {
            let seq = journal.number(0);
            journal.publish(vec![Entry {
                seq,
                kind: "T",
                call: None,
                seg: None,
                leg: None,
                time: "then".into(),
                data: journal.id(seq).into(),
                veiled: None,
            }]);
        }
    }

    fn at(seq: u64) -> Option<Position> {
        Some(Position { epoch: None, seq })
    }

    fn numbers(next: Next) -> Vec<u64> {
        match next {
            Next::Entries(entries) => entries.iter().map(|entry| entry.seq).collect(),
            Next::Gap { .. } | Next::Nothing => Vec::new(),
        }
    }

    #[test]
    fn a_reader_without_a_position_sees_only_what_comes() {
        let journal = journal(4);
        write(&journal, 2);
        let mut reader = journal.reader(None);
        assert_eq!(reader.read(10), Next::Nothing);
        write(&journal, 1);
        assert_eq!(numbers(reader.read(10)), [3]);
    }

    #[test]
    fn a_reader_with_a_position_gets_what_it_missed() {
        let journal = journal(4);
        write(&journal, 4);
        let mut reader = journal.reader(at(1));
        assert_eq!(numbers(reader.read(2)), [2, 3]);
        assert_eq!(numbers(reader.read(2)), [4]);
    }

    #[test]
    fn a_position_that_is_no_longer_held_gives_a_gap_and_then_the_rest() {
        let journal = journal(4);
        write(&journal, 10);
        let mut reader = journal.reader(at(2));
        let gap = Next::Gap {
            until: 6,
            time: "then".into(),
        };
        assert_eq!(reader.read(10), gap);
        assert_eq!(numbers(reader.read(10)), [7, 8, 9, 10]);
    }

    #[test]
    fn a_reader_that_is_overrun_gets_a_gap() {
        let journal = journal(4);
        let mut reader = journal.reader(None);
        write(&journal, 5);
        assert!(matches!(reader.read(10), Next::Gap { until: 1, .. }));
        assert_eq!(numbers(reader.read(10)), [2, 3, 4, 5]);
    }

    #[test]
    fn a_position_of_another_run_or_of_the_future_gives_a_gap() {
        let journal = journal(4);
        let other = Position {
            epoch: Some("other".into()),
            seq: 0,
        };
        let gap = Next::Gap {
            until: 0,
            time: "opened".into(),
        };
        assert_eq!(journal.reader(Some(other)).read(10), gap);
        assert_eq!(journal.reader(at(7)).read(10), gap);
    }

    #[test]
    fn a_log_that_is_opened_again_goes_on_where_it_was() {
        let first = journal(4);
        write(&first, 3);
        let Next::Entries(entries) = first.reader(at(0)).read(10) else {
            panic!("events");
        };
        let second = Journal::resume(2, "e".into(), "opened".into(), entries);
        assert_eq!(second.oldest_kept(1), 3);
        write(&second, 1);
        assert_eq!(numbers(second.reader(at(2)).read(10)), [3, 4]);
        assert!(matches!(
            second.reader(at(1)).read(10),
            Next::Gap { until: 2, .. }
        ));
    }

    #[tokio::test]
    async fn a_closed_log_is_read_to_its_end() {
        let journal = journal(4);
        let mut reader = journal.reader(None);
        write(&journal, 1);
        journal.close();
        assert!(reader.wait().await);
        assert_eq!(numbers(reader.read(10)), [1]);
        assert!(!reader.wait().await);
    }
}
