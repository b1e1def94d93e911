//! What can be said of a message without decoding it.

use std::fmt;

use crate::{AuthenticationHeader, MId, TransactionId, binary, text};

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
    /// The interim authentication header (H.248.1 10.2), where there is one that can be read.
    pub authentication: Option<AuthenticationHeader>,
    /// The sender, where it can be read.
    pub mid: Option<MId<'a>>,
    /// The octets that an authentication header vouches for, "all the transactions (concatenated)"
    /// (H.248.1 10.2), where it can be told which these are. In text from the first token behind the
    /// header to the last octet of the message; in binary the contents of `transactions`, which has
    /// no octet of its own tag and length. Of a message that is an error, the descriptor likewise.
    pub body: Option<&'a [u8]>,
    pub(crate) walk: PeekedTransactions<'a>,
}

impl<'a> Peek<'a> {
    /// The transactions, as far as they can be told apart: up to the first place that makes no
    /// sense. Takes time in proportion to what is walked.
    pub fn transactions(&self) -> PeekedTransactions<'a> {
        // Its parts one by one: what was written so and is read as a whole is waited for.
        PeekedTransactions {
            encoding: self.walk.encoding,
            rest: self.walk.rest,
            within: false,
        }
    }
}

/// The transactions of a message that is not decoded.
///
/// ```
/// let mut seen = codec_h248::peek(b"!/1 mg1 PN=7{}PN=8{}").transactions();
/// assert_eq!(seen.next().unwrap().id.0, 7);
/// assert_eq!(seen.count(), 1);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PeekedTransactions<'a> {
    pub(crate) encoding: PeekedEncoding,
    /// What is left of the body.
    pub(crate) rest: &'a [u8],
    /// Whether what is left begins within a transaction, which is to be walked over first.
    pub(crate) within: bool,
}

/// How a body is walked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum PeekedEncoding {
    #[default]
    Text,
    Binary,
}

impl Iterator for PeekedTransactions<'_> {
    type Item = PeekedTransaction;

    fn next(&mut self) -> Option<PeekedTransaction> {
        match self.encoding {
            PeekedEncoding::Text => text::next_transaction(self),
            PeekedEncoding::Binary => binary::next_transaction(self),
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

#[cfg(test)]
mod tests {
    use super::TransactionKind::*;

    #[test]
    fn kinds_are_told_in_the_words_of_the_modules() {
        let kinds = [Request, Reply, Pending, ResponseAck, SegmentReply];
        assert_eq!(
            kinds.map(|kind| kind.to_string()),
            [
                "transactionRequest",
                "transactionReply",
                "transactionPending",
                "transactionResponseAck",
                "segmentReply",
            ]
        );
    }
}
