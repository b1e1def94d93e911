//! Who hears whom in a Context that several Segs share: each command into it carries the Topology
//! between its Leg and all others (H.248.1 7.1.18), so that nobody is heard before it is said by
//! whom. Commands into one such Context follow each other, because each names those who are there.

use codec_h248::{
    ActionRequest, ContextProperty, TerminationId, TopologyDirection, TopologyTriple, list,
};
use transport_h248::PeerId;

use super::{
    Link, Place, Southbound,
    answer::ATTEMPTS_MAX,
    errand::{Errand, Order},
};
use crate::{
    conference::Hall,
    northbound::{LegId, Refusal, SegId},
};

impl Southbound {
    /// Adds to a command into a shared Context what its Leg and the others there hear of each
    /// other.
    pub(super) fn with_topology(
        &self,
        errand: &Errand,
        mut action: ActionRequest<'static>,
    ) -> ActionRequest<'static> {
        let triples = self.triples(errand);
        if !triples.is_empty() {
            action.properties = list![ContextProperty::Topology(triples)];
        }
        action
    }

    fn triples(&self, errand: &Errand) -> Vec<TopologyTriple<'static>> {
        let (Some(hall), Some(target)) = (&errand.hall, errand.target()) else {
            return Vec::new();
        };
        let Some(channel) = self.channels.get(&hall.seg) else {
            return Vec::new();
        };
        // What is added hears everybody and is heard by everybody, unless it is said otherwise.
        let is_new = matches!(errand.order, Order::Add { .. });
        let others = channel
            .occupants
            .iter()
            .filter(|leg| **leg != errand.leg && !self.is_leaving(leg));
        let others = others.filter_map(|leg| self.places.get(leg));
        let triple = |place: &Place| {
            let (one, other) = (&errand.termination, &place.termination);
            let there = place.seg.as_ref();
            // A Seg may hear the main one, which stands for the Context, but no other.
            let listens = |hall: &Hall, to: Option<&SegId>| hall.listens && to == Some(&hall.seg);
            if there == Some(target) {
                (!is_new).then(|| triple(one, other, TopologyDirection::Bothway))
            } else if listens(hall, there) {
                Some(triple(other, one, TopologyDirection::Oneway))
            } else if place
                .hall
                .as_ref()
                .is_some_and(|hall| listens(hall, Some(target)))
            {
                Some(triple(one, other, TopologyDirection::Oneway))
            } else {
                Some(triple(one, other, TopologyDirection::Isolate))
            }
        };
        others.filter_map(triple).collect()
    }

    /// Whether a Leg's Termination may be gone before a command that names it arrives.
    fn is_leaving(&self, leg: &LegId) -> bool {
        let errand = self.errands.get(leg);
        errand.is_some_and(|(_, errand)| matches!(errand.order, Order::Leave | Order::Release))
    }

    /// A Termination that the command named is gone: the Leg's own, or one of those that it was to
    /// hear or not.
    pub(super) fn regroup_again(
        &mut self,
        peer: PeerId,
        mut errand: Errand,
        refusal: Refusal,
        link: &mut Link<'_>,
    ) {
        if errand.attempts == ATTEMPTS_MAX {
            // Whether it is the Leg's own is asked before anything is told of it; of another, a
            // sweep will tell.
            self.want_sweep(peer);
            self.schedule_probe(peer, link.now);
            self.not_understood(peer, errand, refusal, link);
            return;
        }
        errand.attempts += 1;
        let hub = errand.channel().cloned();
        if let Some(channel) = hub.and_then(|seg| self.channels.get_mut(&seg)) {
            channel.inbound = channel.inbound.saturating_sub(1);
        }
        self.enter(peer, errand, link);
    }
}

fn triple(
    from: &TerminationId<'static>,
    to: &TerminationId<'static>,
    direction: TopologyDirection,
) -> TopologyTriple<'static> {
    TopologyTriple {
        from: from.clone(),
        to: to.clone(),
        direction,
        stream: None,
    }
}
