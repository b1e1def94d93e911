//! The text encoding (H.248.1 Annex B): one file for each noun, its reader beside its writer.

mod action;
mod amm;
mod audit;
mod audit_return;
mod caret;
mod command;
mod command_reply;
mod comments;
mod context_attribute;
mod digit_map;
mod error;
mod error_descriptor;
mod event_buffer;
mod events;
mod form;
mod gather;
mod grains;
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
mod peek;
mod profile;
mod reader;
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

pub use self::{
    caret::Caret,
    grains::{
        encode_action_reply, encode_action_reply_with, encode_authenticated, encode_command_reply,
        encode_header, encode_reply, encode_transaction,
    },
    profile::{EmptySignals, KeywordCase, KeywordForm, Style, TextProfile},
};
pub(crate) use self::{
    command_reply::is_context, lex::is_path, modem::is_modem_type, mux::is_mux_type,
    peek::next_transaction, reader::Liberty,
};
use self::{error::wrong, form::write_with, reader::Reader};
use crate::{DecodeError, Expected, Level, Limits, Message, Peek};

/// A message as far as it decodes. Transactions of one message do not depend on each other
/// (H.248.1 8), so that those before one that makes no sense stand; what comes after it is lost,
/// since nobody knows where it begins.
///
/// ```
/// use codec_h248::{Limits, MessageBody, decode_partly};
///
/// let decoded = decode_partly(b"!/1 mg1 PN=7{} T=8{nonsense}", &Limits::default())?;
/// assert!(matches!(&decoded.message.body, MessageBody::Transactions(whole) if whole.len() == 1));
/// assert_eq!(decoded.error.unwrap().transaction.unwrap().0, 8);
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decoded<'a> {
    /// The message, with the transactions that decode; with an error there may be none.
    pub message: Message<'a>,
    /// Why the next transaction does not decode, where there is one.
    pub error: Option<DecodeError>,
}

/// Reads a message, whole or not at all. It borrows from `octets`.
pub fn decode<'a>(octets: &'a [u8], limits: &Limits) -> Result<Message<'a>, DecodeError> {
    whole(&mut Reader::new(octets, limits), limits)
}

/// Reads a message whole, and what of it departs from the grammar.
pub(crate) fn decode_noting<'a>(
    octets: &'a [u8],
    limits: &Limits,
) -> Result<(Message<'a>, Vec<Liberty>), DecodeError> {
    let mut r = Reader::noting(octets, limits);
    let message = whole(&mut r, limits)?;
    Ok((message, r.liberties()))
}

/// Reads a message up to the first transaction that does not decode. It borrows from `octets`.
pub fn decode_partly<'a>(octets: &'a [u8], limits: &Limits) -> Result<Decoded<'a>, DecodeError> {
    let mut r = Reader::new(octets, limits);
    let mut message = head(&mut r, limits)?;
    match message::body(&mut r, &mut message.body) {
        Ok(stop) => Ok(Decoded {
            message,
            error: stop.map(|error| error.locate(octets)),
        }),
        Err(error) => Err(error.locate(octets)),
    }
}

/// A message, read where it is handed out: moving it there would cost more than its header does.
fn whole<'a>(r: &mut Reader<'a>, limits: &Limits) -> Result<Message<'a>, DecodeError> {
    let mut decoded = head(r, limits);
    whole_body(r, &mut decoded);
    decoded
}

#[inline]
fn whole_body<'a>(r: &mut Reader<'a>, decoded: &mut Result<Message<'a>, DecodeError>) {
    if let Ok(message) = decoded
        && let Ok(Some(error)) | Err(error) = message::body(r, &mut message.body)
    {
        *decoded = Err(error.locate(r.octets()));
    }
}

#[inline]
fn head<'a>(r: &mut Reader<'a>, limits: &Limits) -> Result<Message<'a>, DecodeError> {
    let octets = r.octets();
    let head = if octets.len() > limits.octets {
        let expected = Expected::AtMost(limits.octets, "octets");
        Err(wrong(&octets[limits.octets..], expected))
    } else {
        error::level(Level::Message, message::head(r))
    };
    head.map_err(|error| error.locate(octets))
}

/// Appends the message to `out`, in the grammar of its version. What the grammar cannot say, such
/// as a double quote in a quoted string, is the caller's to avoid.
pub fn encode(message: &Message<'_>, profile: &TextProfile, out: &mut Vec<u8>) {
    write_with!(message.version, profile, out, |w| {
        message::write_header(&mut w, message.authentication.as_ref(), &message.mid);
        message::write_body(&mut w, &message.body);
    });
}

/// Reads as much of the header as can be read.
pub fn peek(octets: &[u8]) -> Peek<'_> {
    let mut peek = Peek::default();
    peek::look(octets, &mut peek);
    peek
}
