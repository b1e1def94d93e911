//! Transactions and what is said about them (H.248.1 8.2).

use std::fmt;

use bounded_static::ToStatic;

use crate::{ActionReply, ActionRequest, descriptor::ErrorDescriptor};

/// A transaction's number, unique for its sender; 0 stands for one that could not be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, ToStatic)]
pub struct TransactionId(pub u32);

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One entry of a message's transaction list.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum Transaction<'a> {
    /// Asks for actions (H.248.1 8.2.1).
    Request(TransactionRequest<'a>),
    /// Answers a request (H.248.1 8.2.2).
    Reply(TransactionReply<'a>),
    /// Says that a request is being worked on (H.248.1 8.2.3).
    Pending(TransactionId),
    /// Acknowledges replies, so that their sender may forget them (H.248.1 D.1.2).
    ResponseAck(Vec<AckRange>),
    /// Acknowledges one segment of a reply (version 3).
    SegmentReply(SegmentReply),
}

/// A request: actions that are carried out in order.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct TransactionRequest<'a> {
    /// The sender's number for it.
    pub id: TransactionId,
    /// One action or more.
    pub actions: Vec<ActionRequest<'a>>,
}

/// A reply to a request.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct TransactionReply<'a> {
    /// The number of the request that is answered.
    pub id: TransactionId,
    /// Which part of the reply this is (version 3); `None` for a reply in one piece.
    pub segment: Option<Segment>,
    /// Asks for an acknowledgement at once.
    pub immediate_ack: bool,
    /// What came of the request.
    pub result: TransactionResult<'a>,
}

/// What came of a request.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum TransactionResult<'a> {
    /// The transaction as a whole was refused.
    Error(ErrorDescriptor<'a>),
    /// One reply for each action that was tried.
    Actions(Vec<ActionReply<'a>>),
}

/// The place of a reply's segment.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
pub struct Segment {
    /// Number of the segment; the first is 1.
    pub number: u16,
    /// Whether it is the last.
    pub last: bool,
}

/// The acknowledgement of one segment.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
pub struct SegmentReply {
    /// The transaction that is answered in segments.
    pub id: TransactionId,
    /// The segment received.
    pub segment: Segment,
}

/// An inclusive range of acknowledged transactions; a single one has equal ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
pub struct AckRange {
    /// First transaction of the range.
    pub first: TransactionId,
    /// Last transaction of the range.
    pub last: TransactionId,
}
