//! Transactions and what is said about them (H.248.1 8.2).

use std::fmt;

use bounded_static::ToStatic;

use crate::{ActionReply, ActionRequest, descriptor::ErrorDescriptor};

/// A transaction's number, unique for its sender; 0 stands for one that could not be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionId(pub u32);

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One entry of a message's transaction list.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Transaction<'a> {
    /// Asks for actions (H.248.1 8.2.1).
    #[cfg_attr(feature = "serde", serde(rename = "transactionRequest"))]
    Request(TransactionRequest<'a>),
    /// Answers a request (H.248.1 8.2.2).
    #[cfg_attr(feature = "serde", serde(rename = "transactionReply"))]
    Reply(TransactionReply<'a>),
    /// Says that a request is being worked on (H.248.1 8.2.3).
    #[cfg_attr(
        feature = "serde",
        serde(rename = "transactionPending", with = "crate::json::pending")
    )]
    #[cfg_attr(feature = "schema", schemars(with = "crate::json::Pending"))]
    Pending(TransactionId),
    /// Acknowledges replies, so that their sender may forget them (H.248.1 D.1.2).
    #[cfg_attr(feature = "serde", serde(rename = "transactionResponseAck"))]
    ResponseAck(Vec<AckRange>),
    /// Acknowledges one segment of a reply (version 3).
    SegmentReply(SegmentReply),
}

/// A request: actions that are carried out in order.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(
        deny_unknown_fields,
        rename_all = "camelCase",
        bound(deserialize = "'de: 'a")
    )
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionRequest<'a> {
    /// The sender's number for it.
    #[cfg_attr(feature = "serde", serde(rename = "transactionId"))]
    pub id: TransactionId,
    /// One action or more.
    pub actions: Vec<ActionRequest<'a>>,
}

/// A reply to a request.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(
        deny_unknown_fields,
        rename_all = "camelCase",
        bound(deserialize = "'de: 'a")
    )
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionReply<'a> {
    /// The number of the request that is answered.
    #[cfg_attr(feature = "serde", serde(rename = "transactionId"))]
    pub id: TransactionId,
    /// Which part of the reply this is (version 3); `None` for a reply in one piece.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub segment: Option<Segment>,
    /// Asks for an acknowledgement at once.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "immAckRequired",
            default,
            skip_serializing_if = "std::ops::Not::not"
        )
    )]
    pub immediate_ack: bool,
    /// What came of the request.
    #[cfg_attr(feature = "serde", serde(rename = "transactionResult"))]
    pub result: TransactionResult<'a>,
}

/// What came of a request.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TransactionResult<'a> {
    /// The transaction as a whole was refused.
    #[cfg_attr(feature = "serde", serde(rename = "transactionError"))]
    Error(ErrorDescriptor<'a>),
    /// One reply for each action that was tried.
    #[cfg_attr(feature = "serde", serde(rename = "actionReplies"))]
    Actions(Vec<ActionReply<'a>>),
}

/// The place of a reply's segment.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Segment {
    /// Number of the segment; the first is 1.
    #[cfg_attr(feature = "serde", serde(rename = "segmentNumber"))]
    pub number: u16,
    /// Whether it is the last.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "segmentationComplete",
            default,
            skip_serializing_if = "std::ops::Not::not"
        )
    )]
    pub last: bool,
}

/// The acknowledgement of one segment.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SegmentReply {
    /// The transaction that is answered in segments.
    #[cfg_attr(feature = "serde", serde(rename = "transactionId"))]
    pub id: TransactionId,
    /// The segment received.
    pub segment: Segment,
}

/// An inclusive range of acknowledged transactions; a single one has equal ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AckRange {
    /// First transaction of the range.
    #[cfg_attr(feature = "serde", serde(rename = "firstAck"))]
    pub first: TransactionId,
    /// Last transaction of the range.
    #[cfg_attr(feature = "serde", serde(rename = "lastAck"))]
    pub last: TransactionId,
}
