//! The model follows a transaction by its reply, command by command, and says where that is wrong
//! (H.248.1 8).

use std::collections::{BTreeMap, BTreeSet};

use codec_h248::{ContextId, descriptor::AmmDescriptor};

use super::{
    generate::{Deed, Order, Place, Verb},
    hearing::{self, Triple},
    known::Known,
    model::{At, Model, fits},
    parcels::{self, Kind},
    reply::{Answer, Item},
};

/// What a command is about.
enum Meant {
    /// Refused with one of these codes.
    Refused(&'static [u16]),
    /// These, each by itself.
    These(Vec<String>),
    /// One that the gateway chooses.
    Chosen,
}

impl Model {
    /// Follows a transaction.
    pub(super) fn follow(&mut self, deeds: &[Deed], answers: &[Answer]) -> Result<(), String> {
        self.done.clear();
        self.at = At::default();
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
        let whole = self.refusals_of_action(deed);
        if !whole.is_empty() {
            let right =
                answer.items.is_empty() && answer.code.is_some_and(|it| whole.contains(&it));
            return match right {
                true => Ok(false),
                false => Err(format!("not one of {whole:?}: {answer:?}")),
            };
        }
        if let (Place::Choose, ContextId::Id(id)) = (deed.place, answer.context) {
            if self.rooms.contains_key(&id) {
                return Err(format!("Context {id} is made twice"));
            }
            self.at.made = id;
        }
        self.begin(deed);
        let goes_on = self.commands(deed, answer)?;
        self.close_deed();
        Ok(goes_on)
    }

    /// The commands of an action; says whether the transaction goes on.
    fn commands(&mut self, deed: &Deed, answer: &Answer) -> Result<bool, String> {
        let mut place = deed.place;
        let items: Vec<&Item> = answer.items.iter().collect();
        let mut left = items.as_slice();
        let mut goes_on = true;
        for order in &deed.orders {
            if let Place::Given(id) = place
                && !self.rooms.contains_key(&id)
            {
                // The Context has ended within its action; what follows is answered for the action.
                if answer.code != Some(411) {
                    return Err(format!("{order:?} in a Context that is gone: {answer:?}"));
                }
                nothing(left)?;
                return Ok(false);
            }
            let done = self.order(&mut place, order, &mut left)?;
            if !done && !order.optional {
                goes_on = false;
                break;
            }
        }
        nothing(left)?;
        if answer.code.is_some() {
            return Err(format!("nothing of the action itself is wrong: {answer:?}"));
        }
        let named = match place {
            Place::Choose => ContextId::Choose,
            Place::All => ContextId::All,
            Place::Null => ContextId::Null,
            Place::Given(id) => ContextId::Id(id),
        };
        if answer.context == named {
            return Ok(goes_on);
        }
        Err(format!("{place:?} is called {}", answer.context))
    }

    /// Why an action is refused before its first command; empty: it is not.
    fn refusals_of_action(&self, deed: &Deed) -> Vec<u16> {
        match deed.place {
            Place::Given(id) if !self.rooms.contains_key(&id) => return vec![411],
            Place::Choose if self.rooms.len() >= self.contexts_max => return vec![412],
            _ => {}
        }
        let comes = |order: &&Order| matches!(order.verb, Verb::Add | Verb::Move);
        let coming = deed.orders.iter().filter(comes);
        let coming: BTreeSet<String> = coming.map(|order| order.name.clone()).collect();
        let mut orders = deed.orders.iter();
        let chooses = orders.any(|order| order.verb == Verb::Add && order.name.contains('$'));
        let there = self.within(deed.place);
        let exists = |name: &str| self.exists(name);
        hearing::refusals(&deed.triples, &there, &coming, chooses, exists)
    }

    /// Sets what an action says of its Context.
    fn begin(&mut self, deed: &Deed) {
        let there = self.within(deed.place);
        let made = self.at.made;
        let sides = deed.triples.iter().flat_map(|one| [&one.from, &one.to]);
        let coming = sides.filter(|side| !there.contains(*side) && *side != "*" && *side != "$");
        self.at = At {
            made,
            priority: deed.priority,
            triples: deed.triples.clone(),
            coming: coming.cloned().collect(),
            ..At::default()
        };
        if let Place::Given(id) = deed.place
            && let Some(room) = self.rooms.get_mut(&id)
        {
            room.priority = deed.priority.unwrap_or(room.priority);
            let is_here = |side: &String| side == "*" || there.contains(side);
            for triple in &deed.triples {
                if is_here(&triple.from) && is_here(&triple.to) {
                    room.hearing.apply(triple, &there);
                }
            }
        }
        self.done.push(Deed {
            orders: Vec::new(),
            ..deed.clone()
        });
    }

    /// Keeps of an action what can be done by itself.
    fn close_deed(&mut self) {
        let Some(mut deed) = self.done.pop() else {
            return;
        };
        let At {
            coming,
            come,
            chosen,
            ..
        } = &self.at;
        let is_there = |side: &String| match side.as_str() {
            "$" => chosen.is_some(),
            _ => !coming.contains(side) || come.contains(side),
        };
        deed.triples
            .retain(|triple: &Triple| is_there(&triple.from) && is_there(&triple.to));
        let speaks = deed.priority.is_some() || !deed.triples.is_empty();
        let makes = deed.place == Place::Choose;
        if !deed.orders.is_empty() || (speaks && !makes) {
            self.done.push(deed);
        }
        self.at = At::default();
    }

