//! Points in time and durations, as reports write them.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, FixedOffset, Utc};

/// A point in time of the JUnit file.
pub(super) fn stamp(time: SystemTime) -> DateTime<FixedOffset> {
    DateTime::<Utc>::from(time).fixed_offset()
}

/// `2026-11-29T20:15:00.123Z`.
pub(super) fn rfc3339(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(time).to_string()
}

/// A duration in the unit that reads best.
pub(super) fn took(time: Duration) -> String {
    match time.as_millis() {
        0..10_000 => format!("{} ms", time.as_millis()),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}
