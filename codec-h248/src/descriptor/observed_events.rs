//! The ObservedEvents descriptor (H.248.1 7.1.17).

use bounded_static::ToStatic;

use super::{NamedParameter, RequestId, StreamId};
use crate::{PackageItem, TimeStamp};

/// What was observed, in the order of detection.
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
pub struct ObservedEventsDescriptor<'a> {
    /// The request that asked for it.
    pub request_id: RequestId,
    /// The events.
    #[cfg_attr(feature = "serde", serde(rename = "observedEventLst"))]
    pub events: Vec<ObservedEvent<'a>>,
}

/// One observed event.
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
pub struct ObservedEvent<'a> {
    /// When.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "timeNotation", skip_serializing_if = "Option::is_none")
    )]
    pub time_stamp: Option<TimeStamp>,
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
