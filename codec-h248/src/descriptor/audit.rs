//! The Audit descriptor: what to return (H.248.1 7.1.12).

use bounded_static::ToStatic;

use super::{
    PackageVersion, RequestId, ServiceState, SessionDescription, Signal, StreamId, StreamMode,
};
use crate::{Name, PackageItem, PropertyParm};

/// What to return, in the order written; empty means nothing but names.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct AuditDescriptor<'a> {
    /// The items.
    pub items: Vec<AuditItem<'a>>,
}

/// One item: a whole descriptor, or a part of one (individual audit, version 2).
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum AuditItem<'a> {
    /// `Mux`
    Mux,
    /// `Modem`
    Modem,
    /// `Media`
    Media,
    /// `Events`
    Events,
    /// `Signals`
    Signals,
    /// `EventBuffer`
    EventBuffer,
    /// `DigitMap`
    DigitMap,
    /// `Statistics`
    Statistics,
    /// `Packages`
    Packages,
    /// `ObservedEvents`
    ObservedEvents,
    /// Parts of Media.
    IndividualMedia(IndividualMedia<'a>),
    /// One event; the RequestID is mandatory in version 2.
    IndividualEvents(Option<RequestId>, PackageItem<'a>),
    /// One event of the buffer.
    IndividualEventBuffer(IndividualEventSpec<'a>),
    /// `Signals{}`.
    IndividualSignalsEmpty,
    /// One signal.
    IndividualSignal(Signal<'a>),
    /// One signal list, or one signal of it.
    IndividualSignalList(u16, Option<Signal<'a>>),
    /// One digit map by name.
    IndividualDigitMap(Name<'a>),
    /// One statistic.
    IndividualStatistic(PackageItem<'a>),
    /// One package.
    IndividualPackage(PackageVersion<'a>),
}

/// One event of the EventBuffer.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct IndividualEventSpec<'a> {
    /// Which one.
    pub name: PackageItem<'a>,
    /// The stream it is about.
    pub stream: Option<StreamId>,
    /// The name of a parameter.
    pub parameter: Option<Name<'a>>,
}

/// Parts of a Media descriptor.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct IndividualMedia<'a> {
    /// A part of TerminationState.
    pub termination_state: Option<TerminationStateAudit<'a>>,
    /// Parts of the streams.
    pub streams: IndividualStreams<'a>,
}

/// How streams are given.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum IndividualStreams<'a> {
    /// Without a Stream wrapper.
    Single(IndividualStream<'a>),
    /// By number.
    Several(Vec<(StreamId, IndividualStream<'a>)>),
}

impl Default for IndividualStreams<'_> {
    fn default() -> Self {
        Self::Single(IndividualStream::default())
    }
}

/// Parts of a stream.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct IndividualStream<'a> {
    /// Parts of LocalControl.
    pub local_control: Vec<LocalControlAudit<'a>>,
    /// Local (version 3).
    pub local: Option<SessionDescription<'a>>,
    /// Remote (version 3).
    pub remote: Option<SessionDescription<'a>>,
    /// A statistic (version 3).
    pub statistic: Option<PackageItem<'a>>,
}

/// A part of LocalControl; the forms with a value select Terminations (version 3).
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum LocalControlAudit<'a> {
    /// `Mode`
    Mode,
    /// `Mode=…`
    ModeIs(StreamMode),
    /// `Mode#…`
    ModeIsNot(StreamMode),
    /// `ReservedValue`
    ReservedValue,
    /// `ReservedGroup`
    ReservedGroup,
    /// A package's property.
    Property(PackageItem<'a>),
    /// A package's property of that value.
    PropertyIs(PropertyParm<'a>),
}

/// A part of TerminationState; the forms with a value select Terminations (version 3).
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum TerminationStateAudit<'a> {
    /// `ServiceStates`
    ServiceStates,
    /// `ServiceStates=…`
    ServiceStatesIs(ServiceState),
    /// `ServiceStates#…`
    ServiceStatesIsNot(ServiceState),
    /// `Buffer`
    Buffer,
    /// A package's property.
    Property(PackageItem<'a>),
    /// A package's property of that value.
    PropertyIs(PropertyParm<'a>),
}
