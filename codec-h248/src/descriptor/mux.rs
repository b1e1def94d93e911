//! The Mux descriptor (H.248.1 7.1.3).

use std::borrow::Cow;

use bounded_static::ToStatic;

use crate::TerminationId;

/// A multiplex and its bearers.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct MuxDescriptor<'a> {
    /// The type as it is spelled.
    pub mux_type: Cow<'a, str>,
    /// The bearers.
    pub terminations: Vec<TerminationId<'a>>,
}
