//! The engine's time: ticks, time stamps and NTP time, all from instants.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds from one tick to the next.
const TICK_MS: u64 = 20;
/// Seconds from 1900, where NTP time begins, to 1970.
const NTP_TO_UNIX: u64 = 2_208_988_800;
/// Time stamp units of a second.
const RATE: u128 = 8000;
/// Nanoseconds of a second.
const SECOND: u128 = 1_000_000_000;

/// Units of a millisecond.
const UNITS_PER_MS: i64 = UNITS as i64 / 1_000;
/// Units of a second: every sampling rate divides it.
const UNITS: u32 = 48_000;

/// Time since the first tick in 48,000ths of a second.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Units(u64);

impl Units {
    /// Returns a time so much later, or earlier if that is negative.
    pub(crate) fn after_ms(self, ms: i32) -> Self {
        Self(self.0.wrapping_add_signed(i64::from(ms) * UNITS_PER_MS))
    }

    /// Returns it in time stamp units of another rate, which divides ours.
    pub(crate) fn time_stamp(self, clock_rate: u32) -> u32 {
        (self.0 / u64::from(UNITS / clock_rate)) as u32
    }
}

/// Turns instants into the other kinds of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    first: Instant,
    wall: (Instant, SystemTime),
}

impl Clock {
    /// Counts ticks from `first`; `wall` is one instant and the wall time of it.
    pub(crate) fn new(wall: (Instant, SystemTime), first: Instant) -> Self {
        Self { first, wall }
    }

    /// Returns the last tick at or before an instant.
    pub(crate) fn tick(&self, now: Instant) -> u64 {
        self.since_first(now).as_millis() as u64 / TICK_MS
    }

    /// Returns when a tick is due.
    pub(crate) fn at(&self, tick: u64) -> Instant {
        self.first + Duration::from_millis(TICK_MS * tick)
    }

    /// Returns an instant in time stamp units, at no particular offset.
    pub(crate) fn time_stamp(&self, now: Instant) -> u32 {
        (self.since_first(now).as_nanos() * RATE / SECOND) as u32
    }

    /// Returns an instant in units that all clocks of media count in.
    pub(crate) fn units(&self, now: Instant) -> Units {
        let nanos = self.since_first(now).as_nanos();
        Units((nanos * u128::from(UNITS) / SECOND) as u64)
    }

    /// Returns an instant as NTP time, 32.32 bits since 1900.
    pub(crate) fn ntp(&self, now: Instant) -> u64 {
        let (instant, system) = self.wall;
        let anchor = system.duration_since(UNIX_EPOCH).unwrap_or_default();
        let unix = anchor + now.saturating_duration_since(instant);
        let seconds = unix.as_secs().wrapping_add(NTP_TO_UNIX) & 0xffff_ffff;
        let fraction = (u64::from(unix.subsec_nanos()) << 32) / 1_000_000_000;
        seconds << 32 | fraction
    }

    fn since_first(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_times_agree() {
        let first = Instant::now();
        let wall = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let clock = Clock::new((first, wall), first);
        let now = first + Duration::from_millis(1_510);
        assert_eq!(clock.tick(now), 75);
        assert_eq!(clock.at(75), first + Duration::from_millis(1_500));
        assert_eq!(clock.time_stamp(now), 12_080);
        assert_eq!(clock.units(now).time_stamp(8_000), 12_080);
        assert_eq!(clock.units(now).after_ms(-10).time_stamp(48_000), 72_000);
        assert_eq!(clock.ntp(now) >> 32, 1_700_000_001 + NTP_TO_UNIX);
        assert_eq!(clock.ntp(now) >> 31 & 1, 1);
    }
}
