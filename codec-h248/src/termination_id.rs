//! Termination ids: names, and the wildcards CHOOSE and ALL at any level (H.248.1 6.2.2).

use std::{
    borrow::Cow,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
};

use bounded_static::ToStatic;

use crate::spelling::Spelling;

/// The name of a Termination. It keeps its spelling; comparison ignores case.
///
/// ```
/// use codec_h248::TerminationId;
///
/// let every_line = TerminationId::from_name("line/*");
/// assert!(every_line.matches(&TerminationId::from_name("LINE/7")));
/// assert!(!TerminationId::ALL.matches(&TerminationId::ROOT));
/// ```
#[derive(Clone, Debug, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent, bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TerminationId<'a> {
    #[cfg_attr(feature = "serde", serde(borrow))]
    name: Cow<'a, str>,
}

impl<'a> TerminationId<'a> {
    /// The gateway itself (H.248.1 6.2.5).
    pub const ROOT: TerminationId<'static> = TerminationId {
        name: Cow::Borrowed("ROOT"),
    };
    /// `$`: one that the gateway chooses.
    pub const CHOOSE: TerminationId<'static> = TerminationId {
        name: Cow::Borrowed("$"),
    };
    /// `*`: all; never matches ROOT.
    pub const ALL: TerminationId<'static> = TerminationId {
        name: Cow::Borrowed("*"),
    };

    /// A Termination by name, which may hold wildcards. The caller vouches for the syntax
    /// (H.248.1 Annex B.2 `TerminationID`).
    pub fn from_name(name: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into() }
    }

    /// The name as it was spelled.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whether this is ROOT, in any case.
    pub fn is_root(&self) -> bool {
        *self == Self::ROOT
    }

    /// Whether this is CHOOSE alone.
    pub fn is_choose(&self) -> bool {
        self.name == "$"
    }

    /// Whether this is ALL alone.
    pub fn is_all(&self) -> bool {
        self.name == "*"
    }

    /// Whether a level of the name is CHOOSE.
    pub fn has_choose(&self) -> bool {
        self.name.contains('$')
    }

    /// Whether a level of the name is ALL.
    pub fn has_all(&self) -> bool {
        self.name.contains('*')
    }

    /// Whether `self`, as a pattern with any number of `*`, matches the literal `name`.
    pub fn matches(&self, name: &TerminationId<'_>) -> bool {
        if name.is_root() {
            return self.is_root();
        }
        glob(self.name.as_bytes(), name.name.as_bytes())
    }

    /// The name's text, for who reads it where it stays.
    pub(crate) fn text_mut(&mut self) -> &mut Cow<'a, str> {
        &mut self.name
    }

    fn spelling(&self) -> Spelling<'_> {
        Spelling(&self.name)
    }
}

/// Matches `*` against any run of octets, other octets without regard to case. Linear space,
/// and time bounded by the product of the lengths.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if p < pattern.len() && pattern[p] == b'*' {
            star = Some((p, n));
            p += 1;
        } else if p < pattern.len() && pattern[p].eq_ignore_ascii_case(&name[n]) {
            p += 1;
            n += 1;
        } else if let Some((at, taken)) = star {
            p = at + 1;
            n = taken + 1;
            star = Some((at, taken + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&octet| octet == b'*')
}

impl PartialEq for TerminationId<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.spelling() == other.spelling()
    }
}

impl Eq for TerminationId<'_> {}

impl Hash for TerminationId<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.spelling().hash(state);
    }
}

impl PartialOrd for TerminationId<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for TerminationId<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.spelling().cmp(&other.spelling())
    }
}

impl fmt::Display for TerminationId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> TerminationId<'_> {
        TerminationId::from_name(name)
    }

    #[test]
    fn names_that_are_one_are_found_under_one_hash() {
        let long = "trunk-group/channel-of-the-northern-exchange/17";
        let known = std::collections::HashSet::from([id("rtp/17"), id(long)]);
        assert!(known.contains(&id("RTP/17")));
        assert!(known.contains(&id(&long.to_uppercase())));
        assert!(!known.contains(&id("rtp/1")));
    }

    #[test]
    fn names_compare_without_case_and_keep_their_spelling() {
        assert_eq!(id("DS/1/5"), id("ds/1/5"));
        assert_eq!(id("DS/1/5").as_str(), "DS/1/5");
        assert!(id("root").is_root());
    }

    #[test]
    fn names_are_in_order_without_case() {
        let mut names = ["RTP/2", "ds/1", "rtp/1", "DS/2"].map(id);
        names.sort();
        assert_eq!(
            names.map(|name| name.to_string()),
            ["ds/1", "DS/2", "rtp/1", "RTP/2"]
        );
        let mut plain = ["b", "A", "B1", "a1"].map(crate::Name::from);
        plain.sort();
        assert_eq!(plain.map(|name| name.to_string()), ["A", "a1", "b", "B1"]);
    }

    #[test]
    fn all_matches_every_level_it_stands_for_but_never_root() {
        assert!(TerminationId::ALL.matches(&id("rtp/1")));
        assert!(!TerminationId::ALL.matches(&TerminationId::ROOT));
        assert!(id("rtp/*").matches(&id("RTP/00017")));
        assert!(!id("rtp/*").matches(&id("tdm/1")));
        assert!(id("*/3@gw1").matches(&id("line/3@gw1")));
        assert!(!id("rtp/1").matches(&id("rtp/12")));
    }
}
