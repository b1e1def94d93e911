//! Who hears whom in a Context, by ordered pair and stream (H.248.1 7.1.18).

use std::collections::{BTreeMap, BTreeSet};

use codec_h248::{TopologyDirection, descriptor::StreamId};
use mg_contract::{Command, Hears};
use transport_h248::mutants::{Mutant, seeded};

use super::{Gateway, TerminationKey};

/// What everybody hears of everybody where nothing is said: what it receives from outside.
pub(crate) const DEFAULT: Hears = Hears {
    received: true,
    sent: false,
};
/// Nothing.
const NOTHING: Hears = Hears {
    received: false,
    sent: false,
};

/// What differs from the default. Nothing of a Termination stays here that has left the Context.
#[derive(Clone, Debug, Default)]
pub(crate) struct Topology {
    /// By listener, then by source.
    ears: BTreeMap<TerminationKey, BTreeMap<TerminationKey, Ears>>,
}

/// What one Termination hears of another.
#[derive(Clone, Debug)]
struct Ears {
    /// On every stream that is not named.
    usual: Hears,
    /// On these streams.
    streams: BTreeMap<StreamId, Hears>,
}

/// One triple about two Terminations that are in the Context.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Link {
    /// The first Termination.
    pub(crate) from: TerminationKey,
    /// The second Termination.
    pub(crate) to: TerminationKey,
    /// Which way media flows.
    pub(crate) direction: TopologyDirection,
    /// The stream that it is about; all of them where absent.
    pub(crate) stream: Option<StreamId>,
}

impl Link {
    /// What each of the two hears of the other: the second of the first, and the first of the second.
    fn hears(self) -> (Hears, Hears) {
        let sent = Hears {
            received: false,
            sent: true,
        };
        let both = Hears {
            received: true,
            sent: true,
        };
        match self.direction {
            TopologyDirection::Bothway => (DEFAULT, DEFAULT),
            TopologyDirection::Isolate => (NOTHING, NOTHING),
            TopologyDirection::Oneway if seeded(Mutant::M20) => (NOTHING, DEFAULT),
            TopologyDirection::Oneway => (DEFAULT, NOTHING),
            TopologyDirection::OnewayExternal => (sent, NOTHING),
            TopologyDirection::OnewayBoth => (both, NOTHING),
        }
    }
}

impl Default for Ears {
    fn default() -> Self {
        Self {
            usual: DEFAULT,
            streams: BTreeMap::new(),
        }
    }
}

impl Ears {
    fn on(&self, stream: StreamId) -> Hears {
        self.streams.get(&stream).copied().unwrap_or(self.usual)
    }

    fn set(&mut self, stream: Option<StreamId>, hears: Hears) {
        match stream {
            None => {
                self.usual = hears;
                self.streams.clear();
            }
            Some(stream) if hears == self.usual => {
                self.streams.remove(&stream);
            }
            Some(stream) => {
                self.streams.insert(stream, hears);
            }
        }
    }

    /// How much of it is kept.
    fn weight(&self) -> usize {
        usize::from(self.usual != DEFAULT) + self.streams.len()
    }
}

impl Topology {
    /// Whether everybody hears everybody.
    pub(crate) fn is_default(&self) -> bool {
        self.ears.is_empty()
    }

    /// What `listener` hears of `source` on a stream.
    pub(crate) fn hears(
        &self,
        listener: TerminationKey,
        source: TerminationKey,
        stream: StreamId,
    ) -> Hears {
        self.ears(listener, source)
            .map_or(DEFAULT, |ears| ears.on(stream))
    }

    fn ears(&self, listener: TerminationKey, source: TerminationKey) -> Option<&Ears> {
        self.ears.get(&listener)?.get(&source)
    }

    /// Sets what `listener` hears of `source`, and returns how much is kept more, and less.
    fn set(
        &mut self,
        (listener, source): (TerminationKey, TerminationKey),
        stream: Option<StreamId>,
        hears: Hears,
    ) -> (usize, usize) {
        let sources = self.ears.entry(listener).or_default();
        let ears = sources.entry(source).or_default();
        let before = ears.weight();
        ears.set(stream, hears);
        let after = ears.weight();
        if after == 0 {
            sources.remove(&source);
            if sources.is_empty() {
                self.ears.remove(&listener);
            }
        }
        (after, before)
    }

    /// Forgets a Termination that leaves, and returns how much was kept of it.
    fn forget(&mut self, key: TerminationKey) -> usize {
        let own = self.ears.remove(&key).unwrap_or_default();
        let mut forgotten: usize = own.values().map(Ears::weight).sum();
        self.ears.retain(|_, sources| {
            forgotten += sources.remove(&key).map_or(0, |ears| ears.weight());
            !sources.is_empty()
        });
        forgotten
    }

    /// The triples that make this of a Context in which everybody hears everybody; `streams` are
    /// those of a Termination.
    pub(crate) fn links(&self, streams: impl Fn(TerminationKey) -> Vec<StreamId>) -> Vec<Link> {
        let pairs = self
            .ears
            .iter()
            .flat_map(|(listener, sources)| sources.keys().map(|source| (*listener, *source)));
        // A pair that is kept both ways is met twice, and counts where the elder listens.
        let once = pairs.filter(|(listener, source)| {
            listener < source || self.ears(*source, *listener).is_none()
        });
        let mut once: Vec<_> = once.map(|(a, b)| (a.min(b), a.max(b))).collect();
        once.sort_unstable();
        let links = once.into_iter();
        links
            .flat_map(|(a, b)| self.links_of(a, b, &streams))
            .collect()
    }

