//! The gateways that have registered, by MId (H.248.1 11.2).

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

use transport_h248::PeerId;

use crate::northbound::{GatewayId, GatewayState};

/// The gateways.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    gateways: BTreeMap<GatewayId, Gateway>,
    peers: BTreeMap<PeerId, GatewayId>,
}

/// A registered gateway.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) peer: PeerId,
    pub(crate) address: SocketAddr,
    pub(crate) version: u8,
    pub(crate) state: GatewayState,
    /// Whether it was silent for so long that its Legs were given up.
    pub(crate) lost: bool,
    /// Faults of media that it has notified: g/cause and nt/netfail.
    pub(crate) media_faults: u64,
}

impl Registry {
    /// Notes a registration; a former one of the same gateway is replaced.
    pub(crate) fn register(&mut self, id: GatewayId, gateway: Gateway) {
        self.remove(&id);
        self.peers.insert(gateway.peer, id.clone());
        self.gateways.insert(id, gateway);
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

    /// Whether new Legs may go there.
    pub(crate) fn takes_legs(&self, id: &GatewayId) -> bool {
        self.get(id)
            .is_some_and(|gateway| gateway.state == GatewayState::Registered)
    }

    /// The gateway for a Call's first Leg: the one with the fewest Legs.
    pub(crate) fn choose(&self, load: &BTreeMap<GatewayId, usize>) -> Option<GatewayId> {
        self.gateways
            .keys()
            .filter(|id| self.takes_legs(id))
            .min_by_key(|id| load.get(*id).copied().unwrap_or(0))
            .cloned()
    }

    /// The peers of the gateways that answer.
    pub(crate) fn answering(&self) -> BTreeSet<PeerId> {
        self.gateways
            .values()
            .filter(|gateway| gateway.state == GatewayState::Registered)
            .map(|gateway| gateway.peer)
            .collect()
    }
}
