//! Requests that a peer sent: each is executed at most once (H.248.1 D.1.2).
//!
//! | | same request again | our reply | ack | LONG-TIMER |
//! |---|---|---|---|---|
//! | unknown | executing: execute it | ignored | ignored | - |
//! | executing | a Pending, and its timer starts again | replied: send and keep it | ignored | - |
//! | replied | the same octets again | ignored | acknowledged: drop the octets | forgotten |
//! | acknowledged | ignored | ignored | ignored | forgotten |
//!
//! A request that finds no room is refused, and the refusal is kept as a reply; where not even a
//! refusal finds room the request is dropped, which the peer cannot tell from a loss.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    time::Instant,
};

use bytes::Bytes;
use codec_h248::{AckRange, TransactionId};

use super::acks;
use crate::{Config, Counters, Limits, Why, timer::TimerTable};

/// What to do with a request that has come in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// It is new and has been taken in: execute it.
    Execute,
    /// It executes: say so.
    SendPending,
    /// It has been answered: send these octets again.
    Repeat(Bytes),
    /// It has been answered and the answer has arrived: do nothing.
    Ignore,
    /// It is new and there is no room: refuse it with 510 and call [`Inbound::refused`].
    Refuse,
    /// It is new and there is no room even for a refusal: do nothing.
    Drop,
}

/// Where an answer goes, and how.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Asker {
    /// Source of the request's first copy.
    pub(crate) from: SocketAddr,
    /// Version of the request's message.
    pub(crate) version: u8,
}

#[derive(Debug)]
struct Executing {
    asker: Asker,
    pending_sent: bool,
    pending_at: Instant,
}

/// How a request got its answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// It was executed.
    Executed,
    /// It was refused for want of room.
    Refused,
}

#[derive(Debug)]
enum State {
    Executing(Executing),
    Replied {
        kind: Kind,
        octets: Bytes,
        forget_at: Instant,
    },
    Acknowledged {
        kind: Kind,
        forget_at: Instant,
    },
}

/// The requests of one peer.
#[derive(Debug, Default)]
pub(crate) struct Inbound {
    states: BTreeMap<TransactionId, State>,
    timers: TimerTable,
    executing: usize,
    refusals: usize,
    kept_octets: usize,
    /// The replied ones, so that a wide range costs what it acknowledges and no more.
    unacknowledged: BTreeSet<TransactionId>,
    /// The acknowledged ones that were executed, oldest first.
    acknowledged: BTreeSet<(Instant, TransactionId)>,
}

impl Inbound {
    /// Looks up a request and takes it in if it is new.
    pub(crate) fn handle_request(
        &mut self,
        id: TransactionId,
        asker: Asker,
        config: &Config,
        counters: &mut Counters,
        now: Instant,
    ) -> Verdict {
        if let Some(verdict) = self.repeated(id, config, now) {
            counters.duplicates += 1;
            return verdict;
        }
        if self.make_room(&config.limits, counters) {
            self.execute(id, asker, now + config.pending_after);
            return Verdict::Execute;
        }
        if self.refusals < config.limits.refusals_per_peer {
            return Verdict::Refuse;
        }
        Verdict::Drop
    }

    /// Returns what to do with a request that is known.
    fn repeated(&mut self, id: TransactionId, config: &Config, now: Instant) -> Option<Verdict> {
        let verdict = match self.states.get_mut(&id)? {
            State::Executing(executing) => {
                executing.pending_sent = true;
                self.timers.stop(id, (executing.pending_at, Why::Pending));
                executing.pending_at = now + config.pending_again;
                self.timers.start(id, (executing.pending_at, Why::Pending));
                Verdict::SendPending
            }
            State::Replied { octets, .. } => Verdict::Repeat(octets.clone()),
            State::Acknowledged { .. } => Verdict::Ignore,
        };
        Some(verdict)
    }

    /// Returns whether one more request can be executed and its reply kept.
    fn make_room(&mut self, limits: &Limits, counters: &mut Counters) -> bool {
        let octets_left = self.kept_octets < limits.kept_octets_per_peer;
        if self.executing >= limits.executing_per_peer || !octets_left {
            return false;
        }
        if self.states.len() - self.refusals < limits.kept_per_peer {
            return true;
        }
        let Some((forget_at, id)) = self.acknowledged.pop_first() else {
            return false;
        };
        counters.forgotten_early += 1;
        self.timers.stop(id, (forget_at, Why::LongTimer));
        self.states.remove(&id);
        true
    }

