//! A gateway as plain data, for status pages; never used for decisions.

use codec_h248::{
    TerminationId,
    descriptor::{StreamId, StreamMode},
};
use mg_contract::{RtpPort, StreamRef};

/// A gateway at one moment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Snapshot {
    /// The Contexts, by number.
    pub contexts: Vec<ContextView>,
    /// The port pairs.
    pub ports: PortCounts,
    /// Whether the controller has accepted us.
    pub registered: bool,
    /// Transactions that wait or execute.
    pub transactions: usize,
    /// What has been counted here.
    pub counters: Counters,
    /// What has been counted of transactions.
    pub transport: transport_h248::Counters,
}

/// One Context.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContextView {
    /// Its number.
    pub id: u32,
    /// Its Terminations, in the order in which they were made.
    pub terminations: Vec<TerminationView>,
}

/// One Termination.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TerminationView {
    /// Its name.
    pub id: TerminationId<'static>,
    /// Its streams, by number.
    pub streams: Vec<StreamView>,
}

/// One stream.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StreamView {
    /// Its number.
    pub id: StreamId,
    /// Which way media flows.
    pub mode: StreamMode,
    /// Its name at the engine, where it has a port pair.
    pub stream: Option<StreamRef>,
    /// Its port pair.
    pub port: Option<RtpPort>,
}

/// How many port pairs are in which state.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PortCounts {
    /// Never asked for.
    pub unbound: usize,
    /// Asked for, and not yet answered.
    pub binding: usize,
    /// Bound and free.
    pub free: usize,
    /// Held by a stream, or by one that the engine has not yet closed.
    pub owned: usize,
    /// Could not be bound.
    pub failed: usize,
}

/// What a gateway has counted since it was made; the numbers only grow.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counters {
    /// Transactions carried out.
    pub transactions: u64,
    /// Commands that were refused.
    pub commands_refused: u64,
    /// Transactions refused because too many wait.
    pub queue_full: u64,
    /// Transactions of others than our controller.
    pub unauthorized: u64,
    /// Transactions that came before the registration's reply.
    pub unregistered: u64,
    /// Commands that ended without the engine's statistics.
    pub engine_timeouts: u64,
    /// Commands that ended because no port pair was bound in time.
    pub bind_timeouts: u64,
    /// Notifies that the controller has not answered.
    pub notifies_unanswered: u64,
    /// Reports of the engine and of sockets that nobody waited for.
    pub stray_reports: u64,
    /// How often events set each other off without an end, and were cut off.
    pub cut_off: u64,
}
