//! The private chat in virtual time, over a network that loses, doubles and reorders.

mod net;
mod party;
mod private_chat;
mod world;

use std::time::Instant;

pub use net::{Faults, Net, Side};
pub use party::Party;
pub use private_chat::{Outcome, run};
pub use world::World;

/// The instant that virtual time counts from.
#[expect(
    clippy::disallowed_methods,
    reason = "an Instant cannot be made otherwise; it is never read again"
)]
pub fn start() -> Instant {
    Instant::now()
}
