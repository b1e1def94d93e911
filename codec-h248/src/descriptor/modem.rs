//! The Modem descriptor (H.248.1 7.1.2, deprecated by version 3).

use std::borrow::Cow;

use bounded_static::ToStatic;

use super::NonStandardData;
use crate::PropertyParm;

/// Modem types and their properties.
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
pub struct ModemDescriptor<'a> {
    /// The types, one or more.
    #[cfg_attr(feature = "serde", serde(rename = "mtl"))]
    pub types: Vec<ModemType<'a>>,
    /// Properties, in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "mpl", default, skip_serializing_if = "Vec::is_empty")
    )]
    pub properties: Vec<PropertyParm<'a>>,
    /// What only binary can say.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "nonStandardData", skip_serializing_if = "Option::is_none")
    )]
    pub non_standard: Option<Box<NonStandardData<'a>>>,
}

/// The type of a modem.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ModemType<'a> {
    /// V.18.
    V18,
    /// V.22.
    V22,
    /// V.22 bis.
    V22bis,
    /// V.32.
    V32,
    /// V.32 bis.
    V32bis,
    /// V.34.
    V34,
    /// V.90.
    V90,
    /// V.91.
    V91,
    /// Synchronous ISDN.
    SynchIsdn,
    /// `X-…`, or a name that no version knows, as it is spelled. Text only.
    #[cfg_attr(feature = "serde", serde(borrow))]
    Extension(Cow<'a, str>),
}
