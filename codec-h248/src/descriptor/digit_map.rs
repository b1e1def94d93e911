//! The DigitMap descriptor (H.248.1 7.1.14).

use std::borrow::Cow;

use bounded_static::ToStatic;

use crate::Name;

/// A digit map by name, by value, or both; a name alone deletes or names.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
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
pub struct DigitMapDescriptor<'a> {
    /// The name.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "digitMapName", skip_serializing_if = "Option::is_none")
    )]
    pub name: Option<Name<'a>>,
    /// The value.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "digitMapValue", skip_serializing_if = "Option::is_none")
    )]
    pub value: Option<DigitMapValue<'a>>,
}

/// Timers and the map itself, which stays as it is spelled.
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
pub struct DigitMapValue<'a> {
    /// Timers that differ from the provisioned ones.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "crate::json::is_default")
    )]
    pub timers: DigitMapTimers,
    /// The alternatives.
    #[cfg_attr(feature = "serde", serde(rename = "digitMapBody", borrow))]
    pub body: Cow<'a, str>,
}

/// The timers of a digit map.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DigitMapTimers {
    /// T, before the first symbol, in seconds.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "startTimer", skip_serializing_if = "Option::is_none")
    )]
    pub start_s: Option<u8>,
    /// S, in seconds.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "shortTimer", skip_serializing_if = "Option::is_none")
    )]
    pub short_s: Option<u8>,
    /// L, in seconds.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "longTimer", skip_serializing_if = "Option::is_none")
    )]
    pub long_s: Option<u8>,
    /// Z, in units of 100 ms (version 2).
    #[cfg_attr(
        feature = "serde",
        serde(rename = "durationTimer", skip_serializing_if = "Option::is_none")
    )]
    pub duration_ds: Option<u8>,
}
