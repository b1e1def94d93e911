//! What a gateway must hold and answer, by the words of H.248.1 alone: who is where, and who hears
//! whom.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use codec_h248::descriptor::RequestId;

use super::{
    generate::{Deed, Order, Place, Verb},
    hearing::{Hearing, Triple},
    known::Known,
    parcels::Kind,
};

/// A Context.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Room {
    pub(super) members: BTreeMap<String, Known>,
    pub(super) priority: u8,
    pub(super) hearing: Hearing,
}

/// A gateway as a controller sees it.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) rooms: BTreeMap<u32, Room>,
    /// Physical Terminations of the null Context.
    pub(super) idle: BTreeMap<String, Known>,
    pub(super) root: Known,
    pub(super) contexts_max: usize,
    pub(super) members_max: usize,
    pub(super) ports: usize,
    /// Since the start.
    pub(super) now: Duration,
    /// What of the last transaction was carried out, each command on one Termination.
    pub(super) done: Vec<Deed>,
    /// The action at hand.
    pub(super) at: At,
}

/// An action.
#[derive(Clone, Debug, Default)]
pub(super) struct At {
    /// The Context that it makes.
    pub(super) made: u32,
    /// The priority of that one.
    pub(super) priority: Option<u8>,
    pub(super) triples: Vec<Triple>,
    /// Those whom triples name that are not there at the start.
    pub(super) coming: BTreeSet<String>,
    /// Those of them that have come.
    pub(super) come: BTreeSet<String>,
    /// Whom CHOOSE stands for in triples.
    pub(super) chosen: Option<String>,
}

pub(super) fn fits(name: &str, pattern: &str) -> bool {
    let prefix = pattern.trim_end_matches(['*', '$']);
    name.starts_with(prefix)
}

impl Model {
    /// A gateway with these physical Terminations.
    pub(super) fn new(
        lines: &[&str],
        contexts_max: usize,
        members_max: usize,
        ports: usize,
    ) -> Self {
        let idle = lines
            .iter()
            .map(|name| ((*name).to_owned(), Known::new(Kind::of(name))));
        Self {
            rooms: BTreeMap::new(),
            idle: idle.collect(),
            root: Known::new(Kind::Root),
            contexts_max,
            members_max,
            ports,
            now: Duration::ZERO,
            done: Vec::new(),
            at: At::default(),
        }
    }

    pub(super) fn contexts(&self) -> impl Iterator<Item = u32> {
        self.rooms.keys().copied()
    }

    /// Every Termination that there is.
    pub(super) fn names(&self) -> Vec<String> {
        let members = self.rooms.values().flat_map(|room| room.members.keys());
        members.chain(self.idle.keys()).cloned().collect()
    }

    pub(super) fn room_of(&self, name: &str) -> Option<u32> {
        let mut rooms = self.rooms.iter();
        rooms
            .find(|(_, room)| room.members.contains_key(name))
            .map(|(id, _)| *id)
    }

    pub(super) fn known(&self, name: &str) -> Option<&Known> {
        let mut members = self.rooms.values().map(|room| &room.members);
        let found = members.find_map(|members| members.get(name));
        found.or_else(|| self.idle.get(name))
    }

    pub(super) fn known_mut(&mut self, name: &str) -> Option<&mut Known> {
        let mut members = self.rooms.values_mut().map(|room| &mut room.members);
        let found = members.find_map(|members| members.get_mut(name));
        found.or_else(|| self.idle.get_mut(name))
    }

    pub(super) fn exists(&self, name: &str) -> bool {
        self.known(name).is_some()
    }

    pub(super) fn within(&self, place: Place) -> BTreeSet<String> {
        let members: Vec<&String> = match place {
            Place::Choose => Vec::new(),
            Place::Null => self.idle.keys().collect(),
            Place::All => self
                .rooms
                .values()
                .flat_map(|room| room.members.keys())
                .collect(),
            Place::Given(id) => self
                .rooms
                .get(&id)
                .into_iter()
                .flat_map(|room| room.members.keys())
                .collect(),
        };
        members.into_iter().cloned().collect()
    }

    /// How many port pairs are used.
    pub(super) fn used(&self) -> usize {
        let all = self.rooms.values().flat_map(|room| room.members.values());
        all.map(Known::ports).sum()
    }

