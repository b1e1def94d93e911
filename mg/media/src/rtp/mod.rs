//! RTP as RFC 3550 has it: reading, writing, counting.

mod header;
mod sequence;
mod statistics;
mod view;

pub(crate) use header::{HEADER_LENGTH, Header};
pub(crate) use sequence::Step;
pub(crate) use statistics::Statistics;
pub(crate) use view::View;
