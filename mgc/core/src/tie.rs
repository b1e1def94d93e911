//! What each transaction is about, for those who look on at the messages.

use std::collections::VecDeque;

use codec_h248::TransactionId;
use transport_h248::{Address, Direction};

use crate::northbound::{CallId, LegId, OperationId};

/// So many wait to be taken; over it the oldest goes.
const WAITING_MAX: usize = 65_536;

/// What a transaction with a gateway is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tie {
    /// Where the gateway is.
    pub peer: Address,
    /// Which way the request went.
    pub direction: Direction,
    /// Its number.
    pub transaction: TransactionId,
    /// What is asked: `add`, `move`, `close` (the first media channel), `reopen`, `release` (to be
    /// added again elsewhere), `leave`, `locate`, `undo`, `sweep`, `clear`, `audit`, `presence`,
    /// `watch`, `handOff`, `notify`.
    pub aim: &'static str,
    /// The operation that it carries out.
    pub operation: Option<OperationId>,
    /// The name of the request that the operation began with.
    pub request_id: Option<String>,
    /// The Leg that it is about.
    pub leg: Option<LegId>,
    /// The Call of the operation or of the Leg.
    pub call: Option<CallId>,
}

/// Those that nobody has taken yet.
#[derive(Debug)]
pub(crate) struct Ties {
    wanted: bool,
    waiting: VecDeque<Tie>,
}

impl Ties {
    /// `wanted` says whether anybody takes them.
    pub(crate) fn new(wanted: bool) -> Self {
        Self {
            wanted,
            waiting: VecDeque::new(),
        }
    }

    pub(crate) fn are_wanted(&self) -> bool {
        self.wanted
    }

    pub(crate) fn push(&mut self, tie: Tie) {
        if !self.wanted {
            return;
        }
        if self.waiting.len() >= WAITING_MAX {
            self.waiting.pop_front();
        }
        self.waiting.push_back(tie);
    }

    pub(crate) fn poll(&mut self) -> Option<Tie> {
        self.waiting.pop_front()
    }
}
