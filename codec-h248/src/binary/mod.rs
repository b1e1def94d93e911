//! The binary encoding (H.248.1 Annex A): one file for each noun, its reader beside its writer.
//!
//! Reading takes every form that BER has for a message, and what later versions may add; writing
//! makes the shortest form, in the module of the message's version. Binary calls many things by
//! numbers that text calls by names: a [`BinaryProfile`] says which. What has no name there is called
//! by its number:
//!
//! | number of | name where nothing is known |
//! | --- | --- |
//! | a package, an item, a parameter, a digit map | `id_8123` |
//! | a value of an enumeration | `enum_5` |
//! | a Termination | `id_010203`, with a wildcard field `id_010203_87*` |
//!
//! Such a name is written as that number. A name that has no number is an [`EncodeError`].
//!
//! ```
//! use codec_h248::binary::{self, BinaryProfile, TerminationKind, TerminationLevels};
//! use codec_h248::{Limits, decode};
//!
//! let kinds = vec![TerminationKind::new("rtp", 2)];
//! let profile = BinaryProfile {
//!     terminations: TerminationLevels::new(vec![8, 8, 8], kinds)?,
//!     ..BinaryProfile::default()
//! };
//! let message = decode(b"!/1 mg1 T=7{C=4{S=rtp/1}}", &Limits::default())?;
//! let mut octets = Vec::new();
//! binary::encode(&message, &profile, &mut octets)?;
//! assert_eq!(octets.len(), 49);
//! assert_eq!(binary::decode(&octets, &Limits::default(), &profile)?, message);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
mod tone;
mod topology;
mod transaction;
mod typed;
mod untyped;
mod value;
mod wrapped;

#[cfg(test)]
mod tests;

use self::ber::{BerReader, BerWriter};
pub use self::{
    error::{EncodeError, Unsayable},
    grains::{
        encode_action_reply, encode_action_reply_with, encode_authenticated, encode_batch,
        encode_command_reply, encode_reply, encode_transaction,
    },
    keeping::{Preserved, decode_keeping, encode_keeping},
    naming::{BadLevels, TerminationKind, TerminationLevels},
    profile::BinaryProfile,
};
pub(crate) use self::{
    fixed_point::number as fixed_point_number, kind::is_packet_loss, peek::next_transaction,
};
use crate::{DecodeError, Decoded, Expected, Level, Limits, Message, Peek};

/// Reads a message, whole or not at all. It borrows from `octets` and `profile`. One reader takes
/// all versions: a component that is newer than the message's version is read all the same.
pub fn decode<'a>(
    octets: &'a [u8],
    limits: &Limits,
    profile: &'a BinaryProfile,
) -> Result<Message<'a>, DecodeError> {
    too_long(octets, limits)?;
    let mut reader = BerReader::new(octets, limits, profile);
    message::read_whole(&mut reader)
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
    let mut peek = Peek::default();
    let _ = peek::look(octets, &mut peek);
    peek
}
