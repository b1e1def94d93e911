//! Descriptors: what commands and replies carry (H.248.1 7.1).

mod audit;
mod digit_map;
mod error_descriptor;
mod event_buffer;
mod events;
mod local_control;
mod media;
mod modem;
mod mux;
mod non_standard;
mod observed_events;
mod packages;
mod service_change;
mod session_description;
mod signals;
mod statistics;
mod termination_state;

use bounded_static::ToStatic;

pub use audit::{
    AuditDescriptor, AuditItem, IndividualEventSpec, IndividualMedia, IndividualStream,
    IndividualStreams, LocalControlAudit, TerminationStateAudit,
};
pub use digit_map::{DigitMapDescriptor, DigitMapTimers, DigitMapValue};
pub use error_descriptor::{ErrorCode, ErrorDescriptor};
pub use event_buffer::{EventBufferDescriptor, EventSpec};
pub use events::{
    EmbeddedEvents, EventDigitMap, EventParameter, EventsDescriptor, NotifyBehaviour, RequestId,
    RequestedEvent,
};
pub use local_control::{LocalControlDescriptor, StreamMode};
pub use media::{MediaDescriptor, StreamDescriptor, StreamId, StreamParms, Streams};
pub use modem::{ModemDescriptor, ModemType};
pub use mux::{MuxDescriptor, MuxType};
pub use non_standard::{NonStandardData, NonStandardIdentifier};
pub use observed_events::{ObservedEvent, ObservedEventsDescriptor};
pub use packages::{PackageVersion, PackagesDescriptor};
pub use service_change::{
    ServiceChangeAddress, ServiceChangeDescriptor, ServiceChangeMethod, ServiceChangeProfile,
    ServiceChangeReplyDescriptor,
};
pub use session_description::SessionDescription;
pub use signals::{
    NamedParameter, NotificationReason, Signal, SignalDirection, SignalList, SignalParm,
    SignalType, SignalsDescriptor,
};
pub use statistics::{Statistic, StatisticValue, StatisticsDescriptor};
pub use termination_state::{EventBufferControl, ServiceState, TerminationStateDescriptor};

/// A descriptor of Add, Move or Modify.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AmmDescriptor<'a> {
    /// H.248.1 7.1.4.
    #[cfg_attr(feature = "serde", serde(rename = "mediaDescriptor"))]
    Media(MediaDescriptor<'a>),
    /// H.248.1 7.1.2.
    #[cfg_attr(feature = "serde", serde(rename = "modemDescriptor"))]
    Modem(ModemDescriptor<'a>),
    /// H.248.1 7.1.3.
    #[cfg_attr(feature = "serde", serde(rename = "muxDescriptor"))]
    Mux(MuxDescriptor<'a>),
    /// H.248.1 7.1.9.
    #[cfg_attr(feature = "serde", serde(rename = "eventsDescriptor"))]
    Events(EventsDescriptor<'a>),
    /// H.248.1 7.1.11.
    #[cfg_attr(feature = "serde", serde(rename = "signalsDescriptor"))]
    Signals(SignalsDescriptor<'a>),
    /// H.248.1 7.1.14.
    #[cfg_attr(feature = "serde", serde(rename = "digitMapDescriptor"))]
    DigitMap(DigitMapDescriptor<'a>),
    /// H.248.1 7.1.10.
    #[cfg_attr(feature = "serde", serde(rename = "eventBufferDescriptor"))]
    EventBuffer(EventBufferDescriptor<'a>),
    /// H.248.1 7.1.12.
    #[cfg_attr(feature = "serde", serde(rename = "auditDescriptor"))]
    Audit(AuditDescriptor<'a>),
    /// H.248.1 7.1.15 (version 3).
    #[cfg_attr(feature = "serde", serde(rename = "statisticsDescriptor"))]
    Statistics(StatisticsDescriptor<'a>),
}

/// A descriptor of a reply, or the bare keyword of an empty one.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AuditReturn<'a> {
    /// H.248.1 7.1.4.
    #[cfg_attr(feature = "serde", serde(rename = "mediaDescriptor"))]
    Media(MediaDescriptor<'a>),
    /// H.248.1 7.1.2.
    #[cfg_attr(feature = "serde", serde(rename = "modemDescriptor"))]
    Modem(ModemDescriptor<'a>),
    /// H.248.1 7.1.3.
    #[cfg_attr(feature = "serde", serde(rename = "muxDescriptor"))]
    Mux(MuxDescriptor<'a>),
    /// H.248.1 7.1.9.
    #[cfg_attr(feature = "serde", serde(rename = "eventsDescriptor"))]
    Events(EventsDescriptor<'a>),
    /// H.248.1 7.1.11.
    #[cfg_attr(feature = "serde", serde(rename = "signalsDescriptor"))]
    Signals(SignalsDescriptor<'a>),
    /// H.248.1 7.1.14.
    #[cfg_attr(feature = "serde", serde(rename = "digitMapDescriptor"))]
    DigitMap(DigitMapDescriptor<'a>),
    /// H.248.1 7.1.10.
    #[cfg_attr(feature = "serde", serde(rename = "eventBufferDescriptor"))]
    EventBuffer(EventBufferDescriptor<'a>),
    /// H.248.1 7.1.17.
    #[cfg_attr(feature = "serde", serde(rename = "observedEventsDescriptor"))]
    ObservedEvents(ObservedEventsDescriptor<'a>),
    /// H.248.1 7.1.15.
    #[cfg_attr(feature = "serde", serde(rename = "statisticsDescriptor"))]
    Statistics(StatisticsDescriptor<'a>),
    /// H.248.1 7.1.16.
    #[cfg_attr(feature = "serde", serde(rename = "packagesDescriptor"))]
    Packages(PackagesDescriptor<'a>),
    /// H.248.1 7.1.19.
    #[cfg_attr(feature = "serde", serde(rename = "errorDescriptor"))]
    Error(ErrorDescriptor<'a>),
    /// A bare keyword: the descriptor is empty.
    #[cfg_attr(feature = "serde", serde(rename = "emptyDescriptor"))]
    Empty(EmptyDescriptor),
}

/// The descriptors whose emptiness is said by their bare keyword (Annex B.2 `auditReturnItem`).
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EmptyDescriptor {
    /// `Mux`
    #[cfg_attr(feature = "serde", serde(rename = "muxToken"))]
    Mux,
    /// `Modem`
    #[cfg_attr(feature = "serde", serde(rename = "modemToken"))]
    Modem,
    /// `Media`
    #[cfg_attr(feature = "serde", serde(rename = "mediaToken"))]
    Media,
    /// `DigitMap`
    #[cfg_attr(feature = "serde", serde(rename = "digitMapToken"))]
    DigitMap,
    /// `Statistics`
    #[cfg_attr(feature = "serde", serde(rename = "statsToken"))]
    Statistics,
    /// `ObservedEvents`
    #[cfg_attr(feature = "serde", serde(rename = "observedEventsToken"))]
    ObservedEvents,
    /// `Packages`
    #[cfg_attr(feature = "serde", serde(rename = "packagesToken"))]
    Packages,
}
