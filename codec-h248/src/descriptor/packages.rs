//! The Packages descriptor (H.248.1 7.1.16).

use bounded_static::ToStatic;

use crate::Name;

/// The packages of a Termination, in the order written.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct PackagesDescriptor<'a> {
    /// The packages.
    pub packages: Vec<PackageVersion<'a>>,
}

/// A package in a version: `name-version`.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct PackageVersion<'a> {
    /// Its text id.
    pub name: Name<'a>,
    /// Its version.
    pub version: u16,
}
