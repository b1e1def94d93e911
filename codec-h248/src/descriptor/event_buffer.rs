//! The EventBuffer descriptor (H.248.1 7.1.10).

use bounded_static::ToStatic;

use super::{NamedParameter, StreamId};
use crate::PackageItem;

/// The events to buffer; empty clears the buffer.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct EventBufferDescriptor<'a> {
    /// The events, in the order written.
    pub events: Vec<EventSpec<'a>>,
}

/// One event to buffer.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct EventSpec<'a> {
    /// Which one.
    pub name: PackageItem<'a>,
    /// The stream it is about.
    pub stream: Option<StreamId>,
    /// Parameters, in the order written.
    pub parameters: Vec<NamedParameter<'a>>,
}
