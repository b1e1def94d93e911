//! The engine's streams: opened, moved, closed, and what topology says of them.

use std::time::Instant;

use mg_contract::{GroupId, Hears, LineRef, RtpPort, StreamRef, StreamSettings, StreamStatistics};

use super::Engine;
use crate::{
    group::Slot,
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
        if !self.has_room_for(stream) || self.by_port.contains_key(&port) {
            self.counters.opens_refused += 1;
            return;
        }
        let far_side = self.far_end(port, now);
        let slot = self.start(stream, Leg::new(far_side, group, settings), now);
        self.by_port.insert(port, slot);
        self.outlets.outbox.reserve(self.by_port.len());
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
                && port.all(|port| !self.by_port.contains_key(&port))
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
            self.by_port.insert(peer.port, slot);
            self.outlets.outbox.reserve(self.by_port.len());
        }
    }

    fn far_end(&mut self, port: RtpPort, now: Instant) -> FarSide {
        let former = self.former.remove(&port).unwrap_or_default();
        FarSide::Network(Box::new(Network::new((port, former), &mut self.rng, now)))
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
        let group = leg.group;
        let slot = self.store(leg);
        self.by_stream.insert(stream, slot);
        self.groups.join(group, slot);
        slot
    }

    fn store(&mut self, leg: Leg) -> Slot {
        if let Some(slot) = self.free.pop() {
            self.legs[slot] = Some(leg);
            return slot;
        }
        self.legs.push(Some(leg));
        self.legs.len() - 1
    }

    pub(super) fn move_to(&mut self, stream: StreamRef, group: GroupId) {
        let Some(&slot) = self.by_stream.get(&stream) else {
            return;
        };
        self.leave(slot);
        if let Some(leg) = &mut self.legs[slot] {
            leg.group = group;
            self.groups.join(group, slot);
        }
    }

    /// Takes a stream out of its group, and what topology said of it.
    pub(super) fn leave(&mut self, slot: Slot) {
        let Some(leg) = &mut self.legs[slot] else {
            return;
        };
        leg.hearing.clear();
        let group = leg.group;
        self.groups.leave(group, slot);
        for &member in self.groups.of(group) {
            if let Some(leg) = &mut self.legs[member] {
                leg.hearing.forget(slot);
            }
        }
    }

    pub(super) fn hear(&mut self, listener: StreamRef, source: StreamRef, hears: Hears) {
        let slots = (self.by_stream.get(&listener), self.by_stream.get(&source));
        let (Some(&listener), Some(&source)) = slots else {
            return;
        };
        let group = |slot: Slot| self.legs[slot].as_ref().map(|leg| leg.group);
        if listener == source || group(listener) != group(source) {
            return;
        }
        if let Some(leg) = &mut self.legs[listener] {
            leg.hearing.set(source, hears);
        }
    }

    pub(super) fn close(&mut self, stream: StreamRef, now: Instant) -> Option<StreamStatistics> {
        let slot = self.by_stream.remove(&stream)?;
        self.detecting.remove(&stream);
        self.leave(slot);
        let mut leg = self.legs[slot].take()?;
        self.free.push(slot);
        let moment = Moment {
            cname: &self.config.cname,
            clock: &self.clock,
            now,
        };
        if let Some(far_end) = leg.network() {
            let sent = far_end.say_goodbye(moment, &mut self.outlets.outbox);
            self.counters.transmits_dropped += u64::from(!sent);
        }
        for signal in leg.playing() {
            self.by_signal.remove(&signal);
        }
        let statistics = leg.statistics();
        if let Some(line) = leg.line {
            self.by_line.remove(&line);
        }
        if let FarSide::Network(far_end) = leg.far_side {
            self.by_port.remove(&far_end.port);
            self.former.insert(far_end.port, far_end.into_former());
        }
        Some(statistics)
    }
}
