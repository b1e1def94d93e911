//! All packages that a program knows.

use std::collections::BTreeMap;

use super::{
    ItemDefinition, ItemDetails, ItemKind, PackageDefinition, PackageError, PackageFault, adding,
    standard,
};
use crate::spelling::Spelling;

/// The packages of the tables of this crate, and others that were added. Names are found in any
/// case.
///
/// ```
/// use codec_h248::package::{PackageDefinition, PackageRegistry};
///
/// let mut packages = PackageRegistry::standard();
/// packages.add(PackageDefinition {
///     name: "acme".into(),
///     id: 0x8001,
///     version: 1,
///     extends: Some("nt".into()),
///     items: Vec::new().into(),
/// })?;
/// assert_eq!(packages.package_by_id(0x8001).map(|package| &*package.name), Some("acme"));
/// # Ok::<(), codec_h248::package::PackageError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PackageRegistry {
    added: BTreeMap<u16, PackageDefinition>,
    /// The ids of those that were added, by their names.
    ids: Vec<(Box<str>, u16)>,
}

impl PackageRegistry {
    /// The packages of H.248.1 Annex E and of other Recommendations.
    pub const fn standard() -> Self {
        Self {
            added: BTreeMap::new(),
            ids: Vec::new(),
        }
    }

    /// Adds a package, of a vendor for example. A package that is known by its name alone may be
    /// added in full.
    ///
    /// # Errors
    /// What stands against it: names that are none, ids that mean something else, names or ids
    /// that a known package or another item has, a base that is not known.
    pub fn add(&mut self, package: PackageDefinition) -> Result<(), PackageError> {
        adding::check(self, &package)?;
        self.vacant(&package)?;
        let place = self.place_of(&package.name).unwrap_or_else(|place| place);
        self.ids
            .insert(place, (package.name.as_ref().into(), package.id));
        self.added.insert(package.id, package);
        Ok(())
    }

    /// That no other package has this one's name or id.
    fn vacant(&self, package: &PackageDefinition) -> Result<(), PackageError> {
        let refuse = |fault| {
            Err(PackageError {
                place: package.name.to_string(),
                fault,
            })
        };
        if let Some(other) = self.package_by_id(package.id)
            && !self.is_outline(other)
        {
            let by = other.name.to_string();
            return refuse(PackageFault::IdTaken { id: package.id, by });
        }
        match self.package(&package.name) {
            Some(other) if other.id != package.id => {
                let by = format!("the package {:#06X}", other.id);
                refuse(PackageFault::NameTaken { by })
            }
            _ => Ok(()),
        }
    }

    /// Whether the package is known by its name alone, and no other builds on it.
    fn is_outline(&self, package: &PackageDefinition) -> bool {
        let extends = |other: &PackageDefinition| {
            let base = other.extends.as_ref();
            base.is_some_and(|base| base.eq_ignore_ascii_case(&package.name))
        };
        package.items.is_empty()
            && !self.added.contains_key(&package.id)
            && !self.packages().any(extends)
    }

    /// All packages: those of the tables by their ids, then those that were added by theirs.
    pub fn packages(&self) -> impl Iterator<Item = &PackageDefinition> {
        let is_current = |package: &&PackageDefinition| !self.added.contains_key(&package.id);
        let standard = standard::STANDARD.iter().filter(is_current);
        standard.chain(self.added.values())
    }

    /// The package of that name.
    pub fn package(&self, name: &str) -> Option<&PackageDefinition> {
        let standard = standard::by_name(name);
        if self.added.is_empty() {
            return standard;
        }
        let place = match standard {
            Some(found) if !self.added.contains_key(&found.id) => return Some(found),
            _ => self.place_of(name).ok()?,
        };
        self.added.get(&self.ids.get(place)?.1)
    }

    fn place_of(&self, name: &str) -> Result<usize, usize> {
        self.ids
            .binary_search_by(|(known, _)| Spelling(known).cmp(&Spelling(name)))
    }

    /// The package with that binary id.
    pub fn package_by_id(&self, id: u16) -> Option<&PackageDefinition> {
        self.added.get(&id).or_else(|| standard::by_id(id))
    }

    /// An item of a package or of one that it extends. Its binary name is the id of the package
    /// that was asked for and the id of the item, wherever that is defined (H.248.1 6.2.3).
    pub fn item(&self, kind: ItemKind, package: &str, item: &str) -> Option<&ItemDefinition> {
        self.item_of(self.package(package)?, kind, item)
    }

    /// The same by binary ids.
    pub fn item_by_id(&self, kind: ItemKind, package: u16, item: u16) -> Option<&ItemDefinition> {
        self.item_of_by_id(self.package_by_id(package)?, kind, item)
    }

    /// An item of this package or of one that it extends.
    pub fn item_of<'r>(
        &'r self,
        package: &'r PackageDefinition,
        kind: ItemKind,
        item: &str,
    ) -> Option<&'r ItemDefinition> {
        self.line(package)
            .find_map(|package| package.item(kind, item))
    }

    /// The same by the item's binary id.
    pub fn item_of_by_id<'r>(
        &'r self,
        package: &'r PackageDefinition,
        kind: ItemKind,
        item: u16,
    ) -> Option<&'r ItemDefinition> {
        self.line(package)
            .find_map(|package| package.item_by_id(kind, item))
    }

    /// The binary id of a tone of a package that extends `tonegen` or `tonedet`: the value of a
    /// parameter of [`super::ValueType::ToneId`] of its items (H.248.1 E.3, E.4).
    ///
    /// ```
    /// use codec_h248::package::PackageRegistry;
    ///
    /// assert_eq!(PackageRegistry::standard().tone("dd", "do"), Some(0x0021));
    /// ```
    pub fn tone(&self, package: &str, name: &str) -> Option<u16> {
        self.tones(self.package(package)?)
            .find(|tone| tone.name.eq_ignore_ascii_case(name))
            .map(|tone| tone.id)
    }

    /// The name of the tone with that id.
    pub fn tone_by_id(&self, package: u16, id: u16) -> Option<&str> {
        self.tones(self.package_by_id(package)?)
            .find(|tone| tone.id == id)
            .map(|tone| tone.name.as_ref())
    }

    /// The signals, and the events without parameters, of all in the line but its last, which is
    /// `tonegen` or `tonedet`.
    fn tones<'r>(
        &'r self,
        package: &'r PackageDefinition,
    ) -> impl Iterator<Item = &'r ItemDefinition> {
        let extends = |package: &&PackageDefinition| package.extends.is_some();
        let of_tones = self
            .line(package)
            .last()
            .is_some_and(|last| matches!(last.name.as_ref(), "tonegen" | "tonedet"));
        self.line(package)
            .take_while(move |package| of_tones && extends(package))
            .flat_map(|package| package.items.iter())
            .filter(|item| is_tone(item))
    }

    /// The package, the one that it extends, the one that this extends. The line ends, since a
    /// package is added after its base.
    pub(super) fn line<'r>(
        &'r self,
        package: &'r PackageDefinition,
    ) -> impl Iterator<Item = &'r PackageDefinition> {
        std::iter::successors(Some(package), |package| {
            self.package(package.extends.as_ref()?)
        })
    }
}

fn is_tone(item: &ItemDefinition) -> bool {
    match &item.details {
        ItemDetails::Signal { .. } => true,
        ItemDetails::Event { .. } => item.parameters().next().is_none(),
        ItemDetails::Property { .. } | ItemDetails::Statistic { .. } => false,
    }
}
