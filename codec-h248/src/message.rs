//! A whole message: who speaks, in which version, and what is said (H.248.1 8, Annex B.2).

use bounded_static::ToStatic;

use crate::{List, Transaction, descriptor::ErrorDescriptor, mid::MId};

/// One message, as it stands in one datagram or TPKT frame.
///
/// ```
/// use codec_h248::{Limits, MId, decode};
///
/// let message = decode(b"MEGACO/2 <mg1.example.net> Pending=7{}", &Limits::default())?;
/// assert_eq!(message.version, 2);
/// assert!(matches!(&message.mid, MId::Domain { port: None, .. }));
/// assert!(message.validate().is_empty());
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
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
///
/// ```
/// use codec_h248::{Limits, MessageBody, decode};
///
/// let message = decode(b"!/1 mgc1 ER=406{\"Version not supported\"}", &Limits::default())?;
/// assert!(matches!(&message.body, MessageBody::Error(error) if error.code.0 == 406));
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(
    clippy::large_enum_variant,
    reason = "errors are rare, and memory of its own would cost every message time"
)]
pub enum MessageBody<'a> {
    /// The message this answers could not be understood as a whole.
    #[cfg_attr(feature = "serde", serde(rename = "messageError"))]
    Error(ErrorDescriptor<'a>),
    /// One transaction or more, in the order written.
    Transactions(List<Transaction<'a>>),
}

/// The interim AH scheme's header (H.248.1 10.2).
///
/// ```
/// use codec_h248::{Limits, decode};
///
/// let octets = b"AU=0x0000002A:0x00000007:0x00112233445566778899AABB !/1 mg1 PN=7{}";
/// let header = decode(octets, &Limits::default())?.authentication.unwrap();
/// assert_eq!((header.security_parameter_index, header.sequence_number), (42, 7));
/// assert_eq!(header.data.len(), 12);
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
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
