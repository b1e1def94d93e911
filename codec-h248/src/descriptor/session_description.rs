//! Local and Remote: session descriptions as octets (H.248.1 7.1.8).

use std::borrow::Cow;

use bounded_static::ToStatic;

/// SDP as it stands between the braces of Local or Remote, white space before it stripped and
/// `\}` made `}`. Empty releases the resources. Two descriptions are equal if their lines are: the
/// kind of line end, blank lines and the blanks before a line say nothing.
#[derive(Clone, Debug, Default, ToStatic)]
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

    /// The lines that say something, without line ends and the blanks before them.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.octets
            .split(|&octet| matches!(octet, b'\r' | b'\n'))
            .map(<[u8]>::trim_ascii_start)
            .filter(|line| !line.is_empty())
    }
}

impl PartialEq for SessionDescription<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.octets == other.octets || self.lines().eq(other.lines())
    }
}

impl Eq for SessionDescription<'_> {}
