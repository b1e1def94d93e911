//! The Events descriptor (H.248.1 7.1.9).

use std::fmt;

use bounded_static::ToStatic;

use super::{DigitMapValue, NamedParameter, SignalsDescriptor, StreamId};
use crate::{Name, PackageItem};

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
pub struct EventsDescriptor<'a> {
    /// The request; absent only where there are no events.
    pub request_id: Option<RequestId>,
    /// The events, in the order written.
    pub events: Vec<RequestedEvent<'a>>,
}

/// One event to detect.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct RequestedEvent<'a> {
    /// Which one.
    pub name: PackageItem<'a>,
    /// How, in the order written.
    pub parameters: Vec<EventParameter<'a>>,
}

/// A parameter of a requested event.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum EventParameter<'a> {
    /// `KeepActive`: signals go on.
    KeepActive,
    /// The stream it is about.
    Stream(StreamId),
    /// The digit map to collect by.
    DigitMap(EventDigitMap<'a>),
    /// What becomes active on detection.
    Embed {
        /// Signals to play.
        signals: Option<SignalsDescriptor<'a>>,
        /// Events to detect.
        events: Option<EmbeddedEvents<'a>>,
    },
    /// Whether it is notified (version 3).
    NotifyBehaviour(NotifyBehaviour<'a>),
    /// `ResetEventsDescriptor` (version 3).
    ResetEventsDescriptor,
    /// A parameter of the package.
    Other(NamedParameter<'a>),
}

/// Embedded events; their own embedded descriptors hold signals only.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct EmbeddedEvents<'a> {
    /// The request; absent only where there are no events.
    pub request_id: Option<RequestId>,
    /// The events, in the order written.
    pub events: Vec<RequestedEvent<'a>>,
}

/// A digit map of an event.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum EventDigitMap<'a> {
    /// By name.
    Name(Name<'a>),
    /// By value.
    Value(DigitMapValue<'a>),
}

/// Whether a detected event is notified (version 3).
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum NotifyBehaviour<'a> {
    /// Never.
    Never,
    /// At once.
    Immediate,
    /// Subject to regulation, with what becomes active where it is suppressed.
    Regulated {
        /// Signals to play.
        signals: Option<SignalsDescriptor<'a>>,
        /// Events to detect.
        events: Option<EmbeddedEvents<'a>>,
    },
}
