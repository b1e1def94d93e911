//! Which statistics are kept of a Termination, and of a stream (H.248.1 7.1.15, version 3).

use std::time::Instant;

use codec_h248::{
    PackageItem, ToBoundedStatic,
    descriptor::{StatisticsDescriptor, StreamId},
};
use mg_contract::{Command, StreamStatistics, Ticket};

use super::{
    Gateway, TerminationKey,
    packages::Set,
    statistics::{self, DURATION, Table},
};
use crate::CommandError;

/// A set of statistics, by their places in a [`Table`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Kept(u64);

impl Kept {
    /// All of them: what is kept of a Termination where nobody says anything.
    pub(crate) const ALL: Self = Self(u64::MAX);
    /// None of them.
    pub(crate) const NONE: Self = Self(0);

    /// Reads a Statistics descriptor of a request, for a Termination.
    pub(crate) fn of_termination(
        packages: Set<'_>,
        given: &StatisticsDescriptor<'_>,
    ) -> Result<Self, CommandError> {
        let table = packages.statistics();
        let mut kept = Self::NONE;
        for statistic in &given.statistics {
            let name = &statistic.name;
            packages.check_package(name)?;
            let Some(place) = table.place(name) else {
                return Err(CommandError::NoSuchStatistic(name.to_static()));
            };
            if statistic.value.is_some() {
                return Err(CommandError::ReadOnly(name.to_static()));
            }
            if kept.has(place) {
                return Err(CommandError::PropertyTwice(name.to_static()));
            }
            kept.0 |= 1 << place;
        }
        Ok(kept)
    }

    /// The same for a stream, of which the time in a Context is not kept.
    pub(crate) fn of_stream(
        packages: Set<'_>,
        given: &StatisticsDescriptor<'_>,
    ) -> Result<Self, CommandError> {
        let kept = Self::of_termination(packages, given)?;
        let table = packages.statistics();
        let duration = |name: &PackageItem<'_>| table.place(name) == Some(DURATION);
        match given.statistics.iter().find(|one| duration(&one.name)) {
            Some(one) => Err(CommandError::StatisticOnStream(one.name.to_static())),
            None => Ok(kept),
        }
    }

    /// Those of these names.
    pub(crate) fn named(table: &Table, names: &[PackageItem<'_>]) -> Self {
        let places = names.iter().filter_map(|name| table.place(name));
        Self(places.fold(0, |kept, place| kept | 1 << place))
    }

    /// Those that are in both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in this alone.
    fn but(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether one is among them.
    pub(crate) fn has(self, place: usize) -> bool {
        self.0 & (1 << place) != 0
    }

    /// Whether there is none.
    pub(crate) fn is_empty(self) -> bool {
        self == Self::NONE
    }
}

impl Gateway {
    /// Keeps these statistics of a Termination from now on, where any are named. What was not kept
    /// begins at zero.
    pub(crate) fn keep(&mut self, key: TerminationKey, kept: Option<Kept>, now: Instant) {
        let (Some(kept), Some(termination)) = (kept, self.terminations.get_mut(&key)) else {
            return;
        };
        let new = kept.but(termination.kept);
        termination.kept = kept;
        statistics::copy(&mut termination.gone, StreamStatistics::default(), new);
        if new.has(DURATION) {
            termination.since = termination.since.map(|_| now);
        }
        let ids: Vec<StreamId> = termination.streams.keys().copied().collect();
        for id in ids {
            self.begin_at_zero(key, id, new);
        }
    }

    /// Has the statistics of a stream in `new` count from now on.
    fn begin_at_zero(&mut self, key: TerminationKey, id: StreamId, new: Kept) {
        let termination = self.terminations.get_mut(&key);
        let stream = termination.and_then(|found| found.streams.get_mut(&id));
        let Some(stream) = stream.filter(|_| !new.is_empty()) else {
            return;
        };
        statistics::copy(&mut stream.past, StreamStatistics::default(), new);
        if let Some(media) = stream.media {
            let ticket = self.next_ticket();
            self.media.push_back(Command::Audit {
                stream: media.stream,
                ticket,
            });
            self.rebasing.insert(ticket, (key, id, new));
        }
    }

    /// The statistics of a stream that have just begun anew, and of which the engine is still to say
    /// where.
    pub(super) fn fresh(&self, key: TerminationKey, id: StreamId) -> Kept {
        let rebasing = self.rebasing.values();
        let of_it = rebasing.filter(|(one, stream, _)| (*one, *stream) == (key, id));
        Kept(of_it.fold(0, |all, (_, _, new)| all | new.0))
    }

    /// Takes what a stream had counted when statistics of it began anew.
    pub(super) fn handle_rebased(&mut self, ticket: Ticket, counts: StreamStatistics) -> bool {
        let Some((key, id, new)) = self.rebasing.remove(&ticket) else {
            return false;
        };
        let termination = self.terminations.get_mut(&key);
        if let Some(stream) = termination.and_then(|found| found.streams.get_mut(&id)) {
            statistics::copy(&mut stream.before, counts, new);
        }
        true
    }
}
