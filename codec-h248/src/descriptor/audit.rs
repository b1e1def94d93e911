//! The Audit descriptor: what to return (H.248.1 7.1.12).

use bounded_static::ToStatic;

use super::{
    PackageVersion, RequestId, ServiceState, SessionDescription, Signal, StreamId, StreamMode,
};
use crate::{Name, PackageItem, PropertyParm, package::ItemKind, unordered::same_entries};

/// What to return, in the order written; empty means nothing but names.
#[derive(Clone, Debug, Default, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent, bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditDescriptor<'a> {
    /// The items.
    pub items: Vec<AuditItem<'a>>,
}

impl PartialEq for AuditDescriptor<'_> {
    /// The order of `items` says nothing.
    fn eq(&self, other: &Self) -> bool {
        same_entries(&self.items, &other.items)
    }
}

impl Eq for AuditDescriptor<'_> {}

/// One item: a whole descriptor, or a part of one (individual audit, version 2).
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AuditItem<'a> {
    /// `Mux`
    #[cfg_attr(feature = "serde", serde(rename = "muxToken"))]
    Mux,
    /// `Modem`
    #[cfg_attr(feature = "serde", serde(rename = "modemToken"))]
    Modem,
    /// `Media`
    #[cfg_attr(feature = "serde", serde(rename = "mediaToken"))]
    Media,
    /// `Events`
    #[cfg_attr(feature = "serde", serde(rename = "eventsToken"))]
    Events,
    /// `Signals`
    #[cfg_attr(feature = "serde", serde(rename = "signalsToken"))]
    Signals,
    /// `EventBuffer`
    #[cfg_attr(feature = "serde", serde(rename = "eventBufferToken"))]
    EventBuffer,
    /// `DigitMap`
    #[cfg_attr(feature = "serde", serde(rename = "digitMapToken"))]
    DigitMap,
    /// `Statistics`
    #[cfg_attr(feature = "serde", serde(rename = "statsToken"))]
    Statistics,
    /// `Packages`
    #[cfg_attr(feature = "serde", serde(rename = "packagesToken"))]
    Packages,
    /// `ObservedEvents`
    #[cfg_attr(feature = "serde", serde(rename = "observedEventsToken"))]
    ObservedEvents,
    /// Parts of Media.
    #[cfg_attr(feature = "serde", serde(rename = "indAudMediaDescriptor"))]
    IndividualMedia(IndividualMedia<'a>),
    /// One event; the RequestID is mandatory in version 2.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "indAudEventsDescriptor",
            with = "crate::json::individual_events"
        )
    )]
    #[cfg_attr(feature = "schema", schemars(with = "crate::json::IndividualEvents"))]
    IndividualEvents(Option<RequestId>, PackageItem<'a>),
    /// One event of the buffer.
    #[cfg_attr(feature = "serde", serde(rename = "indAudEventBufferDescriptor"))]
    IndividualEventBuffer(IndividualEventSpec<'a>),
    /// `Signals{}`.
    #[cfg_attr(feature = "serde", serde(rename = "indAudSignalsEmpty"))]
    IndividualSignalsEmpty,
    /// One signal.
    #[cfg_attr(feature = "serde", serde(rename = "indAudSignal"))]
    IndividualSignal(Signal<'a>),
    /// One signal list, or one signal of it.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "indAudSeqSigList",
            with = "crate::json::individual_signal_list"
        )
    )]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "crate::json::IndividualSignalList")
    )]
    IndividualSignalList(u16, Option<Signal<'a>>),
    /// One digit map by name.
    #[cfg_attr(feature = "serde", serde(rename = "indAudDigitMapDescriptor"))]
    IndividualDigitMap(Name<'a>),
    /// One statistic.
    #[cfg_attr(feature = "serde", serde(rename = "indAudStatisticsDescriptor"))]
    IndividualStatistic(PackageItem<'a>),
    /// One package.
    #[cfg_attr(feature = "serde", serde(rename = "indAudPackagesDescriptor"))]
    IndividualPackage(PackageVersion<'a>),
}

impl<'a> AuditItem<'a> {
    /// The package item that an individual audit of an event, a signal or a statistic names.
    pub fn package_item(&self) -> Option<(ItemKind, &PackageItem<'a>)> {
        match self {
            Self::IndividualEvents(_, name) => Some((ItemKind::Event, name)),
            Self::IndividualEventBuffer(spec) => Some((ItemKind::Event, &spec.name)),
            Self::IndividualSignal(signal) | Self::IndividualSignalList(_, Some(signal)) => {
                Some((ItemKind::Signal, &signal.name))
            }
            Self::IndividualStatistic(name) => Some((ItemKind::Statistic, name)),
            Self::Mux
            | Self::Modem
            | Self::Media
            | Self::Events
            | Self::Signals
            | Self::EventBuffer
            | Self::DigitMap
            | Self::Statistics
            | Self::Packages
            | Self::ObservedEvents
            | Self::IndividualMedia(_)
            | Self::IndividualSignalsEmpty
            | Self::IndividualSignalList(_, None)
            | Self::IndividualDigitMap(_)
            | Self::IndividualPackage(_) => None,
        }
    }
}

/// One event of the EventBuffer.
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
pub struct IndividualEventSpec<'a> {
    /// Which one.
    #[cfg_attr(feature = "serde", serde(rename = "eventName"))]
    pub name: PackageItem<'a>,
    /// The stream it is about.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "streamId", skip_serializing_if = "Option::is_none")
    )]
    pub stream: Option<StreamId>,
    /// The name of a parameter.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "eventParameterName", skip_serializing_if = "Option::is_none")
    )]
    pub parameter: Option<Name<'a>>,
}

