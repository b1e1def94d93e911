//! Local and Remote: session descriptions as octets (H.248.1 7.1.8).

use std::borrow::Cow;

use bounded_static::ToStatic;

/// SDP as it stands between the braces of Local or Remote, white space before it stripped and
/// `\}` made `}`. Empty releases the resources.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
pub struct SessionDescription<'a> {
    /// The octets, line ends included.
    pub octets: Cow<'a, [u8]>,
}

impl<'a> SessionDescription<'a> {
    /// A description by its octets. The caller vouches that octet 0 is not among them and that
    /// white space does not begin them; where no line end is last, text is written with one.
    pub fn new(octets: impl Into<Cow<'a, [u8]>>) -> Self {
        Self {
            octets: octets.into(),
        }
    }
}
