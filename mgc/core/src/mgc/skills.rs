//! What is learnt of gateways from what they refuse and tell.

use transport_h248::PeerId;

use super::Mgc;
use crate::{
    conference::{Outcome, accepted},
    northbound::{Accepted, Done, GatewayId, LegId, LegView, OperationKind, Refusal},
    operations::Subject,
};

impl Mgc {
    /// Has Legs be moved, and faults of media be asked for, as a gateway's profile and refusals say,
    /// and it be written to as its profile says.
    pub(super) fn note_manners(&mut self, id: GatewayId) {
        let Some(gateway) = self.registry.get(&id) else {
            return;
        };
        let profile = self.registry.profiles.of(&id);
        self.southbound
            .watch_media(gateway.peer, profile.media_events);
        self.endpoint.set_terms(gateway.peer, |terms| {
            terms.empty_signals = profile.empty_signals;
        });
        if let Some(mixes) = gateway.learnt.mixes {
            self.southbound.note_mixer(gateway.peer, mixes);
        }
        let strategies = gateway.learnt.of(profile);
        self.conferences.manners.note(id, strategies);
    }

    /// Has a gateway take no new Calls, or take them again.
    pub(super) fn drain(&mut self, id: GatewayId, drain: bool) -> Result<Accepted, Refusal> {
        if self.registry.get(&id).is_none() {
            return Err(Refusal::UnknownGateway(id));
        }
        let operation = self
            .conferences
            .start(OperationKind::DrainReq, Subject::default())?;
        if let Some(gateway) = self.registry.get_mut(&id) {
            gateway.drained = drain;
        }
        self.conferences
            .operations
            .succeed(&operation, Done::Drained);
        Ok(accepted(operation))
    }

    /// Learns whether a gateway has package `zconfmix`.
    pub(super) fn learn_mixer(&mut self, peer: PeerId, mixes: bool) {
        let id = self.registry.by_peer(peer).cloned();
        if let Some(gateway) = id.and_then(|id| self.registry.get_mut(&id)) {
            gateway.learnt.mixes = Some(mixes);
        }
    }

    /// A Leg as its gateway mixes it: what that cannot do is told as not set.
    pub(super) fn as_mixed(&self, mut leg: LegView) -> LegView {
        let gateway = self.registry.get(&leg.gateway);
        if gateway.and_then(|gateway| gateway.learnt.mixes) != Some(true) {
            leg.settings.gain = None;
            leg.settings.talking = false;
        }
        leg
    }

    /// Learns from a refusal what a gateway cannot do.
    pub(super) fn learn(&mut self, leg: &LegId, outcome: &Outcome) {
        let Outcome::Unable(refusal) = outcome else {
            return;
        };
        let Some(id) = self.conferences.gateway_of(leg).cloned() else {
            return;
        };
        let Some(gateway) = self.registry.get_mut(&id) else {
            return;
        };
        if !std::mem::replace(&mut gateway.learnt.no_move, true) {
            tracing::info!(gateway = %id, %refusal, "a gateway does not know Move");
            self.note_manners(id);
        }
    }
}
