//! What two sides have agreed on about Pendings and segments: what the properties of packages `root`
//! (E.2) and `seg` (E.14) say; and how a peer wants to be written to.

use std::time::Duration;

use codec_h248::EmptySignals;

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
    /// Octets of the longest message that the peer takes. `None`: as many as the carrier holds.
    pub pdu_max: Option<usize>,
    /// After the last segment of a reply of the peer those that are missing are waited for as long
    /// as this passes without one of them: the segmentation timer of our own side.
    pub segment_wait: Duration,
    /// Segments of ours are repeated as long as no more than this passes without a sign of life: the
    /// segmentation timer of the peer's side, after which it has given the reply up.
    pub peer_segment_wait: Duration,
    /// How the peer is told in text to stop all signals.
    pub empty_signals: EmptySignals,
}

impl Terms {
    /// The terms before any were set.
    pub fn of(config: &Config) -> Self {
        Self {
            pending_after: config.pending_after,
            provisional_timer: config.provisional_timer,
            pending_limit: None,
            peer_pending_limit: None,
            pdu_max: None,
            segment_wait: config.segment_wait,
            peer_segment_wait: config.segment_wait,
            empty_signals: EmptySignals::OfVersion,
        }
    }
}
