//! Transactions and what is said about them (H.248.1 8.2).

use std::fmt;

use bounded_static::ToStatic;

use crate::{ActionReply, ActionRequest, List, descriptor::ErrorDescriptor};

/// A transaction's number, unique for its sender; 0 stands for one that could not be read.
///
/// ```
/// use codec_h248::TransactionId;
///
/// assert_eq!(TransactionId(7).to_string(), "7");
/// assert!(TransactionId(7) < TransactionId(8));
/// ```
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
///
/// ```
/// use codec_h248::{Limits, MessageBody, Transaction, TransactionId, decode};
///
/// let message = decode(b"!/1 mg1 PN=7{} K{1-5}", &Limits::default())?;
/// if let MessageBody::Transactions(transactions) = &message.body {
///     assert_eq!(transactions[0], Transaction::Pending(TransactionId(7)));
///     assert!(matches!(&transactions[1], Transaction::ResponseAck(ranges) if ranges.len() == 1));
/// }
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
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
///
/// ```
/// use codec_h248::{ActionRequest, Command, ContextId, SubtractRequest, TerminationId, list};
/// use codec_h248::{TransactionId, TransactionRequest};
///
/// let subtract = SubtractRequest { terminations: list![TerminationId::ALL], audit: None };
/// let action = ActionRequest::new(ContextId::Id(4), list![Command::Subtract(subtract).into()]);
/// let request = TransactionRequest { id: TransactionId(7), actions: list![action] };
/// assert_eq!(request.actions[0].context, ContextId::Id(4));
/// ```
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
    pub actions: List<ActionRequest<'a>>,
}

/// A reply to a request.
///
/// ```
/// use codec_h248::descriptor::{ErrorCode, ErrorDescriptor};
/// use codec_h248::{TransactionId, TransactionReply, TransactionResult};
///
/// let refused = TransactionReply {
///     id: TransactionId(7),
///     segment: None,
///     immediate_ack: false,
///     result: TransactionResult::Error(ErrorDescriptor::new(ErrorCode::NOT_READY)),
/// };
/// assert!(matches!(refused.result, TransactionResult::Error(error) if error.code.0 == 502));
/// ```
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
///
/// ```
/// use codec_h248::{List, TransactionResult};
///
/// let nothing_done = TransactionResult::Actions(List::new());
/// assert!(matches!(nothing_done, TransactionResult::Actions(actions) if actions.is_empty()));
/// ```
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(
    clippy::large_enum_variant,
    reason = "errors are rare, and memory of its own would cost every message time"
)]
pub enum TransactionResult<'a> {
    /// The transaction as a whole was refused.
    #[cfg_attr(feature = "serde", serde(rename = "transactionError"))]
    Error(ErrorDescriptor<'a>),
    /// One reply for each action that was tried.
    #[cfg_attr(feature = "serde", serde(rename = "actionReplies"))]
    Actions(List<ActionReply<'a>>),
}

/// The place of a reply's segment.
///
/// ```
/// use codec_h248::Segment;
///
/// let second_and_last = Segment { number: 2, last: true };
/// assert_ne!(second_and_last, Segment { last: false, ..second_and_last });
/// ```
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
///
/// ```
/// use codec_h248::{Limits, MessageBody, Segment, SegmentReply, Transaction, TransactionId, decode, list};
///
/// let message = decode(b"!/3 mgc1 SM=7/2/END", &Limits::default())?;
/// let segment = Segment { number: 2, last: true };
/// let received = Transaction::SegmentReply(SegmentReply { id: TransactionId(7), segment });
/// assert_eq!(message.body, MessageBody::Transactions(list![received]));
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
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
///
/// ```
/// use codec_h248::{AckRange, TransactionId};
///
/// let one_to_five = AckRange { first: TransactionId(1), last: TransactionId(5) };
/// assert!(one_to_five.first <= one_to_five.last);
/// ```
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
