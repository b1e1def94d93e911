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

/// What is remembered of stretches of time: the most that packets of each need, less the base.
type Slots = Box<[i32; SLOTS]>;

/// What arrival instants teach.
#[derive(Debug)]
pub(super) struct Schedule {
    /// To be played with the margin.
    rises: Slots,
    /// To be played with the margin and reluctance.
    falls: Slots,
    /// Slots in use.
    count: usize,
    /// The one that is being filled, and what it holds: most packets need no more, and are not to come to all
    /// that is remembered.
    newest: usize,
    slot: (i32, i32),
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
            rises: Box::new([0; SLOTS]),
            falls: Box::new([0; SLOTS]),
            count: 0,
            newest: 0,
            slot: (0, 0),
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
            if self.begin_slot(arrival, rise, fall) {
                self.decide();
            }
            return;
        }
        let (most_rise, most_fall) = self.slot;
        if rise > most_rise || fall > most_fall {
            self.fill_slot(rise.max(most_rise), fall.max(most_fall));
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

    /// Returns whether that may change what is wanted. It does not if the slot takes the place of one
    /// like it, or if it is one more and needs no more than what is wanted.
    fn begin_slot(&mut self, arrival: Units, rise: i32, fall: i32) -> bool {
        self.began = arrival;
        self.newest = if self.count == 0 || self.newest + 1 == SLOTS {
            0
        } else {
            self.newest + 1
        };
        let before = (self.rises[self.newest], self.falls[self.newest]);
        self.fill_slot(rise, fall);
        if self.count == SLOTS {
            return (rise, fall) != before;
        }
        self.count += 1;
        let more = |needed: i32, wanted: Units| self.base + Units::from(needed) > wanted;
        self.count <= YOUNG + 1 || more(rise, self.rise) || more(fall, self.fall)
    }

    fn fill_slot(&mut self, rise: i32, fall: i32) {
        self.slot = (rise, fall);
        (self.rises[self.newest], self.falls[self.newest]) = (rise, fall);
    }

    fn decide(&mut self) {
        self.rise = self.base + Units::from(most(&self.rises[..self.count]));
        self.fall = self.base + Units::from(most(&self.falls[..self.count]));
    }
}

/// What the slots need. One slot and those beside it may need more: that was a single event, for which delay
/// would be too high a price.
fn most(slots: &[i32]) -> i32 {
    let greatest = |slots: &[i32]| slots.iter().copied().max().unwrap_or(i32::MIN);
    let most = greatest(slots);
    if slots.len() <= YOUNG {
        return most;
    }
    let place = slots.iter().position(|&slot| slot == most).unwrap_or(0);
    // The first slot is beside the last one.
    let begin = usize::from(place == SLOTS - 1);
    let end = slots.len().min(SLOTS - usize::from(place == 0));
    let before = slots.get(begin..place.saturating_sub(1));
    let after = slots.get(place + 2..end);
    let [before, after] = [before, after].map(|apart| greatest(apart.unwrap_or_default()));
    before.max(after)
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
    fn what_is_wanted_is_what_the_slots_say_whether_it_was_decided_anew_or_not() {
        let mut rng = fastrand::Rng::with_seed(7);
        let mut schedule = Schedule::new();
        for n in 0..20_000 {
            let late = match n / 2_000 % 3 {
                0 => rng.i64(0..3 * TICK),
                1 => rng.i64(0..TICK / 2),
                _ => 0,
            };
            let (start, arrival) = (n * TICK, n * TICK + late);
            schedule.observe(arrival, start, (arrival - 1).div_euclid(TICK) * TICK);
            let wanted = schedule.wanted();
            schedule.decide();
            assert_eq!(schedule.wanted(), wanted, "after {n}");
            if rng.u32(..1_000) == 0 {
                schedule.forget();
            }
        }
    }

    #[test]
    fn the_greatest_and_those_beside_it_are_left_out_around_the_end_too() {
        let mut rng = fastrand::Rng::with_seed(3);
        for _ in 0..20_000 {
            let count = rng.usize(YOUNG + 1..=SLOTS);
            let kinds = rng.i32(1..6);
            let slots: Vec<i32> = (0..count).map(|_| rng.i32(0..kinds)).collect();
            let greatest = slots.iter().max();
            let place = slots
                .iter()
                .position(|slot| Some(slot) == greatest)
                .unwrap();
            let apart = |n: &usize| ![0, 1, SLOTS - 1].contains(&n.abs_diff(place));
            let rest = (0..count).filter(apart).map(|n| slots[n]);
            assert_eq!(Some(most(&slots)), rest.max(), "{slots:?}");
        }
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
