//! The path between a controller and its gateway.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use super::netns::Netns;
use crate::relay::Relay;

/// A path that can be cut. What does not listen yet has no place on it.
#[derive(Debug)]
pub(super) enum Path {
    /// Over loopback, by a relay of ours once the controller listens.
    Loopback(Option<Relay>),
    /// By cables to a namespace where the controller is alone.
    Cables(Netns),
}

impl Path {
    /// Where the controller may listen for H.248 and for HTTP, and the gateway for H.248.
    pub(super) fn hosts(&self) -> [IpAddr; 3] {
        match self {
            Self::Loopback(_) => [Ipv4Addr::LOCALHOST.into(); 3],
            Self::Cables(netns) => [netns.h248, netns.http, netns.outside],
        }
    }

    /// The words that start the controller at its end of it.
    pub(super) fn within(&self) -> Vec<&str> {
        match self {
            Self::Loopback(_) => Vec::new(),
            Self::Cables(netns) => netns.within().to_vec(),
        }
    }

    /// Leads to the controller at `mgc`; where a gateway finds it.
    pub(super) async fn lead_to(&mut self, mgc: SocketAddr) -> io::Result<SocketAddr> {
        match self {
            Self::Loopback(relay) => Ok(relay.insert(Relay::start(mgc).await?).place),
            Self::Cables(_) => Ok(mgc),
        }
    }

    /// Cuts it, or mends it.
    pub(super) async fn cut(&self, cut: bool) -> io::Result<()> {
        match self {
            Self::Loopback(relay) => {
                relay.iter().for_each(|relay| relay.cut(cut));
                Ok(())
            }
            Self::Cables(netns) => netns.cut(cut).await,
        }
    }

    /// Loses so many of a hundred datagrams, either way; cables lose none.
    pub(super) fn lose(&self, percent: u8) {
        if let Self::Loopback(Some(relay)) = self {
            relay.lose(percent);
        }
    }
}
