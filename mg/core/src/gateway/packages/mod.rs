//! Which packages the gateway has, and what it takes of them (H.248.1 12, Annex E).
//!
//! The tables say what there is, a file each family; the checks, the sounds and the capabilities are
//! read from them. Packages of a vendor come from the configuration: they are checked by their types,
//! kept and returned, and mean nothing here.

mod announcement;
mod capability;
mod conference;
mod events;
mod generic;
mod line;
mod network;
mod of_context;
mod properties;
mod recording;
mod signals;
pub(crate) mod sounds;
pub(crate) mod table;
#[cfg(test)]
mod tests;
mod tones;
mod values;

use std::{collections::BTreeSet, sync::Arc};

use codec_h248::{
    PackageItem, ToBoundedStatic,
    descriptor::{PackageVersion, PackagesDescriptor},
    package::{ItemDefinition, ItemKind, PackageDefinition, PackageRegistry},
};

use self::table::Package;
pub(crate) use self::{
    events::is_completion,
    properties::{assumed, defaults, over},
    signals::{Prepared, members_of},
    values::{members, number_of, text_of},
};
use super::{items, statistics::Table, vendor_statistics::Vendors};
use crate::{CommandError, Config};

/// All packages but those of vendors.
static TABLES: [Package; 22] = [
    generic::G,
    generic::ROOT,
    generic::IT,
    generic::SEG,
    generic::NB,
    generic::CHP,
    generic::OCP,
    network::NT,
    network::RTP,
    network::TDMC,
    tones::TONEGEN,
    tones::TONEDET,
    tones::DG,
    tones::DD,
    tones::CG,
    tones::CD,
    line::AL,
    line::CT,
    announcement::AN,
    recording::AASB,
    recording::AASREC,
    conference::ZCONFMIX,
];

/// What is asked about: the gateway itself or a Termination.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Owner {
    /// ROOT.
    Root,
    /// An RTP Termination.
    Rtp,
    /// An analog line.
    Analog,
    /// A channel of a trunk.
    Trunk,
}

/// Every kind of Termination.
const TERMINATIONS: &[Owner] = &[Owner::Rtp, Owner::Analog, Owner::Trunk];

impl Owner {
    fn packages(self) -> impl Iterator<Item = &'static Package> {
        TABLES
            .iter()
            .filter(move |package| package.owners.contains(&self))
    }

    /// Those that a controller is told of.
    fn published(self) -> impl Iterator<Item = &'static Package> {
        self.packages().filter(|package| !package.base_only)
    }

    /// The package of that name.
    pub(crate) fn package(self, name: &str) -> Option<&'static Package> {
        self.packages()
            .find(|package| package.name.eq_ignore_ascii_case(name))
    }

    /// Refuses an item of a package that is not had here.
    pub(crate) fn check_package(self, item: &PackageItem<'_>) -> Result<(), CommandError> {
        match self.package(&item.package) {
            Some(_) => Ok(()),
            None => Err(CommandError::UnknownPackage(item.to_static())),
        }
    }
}

/// A package, and those that it builds on.
fn line(package: &'static Package) -> impl Iterator<Item = &'static Package> {
    let base = |package: &&'static Package| {
        let name = package.base?;
        TABLES.iter().find(|base| base.name == name)
    };
    std::iter::successors(Some(package), base)
}

/// Whether a package has the items of another by inheritance.
pub(crate) fn inherits(name: &str, base: &str) -> bool {
    let package = TABLES
        .iter()
        .find(|package| package.name.eq_ignore_ascii_case(name));
    let mut bases = package.into_iter().flat_map(line).skip(1);
    bases.any(|package| package.name.eq_ignore_ascii_case(base))
}

/// What the configuration adds to the tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Packages {
    registry: PackageRegistry,
    /// Names of the packages of vendors.
    vendors: Vec<String>,
    /// Their statistics.
    statistics: Arc<Vendors>,
    /// The announcements that can be played.
    announcements: BTreeSet<u32>,
    /// By how many dB all else is lowered while one is played.
    duck: u8,
    /// Whether there is anything to record with.
    records: bool,
    /// Whether the project's own package is had.
    zconfmix: bool,
}

impl Packages {
    /// The packages of the tables, and what the configuration says of vendors, announcements and
    /// recordings. A package that cannot be added was refused by who read it, and is left out.
    pub(crate) fn new(config: &Config) -> Self {
        let mut packages = Self {
            registry: PackageRegistry::standard(),
            vendors: Vec::new(),
            statistics: Arc::default(),
            announcements: config.announcements.clone(),
            duck: config.duck,
            records: config.records,
            zconfmix: config.zconfmix,
        };
        let mut statistics = Vendors::default();
        for package in &config.packages {
            if packages.registry.add(package.clone()).is_ok() {
                packages.vendors.push(package.name.to_string());
                statistics.add(&packages.registry, package);
            }
        }
        packages.statistics = Arc::new(statistics);
        packages
    }

