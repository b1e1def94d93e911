//! Package items by name: whether a package has one, and whether two names mean the same one
//! (H.248.1 6.2.3, 12).

use std::sync::LazyLock;

use codec_h248::{
    PackageItem,
    package::{ItemDefinition, ItemKind, PackageDefinition, PackageRegistry},
};

static STANDARD: LazyLock<PackageRegistry> = LazyLock::new(PackageRegistry::standard);

/// The item of that name, of the package or of one that it extends.
pub(crate) fn definition(
    kind: ItemKind,
    name: &PackageItem<'_>,
) -> Option<&'static ItemDefinition> {
    STANDARD.item(kind, &name.package, &name.item)
}

/// The package of that name.
pub(crate) fn package(name: &str) -> Option<&'static PackageDefinition> {
    STANDARD.package(name)
}

/// Whether `asked`, which may be `package/*` or `*/*`, means the item `name`.
pub(crate) fn is_meant(kind: ItemKind, asked: &PackageItem<'_>, name: &PackageItem<'_>) -> bool {
    let same_package =
        |other: &str| asked.package == "*" || asked.package.eq_ignore_ascii_case(other);
    if asked.item == "*" {
        return same_package(&name.package) || same_package(origin(kind, name));
    }
    asked.item.eq_ignore_ascii_case(&name.item)
        && (same_package(&name.package)
            || origin(kind, asked).eq_ignore_ascii_case(origin(kind, name)))
}

/// The package that an item is inherited from.
fn origin<'a>(kind: ItemKind, name: &'a PackageItem<'_>) -> &'a str {
    let mut next = package(&name.package);
    while let Some(found) = next {
        if found.item(kind, &name.item).is_some() {
            return &found.name;
        }
        next = found.extends.as_deref().and_then(package);
    }
    &name.package
}
