//! The private chat and the link alone in virtual time, over a network that loses, doubles and
//! reorders.

pub mod link;
mod net;
mod party;
mod private_chat;
mod seeds;
mod world;

use std::time::Instant;

pub use net::{Faults, Net, Side};
pub use party::Party;
pub use private_chat::{Outcome, run};
pub use seeds::each_seed;
pub use world::{Way, World, mid, place};

/// The instant that virtual time counts from.
#[expect(
    clippy::disallowed_methods,
    reason = "an Instant cannot be made otherwise; it is never read again"
)]
pub fn start() -> Instant {
    Instant::now()
}
