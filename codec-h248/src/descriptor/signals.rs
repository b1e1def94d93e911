//! The Signals descriptor (H.248.1 7.1.11).

use bounded_static::ToStatic;

use super::{RequestId, StreamId};
use crate::{Name, PackageItem, ParmValue, unordered::same_entries};

/// The signals to play; empty stops all.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent, bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignalsDescriptor<'a> {
    /// Signals and lists, in the order written.
    pub parms: Vec<SignalParm<'a>>,
}

/// A signal, or a list of them.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SignalParm<'a> {
    /// One signal.
    Signal(Signal<'a>),
    /// Signals one after another.
    #[cfg_attr(feature = "serde", serde(rename = "seqSigList"))]
    List(SignalList<'a>),
}

/// Signals one after another.
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
pub struct SignalList<'a> {
    /// The list's number.
    pub id: u16,
    /// Its signals.
    #[cfg_attr(feature = "serde", serde(rename = "signalList"))]
    pub signals: Vec<Signal<'a>>,
}

/// One signal. Each parameter stands at most once.
#[derive(Clone, Debug, ToStatic)]
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
pub struct Signal<'a> {
    /// Which one.
    #[cfg_attr(feature = "serde", serde(rename = "signalName"))]
    pub name: PackageItem<'a>,
    /// The stream it is about.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "streamId", skip_serializing_if = "Option::is_none")
    )]
    pub stream: Option<StreamId>,
    /// How it ends; the package's default where absent.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "sigType", skip_serializing_if = "Option::is_none")
    )]
    pub signal_type: Option<SignalType>,
    /// Hundredths of a second.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "duration", skip_serializing_if = "Option::is_none")
    )]
    pub duration_cs: Option<u16>,
    /// Which ways of ending are reported.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub notify_completion: Option<Vec<NotificationReason>>,
    /// Whether it goes on if it plays already.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "std::ops::Not::not")
    )]
    pub keep_active: bool,
    /// Which way it plays (version 3).
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub direction: Option<SignalDirection>,
    /// Ties its completion to a request (version 3).
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub request_id: Option<RequestId>,
    /// Pause before the next of a list, in hundredths of a second (version 3).
    #[cfg_attr(
        feature = "serde",
        serde(rename = "intersigDelay", skip_serializing_if = "Option::is_none")
    )]
    pub intersignal_delay_cs: Option<u16>,
    /// Parameters of the package, in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "sigParList", default, skip_serializing_if = "Vec::is_empty")
    )]
    pub parameters: Vec<NamedParameter<'a>>,
}

impl PartialEq for Signal<'_> {
    /// The order of `notify_completion` says nothing.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.stream == other.stream
            && self.signal_type == other.signal_type
            && self.duration_cs == other.duration_cs
            && same_entries(
                self.notify_completion.as_deref().unwrap_or_default(),
                other.notify_completion.as_deref().unwrap_or_default(),
            )
            && self.notify_completion.is_some() == other.notify_completion.is_some()
            && self.keep_active == other.keep_active
            && self.direction == other.direction
            && self.request_id == other.request_id
            && self.intersignal_delay_cs == other.intersignal_delay_cs
            && self.parameters == other.parameters
    }
}

impl Eq for Signal<'_> {}

impl<'a> Signal<'a> {
    /// A signal without parameters.
    pub fn new(name: PackageItem<'a>) -> Self {
        Self {
            name,
            stream: None,
            signal_type: None,
            duration_cs: None,
            notify_completion: None,
            keep_active: false,
            direction: None,
            request_id: None,
            intersignal_delay_cs: None,
            parameters: Vec::new(),
        }
    }
}

/// How a signal ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SignalType {
    /// When it is taken out.
    OnOff,
    /// When it is taken out, or after its duration.
    TimeOut,
    /// By itself.
    Brief,
}

/// Which way a signal plays (version 3).
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SignalDirection {
    /// Out of the Context.
    External,
    /// Into the Context.
    Internal,
    /// Both.
    Both,
}

/// A way of ending that is reported.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum NotificationReason {
    /// It ran its time.
    #[cfg_attr(feature = "serde", serde(rename = "onTimeOut"))]
    TimeOut,
    /// An event stopped it.
    #[cfg_attr(feature = "serde", serde(rename = "onInterruptByEvent"))]
    InterruptByEvent,
    /// A new Signals descriptor stopped it.
    #[cfg_attr(feature = "serde", serde(rename = "onInterruptByNewSignalDescr"))]
    InterruptByNewSignals,
    /// Something else.
    OtherReason,
    /// One iteration ended (version 3).
    #[cfg_attr(feature = "serde", serde(rename = "onIteration"))]
    Iteration,
}

/// A parameter of a package's event or signal.
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
pub struct NamedParameter<'a> {
    /// Its name.
    pub name: Name<'a>,
    /// Its value.
    pub value: ParmValue<'a>,
}
