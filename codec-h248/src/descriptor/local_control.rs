//! The LocalControl descriptor (H.248.1 7.1.7).

use bounded_static::ToStatic;

use crate::PropertyParm;

/// Properties of a stream that the gateway keeps. It replaces the former one as a whole: what is
/// absent returns to its default.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct LocalControlDescriptor<'a> {
    /// Which way media flows; Inactive by default.
    pub mode: Option<StreamMode>,
    /// Whether every value of a description is reserved.
    pub reserved_value: Option<bool>,
    /// Whether every description is reserved.
    pub reserved_group: Option<bool>,
    /// Package properties, in the order written.
    pub properties: Vec<PropertyParm<'a>>,
}

/// Which way media flows, seen from the Context.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ToStatic)]
pub enum StreamMode {
    /// The Context's media goes out; what arrives does not enter the Context.
    SendOnly,
    /// What arrives enters the Context; nothing goes out.
    ReceiveOnly,
    /// Both ways.
    SendReceive,
    /// Neither way.
    #[default]
    Inactive,
    /// What arrives goes out again.
    Loopback,
}
