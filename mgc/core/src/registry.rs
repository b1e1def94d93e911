//! The gateways that have registered, by MId (H.248.1 11.2).

use std::collections::BTreeMap;

use transport_h248::{Address, PeerId};

use crate::{
    ledger::Ledger,
    manners::{GatewayProfiles, Learnt},
    northbound::{GatewayId, GatewayState, Separation},
};

/// The gateways.
#[derive(Debug)]
pub(crate) struct Registry {
    gateways: Ledger<GatewayId, Gateway>,
    peers: BTreeMap<PeerId, GatewayId>,
    pub(crate) profiles: GatewayProfiles,
}

/// A registered gateway.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) peer: PeerId,
    pub(crate) address: Address,
    pub(crate) version: u8,
    pub(crate) state: GatewayState,
    /// Whether it was silent for so long that its Legs were given up.
    pub(crate) lost: bool,
    /// Whether it has said that it leaves.
    pub(crate) leaving: bool,
    /// Faults of media that it has notified: g/cause and nt/netfail.
    pub(crate) media_faults: u64,
    /// What its refusals have taught.
    pub(crate) learnt: Learnt,
    /// Whether it takes no new Calls.
    pub(crate) drained: bool,
}

impl Registry {
    pub(crate) fn new(durable: bool, profiles: GatewayProfiles) -> Self {
        Self {
            gateways: Ledger::new(durable),
            peers: BTreeMap::new(),
            profiles,
        }
    }

    /// Notes a registration; a former one of the same gateway is replaced.
    pub(crate) fn register(&mut self, id: GatewayId, gateway: Gateway) {
        self.remove(&id);
        self.peers.insert(gateway.peer, id.clone());
        self.gateways.insert(id, gateway);
    }

    /// Puts back a gateway that is written down already.
    pub(crate) fn restore(&mut self, id: GatewayId, gateway: Gateway) {
        self.peers.insert(gateway.peer, id.clone());
        self.gateways.restore(id, gateway);
    }

    /// The next gateway that changed.
    pub(crate) fn poll_change(&mut self) -> Option<(GatewayId, Option<&Gateway>)> {
        self.gateways.poll_change()
    }

    /// Forgets a gateway.
    pub(crate) fn remove(&mut self, id: &GatewayId) {
        if let Some(gateway) = self.gateways.remove(id) {
            self.peers.remove(&gateway.peer);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.gateways.len()
    }

    pub(crate) fn get(&self, id: &GatewayId) -> Option<&Gateway> {
        self.gateways.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &GatewayId) -> Option<&mut Gateway> {
        self.gateways.get_mut(id)
    }

    pub(crate) fn by_peer(&self, peer: PeerId) -> Option<&GatewayId> {
        self.peers.get(&peer)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&GatewayId, &Gateway)> {
        self.gateways.iter()
    }

    /// Whether new Legs of a Call that is there may go there.
    pub(crate) fn takes_legs(&self, id: &GatewayId) -> bool {
        let takes = |gateway: &Gateway| gateway.is_in_use() && !gateway.leaving;
        self.get(id).is_some_and(takes)
    }

    /// Whether a gateway may carry more Legs than it does.
    pub(crate) fn has_room(&self, id: &GatewayId, load: &BTreeMap<GatewayId, usize>) -> bool {
        let legs = load.get(id).copied().unwrap_or(0);
        self.profiles.of(id).legs_max.is_none_or(|max| legs < max)
    }

    /// The gateway for a Call's first Leg: the one that would have the fewest Legs for its weight
    /// among those that have answered a command. Anybody can register, so that one that has not is
    /// chosen only where there is no other, as when all have just started.
    pub(crate) fn choose(
        &self,
        separation: Separation,
        load: &BTreeMap<GatewayId, usize>,
    ) -> Option<GatewayId> {
        let can = |id| separation == Separation::Contexts || self.profiles.of(id).topology;
        let legs = |id: &GatewayId| load.get(id).copied().unwrap_or(0) as u128 + 1;
        let weight = |id: &GatewayId| u128::from(self.profiles.of(id).weight.get());
        let least = |state: GatewayState| {
            let gateways = self.gateways.iter();
            gateways
                .filter(|(id, gateway)| {
                    let takes = gateway.state() == state && !gateway.drained;
                    takes && can(id) && self.has_room(id, load)
                })
                .map(|(id, _)| id)
                .min_by(|one, other| {
                    let here = legs(one) * weight(other);
                    here.cmp(&(legs(other) * weight(one)))
                })
                .cloned()
        };
        least(GatewayState::Registered).or_else(|| least(GatewayState::Unverified))
    }

    /// The gateways that are worth a question.
    pub(crate) fn in_use(&self) -> BTreeMap<PeerId, GatewayId> {
        self.gateways
            .iter()
            .filter(|(_, gateway)| gateway.is_in_use())
            .map(|(id, gateway)| (gateway.peer, id.clone()))
            .collect()
    }
}

impl Gateway {
    /// How it stands; that it does not answer says more than that it leaves.
    pub(crate) fn state(&self) -> GatewayState {
        if self.leaving && self.state != GatewayState::Suspect {
            return GatewayState::Leaving;
        }
        self.state
    }

    fn is_in_use(&self) -> bool {
        match self.state {
            GatewayState::Unverified | GatewayState::Registered | GatewayState::Leaving => true,
            GatewayState::Suspect => false,
        }
    }
}
