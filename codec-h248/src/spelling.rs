//! Names that are one name however they are spelled (H.248.1 Annex B.1).

use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

/// A name that is compared without regard to case.
pub(crate) struct Spelling<'n>(pub(crate) &'n str);

impl Spelling<'_> {
    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|octet| octet.to_ascii_lowercase())
    }
}

impl PartialEq for Spelling<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for Spelling<'_> {}

impl PartialOrd for Spelling<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Spelling<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl Hash for Spelling<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Folded by pieces: a hasher takes several octets at once much faster than one by one.
        let mut piece = [0; 32];
        for octets in self.0.as_bytes().chunks(piece.len()) {
            let folded = &mut piece[..octets.len()];
            folded.copy_from_slice(octets);
            folded.make_ascii_lowercase();
            state.write(folded);
        }
        state.write_u8(0xff);
    }
}
