//! The ObservedEvents descriptor (H.248.1 7.1.17).

use bounded_static::ToStatic;

use super::{NamedParameter, RequestId, StreamId};
use crate::{PackageItem, TimeStamp};

/// What was observed, in the order of detection.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct ObservedEventsDescriptor<'a> {
    /// The request that asked for it.
    pub request_id: RequestId,
    /// The events.
    pub events: Vec<ObservedEvent<'a>>,
}

/// One observed event.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct ObservedEvent<'a> {
    /// When.
    pub time_stamp: Option<TimeStamp>,
    /// Which one.
    pub name: PackageItem<'a>,
    /// The stream it is about.
    pub stream: Option<StreamId>,
    /// Parameters, in the order written.
    pub parameters: Vec<NamedParameter<'a>>,
}
