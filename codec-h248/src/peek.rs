//! What can be said of a message without decoding it.

use std::fmt;

use crate::{MId, TransactionId, text};

/// The header of a message, and a way to look at what its transactions are.
///
/// ```
/// use codec_h248::{TransactionKind, peek};
///
/// let seen = peek(b"!/3 <mgc1.example.net> T=7{ nonsense } PN=8{}");
/// assert_eq!(seen.version, Some(3));
/// assert_eq!(seen.mid.as_ref().unwrap().to_string(), "<mgc1.example.net>");
/// let kinds: Vec<_> = seen.transactions().map(|seen| (seen.kind, seen.id.0)).collect();
/// assert_eq!(kinds, [(TransactionKind::Request, 7), (TransactionKind::Pending, 8)]);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Peek<'a> {
    /// The version, where it can be read; it may be one that this crate does not speak.
    pub version: Option<u8>,
    /// The sender, where it can be read.
    pub mid: Option<MId<'a>>,
    pub(crate) body: PeekedTransactions<'a>,
}

impl<'a> Peek<'a> {
    /// The transactions, as far as they can be told apart: up to the first place that makes no
    /// sense. Takes time in proportion to what is walked.
    pub fn transactions(&self) -> PeekedTransactions<'a> {
        self.body.clone()
    }
}

/// The transactions of a message that is not decoded.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum PeekedTransactions<'a> {
    /// None can be told.
    #[default]
    None,
    /// The text that is left.
    Text(&'a [u8]),
    /// The elements that are left.
    Binary(&'a [u8]),
}

impl Iterator for PeekedTransactions<'_> {
    type Item = PeekedTransaction;

    fn next(&mut self) -> Option<PeekedTransaction> {
        match self {
            Self::None | Self::Binary(_) => None,
            Self::Text(rest) => text::next_transaction(rest),
        }
    }
}

/// One transaction of a message that is not decoded.
///
/// ```
/// use codec_h248::{PeekedTransaction, TransactionId, TransactionKind, peek};
///
/// let first = peek(b"!/1 mg1 P=7{}").transactions().next();
/// let reply = PeekedTransaction { kind: TransactionKind::Reply, id: TransactionId(7) };
/// assert_eq!(first, Some(reply));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PeekedTransaction {
    /// What it is.
    pub kind: TransactionKind,
    /// Its number; of an acknowledgement the first that it names.
    pub id: TransactionId,
}

/// What a transaction is (H.248.1 8.2).
///
/// ```
/// assert_eq!(codec_h248::TransactionKind::Pending.to_string(), "transactionPending");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TransactionKind {
    /// A request.
    Request,
    /// A reply, or a segment of one.
    Reply,
    /// A Pending.
    Pending,
    /// Acknowledgements of replies.
    ResponseAck,
    /// The acknowledgement of a segment (version 3).
    SegmentReply,
}

impl fmt::Display for TransactionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "transactionRequest",
            Self::Reply => "transactionReply",
            Self::Pending => "transactionPending",
            Self::ResponseAck => "transactionResponseAck",
            Self::SegmentReply => "segmentReply",
        })
    }
}
