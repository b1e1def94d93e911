//! What a gateway must hold and answer, by the words of H.248.1 alone: sets of names.

use std::collections::{BTreeMap, BTreeSet};

use codec_h248::ContextId;

use super::{
    generate::{Attribute, Deed, Fate, Order, PARCELS, Place, Verb},
    reply::{Answer, Item},
};

/// What is known of a Termination.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Known {
    /// The Mode of stream 1; `None`: Inactive.
    pub(super) mode: Option<&'static str>,
    pub(super) request: Option<u32>,
    /// Whether stream 1 has a port pair.
    pub(super) port: bool,
    /// Whether it is out of service.
    pub(super) out: bool,
}

/// A gateway as a controller sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) rooms: BTreeMap<u32, BTreeMap<String, Known>>,
    /// Physical Terminations of the null Context.
    pub(super) idle: BTreeMap<String, Known>,
    pub(super) contexts_max: usize,
    pub(super) members_max: usize,
    pub(super) ports: usize,
    /// Whether the gateway as a whole is out of service.
    pub(super) out: bool,
    /// The Context that the action at hand makes.
    pub(super) made: u32,
}

/// Codes that are as good as each other where the standard leaves it open.
const ANY: &[u16] = &[];

/// What a command is about.
enum Meant {
    /// Refused with one of these codes.
    Refused(&'static [u16]),
    /// These, each by itself.
    These(Vec<String>),
    /// One that the gateway chooses.
    Chosen,
}

fn is_line(name: &str) -> bool {
    name.starts_with("line/")
}

fn fits(name: &str, pattern: &str) -> bool {
    let prefix = pattern.trim_end_matches(['*', '$']);
    name.starts_with(prefix)
}

impl Model {
    pub(super) fn contexts(&self) -> impl Iterator<Item = u32> {
        self.rooms.keys().copied()
    }

    /// Every Termination that there is.
    pub(super) fn names(&self) -> Vec<String> {
        let members = self.rooms.values().flat_map(BTreeMap::keys);
        members.chain(self.idle.keys()).cloned().collect()
    }

    fn room_of(&self, name: &str) -> Option<u32> {
        let mut rooms = self.rooms.iter();
        rooms
            .find(|(_, members)| members.contains_key(name))
            .map(|(id, _)| *id)
    }

    pub(super) fn known(&self, name: &str) -> Option<&Known> {
        let mut members = self.rooms.values().chain([&self.idle]);
        members.find_map(|members| members.get(name))
    }

    fn exists(&self, name: &str) -> bool {
        self.idle.contains_key(name) || self.room_of(name).is_some()
    }

    pub(super) fn within(&self, place: Place) -> BTreeSet<String> {
        let members: Vec<&String> = match place {
            Place::Choose => Vec::new(),
            Place::Null => self.idle.keys().collect(),
            Place::All => self.rooms.values().flat_map(BTreeMap::keys).collect(),
            Place::Given(id) => self
                .rooms
                .get(&id)
                .into_iter()
                .flat_map(BTreeMap::keys)
                .collect(),
        };
        members.into_iter().cloned().collect()
    }

    /// Follows a transaction, command by command, with what was answered; says where that is wrong.
    pub(super) fn follow(&mut self, deeds: &[Deed], answers: &[Answer]) -> Result<(), String> {
        if let [deed] = deeds
            && deed.place == Place::All
        {
            let items: Vec<&Item> = answers.iter().flat_map(|answer| &answer.items).collect();
            let mut left = items.as_slice();
            let mut place = Place::All;
            self.order(&mut place, &deed.orders[0], &mut left)?;
            return nothing(left);
        }
        let mut answers = answers.iter();
        for deed in deeds {
            let answer = answers.next().ok_or("an action has no reply")?;
            if !self.deed(deed, answer)? {
                break;
            }
        }
        match answers.next() {
            None => Ok(()),
            Some(more) => Err(format!("a reply too many: {more:?}")),
        }
    }

