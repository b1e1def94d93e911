//! Requests that we sent: waiting for their reply, or finished and remembered for LONG-TIMER so
//! that a late or repeated answer is known as such (H.248.1 D.1.2). The states and what changes them
//! are the table "Outbound" of `docs/transactions.md`.

use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use bytes::Bytes;
use codec_h248::TransactionId;

use super::{
    delay::Delay,
    gather::{Gathered, Piece, Taken},
    outbound::{Outbound, Step},
};
use crate::{
    Carrier, Config, Terms, Why,
    mutants::{Mutant, seeded},
    timer::TimerTable,
};

/// What an answer of the peer is to us.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Answer {
    /// The first for a request that waits.
    Awaited,
    /// One for a request that is answered or given up.
    Late,
    /// One for no request of ours.
    Foreign,
}

/// What a segment of a reply is to us.
#[derive(Debug, Eq, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one is made at a time")]
pub(crate) enum SegmentAnswer {
    /// One that was missing; others still are.
    More,
    /// The last that was missing.
    Whole(Gathered),
    /// One that had come before, or of a request that is answered or given up.
    Late,
    /// One for which there is no room: its request is given up.
    GivenUp,
    /// One of no request of ours, or with a number that cannot be.
    Foreign,
}

/// What is due.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Due {
    /// Send these octets again.
    Repeat(Bytes),
    /// Report this request as timed out.
    TimedOut {
        /// Its number.
        id: TransactionId,
        /// Whether segments of its reply have come, and others have not.
        missing: bool,
    },
}

#[derive(Debug)]
enum State {
    Waiting(Outbound),
    Finished,
}

/// Our requests to one peer.
#[derive(Debug)]
pub(crate) struct Requests {
    states: BTreeMap<TransactionId, State>,
    timers: TimerTable,
    /// The finished ones and when to forget them, which is in the order of finishing.
    finished: VecDeque<(Instant, TransactionId)>,
    delay: Delay,
}

