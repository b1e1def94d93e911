//! The binary encoding (H.248.1 Annex A): one file for each noun, its reader beside its writer.
//!
//! # How the files fit together
//!
//! A noun's file has `read(r) -> Result<Noun, BerError>` and `write(w, &noun)`. Both are about the
//! *contents* of the noun's element; its tag and length are the business of the noun around it,
//! since tags are implicit. The type of the module that they read and write stands in their doc
//! comment, and their components stand in the order of the module:
//!
//! ```text
//! /// `TransactionReply`
//! pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<TransactionReply<'a>, BerError> {
//!     let id = r.mandatory(0, "transactionId", leaf::unsigned)?;
//!     let ack = r.optional(1, "immAckRequired", leaf::null)?.is_some();
//!     let result = r.mandatory(2, "transactionResult", result)?;
//!     let number = r.optional(3, "segmentNumber", leaf::unsigned)?;
//!     r.extensions(4)?;               // only where the module has a marker; 4 is the last tag known
//!     …
//! }
//!
//! /// `TransactionReply`
//! pub(super) fn write(w: &mut BerWriter<'_>, reply: &TransactionReply<'_>) {
//!     w.extensions();                 // the writer goes from the last component to the first
//!     …
//!     w.constructed(2, "transactionResult", |w| write_result(w, &reply.result));
//!     w.null_if(1, reply.immediate_ack);
//!     w.unsigned(0, reply.id.0);
//! }
//! ```
//!
//! * The alternative of a CHOICE is found by `match r.alternative()`, and then read as the
//!   component that it is: `Some(0) => r.mandatory(0, "addReq", amm)`. What is none of them:
//!   `Err(r.wrong(Expected::Rule("…")))`.
//! * SEQUENCE OF: `r.each_sequence("ActionRequest", action::read)` where the entries are
//!   SEQUENCEs, `r.each(|r| …)` where `…` takes one whole entry: a CHOICE, or
//!   `r.element(Tag::INTEGER, "ContextID", leaf::unsigned)`. The writer has the same three.
//! * Values are read by the functions of `leaf`, and written by `w.unsigned(tag, …)`, `w.text`,
//!   `w.octets`, `w.boolean`, `w.enumerated`, `w.bits`; `tag` is a context tag's number or a
//!   universal [`Tag`](self::ber::Tag).
//! * An EXPLICIT tag is `r.mandatory` (`w.constructed`) around the CHOICE's own.
//! * What the two sides have agreed on is `r.profile()` and `w.profile()`.
//! * What cannot be said: `w.fail(Unsayable::…)`, and go on; `w.since(2, "streamID")` where a
//!   component is newer than version 1.
//! * A descriptor's reader is called within `level(Level::Descriptor, …)`, by who calls it.
//! * Functions beside `read` and `write`: `mid::read_shifted(r, 1)` for the alternatives of
//!   ServiceChangeAddress behind `portNumber`; `termination_id::read_list` for TerminationIDList;
//!   `service_change::read_reply` for ServiceChangeResParm; `property::read_audited` for
//!   IndAudPropertyParm (a name, and the property that selects, if any), and `write_audited(w, name,
//!   value)`; `individual_audit::read` takes one whole IndAuditParameter and makes an `AuditItem`
//!   of it.

mod action;
mod amm;
mod audit;
mod audit_return;
mod ber;
mod command;
mod command_reply;
mod context_attribute;
mod digit_map;
mod enumeration;
mod error;
mod error_descriptor;
mod event_buffer;
mod events;
mod extension;
mod fixed_point;
mod grains;
mod hex;
mod individual_audit;
mod individual_description;
mod individual_media;
mod keeping;
mod kind;
mod local_control;
mod media;
mod message;
mod mid;
mod modem;
mod mux;
mod naming;
mod non_standard;
mod observed_events;
mod package_item;
mod packages;
mod parameter;
mod peek;
mod profile;
mod property;
mod service_change;
mod session_description;
mod session_line;
mod signals;
mod statistics;
mod termination_id;
mod termination_state;
mod time_stamp;
mod topology;
mod transaction;
mod typed;
mod untyped;
mod value;
mod wrapped;

#[cfg(test)]
mod tests;

use self::ber::{BerReader, BerWriter};
pub(crate) use self::peek::next_transaction;
pub use self::{
    error::{EncodeError, Unsayable},
    grains::{encode_action_reply, encode_batch, encode_reply, encode_transaction},
    keeping::{Preserved, decode_keeping, encode_keeping},
    naming::{BadLevels, TerminationKind, TerminationLevels},
    profile::BinaryProfile,
};
use crate::{DecodeError, Decoded, Expected, Level, Limits, Message, Peek};

/// Reads a message, whole or not at all. It borrows from `octets` and `profile`. One reader takes
/// all versions: a component that is newer than the message's version is read all the same.
pub fn decode<'a>(
    octets: &'a [u8],
    limits: &Limits,
    profile: &'a BinaryProfile,
) -> Result<Message<'a>, DecodeError> {
    let Decoded { message, error } = decode_partly(octets, limits, profile)?;
    match error {
        Some(error) => Err(error),
        None => Ok(message),
    }
}

/// Reads a message up to the first transaction that does not decode. It borrows from `octets` and
/// `profile`.
pub fn decode_partly<'a>(
    octets: &'a [u8],
    limits: &Limits,
    profile: &'a BinaryProfile,
) -> Result<Decoded<'a>, DecodeError> {
    too_long(octets, limits)?;
    let mut reader = BerReader::new(octets, limits, profile);
    let (message, error) = message::read(&mut reader)?;
    Ok(Decoded {
        message,
        error: error.map(DecodeError::from),
    })
}

/// Refuses octets that are more than a message may have.
fn too_long(octets: &[u8], limits: &Limits) -> Result<(), DecodeError> {
    if octets.len() <= limits.octets {
        return Ok(());
    }
    Err(DecodeError {
        expected: Expected::AtMost(limits.octets, "octets"),
        span: limits.octets..octets.len(),
        level: Level::Message,
        transaction: None,
        context: None,
        path: Vec::new(),
        answerable: true,
    })
}

/// Appends the message to `out`, in the module of its version; with an error nothing is appended.
pub fn encode(
    message: &Message<'_>,
    profile: &BinaryProfile,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut writer = BerWriter::new(message.version, profile, out);
    message::write(&mut writer, message);
    writer.finish()
}

/// Reads as much of the header as can be read.
pub fn peek(octets: &[u8]) -> Peek<'_> {
    peek::peek(octets)
}
