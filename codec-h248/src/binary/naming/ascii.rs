//! Ids where no levels are provisioned: the name's octets, padded with 00 to eight.

use std::borrow::Cow;

use super::{ALL, BinaryId, Few, LOWER, MOST_OCTETS, POSITION, hex, sign, wildcard};

/// What an id of eight octets spells, if it spells something.
pub(super) fn name<'a>(fields: &[u8], id: &'a [u8]) -> Option<Cow<'a, str>> {
    if id.len() != MOST_OCTETS {
        return None;
    }
    match fields {
        [] => {
            let used = id.iter().position(|&octet| octet == 0).unwrap_or(id.len());
            let (name, padding) = id.split_at(used);
            let padded = padding.iter().all(|&octet| octet == 0);
            spelled(name)
                .filter(|name| padded && stands_for_itself(name))
                .map(Cow::Borrowed)
        }
        &[field] => {
            let behind = usize::from(field & POSITION) + 1;
            if field & LOWER == 0 || !behind.is_multiple_of(8) {
                return None;
            }
            let prefix = &id[..MOST_OCTETS - behind / 8];
            let prefix = if prefix.is_empty() {
                Some("")
            } else {
                spelled(prefix)
            };
            prefix.map(|prefix| with_sign(prefix, field))
        }
        _ => None,
    }
}

fn with_sign(prefix: &str, field: u8) -> Cow<'_, str> {
    match (prefix, field & ALL) {
        ("", 0) => Cow::Borrowed("$"),
        ("", _) => Cow::Borrowed("*"),
        (_, _) => {
            let mut name = String::with_capacity(MOST_OCTETS);
            name.push_str(prefix);
            name.push(sign(field));
            Cow::Owned(name)
        }
    }
}

/// The octets as part of a name without wildcards.
fn spelled(octets: &[u8]) -> Option<&str> {
    let legal = |octet: &u8| {
        octet.is_ascii_alphanumeric() || matches!(octet, b'/' | b'_' | b'@' | b'.' | b'-')
    };
    let begins = octets.first().is_some_and(u8::is_ascii_alphanumeric);
    let name = std::str::from_utf8(octets).ok()?;
    (begins && octets.iter().all(legal)).then_some(name)
}

/// Whether a name means nothing else.
fn stands_for_itself(name: &str) -> bool {
    !name.eq_ignore_ascii_case("ROOT") && hex::binary(name).is_none()
}

/// The id of a name of at most eight octets, with a wildcard at its end or none.
pub(super) fn binary(name: &str) -> Option<BinaryId> {
    let split = name.len().checked_sub(1)?;
    let field = name.get(split..).and_then(wildcard);
    let prefix = if field.is_some() {
        &name[..split]
    } else {
        name
    };
    if field.is_none() || !prefix.is_empty() {
        spelled(prefix.as_bytes())?;
    }
    let mut id = Few::of(prefix.as_bytes())?;
    let mut fields = Few::NONE;
    if let Some(kind) = field {
        let behind = 8 * MOST_OCTETS.checked_sub(prefix.len())?;
        let position = u8::try_from(behind.checked_sub(1)?).ok()?;
        fields.push(kind | LOWER | position)?;
    }
    id.length = MOST_OCTETS;
    Some(BinaryId { fields, id })
}
