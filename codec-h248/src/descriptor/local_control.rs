//! The LocalControl descriptor (H.248.1 7.1.7).

use bounded_static::ToStatic;

use crate::PropertyParm;

/// Properties of a stream that the gateway keeps. It replaces the former one as a whole: what is
/// absent returns to its default.
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
pub struct LocalControlDescriptor<'a> {
    /// Which way media flows; Inactive by default.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "streamMode", skip_serializing_if = "Option::is_none")
    )]
    pub mode: Option<StreamMode>,
    /// Whether every value of a description is reserved.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "reserveValue", skip_serializing_if = "Option::is_none")
    )]
    pub reserved_value: Option<bool>,
    /// Whether every description is reserved.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "reserveGroup", skip_serializing_if = "Option::is_none")
    )]
    pub reserved_group: Option<bool>,
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

/// Which way media flows, seen from the Context.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum StreamMode {
    /// The Context's media goes out; what arrives does not enter the Context.
    SendOnly,
    /// What arrives enters the Context; nothing goes out.
    #[cfg_attr(feature = "serde", serde(rename = "recvOnly"))]
    ReceiveOnly,
    /// Both ways.
    #[cfg_attr(feature = "serde", serde(rename = "sendRecv"))]
    SendReceive,
    /// Neither way.
    #[default]
    Inactive,
    /// What arrives goes out again.
    #[cfg_attr(feature = "serde", serde(rename = "loopBack"))]
    Loopback,
}