    /// One action; says whether the transaction goes on.
    fn deed(&mut self, deed: &Deed, answer: &Answer) -> Result<bool, String> {
        let mut place = deed.place;
        if let Place::Given(id) = place
            && !self.rooms.contains_key(&id)
        {
            let right = answer.code == Some(411) && answer.items.is_empty();
            return if right {
                Ok(false)
            } else {
                Err(format!("not 411: {answer:?}"))
            };
        }
        if let (Place::Choose, ContextId::Id(id)) = (place, answer.context) {
            if self.rooms.contains_key(&id) {
                return Err(format!("Context {id} is made twice"));
            }
            self.made = id;
        }
        if !self.attribute(deed, answer)? {
            return Ok(false);
        }
        let items: Vec<&Item> = answer.items.iter().collect();
        let mut left = items.as_slice();
        let mut goes_on = true;
        for order in &deed.orders {
            if let Place::Given(id) = place
                && !self.rooms.contains_key(&id)
                && left.is_empty()
            {
                // The Context has ended within its action; what follows is answered for the action.
                goes_on = answer.code.is_none();
                break;
            }
            if answer.code.is_some() && left.is_empty() {
                goes_on = false;
                break;
            }
            let done = self.order(&mut place, order, &mut left)?;
            if !done && !order.optional {
                goes_on = false;
                break;
            }
        }
        nothing(left)?;
        if answer.code.is_some() && goes_on {
            return Err(format!("nothing of the action itself is wrong: {answer:?}"));
        }
        let named = match place {
            Place::Choose => ContextId::Choose,
            Place::All => ContextId::All,
            Place::Null => ContextId::Null,
            Place::Given(id) => ContextId::Id(id),
        };
        let made = deed.place == Place::Choose && matches!(answer.context, ContextId::Id(_));
        if answer.context == named || made {
            return Ok(goes_on);
        }
        Err(format!("{place:?} is called {}", answer.context))
    }

    /// The attribute of an action; says whether its commands follow.
    fn attribute(&self, deed: &Deed, answer: &Answer) -> Result<bool, String> {
        let (Some(attribute), Place::Given(id)) = (&deed.attribute, deed.place) else {
            return Ok(true);
        };
        let members = &self.rooms[&id];
        let right = match attribute {
            Attribute::Priority(_) => true,
            // Those that the action brings in count.
            Attribute::Isolate(one, other) => {
                let comes = |name: &String| {
                    let mut orders = deed.orders.iter();
                    orders.any(|order| {
                        matches!(order.verb, Verb::Add | Verb::Move) && order.name == *name
                    })
                };
                let is_there = |name| members.contains_key(name) || comes(name);
                one != other && is_there(one) && is_there(other)
            }
        };
        match (right, answer.code) {
            (true, _) => Ok(true),
            (false, Some(430 | 435 | 421 | 410)) if answer.items.is_empty() => Ok(false),
            (false, _) => Err(format!("{attribute:?} is taken of {members:?}: {answer:?}")),
        }
    }

    /// One command; says whether it was carried out.
    fn order(
        &mut self,
        place: &mut Place,
        order: &Order,
        left: &mut &[&Item],
    ) -> Result<bool, String> {
        let names = match self.meant(*place, order) {
            Meant::Refused(codes) => {
                let item = next(left, order)?;
                return refused(item, codes).map(|()| false);
            }
            Meant::Chosen => return self.add_chosen(place, order, left),
            Meant::These(names) => names,
        };
        if order.wildcard && order.name.contains('*') {
            return self.union(place, order, &names, left);
        }
        let mut done = true;
        let mut wanted: BTreeSet<String> = names.into_iter().collect();
        while !wanted.is_empty() {
            let item = next(left, order)?;
            if !wanted.remove(&item.name) {
                return Err(format!("{order:?} is answered for {item:?}"));
            }
            done &= self.each(place, order, &item.name, item.code)?;
        }
        Ok(done)
    }

    /// A wildcarded response: one item for all that went well, and one for each that did not.
    fn union(
        &mut self,
        place: &mut Place,
        order: &Order,
        names: &[String],
        left: &mut &[&Item],
    ) -> Result<bool, String> {
        let mut refused = BTreeMap::new();
        let mut whole = false;
        while let Some(item) = left.first().filter(|item| item.verb == order.verb) {
            match item.code {
                None if item.name == order.name && !whole => whole = true,
                Some(code) if names.contains(&item.name) => {
                    refused.insert(item.name.clone(), code);
                }
                _ => break,
            }
            *left = &left[1..];
        }
        if whole == (refused.len() == names.len()) {
            return Err(format!(
                "{order:?} of {names:?}: whole {whole}, refused {refused:?}"
            ));
        }
        let (failed, done): (Vec<_>, Vec<_>) =
            names.iter().partition(|name| refused.contains_key(*name));
        for name in done.into_iter().chain(failed) {
            self.each(place, order, name, refused.get(name).copied())?;
        }
        Ok(refused.is_empty())
    }

