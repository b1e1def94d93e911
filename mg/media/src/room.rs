//! One tick of a group: everyone who listens hears everyone who contributes but himself, where
//! topology does not say otherwise.

use std::{hint::black_box, num::NonZeroUsize};

use mg_contract::Rate;

use crate::{
    frame::Frame,
    group::{Group, Slot},
    leg::{Choice, Leg, Outlets, Tick},
    legs::Legs,
    mix::Sums,
    outgoing::Sent,
};

/// Legs that memory is asked for at a time.
const AT_HAND: usize = 8;

/// What ticks are played with, one group after the other.
#[derive(Debug)]
pub(crate) struct Desk {
    /// What members of a group say.
    said: Sums,
    /// What is heard of that at each rate.
    heard: Sums,
    /// What one member with topology hears, as it is said.
    own: Sums,
    /// What one member hears who does not hear what all do, and what is sent of it.
    alone: Sums,
    sent: Frame,
    /// Members who say more than comfort noise.
    talkers: usize,
    /// Talkers who are heard at most, if there is a limit, and how loud they are.
    loudest: Option<NonZeroUsize>,
    loud: Vec<u64>,
}

/// What a tick has cost.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// Packets that were encoded.
    pub(crate) encoded: u64,
    /// Frames that found no room.
    pub(crate) dropped: u64,
}

impl Desk {
    /// Makes room; at most `loudest` members of a group are heard at a time, if that is limited.
    pub(crate) fn new(loudest: Option<NonZeroUsize>) -> Self {
        Self {
            said: Sums::new(),
            heard: Sums::new(),
            own: Sums::new(),
            alone: Sums::new(),
            sent: Frame::roomy(),
            talkers: 0,
            loudest,
            loud: Vec::new(),
        }
    }

    /// Makes room for so many members of a group.
    pub(crate) fn reserve(&mut self, members: usize) {
        let more = members.saturating_sub(self.loud.len());
        self.loud.reserve(more);
    }

    /// Plays one tick of a group. `after` is done with each member when it has been sent what it hears.
    pub(crate) fn tick(
        &mut self,
        group: &mut Group,
        legs: &mut Legs,
        tick: Tick,
        outlets: &mut Outlets,
        mut after: impl FnMut(&mut Leg, &mut Outlets),
    ) -> Cost {
        self.listen(group, legs, tick);
        for rate in Rate::ALL {
            if let Some(hall) = group.hall_mut(rate) {
                let heard = self.heard.at(rate);
                hall.fill(heard.samples());
            }
        }
        let mut cost = Cost::default();
        for place in 0..group.members().len() {
            let slot = group.members()[place];
            let Cost { encoded, dropped } = self.send((slot, tick), group, legs, outlets);
            cost.encoded += encoded;
            cost.dropped += dropped;
            after(legs.member_mut(slot), outlets);
        }
        cost
    }

    /// Takes what each member says, and sums it up for each rate.
    fn listen(&mut self, group: &mut Group, legs: &mut Legs, tick: Tick) {
        self.said.clear();
        self.talkers = 0;
        let mut duck = 0;
        for slots in group.members().chunks(AT_HAND) {
            let glances = slots.iter().map(|&slot| legs.member(slot).glance_all());
            black_box(glances.fold(0, |all, one| all ^ one));
            for &slot in slots {
                let leg = legs.member_mut(slot);
                leg.pull(tick);
                duck = duck.max(leg.ducking());
            }
        }
        let least = self.least_heard(group.members(), legs);
        for &slot in group.members() {
            let leg = legs.member_mut(slot);
            leg.contribute(least, duck);
            self.talkers += usize::from(leg.talks());
            if let Some(frame) = leg.contributed() {
                self.said.at_mut(frame.rate()).add(frame);
            }
        }
        group.add_parting(&mut self.said);
        for rate in Rate::ALL {
            if group.hall(rate).is_some() {
                let heard = self.heard.at_mut(rate);
                group.converters.collect(&self.said, heard);
            }
        }
    }

