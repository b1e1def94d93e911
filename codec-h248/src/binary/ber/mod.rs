//! BER (X.690) as H.248.1 Annex A uses it: elements in order, by context tag.
//!
//! Reading walks forward and takes every form that BER allows; writing goes from the last octet to
//! the first, so that each length is known when its header is written, and makes the shortest form.

mod error;
pub(super) mod leaf;
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