    /// What a command's name stands for here, as far as the name alone decides it.
    fn meant(&self, place: Place, order: &Order) -> Meant {
        use Verb::*;
        let (verb, name) = (order.verb, order.name.as_str());
        match (verb, place) {
            (Notify, _) => return Meant::Refused(ANY),
            (Add | Move, Place::Null | Place::All) => return Meant::Refused(&[421, 410]),
            (Subtract, Place::Null) => return Meant::Refused(&[421, 410]),
            (Modify | Subtract | AuditValue | AuditCapability | ServiceChange, Place::Choose) => {
                return Meant::Refused(ANY);
            }
            _ => {}
        }
        if name == "ROOT" {
            return match (verb, place) {
                (Modify | AuditValue | AuditCapability | ServiceChange, Place::Null) => {
                    Meant::These(vec!["ROOT".to_owned()])
                }
                _ => Meant::Refused(&[410]),
            };
        }
        if name.ends_with('$') {
            return match verb {
                Add if name == "line/$" && !self.idle.values().any(|known| !known.out) => {
                    Meant::Refused(&[432])
                }
                Add => Meant::Chosen,
                _ => Meant::Refused(&[410]),
            };
        }
        if name.ends_with('*') {
            return self.matching(place, verb, name);
        }
        self.one(place, verb, name)
    }

    fn matching(&self, place: Place, verb: Verb, pattern: &str) -> Meant {
        let among = match verb {
            Verb::Add => self.within(Place::Null),
            // Those that are there already are moved, too: to where they are.
            Verb::Move => self.within(Place::All),
            _ => self.within(place),
        };
        let found: Vec<String> = among
            .into_iter()
            .filter(|name| fits(name, pattern))
            .collect();
        if found.is_empty() {
            return Meant::Refused(&[431]);
        }
        Meant::These(found)
    }

    fn one(&self, place: Place, verb: Verb, name: &str) -> Meant {
        let this = Meant::These(vec![name.to_owned()]);
        if !self.exists(name) {
            return Meant::Refused(&[430]);
        }
        let idle = self.idle.contains_key(name);
        match verb {
            Verb::Add if idle => this,
            Verb::Add => Meant::Refused(&[433]),
            Verb::Move if idle => Meant::Refused(&[421]),
            Verb::Move => this,
            _ if self.within(place).contains(name) => this,
            _ => Meant::Refused(&[435, 430]),
        }
    }

    /// A command on one Termination, which was answered with this code.
    fn each(
        &mut self,
        place: &mut Place,
        order: &Order,
        name: &str,
        code: Option<u16>,
    ) -> Result<bool, String> {
        if order.verb == Verb::ServiceChange && code.is_none() {
            if name == "ROOT" {
                self.out = order.takes_out();
            }
            let members = self.rooms.values_mut().chain([&mut self.idle]);
            for known in members.filter_map(|members| members.get_mut(name)) {
                known.out = order.takes_out();
            }
        }
        if name == "ROOT" || !(order.verb.carries() || order.verb == Verb::Subtract) {
            // Nothing of what is known here changes.
            return Ok(code.is_none());
        }
        if order.verb == Verb::Subtract {
            return match code {
                None => {
                    let out = self.leave(name).is_some_and(|known| known.out);
                    if is_line(name) {
                        let known = Known {
                            out,
                            ..Known::default()
                        };
                        self.idle.insert(name.to_owned(), known);
                    }
                    Ok(true)
                }
                Some(code) => Err(format!("Subtract of {name} is refused with {code}")),
            };
        }
        let full = order.verb != Verb::Modify && self.is_full(*place, name);
        if !self.judge(order, name, code, full)? {
            return Ok(false);
        }
        if order.verb != Verb::Modify {
            let known = self.leave(name).unwrap_or_default();
            self.enter(place, name, known)?;
        }
        self.deliver(order, name);
        Ok(true)
    }

    /// Codes that the place itself is a reason for.
    fn is_full(&self, place: Place, name: &str) -> bool {
        match place {
            Place::Given(id) => {
                let members = self.rooms.get(&id);
                members.is_some_and(|members| {
                    members.len() >= self.members_max && !members.contains_key(name)
                })
            }
            Place::Choose => self.rooms.len() >= self.contexts_max,
            Place::All | Place::Null => false,
        }
    }

