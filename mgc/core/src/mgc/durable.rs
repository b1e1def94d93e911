//! What outlives the program: each change is told as a [`Record`], which the shell writes down
//! before it sends anything that follows from it, and from all of them a controller is made anew.

use std::{str::FromStr, time::Instant};

use codec_h248::{IntoBoundedStatic as _, MId};
use serde::{Deserialize, Serialize};
use transport_h248::{Address, Anchor, Encoding, PeerId, Route};

use super::Mgc;
use crate::{
    Config,
    conference::{Rows, json},
    manners::Learnt,
    northbound::{GatewayId, GatewayState, LegId},
    registry::Gateway,
    southbound::{ErrandRow, PlaceRow},
};

/// A row of a table as it is now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    /// The table.
    pub table: Table,
    /// What the row is about: an id.
    pub key: String,
    /// JSON; `None` where the row is gone.
    pub row: Option<String>,
}

/// The tables, in the order in which they are read.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Ord, PartialOrd)]
pub enum Table {
    /// Gateways, by MId.
    Gateways,
    /// Calls.
    Calls,
    /// Segs.
    Segs,
    /// Legs.
    Legs,
    /// Operations, also those that have ended.
    Operations,
    /// Where each Leg's Termination is, by Leg.
    Places,
    /// The command whose end is not known, by Leg.
    Errands,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Gateways,
        Self::Calls,
        Self::Segs,
        Self::Legs,
        Self::Operations,
        Self::Places,
        Self::Errands,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateways => "gateways",
            Self::Calls => "calls",
            Self::Segs => "segs",
            Self::Legs => "legs",
            Self::Operations => "operations",
            Self::Places => "places",
            Self::Errands => "errands",
        }
    }
}

/// Records from which no controller can be made.
#[derive(Debug, thiserror::Error)]
#[error("{} {key}: {why}", table.name())]
pub struct RestoreError {
    /// The table.
    pub table: Table,
    /// The row.
    pub key: String,
    /// What is wrong with it.
    pub why: String,
}

/// A gateway as it is written down.
#[derive(Debug, Serialize, Deserialize)]
struct GatewayRow<'a> {
    #[serde(borrow)]
    mid: MId<'a>,
    /// Where it is spoken to, as [`Address`] has it.
    address: String,
    /// Which of our sockets meets it.
    listener: u8,
    binary: bool,
    version: u8,
    lost: bool,
    leaving: bool,
    media_faults: u64,
    #[serde(default)]
    learnt: Learnt,
    #[serde(default)]
    drained: bool,
}

impl Mgc {
    /// Returns the next row that changed; to be written down before what the other `poll_…`
    /// yield is sent.
    pub fn poll_record(&mut self) -> Option<Record> {
        let record = |table, (key, row)| Record { table, key, row };
        if let Some(change) = self.poll_gateway() {
            return Some(record(Table::Gateways, change));
        }
        let conferences = &mut self.conferences;
        if let Some(change) = conferences.poll_call() {
            return Some(record(Table::Calls, change));
        }
        if let Some(change) = conferences.poll_seg() {
            return Some(record(Table::Segs, change));
        }
        if let Some(change) = conferences.poll_leg() {
            return Some(record(Table::Legs, change));
        }
        if let Some((id, entry)) = conferences.operations.poll_change() {
            let change = (id.to_string(), entry.map(json));
            return Some(record(Table::Operations, change));
        }
        if let Some((leg, row)) = self.southbound.poll_place() {
            let change = (leg.to_string(), row.as_ref().map(json));
            return Some(record(Table::Places, change));
        }
        let (leg, row) = self.southbound.poll_errand()?;
        let change = (leg.to_string(), row.as_ref().map(json));
        Some(record(Table::Errands, change))
    }

    fn poll_gateway(&mut self) -> Option<(String, Option<String>)> {
        let endpoint = &self.endpoint;
        let (id, gateway) = self.registry.poll_change()?;
        let row = gateway.and_then(|gateway| {
            let (route, encoding) = endpoint.way(gateway.peer)?;
            Some(GatewayRow {
                mid: endpoint.mid(gateway.peer)?.clone(),
                address: route.address.to_string(),
                listener: route.listener,
                binary: encoding == Encoding::Binary,
                version: gateway.version,
                lost: gateway.lost,
                leaving: gateway.leaving,
                media_faults: gateway.media_faults,
                learnt: gateway.learnt,
                drained: gateway.drained,
            })
        });
        Some((id.to_string(), row.as_ref().map(json)))
    }

