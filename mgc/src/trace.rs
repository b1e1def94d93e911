//! The last H.248 messages, each with what it is about.

use std::{
    collections::{BTreeMap, VecDeque},
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use codec_h248::{
    DecodeError, Limits, Message, TransactionId, TransactionKind,
    binary::{self, BinaryProfile},
};
use mgc_core::Tie;
use transport_h248::{Direction, Encoding, Trace};
use transport_h248_tokio::sinks::Sink;

/// So many octets of messages are kept at most.
const OCTETS_MAX: usize = 16 << 20;

/// So many transactions of one message are looked at for what they are about.
const TRANSACTIONS_MAX: usize = 64;

/// A message that went by.
#[derive(Debug)]
pub(crate) struct Passed {
    /// The message.
    pub(crate) trace: Trace,
    /// Where our side was.
    pub(crate) local: SocketAddr,
    /// When.
    pub(crate) time: SystemTime,
    /// What its transactions are about, as far as they are about something.
    pub(crate) ties: Vec<Arc<Tie>>,
}

/// Which messages are wanted. What is not said does not matter.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// Those about this Call.
    pub(crate) call: Option<String>,
    /// Those about this Leg.
    pub(crate) leg: Option<String>,
    /// Those that carry out this operation.
    pub(crate) operation: Option<String>,
    /// Those that carry out what the request of this name began.
    pub(crate) request: Option<String>,
}

/// The last messages; its copies share them.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    kept: Arc<Mutex<Kept>>,
    names: Arc<BinaryProfile>,
    limits: Limits,
}

/// The request that a transaction belongs to: the peer's host, since some answer from another
/// socket; which way the request went; its number.
type Key = (IpAddr, bool, TransactionId);

#[derive(Debug)]
struct Kept {
    messages_max: usize,
    messages: VecDeque<Arc<Passed>>,
    octets: usize,
    ties: BTreeMap<Key, Arc<Tie>>,
    /// The ties in the order in which they came.
    order: VecDeque<Key>,
}

impl Ring {
    /// Keeps so many messages, which are read by these limits and with these names.
    pub(crate) fn new(messages_max: usize, limits: Limits, names: Arc<BinaryProfile>) -> Self {
        let kept = Kept {
            messages_max,
            messages: VecDeque::new(),
            octets: 0,
            ties: BTreeMap::new(),
            order: VecDeque::new(),
        };
        Self {
            kept: Arc::new(Mutex::new(kept)),
            names,
            limits,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing that is done under the lock leaves it half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what transactions are about; before their messages come.
    pub(crate) fn tie(&self, ties: impl Iterator<Item = Tie>) {
        let mut ties = ties.peekable();
        if ties.peek().is_some() {
            let mut kept = self.kept();
            ties.for_each(|tie| kept.tie(tie));
        }
    }

    /// How many messages are kept at most.
    pub(crate) fn messages_max(&self) -> usize {
        self.kept().messages_max
    }

    /// The last `limit` messages that are wanted, the oldest first.
    pub(crate) fn read(&self, wanted: &Wanted, limit: usize) -> Vec<Arc<Passed>> {
        let kept = self.kept();
        let latest = kept.messages.iter().rev();
        let found = latest.filter(|passed| wanted.takes(passed)).take(limit);
        let mut found: Vec<_> = found.cloned().collect();
        found.reverse();
        found
    }

    /// Reads a message.
    pub(crate) fn decode<'a>(&'a self, octets: &'a [u8]) -> Result<Message<'a>, DecodeError> {
        match Encoding::of(octets) {
            Encoding::Text => codec_h248::decode(octets, &self.limits),
            Encoding::Binary => binary::decode(octets, &self.limits, &self.names),
        }
    }
}

impl Sink for Ring {
    fn name(&self) -> &'static str {
        "the trace"
    }

    fn record(&mut self, trace: &Trace, local: SocketAddr, time: SystemTime) -> Result<(), String> {
        self.kept().record(trace.clone(), local, time);
        Ok(())
    }
}

impl Kept {
    fn tie(&mut self, tie: Tie) {
        let key = key(&tie.peer.socket, tie.direction, tie.transaction);
        if self.ties.insert(key, Arc::new(tie)).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > self.messages_max {
            if let Some(key) = self.order.pop_front() {
                self.ties.remove(&key);
            }
        }
    }

    fn record(&mut self, trace: Trace, local: SocketAddr, time: SystemTime) {
        let about = trace.transactions().take(TRANSACTIONS_MAX);
        let key = |kind, id| {
            key(
                &trace.route.address.socket,
                asked(trace.direction, kind),
                id,
            )
        };
        let ties = about.filter_map(|one| self.ties.get(&key(one.kind, one.id)).cloned());
        let ties = ties.collect();
        self.octets += trace.octets.len();
        self.messages.push_back(Arc::new(Passed {
            trace,
            local,
            time,
            ties,
        }));
        while self.messages.len() > self.messages_max || self.octets > OCTETS_MAX {
            let Some(oldest) = self.messages.pop_front() else {
                return;
            };
            self.octets -= oldest.trace.octets.len();
        }
    }
}

fn key(peer: &SocketAddr, asked: Direction, id: TransactionId) -> Key {
    (peer.ip(), asked == Direction::Out, id)
}

/// Which way the request went that this kind of transaction belongs to.
fn asked(went: Direction, kind: TransactionKind) -> Direction {
    let with_request = match kind {
        TransactionKind::Request | TransactionKind::ResponseAck | TransactionKind::SegmentReply => {
            true
        }
        TransactionKind::Reply | TransactionKind::Pending => false,
    };
    match (went, with_request) {
        (Direction::In, true) | (Direction::Out, false) => Direction::In,
        (Direction::Out, true) | (Direction::In, false) => Direction::Out,
    }
}

impl Wanted {
    fn takes(&self, passed: &Passed) -> bool {
        let parts = [&self.call, &self.leg, &self.operation, &self.request];
        let all = parts.iter().all(|part| part.is_none());
        all || passed.ties.iter().any(|tie| self.is_about(tie))
    }

    fn is_about(&self, tie: &Tie) -> bool {
        let same =
            |wanted: &Option<String>, id: Option<&str>| wanted.is_none() || wanted.as_deref() == id;
        same(&self.call, tie.call.as_ref().map(|call| call.as_str()))
            && same(&self.leg, tie.leg.as_ref().map(|leg| leg.as_str()))
            && same(
                &self.operation,
                tie.operation.as_ref().map(|id| id.as_str()),
            )
            && same(&self.request, tie.request_id.as_deref())
    }
}
