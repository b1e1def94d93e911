//! RTP port pairs: which are bound and free, which are held, and which to bind next.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::RangeInclusive,
    time::{Duration, Instant},
};

use mg_contract::RtpPort;

use crate::{Bound, PortCounts};

/// A pair that could not be bound is not tried again for this long: another program holds it.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// All port pairs of the gateway. A free pair is handed out the later, the later it became free.
#[derive(Clone, Debug)]
pub(crate) struct Ports {
    states: BTreeMap<RtpPort, State>,
    unbound: BTreeSet<RtpPort>,
    free: BTreeMap<u64, RtpPort>,
    binding: usize,
    owned: usize,
    failed: VecDeque<(Instant, RtpPort)>,
    wanted: VecDeque<RtpPort>,
    next_turn: u64,
    ahead: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Unbound,
    Binding,
    /// Bound; the number orders the free pairs.
    Free(u64),
    Owned,
    Failed,
}

/// Whether a pair can be had.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Availability {
    /// It is bound and free.
    Free(RtpPort),
    /// It can be had once it is bound; `None` stands for any pair.
    Bindable(Option<RtpPort>),
    /// It is held, outside the range, or cannot be bound.
    Unavailable,
}

impl Ports {
    /// All pairs of `range`, none of them bound; `ahead` are to be bound ahead of need.
    pub(crate) fn new(range: RangeInclusive<u16>, ahead: usize) -> Self {
        let unbound: BTreeSet<RtpPort> = range
            .clone()
            .filter(|port| port % 2 == 0 && *port != 0 && range.contains(&(port + 1)))
            .map(RtpPort)
            .collect();
        let mut ports = Self {
            states: unbound.iter().map(|port| (*port, State::Unbound)).collect(),
            unbound,
            free: BTreeMap::new(),
            binding: 0,
            owned: 0,
            failed: VecDeque::new(),
            wanted: VecDeque::new(),
            next_turn: 0,
            ahead,
        };
        ports.refill();
        ports
    }

    /// Says whether a pair other than those in `except` can be had.
    pub(crate) fn any(&self, except: &[RtpPort]) -> Availability {
        let mut free = self.free.values();
        match free.find(|port| !except.contains(port)) {
            Some(port) => Availability::Free(*port),
            None if self.binding > 0 || !self.unbound.is_empty() => Availability::Bindable(None),
            None => Availability::Unavailable,
        }
    }

    /// Says whether this pair can be had.
    pub(crate) fn specific(&self, port: RtpPort) -> Availability {
        match self.states.get(&port) {
            Some(State::Free(_)) => Availability::Free(port),
            Some(State::Unbound | State::Binding) => Availability::Bindable(Some(port)),
            Some(State::Owned | State::Failed) | None => Availability::Unavailable,
        }
    }

    /// Asks for a pair to be bound, ahead of those that are merely wanted; `None` asks for any.
    pub(crate) fn want(&mut self, port: Option<RtpPort>) {
        let Some(port) = port.or_else(|| self.unbound.first().copied()) else {
            return;
        };
        if self.states.get(&port) == Some(&State::Unbound) {
            self.unbound.remove(&port);
            self.states.insert(port, State::Binding);
            self.binding += 1;
            self.wanted.push_front(port);
        }
    }

    /// Takes a free pair.
    pub(crate) fn take(&mut self, port: RtpPort) {
        if let Some(State::Free(turn)) = self.states.get(&port).copied() {
            self.free.remove(&turn);
            self.states.insert(port, State::Owned);
            self.owned += 1;
            self.refill();
        }
    }

    /// Gives a held pair back.
    pub(crate) fn give_back(&mut self, port: RtpPort) {
        if self.states.get(&port) == Some(&State::Owned) {
            self.owned -= 1;
            self.set_free(port);
        }
    }

    /// Takes what became of a pair that was to be bound, and says whether that was expected.
    pub(crate) fn handle_bound(&mut self, port: RtpPort, bound: Bound, now: Instant) -> bool {
        self.advance(now);
        if self.states.get(&port) != Some(&State::Binding) {
            return false;
        }
        self.binding -= 1;
        match bound {
            Bound::Ready => self.set_free(port),
            Bound::Failed => {
                self.states.insert(port, State::Failed);
                self.failed.push_back((now, port));
                self.refill();
            }
        }
        true
    }

