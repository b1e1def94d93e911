//! Requests that a peer sent: each is executed at most once (H.248.1 D.1.2). The states and what
//! changes them are the table "Inbound" of `docs/transactions.md`.
//!
//! A request that finds no room is refused, and the refusal is kept as a reply; where not even a
//! refusal finds room the request is dropped, which the peer cannot tell from a loss. Nothing is
//! forgotten early to make room: a copy that is still under way would execute again.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use bytes::Bytes;
use codec_h248::{AckRange, Segment, TransactionId};

use super::{acks, kept::Kept};
use crate::{
    Config, Counters, Limits, Route, Terms, Why,
    mutants::{Mutant, seeded},
    outbox::Manner,
    timer::TimerTable,
};

/// What to do with a request that has come in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// It is new and has been taken in: execute it.
    Execute,
    /// It executes: say so.
    SendPending,
    /// It executes, and as many Pendings as may be have gone out: answer it with 506 and call
    /// [`Inbound::replied`].
    Abandon,
    /// It has been answered: send this again, each part in a message of its own.
    Repeat(Vec<Bytes>),
    /// It has been answered and the answer has arrived, or that or a Pending is on its way: do
    /// nothing.
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
    pub(crate) from: Route,
    /// How the request's message was written.
    pub(crate) manner: Manner,
}

#[derive(Debug)]
struct Executing {
    asker: Asker,
    /// How many Pendings went out.
    pendings: u32,
    /// When the last Pending went out.
    pending_sent: Option<Instant>,
    /// When the next one is due.
    pending_at: Instant,
}

impl Executing {
    /// Whether one more Pending may go out.
    fn may_tell(&self, terms: &Terms) -> bool {
        terms
            .pending_limit
            .is_none_or(|limit| self.pendings < limit)
    }

    /// Notes that a Pending goes out at `now`, and returns when the next is due.
    fn tell(&mut self, config: &Config, now: Instant) -> (Instant, Why) {
        self.pendings += 1;
        self.pending_sent = Some(now);
        self.pending_at = now + config.pending_again;
        (self.pending_at, Why::Pending)
    }
}

/// What an executing request is owed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Owed {
    /// A Pending.
    Pending(TransactionId, Asker),
    /// Its end with 506, since no more Pendings may go out; [`Inbound::replied`] is to be called.
    Abandon(TransactionId),
    /// Segments of a reply once more.
    Segments(Vec<Bytes>, Asker),
}

/// What an acknowledgement of a segment says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum SegmentNews {
    /// It is of no segment of ours.
    None,
    /// The segment, or the whole reply, was acknowledged before.
    Again,
    /// A segment has arrived.
    One,
    /// It was the last that was not acknowledged.
    All,
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
    Replied { kind: Kind, reply: Kept },
    Acknowledged { kind: Kind },
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
}

impl Inbound {
    /// Looks up a request and takes it in if it is new and there is `room`, here too.
    pub(crate) fn handle_request(
        &mut self,
        id: TransactionId,
        asker: Asker,
        room: bool,
        (config, terms): (&Config, &Terms),
        counters: &mut Counters,
        now: Instant,
    ) -> Verdict {
        let again = seeded(Mutant::M01) || seeded(Mutant::N01);
        if again && !matches!(self.states.get(&id), Some(State::Executing(_))) {
            self.forget(id);
        }
        if let Some(verdict) = self.repeated(id, (config, terms), now) {
            counters.duplicates += 1;
            return verdict;
        }
        if room && self.has_room(&config.limits) {
            self.execute(id, asker, now + terms.pending_after);
            return Verdict::Execute;
        }
        if self.refusals < config.limits.refusals_per_peer {
            return Verdict::Refuse;
        }
        Verdict::Drop
    }

    /// Returns what to do with a request that is known.
    fn repeated(
        &mut self,
        id: TransactionId,
        (config, terms): (&Config, &Terms),
        now: Instant,
    ) -> Option<Verdict> {
        let verdict = match self.states.get_mut(&id)? {
            State::Executing(executing) => {
                // Copies that come in a burst are told once: the Pending is for all of them.
                let told = |sent: Instant| now < sent + terms.pending_after;
                if executing.pending_sent.is_some_and(told) {
                    return Some(Verdict::Ignore);
                }
                if !executing.may_tell(terms) {
                    return Some(Verdict::Abandon);
                }
                self.timers.stop(id, (executing.pending_at, Why::Pending));
                self.timers.start(id, executing.tell(config, now));
                Verdict::SendPending
            }
            State::Replied { reply, .. } => {
                let before = reply.repeat_at();
                let parts = reply.handle_request((config, terms), now);
                let after = reply.repeat_at();
                self.set_repeat(id, before, after);
                parts.map_or(Verdict::Ignore, Verdict::Repeat)
            }
            State::Acknowledged { .. } => Verdict::Ignore,
        };
        Some(verdict)
    }

    /// Returns whether one more request can be executed and its reply kept.
    fn has_room(&self, limits: &Limits) -> bool {
        self.executing < limits.executing_per_peer
            && self.kept_octets < limits.kept_octets_per_peer
            && self.states.len() - self.refusals < limits.kept_per_peer
    }

    fn execute(&mut self, id: TransactionId, asker: Asker, pending_at: Instant) {
        self.executing += 1;
        self.timers.start(id, (pending_at, Why::Pending));
        let executing = Executing {
            asker,
            pendings: 0,
            pending_sent: None,
            pending_at,
        };
        self.states.insert(id, State::Executing(executing));
    }

