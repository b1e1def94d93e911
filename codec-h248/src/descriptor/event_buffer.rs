//! The EventBuffer descriptor (H.248.1 7.1.10).

use bounded_static::ToStatic;

use super::{NamedParameter, StreamId};
use crate::PackageItem;

/// The events to buffer; empty clears the buffer.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent, bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventBufferDescriptor<'a> {
    /// The events, in the order written.
    pub events: Vec<EventSpec<'a>>,
}

/// One event to buffer.
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
pub struct EventSpec<'a> {
    /// Which one.
    #[cfg_attr(feature = "serde", serde(rename = "eventName"))]
    pub name: PackageItem<'a>,
    /// The stream it is about.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "streamId", skip_serializing_if = "Option::is_none")
    )]
    pub stream: Option<StreamId>,
    /// Parameters, in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "eventParList",
            default,
            skip_serializing_if = "Vec::is_empty"
        )
    )]
    pub parameters: Vec<NamedParameter<'a>>,
}
