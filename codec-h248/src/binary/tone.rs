//! Tones by their names (H.248.1 E.3, E.4): those of an item's package, or where `tonegen` or
//! `tonedet` itself is meant, those of the packages that extend it.

use std::borrow::Cow;

use super::enumeration;
use crate::{
    Value,
    package::{PackageDefinition, PackageRegistry},
};

/// The tone that stands for all.
pub(super) const ANY: i64 = 0;

/// The value that a tone's number is.
pub(super) fn value(packages: &PackageRegistry, package: u16, number: i64) -> Value<'_> {
    if number == ANY {
        return Value::bare("*");
    }
    let id = u16::try_from(number).ok();
    Value::bare(match id.and_then(|id| name(packages, package, id)) {
        Some(name) => Cow::Borrowed(name),
        None => Cow::Owned(enumeration::unknown_name(number)),
    })
}

/// The number of a tone; one that has a name has no other.
pub(super) fn number(packages: &PackageRegistry, package: u16, tone: &str) -> Option<i64> {
    if let Some(id) = id(packages, package, tone) {
        let has_name = name(packages, package, id)?.eq_ignore_ascii_case(tone);
        return has_name.then(|| id.into());
    }
    let number = enumeration::unknown_number(tone).filter(|&number| number != ANY)?;
    let id = u16::try_from(number).ok();
    let has_name = id.is_some_and(|id| name(packages, package, id).is_some());
    (!has_name).then_some(number)
}

fn name(packages: &PackageRegistry, package: u16, id: u16) -> Option<&str> {
    packages.tone_by_id(package, id).or_else(|| {
        let base = packages.package_by_id(package)?;
        extending(packages, base).find_map(|package| packages.tone_by_id(package.id, id))
    })
}

fn id(packages: &PackageRegistry, package: u16, tone: &str) -> Option<u16> {
    let base = packages.package_by_id(package)?;
    packages.tone(&base.name, tone).or_else(|| {
        extending(packages, base).find_map(|package| packages.tone(&package.name, tone))
    })
}

fn extending<'p>(
    packages: &'p PackageRegistry,
    base: &'p PackageDefinition,
) -> impl Iterator<Item = &'p PackageDefinition> {
    packages.packages().filter(|package| {
        let extended = package.extends.as_ref();
        extended.is_some_and(|extended| extended.eq_ignore_ascii_case(&base.name))
    })
}
