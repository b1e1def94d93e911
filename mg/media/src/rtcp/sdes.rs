//! Source descriptions: the canonical name, which every compound packet holds (RFC 3550 6.5.1).

use super::{SDES, Writer};

/// Octets of a canonical name at most, so that a compound packet fits its buffer.
pub(crate) const CNAME_MAX: usize = 64;
/// Item type of a canonical name.
const CNAME: u8 = 1;

/// The name of a source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sdes<'a> {
    /// Our source.
    pub(crate) ssrc: u32,
    /// Its canonical name, at most [`CNAME_MAX`] octets.
    pub(crate) cname: &'a str,
}

impl Sdes<'_> {
    /// Writes the packet.
    pub(crate) fn write(&self, to: &mut Writer<'_>) {
        // The list of items ends with at least one zero and fills its last word.
        let items = 2 + self.cname.len();
        let words = items / 4 + 1;
        to.header(1, SDES, 1 + words);
        to.word(self.ssrc);
        to.octets(&[CNAME, self.cname.len() as u8]);
        to.octets(self.cname.as_bytes());
        to.octets(&[0; 4][..words * 4 - items]);
    }
}