    /// Whether descriptors were taken, and whether that is right.
    fn judge(
        &self,
        order: &Order,
        name: &str,
        code: Option<u16>,
        full: bool,
    ) -> Result<bool, String> {
        let parcel = &PARCELS[order.parcel];
        let moved_alone = order.verb == Verb::Move
            && self
                .room_of(name)
                .is_some_and(|room| self.rooms[&room].len() == 1);
        let out = match order.verb {
            Verb::Modify => false,
            Verb::Add if self.out => true,
            _ => self.known(name).is_some_and(|known| known.out),
        };
        let right = match (parcel.fate, code) {
            (_, Some(412 | 434)) => full,
            (_, Some(502)) => out,
            (_, None) if out => false,
            (Fate::Taken, None) | (Fate::Either, None) => !full || moved_alone,
            (Fate::Refused(codes), Some(code)) => codes.contains(&code),
            (Fate::Either, Some(_)) => true,
            // What a line cannot do may be refused by other codes, and some of it is nothing to it.
            (Fate::Refused(_), None) => false,
            (Fate::Taken, Some(_)) => false,
        };
        if right {
            return Ok(code.is_none());
        }
        Err(format!("{order:?} on {name} is answered with {code:?}"))
    }

    fn add_chosen(
        &mut self,
        place: &mut Place,
        order: &Order,
        left: &mut &[&Item],
    ) -> Result<bool, String> {
        let item = next(left, order)?;
        let full = self.is_full(*place, &order.name);
        let parcel = &PARCELS[order.parcel];
        if parcel.port && item.code == Some(510) {
            let used = self.rooms.values().flat_map(BTreeMap::values);
            let used = used.filter(|known| known.port).count();
            return match used == self.ports {
                true => Ok(false),
                false => Err(format!("{used} port pairs of {} are used", self.ports)),
            };
        }
        if !self.judge(order, &item.name, item.code, full)? {
            return Ok(false);
        }
        let name = item.name.as_str();
        if name.ends_with('$') || !fits(name, &order.name) {
            return Err(format!("{order:?} has chosen {name}"));
        }
        let known = self.idle.remove(name).unwrap_or_default();
        if self.exists(name) {
            return Err(format!("{name} is chosen twice"));
        }
        self.enter(place, name, known)?;
        self.deliver(order, name);
        Ok(true)
    }

    /// Takes a Termination out of where it is; a Context without any is gone.
    fn leave(&mut self, name: &str) -> Option<Known> {
        if let Some(known) = self.idle.remove(name) {
            return Some(known);
        }
        let room = self.room_of(name)?;
        let members = self.rooms.get_mut(&room)?;
        let known = members.remove(name);
        if members.is_empty() {
            self.rooms.remove(&room);
        }
        known
    }

    fn enter(&mut self, place: &mut Place, name: &str, known: Known) -> Result<(), String> {
        if *place == Place::Choose {
            *place = Place::Given(self.made);
        }
        let Place::Given(id) = *place else {
            return Err(format!("{name} entered {place:?}"));
        };
        self.rooms
            .entry(id)
            .or_default()
            .insert(name.to_owned(), known);
        Ok(())
    }

    fn deliver(&mut self, order: &Order, name: &str) {
        let parcel = &PARCELS[order.parcel];
        let members = self.rooms.values_mut().chain([&mut self.idle]);
        for known in members.filter_map(|members| members.get_mut(name)) {
            if parcel.mode.is_some() {
                known.mode = parcel.mode;
            }
            if let Some(request) = parcel.request {
                known.request = request;
            }
            known.port |= parcel.port && !is_line(name);
        }
    }
}

fn next<'i>(left: &mut &[&'i Item], order: &Order) -> Result<&'i Item, String> {
    let (first, rest) = left
        .split_first()
        .ok_or(format!("{order:?} has no reply"))?;
    *left = rest;
    if first.verb == order.verb {
        return Ok(first);
    }
    Err(format!("{order:?} is answered by {first:?}"))
}

fn nothing(left: &[&Item]) -> Result<(), String> {
    if left.is_empty() {
        return Ok(());
    }
    Err(format!("replies too many: {left:?}"))
}

fn refused(item: &Item, codes: &'static [u16]) -> Result<(), String> {
    match item.code {
        Some(code) if codes.is_empty() || codes.contains(&code) => Ok(()),
        _ => Err(format!("{item:?} should be refused with one of {codes:?}")),
    }
}
