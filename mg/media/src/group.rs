//! Who is mixed with whom, and one tick of it.

use std::collections::BTreeMap;

use mg_contract::GroupId;

use crate::{
    FRAME, Frame,
    leg::{Leg, Tick},
    mix::Mix,
    outbox::Outbox,
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

    /// Returns the members of each group.
    pub(crate) fn members(&self) -> impl Iterator<Item = &[Slot]> {
        self.0.values().map(Vec::as_slice)
    }
}

/// Plays one tick of a group: everyone who listens hears everyone who contributes but himself.
/// Returns how many packets found no room.
pub(crate) fn tick(
    members: &[Slot],
    legs: &mut [Option<Leg>],
    mix: &mut Mix,
    tick: Tick,
    outbox: &mut Outbox,
) -> u64 {
    mix.clear();
    for &slot in members {
        if let Some(frame) = leg(legs, slot).pull() {
            mix.add(frame);
        }
    }
    let mut whole = [0; FRAME];
    mix.whole(&mut whole);
    let mut dropped = 0;
    for &slot in members {
        let leg = leg(legs, slot);
        let mut minus: Frame = [0; FRAME];
        let heard = match leg.mixed() {
            Some(own) => {
                mix.without(own, &mut minus);
                &minus
            }
            None => &whole,
        };
        dropped += u64::from(!leg.send(heard, tick, outbox));
    }
    dropped
}

fn leg(legs: &mut [Option<Leg>], slot: Slot) -> &mut Leg {
    legs[slot]
        .as_mut()
        .expect("a member leaves its group before its slot is emptied")
}
