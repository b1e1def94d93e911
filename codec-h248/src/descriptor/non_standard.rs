//! Data outside the standard, which the binary encoding carries (H.248.1 Annex A.2
//! `NonStandardData`).

use std::borrow::Cow;

use bounded_static::ToStatic;

/// Octets and who says what they mean.
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
pub struct NonStandardData<'a> {
    /// Whose data it is.
    #[cfg_attr(feature = "serde", serde(rename = "nonStandardIdentifier"))]
    pub identifier: NonStandardIdentifier<'a>,
    /// The octets.
    #[cfg_attr(feature = "serde", serde(with = "crate::json::hex"))]
    #[cfg_attr(feature = "schema", schemars(with = "crate::json::Hex"))]
    pub data: Cow<'a, [u8]>,
}

/// Whose data it is.
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
pub enum NonStandardIdentifier<'a> {
    /// An object identifier, as the contents octets of its BER form.
    #[cfg_attr(feature = "serde", serde(with = "crate::json::hex"))]
    #[cfg_attr(feature = "schema", schemars(with = "crate::json::Hex"))]
    Object(Cow<'a, [u8]>),
    /// A manufacturer by T.35 and H.221.
    #[cfg_attr(feature = "serde", serde(rename = "h221NonStandard"))]
    H221 {
        /// T.35 country code.
        #[cfg_attr(feature = "serde", serde(rename = "t35CountryCode1"))]
        country_1: u8,
        /// T.35 country code, second octet.
        #[cfg_attr(feature = "serde", serde(rename = "t35CountryCode2"))]
        country_2: u8,
        /// Assigned nationally.
        #[cfg_attr(feature = "serde", serde(rename = "t35Extension"))]
        extension: u8,
        /// Assigned nationally.
        #[cfg_attr(feature = "serde", serde(rename = "manufacturerCode"))]
        manufacturer: u16,
    },
    /// Eight characters, of which the first two are `X-` or `X+`.
    #[cfg_attr(feature = "serde", serde(borrow))]
    Experimental(Cow<'a, str>),
}
