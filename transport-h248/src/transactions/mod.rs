//! The transactions of one association, in both directions (H.248.1 8.2, D.1).

mod acks;
mod delay;
mod gather;
mod ids;
mod inbound;
mod kept;
mod outbound;
mod requests;
mod split;

pub(crate) use acks::Acks;
pub(crate) use gather::{Gathered, Piece};
pub(crate) use ids::Ids;
pub(crate) use inbound::{Asker, Inbound, Owed, SegmentNews, Verdict};
pub(crate) use kept::{Kept, Segments};
pub(crate) use requests::{Answer, Due, Requests, SegmentAnswer};
pub(crate) use split::{Bounds, split};

#[cfg(test)]
pub(crate) mod testing;
