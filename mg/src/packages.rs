//! Packages of vendors, from a file of names, ids and types (H.248.1 12).

use std::path::{Path, PathBuf};

use codec_h248::package::{
    ItemKind, PackageDefinition, PackageError, PackageFile, PackageRegistry,
};
use mg_core::VENDOR_STATISTICS_MAX;
use transport_h248_tokio::config_file::{self, ConfigFileError};

/// Packages at most: each is looked through by name.
const PACKAGES_MAX: usize = 64;

/// The packages of a file, and all that are known with them.
#[derive(Debug, Default)]
pub(crate) struct Packages {
    /// Those of the file.
    pub(crate) vendors: Vec<PackageDefinition>,
    /// Those and the standard ones, for binary.
    pub(crate) registry: PackageRegistry,
}

/// A file of packages that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PackagesError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] ConfigFileError),
    /// A package cannot be had.
    #[error("packages {}: {error}", path.display())]
    Package {
        /// The file.
        path: PathBuf,
        /// Why.
        error: PackageError,
    },
    /// They are more than are held.
    #[error("packages {}: {PACKAGES_MAX} packages at most", .0.display())]
    TooMany(PathBuf),
    /// So are their statistics.
    #[error("packages {}: {VENDOR_STATISTICS_MAX} statistics at most", .0.display())]
    TooManyStatistics(PathBuf),
}

/// Reads a file of packages, each after the one that it extends.
///
/// # Errors
///
/// It cannot be read, or a package in it stands against another.
pub(crate) fn read(path: &Path) -> Result<Packages, PackagesError> {
    let file: PackageFile = config_file::read(path)?;
    if file.package.len() > PACKAGES_MAX {
        return Err(PackagesError::TooMany(path.to_owned()));
    }
    let statistics = |package: &PackageDefinition| package.items_of(ItemKind::Statistic).count();
    if file.package.iter().map(statistics).sum::<usize>() > VENDOR_STATISTICS_MAX {
        return Err(PackagesError::TooManyStatistics(path.to_owned()));
    }
    let mut packages = Packages::default();
    for package in file.package {
        let added = packages.registry.add(package.clone());
        added.map_err(|error| PackagesError::Package {
            path: path.to_owned(),
            error,
        })?;
        packages.vendors.push(package);
    }
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn packages_are_read_and_one_that_stands_against_another_is_told() {
        let path = std::env::temp_dir().join(format!("mg-packages-{}.toml", std::process::id()));
        let one = "[[package]]\nname = 'acme'\nid = 0x8001\nversion = 2\n";
        fs::write(&path, one).unwrap();
        let packages = read(&path).unwrap();
        assert_eq!(packages.vendors.len(), 1);
        assert!(packages.registry.package("ACME").is_some());
        fs::write(&path, one.repeat(2)).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("acme"), "{error}");
        let statistic =
            |id| format!("[[package.statistic]]\nname = 's{id}'\nid = {id}\ntype = 'double'\n");
        let with = |count| {
            (1..=count)
                .map(statistic)
                .fold(one.to_owned(), |all, next| all + &next)
        };
        fs::write(&path, with(56)).unwrap();
        assert!(read(&path).is_ok());
        fs::write(&path, with(57)).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("56 statistics at most"), "{error}");
        fs::remove_file(&path).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("mg-packages"), "{error}");
    }
}