/// Parts of a Media descriptor.
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
pub struct IndividualMedia<'a> {
    /// A part of TerminationState.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "termStateDescr", skip_serializing_if = "Option::is_none")
    )]
    pub termination_state: Option<TerminationStateAudit<'a>>,
    /// Parts of the streams.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "crate::json::is_default")
    )]
    pub streams: IndividualStreams<'a>,
}

/// How streams are given.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum IndividualStreams<'a> {
    /// Without a Stream wrapper.
    #[cfg_attr(feature = "serde", serde(rename = "oneStream"))]
    Single(IndividualStream<'a>),
    /// By number.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "multiStream", with = "crate::json::individual_streams")
    )]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Vec<crate::json::IndividualStreamDescriptor>")
    )]
    Several(Vec<(StreamId, IndividualStream<'a>)>),
}

impl Default for IndividualStreams<'_> {
    fn default() -> Self {
        Self::Single(IndividualStream::default())
    }
}

/// Parts of a stream.
#[derive(Clone, Debug, Default, ToStatic)]
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
pub struct IndividualStream<'a> {
    /// Parts of LocalControl.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "localControlDescriptor",
            default,
            skip_serializing_if = "Vec::is_empty"
        )
    )]
    pub local_control: Vec<LocalControlAudit<'a>>,
    /// Local (version 3).
    #[cfg_attr(
        feature = "serde",
        serde(rename = "localDescriptor", skip_serializing_if = "Option::is_none")
    )]
    pub local: Option<SessionDescription<'a>>,
    /// Remote (version 3).
    #[cfg_attr(
        feature = "serde",
        serde(rename = "remoteDescriptor", skip_serializing_if = "Option::is_none")
    )]
    pub remote: Option<SessionDescription<'a>>,
    /// A statistic (version 3).
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "statisticsDescriptor",
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub statistic: Option<PackageItem<'a>>,
}

impl PartialEq for IndividualStream<'_> {
    /// The order of `local_control` says nothing.
    fn eq(&self, other: &Self) -> bool {
        same_entries(&self.local_control, &other.local_control)
            && self.local == other.local
            && self.remote == other.remote
            && self.statistic == other.statistic
    }
}

impl Eq for IndividualStream<'_> {}

/// A part of LocalControl; the forms with a value select Terminations (version 3).
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LocalControlAudit<'a> {
    /// `Mode`
    #[cfg_attr(feature = "serde", serde(rename = "streamMode"))]
    Mode,
    /// `Mode=…`
    #[cfg_attr(feature = "serde", serde(rename = "streamModeSel"))]
    ModeIs(StreamMode),
    /// `Mode#…`
    #[cfg_attr(feature = "serde", serde(rename = "streamModeUnequal"))]
    ModeIsNot(StreamMode),
    /// `ReservedValue`
    #[cfg_attr(feature = "serde", serde(rename = "reserveValue"))]
    ReservedValue,
    /// `ReservedGroup`
    #[cfg_attr(feature = "serde", serde(rename = "reserveGroup"))]
    ReservedGroup,
    /// A package's property.
    #[cfg_attr(feature = "serde", serde(rename = "propertyParm"))]
    Property(PackageItem<'a>),
    /// A package's property of that value.
    #[cfg_attr(feature = "serde", serde(rename = "propertyParmSel"))]
    PropertyIs(PropertyParm<'a>),
}

/// A part of TerminationState; the forms with a value select Terminations (version 3).
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TerminationStateAudit<'a> {
    /// `ServiceStates`
    #[cfg_attr(feature = "serde", serde(rename = "serviceState"))]
    ServiceStates,
    /// `ServiceStates=…`
    #[cfg_attr(feature = "serde", serde(rename = "serviceStateSel"))]
    ServiceStatesIs(ServiceState),
    /// `ServiceStates#…`
    #[cfg_attr(feature = "serde", serde(rename = "serviceStateUnequal"))]
    ServiceStatesIsNot(ServiceState),
    /// `Buffer`
    #[cfg_attr(feature = "serde", serde(rename = "eventBufferControl"))]
    Buffer,
    /// A package's property.
    #[cfg_attr(feature = "serde", serde(rename = "propertyParm"))]
    Property(PackageItem<'a>),
    /// A package's property of that value.
    #[cfg_attr(feature = "serde", serde(rename = "propertyParmSel"))]
    PropertyIs(PropertyParm<'a>),
}
