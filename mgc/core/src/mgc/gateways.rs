//! Gateways come, go, fall silent and are heard again.

use codec_h248::{ActionRequest, List, TransactionId};
use transport_h248::{
    Address, PeerId,
    mutants::{Mutant, seeded},
};

use super::Mgc;
use crate::{
    association::{self, Change, Memory, Standing},
    northbound::{Cause, EventKind, GatewayId, GatewayState, LegId, MediaFault},
    registry::Gateway,
};

impl Mgc {
    /// A gateway said something of its own accord: it is there, but whether it does what it is
    /// told, only an answer shows.
    fn spoke(&mut self, peer: PeerId) {
        let (southbound, mut link) = self.south();
        southbound.handle_word(peer, &mut link);
    }

    /// A gateway answered a command.
    pub(super) fn answered(&mut self, peer: PeerId) {
        let Some(id) = self.registry.by_peer(peer).cloned() else {
            return;
        };
        let Some(gateway) = self.registry.get_mut(&id) else {
            return;
        };
        match std::mem::replace(&mut gateway.state, GatewayState::Registered) {
            GatewayState::Unverified => tracing::info!(gateway = %id, "a gateway answers"),
            GatewayState::Suspect => tracing::info!(gateway = %id, "a gateway answers again"),
            GatewayState::Registered | GatewayState::Leaving => {}
        }
        if std::mem::take(&mut gateway.lost) {
            let up = EventKind::GatewayUp(id);
            self.conferences.report_gateway(up, None);
        }
        let (southbound, mut link) = self.south();
        southbound.handle_answer(peer, &mut link);
    }

    /// A gateway did not answer. Many requests may have gone unanswered together, and more will.
    pub(super) fn suspect(&mut self, peer: PeerId) {
        let Some(id) = self.registry.by_peer(peer).cloned() else {
            return;
        };
        let Some(gateway) = self.registry.get_mut(&id) else {
            return;
        };
        let before = std::mem::replace(&mut gateway.state, GatewayState::Suspect);
        if before != GatewayState::Suspect {
            tracing::warn!(gateway = %id, "a gateway did not answer");
        }
    }

    /// Gives up the Legs of a gateway that has been silent for long. It stays known, and is asked
    /// on, so that it is used again once it answers.
    pub(super) fn give_up(&mut self, peer: PeerId) {
        let Some(id) = self.registry.by_peer(peer).cloned() else {
            return;
        };
        let Some(gateway) = self.registry.get_mut(&id) else {
            return;
        };
        if !std::mem::replace(&mut gateway.lost, true) {
            tracing::warn!(gateway = %id, "a gateway stays silent; its Legs are given up");
            let down = EventKind::GatewayDown(id.clone());
            self.part(&id, peer, &Cause::GatewayLost);
            self.conferences
                .report_gateway(down, Some(Cause::GatewayLost));
        }
        self.southbound.sweep(peer, self.now);
    }

    /// Ends all that is tied to a gateway.
    pub(super) fn part(&mut self, id: &GatewayId, peer: PeerId, cause: &Cause) {
        self.endpoint.forget_requests(peer);
        self.southbound.forget(peer);
        self.hand_offs.retain(|(of, _), _| *of != peer);
        self.conferences.handle_gateway_gone(id, cause);
    }

    pub(super) fn handle_peer_request(
        &mut self,
        peer: PeerId,
        id: TransactionId,
        actions: List<ActionRequest<'static>>,
        (version, from): (u8, Address),
    ) {
        self.tie_heard(peer, id, &actions);
        let standing = Standing {
            registered: self.registry.by_peer(peer).is_some(),
            room: self.registry.len() < self.limits.gateways,
            version,
            from,
            time_stamp: self.anchor.time_stamp(self.now),
            profiles: &self.profiles,
            held: self.southbound.held(peer),
        };
        let (result, changes) = association::execute(actions, standing);
        self.endpoint.reply(peer, id, result, self.now);
        if !changes.iter().any(Change::is_of_gateway) {
            self.spoke(peer);
        }
        for change in changes {
            self.apply(peer, change);
        }
    }

