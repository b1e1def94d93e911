//! BER (X.690) as H.248.1 Annex A uses it: elements in order, by context tag.
//!
//! Reading walks forward and takes every form that BER allows; writing goes from the last octet to
//! the first, so that each length is known when its header is written, and makes the shortest form.
//!
//! # How a noun's file uses it
//!
//! A noun's file has `read(r) -> Result<Noun, BerError>` and `write(w, &noun)`. Both are about the
//! *contents* of the noun's element; its tag and length are the business of the noun around it,
//! since tags are implicit. The type of the module that they read and write stands in their doc
//! comment, and their components stand in the order of the module:
//!
//! ```text
//! /// `TransactionReply`
//! pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<TransactionReply<'a>, BerError> {
//!     let id = r.unsigned(0, "transactionId")?;
//!     let ack = r.optional_value(1, "immAckRequired", leaf::null)?.is_some();
//!     let result = r.mandatory(2, "transactionResult", result)?;
//!     let number = r.optional_unsigned(3, "segmentNumber")?;
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
//! * What is large or stands in most messages is not handed up: `read(r, list)` adds it to its list,
//!   best as one that says nothing, by `list.add(|| noun)`, before its components are read, and
//!   `read(r, noun)` puts it in the place of one that says nothing. A result is written word by
//!   word and moved in larger pieces at once, which a processor waits for. Where an error follows,
//!   what was added is dropped with the list, or by who keeps that.
//! * SEQUENCE OF: `r.each_sequence("ActionRequest", action::read)` where the entries are
//!   SEQUENCEs, `r.each(|r| …)` where `…` takes one whole entry: a CHOICE, or
//!   `r.element(Tag::INTEGER, "ContextID", leaf::unsigned)`. The writer has the same three. Readers
//!   that add to a list go with `r.fill_sequences("ActionRequest", &mut list, …)` and `r.fill`.
//! * Values are read by the functions of `leaf` within `r.value` and `r.optional_value`, those that
//!   nearly all elements are by `r.unsigned`, `r.optional_unsigned`, `r.array` and `r.octets` in less
//!   time, and written by `w.unsigned(tag, …)`, `w.text`, `w.octets`, `w.boolean`, `w.enumerated`,
//!   `w.bits`; `tag` is a context tag's number or a universal [`Tag`].
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

mod error;
mod header;
pub(super) mod leaf;
mod quick;
mod reader;
mod tag;
mod writer;

pub(super) use self::{
    error::{BerError, level, of_context, of_transaction, unanswered},
    reader::{BerReader, Kept},
    tag::Tag,
    writer::BerWriter,
};

#[cfg(test)]
mod tests;