impl Requests {
    /// Makes the table of a peer to whom nothing was sent yet.
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            states: BTreeMap::new(),
            timers: TimerTable::default(),
            finished: VecDeque::new(),
            delay: Delay::new(config),
        }
    }

    /// Records a request whose first copy leaves at `now`.
    pub(crate) fn sent(
        &mut self,
        id: TransactionId,
        octets: Bytes,
        carrier: Carrier,
        config: &Config,
        now: Instant,
    ) {
        let request = Outbound::new(octets, carrier, self.delay, config, now);
        self.timers.start(id, request.poll_timeout());
        self.states.insert(id, State::Waiting(request));
    }

    /// Takes a reply.
    pub(crate) fn handle_reply(
        &mut self,
        id: TransactionId,
        config: &Config,
        now: Instant,
    ) -> Answer {
        match self.states.get(&id) {
            Some(State::Waiting(request)) => {
                if let Some(sample) = request.measure(now) {
                    self.delay.measured(sample);
                }
                self.timers.stop(id, request.poll_timeout());
                self.finish(id, config, now);
                Answer::Awaited
            }
            Some(State::Finished) => Answer::Late,
            None => Answer::Foreign,
        }
    }

    /// Takes a segment of a reply.
    pub(crate) fn handle_segment(
        &mut self,
        id: TransactionId,
        piece: Piece<'_>,
        (config, terms): (&Config, &Terms),
        now: Instant,
    ) -> SegmentAnswer {
        let request = match self.states.get_mut(&id) {
            Some(State::Waiting(request)) => request,
            Some(State::Finished) => return SegmentAnswer::Late,
            None => return SegmentAnswer::Foreign,
        };
        if let Some(sample) = request.measure(now) {
            self.delay.measured(sample);
        }
        self.timers.stop(id, request.poll_timeout());
        let taken = request.handle_segment(piece, (config, terms), now);
        self.timers.start(id, request.poll_timeout());
        match taken {
            Taken::More => SegmentAnswer::More,
            Taken::Again => SegmentAnswer::Late,
            Taken::Impossible => SegmentAnswer::Foreign,
            Taken::Whole(gathered) => {
                self.cancel(id, config, now);
                SegmentAnswer::Whole(gathered)
            }
            Taken::TooLarge => {
                self.cancel(id, config, now);
                SegmentAnswer::GivenUp
            }
        }
    }

    /// Takes a Pending.
    pub(crate) fn handle_pending(
        &mut self,
        id: TransactionId,
        (config, terms): (&Config, &Terms),
        now: Instant,
    ) -> Answer {
        match self.states.get_mut(&id) {
            Some(State::Waiting(request)) => {
                if let Some(sample) = request.measure(now) {
                    self.delay.measured(sample);
                }
                self.timers.stop(id, request.poll_timeout());
                request.handle_pending((config, terms), now);
                self.timers.start(id, request.poll_timeout());
                Answer::Awaited
            }
            Some(State::Finished) => Answer::Late,
            None => Answer::Foreign,
        }
    }

    /// Advances to `now`. Returns what is due; to be called until `None`.
    pub(crate) fn handle_timeout(
        &mut self,
        (config, terms): (&Config, &Terms),
        random: &mut fastrand::Rng,
        now: Instant,
    ) -> Option<Due> {
        while let Some((at, id)) = self.finished.front().copied()
            && at <= now
        {
            self.finished.pop_front();
            self.states.remove(&id);
        }
        while let Some((id, _)) = self.timers.pop_due(now) {
            let Some(State::Waiting(request)) = self.states.get_mut(&id) else {
                continue;
            };
            let fraction = 0.5 + random.f64() / 2.0;
            match request.handle_timeout(fraction, (config, terms), now) {
                Some(Step::Repeat) => {
                    let mut octets = request.octets().clone();
                    if seeded(Mutant::M21b) {
                        octets = under_another(id, &octets);
                    }
                    self.timers.start(id, request.poll_timeout());
                    return Some(Due::Repeat(octets));
                }
                Some(Step::GiveUp) => {
                    let missing = request.is_gathering();
                    self.finish(id, config, now);
                    return Some(Due::TimedOut { id, missing });
                }
                None => self.timers.start(id, request.poll_timeout()),
            }
        }
        None
    }

    /// Ends a request that waits; what is answered to it later comes late. Returns whether it
    /// waited.
    pub(crate) fn cancel(&mut self, id: TransactionId, config: &Config, now: Instant) -> bool {
        let Some(State::Waiting(request)) = self.states.get(&id) else {
            return false;
        };
        self.timers.stop(id, request.poll_timeout());
        self.finish(id, config, now);
        true
    }

    /// Ends all requests that wait; what is answered to them later belongs to nothing.
    pub(crate) fn forget(&mut self) {
        self.timers = TimerTable::default();
        self.states.retain(|_, state| match state {
            State::Waiting(_) => false,
            State::Finished => true,
        });
    }

    fn finish(&mut self, id: TransactionId, config: &Config, now: Instant) {
        if self.finished.len() >= config.limits.finished_per_peer
            && let Some((_, oldest)) = self.finished.pop_front()
        {
            self.states.remove(&oldest);
        }
        self.finished.push_back((now + config.long_timer, id));
        self.states.insert(id, State::Finished);
    }

    /// Moves the requests of `other` in here.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.timers.absorb(other.timers);
        self.states.extend(other.states);
        self.finished.extend(other.finished);
        self.finished.make_contiguous().sort_unstable();
    }

    /// Returns the estimate of how long the peer takes to answer.
    pub(crate) fn delay(&self) -> Delay {
        self.delay
    }

    /// Returns the average delay of answers and its deviation, once one was measured.
    pub(crate) fn round_trip(&self) -> Option<(Duration, Duration)> {
        self.delay.measurement()
    }

    /// Whether the request waits for its reply.
    pub(crate) fn is_waiting(&self, id: TransactionId) -> bool {
        matches!(self.states.get(&id), Some(State::Waiting(_)))
    }

    /// Returns when [`Self::handle_timeout`] is next due.
    pub(crate) fn poll_timeout(&self) -> Option<(Instant, Why)> {
        let finished = self.finished.front().map(|(at, _)| (*at, Why::LongTimer));
        self.timers.next().into_iter().chain(finished).min()
    }

    /// Returns how many requests wait, and how many have ended and are remembered.
    pub(crate) fn held(&self) -> (usize, usize) {
        let waiting = self.waiting().count();
        (waiting, self.states.len() - waiting)
    }

    /// Returns the octets of replies of which segments are missing.
    pub(crate) fn gathered_octets(&self) -> usize {
        self.waiting().map(Outbound::gathered_octets).sum()
    }

    fn waiting(&self) -> impl Iterator<Item = &Outbound> {
        self.states.values().filter_map(|state| match state {
            State::Waiting(request) => Some(request),
            State::Finished => None,
        })
    }

    /// Whether no request waits.
    pub(crate) fn is_idle(&self) -> bool {
        self.timers.is_empty()
    }
}

/// A fault on purpose: a request under the number beside its own, in text or in binary.
fn under_another(id: TransactionId, octets: &Bytes) -> Bytes {
    let other = id.0 ^ 1;
    let text = (
        id.0.to_string().into_bytes(),
        other.to_string().into_bytes(),
    );
    let binary = (id.0.to_be_bytes().to_vec(), other.to_be_bytes().to_vec());
    let mut octets = octets.to_vec();
    for (own, other) in [text, binary] {
        if let Some(at) = octets.windows(own.len()).position(|part| part == own) {
            octets[at..at + own.len()].copy_from_slice(&other);
            break;
        }
    }
    octets.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transactions::testing::OutboundRow;

    impl Requests {
        /// Where a request stands.
        pub(crate) fn row(&self, id: TransactionId, terms: &Terms) -> OutboundRow {
            match self.states.get(&id) {
                None => OutboundRow::Unknown,
                Some(State::Waiting(request)) => request.row(terms),
                Some(State::Finished) => OutboundRow::Finished,
            }
        }

        /// Whether no request is known.
        pub(crate) fn is_empty(&self) -> bool {
            self.states.is_empty() && self.timers.is_empty() && self.finished.is_empty()
        }
    }
}