    /// Those of one pair: one triple; or, where something is said of a stream alone, one for each
    /// stream that is not as usual, since one descriptor may not name a pair with and without Stream.
    fn links_of(
        &self,
        a: TerminationKey,
        b: TerminationKey,
        streams_of: impl Fn(TerminationKey) -> Vec<StreamId>,
    ) -> Vec<Link> {
        let usual = Ears::default();
        let of_b = self.ears(a, b).unwrap_or(&usual);
        let of_a = self.ears(b, a).unwrap_or(&usual);
        let mut streams: BTreeSet<StreamId> = of_b
            .streams
            .keys()
            .chain(of_a.streams.keys())
            .copied()
            .collect();
        if streams.is_empty() {
            return vec![link(a, b, of_a.usual, of_b.usual, None)];
        }
        if (of_a.usual, of_b.usual) != (DEFAULT, DEFAULT) {
            streams.extend([a, b].into_iter().flat_map(streams_of));
        }
        let each = streams.into_iter();
        each.map(|id| link(a, b, of_a.on(id), of_b.on(id), Some(id)))
            .collect()
    }

    /// Whether something is said of a stream alone.
    pub(crate) fn names_streams(&self) -> bool {
        let all = self.ears.values().flat_map(BTreeMap::values);
        all.into_iter().any(|ears| !ears.streams.is_empty())
    }
}

/// The triple by which `b` hears `of_a` of `a`, and `a` hears `of_b` of `b`.
fn link(
    a: TerminationKey,
    b: TerminationKey,
    of_a: Hears,
    of_b: Hears,
    stream: Option<StreamId>,
) -> Link {
    let (from, to, heard) = if of_b == NOTHING {
        (a, b, of_a)
    } else {
        (b, a, of_b)
    };
    let direction = match (heard.received, heard.sent) {
        _ if of_a == DEFAULT && of_b == DEFAULT => TopologyDirection::Bothway,
        (false, false) => TopologyDirection::Isolate,
        (true, false) => TopologyDirection::Oneway,
        (false, true) => TopologyDirection::OnewayExternal,
        (true, true) => TopologyDirection::OnewayBoth,
    };
    Link {
        from,
        to,
        direction,
        stream,
    }
}

impl Gateway {
    /// How much of topologies is kept in all.
    pub(crate) fn topology_count(&self) -> usize {
        self.topologies
    }

    /// Applies one triple to a Context.
    pub(crate) fn associate(&mut self, context: u32, link: Link) {
        let (to_hears, from_hears) = link.hears();
        self.set_ears(context, (link.to, link.from), link.stream, to_hears);
        self.set_ears(context, (link.from, link.to), link.stream, from_hears);
    }

    fn set_ears(
        &mut self,
        context: u32,
        pair: (TerminationKey, TerminationKey),
        stream: Option<StreamId>,
        hears: Hears,
    ) {
        let (listener, source) = pair;
        let Some(found) = self.contexts.get_mut(&context) else {
            return;
        };
        let Some(listening) = self.terminations.get(&listener) else {
            return;
        };
        let before = found.topology.ears(listener, source);
        let ids = listening.streams.keys().copied();
        let changed = ids.filter(|id| {
            let before = before.map_or(DEFAULT, |ears| ears.on(*id));
            stream.is_none_or(|stream| stream == *id) && before != hears
        });
        let changed: Vec<StreamId> = changed.collect();
        let (more, less) = found.topology.set(pair, stream, hears);
        self.topologies = (self.topologies + more).saturating_sub(less);
        for id in changed {
            self.tell_hears(listener, source, id, hears);
        }
    }

    fn tell_hears(
        &mut self,
        listener: TerminationKey,
        source: TerminationKey,
        id: StreamId,
        hears: Hears,
    ) {
        let stream = |key| self.terminations.get(&key)?.streams.get(&id)?.media;
        if let (Some(listener), Some(source)) = (stream(listener), stream(source)) {
            self.media.push_back(Command::Hear {
                listener: listener.stream,
                source: source.stream,
                hears,
            });
        }
    }

    /// Tells the engine what a stream that was just opened hears, and who hears it.
    pub(super) fn tell_topology(&mut self, key: TerminationKey, id: StreamId) {
        let context = self.terminations.get(&key).and_then(|found| found.context);
        let found = context.and_then(|context| self.contexts.get(&context));
        let Some(found) = found.filter(|found| !found.topology.is_default()) else {
            return;
        };
        let mut told = Vec::new();
        for other in found.members.iter().filter(|other| **other != key) {
            for (listener, source) in [(key, *other), (*other, key)] {
                let hears = found.topology.hears(listener, source, id);
                if hears != DEFAULT {
                    told.push((listener, source, hears));
                }
            }
        }
        for (listener, source, hears) in told {
            self.tell_hears(listener, source, id, hears);
        }
    }

    /// Forgets the topology of a Termination that leaves a Context.
    pub(super) fn forget_topology(&mut self, key: TerminationKey, context: u32) {
        if let Some(left) = self.contexts.get_mut(&context)
            && !left.topology.is_default()
        {
            self.topologies = self.topologies.saturating_sub(left.topology.forget(key));
        }
    }
}
