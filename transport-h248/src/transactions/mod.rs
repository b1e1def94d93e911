//! The transactions of one association, in both directions (H.248.1 8.2, D.1).

mod acks;
mod delay;
mod ids;
mod inbound;
mod outbound;
mod requests;

pub(crate) use acks::Acks;
pub(crate) use ids::Ids;
pub(crate) use inbound::{Asker, Inbound, Owed, Verdict};
pub(crate) use requests::{Answer, Due, Requests};

#[cfg(test)]
pub(crate) mod testing;
