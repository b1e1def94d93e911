//! Packages (H.248.1 Annex A.2 `PackagesDescriptor`).

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, leaf},
    package_item,
};
use crate::descriptor::{PackageVersion, PackagesDescriptor};

/// The highest version of a package.
const HIGHEST: u16 = 99;

/// `PackagesDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<PackagesDescriptor<'a>, BerError> {
    let packages = r.each_sequence("PackagesItem", read_item)?;
    Ok(PackagesDescriptor { packages })
}

/// `PackagesItem`, `IndAudPackagesDescriptor`
pub(super) fn read_item<'a>(r: &mut BerReader<'a>) -> Result<PackageVersion<'a>, BerError> {
    let name = r.mandatory(0, "packageName", package_item::read_package)?;
    let version = r.value(1, "packageVersion", |r| leaf::within(r, 0..=HIGHEST))?;
    r.extensions(1)?;
    Ok(PackageVersion { name, version })
}

/// `PackagesDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, packages: &PackagesDescriptor<'_>) {
    w.each_sequence(&packages.packages, write_item);
}

/// `PackagesItem`, `IndAudPackagesDescriptor`
pub(super) fn write_item(w: &mut BerWriter<'_>, package: &PackageVersion<'_>) {
    w.extensions();
    if package.version > HIGHEST {
        let version = package.version.to_string();
        w.fail(Unsayable::Value("packageVersion", version));
    }
    w.unsigned(1, package.version);
    package_item::write_package(w, 0, &package.name);
}