    /// Lets pairs be tried again whose time has come.
    pub(crate) fn advance(&mut self, now: Instant) {
        while let Some((at, port)) = self.failed.front().copied() {
            if now < at + RETRY_AFTER {
                break;
            }
            self.failed.pop_front();
            self.states.insert(port, State::Unbound);
            self.unbound.insert(port);
        }
        self.refill();
    }

    /// The next pair to bind.
    pub(crate) fn poll_bind(&mut self) -> Option<RtpPort> {
        self.wanted.pop_front()
    }

    /// How many pairs are in which state.
    pub(crate) fn counts(&self) -> PortCounts {
        PortCounts {
            unbound: self.unbound.len(),
            binding: self.binding,
            free: self.free.len(),
            owned: self.owned,
            failed: self.failed.len(),
        }
    }

    fn set_free(&mut self, port: RtpPort) {
        let turn = self.next_turn;
        self.next_turn += 1;
        self.states.insert(port, State::Free(turn));
        self.free.insert(turn, port);
    }

    fn refill(&mut self) {
        while self.free.len() + self.binding < self.ahead {
            let Some(port) = self.unbound.pop_first() else {
                return;
            };
            self.states.insert(port, State::Binding);
            self.binding += 1;
            self.wanted.push_back(port);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bind_all(ports: &mut Ports, now: Instant) -> Vec<u16> {
        let mut bound = Vec::new();
        while let Some(port) = ports.poll_bind() {
            assert!(ports.handle_bound(port, Bound::Ready, now));
            bound.push(port.0);
        }
        bound
    }

    fn take_any(ports: &mut Ports) -> u16 {
        let Availability::Free(port) = ports.any(&[]) else {
            panic!("no pair is free");
        };
        ports.take(port);
        port.0
    }

    #[test]
    fn pairs_are_bound_ahead_of_need_and_no_further() {
        let now = Instant::now();
        let mut ports = Ports::new(20_001..=20_010, 2);
        assert_eq!(bind_all(&mut ports, now), [20_002, 20_004]);
        assert_eq!(take_any(&mut ports), 20_002);
        assert_eq!(bind_all(&mut ports, now), [20_006]);
        assert_eq!(ports.counts().unbound, 1, "20,010 has no partner");
    }

    #[test]
    fn the_pair_that_was_freed_first_is_handed_out_first() {
        let now = Instant::now();
        let mut ports = Ports::new(20_000..=20_005, 3);
        bind_all(&mut ports, now);
        for expected in [20_000, 20_002, 20_004] {
            assert_eq!(take_any(&mut ports), expected);
        }
        assert_eq!(ports.any(&[]), Availability::Unavailable);
        ports.give_back(RtpPort(20_002));
        ports.give_back(RtpPort(20_000));
        assert_eq!(take_any(&mut ports), 20_002);
    }

    #[test]
    fn a_pair_can_be_asked_for_by_number() {
        let now = Instant::now();
        let mut ports = Ports::new(20_000..=20_099, 1);
        let far = RtpPort(20_050);
        assert_eq!(ports.specific(far), Availability::Bindable(Some(far)));
        ports.want(Some(far));
        assert_eq!(bind_all(&mut ports, now), [20_050, 20_000]);
        assert_eq!(ports.specific(far), Availability::Free(far));
        ports.take(far);
        assert_eq!(ports.specific(far), Availability::Unavailable);
        assert_eq!(ports.specific(RtpPort(20_051)), Availability::Unavailable);
        assert_eq!(ports.specific(RtpPort(30_000)), Availability::Unavailable);
    }

    #[test]
    fn a_pair_that_does_not_bind_is_left_alone_for_a_while() {
        let now = Instant::now();
        let mut ports = Ports::new(20_000..=20_003, 1);
        let first = ports.poll_bind().expect("a pair is wanted");
        assert!(ports.handle_bound(first, Bound::Failed, now));
        assert_eq!(ports.poll_bind(), Some(RtpPort(20_002)));
        assert_eq!(ports.poll_bind(), None);
        assert_eq!(ports.counts().failed, 1);
        let later = now + RETRY_AFTER;
        assert!(ports.handle_bound(RtpPort(20_002), Bound::Failed, later));
        assert_eq!(ports.poll_bind(), Some(first), "it is tried again");
        assert!(
            !ports.handle_bound(RtpPort(9), Bound::Ready, later),
            "nobody asked"
        );
    }
}
