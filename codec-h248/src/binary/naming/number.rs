//! Numbers of two octets that have no name: `id_0001`.

use super::hex;

/// The name of a number.
pub(in crate::binary) fn name(number: u16) -> String {
    hex::name(&[], &number.to_be_bytes())
}

/// The number that a name spells.
pub(in crate::binary) fn read(name: &str) -> Option<u16> {
    let found = hex::binary(name).filter(|found| found.fields.as_slice().is_empty())?;
    <[u8; 2]>::try_from(found.id.as_slice())
        .ok()
        .map(u16::from_be_bytes)
}
