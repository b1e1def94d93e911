//! The Mux descriptor (H.248.1 7.1.3).

use std::borrow::Cow;

use bounded_static::ToStatic;

use super::NonStandardData;
use crate::{List, TerminationId};

/// A multiplex and its bearers.
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
pub struct MuxDescriptor<'a> {
    /// The type.
    pub mux_type: MuxType<'a>,
    /// The bearers.
    #[cfg_attr(feature = "serde", serde(rename = "termList"))]
    pub terminations: List<TerminationId<'a>>,
    /// What only binary can say.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "nonStandardData", skip_serializing_if = "Option::is_none")
    )]
    pub non_standard: Option<Box<NonStandardData<'a>>>,
}

/// The type of a multiplex.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MuxType<'a> {
    /// H.221.
    H221,
    /// H.223.
    H223,
    /// H.226.
    H226,
    /// V.76.
    V76,
    /// N channels of 64 kbit/s (version 2).
    Nx64k,
    /// `X-…`, or a name that no version knows, as it is spelled. Text only.
    #[cfg_attr(feature = "serde", serde(borrow))]
    Extension(Cow<'a, str>),
}
