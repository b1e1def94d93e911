//! Where Legs are and what was asked about them, written down and taken up again. After a restart
//! each command whose end is not known is one that was not answered.

use codec_h248::{ContextId, TerminationId};
use serde::{Deserialize, Serialize};
use transport_h248::PeerId;

use super::{
    Link, Place, Southbound,
    channel::ChannelState,
    errand::{self, Errand, Order},
};
use crate::{
    conference::{Hall, Outcome},
    northbound::{LegId, Refusal, SegId},
};

/// A command whose end is not known, as it is written down.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ErrandRow(Errand);

/// Where a Leg's Termination is, as it is written down.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlaceRow {
    seg: Option<SegId>,
    hall: Option<Hall>,
    context: u32,
    #[serde(deserialize_with = "errand::owned")]
    termination: TerminationId<'static>,
}

impl Southbound {
    /// The next Leg whose place changed.
    pub(crate) fn poll_place(&mut self) -> Option<(LegId, Option<PlaceRow>)> {
        let (leg, place) = self.places.poll_change()?;
        let row = place.map(|place| PlaceRow {
            seg: place.seg.clone(),
            hall: place.hall.clone(),
            context: place.context,
            termination: place.termination.clone(),
        });
        Some((leg, row))
    }

    /// The next Leg about which something else is asked.
    pub(crate) fn poll_errand(&mut self) -> Option<(LegId, Option<ErrandRow>)> {
        let (leg, errand) = self.errands.poll_change()?;
        Some((leg, errand.map(|(_, errand)| ErrandRow(errand.clone()))))
    }

    /// Puts a Leg where it was.
    pub(crate) fn restore_place(&mut self, peer: PeerId, leg: LegId, row: PlaceRow) {
        let PlaceRow {
            seg,
            hall,
            context,
            termination,
        } = row;
        let place = Place {
            peer,
            seg,
            hall,
            context,
            termination,
            since: self.turn,
        };
        if let Some(seg) = place.channel().cloned() {
            let channel = self.channel(peer, &seg);
            channel.state = ChannelState::Open(context);
            channel.occupants.insert(leg.clone());
        }
        self.places.restore(leg, place);
    }

    /// Notes what had been asked about a Leg; [`Self::resume`] follows once all are noted.
    pub(crate) fn restore_errand(&mut self, peer: PeerId, leg: LegId, row: ErrandRow) {
        let ErrandRow(errand) = row;
        if let Some(seg) = errand.channel().cloned() {
            let channel = self.channel(peer, &seg);
            channel.inbound += 1;
            match (errand.context, channel.state) {
                (ContextId::Choose, ChannelState::Absent) => channel.state = ChannelState::Creating,
                (ContextId::Id(context), ChannelState::Absent) => {
                    channel.state = ChannelState::Open(context);
                }
                _ => {}
            }
        }
        self.errands.restore(leg, (peer, errand));
    }

    /// Whether it is not known what came of the last command about a Leg.
    pub(crate) fn is_open(&self, leg: &LegId) -> bool {
        self.errands.contains_key(leg)
    }

    /// Finds out what came of the commands whose end is not known; `unwanted` are the Legs about
    /// which nothing is wanted any more.
    pub(crate) fn resume(&mut self, unwanted: &[LegId], link: &mut Link<'_>) {
        let open: Vec<(PeerId, Errand)> = self.errands.values().cloned().collect();
        for (peer, errand) in open {
            if unwanted.contains(&errand.leg) {
                self.abandoned.insert(errand.leg.clone(), peer);
            }
            match &errand.order {
                Order::Add { local: None, .. } => {
                    // Its party was told nothing yet, so that it is ended rather than begun again.
                    self.enter_failed(peer, &errand, link);
                    self.finish(errand.leg, Outcome::Refused(Refusal::Interrupted));
                }
                // To subtract again what is gone does no harm.
                Order::Leave => self.send(peer, errand, link),
                Order::Add { .. }
                | Order::Move { .. }
                | Order::Regroup { .. }
                | Order::Close
                | Order::Reopen { .. }
                | Order::Supervise(_)
                | Order::Release => self.errand_silent(peer, errand, link),
            }
        }
    }

    /// Asks a gateway at once what it holds, and where what is in doubt is.
    pub(crate) fn take_stock(&mut self, peer: PeerId, link: &Link<'_>) {
        self.want_sweep(peer);
        self.probe_now(peer, link.now);
    }
}
