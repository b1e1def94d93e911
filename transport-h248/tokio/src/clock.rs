//! The only clock of a program.

use std::{
    future,
    time::{Instant, SystemTime},
};

use transport_h248::Anchor;

/// Reads the monotonic clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where a program reads its clock"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits until an instant; for ever where nothing is due.
pub async fn wake(due: Option<Instant>) {
    match due {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => future::pending().await,
    }
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
