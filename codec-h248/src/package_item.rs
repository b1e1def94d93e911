//! Names of package items: `package/item` (H.248.1 12, Annex B.2 `pkgdName`).

use std::{borrow::Cow, fmt};

use bounded_static::ToStatic;

/// A property, event, signal or statistic of a package; `*` stands for all. It keeps its spelling;
/// comparison ignores case.
///
/// ```
/// use codec_h248::PackageItem;
///
/// const OFF_HOOK: PackageItem<'static> = PackageItem::known("al", "of");
/// assert!(OFF_HOOK.is("AL", "OF"));
/// assert_eq!(OFF_HOOK.to_string(), "al/of");
/// ```
#[derive(Clone, Debug, ToStatic)]
pub struct PackageItem<'a> {
    /// The package, or `*`.
    pub package: Cow<'a, str>,
    /// The item, or `*`.
    pub item: Cow<'a, str>,
}

impl PackageItem<'static> {
    /// An item that the program itself knows.
    pub const fn known(package: &'static str, item: &'static str) -> Self {
        Self {
            package: Cow::Borrowed(package),
            item: Cow::Borrowed(item),
        }
    }
}

impl PackageItem<'_> {
    /// Whether this is `package/item`, in any case.
    pub fn is(&self, package: &str, item: &str) -> bool {
        self.package.eq_ignore_ascii_case(package) && self.item.eq_ignore_ascii_case(item)
    }
}

impl PartialEq for PackageItem<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.package, &other.item)
    }
}

impl Eq for PackageItem<'_> {}

impl fmt::Display for PackageItem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.package, self.item)
    }
}
