//! The Modem descriptor (H.248.1 7.1.2, deprecated by version 3).

use std::borrow::Cow;

use bounded_static::ToStatic;

use crate::PropertyParm;

/// Modem types and their properties.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct ModemDescriptor<'a> {
    /// The types as they are spelled, one or more.
    pub types: Vec<Cow<'a, str>>,
    /// Properties, in the order written.
    pub properties: Vec<PropertyParm<'a>>,
}
