//! The Media descriptor and its streams (H.248.1 7.1.4, 7.1.6).

use bounded_static::ToStatic;

use super::{
    LocalControlDescriptor, SessionDescription, StatisticsDescriptor, TerminationStateDescriptor,
};

/// Number of a stream; 0 means no particular one in events and signals.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, ToStatic)]
pub struct StreamId(pub u16);

/// The state and the streams of a Termination.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct MediaDescriptor<'a> {
    /// What is not bound to a stream.
    pub termination_state: Option<TerminationStateDescriptor<'a>>,
    /// The streams.
    pub streams: Streams<'a>,
}

/// How streams are given.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum Streams<'a> {
    /// Without a Stream wrapper: stream 1. All absent means that no stream is spoken of.
    Single(StreamParms<'a>),
    /// With Stream wrappers, in the order written.
    Several(Vec<StreamDescriptor<'a>>),
}

impl Default for Streams<'_> {
    fn default() -> Self {
        Self::Single(StreamParms::default())
    }
}

/// One stream by its number.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct StreamDescriptor<'a> {
    /// The number.
    pub id: StreamId,
    /// What is said of it.
    pub parms: StreamParms<'a>,
}

/// What is said of a stream. Absent parts keep their value.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct StreamParms<'a> {
    /// H.248.1 7.1.7.
    pub local_control: Option<LocalControlDescriptor<'a>>,
    /// What the gateway receives (H.248.1 7.1.8).
    pub local: Option<SessionDescription<'a>>,
    /// What the gateway sends (H.248.1 7.1.8).
    pub remote: Option<SessionDescription<'a>>,
    /// H.248.1 7.1.15 (version 3).
    pub statistics: Option<StatisticsDescriptor<'a>>,
}
