//! Where a packet belongs, and whether it can still be played.

use super::{Filed, MILLISECOND, Order, Playout, TICK, Units, WAITING_MAX};
use crate::rtp::View;

/// Sound that remains when the oldest is dropped.
const WAITING_KEPT: Units = 40 * MILLISECOND;
/// A packet so much before or after its time is by a clock that was set anew.
const JUMP: Units = 500 * MILLISECOND;

impl Playout {
    /// Finds where a packet belongs; `None`: nowhere any more.
    pub(super) fn locate(
        &mut self,
        stamp: (u32, u32),
        order: Order,
        arrival: Units,
    ) -> Option<Units> {
        let (time_stamp, clock_rate) = stamp;
        let Some(start) = self.timeline.place(time_stamp, clock_rate) else {
            return Some(self.anchor(stamp, arrival));
        };
        if order == Order::Overtaken {
            // What was overtaken is not later than what came before it.
            return self
                .timeline
                .newest()
                .filter(|newest| start < *newest)
                .map(|_| start);
        }
        let behind = self.timeline.newest().is_some_and(|newest| start <= newest);
        let late = self.schedule.needed(arrival, start, self.last_tick()) - self.delay();
        let is_apart = start > self.end + TICK;
        let early = is_apart && -late > WAITING_MAX;
        if behind || early || (late > JUMP && self.rests()) {
            return Some(self.anchor(stamp, arrival));
        }
        self.timeline.set(time_stamp, clock_rate, start);
        Some(start)
    }

    /// Has a packet whose time stamp does not say it begin where it can be played as others were, but
    /// not before the end of what waits.
    pub(super) fn anchor(&mut self, (time_stamp, clock_rate): (u32, u32), arrival: Units) -> Units {
        self.schedule.forget();
        let soon = self.schedule.needed(arrival, 0, self.last_tick()) - self.delay();
        let start = if self.rests() {
            soon
        } else {
            soon.max(self.end)
        };
        self.timeline.set(time_stamp, clock_rate, start);
        self.schedule.observe(arrival, start, self.last_tick());
        start
    }

    /// Whether a packet can be played. It can if its turn is not over, or if it was over too soon: if
    /// more delay is wanted, and nothing but made-up sound was played in its place.
    pub(super) fn admits(&mut self, start: Units, length: Units, arrival: Units) -> bool {
        let rise = self.schedule.wanted().map_or(Units::MIN, |(rise, _)| rise);
        let tick = self.last_tick();
        if self.rests() {
            // Those that follow may leave a frame less time.
            let packets = (0..2 * TICK).step_by(length.max(MILLISECOND) as usize);
            let needed = packets.map(|n| self.schedule.needed(arrival + n, start + n, tick));
            self.next = tick - needed.max().map_or(rise, |needed| rise.max(needed));
            self.idle = false;
            self.made_up = WAITING_MAX;
            return true;
        }
        let over = self.next - start;
        let again = over > 0 && over <= self.made_up && tick - start <= rise;
        if again && self.reel.unplayed() == 0 {
            self.next = start;
            self.made_up = 0;
        }
        start + length > self.next
    }

    pub(super) fn keep(&mut self, start: Units, length: Units, packet: &View<'_>) -> Filed {
        self.late = 0;
        self.pauses = false;
        self.end = self.end.max(start + length);
        let at = (start, length);
        self.store.keep(at, packet.payload_type, packet.payload);
        self.bound(length);
        Filed::Kept
    }

    /// Drops the oldest if too much waits.
    fn bound(&mut self, newest: Units) {
        let Some(end) = self.store.end() else { return };
        if end - self.played() <= WAITING_MAX {
            return;
        }
        let kept = WAITING_KEPT.max(newest + TICK);
        while let Some(first) = self.store.first()
            && end - first.start > kept
            && first.end() < end
        {
            self.store.drop_first();
        }
        if let Some(first) = self.store.first() {
            self.jump(first.start);
            self.schedule.forget();
        }
    }
}