    /// How loud one must be to be among the loudest.
    fn least_heard(&mut self, members: &[Slot], legs: &Legs) -> u64 {
        let loudest = self.loudest.map(NonZeroUsize::get);
        let Some(loudest) = loudest.filter(|&loudest| loudest < members.len()) else {
            return 0;
        };
        self.loud.clear();
        let loud = members.iter().map(|&slot| legs.member(slot).loudness());
        self.loud.extend(loud.filter(|&loudness| loudness > 0));
        if self.loud.len() <= loudest {
            return 0;
        }
        let place = self.loud.len() - loudest;
        *self.loud.select_nth_unstable(place).1
    }

    fn send(
        &mut self,
        (slot, tick): (Slot, Tick),
        group: &mut Group,
        legs: &mut Legs,
        outlets: &mut Outlets,
    ) -> Cost {
        let listener = legs.member_mut(slot);
        match listener.choose(tick) {
            Choice::Nothing => listener.send_nothing(tick, outlets),
            Choice::Alike(wrapping) => match group.way(listener.rate(), wrapping) {
                Some((hall, shared)) => {
                    let encoded = shared.encode(hall, tick.number, || listener.standing());
                    let sent = Sent {
                        frame: hall.heard(),
                        packets: Some(shared.packets()),
                        talks: self.talkers > 0,
                    };
                    let mut cost = listener.send(sent, tick, outlets);
                    cost.encoded += encoded;
                    cost
                }
                None => Cost::default(),
            },
            Choice::Alone => {
                if let Some(hall) = group.hall(listener.rate()) {
                    listener.remember(hall.past(), tick);
                }
                // Whom topology lets hear some alone, noise counts as sound.
                let is_plain = listener.hearing.is_plain();
                let talks = !is_plain || self.talkers > usize::from(listener.talks());
                self.hear_alone(slot, group, legs);
                let sent = &mut self.sent;
                legs.member_mut(slot).send_alone(sent, talks, tick, outlets)
            }
        }
    }

    /// Has a member hear what it alone hears.
    fn hear_alone(&mut self, slot: Slot, group: &Group, legs: &mut Legs) {
        let listener = legs.member(slot);
        let alone = self.alone.at_mut(listener.rate());
        if listener.hearing.is_plain() {
            let heard = self.heard.at(listener.rate());
            match listener.contributed() {
                Some(frame) => alone.copy_without(heard, frame),
                None => alone.copy(heard),
            }
        } else {
            self.mix_for(slot, group.members(), legs);
            let alone = self.alone.at_mut(legs.member(slot).rate());
            legs.member_mut(slot).collect(&self.own, alone);
        }
        let listener = legs.member_mut(slot);
        listener.hear(self.alone.at(listener.rate()), &mut self.sent);
    }

    /// Sums up what a member hears to whom topology applies, by the shorter way.
    fn mix_for(&mut self, slot: Slot, members: &[Slot], legs: &Legs) {
        let hearing = &legs.member(slot).hearing;
        let few = hearing.exceptions().len() <= members.len() / 2;
        if few && hearing.watched().next().is_none() {
            self.take_away(slot, legs);
        } else {
            self.add_up(slot, members, legs);
        }
    }

    fn take_away(&mut self, slot: Slot, legs: &Legs) {
        let listener = legs.member(slot);
        self.own.copy(&self.said);
        let not_heard = listener.hearing.exceptions().map(|(source, _)| source);
        for source in not_heard.chain([slot]) {
            if let Some(frame) = legs.member(source).contributed() {
                self.own.at_mut(frame.rate()).take_away(frame);
            }
        }
    }

    /// Nobody is heard twice, directly and in what another sends, and nobody hears himself there.
    /// Of what that other hears by way of a third one's sending, nothing is heard.
    fn add_up(&mut self, slot: Slot, members: &[Slot], legs: &Legs) {
        self.own.clear();
        let hearing = &legs.member(slot).hearing;
        for &source in members.iter().filter(|source| **source != slot) {
            let mut watched = hearing.watched().filter(|watched| *watched != source);
            let heard = hearing.of(source).received
                || watched.any(|watched| {
                    let watched = legs.member(watched);
                    watched.listens() && watched.hearing.of(source).received
                });
            if heard && let Some(frame) = legs.member(source).contributed() {
                self.own.at_mut(frame.rate()).add(frame);
            }
        }
        for watched in hearing.watched() {
            for frame in legs.member(watched).own_sent() {
                self.own.at_mut(frame.rate()).add(frame);
            }
        }
    }
}
