//! What two sides have agreed on about Pendings: what the properties of package `root` (E.2) say.

use std::time::Duration;

use crate::Config;

/// The terms of one association; those of the configuration until others are set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Terms {
    /// A request of the peer that executes gets a Pending after this: the provisional response
    /// timer of our own side.
    pub pending_after: Duration,
    /// After a Pending of the peer our request is repeated each time this has passed without
    /// another: the provisional response timer of the peer's side, or its execution time if that is
    /// longer (D.1.4).
    pub provisional_timer: Duration,
    /// So many Pendings are sent for one request; instead of one more it is answered with 506 and
    /// abandoned. `None`: no limit.
    pub pending_limit: Option<u32>,
    /// So many Pendings are taken for one request of ours; with one more it has failed. `None`: no
    /// limit.
    pub peer_pending_limit: Option<u32>,
}

impl Terms {
    /// The terms before any were set.
    pub fn of(config: &Config) -> Self {
        Self {
            pending_after: config.pending_after,
            provisional_timer: config.provisional_timer,
            pending_limit: None,
            peer_pending_limit: None,
        }
    }
}