    /// Makes a controller that goes on where the one that told these records has ended: it asks
    /// each gateway what it holds, and finishes or undoes what was under way.
    pub fn restore(
        config: Config,
        seed: u64,
        anchor: Anchor,
        now: Instant,
        records: impl IntoIterator<Item = Record>,
    ) -> Result<Self, RestoreError> {
        let mut mgc = Self::new(config, seed, anchor, now);
        let mut rows = Rows::default();
        let mut places = Vec::new();
        let mut errands = Vec::new();
        for Record { table, key, row } in records {
            let Some(row) = row else { continue };
            let read = match table {
                Table::Gateways => {
                    let read = mgc.restore_gateway(&key, &row);
                    read.map_err(|why| RestoreError { table, key, why })?;
                    continue;
                }
                Table::Calls => rows.call(&key, &row),
                Table::Segs => rows.seg(&key, &row),
                Table::Legs => rows.leg(&key, &row),
                Table::Operations => rows.operation(&row),
                Table::Places => {
                    let read = serde_json::from_str::<PlaceRow>(&row);
                    read.map(|place| places.push((LegId::from_text(&key), place)))
                }
                Table::Errands => {
                    let read = serde_json::from_str::<ErrandRow>(&row);
                    read.map(|errand| errands.push((LegId::from_text(&key), errand)))
                }
            };
            let why = |error: serde_json::Error| error.to_string();
            read.map_err(|error| RestoreError {
                table,
                key,
                why: why(error),
            })?;
        }
        mgc.conferences.note_time(anchor.system(now));
        mgc.conferences.restore(rows);
        if let Some((table, key, why)) = mgc.conferences.dangling() {
            return Err(RestoreError { table, key, why });
        }
        mgc.tie_legs(places, errands)?;
        mgc.resume();
        Ok(mgc)
    }

    fn restore_gateway(&mut self, key: &str, row: &str) -> Result<(), String> {
        let row: GatewayRow<'_> = serde_json::from_str(row).map_err(|error| error.to_string())?;
        let address = Address::from_str(&row.address).map_err(|error| error.to_string())?;
        let route = Route {
            address,
            listener: row.listener,
        };
        let encoding = if row.binary {
            Encoding::Binary
        } else {
            Encoding::Text
        };
        let mid = row.mid.into_static();
        let peer = self
            .endpoint
            .resume(mid, (route, encoding), row.version, self.now);
        let gateway = Gateway {
            peer,
            address,
            version: row.version,
            state: GatewayState::Unverified,
            lost: row.lost,
            leaving: row.leaving,
            media_faults: row.media_faults,
            learnt: row.learnt,
            drained: row.drained,
        };
        self.heartbeat.watch(peer, self.now);
        let id = GatewayId(key.to_owned());
        self.registry.restore(id.clone(), gateway);
        self.note_manners(id);
        Ok(())
    }

    fn tie_legs(
        &mut self,
        places: Vec<(LegId, PlaceRow)>,
        errands: Vec<(LegId, ErrandRow)>,
    ) -> Result<(), RestoreError> {
        for (leg, place) in places {
            let peer = self.peer_of(&leg, Table::Places)?;
            self.southbound.restore_place(peer, leg, place);
        }
        for (leg, errand) in errands {
            let peer = self.peer_of(&leg, Table::Errands)?;
            self.southbound.restore_errand(peer, leg, errand);
        }
        Ok(())
    }

    fn peer_of(&self, leg: &LegId, table: Table) -> Result<PeerId, RestoreError> {
        let gateway = self.conferences.gateway_of(leg);
        let gateway = gateway.and_then(|gateway| self.registry.get(gateway));
        gateway
            .map(|gateway| gateway.peer)
            .ok_or_else(|| RestoreError {
                table,
                key: leg.to_string(),
                why: "there is no such Leg at a known gateway".to_owned(),
            })
    }

    fn resume(&mut self) {
        let peers: Vec<PeerId> = self
            .registry
            .iter()
            .map(|(_, gateway)| gateway.peer)
            .collect();
        let unwanted = self.conferences.unwanted();
        let southbound = &self.southbound;
        self.conferences.resume(|leg| southbound.is_open(leg));
        let (southbound, mut link) = self.south();
        southbound.resume(&unwanted, &mut link);
        for peer in peers {
            let (southbound, link) = self.south();
            southbound.take_stock(peer, &link);
            self.arm(peer);
        }
        self.advance();
    }
}
