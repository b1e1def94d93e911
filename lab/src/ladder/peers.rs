//! Who takes part: controllers and gateways, by their addresses and by what they call themselves.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
};

use ahash::RandomState;
use codec_h248::Message;

use crate::capture::Address;

use super::said::is_from_gateway;

/// Those who take part; whoever comes later shares the last place.
const PEERS_MAX: usize = 4_096;
/// Addresses that are known by heart. Over it they are learned anew.
const ADDRESSES_MAX: usize = 65_536;
/// Where controllers listen (H.248.1 D.1): text, then binary.
const CONTROLLER_PORTS: [u16; 2] = [2_944, 2_945];

/// A place in the list of those who take part.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct PeerId(pub(super) usize);

/// What somebody is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// A media gateway controller.
    Controller,
    /// A media gateway.
    Gateway,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Controller => Self::Gateway,
            Self::Gateway => Self::Controller,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Controller => "mgc",
            Self::Gateway => "mg",
        }
    }
}

/// Somebody who takes part.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The address that was seen first.
    pub address: Address,
    /// What it calls itself, once it has.
    pub mid: Option<String>,
    /// What it is, once that is known.
    pub side: Option<Side>,
    /// How it is called on the ladder; empty until it has a side.
    pub name: String,
}

/// All who take part.
#[derive(Debug, Default)]
pub struct Peers {
    list: Vec<Peer>,
    by_address: HashMap<Address, PeerId, RandomState>,
    by_mid: HashMap<(Option<IpAddr>, String), PeerId, RandomState>,
    last: Option<[(Address, PeerId); 2]>,
}

impl Peers {
    /// Says beforehand what somebody is, and how it is called; without a name it gets one.
    pub fn introduce(&mut self, address: SocketAddr, side: Side, name: Option<&str>) {
        let peer = self.at(address.into());
        match name {
            Some(name) => {
                let known = &mut self.list[peer.0];
                (known.side, known.name) = (Some(side), name.to_owned());
            }
            None => self.settle(peer, side),
        }
    }

    /// Somebody of this number.
    pub fn get(&self, peer: PeerId) -> &Peer {
        &self.list[peer.0]
    }

    /// All of them, in the order in which they were seen first.
    pub fn iter(&self) -> impl Iterator<Item = (PeerId, &Peer)> {
        let numbered = self.list.iter().enumerate();
        numbered.map(|(number, peer)| (PeerId(number), peer))
    }

    /// Sender and receiver of a message, both with a side and a name from now on.
    pub(super) fn of(
        &mut self,
        from: Address,
        to: Address,
        message: Option<&Message<'_>>,
    ) -> (PeerId, PeerId) {
        if let Some([(sender, first), (receiver, second)]) = self.last {
            if (sender, receiver) == (from, to) {
                return (first, second);
            }
            if (sender, receiver) == (to, from) && self.get(second).mid.is_some() {
                return (second, first);
            }
        }
        let sender = match message {
            Some(message) => self.who_is(from, message),
            None => self.at(from),
        };
        let receiver = self.at(to);
        let known = self.get(sender).side;
        let side = known.or_else(|| self.get(receiver).side.map(Side::other));
        let told = || message.and_then(is_from_gateway).map(side_of);
        let told = side.or_else(told);
        if let Some(side) = told.or_else(|| by_port(from, to)) {
            self.settle(sender, side);
            self.settle(receiver, side.other());
        } else {
            self.settle(sender, Side::Gateway);
            self.settle(receiver, Side::Controller);
        }
        if message.is_some() {
            self.last = Some([(from, sender), (to, receiver)]);
        }
        (sender, receiver)
    }

    /// Whoever is at an address; somebody new where it is unknown.
    fn at(&mut self, address: Address) -> PeerId {
        if let Some(peer) = self.by_address.get(&address) {
            return *peer;
        }
        if self.by_address.len() >= ADDRESSES_MAX {
            self.by_address.clear();
        }
        let peer = if self.list.len() < PEERS_MAX {
            self.list.push(Peer {
                address,
                mid: None,
                side: None,
                name: String::new(),
            });
            PeerId(self.list.len() - 1)
        } else {
            PeerId(PEERS_MAX - 1)
        };
        self.by_address.insert(address, peer);
        peer
    }

    /// The sender of a message. A gateway that comes from another port is the same by its name.
    fn who_is(&mut self, from: Address, message: &Message<'_>) -> PeerId {
        if let Some(peer) = self.by_address.get(&from) {
            let peer = *peer;
            if self.get(peer).mid.is_none() {
                let mid = message.mid.to_string();
                self.by_mid.insert((ip(from), mid.clone()), peer);
                self.list[peer.0].mid = Some(mid);
            }
            return peer;
        }
        let mid = message.mid.to_string();
        if let Some(peer) = self.by_mid.get(&(ip(from), mid.clone())) {
            let peer = *peer;
            if self.by_address.len() < ADDRESSES_MAX {
                self.by_address.insert(from, peer);
            }
            return peer;
        }
        let peer = self.at(from);
        self.list[peer.0].mid = Some(mid.clone());
        if self.by_mid.len() < PEERS_MAX {
            self.by_mid.insert((ip(from), mid), peer);
        }
        peer
    }

    /// Gives somebody a side and, of the first of each side on, a name.
    fn settle(&mut self, peer: PeerId, side: Side) {
        if self.list[peer.0].side.is_some() {
            return;
        }
        self.list[peer.0].side = Some(side);
        let same = self.list.iter().filter(|peer| peer.side == Some(side));
        self.list[peer.0].name = match same.count() {
            1 => side.name().to_owned(),
            count => format!("{}{count}", side.name()),
        };
    }
}

fn ip(address: Address) -> Option<IpAddr> {
    address.socket().map(|address| address.ip())
}

fn side_of(is_gateway: bool) -> Side {
    if is_gateway {
        Side::Gateway
    } else {
        Side::Controller
    }
}

/// What the sender is, where one of the two has a controller's port.
fn by_port(from: Address, to: Address) -> Option<Side> {
    let port = |address: Address| address.port();
    let is = |address| port(address).is_some_and(|port| CONTROLLER_PORTS.contains(&port));
    match (is(from), is(to)) {
        (true, false) => Some(Side::Controller),
        (false, true) => Some(Side::Gateway),
        (true, true) | (false, false) => None,
    }
}
