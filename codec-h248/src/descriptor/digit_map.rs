//! The DigitMap descriptor (H.248.1 7.1.14).

use std::borrow::Cow;

use bounded_static::ToStatic;

use crate::Name;

/// A digit map by name, by value, or both; a name alone deletes or names.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct DigitMapDescriptor<'a> {
    /// The name.
    pub name: Option<Name<'a>>,
    /// The value.
    pub value: Option<DigitMapValue<'a>>,
}

/// Timers and the map itself, which stays as it is spelled.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct DigitMapValue<'a> {
    /// Timers that differ from the provisioned ones.
    pub timers: DigitMapTimers,
    /// The alternatives.
    pub body: Cow<'a, str>,
}

/// The timers of a digit map.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct DigitMapTimers {
    /// T, before the first symbol, in seconds.
    pub start_s: Option<u8>,
    /// S, in seconds.
    pub short_s: Option<u8>,
    /// L, in seconds.
    pub long_s: Option<u8>,
    /// Z, in units of 100 ms (version 2).
    pub duration_ds: Option<u8>,
}
