//! Parts of a reply that may want the engine's counts.

use std::collections::BTreeMap;

use codec_h248::descriptor::{AuditReturn, EmptyDescriptor, MediaDescriptor, StreamParms, Streams};
use mg_contract::{StreamStatistics, Ticket};

use crate::gateway::{
    Tally,
    kept::Kept,
    statistics::{self, Table},
};

/// Part of a reply, which may still want the engine's word.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Return {
    /// It is known.
    Ready(AuditReturn<'static>),
    /// It wants the engine's counts.
    Statistics(Wanted),
    /// Streams that want the engine's counts, each with these of its statistics.
    Media(MediaDescriptor<'static>, Vec<(Tally, Kept)>, Table),
}

/// Statistics that want the engine's counts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Wanted {
    /// Those that there are.
    pub(crate) table: Table,
    /// Time in a Context, in milliseconds.
    pub(crate) duration_ms: u64,
    /// One for each stream.
    pub(crate) tallies: Vec<Tally>,
    /// Which statistics.
    pub(crate) which: Kept,
}

impl Return {
    /// What the engine is to answer.
    pub(crate) fn tickets(&self) -> Vec<Ticket> {
        match self {
            Self::Ready(_) => Vec::new(),
            Self::Statistics(wanted) => {
                let asked = wanted.tallies.iter();
                asked.filter_map(|tally| tally.ticket).collect()
            }
            Self::Media(_, streams, _) => {
                let asked = streams.iter();
                asked.filter_map(|(tally, _)| tally.ticket).collect()
            }
        }
    }

    /// Whether there are statistics in it.
    pub(crate) fn says_something(&self) -> bool {
        match self {
            Self::Ready(_) => true,
            Self::Statistics(wanted) => !wanted.which.is_empty(),
            Self::Media(_, streams, _) => !streams.is_empty(),
        }
    }

    /// The descriptor, with what the engine has answered; a stream that it has not answered for
    /// counts nothing since its port pair was taken.
    pub(crate) fn finish(
        self,
        answers: &BTreeMap<Ticket, StreamStatistics>,
    ) -> AuditReturn<'static> {
        match self {
            Self::Ready(ready) => ready,
            Self::Statistics(wanted) => wanted.finish(answers),
            Self::Media(media, streams, table) => with_counts(media, &streams, &table, answers),
        }
    }
}

impl Wanted {
    fn finish(&self, answers: &BTreeMap<Ticket, StreamStatistics>) -> AuditReturn<'static> {
        let counts = self.tallies.iter().map(|tally| counts(tally, answers));
        let counts = counts.fold(StreamStatistics::default(), statistics::sum);
        let found = self.table.descriptor(self.duration_ms, &counts, self.which);
        if found.statistics.is_empty() {
            return AuditReturn::Empty(EmptyDescriptor::Statistics);
        }
        AuditReturn::Statistics(found)
    }
}

fn counts(tally: &Tally, answers: &BTreeMap<Ticket, StreamStatistics>) -> StreamStatistics {
    let present = tally.ticket.and_then(|ticket| answers.get(&ticket));
    let present = present.copied().unwrap_or_default();
    let mut counts = statistics::sum(tally.past, statistics::since(tally.before, present));
    statistics::copy(&mut counts, StreamStatistics::default(), tally.fresh);
    counts
}

/// Media with the statistics of its streams; a stream of which nothing is said is left out.
fn with_counts(
    mut media: MediaDescriptor<'static>,
    streams: &[(Tally, Kept)],
    table: &Table,
    answers: &BTreeMap<Ticket, StreamStatistics>,
) -> AuditReturn<'static> {
    if let Streams::Several(descriptors) = &mut media.streams {
        for descriptor in descriptors.iter_mut() {
            let found = streams.iter().find(|(tally, _)| tally.id == descriptor.id);
            let Some((tally, which)) = found.filter(|(_, which)| !which.is_empty()) else {
                continue;
            };
            let counts = counts(tally, answers);
            let counted = table.descriptor(0, &counts, *which);
            descriptor.parms.statistics = Some(counted);
        }
        descriptors.retain(|one| one.parms != StreamParms::default());
        if descriptors.is_empty() {
            media.streams = Streams::default();
        }
    }
    if media == MediaDescriptor::default() {
        return AuditReturn::Empty(EmptyDescriptor::Media);
    }
    AuditReturn::Media(media)
}
