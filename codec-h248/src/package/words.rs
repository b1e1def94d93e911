//! The rule for names (H.248.1 Annex B.2 `NAME`).

/// The longest `NAME`, in octets.
pub(super) const LONGEST: usize = 64;

/// A letter, then letters, digits and underscores.
pub(super) fn is_name(word: &str) -> bool {
    word.len() <= LONGEST
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || octet == b'_')
}
