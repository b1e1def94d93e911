//! The Media descriptor and its streams (H.248.1 7.1.4, 7.1.6).

use bounded_static::ToStatic;

use super::{
    LocalControlDescriptor, SessionDescription, StatisticsDescriptor, TerminationStateDescriptor,
};
use crate::List;

/// Number of a stream; 0 means no particular one in events and signals.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StreamId(pub u16);

/// The state and the streams of a Termination.
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
pub struct MediaDescriptor<'a> {
    /// What is not bound to a stream.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "termStateDescr", skip_serializing_if = "Option::is_none")
    )]
    pub termination_state: Option<TerminationStateDescriptor<'a>>,
    /// The streams.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "crate::json::is_default")
    )]
    pub streams: Streams<'a>,
}

/// How streams are given.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Streams<'a> {
    /// Without a Stream wrapper: stream 1. All absent means that no stream is spoken of.
    #[cfg_attr(feature = "serde", serde(rename = "oneStream"))]
    Single(StreamParms<'a>),
    /// With Stream wrappers, in the order written.
    #[cfg_attr(feature = "serde", serde(rename = "multiStream"))]
    Several(List<StreamDescriptor<'a>>),
}

impl Default for Streams<'_> {
    fn default() -> Self {
        Self::Single(StreamParms::default())
    }
}

/// One stream by its number.
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
pub struct StreamDescriptor<'a> {
    /// The number.
    #[cfg_attr(feature = "serde", serde(rename = "streamId"))]
    pub id: StreamId,
    /// What is said of it.
    #[cfg_attr(feature = "serde", serde(rename = "streamParms"))]
    pub parms: StreamParms<'a>,
}

/// What is said of a stream. Absent parts keep their value.
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
pub struct StreamParms<'a> {
    /// H.248.1 7.1.7.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "localControlDescriptor",
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub local_control: Option<LocalControlDescriptor<'a>>,
    /// What the gateway receives (H.248.1 7.1.8).
    #[cfg_attr(
        feature = "serde",
        serde(rename = "localDescriptor", skip_serializing_if = "Option::is_none")
    )]
    pub local: Option<SessionDescription<'a>>,
    /// What the gateway sends (H.248.1 7.1.8).
    #[cfg_attr(
        feature = "serde",
        serde(rename = "remoteDescriptor", skip_serializing_if = "Option::is_none")
    )]
    pub remote: Option<SessionDescription<'a>>,
    /// H.248.1 7.1.15 (version 3).
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "statisticsDescriptor",
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub statistics: Option<StatisticsDescriptor<'a>>,
}
