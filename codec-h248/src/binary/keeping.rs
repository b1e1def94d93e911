//! Elements that the module does not know, kept for those who pass a message on.

use super::{
    BinaryProfile, EncodeError, Unsayable,
    ber::{BerReader, BerWriter, Kept},
    message, too_long,
};
use crate::{DecodeError, Limits, Message};

/// What a message holds beyond the module: elements at the ends of SEQUENCEs that may be extended,
/// each with its place.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Preserved<'a> {
    /// How many SEQUENCEs of the message may be extended.
    pub(super) extensible: usize,
    pub(super) kept: Vec<Kept<'a>>,
}

impl<'a> Preserved<'a> {
    /// Whether the message holds nothing beyond the module.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The elements, in the order of the message.
    pub fn elements(&self) -> impl Iterator<Item = &'a [u8]> {
        self.kept.iter().map(|kept| kept.element)
    }
}

/// Reads a message whole, and keeps the elements that the module does not know.
///
/// ```
/// use codec_h248::{Limits, binary::{self, BinaryProfile}};
///
/// // A Pending from MTP 0A12 with a component that is tagged 9.
/// let octets = [
///     0x30, 23, 0xa1, 21, 0x80, 1, 1, 0xa1, 4, 0x84, 2, 0x0a, 0x12, 0xa2, 10, 0xa1, 8, 0xa1, 6,
///     0x80, 1, 7, 0x89, 1, 0,
/// ];
/// let profile = BinaryProfile::default();
/// let (message, preserved) = binary::decode_keeping(&octets, &Limits::default(), &profile)?;
/// assert_eq!(preserved.elements().collect::<Vec<_>>(), [[0x89, 1, 0]]);
/// let mut out = Vec::new();
/// binary::encode_keeping(&message, &preserved, &profile, &mut out)?;
/// assert_eq!(out, octets);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decode_keeping<'a>(
    octets: &'a [u8],
    limits: &Limits,
    profile: &'a BinaryProfile,
) -> Result<(Message<'a>, Preserved<'a>), DecodeError> {
    too_long(octets, limits)?;
    let mut reader = BerReader::new(octets, limits, profile).keeping();
    let (message, stop) = message::read(&mut reader).map_err(DecodeError::from)?;
    if let Some(error) = stop {
        return Err(error.into());
    }
    let (extensible, kept) = reader.into_kept();
    Ok((message, Preserved { extensible, kept }))
}

/// Appends the message to `out`, with the elements of `preserved` at their places. The message must
/// have the SEQUENCEs that may be extended that it had when it was read: values may have changed,
/// but nothing may have come or gone.
pub fn encode_keeping(
    message: &Message<'_>,
    preserved: &Preserved<'_>,
    profile: &BinaryProfile,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if preserved.is_empty() {
        return super::encode(message, profile, out);
    }
    let mut writer = BerWriter::new(message.version, profile, out)
        .keeping(preserved.extensible, &preserved.kept);
    message::write(&mut writer, message);
    if !writer.has_kept() {
        writer.fail(Unsayable::NotAsRead);
    }
    writer.finish()
}
