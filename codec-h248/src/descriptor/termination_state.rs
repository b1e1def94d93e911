//! The TerminationState descriptor (H.248.1 7.1.5).

use bounded_static::ToStatic;

use crate::PropertyParm;

/// Properties of a Termination that belong to no stream.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct TerminationStateDescriptor<'a> {
    /// Whether it is in service.
    pub service_states: Option<ServiceState>,
    /// How events are buffered.
    pub buffer: Option<EventBufferControl>,
    /// Package properties, in the order written.
    pub properties: Vec<PropertyParm<'a>>,
}

/// Whether a Termination is in service.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ToStatic)]
pub enum ServiceState {
    /// Being tested.
    Test,
    /// Out of service.
    OutOfService,
    /// In service.
    #[default]
    InService,
}

/// How events are buffered (H.248.1 7.1.9).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ToStatic)]
pub enum EventBufferControl {
    /// Each event is processed when it comes.
    #[default]
    Off,
    /// One event at a time.
    LockStep,
}