    /// Notes that a command was carried out on one Termination.
    fn note(&mut self, place: Place, order: &Order, name: &str) {
        let order = Order {
            name: name.to_owned(),
            optional: false,
            wildcard: false,
            ..order.clone()
        };
        if let (Place::All, Some(id)) = (place, self.room_of(name)) {
            let place = Place::Given(id);
            self.done.push(Deed::new(place, vec![order]));
        } else if let Some(deed) = self.done.last_mut() {
            deed.orders.push(order);
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
                refused(item, codes)?;
                return Ok(false);
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
        let mut names = names.to_vec();
        names.sort_by_key(|name| self.turn(name));
        for name in &names {
            self.each(place, order, name, refused.get(name).copied())?;
        }
        Ok(refused.is_empty())
    }

    /// What a command's name stands for here, as far as the name alone decides it.
    fn meant(&self, place: Place, order: &Order) -> Meant {
        use Verb::*;
        let (verb, name) = (order.verb, order.name.as_str());
        match (verb, place) {
            (Notify, _) => return Meant::Refused(&[443]),
            (Add | Move, Place::Null | Place::All) => return Meant::Refused(&[421]),
            (Subtract, Place::Null) => return Meant::Refused(&[421]),
            (Modify | Subtract | AuditValue | AuditCapability | ServiceChange, Place::Choose) => {
                return Meant::Refused(&[410]);
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
            let mut free = self.idle.iter();
            let free = free.any(|(own, known)| fits(own, name) && !known.out);
            return match verb {
                Add if Kind::of(name) != Kind::Rtp && !free => Meant::Refused(&[431, 432]),
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
            _ => Meant::Refused(&[435]),
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
        let given = order.descriptors();
        let expected = match order.verb {
            Verb::Add | Verb::Move | Verb::Modify => self.refusals(order, *place, name, &given),
            _ => Vec::new(),
        };
        let right = match code {
            None => expected.is_empty(),
            Some(code) => expected.contains(&code),
        };
        if !right {
            return Err(format!(
                "{order:?} on {name} is answered with {code:?}, and should be with {expected:?}"
            ));
        }
        if code.is_some() {
            return Ok(false);
        }
        self.note(*place, order, name);
        match order.verb {
            Verb::Add | Verb::Move => {
                self.enter(place, name)?;
                self.deliver(name, &given);
                self.introduce(order, name);
            }
            Verb::Modify => self.deliver(name, &given),
            Verb::Subtract => self.subtract(name),
            Verb::ServiceChange if name == "ROOT" => self.root.out = order.force,
            Verb::ServiceChange => {
                let known = self.known_mut(name).ok_or("it is there")?;
                known.out = order.force;
            }
            Verb::AuditValue | Verb::AuditCapability | Verb::Notify => {}
        }
        Ok(true)
    }

    /// Why descriptors, or the command as such, are refused; empty: they are not.
    fn refusals(
        &self,
        order: &Order,
        place: Place,
        name: &str,
        given: &[AmmDescriptor<'static>],
    ) -> Vec<u16> {
        let kind = Kind::of(name);
        let new = Known::new(kind);
        let known = match kind {
            Kind::Root => &self.root,
            _ => self.known(name).unwrap_or(&new),
        };
        let mut codes: Vec<u16> = Vec::new();
        let parcels = order.parcels.iter();
        codes.extend(parcels.filter_map(|parcel| parcels::refusal(kind, *parcel)));
        if (1..given.len()).any(|at| given[..at].iter().any(|one| is_same(one, &given[at]))) {
            codes.push(448);
        }
        if !known.defines(&self.root, given) {
            codes.push(520);
        }
        if kind == Kind::Rtp && self.used() + known.wants_ports(given) > self.ports {
            codes.push(510);
        }
        if order.verb != Verb::Modify {
            codes.extend(self.full(place, name));
            if known.out || (order.verb == Verb::Add && self.root.out) {
                codes.push(502);
            }
        }
        codes
    }

    fn add_chosen(
        &mut self,
        place: &mut Place,
        order: &Order,
        left: &mut &[&Item],
    ) -> Result<bool, String> {
        let item = next(left, order)?;
        let name = item.name.as_str();
        if item.code.is_none() {
            let new = self.idle.contains_key(name) || !self.exists(name);
            if name.ends_with('$') || !fits(name, &order.name) || !new {
                return Err(format!("{order:?} has chosen {name}"));
            }
        }
        let done = self.each(place, order, name, item.code)?;
        if done && let Some(noted) = self.done.last_mut().and_then(|deed| deed.orders.last_mut()) {
            // It is for the gateway to choose the same again.
            noted.name.clone_from(&order.name);
        }
        Ok(done)
    }

    fn deliver(&mut self, name: &str, given: &[AmmDescriptor<'static>]) {
        let (root, now) = (self.root.clone(), self.now);
        let known = match name {
            "ROOT" => Some(&mut self.root),
            _ => self.known_mut(name),
        };
        if let Some(known) = known {
            known.take(&root, given, now);
        }
    }
}

fn is_same(one: &AmmDescriptor<'_>, other: &AmmDescriptor<'_>) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
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
        Some(code) if codes.contains(&code) => Ok(()),
        _ => Err(format!("{item:?} should be refused with one of {codes:?}")),
    }
}
