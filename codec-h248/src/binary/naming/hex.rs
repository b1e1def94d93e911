//! Ids that no other form spells: `id_010203`, and `id_010203_87*` with a wildcard field.

use std::fmt::Write as _;

use super::{ALL, BinaryId, Few, sign};
use crate::binary::hex::octet;

/// What the name of an id in hex begins with.
pub(super) const PREFIX: &str = "id_";

/// The name of any id.
pub(super) fn name(fields: &[u8], id: &[u8]) -> String {
    let mut name = String::with_capacity(PREFIX.len() + 2 * id.len() + 4 * fields.len());
    name.push_str(PREFIX);
    for octet in id {
        let _ = write!(name, "{octet:02x}");
    }
    for &field in fields {
        let _ = write!(name, "_{field:02x}{}", sign(field));
    }
    name
}

/// The id of a name in hex.
pub(super) fn binary(name: &str) -> Option<BinaryId> {
    let lead = name.get(..PREFIX.len())?;
    if !lead.eq_ignore_ascii_case(PREFIX) {
        return None;
    }
    let mut parts = name[PREFIX.len()..].split('_');
    let mut id = Few::NONE;
    let digits = parts.next().filter(|digits| !digits.is_empty())?;
    for pair in digits.as_bytes().chunks(2) {
        id.push(octet(pair)?)?;
    }
    let mut fields = Few::NONE;
    for part in parts {
        let (pair, mark) = part.as_bytes().split_at_checked(2)?;
        let field = octet(pair)?;
        let all = match mark {
            b"*" => true,
            b"$" => false,
            _ => return None,
        };
        if all != (field & ALL != 0) {
            return None;
        }
        fields.push(field)?;
    }
    Some(BinaryId { fields, id })
}