    fn apply(&mut self, peer: PeerId, change: Change) {
        match change {
            Change::Up {
                version,
                address,
                memory,
            } => self.register(peer, version, address, memory),
            Change::Down => self.deregister(peer),
            Change::Refused(code) => {
                let gateway = self.endpoint.mid(peer).map(ToString::to_string);
                let gateway = gateway.unwrap_or_default();
                tracing::warn!(gateway, %code, "a registration is refused: {}", code.phrase());
            }
            Change::Leaving { delay_s } => self.mark_leaving(peer, delay_s),
            Change::OutOfService(name) => {
                for leg in self.southbound.legs_like(peer, &name) {
                    self.conferences.evict(&leg);
                }
            }
            Change::Observed(name, request, observed) => {
                let leg = self.conferences.leg_of_request(request).cloned();
                let at = |leg: &LegId| self.southbound.is_at(leg, peer, &name);
                if let Some(leg) = leg.filter(at) {
                    self.conferences.handle_observed(&leg, request, observed);
                }
            }
            Change::Talking(name, talking) => {
                for leg in self.southbound.legs_like(peer, &name) {
                    self.conferences.handle_talking(&leg, talking);
                }
            }
            Change::InService(name) => {
                for leg in self.southbound.legs_like(peer, &name) {
                    self.conferences.note_media(&leg, None);
                }
            }
            Change::MediaFault(name, fault) => {
                for leg in self.southbound.legs_like(peer, &name) {
                    self.conferences.note_media(&leg, Some(fault));
                }
                let id = self.registry.by_peer(peer).cloned();
                let id = id.filter(|_| fault != MediaFault::Quality);
                if let Some(gateway) = id.and_then(|id| self.registry.get_mut(&id)) {
                    gateway.media_faults += 1;
                }
            }
        }
    }

    fn register(&mut self, peer: PeerId, version: u8, address: Address, memory: Memory) {
        let Some(id) = self
            .endpoint
            .mid(peer)
            .map(|mid| GatewayId(mid.to_string()))
        else {
            return;
        };
        let memory = if seeded(Mutant::N03) {
            Memory::Kept
        } else {
            memory
        };
        let former = self.registry.get(&id);
        let lost = former.is_some_and(|former| former.lost);
        let media_faults = former.map_or(0, |former| former.media_faults);
        let known = former.map(|former| former.peer);
        let learnt = former.filter(|_| memory == Memory::Kept);
        let learnt = learnt.map(|former| former.learnt).unwrap_or_default();
        let profile = self.registry.profiles.of(&id);
        let drained = former.map_or(profile.drained, |former| former.drained);
        if let Some(before) = former
            .map(|former| former.address)
            .filter(|before| *before != address)
        {
            // One that moved and two of one name look alike.
            tracing::warn!(gateway = %id, %before, now = %address, "a gateway registered from elsewhere");
        }
        // A request may reach a gateway between its restart and our learning of it.
        let stale = !seeded(Mutant::N03) && (known.is_some() || memory != Memory::Empty);
        if let Some(former) = known.filter(|former| memory != Memory::Kept || *former != peer) {
            self.part(&id, former, &Cause::GatewayRestarted);
        }
        // A gateway that could not reach us has given up what it had to tell.
        self.conferences.interrupt_waits(&id);
        self.endpoint.set_version(peer, version);
        if !seeded(Mutant::N02) {
            self.endpoint.set_address(peer, address);
        }
        let gateway = Gateway {
            peer,
            address,
            version,
            state: GatewayState::Unverified,
            lost: false,
            leaving: false,
            media_faults,
            learnt,
            drained,
        };
        if let Some(former) = known.filter(|former| *former != peer) {
            self.heartbeat.forget(former);
        }
        self.heartbeat.watch(peer, self.now);
        self.registry.register(id.clone(), gateway);
        self.note_manners(id.clone());
        tracing::info!(gateway = %id, version, %address, "a gateway registered");
        if known.is_none() || lost || memory != Memory::Kept {
            self.conferences
                .report_gateway(EventKind::GatewayUp(id), None);
        }
        let (southbound, mut link) = self.south();
        southbound.handle_registration(peer, stale, &mut link);
        self.arm(peer);
    }

    /// Puts nothing more on a gateway that says that it leaves (H.248.1 7.2.8, Graceful).
    fn mark_leaving(&mut self, peer: PeerId, delay_s: Option<u32>) {
        let Some(id) = self.registry.by_peer(peer).cloned() else {
            return;
        };
        if let Some(gateway) = self.registry.get_mut(&id) {
            gateway.leaving = true;
            tracing::info!(gateway = %id, delay_s, "a gateway is about to leave");
        }
    }

    fn deregister(&mut self, peer: PeerId) {
        let Some(id) = self.registry.by_peer(peer).cloned() else {
            return;
        };
        tracing::info!(gateway = %id, "a gateway leaves");
        self.leave(&id, peer, &Cause::GatewayLost);
    }
}