    /// Returns who asked for a request that executes, and whether a Pending went out for it, so
    /// that the reply asks for an acknowledgement at once (D.1.4).
    pub(crate) fn asker(&self, id: TransactionId) -> Option<(Asker, bool)> {
        match self.states.get(&id)? {
            State::Executing(executing) => {
                Some((executing.asker, executing.pending_sent.is_some()))
            }
            State::Replied { .. } | State::Acknowledged { .. } => None,
        }
    }

    /// Keeps the reply to a request that executes; [`Self::asker`] has said so.
    pub(crate) fn replied(&mut self, id: TransactionId, reply: Kept, forget_at: Instant) {
        let Some(State::Executing(executing)) = self.states.remove(&id) else {
            return;
        };
        self.timers.stop(id, (executing.pending_at, Why::Pending));
        self.executing -= 1;
        self.keep(id, Kind::Executed, reply, forget_at);
    }

    /// Keeps the refusal of a request that was not taken in.
    pub(crate) fn refused(&mut self, id: TransactionId, octets: Bytes, forget_at: Instant) {
        self.refusals += 1;
        self.keep(id, Kind::Refused, Kept::Whole(octets), forget_at);
    }

    fn keep(&mut self, id: TransactionId, kind: Kind, reply: Kept, forget_at: Instant) {
        self.kept_octets += reply.octets();
        self.unacknowledged.insert(id);
        self.timers.start(id, (forget_at, Why::LongTimer));
        self.set_repeat(id, None, reply.repeat_at());
        self.states.insert(id, State::Replied { kind, reply });
    }

    /// Moves the timer by which the segments of a reply are repeated.
    fn set_repeat(&mut self, id: TransactionId, before: Option<Instant>, after: Option<Instant>) {
        if let Some(at) = before {
            self.timers.stop(id, (at, Why::Segments));
        }
        if let Some(at) = after {
            self.timers.start(id, (at, Why::Segments));
        }
    }

    /// Takes the acknowledgement of one segment of a reply.
    pub(crate) fn handle_segment_ack(
        &mut self,
        id: TransactionId,
        segment: Segment,
        agreed: (&Config, &Terms),
        now: Instant,
    ) -> SegmentNews {
        let segments = match self.states.get_mut(&id) {
            Some(State::Replied {
                reply: Kept::Segments(segments),
                ..
            }) => segments,
            Some(State::Acknowledged { .. }) => return SegmentNews::Again,
            Some(State::Replied { .. } | State::Executing(_)) | None => return SegmentNews::None,
        };
        let before = segments.repeat_at();
        let Some(octets) = segments.handle_ack(segment.number, agreed, now) else {
            return if segments.has(segment.number) {
                SegmentNews::Again
            } else {
                SegmentNews::None
            };
        };
        let (after, done) = (segments.repeat_at(), segments.is_done());
        self.kept_octets -= octets;
        self.set_repeat(id, before, after);
        if !done {
            return SegmentNews::One;
        }
        self.acknowledge(id);
        SegmentNews::All
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
        let Some(State::Replied { kind, reply }) = self.states.remove(&id) else {
            return;
        };
        self.drop_reply(id, &reply);
        self.states.insert(id, State::Acknowledged { kind });
    }

    fn drop_reply(&mut self, id: TransactionId, reply: &Kept) {
        self.kept_octets -= reply.octets();
        self.unacknowledged.remove(&id);
        self.set_repeat(id, reply.repeat_at(), None);
    }

    /// Advances to `now`. Returns a request that is owed something; to be called until `None`.
    pub(crate) fn handle_timeout(
        &mut self,
        (config, terms): (&Config, &Terms),
        random: &mut fastrand::Rng,
        now: Instant,
    ) -> Option<Owed> {
        while let Some((id, why)) = self.timers.pop_due(now) {
            match self.states.get_mut(&id) {
                Some(State::Executing(executing)) if executing.may_tell(terms) => {
                    self.timers.start(id, executing.tell(config, now));
                    return Some(Owed::Pending(id, executing.asker));
                }
                Some(State::Executing(_)) => return Some(Owed::Abandon(id)),
                Some(State::Replied {
                    reply: Kept::Segments(segments),
                    ..
                }) if why == Why::Segments => {
                    segments.handle_timeout(0.5 + random.f64() / 2.0, config, now);
                    let (parts, asker) = (segments.waiting(), segments.asker());
                    let after = segments.repeat_at();
                    self.set_repeat(id, None, after);
                    return Some(Owed::Segments(parts, asker));
                }
                Some(State::Replied { .. } | State::Acknowledged { .. }) | None => self.forget(id),
            }
        }
        None
    }

    fn forget(&mut self, id: TransactionId) {
        let kind = match self.states.remove(&id) {
            Some(State::Replied { kind, reply }) => {
                self.drop_reply(id, &reply);
                kind
            }
            Some(State::Acknowledged { kind }) => kind,
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

    /// Returns how many requests execute.
    pub(crate) fn executing(&self) -> usize {
        self.executing
    }

    /// Returns how many answered requests are remembered, and the octets of their replies.
    pub(crate) fn kept(&self) -> (usize, usize) {
        (self.states.len() - self.executing, self.kept_octets)
    }

    /// Whether nothing executes.
    pub(crate) fn is_idle(&self) -> bool {
        self.executing == 0
    }
}

#[cfg(test)]
mod tests;