    /// What `owner` has of them.
    pub(crate) fn of(&self, owner: Owner) -> Set<'_> {
        Set {
            owner,
            packages: self,
        }
    }

    /// The statistics that `owner` has.
    pub(crate) fn statistics(&self, owner: Owner) -> Table {
        Table::new(owner, &self.statistics)
    }

    /// Whether the gateway has a package of that name.
    pub(crate) fn has_package(&self, name: &str) -> bool {
        let of_tables = |package: &Package| package.name.eq_ignore_ascii_case(name);
        let had = |package: &Package| self.has(package) && of_tables(package);
        TABLES.iter().any(had) || self.vendor(name).is_some()
    }

    /// Whether a package of the tables is had: one that the configuration can do without.
    fn has(&self, package: &Package) -> bool {
        let records = [recording::AASREC.name, recording::AASB.name].contains(&package.name);
        let mixes = package.name == conference::ZCONFMIX.name;
        (self.records || !records) && (self.zconfmix || !mixes)
    }

    fn vendor(&self, name: &str) -> Option<&PackageDefinition> {
        let of_vendor = |known: &String| known.eq_ignore_ascii_case(name);
        let known = self.vendors.iter().find(|known| of_vendor(known))?;
        self.registry.package(known)
    }

    fn vendor_item(&self, kind: ItemKind, name: &PackageItem<'_>) -> Option<&ItemDefinition> {
        let package = self.vendor(&name.package)?;
        self.registry.item_of(package, kind, &name.item)
    }
}

/// The packages of one owner, those of vendors included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Set<'p> {
    owner: Owner,
    packages: &'p Packages,
}

impl<'p> Set<'p> {
    /// The Packages descriptor (H.248.1 7.1.16). ROOT tells of the project's own, too (project), so that it
    /// can be known before there is a Termination.
    pub(crate) fn descriptor(self) -> PackagesDescriptor<'static> {
        let version = |package: &'static Package| PackageVersion {
            name: package.name.into(),
            version: package.version,
        };
        let mixes = self.owner == Owner::Root && self.packages.zconfmix;
        let mixes = mixes.then_some(&conference::ZCONFMIX);
        let mut descriptor = PackagesDescriptor {
            packages: self.published().chain(mixes).map(version).collect(),
        };
        let vendors = self.packages.vendors.iter();
        let vendors = vendors.filter_map(|name| self.packages.registry.package(name));
        descriptor
            .packages
            .extend(vendors.map(|package| PackageVersion {
                name: package.name.to_string().into(),
                version: package.version,
            }));
        descriptor
    }

    /// Refuses an item of a package that is not had here; `*` passes.
    pub(crate) fn check_package(self, item: &PackageItem<'_>) -> Result<(), CommandError> {
        if item.package == "*" || self.packages.vendor(&item.package).is_some() {
            return Ok(());
        }
        match self.package(&item.package) {
            Some(_) => Ok(()),
            None => Err(CommandError::UnknownPackage(item.to_static())),
        }
    }

    /// The packages of the tables that a controller is told of.
    fn published(self) -> impl Iterator<Item = &'static Package> {
        let packages = self.packages;
        (self.owner.published()).filter(move |package| packages.has(package))
    }

    /// The package of the tables of that name.
    fn package(self, name: &str) -> Option<&'static Package> {
        let package = self.owner.package(name);
        package.filter(|package| self.packages.has(package))
    }

    /// Whether a vendor's package has that name.
    pub(crate) fn is_of_vendor(self, item: &PackageItem<'_>) -> bool {
        self.packages.vendor(&item.package).is_some()
    }

    /// The statistics that there are.
    pub(crate) fn statistics(self) -> Table {
        self.packages.statistics(self.owner)
    }

    /// Whose they are.
    pub(crate) fn owner(self) -> Owner {
        self.owner
    }

    /// Whether there is such an item, whether or not it can be used.
    pub(crate) fn has(self, kind: ItemKind, name: &PackageItem<'_>) -> bool {
        let of_vendor = self.vendor_item(kind, name);
        of_vendor.is_some() || items::definition(kind, name).is_some()
    }

    /// Refuses a package that is not had here, and a version of it that is not.
    pub(crate) fn check_version(self, package: &PackageVersion<'_>) -> Result<(), CommandError> {
        let all = self.descriptor().packages;
        match all.iter().find(|had| had.name == package.name) {
            Some(had) if had.version == package.version => Ok(()),
            Some(_) => Err(CommandError::NothingSuch("that version".to_owned())),
            None => Err(CommandError::UnknownPackage(PackageItem {
                package: package.name.as_str().to_owned().into(),
                item: "*".into(),
            })),
        }
    }

    fn vendor_item(self, kind: ItemKind, name: &PackageItem<'_>) -> Option<&'p ItemDefinition> {
        self.packages.vendor_item(kind, name)
    }
}
