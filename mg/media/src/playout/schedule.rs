//! How much later than its time stamp says sound is played: as little as the packets of the last
//! seconds allow.
//!
//! The delay is the time of a tick less the end of the sound that was played in it, on the source's
//! time line. It has an arbitrary offset, but differences of it are real.

use super::{MILLISECOND, TICK, Units};

/// Stretches of time that are remembered: 6 s.
const SLOTS: usize = 60;
/// How long one is.
const SLOT: Units = 100 * MILLISECOND;
/// So long after the beginning each packet counts by itself: 1 s.
const YOUNG: usize = 10;
/// What a packet is to come before its tick by at least, where there is no jitter.
const MARGIN_MIN: Units = MILLISECOND;
/// The same where there is much.
const MARGIN_MAX: Units = 10 * MILLISECOND;
/// By how much earlier all must come before delay is given up for them.
const RELUCTANCE: Units = 2 * MILLISECOND;
/// A packet that needs so much more than the others is late, whatever it needs.
const OUTLIER: Units = 120 * MILLISECOND;

/// The most that packets of one stretch of time need.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// To be played with the margin.
    rise: i32,
    /// To be played with the margin and reluctance.
    fall: i32,
}

/// What arrival instants teach.
#[derive(Debug)]
pub(super) struct Schedule {
    slots: [Slot; SLOTS],
    /// Slots in use.
    count: usize,
    /// The one that is being filled.
    newest: usize,
    /// When that one began.
    began: Units,
    /// What slots count from.
    base: Units,
    /// Arrival less begin of the packet before.
    transit: Option<Units>,
    /// The mean difference of it from one packet to the next, in 16ths.
    jitter: Units,
    /// The delay to go up to, where it is less.
    rise: Units,
    /// The delay to come down to, where it is more.
    fall: Units,
}

impl Schedule {
    /// Starts without experience.
    pub(super) fn new() -> Self {
        Self {
            slots: [Slot { rise: 0, fall: 0 }; SLOTS],
            count: 0,
            newest: 0,
            began: 0,
            base: 0,
            transit: None,
            jitter: 0,
            rise: 0,
            fall: 0,
        }
    }

    /// Forgets all experience but how much jitter there is.
    pub(super) fn forget(&mut self) {
        self.count = 0;
    }

    /// The least delay that is wanted, and the most; `None` without experience.
    pub(super) fn wanted(&self) -> Option<(Units, Units)> {
        (self.count > 0).then_some((self.rise, self.fall))
    }

    /// The delay with which sound that starts at `start` is played in the first tick that leaves the
    /// packet its margin, if it arrived at `arrival`; `tick` was the last.
    pub(super) fn needed(&self, arrival: Units, start: Units, tick: Units) -> Units {
        due(arrival + self.margin(), tick) - TICK - start
    }

    /// Takes note of a packet.
    pub(super) fn observe(&mut self, arrival: Units, start: Units, tick: Units) {
        self.measure(arrival - start);
        let rise = self.needed(arrival, start, tick);
        let fall = self.needed(arrival + RELUCTANCE, start, tick);
        if self.count == 0 {
            self.base = rise;
        } else if rise - self.rise > OUTLIER {
            return;
        }
        let relative = |delay: Units| (delay - self.base) as i32;
        let (rise, fall) = (relative(rise), relative(fall));
        if self.count == 0 || arrival - self.began >= SLOT {
            self.begin_slot(arrival, Slot { rise, fall });
            self.decide();
            return;
        }
        let slot = &mut self.slots[self.newest];
        if rise > slot.rise || fall > slot.fall {
            slot.rise = slot.rise.max(rise);
            slot.fall = slot.fall.max(fall);
            self.decide();
        }
    }

    fn measure(&mut self, transit: Units) {
        let before = self.transit.replace(transit).unwrap_or(transit);
        let difference = (transit - before).abs();
        if difference <= OUTLIER {
            self.jitter += difference - (self.jitter >> 4);
        }
    }

    fn margin(&self) -> Units {
        (MARGIN_MIN + (self.jitter >> 6)).min(MARGIN_MAX)
    }

    fn begin_slot(&mut self, arrival: Units, slot: Slot) {
        self.began = arrival;
        self.newest = if self.count == 0 || self.newest + 1 == SLOTS {
            0
        } else {
            self.newest + 1
        };
        self.slots[self.newest] = slot;
        self.count = (self.count + 1).min(SLOTS);
    }

    fn decide(&mut self) {
        self.rise = self.base + Units::from(self.most(|slot| slot.rise));
        self.fall = self.base + Units::from(self.most(|slot| slot.fall));
    }

    /// What the slots need. One slot and those beside it may need more: that was a single event, for
    /// which delay would be too high a price.
    fn most(&self, of: impl Fn(&Slot) -> i32) -> i32 {
        let slots = &self.slots[..self.count];
        let (mut place, mut most) = (0, i32::MIN);
        for (n, slot) in slots.iter().enumerate() {
            if of(slot) > most {
                (place, most) = (n, of(slot));
            }
        }
        if self.count <= YOUNG {
            return most;
        }
        let mut next = i32::MIN;
        for (n, slot) in slots.iter().enumerate() {
            let apart = n.abs_diff(place);
            if apart > 1 && apart != SLOTS - 1 {
                next = next.max(of(slot));
            }
        }
        next
    }
}

/// The first tick at or after an instant, `tick` being the last that was played.
fn due(instant: Units, tick: Units) -> Units {
    let ahead = (instant - tick + TICK - 1).div_euclid(TICK);
    tick + ahead.max(1) * TICK
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packets of 20 ms, by how much each comes after its own beginning; what is wanted after each.
    fn wanted(late: impl IntoIterator<Item = Units>) -> Vec<(Units, Units)> {
        let mut schedule = Schedule::new();
        let packets = (0..).zip(late).map(|(n, late)| {
            let start = n * TICK;
            let arrival = start + late;
            schedule.observe(arrival, start, (arrival - 1).div_euclid(TICK) * TICK);
            schedule.wanted().unwrap()
        });
        packets.collect()
    }

    #[test]
    fn a_packet_that_comes_evenly_is_played_at_the_next_tick() {
        for late in [1, 10 * MILLISECOND, 18 * MILLISECOND - 48] {
            let wanted = wanted([late; 100]);
            assert_eq!(wanted.last(), Some(&(0, 0)), "{late}");
        }
        // Without its margin it waits for the one after.
        assert_eq!(wanted([TICK - 20; 3])[2], (TICK, TICK));
    }

    #[test]
    fn packets_around_the_instant_of_a_tick_are_played_at_the_later_one_at_once_and_stay_there() {
        let around = (0..500).map(|n| TICK - MILLISECOND + [-9, 9][n % 7 / 6]);
        let wanted = wanted(around);
        assert!(
            wanted[6..]
                .iter()
                .all(|&(rise, fall)| rise == TICK && fall == TICK)
        );
    }

    #[test]
    fn a_single_late_packet_is_not_worth_more_delay_but_several_are_and_then_are_forgotten() {
        let late = |n: usize| match n {
            100 | 300 | 310 | 320 => 30 * MILLISECOND,
            _ => 5 * MILLISECOND,
        };
        let wanted = wanted((0..800).map(late));
        assert!(wanted[..300].iter().all(|&(rise, _)| rise == 0));
        assert_eq!(wanted[320].0, TICK);
        assert_eq!(wanted[640].1, 0);
    }
}
