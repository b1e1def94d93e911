//! Data outside the standard, which the binary encoding carries (H.248.1 Annex A.2
//! `NonStandardData`).

use std::borrow::Cow;

use bounded_static::ToStatic;

/// Octets and who says what they mean.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct NonStandardData<'a> {
    /// Whose data it is.
    pub identifier: NonStandardIdentifier<'a>,
    /// The octets.
    pub data: Cow<'a, [u8]>,
}

/// Whose data it is.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum NonStandardIdentifier<'a> {
    /// An object identifier, as the contents octets of its BER form.
    Object(Cow<'a, [u8]>),
    /// A manufacturer by T.35 and H.221.
    H221 {
        /// T.35 country code.
        country_1: u8,
        /// T.35 country code, second octet.
        country_2: u8,
        /// Assigned nationally.
        extension: u8,
        /// Assigned nationally.
        manufacturer: u16,
    },
    /// Eight characters, of which the first two are `X-` or `X+`.
    Experimental(Cow<'a, str>),
}
