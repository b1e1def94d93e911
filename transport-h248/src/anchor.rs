//! The one bridge between instants and wall time.

use std::time::{Duration, Instant, SystemTime};

use codec_h248::TimeStamp;

/// A pair that turns instants into wall time; given once, replaced when the clock is set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Anchor {
    /// An instant.
    pub instant: Instant,
    /// The wall time at that instant.
    pub system: SystemTime,
}

impl Anchor {
    /// Returns the wall time at `now`, which may lie before the anchor.
    pub fn system(&self, now: Instant) -> SystemTime {
        let moved = if now >= self.instant {
            self.system.checked_add(now - self.instant)
        } else {
            self.system.checked_sub(self.instant - now)
        };
        moved.unwrap_or(self.system)
    }

    /// Returns the protocol's date and time at `now`, in UTC.
    pub fn time_stamp(&self, now: Instant) -> TimeStamp {
        let since = self
            .system(now)
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        let centiseconds = since.as_millis() / 10;
        TimeStamp::from_unix_centiseconds(u64::try_from(centiseconds).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_becomes_a_date() {
        let instant = Instant::now();
        let anchor = Anchor {
            instant,
            system: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_502_280),
        };
        let later = instant + Duration::from_millis(1_230);
        assert_eq!(anchor.time_stamp(later).to_string(), "20261124T06380123");
    }

    #[test]
    fn an_instant_before_the_anchor_lies_before_its_date() {
        let instant = Instant::now();
        let anchor = Anchor {
            instant: instant + Duration::from_secs(2),
            system: SystemTime::UNIX_EPOCH + Duration::from_secs(3),
        };
        assert_eq!(anchor.time_stamp(instant).to_string(), "19700101T00000100");
    }

    #[test]
    fn a_clock_before_1970_reads_as_1970() {
        let instant = Instant::now();
        let anchor = Anchor {
            instant,
            system: SystemTime::UNIX_EPOCH - Duration::from_secs(3),
        };
        assert_eq!(anchor.time_stamp(instant).to_string(), "19700101T00000000");
    }
}
