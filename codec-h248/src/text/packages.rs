//! Packages (H.248.1 Annex B.2 `packagesDescriptor`).

use super::{
    error::{Parsed, fail},
    lex::{word, word_uint16},
    reading::Reading,
    write::Writer,
};
use crate::{Name, descriptor::PackageVersion, name::is_name};

/// `packagesItem`
pub(super) fn item<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, PackageVersion<'a>> {
    let (rest, found) = word(i, "packagesItem")?;
    match split(found, reading) {
        Some(item) => Ok((rest, item)),
        None => fail(i, "packagesItem"),
    }
}

fn split<'a>(word: &'a [u8], reading: &Reading<'a>) -> Option<PackageVersion<'a>> {
    let hyphen = word.iter().position(|&octet| octet == b'-')?;
    let name = Some(&word[..hyphen]).filter(|name| is_name(name))?;
    Some(PackageVersion {
        name: Name::from(reading.text(name)),
        version: word_uint16(&word[hyphen + 1..])?,
    })
}

/// `packagesItem`
pub(super) fn write_item(w: &mut Writer<'_>, package: &PackageVersion<'_>) {
    w.text(package.name.as_str());
    w.sign(b'-');
    w.number(package.version);
}
