//! The link alone, in virtual time: two endpoints with the real codec in between, over a network in
//! a storm, with programs that ask, work and are restarted.

mod agenda;
mod audit;
mod ledger;
mod program;
mod traffic;
mod world;

use std::time::Duration;

use transport_h248::Counters;

use self::world::World;
use super::{Faults, Side};

pub use ledger::Ends;

/// What a run is made of, beside its seed.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Requests of both sides together.
    pub transactions: u32,
    /// What the network does.
    pub faults: Faults,
    /// What is broken, if anything.
    pub defect: Option<Defect>,
}

impl Default for Settings {
    /// 10,000 transactions; 30 % loss, 10 % duplication, every second datagram up to 2 s late.
    fn default() -> Self {
        Self {
            transactions: 10_000,
            faults: Faults {
                loss: 0.3,
                duplication: 0.1,
                reordering: 0.5,
                late_max: Duration::from_secs(2),
            },
            defect: None,
        }
    }
}

/// What is broken on purpose, to see that a run tells of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Defect {
    /// LONG-TIMER is 1 s, while copies are under way for longer.
    ShortMemory,
    /// An endpoint forgets its tables where it should be restarted.
    Forgetful,
    /// Every hundredth end of a request is not reported.
    Silent,
}

/// A message that was sent.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// When, since the start of the run.
    pub at: Duration,
    /// By whom.
    pub from: Side,
    /// The message.
    pub octets: &'a [u8],
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The seed of the run.
    pub seed: u64,
    /// What was not as it must be; empty where the run is right.
    pub faults: Vec<String>,
    /// A digest of every message with its moment; equal for equal seeds.
    pub trace: u64,
    /// Requests that were sent, without registrations.
    pub asked: u64,
    /// Executions of them; a request may be executed again in another life.
    pub executed: u64,
    /// How they ended.
    pub ends: Ends,
    /// Programs that died and were started again.
    pub restarts: u64,
    /// What both endpoints have counted, in all lives.
    pub counters: Counters,
    /// Datagrams given to the network.
    pub datagrams: u64,
    /// Datagrams that it lost.
    pub lost: u64,
    /// Datagrams that it doubled.
    pub doubled: u64,
    /// Virtual time that passed until nothing was left to happen.
    pub elapsed: Duration,
}

/// Runs a world made from the seed, until nothing is left to happen.
pub fn run(seed: u64, settings: &Settings) -> Outcome {
    run_seen(seed, settings, &mut |_| {})
}

/// The same, and tells of every message that is sent.
pub fn run_seen(seed: u64, settings: &Settings, seen: &mut dyn FnMut(Seen<'_>)) -> Outcome {
    World::new(seed, settings, seen).run()
}
