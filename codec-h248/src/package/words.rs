//! The rule for names (H.248.1 Annex B.2 `NAME`), and which are one name.

/// The longest `NAME`, in octets.
pub(super) const LONGEST: usize = 64;

/// A letter, then letters, digits and underscores.
pub(super) fn is_name(word: &str) -> bool {
    crate::name::is_name(word.as_bytes())
}

/// Whether two names are one, in any case. Names of one package mostly differ in their last octet,
/// so this begins there.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one
            .bytes()
            .rev()
            .zip(other.bytes().rev())
            .all(|(one, other)| one.eq_ignore_ascii_case(&other))
}
