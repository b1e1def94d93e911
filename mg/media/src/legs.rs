//! Where legs are kept.

use mg_contract::RtpPort;

use crate::{group::Slot, leg::Leg};

/// Why a member's slot cannot be empty.
const MEMBER: &str = "a member leaves its group before its slot is emptied";

/// All legs of an engine, by their slots. A slot is used again after its leg was taken out. None is
/// moved in memory when others come: that would cost a tick.
#[derive(Debug, Default)]
pub(crate) struct Legs {
    slots: Vec<Option<Box<Leg>>>,
    free: Vec<Slot>,
}

impl Legs {
    /// Keeps a leg; returns where.
    pub(crate) fn keep(&mut self, leg: Leg) -> Slot {
        let leg = Some(Box::new(leg));
        if let Some(slot) = self.free.pop() {
            self.slots[slot] = leg;
            return slot;
        }
        self.slots.push(leg);
        self.slots.len() - 1
    }

    /// Takes a leg out.
    pub(crate) fn take(&mut self, slot: Slot) -> Option<Leg> {
        let leg = self.slots.get_mut(slot)?.take()?;
        self.free.push(slot);
        Some(*leg)
    }

    /// Returns the leg of a slot.
    pub(crate) fn at(&self, slot: Slot) -> Option<&Leg> {
        self.slots.get(slot)?.as_deref()
    }

    /// Returns the leg of a slot, to be changed.
    pub(crate) fn at_mut(&mut self, slot: Slot) -> Option<&mut Leg> {
        self.slots.get_mut(slot)?.as_deref_mut()
    }

    /// Returns a group's member.
    pub(crate) fn member(&self, slot: Slot) -> &Leg {
        self.at(slot).expect(MEMBER)
    }

    /// Returns a group's member, to be changed.
    pub(crate) fn member_mut(&mut self, slot: Slot) -> &mut Leg {
        self.at_mut(slot).expect(MEMBER)
    }

    /// Returns all of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Leg> {
        self.slots.iter().flatten().map(Box::as_ref)
    }

    /// Returns all of them, to be changed.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut Leg> {
        self.slots.iter_mut().flatten().map(Box::as_mut)
    }
}

/// The slots of the legs that have a port pair, found without a search: each packet asks.
#[derive(Debug)]
pub(crate) struct Ports(Box<[Option<u32>]>);

impl Ports {
    /// Starts without any.
    pub(crate) fn new() -> Self {
        Self(vec![None; usize::from(u16::MAX / 2) + 1].into())
    }

    /// Returns the slot of the leg that has a pair.
    pub(crate) fn get(&self, port: RtpPort) -> Option<Slot> {
        self.0[place(port)].map(|slot| slot as Slot)
    }

    /// Gives a pair to a leg.
    pub(crate) fn give(&mut self, port: RtpPort, slot: Slot) {
        self.0[place(port)] = u32::try_from(slot).ok();
    }

    /// Takes a pair from its leg.
    pub(crate) fn free(&mut self, port: RtpPort) {
        self.0[place(port)] = None;
    }
}

fn place(port: RtpPort) -> usize {
    usize::from(port.0 / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ports_of_a_pair_are_its_legs_until_it_is_free() {
        let mut ports = Ports::new();
        ports.give(RtpPort(u16::MAX - 1), 70_000);
        assert_eq!(ports.get(RtpPort(u16::MAX)), Some(70_000));
        assert_eq!(ports.get(RtpPort(0)), None);
        ports.free(RtpPort(u16::MAX - 1));
        assert_eq!(ports.get(RtpPort(u16::MAX - 1)), None);
    }
}
