//! What comes out of an endpoint.

use std::fmt;

use bytes::Bytes;
use codec_h248::{
    ActionRequest, List, TransactionId, TransactionResult, descriptor::ErrorDescriptor,
};

use crate::Route;

/// Names an association of an [`crate::Endpoint`]; never used twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct PeerId(pub(crate) u64);

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "peer {}", self.0)
    }
}

/// A message to send.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Transmit {
    /// Where it goes.
    pub to: Route,
    /// The message, without framing.
    pub octets: Bytes,
}

/// What happened at an association.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// A request, once, whatever the network repeats. It wants [`crate::Endpoint::reply`].
    Request {
        /// The peer's number for it.
        id: TransactionId,
        /// What is asked, in order.
        actions: List<ActionRequest<'static>>,
        /// Version of the message; the reply will have the same.
        version: u8,
        /// Where it came from; the reply goes there.
        from: Route,
    },
    /// The reply to a request of ours.
    Reply {
        /// Our number for the request.
        id: TransactionId,
        /// What came of it.
        result: TransactionResult<'static>,
    },
    /// T-MAX passed without an answer (D.1.3).
    TimedOut {
        /// Our number for the request.
        id: TransactionId,
    },
    /// A request was not sent: the peer is gone, or no message to it can hold the request.
    Unsent {
        /// Our number for the request.
        id: TransactionId,
    },
    /// The connection by which requests go has ended or did not come about; those that wait are
    /// repeated over another, until T-MAX.
    CarrierLost,
    /// The peer says that a message of ours could not be read.
    MessageError {
        /// What it says.
        error: ErrorDescriptor<'static>,
    },
}
