//! The text encoding (H.248.1 Annex B): one file for each noun, its reader beside its writer.

mod action;
mod amm;
mod audit;
mod audit_return;
mod command;
mod command_reply;
mod context_attribute;
mod digit_map;
mod error;
mod error_descriptor;
mod event_buffer;
mod events;
mod individual_audit;
mod individual_media;
mod lex;
mod local_control;
mod media;
mod message;
mod mid;
mod modem;
mod mux;
mod observed_events;
mod packages;
mod reading;
mod service_change;
mod session_description;
mod signals;
mod statistics;
mod termination_id;
mod termination_state;
mod time_stamp;
mod token;
mod topology;
mod transaction;
mod value;
mod write;

#[cfg(test)]
mod tests;

use self::{
    error::{TextError, wrong},
    reading::Reading,
    write::Writer,
};
use crate::{DecodeError, Expected, Limits, MId, Message, Transaction, TransactionId};

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
    /// The version, where it can be read; it may be one that this crate does not speak.
    pub version: Option<u8>,
    /// The sender, where it can be read.
    pub mid: Option<MId<'a>>,
    /// The first transaction request's number, where it can be read. It is not looked for behind
    /// a transaction reply.
    pub request: Option<TransactionId>,
}

/// Reads a message. It borrows from `octets`.
pub fn decode<'a>(octets: &'a [u8], limits: &Limits) -> Result<Message<'a>, DecodeError> {
    let locate = |error: nom::Err<TextError<'a>>| match error {
        nom::Err::Error(error) | nom::Err::Failure(error) => error.locate(octets),
        nom::Err::Incomplete(_) => unreachable!("every parser is complete"),
    };
    if octets.len() > limits.octets {
        let expected = Expected::AtMost(limits.octets, "octets");
        return Err(locate(wrong(&octets[limits.octets..], expected)));
    }
    match message::read(octets, &Reading::new(limits)) {
        Ok((_, message)) => Ok(message),
        Err(error) => Err(locate(error)),
    }
}

/// Appends the message to `out`, in the grammar of its version. What the grammar cannot say, such
/// as a double quote in a quoted string, is the caller's to avoid.
pub fn encode(message: &Message<'_>, profile: &TextProfile, out: &mut Vec<u8>) {
    let mut w = Writer::new(message.version, profile, out);
    message::write_header(&mut w, message.authentication.as_ref(), &message.mid);
    message::write_body(&mut w, &message.body);
}

/// Appends what stands before the first transaction of a message without authentication header;
/// [`encode_transaction`] appends the transactions.
pub fn encode_header(version: u8, mid: &MId<'_>, profile: &TextProfile, out: &mut Vec<u8>) {
    message::write_header(&mut Writer::new(version, profile, out), None, mid);
}

/// Appends one transaction to `out`, as it stands in a message of `version`.
pub fn encode_transaction(
    transaction: &Transaction<'_>,
    version: u8,
    profile: &TextProfile,
    out: &mut Vec<u8>,
) {
    transaction::write(&mut Writer::new(version, profile, out), transaction);
}

/// Reads as much of the header and of the first transactions as can be read.
pub fn peek(octets: &[u8]) -> Peek<'_> {
    message::peek(octets)
}
