//! Names of parameters, digit maps, packages and profiles (H.248.1 Annex B.2 `NAME`).

use std::{borrow::Cow, cmp::Ordering, fmt};

use bounded_static::ToStatic;

use crate::spelling::Spelling;

/// A letter, then letters, digits and underscores, 64 at most. It keeps its spelling; comparison
/// ignores case.
///
/// ```
/// use codec_h248::Name;
///
/// assert_eq!(Name::from("DialPlan1"), Name::from("dialplan1"));
/// assert_eq!(Name::from("DialPlan1").as_str(), "DialPlan1");
/// ```
#[derive(Clone, Debug, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent, bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Name<'a>(#[cfg_attr(feature = "serde", serde(borrow))] Cow<'a, str>);

/// Whether the word is a `NAME` (H.248.1 Annex B.2).
pub(crate) fn is_name(word: &[u8]) -> bool {
    let part = |octet: &u8| octet.is_ascii_alphanumeric() || *octet == b'_';
    word.len() <= 64 && word.first().is_some_and(u8::is_ascii_alphabetic) && word.iter().all(part)
}

impl Name<'_> {
    /// The name as it was spelled.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is that name, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }
}

impl<'a> From<Cow<'a, str>> for Name<'a> {
    /// The caller vouches for the syntax.
    fn from(name: Cow<'a, str>) -> Self {
        Self(name)
    }
}

impl<'a> From<&'a str> for Name<'a> {
    /// The caller vouches for the syntax.
    fn from(name: &'a str) -> Self {
        Self(Cow::Borrowed(name))
    }
}

impl From<String> for Name<'_> {
    /// The caller vouches for the syntax.
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl Eq for Name<'_> {}

impl PartialOrd for Name<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        Spelling(&self.0).cmp(&Spelling(&other.0))
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