    fn execute(&mut self, id: TransactionId, asker: Asker, pending_at: Instant) {
        self.executing += 1;
        self.timers.start(id, (pending_at, Why::Pending));
        let executing = Executing {
            asker,
            pending_sent: false,
            pending_at,
        };
        self.states.insert(id, State::Executing(executing));
    }

    /// Returns who asked for a request that executes, and whether a Pending went out for it, so
    /// that the reply asks for an acknowledgement at once (D.1.4).
    pub(crate) fn asker(&self, id: TransactionId) -> Option<(Asker, bool)> {
        match self.states.get(&id)? {
            State::Executing(executing) => Some((executing.asker, executing.pending_sent)),
            State::Replied { .. } | State::Acknowledged { .. } => None,
        }
    }

    /// Keeps the reply to a request that executes; [`Self::asker`] has said so.
    pub(crate) fn replied(&mut self, id: TransactionId, octets: Bytes, forget_at: Instant) {
        let Some(State::Executing(executing)) = self.states.remove(&id) else {
            return;
        };
        self.timers.stop(id, (executing.pending_at, Why::Pending));
        self.executing -= 1;
        self.keep(id, Kind::Executed, octets, forget_at);
    }

    /// Keeps the refusal of a request that was not taken in.
    pub(crate) fn refused(&mut self, id: TransactionId, octets: Bytes, forget_at: Instant) {
        self.refusals += 1;
        self.keep(id, Kind::Refused, octets, forget_at);
    }

    fn keep(&mut self, id: TransactionId, kind: Kind, octets: Bytes, forget_at: Instant) {
        self.kept_octets += octets.len();
        self.unacknowledged.insert(id);
        self.timers.start(id, (forget_at, Why::LongTimer));
        let replied = State::Replied {
            kind,
            octets,
            forget_at,
        };
        self.states.insert(id, replied);
    }

    /// Takes an acknowledgement; returns how many replies it was news for.
    pub(crate) fn handle_ack(&mut self, range: AckRange) -> u64 {
        let mut count = 0;
        let Some(span) = acks::span(range) else {
            return count;
        };
        while let Some(&id) = self.unacknowledged.range(span.clone()).next() {
            self.acknowledge(id);
            count += 1;
        }
        count
    }

    fn acknowledge(&mut self, id: TransactionId) {
        self.unacknowledged.remove(&id);
        let Some(State::Replied {
            kind,
            octets,
            forget_at,
        }) = self.states.remove(&id)
        else {
            return;
        };
        self.kept_octets -= octets.len();
        if kind == Kind::Executed {
            self.acknowledged.insert((forget_at, id));
        }
        self.states
            .insert(id, State::Acknowledged { kind, forget_at });
    }

    /// Advances to `now`. Returns a request that is owed a Pending; to be called until `None`.
    pub(crate) fn handle_timeout(
        &mut self,
        config: &Config,
        now: Instant,
    ) -> Option<(TransactionId, Asker)> {
        while let Some((id, _)) = self.timers.pop_due(now) {
            match self.states.get_mut(&id) {
                Some(State::Executing(executing)) => {
                    executing.pending_sent = true;
                    executing.pending_at = now + config.pending_again;
                    self.timers.start(id, (executing.pending_at, Why::Pending));
                    return Some((id, executing.asker));
                }
                Some(State::Replied { .. } | State::Acknowledged { .. }) | None => self.forget(id),
            }
        }
        None
    }

    fn forget(&mut self, id: TransactionId) {
        let kind = match self.states.remove(&id) {
            Some(State::Replied { kind, octets, .. }) => {
                self.kept_octets -= octets.len();
                self.unacknowledged.remove(&id);
                kind
            }
            Some(State::Acknowledged { kind, forget_at }) => {
                self.acknowledged.remove(&(forget_at, id));
                kind
            }
            Some(State::Executing(_)) | None => return,
        };
        if kind == Kind::Refused {
            self.refusals -= 1;
        }
    }

    /// Returns when [`Self::handle_timeout`] is next due.
    pub(crate) fn poll_timeout(&self) -> Option<(Instant, Why)> {
        self.timers.next()
    }

    /// Whether nothing executes.
    pub(crate) fn is_idle(&self) -> bool {
        self.executing == 0
    }

    /// Whether nothing executes and no reply is kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.states.is_empty()
    }
}

#[cfg(test)]
mod tests;
