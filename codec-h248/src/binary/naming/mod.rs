//! Termination names and their binary ids: two name spaces with an exact mapping.
//!
//! | binary | name |
//! | --- | --- |
//! | eight octets FF | `ROOT` |
//! | levels that are provisioned, see [`TerminationLevels`] | `rtp/17`, `tdm/1/3`, `rtp/*` |
//! | without levels: eight octets of ASCII, padded with 00 | what they spell; a wildcard at its end |
//! | anything else | `id_` and the octets in hex; each wildcard field as `_`, its octet in hex, and `*` or `$` |
//!
//! A name is written as what would be read as that name; where nothing would, it cannot be said.

mod ascii;
mod hex;
mod levels;
pub(super) mod number;

use std::borrow::Cow;

pub use self::levels::{BadLevels, TerminationKind, TerminationLevels};
use crate::TerminationId;

/// Octets of an id.
pub(super) const MOST_OCTETS: usize = 8;
/// Wildcard fields of an id: as many as a name of 64 characters can spell.
pub(super) const MOST_FIELDS: usize = 11;
/// The gateway itself.
const ROOT: [u8; MOST_OCTETS] = [0xff; MOST_OCTETS];

/// The bit of a wildcard field that says ALL rather than CHOOSE.
const ALL: u8 = 0x80;
/// The bit of a wildcard field that says that lower levels are wildcarded too.
const LOWER: u8 = 0x40;
/// The bits of a wildcard field that say where its level begins, counted from the last bit.
const POSITION: u8 = 0x3f;

/// A few octets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Few<const N: usize> {
    octets: [u8; N],
    length: usize,
}

impl<const N: usize> Few<N> {
    pub(super) const NONE: Self = Self {
        octets: [0; N],
        length: 0,
    };

    /// One more octet, where there is room.
    pub(super) fn push(&mut self, octet: u8) -> Option<()> {
        *self.octets.get_mut(self.length)? = octet;
        self.length += 1;
        Some(())
    }

    fn of(octets: &[u8]) -> Option<Self> {
        let mut few = Self::NONE;
        few.octets.get_mut(..octets.len())?.copy_from_slice(octets);
        few.length = octets.len();
        Some(few)
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.octets[..self.length]
    }
}

/// The parts of a `TerminationID`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct BinaryId {
    pub(super) fields: Few<MOST_FIELDS>,
    pub(super) id: Few<MOST_OCTETS>,
}

/// The name of what a `TerminationID` stands for, put in the place of ROOT.
#[inline]
pub(super) fn name<'a>(
    levels: &'a TerminationLevels,
    fields: &[u8],
    id: Cow<'a, [u8]>,
    place: &mut TerminationId<'a>,
) {
    if fields.is_empty() {
        if *id == ROOT {
            return;
        }
        if let Some(name) = levels.low_name(&id) {
            *place.text_mut() = Cow::Borrowed(name);
            return;
        }
    }
    spelled(levels, fields, id, place);
}

/// The same of what has a name that is to be spelled.
#[inline(never)]
fn spelled<'a>(
    levels: &TerminationLevels,
    fields: &[u8],
    id: Cow<'a, [u8]>,
    place: &mut TerminationId<'a>,
) {
    let named = if levels.any() {
        levels.name(fields, &id, place.text_mut())
    } else {
        let name = match &id {
            Cow::Borrowed(id) => ascii::name(fields, id),
            Cow::Owned(id) => ascii::name(fields, id).map(|name| Cow::Owned(name.into_owned())),
        };
        name.map(|name| *place = TerminationId::from_name(name))
    };
    if named.is_none() {
        *place = TerminationId::from_name(hex::name(fields, &id));
    }
}

/// What stands for a Termination of this name.
pub(super) fn binary(levels: &TerminationLevels, name: &str) -> Option<BinaryId> {
    if name.eq_ignore_ascii_case("ROOT") {
        return Some(BinaryId {
            fields: Few::NONE,
            id: Few::of(&ROOT)?,
        });
    }
    if let Some(id) = hex::binary(name) {
        return Some(id);
    }
    if levels.any() {
        levels.binary(name)
    } else {
        ascii::binary(name)
    }
}

/// The sign of a wildcard field.
fn sign(field: u8) -> char {
    if field & ALL != 0 { '*' } else { '$' }
}

/// The kind of wildcard that a sign stands for.
fn wildcard(sign: &str) -> Option<u8> {
    match sign {
        "*" => Some(ALL),
        "$" => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
