//! Who is mixed with whom.

use std::collections::BTreeMap;

use mg_contract::{GroupId, Rate};

use crate::{
    converters::Converters,
    frame::{Frame, FrameRef},
    limiter::Limiter,
    mix::{Sums, place},
    shared::{Shared, SharedEncoders, Wrapping},
    voice,
};

const RATES: usize = Rate::ALL.len();

/// Where a leg is kept; its number until it is closed.
pub(crate) type Slot = usize;

/// The streams that hear each other, and what their sound needs.
#[derive(Debug, Default)]
pub(crate) struct Group {
    members: Vec<Slot>,
    /// What is heard at each rate that members have.
    halls: [Option<Box<Hall>>; RATES],
    pub(crate) converters: Converters,
    pub(crate) shared: SharedEncoders,
    /// What those say who are not there any more, in the next tick.
    parting: Option<Box<Sums>>,
}

/// What all hear at one rate who say nothing themselves.
#[derive(Debug)]
pub(crate) struct Hall {
    /// Members of that rate.
    members: usize,
    limiter: Limiter,
    /// Of this tick and of the one before; which is which changes with every tick.
    frames: [Frame; 2],
    now: usize,
}

impl Hall {
    fn new(rate: Rate) -> Self {
        Self {
            members: 0,
            limiter: Limiter::new(),
            frames: [Frame::silence(rate), Frame::silence(rate)],
            now: 0,
        }
    }

    /// Fills it with what all say in the next tick.
    pub(crate) fn fill(&mut self, sum: &[i32]) {
        self.now = 1 - self.now;
        self.limiter.limit(sum, self.frames[self.now].samples_mut());
    }

    /// What is heard in this tick.
    pub(crate) fn heard(&self) -> &Frame {
        &self.frames[self.now]
    }

    /// What was heard in the one before.
    pub(crate) fn past(&self) -> &Frame {
        &self.frames[1 - self.now]
    }
}

impl Group {
    /// The members.
    pub(crate) fn members(&self) -> &[Slot] {
        &self.members
    }

    /// The rates that members have.
    pub(crate) fn rates(&self) -> impl Iterator<Item = Rate> {
        let rates = Rate::ALL.into_iter();
        rates.filter(|&rate| self.halls[place(rate)].is_some())
    }

    /// Tells whether members have different rates.
    pub(crate) fn is_mixed(&self) -> bool {
        self.rates().count() > 1
    }

    /// What is heard at a rate; `None`: no member has it.
    pub(crate) fn hall(&self, rate: Rate) -> Option<&Hall> {
        self.halls[place(rate)].as_deref()
    }

    /// The same, to be filled.
    pub(crate) fn hall_mut(&mut self, rate: Rate) -> Option<&mut Hall> {
        self.halls[place(rate)].as_deref_mut()
    }

    /// What is heard at a rate, and what encodes it in one way.
    pub(crate) fn way(&mut self, rate: Rate, wrapping: Wrapping) -> Option<(&Hall, &mut Shared)> {
        let hall = self.halls[place(rate)].as_deref()?;
        Some((hall, self.shared.of(wrapping)?))
    }

    /// Has one more member hear at a rate and be sent packets, if it is sent any.
    pub(crate) fn equip(&mut self, rate: Rate, wrapping: Option<Wrapping>) {
        let hall = &mut self.halls[place(rate)];
        hall.get_or_insert_with(|| Box::new(Hall::new(rate)))
            .members += 1;
        let rates: Vec<Rate> = self.rates().collect();
        self.converters.provide(&rates, &rates);
        if let Some(wrapping) = wrapping {
            self.shared.join(wrapping);
        }
    }

    /// Takes back what [`Self::equip`] made, if no member has it any more.
    pub(crate) fn strip(&mut self, rate: Rate, wrapping: Option<Wrapping>) {
        if let Some(hall) = &mut self.halls[place(rate)] {
            hall.members -= 1;
            if hall.members == 0 {
                self.halls[place(rate)] = None;
            }
        }
        if let Some(wrapping) = wrapping {
            self.shared.leave(wrapping);
        }
    }

    /// Has what one said last fade out in the next tick: nothing more comes of it.
    pub(crate) fn part(&mut self, said: FrameRef<'_>) {
        let parting = self.parting.get_or_insert_with(|| Box::new(Sums::new()));
        let mut rest = [0; voice::FADE_MAX];
        let length = voice::fade_after(said, &mut rest);
        parting.at_mut(said.rate()).add_samples(&rest[..length]);
    }

    /// Adds what those say who are not there any more.
    pub(crate) fn add_parting(&mut self, said: &mut Sums) {
        let Some(parting) = &mut self.parting else {
            return;
        };
        for sum in parting.all().iter().filter(|sum| sum.sounds()) {
            said.at_mut(sum.rate()).join(sum.samples());
        }
        parting.clear();
    }
}

/// All groups.
#[derive(Debug, Default)]
pub(crate) struct Groups(BTreeMap<GroupId, Group>);

impl Groups {
    /// Adds a member, and returns how many there are.
    pub(crate) fn join(&mut self, group: GroupId, slot: Slot) -> usize {
        let group = self.0.entry(group).or_default();
        group.members.push(slot);
        group.members.len()
    }

    /// Takes a member out; a group without members is forgotten.
    pub(crate) fn leave(&mut self, group: GroupId, slot: Slot) {
        let Some(Group { members, .. }) = self.0.get_mut(&group) else {
            return;
        };
        members.retain(|&member| member != slot);
        if members.is_empty() {
            self.0.remove(&group);
        }
    }

    /// Returns one group.
    pub(crate) fn of(&mut self, group: GroupId) -> Option<&mut Group> {
        self.0.get_mut(&group)
    }

    /// Returns all of them.
    pub(crate) fn all(&mut self) -> impl Iterator<Item = &mut Group> {
        self.0.values_mut()
    }
}
