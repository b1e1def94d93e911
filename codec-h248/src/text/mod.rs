//! The text encoding (H.248.1 Annex B).

use crate::{DecodeError, Limits, MId, Message, Transaction, TransactionId};

/// How text is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Style {
    /// Long tokens, one idea a line.
    #[default]
    Pretty,
    /// Short tokens, no white space that can be left out.
    Compact,
}

/// How a peer wants its text.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TextProfile {
    /// Tokens and white space.
    pub style: Style,
}

/// What can be said of a message without decoding it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Peek<'a> {
    /// The version, where it can be read.
    pub version: Option<u8>,
    /// The sender, where it can be read.
    pub mid: Option<MId<'a>>,
    /// The first transaction request's number, where it can be read.
    pub request: Option<TransactionId>,
}

/// Reads a message. It borrows from `octets`.
pub fn decode<'a>(octets: &'a [u8], limits: &Limits) -> Result<Message<'a>, DecodeError> {
    let _ = (octets, limits);
    unimplemented!()
}

/// Appends the message to `out`.
pub fn encode(message: &Message<'_>, profile: &TextProfile, out: &mut Vec<u8>) {
    let _ = (message, profile, out);
    unimplemented!()
}

/// Appends one transaction to `out`, as it stands in a message of `version`.
pub fn encode_transaction(
    transaction: &Transaction<'_>,
    version: u8,
    profile: &TextProfile,
    out: &mut Vec<u8>,
) {
    let _ = (transaction, version, profile, out);
    unimplemented!()
}

/// Reads as much of the header and of the first transaction as can be read.
pub fn peek(octets: &[u8]) -> Peek<'_> {
    let _ = octets;
    unimplemented!()
}
