//! Streams that end: Local and Remote empty, and nothing reserved, on all Terminations of the Context
//! that have them (H.248.1 7.1.6).

use codec_h248::descriptor::StreamId;
use mg_contract::StreamStatistics;

use super::{Gateway, Tally, TerminationKey, kept::Kept, statistics, stream::Stream};

impl Stream {
    /// Whether nothing is left of it.
    fn is_emptied(&self) -> bool {
        let is_empty = |said: &Option<Vec<_>>| said.as_ref().is_some_and(Vec::is_empty);
        let reserves = self.control.reserve_value || self.control.reserve_group;
        is_empty(&self.local) && is_empty(&self.remote) && !reserves && self.media.is_none()
    }
}

impl Gateway {
    /// Ends those of these streams of a Termination that are emptied everywhere. The last one that a
    /// Termination has stays, empty as it is.
    pub(super) fn drop_emptied(&mut self, key: TerminationKey, ids: &[StreamId]) {
        let context = self.terminations.get(&key).and_then(|found| found.context);
        let Some(members) = context.and_then(|id| self.contexts.get(&id)) else {
            return;
        };
        let members = members.members.clone();
        for id in ids {
            let streams = members.iter().filter_map(|one| self.terminations.get(one));
            let mut streams = streams.filter_map(|one| one.streams.get(id));
            if !streams.all(Stream::is_emptied) {
                continue;
            }
            for member in &members {
                self.drop_stream(*member, *id);
            }
            if let Some(context) = context.and_then(|id| self.contexts.get_mut(&id)) {
                context.groups.remove(id);
            }
        }
    }

    fn drop_stream(&mut self, key: TerminationKey, id: StreamId) {
        let Some(termination) = self.terminations.get_mut(&key) else {
            return;
        };
        if termination.streams.len() < 2 {
            return;
        }
        if let Some(stream) = termination.streams.remove(&id) {
            termination.gone = statistics::sum(termination.gone, stream.past);
        }
    }

    /// Takes what a port pair had counted whose stream has ended, or goes on without it.
    pub(super) fn inherit(&mut self, key: TerminationKey, id: StreamId, counts: StreamStatistics) {
        let Some(termination) = self.terminations.get_mut(&key) else {
            return;
        };
        let past = match termination.streams.get_mut(&id) {
            Some(stream) => &mut stream.past,
            None => &mut termination.gone,
        };
        *past = statistics::sum(*past, counts);
    }
}

impl Tally {
    /// What streams that have ended had counted.
    pub(super) fn of_gone(gone: StreamStatistics) -> Option<Self> {
        (gone != StreamStatistics::default()).then_some(Self {
            past: gone,
            id: StreamId(0),
            kept: Kept::NONE,
            fresh: Kept::NONE,
            before: StreamStatistics::default(),
            ticket: None,
        })
    }
}
