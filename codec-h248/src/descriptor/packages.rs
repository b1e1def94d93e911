//! The Packages descriptor (H.248.1 7.1.16).

use bounded_static::ToStatic;

use crate::Name;

/// The packages of a Termination, in the order written.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent, bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PackagesDescriptor<'a> {
    /// The packages.
    pub packages: Vec<PackageVersion<'a>>,
}

/// A package in a version: `name-version`.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(
        deny_unknown_fields,
        rename_all = "camelCase",
        bound(deserialize = "'de: 'a")
    )
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PackageVersion<'a> {
    /// Its text id.
    #[cfg_attr(feature = "serde", serde(rename = "packageName"))]
    pub name: Name<'a>,
    /// Its version.
    #[cfg_attr(feature = "serde", serde(rename = "packageVersion"))]
    pub version: u16,
}
