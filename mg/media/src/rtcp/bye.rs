//! Goodbye (RFC 3550 6.6).

use super::{BYE, Writer};

/// A source ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bye {
    /// Our source.
    pub(crate) ssrc: u32,
}

impl Bye {
    /// Writes the packet.
    pub(crate) fn write(&self, to: &mut Writer<'_>) {
        to.header(1, BYE, 1);
        to.word(self.ssrc);
    }
}
