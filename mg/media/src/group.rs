//! Who is mixed with whom, and one tick of it.

use std::collections::BTreeMap;

use mg_contract::{GroupId, Rate};

use crate::{
    frame::Frame,
    leg::{Leg, Outlets, Tick},
    mix::Mix,
};

/// Where a leg is kept; its number until it is closed.
pub(crate) type Slot = usize;

/// All groups, each with its members.
#[derive(Debug, Default)]
pub(crate) struct Groups(BTreeMap<GroupId, Vec<Slot>>);

impl Groups {
    /// Adds a member.
    pub(crate) fn join(&mut self, group: GroupId, slot: Slot) {
        self.0.entry(group).or_default().push(slot);
    }

    /// Takes a member out; a group without members is forgotten.
    pub(crate) fn leave(&mut self, group: GroupId, slot: Slot) {
        let Some(members) = self.0.get_mut(&group) else {
            return;
        };
        members.retain(|&member| member != slot);
        if members.is_empty() {
            self.0.remove(&group);
        }
    }

    /// Returns the members of one group.
    pub(crate) fn of(&self, group: GroupId) -> &[Slot] {
        self.0.get(&group).map_or(&[], Vec::as_slice)
    }

    /// Returns the members of each group.
    pub(crate) fn members(&self) -> impl Iterator<Item = &[Slot]> {
        self.0.values().map(Vec::as_slice)
    }
}

/// Plays one tick of a group: everyone who listens hears everyone who contributes but himself, where
/// topology does not say otherwise. Returns how many frames found no room.
pub(crate) fn tick(
    members: &[Slot],
    legs: &mut [Option<Leg>],
    mixes: &mut Mixes,
    tick: Tick,
    outlets: &mut Outlets,
) -> u64 {
    mixes.common.clear();
    for &slot in members {
        let leg = leg_mut(legs, slot);
        leg.pull(tick);
        if let Some(frame) = leg.contributed() {
            mixes.common.add(frame.samples());
        }
    }
    let mut whole = Frame::silence(Rate::Narrow);
    mixes.common.whole(whole.samples_mut());
    let mut dropped = 0;
    for &slot in members {
        let mut own = Frame::silence(Rate::Narrow);
        let leg = leg(legs, slot);
        let heard = if !leg.hearing.is_plain() {
            mixes.mix_for(slot, members, legs);
            mixes.own.whole(own.samples_mut());
            &own
        } else if let Some(frame) = leg.contributed() {
            mixes.common.without(frame.samples(), own.samples_mut());
            &own
        } else {
            &whole
        };
        dropped += u64::from(!leg_mut(legs, slot).send(heard, tick, outlets));
    }
    dropped
}

/// The sums of one tick.
#[derive(Debug)]
pub(crate) struct Mixes {
    /// Of everyone in the group.
    common: Mix,
    /// Of those whom one member with topology hears.
    own: Mix,
}

impl Mixes {
    /// Returns sums of nothing.
    pub(crate) fn new() -> Self {
        Self {
            common: Mix::new(),
            own: Mix::new(),
        }
    }

    /// Sums up what a member hears to whom topology applies, by the shorter way.
    fn mix_for(&mut self, slot: Slot, members: &[Slot], legs: &[Option<Leg>]) {
        let hearing = &leg(legs, slot).hearing;
        let few = hearing.exceptions().len() <= members.len() / 2;
        if few && hearing.watched().next().is_none() {
            self.take_away(slot, legs);
        } else {
            self.add_up(slot, members, legs);
        }
    }

    fn take_away(&mut self, slot: Slot, legs: &[Option<Leg>]) {
        let listener = leg(legs, slot);
        self.own.clone_from(&self.common);
        let not_heard = listener.hearing.exceptions().map(|(source, _)| source);
        for source in not_heard.chain([slot]) {
            if let Some(frame) = leg(legs, source).contributed() {
                self.own.take_away(frame.samples());
            }
        }
    }

    /// Nobody is heard twice, directly and in what another sends, and nobody hears himself there.
    /// Of what that other hears by way of a third one's sending, nothing is heard.
    fn add_up(&mut self, slot: Slot, members: &[Slot], legs: &[Option<Leg>]) {
        self.own.clear();
        let hearing = &leg(legs, slot).hearing;
        for &source in members.iter().filter(|source| **source != slot) {
            let mut watched = hearing.watched().filter(|watched| *watched != source);
            let heard = hearing.of(source).received
                || watched.any(|watched| {
                    let watched = leg(legs, watched);
                    watched.listens() && watched.hearing.of(source).received
                });
            if heard && let Some(frame) = leg(legs, source).contributed() {
                self.own.add(frame.samples());
            }
        }
        for watched in hearing.watched() {
            for frame in leg(legs, watched).own_sent() {
                self.own.add(frame.samples());
            }
        }
    }
}

fn leg(legs: &[Option<Leg>], slot: Slot) -> &Leg {
    legs[slot].as_ref().expect(MEMBER)
}

fn leg_mut(legs: &mut [Option<Leg>], slot: Slot) -> &mut Leg {
    legs[slot].as_mut().expect(MEMBER)
}

/// Why a member's slot cannot be empty.
const MEMBER: &str = "a member leaves its group before its slot is emptied";
