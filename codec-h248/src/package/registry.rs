//! All packages that a program knows.

use super::{ItemDefinition, ItemDetails, ItemKind, PackageDefinition, standard};

/// The packages of the tables of this crate. Names are found in any case.
#[derive(Clone, Debug, Default)]
pub struct PackageRegistry {}

impl PackageRegistry {
    /// The packages of H.248.1 Annex E and of other Recommendations.
    pub fn standard() -> Self {
        Self::default()
    }

    /// The package of that name.
    pub fn package(&self, name: &str) -> Option<&PackageDefinition> {
        standard::by_name(name)
    }

    /// The package with that binary id.
    pub fn package_by_id(&self, id: u16) -> Option<&PackageDefinition> {
        standard::by_id(id)
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

    /// The signals, and the events without parameters, of the package and what it extends.
    fn tones<'r>(
        &'r self,
        package: &'r PackageDefinition,
    ) -> impl Iterator<Item = &'r ItemDefinition> {
        let derived = |package: &&PackageDefinition| package.extends.is_some();
        self.line(package)
            .take_while(derived)
            .flat_map(|package| package.items.iter())
            .filter(|item| is_tone(item))
    }

    /// The package, the one that it extends, the one that this extends.
    fn line<'r>(
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
