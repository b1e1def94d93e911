//! The engine's streams: opened, moved, closed, and what topology says of them.

use std::time::Instant;

use mg_contract::{GroupId, Hears, LineRef, RtpPort, StreamRef, StreamSettings, StreamStatistics};

use super::Engine;
use crate::{
    group::{Hall, Slot},
    leg::{FarSide, Leg},
    line::{Line, Telephone},
    network::Network,
    reporter::Moment,
};

impl Engine {
    pub(super) fn open(
        &mut self,
        (stream, port, group): (StreamRef, RtpPort, GroupId),
        settings: StreamSettings,
        now: Instant,
    ) {
        if !self.has_room_for(stream) || self.by_port.get(port).is_some() {
            self.counters.opens_refused += 1;
            return;
        }
        let far_side = self.far_end(port, now);
        let slot = self.start(stream, Leg::new(far_side, group, settings), now);
        self.by_port.give(port, slot);
    }

    pub(super) fn open_line(
        &mut self,
        (stream, line, group): (StreamRef, LineRef, GroupId),
        settings: StreamSettings,
        now: Instant,
    ) {
        let configured = self.config.lines.get(line.0 as usize).cloned();
        let is_free = |configured: &Line| {
            let mut port = configured.peer().map(|peer| peer.port).into_iter();
            self.has_room_for(stream)
                && !self.by_line.contains_key(&line)
                && port.all(|port| self.by_port.get(port).is_none())
        };
        let Some(configured) = configured.filter(is_free) else {
            self.counters.opens_refused += 1;
            return;
        };
        let far_side = match configured.peer() {
            Some(peer) => self.far_end(peer.port, now),
            None => FarSide::Telephone(Telephone::new(&configured.far)),
        };
        let leg = Leg::new(far_side, group, settings).on_line(line, &configured);
        let slot = self.start(stream, leg, now);
        self.by_line.insert(line, slot);
        self.outlets.recorder.reserve(self.by_line.len());
        if let Some(peer) = configured.peer() {
            self.by_port.give(peer.port, slot);
        }
    }

    fn far_end(&mut self, port: RtpPort, now: Instant) -> FarSide {
        let former = self.former.remove(&port).unwrap_or_default();
        FarSide::Network(Network::new((port, former), &mut self.rng, now))
    }

    fn has_room_for(&self, stream: StreamRef) -> bool {
        self.by_stream.len() < self.config.streams_max && !self.by_stream.contains_key(&stream)
    }

    fn start(&mut self, stream: StreamRef, leg: Leg, now: Instant) -> Slot {
        if self.by_stream.is_empty() {
            // Ticks nobody wanted are not late; this one has begun.
            self.next_tick = self.next_tick.max(self.clock.tick(now) + 1);
        }
        self.place(stream, leg)
    }

    /// Gives a stream its slot, and its place in its group.
    pub(super) fn place(&mut self, stream: StreamRef, leg: Leg) -> Slot {
        let slot = self.legs.keep(leg);
        self.by_stream.insert(stream, slot);
        self.enter(slot);
        slot
    }

    pub(super) fn modify(&mut self, stream: StreamRef, settings: StreamSettings) {
        let Some(&slot) = self.by_stream.get(&stream) else {
            return;
        };
        let Some(leg) = self.legs.at_mut(slot) else {
            return;
        };
        let group = self.groups.of(leg.group);
        if let Some(group) = group {
            group.strip(leg.rate(), leg.wrapping());
            if let Some(said) = leg.said_last().filter(|_| !settings.contributes) {
                group.part(said);
            }
        }
        self.room -= leg.room();
        leg.modify(settings);
        self.equip(slot);
    }

    pub(super) fn move_to(&mut self, stream: StreamRef, group: GroupId) {
        let Some(&slot) = self.by_stream.get(&stream) else {
            return;
        };
        self.leave(slot);
        if let Some(leg) = self.legs.at_mut(slot) {
            leg.group = group;
            self.enter(slot);
        }
    }

    /// Puts a stream into its group.
    fn enter(&mut self, slot: Slot) {
        let Some(leg) = self.legs.at(slot) else {
            return;
        };
        let members = self.groups.join(leg.group, slot);
        self.desk.reserve(members);
        self.equip(slot);
    }

    /// Makes what a stream needs in its group.
    fn equip(&mut self, slot: Slot) {
        let Some(leg) = self.legs.at(slot) else {
            return;
        };
        self.room += leg.room();
        let streams = self.by_stream.len();
        self.outlets.outbox.reserve(streams, self.room);
        let Some(group) = self.groups.of(leg.group) else {
            return;
        };
        let is_new = group.hall(leg.rate()).is_none();
        group.equip(leg.rate(), leg.wrapping());
        if is_new && group.is_mixed() {
            let rates: Vec<_> = group.rates().collect();
            for &member in group.members() {
                let leg = self.legs.at_mut(member);
                if let Some(leg) = leg.filter(|leg| !leg.hearing.is_plain()) {
                    leg.provide(&rates);
                }
            }
        }
    }

    /// Takes a stream out of its group, and what topology said of it.
    pub(super) fn leave(&mut self, slot: Slot) {
        let Some(leg) = self.legs.at_mut(slot) else {
            return;
        };
        leg.hearing.clear();
        self.room -= leg.room();
        let id = leg.group;
        if let Some(group) = self.groups.of(id) {
            if let Some(said) = leg.said_last() {
                group.part(said);
            }
            leg.depart(group.hall(leg.rate()).map(Hall::heard));
            group.strip(leg.rate(), leg.wrapping());
        }
        self.groups.leave(id, slot);
        let Some(group) = self.groups.of(id) else {
            return;
        };
        for &member in group.members() {
            if let Some(leg) = self.legs.at_mut(member) {
                leg.hearing.forget(slot);
            }
        }
    }

    pub(super) fn hear(&mut self, listener: StreamRef, source: StreamRef, hears: Hears) {
        let slots = (self.by_stream.get(&listener), self.by_stream.get(&source));
        let (Some(&listener), Some(&source)) = slots else {
            return;
        };
        let group = |slot: Slot| self.legs.at(slot).map(|leg| leg.group);
        if listener == source || group(listener) != group(source) {
            return;
        }
        if let Some(leg) = self.legs.at_mut(listener) {
            leg.hearing.set(source, hears);
            if let Some(group) = self.groups.of(leg.group).filter(|group| group.is_mixed()) {
                leg.provide(&group.rates().collect::<Vec<_>>());
            }
        }
    }

    pub(super) fn close(&mut self, stream: StreamRef, now: Instant) -> Option<StreamStatistics> {
        let slot = self.by_stream.remove(&stream)?;
        self.detecting.remove(&stream);
        self.leave(slot);
        let mut leg = self.legs.take(slot)?;
        let moment = Moment {
            cname: &self.config.cname,
            clock: &self.clock,
            now,
        };
        if let Some(far_end) = leg.network() {
            let sent = far_end.say_goodbye(moment, &mut self.outlets.outbox);
            self.counters.transmits_dropped += u64::from(!sent);
        }
        for signal in leg.recording() {
            self.outlets.recorder.end(signal);
        }
        for signal in leg.playing() {
            self.by_signal.remove(&signal);
        }
        let statistics = leg.statistics();
        self.counters.gaps_filled += leg.gaps();
        if let Some(line) = leg.line {
            self.by_line.remove(&line);
        }
        if let FarSide::Network(far_end) = leg.far_side {
            self.by_port.free(far_end.port);
            self.former.insert(far_end.port, far_end.into_former());
        }
        Some(statistics)
    }
}
