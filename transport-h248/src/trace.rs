//! Every message in and out, for those who look on: captures, ladders, monitors.

use std::time::Instant;

use bytes::Bytes;
use codec_h248::{DecodeError, PeekedTransaction};

use crate::{Route, endpoint::peek};

/// Which way a message went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// To us.
    In,
    /// From us.
    Out,
}

/// A message that has come in or goes out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trace {
    /// When.
    pub time: Instant,
    /// Which way.
    pub direction: Direction,
    /// The peer, and by which of our sockets.
    pub route: Route,
    /// The message, without framing.
    pub octets: Bytes,
    /// What of it does not decode, and why; `None` where all of it does.
    pub error: Option<DecodeError>,
}

impl Trace {
    /// Returns the kinds and numbers of its transactions, as far as they can be read.
    pub fn transactions(&self) -> impl Iterator<Item = PeekedTransaction> {
        peek(&self.octets).transactions()
    }
}
