//! Packages (H.248.1 Annex B.2 `packagesDescriptor`).

use super::{
    error::{Read, fail},
    form::Form,
    lex::word_uint16,
    reader::Reader,
    write::Writer,
};
use crate::{Name, descriptor::PackageVersion, name::is_name};

/// `packagesItem`
pub(super) fn item<'a>(r: &mut Reader<'a>) -> Read<'a, PackageVersion<'a>> {
    let at = r.rest();
    let found = r.word("packagesItem")?;
    match split(found, r) {
        Some(item) => Ok(item),
        None => fail(at, "packagesItem"),
    }
}

fn split<'a>(word: &'a [u8], r: &Reader<'a>) -> Option<PackageVersion<'a>> {
    let hyphen = word.iter().position(|&octet| octet == b'-')?;
    let name = Some(&word[..hyphen]).filter(|name| is_name(name))?;
    Some(PackageVersion {
        name: Name::from(r.text(name)),
        version: word_uint16(&word[hyphen + 1..])?,
    })
}

/// `packagesItem`
pub(super) fn write_item(w: &mut Writer<'_, impl Form>, package: &PackageVersion<'_>) {
    w.text(package.name.as_str());
    w.sign(b'-');
    w.number(package.version);
}
