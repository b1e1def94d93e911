//! Packages: what ties their text names to their binary ids, and says what their values are
//! (H.248.1 12 and Annex E, and the packages of other Recommendations).
//!
//! ```
//! use codec_h248::package::{ItemKind, PackageRegistry};
//!
//! let packages = PackageRegistry::standard();
//! let package = packages.package("rtp").expect("it is in the tables");
//! let duration = packages.item(ItemKind::Statistic, "rtp", "dur").expect("nt has it");
//! assert_eq!((package.id, duration.id), (0x000C, 0x0001));
//! ```

mod adding;
mod definition;
mod error;
#[cfg(feature = "serde")]
mod file;
mod registered;
mod registry;
mod standard;
#[cfg(test)]
mod tests;
mod unverified;
mod value_type;
mod words;

#[cfg(feature = "serde")]
pub use self::file::PackageFile;
pub use self::{
    definition::{
        Access, ItemDefinition, ItemDetails, ItemKind, PackageDefinition, ParameterDefinition,
        PropertyPlace,
    },
    error::{PackageError, PackageFault},
    registered::registered,
    registry::PackageRegistry,
    unverified::{Doubt, UNVERIFIED, Unverified},
    value_type::{EnumerationValue, ValueError, ValueForm, ValueType, boolean},
};
