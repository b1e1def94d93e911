//! The TerminationState descriptor (H.248.1 7.1.5).

use bounded_static::ToStatic;

use crate::PropertyParm;

/// Properties of a Termination that belong to no stream.
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
pub struct TerminationStateDescriptor<'a> {
    /// Whether it is in service.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "serviceState", skip_serializing_if = "Option::is_none")
    )]
    pub service_states: Option<ServiceState>,
    /// How events are buffered.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "eventBufferControl", skip_serializing_if = "Option::is_none")
    )]
    pub buffer: Option<EventBufferControl>,
    /// Package properties, in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "propertyParms",
            default,
            skip_serializing_if = "Vec::is_empty"
        )
    )]
    pub properties: Vec<PropertyParm<'a>>,
}

/// Whether a Termination is in service.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ServiceState {
    /// Being tested.
    Test,
    /// Out of service.
    #[cfg_attr(feature = "serde", serde(rename = "outOfSvc"))]
    OutOfService,
    /// In service.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "inSvc"))]
    InService,
}

/// How events are buffered (H.248.1 7.1.9).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EventBufferControl {
    /// Each event is processed when it comes.
    #[default]
    Off,
    /// One event at a time.
    LockStep,
}
