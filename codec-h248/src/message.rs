//! A whole message: who speaks, in which version, and what is said (H.248.1 8, Annex B.2).

use bounded_static::ToStatic;

use crate::{Transaction, descriptor::ErrorDescriptor, mid::MId};

/// One message, as it stands in one datagram or TPKT frame.
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
pub struct Message<'a> {
    /// The interim authentication header (H.248.1 10.2), where there is one.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "authHeader", skip_serializing_if = "Option::is_none")
    )]
    pub authentication: Option<AuthenticationHeader>,
    /// Version of the syntax, 1 to 99; this crate reads and writes 1, 2 and 3.
    pub version: u8,
    /// The sender (H.248.1 8.3).
    #[cfg_attr(feature = "serde", serde(rename = "mId"))]
    pub mid: MId<'a>,
    /// What is said.
    #[cfg_attr(feature = "serde", serde(rename = "messageBody"))]
    pub body: MessageBody<'a>,
}

/// The body of a message.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MessageBody<'a> {
    /// The message this answers could not be understood as a whole.
    #[cfg_attr(feature = "serde", serde(rename = "messageError"))]
    Error(ErrorDescriptor<'a>),
    /// One transaction or more, in the order written.
    Transactions(Vec<Transaction<'a>>),
}

/// The interim AH scheme's header (H.248.1 10.2).
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuthenticationHeader {
    /// Security parameter index.
    #[cfg_attr(feature = "serde", serde(rename = "secParmIndex"))]
    pub security_parameter_index: u32,
    /// Sequence number.
    #[cfg_attr(feature = "serde", serde(rename = "seqNum"))]
    pub sequence_number: u32,
    /// The integrity check value, 12 to 32 octets.
    #[cfg_attr(feature = "serde", serde(rename = "ad", with = "crate::json::hex"))]
    #[cfg_attr(feature = "schema", schemars(with = "crate::json::Hex"))]
    pub data: Vec<u8>,
}
