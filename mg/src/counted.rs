//! What media threads count, and how the operator is told.

use std::{
    fmt,
    time::{Duration, Instant},
};

use mg_media::Counters;

use crate::routes::Thread;

/// The operator is told so often at most, and only of what is new.
const TOLD_EVERY: Duration = Duration::from_secs(10);
/// What is counted of what goes well.
const USUAL: [&str; 2] = ["ticks", "encoded"];

/// What one thread or all have counted since they started.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Counted {
    /// The engine.
    pub(crate) engine: Counters,
    /// Datagrams that the kernel did not take.
    pub(crate) unsent: u64,
    /// Frames that found no room on the way to their file.
    pub(crate) unrecorded: u64,
}

impl Counted {
    /// Returns what both have counted.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            engine: self.engine.and(other.engine),
            unsent: self.unsent + other.unsent,
            unrecorded: self.unrecorded + other.unrecorded,
        }
    }

    /// Returns what was counted after `before`.
    fn since(self, before: Self) -> Self {
        Self {
            engine: self.engine.since(before.engine),
            unsent: self.unsent.saturating_sub(before.unsent),
            unrecorded: self.unrecorded.saturating_sub(before.unrecorded),
        }
    }

    /// Tells whether nothing unusual was counted.
    fn is_usual(&self) -> bool {
        self.unusual().next().is_none()
    }

    /// Tells whether the same unusual things were counted.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.unusual().eq(other.unusual())
    }

    fn unusual(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let own = [("unsent", self.unsent), ("unrecorded", self.unrecorded)];
        let all = self.engine.each().chain(own);
        all.filter(|(name, count)| *count > 0 && !USUAL.contains(name))
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (name, count)) in self.unusual().enumerate() {
            let between = if n == 0 { "" } else { " " };
            write!(f, "{between}{name}={count}")?;
        }
        Ok(())
    }
}

/// What the operator was told of all threads.
#[derive(Debug)]
pub(crate) struct Teller {
    threads: Vec<Counted>,
    told: Counted,
    at: Option<Instant>,
}

impl Teller {
    /// Nothing was told yet.
    pub(crate) fn new(threads: usize) -> Self {
        Self {
            threads: vec![Counted::default(); threads],
            told: Counted::default(),
            at: None,
        }
    }

    /// Takes what one thread has counted. Returns what the operator is to be told now.
    pub(crate) fn take(
        &mut self,
        thread: Thread,
        counted: Counted,
        now: Instant,
    ) -> Option<Counted> {
        if let Some(known) = self.threads.get_mut(thread) {
            *known = counted;
        }
        if self.at.is_some_and(|at| now < at + TOLD_EVERY) {
            return None;
        }
        let all = self.all();
        let new = all.since(self.told);
        if new.is_usual() {
            return None;
        }
        (self.told, self.at) = (all, Some(now));
        Some(new)
    }

    fn all(&self) -> Counted {
        let threads = self.threads.iter().copied();
        threads.fold(Counted::default(), Counted::and)
    }
}

/// Tells the operator what is new.
pub(crate) fn tell(new: &Counted) {
    match new.engine.late_ticks {
        0 => tracing::info!("media, new: {new}"),
        _ => tracing::warn!("media is late, new: {new}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_told_once_and_not_too_often() {
        let start = transport_h248_tokio::clock::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let counted = |ticks, strangers, unsent| Counted {
            engine: Counters {
                ticks,
                strangers,
                ..Counters::default()
            },
            unsent,
            unrecorded: 0,
        };
        let mut teller = Teller::new(2);
        assert_eq!(teller.take(0, counted(50, 0, 0), at(1)), None);
        let told = teller.take(1, counted(60, 7, 0), at(2)).unwrap();
        assert_eq!(told.to_string(), "strangers=7");
        assert_eq!(teller.take(0, counted(100, 5, 2), at(4)), None);
        let told = teller.take(1, counted(100, 8, 0), at(12)).unwrap();
        assert_eq!(told.to_string(), "strangers=6 unsent=2");
        assert_eq!(teller.take(1, counted(900, 8, 0), at(99)), None);
        assert_eq!(teller.all().to_string(), "strangers=13 unsent=2");
    }
}
