//! Topology triples: who hears whom in a Context (H.248.1 7.1.18).

use bounded_static::ToStatic;

use crate::TerminationId;

/// One association of a topology, applied to all those before it.
///
/// ```
/// use codec_h248::{TerminationId, TopologyDirection, TopologyTriple};
///
/// let whisper = TopologyTriple {
///     from: TerminationId::from_name("rtp/1"),
///     to: TerminationId::from_name("rtp/2"),
///     direction: TopologyDirection::Oneway,
///     stream: None,
/// };
/// assert_ne!(whisper.direction, TopologyDirection::Bothway);
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
pub struct TopologyTriple<'a> {
    /// The first Termination; ALL and CHOOSE are allowed.
    #[cfg_attr(feature = "serde", serde(rename = "terminationFrom"))]
    pub from: TerminationId<'a>,
    /// The second Termination; ALL and CHOOSE are allowed.
    #[cfg_attr(feature = "serde", serde(rename = "terminationTo"))]
    pub to: TerminationId<'a>,
    /// Which way media flows between them.
    #[cfg_attr(feature = "serde", serde(rename = "topologyDirection"))]
    pub direction: TopologyDirection,
    /// The stream it is about (version 2); all of them where absent.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "streamId", skip_serializing_if = "Option::is_none")
    )]
    pub stream: Option<u16>,
}

/// Which way media flows.
///
/// ```
/// use codec_h248::{ContextProperty, Limits, MessageBody, TopologyDirection, Transaction, decode};
///
/// let octets = b"!/1 mgc1 T=1{C=4{TP{rtp/1,rtp/2,IS}}}";
/// let message = decode(octets, &Limits::default())?;
/// if let MessageBody::Transactions(transactions) = &message.body
///     && let Transaction::Request(request) = &transactions[0]
///     && let ContextProperty::Topology(triples) = &request.actions[0].properties[0]
/// {
///     assert_eq!(triples[0].direction, TopologyDirection::Isolate);
/// }
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TopologyDirection {
    /// Each receives from the other.
    Bothway,
    /// Neither receives from the other.
    Isolate,
    /// The second receives from the first only.
    Oneway,
    /// The second receives what the first sends to the outside (version 3).
    OnewayExternal,
    /// The second receives both directions of the first (version 3).
    OnewayBoth,
}
