//! The Events descriptor (H.248.1 7.1.9).

use std::fmt;

use bounded_static::ToStatic;

use super::{DigitMapValue, NamedParameter, SignalsDescriptor, StreamId};
use crate::{List, Name, PackageItem, unordered::same_entries};

/// Ties events and signals to the request that asked for them.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, ToStatic)]
pub enum RequestId {
    /// `*`, in replies to AuditCapability only.
    All,
    /// A number.
    Id(u32),
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::Id(id) => id.fmt(f),
        }
    }
}

/// The events to detect; empty (bare `Events`) disables detection.
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
pub struct EventsDescriptor<'a> {
    /// The request; absent only where there are no events.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub request_id: Option<RequestId>,
    /// The events, in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "eventList", default, skip_serializing_if = "List::is_empty")
    )]
    pub events: List<RequestedEvent<'a>>,
}

/// One event to detect.
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
pub struct RequestedEvent<'a> {
    /// Which one.
    #[cfg_attr(feature = "serde", serde(rename = "pkgdName"))]
    pub name: PackageItem<'a>,
    /// How, in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub parameters: Vec<EventParameter<'a>>,
}

impl PartialEq for RequestedEvent<'_> {
    /// The order of `parameters` says nothing.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && same_entries(&self.parameters, &other.parameters)
    }
}

impl Eq for RequestedEvent<'_> {}

impl<'a> RequestedEvent<'a> {
    /// The parameters that its package defines, in the order written.
    pub fn own_parameters(&self) -> impl Iterator<Item = &NamedParameter<'a>> + Clone {
        self.parameters.iter().filter_map(|one| match one {
            EventParameter::Other(own) => Some(own),
            EventParameter::KeepActive
            | EventParameter::Stream(_)
            | EventParameter::DigitMap(_)
            | EventParameter::Embed { .. }
            | EventParameter::NotifyBehaviour(_)
            | EventParameter::ResetEventsDescriptor => None,
        })
    }
}

/// A parameter of a requested event.
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
pub enum EventParameter<'a> {
    /// `KeepActive`: signals go on.
    KeepActive,
    /// The stream it is about.
    #[cfg_attr(feature = "serde", serde(rename = "streamId"))]
    Stream(StreamId),
    /// The digit map to collect by.
    #[cfg_attr(feature = "serde", serde(rename = "eventDM"))]
    DigitMap(EventDigitMap<'a>),
    /// What becomes active on detection.
    Embed {
        /// Signals to play.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "signalsDescriptor", skip_serializing_if = "Option::is_none")
        )]
        signals: Option<SignalsDescriptor<'a>>,
        /// Events to detect.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "secondEvent", skip_serializing_if = "Option::is_none")
        )]
        events: Option<EmbeddedEvents<'a>>,
    },
    /// Whether it is notified (version 3).
    NotifyBehaviour(NotifyBehaviour<'a>),
    /// `ResetEventsDescriptor` (version 3).
    ResetEventsDescriptor,
    /// A parameter of the package.
    #[cfg_attr(feature = "serde", serde(rename = "evPar"))]
    Other(NamedParameter<'a>),
}

/// Embedded events; their own embedded descriptors hold signals only.
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
pub struct EmbeddedEvents<'a> {
    /// The request; absent only where there are no events.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub request_id: Option<RequestId>,
    /// The events, in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "eventList", default, skip_serializing_if = "List::is_empty")
    )]
    pub events: List<RequestedEvent<'a>>,
}

/// A digit map of an event.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EventDigitMap<'a> {
    /// By name.
    #[cfg_attr(feature = "serde", serde(rename = "digitMapName"))]
    Name(Name<'a>),
    /// By value.
    #[cfg_attr(feature = "serde", serde(rename = "digitMapValue"))]
    Value(DigitMapValue<'a>),
}

/// Whether a detected event is notified (version 3).
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
pub enum NotifyBehaviour<'a> {
    /// Never.
    #[cfg_attr(feature = "serde", serde(rename = "neverNotify"))]
    Never,
    /// At once.
    #[cfg_attr(feature = "serde", serde(rename = "notifyImmediate"))]
    Immediate,
    /// Subject to regulation, with what becomes active where it is suppressed.
    #[cfg_attr(feature = "serde", serde(rename = "notifyRegulated"))]
    Regulated {
        /// Signals to play.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "signalsDescriptor", skip_serializing_if = "Option::is_none")
        )]
        signals: Option<SignalsDescriptor<'a>>,
        /// Events to detect.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "secondEvent", skip_serializing_if = "Option::is_none")
        )]
        events: Option<EmbeddedEvents<'a>>,
    },
}
