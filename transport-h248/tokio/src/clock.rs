//! The only clock read of a program.

use std::time::{Instant, SystemTime};

use transport_h248::Anchor;

/// Reads the monotonic clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where a program reads its clock"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// Reads both clocks, so that instants can be turned into wall time.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where a program reads its clock"
)]
pub fn anchor() -> Anchor {
    Anchor {
        instant: Instant::now(),
        system: SystemTime::now(),
    }
}