    /// The order in which a wildcard meets Terminations: by Context, and in it as they were made.
    pub(super) fn turn(&self, name: &str) -> (Option<u32>, bool, u32) {
        let number = name.rsplit('/').next();
        let number = number.and_then(|number| number.parse().ok());
        let made = Kind::of(name) == Kind::Rtp;
        let trunk = u32::from(Kind::of(name) == Kind::Trunk) * 1_000;
        (self.room_of(name), made, number.unwrap_or(0) + trunk)
    }

    /// Codes that the place itself is a reason for.
    pub(super) fn full(&self, place: Place, name: &str) -> Option<u16> {
        let Place::Given(id) = place else {
            // An action that is to make one Context too many is refused as a whole.
            return None;
        };
        let members = &self.rooms.get(&id)?.members;
        (members.len() >= self.members_max && !members.contains_key(name)).then_some(434)
    }

    /// Takes a Termination out of where it is; a Context without any is gone.
    pub(super) fn leave(&mut self, name: &str) -> Option<Known> {
        if let Some(known) = self.idle.remove(name) {
            return Some(known);
        }
        let id = self.room_of(name)?;
        let room = self.rooms.get_mut(&id)?;
        let known = room.members.remove(name);
        room.hearing.forget(name);
        if room.members.is_empty() {
            self.rooms.remove(&id);
        }
        known
    }

    /// A Termination ends, or goes back into the null Context as it was provisioned.
    pub(super) fn subtract(&mut self, name: &str) {
        let left = self.leave(name);
        let kind = Kind::of(name);
        if kind != Kind::Rtp {
            let known = Known {
                out: left.is_some_and(|known| known.out),
                ..Known::new(kind)
            };
            self.idle.insert(name.to_owned(), known);
        }
    }

    /// Puts a Termination into a Context, out of where it was.
    pub(super) fn enter(&mut self, place: &mut Place, name: &str) -> Result<(), String> {
        if let (Some(from), Place::Given(id)) = (self.room_of(name), *place)
            && from == id
        {
            return Ok(());
        }
        let mut known = self
            .leave(name)
            .unwrap_or_else(|| Known::new(Kind::of(name)));
        known.since = known.since.or(Some(self.now));
        if *place == Place::Choose {
            *place = Place::Given(self.at.made);
        }
        let Place::Given(id) = *place else {
            return Err(format!("{name} entered {place:?}"));
        };
        let priority = self.at.priority.unwrap_or(0);
        let room = self.rooms.entry(id).or_insert_with(|| Room {
            priority,
            ..Room::default()
        });
        room.members.insert(name.to_owned(), known);
        Ok(())
    }

    /// Applies what the action's triples say of a Termination that a command has brought.
    pub(super) fn introduce(&mut self, order: &Order, name: &str) {
        if order.verb == Verb::Add && order.name.contains('$') && self.at.chosen.is_none() {
            self.at.chosen = Some(name.to_owned());
        }
        let is_chosen = self.at.chosen.as_deref() == Some(name);
        if self.at.coming.contains(name) {
            self.at.come.insert(name.to_owned());
        }
        let Some(room) = self.room_of(name).and_then(|id| self.rooms.get_mut(&id)) else {
            return;
        };
        let members: BTreeSet<String> = room.members.keys().cloned().collect();
        for triple in &self.at.triples {
            let comes = |side: &String| match side.as_str() {
                "$" => is_chosen,
                side => side == name && self.at.coming.contains(side),
            };
            if !comes(&triple.from) && !comes(&triple.to) {
                continue;
            }
            let mut named = triple.clone();
            for side in [&mut named.from, &mut named.to] {
                if side == "$"
                    && let Some(chosen) = &self.at.chosen
                {
                    side.clone_from(chosen);
                }
            }
            room.hearing.apply(&named, &members);
        }
    }

    /// Lets time pass, and returns whose digit maps have ended, with the requests that asked for them.
    pub(super) fn pass(&mut self, time: Duration) -> BTreeSet<(String, Option<RequestId>)> {
        self.now += time;
        let now = self.now;
        let members = self.rooms.values_mut().map(|room| &mut room.members);
        let all = members.chain([&mut self.idle]).flatten();
        let ended = all.filter_map(|(name, known)| {
            let request = known.events.request_id;
            known.pass(now).then(|| (name.clone(), request))
        });
        ended.collect()
    }
}
