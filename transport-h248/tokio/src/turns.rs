//! Whose message is served next: each source in its turn, whatever the others send. Small messages
//! go before large ones, and who sends large messages one after the other rests between them.

use std::{
    collections::{BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use ahash::{HashMap, HashMapExt as _};
use transport_h248::Route;

/// What a waiting message takes beside its octets.
const EACH: usize = 512;
/// Octets that may wait of one source: some thousands of requests, which a peer may well send at once.
const SOURCE_MAX: usize = 2 << 20;
/// Octets that may wait of all. Over it a source may still have [`SOURCE_LEAST`] waiting, up to
/// [`ALL_MOST`] of all.
const ALL_MAX: usize = 16 << 20;
const SOURCE_LEAST: usize = 64 << 10;
const ALL_MOST: usize = 64 << 20;
/// Octets of one source that found no room, and none in between that did not have to wait: then it
/// sends more than is served, and goes on.
const FLOOD: usize = 2 << 20;
/// Octets up to which a message is small and costs its source nothing: what a datagram of the usual
/// network holds. Some large messages are in order, but who only sends such holds up the others for
/// the time that each takes, up to milliseconds.
const SMALL: usize = 2_048;
/// How long a source rests for each octet beyond them. 240 ns: 4 MiB a second.
const REST: Duration = Duration::from_nanos(240);
/// How long all rest from large messages for each of these octets. 120 ns: 8 MiB a second.
const REST_ALL: Duration = Duration::from_nanos(120);
/// One rests once what it owes exceeds this: 4 of the largest messages, or 8 of all.
const CREDIT: Duration = Duration::from_millis(64);
/// So many small messages in a row may be served before large ones that wait.
const SMALL_FIRST: usize = 32;
/// Sources that are remembered before those are forgotten that do not matter any more.
const SOURCES: usize = 1_024;

/// What waits, by source.
#[derive(Debug)]
pub(crate) struct Turns<T> {
    sources: HashMap<Route, Source<T>>,
    queues: Queues,
    /// What all large messages together have cost.
    debt: Debt,
    /// Small messages that were served in a row.
    in_a_row: usize,
    octets: usize,
    /// How many sources there may be before some are forgotten.
    sweep_at: usize,
}

/// Sources of which something waits, each in one of these.
#[derive(Debug, Default)]
struct Queues {
    /// Those whose next message is small.
    small: VecDeque<Route>,
    /// Those whose next message is large and may be served as far as it is up to them.
    large: VecDeque<Route>,
    /// Those whose next message is large, and until when they rest.
    resting: BTreeSet<(Instant, Route)>,
}

impl Queues {
    /// Puts a source where its next message belongs, if it has one.
    fn add<T>(&mut self, from: Route, source: &Source<T>, now: Instant) {
        match source.waiting.front() {
            None => {}
            Some((..=SMALL, _)) => self.small.push_back(from),
            Some(_) => match source.debt.until(now) {
                Some(until) => drop(self.resting.insert((until, from))),
                None => self.large.push_back(from),
            },
        }
    }

    /// Lets those go on who have rested.
    fn wake(&mut self, now: Instant) {
        while let Some((_, rested)) = self.resting.first().filter(|(until, _)| *until <= now) {
            self.large.push_back(*rested);
            self.resting.pop_first();
        }
    }
}

/// When all that was served is paid for.
#[derive(Clone, Copy, Debug, Default)]
struct Debt(Option<Instant>);

impl Debt {
    /// When it is small enough to be served, where that is not now.
    fn until(self, now: Instant) -> Option<Instant> {
        let until = self.0?.checked_sub(CREDIT)?;
        (until > now).then_some(until)
    }

    fn add(&mut self, time: Duration, now: Instant) {
        let from = self.0.map_or(now, |paid| paid.max(now));
        self.0 = Some(from + time);
    }

    fn is_paid(self, now: Instant) -> bool {
        self.0.is_none_or(|paid| paid <= now)
    }
}

#[derive(Debug)]
struct Source<T> {
    waiting: VecDeque<(usize, T)>,
    octets: usize,
    /// Octets that were lost in a row.
    lost: usize,
    debt: Debt,
}

impl<T> Default for Source<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            octets: 0,
            lost: 0,
            debt: Debt::default(),
        }
    }
}

/// What became of a message that came in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Place {
    /// It waits.
    Found,
    /// There is no room for it.
    None,
    /// There is none, and its source has sent in vain for long.
    Flood,
}

impl<T> Turns<T> {
    pub(crate) fn new() -> Self {
        Self {
            sources: HashMap::new(),
            queues: Queues::default(),
            debt: Debt::default(),
            in_a_row: 0,
            octets: 0,
            sweep_at: SOURCES,
        }
    }

    /// Lets a message of so many octets wait, if there is room.
    pub(crate) fn offer(
        &mut self,
        from: Route,
        octets: usize,
        now: Instant,
        message: impl FnOnce() -> T,
    ) -> Place {
        let source = self.sources.entry(from).or_default();
        let room = match self.octets {
            0..ALL_MAX => SOURCE_MAX,
            ALL_MAX..ALL_MOST => SOURCE_LEAST,
            _ => 0,
        };
        if source.octets < room {
            self.add(from, octets, now, message());
            return Place::Found;
        }
        source.lost += octets + EACH;
        if source.lost < FLOOD {
            return Place::None;
        }
        source.lost = 0;
        Place::Flood
    }

    /// Lets a message wait that its sender waits with.
    pub(crate) fn add(&mut self, from: Route, octets: usize, now: Instant, message: T) {
        self.forget(now);
        let source = self.sources.entry(from).or_default();
        source.waiting.push_back((octets, message));
        source.octets += octets + EACH;
        self.octets += octets + EACH;
        if source.waiting.len() == 1 {
            source.lost = 0;
            self.queues.add(from, source, now);
        }
    }

    /// Forgets sources that do not matter any more; seldom, since all are looked at.
    fn forget(&mut self, now: Instant) {
        if self.sources.len() >= self.sweep_at {
            let matters =
                |source: &Source<T>| !source.waiting.is_empty() || !source.debt.is_paid(now);
            self.sources.retain(|_, source| matters(source));
            self.sweep_at = SOURCES.max(2 * self.sources.len());
        }
    }

    /// Returns the next message, and how many octets it has.
    pub(crate) fn next(&mut self, now: Instant) -> Option<(Route, usize, T)> {
        self.queues.wake(now);
        let from = self.whose(now)?;
        let source = self.sources.get_mut(&from)?;
        let (octets, message) = source.waiting.pop_front()?;
        source.octets -= octets + EACH;
        self.octets -= octets + EACH;
        let beyond = u32::try_from(octets.saturating_sub(SMALL)).unwrap_or(u32::MAX);
        if beyond > 0 {
            source.debt.add(REST * beyond, now);
            self.debt.add(REST_ALL * beyond, now);
        }
        self.queues.add(from, source, now);
        Some((from, octets, message))
    }

    fn whose(&mut self, now: Instant) -> Option<Route> {
        let large_may = !self.queues.large.is_empty() && self.debt.until(now).is_none();
        if large_may && self.in_a_row >= SMALL_FIRST || self.queues.small.is_empty() {
            self.in_a_row = 0;
            return if large_may {
                self.queues.large.pop_front()
            } else {
                None
            };
        }
        self.in_a_row += 1;
        self.queues.small.pop_front()
    }

    /// Returns when somebody has rested; where nothing is to be served, nothing is before.
    pub(crate) fn rested_at(&self) -> Option<Instant> {
        let one = self.queues.resting.first().map(|(until, _)| *until);
        let all = self.debt.0.and_then(|paid| paid.checked_sub(CREDIT));
        let all = all.filter(|_| !self.queues.large.is_empty());
        one.into_iter().chain(all).min()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "a test begins at some time")]

    use super::*;

    const LARGE: usize = 60_000;

    fn source(port: u16) -> Route {
        let address: transport_h248::Address = format!("127.0.0.1:{port}").parse().unwrap();
        address.into()
    }

    /// The ports of those who are served until nobody is.
    fn served(turns: &mut Turns<()>, now: Instant) -> Vec<u16> {
        let next = || turns.next(now).map(|(from, ..)| from);
        std::iter::from_fn(next)
            .map(|from| from.address.socket.port())
            .collect()
    }

    #[test]
    fn sources_take_turns_however_much_one_sends() {
        let (mut turns, now) = (Turns::new(), Instant::now());
        for _ in 0..5 {
            turns.add(source(1), 100, now, ());
        }
        turns.add(source(2), 100, now, ());
        turns.add(source(3), 100, now, ());
        assert_eq!(served(&mut turns, now), [1, 2, 3, 1, 1, 1, 1]);
        assert_eq!((turns.octets, turns.rested_at()), (0, None));
    }

    #[test]
    fn small_messages_go_first_and_large_ones_do_not_starve() {
        let (mut turns, now) = (Turns::new(), Instant::now());
        turns.add(source(1), LARGE, now, ());
        for _ in 0..SMALL_FIRST + 5 {
            turns.add(source(2), 100, now, ());
        }
        let served = served(&mut turns, now);
        assert_eq!(served.iter().position(|port| *port == 1), Some(SMALL_FIRST));
        assert_eq!(served.len(), SMALL_FIRST + 6);
    }

    #[test]
    fn who_sends_large_messages_rests_between_them() {
        let (mut turns, start) = (Turns::new(), Instant::now());
        for _ in 0..300 {
            turns.add(source(1), LARGE, start, ());
        }
        assert_eq!(served(&mut turns, start), [1; 5]);
        let rested = turns.rested_at().unwrap();
        turns.add(source(2), LARGE, start, ());
        assert_eq!(served(&mut turns, start), [2], "it does not rest");
        assert_eq!(served(&mut turns, rested), [1]);
        let mut now = start;
        let mut count = 0;
        while now < start + Duration::from_secs(1) {
            now = turns.rested_at().unwrap();
            count += served(&mut turns, now).len() * LARGE;
        }
        assert!((3 << 20..5 << 20).contains(&count), "{count} a second");
    }

    #[test]
    fn many_who_send_large_messages_rest_together() {
        let (mut turns, start) = (Turns::new(), Instant::now());
        for port in 0..1_000 {
            turns.add(source(port), LARGE, start, ());
        }
        assert_eq!(served(&mut turns, start).len(), 10);
        turns.add(source(2_000), 100, start, ());
        assert_eq!(served(&mut turns, start), [2_000], "small ones are served");
        let rested = turns.rested_at().unwrap();
        assert!(rested > start);
        assert_eq!(served(&mut turns, rested).len(), 1);
    }

    #[test]
    fn one_who_waits_for_each_answer_rests_all_the_same() {
        let (mut turns, now) = (Turns::new(), Instant::now());
        let mut count = 0;
        for _ in 0..100 {
            turns.add(source(1), LARGE, now, ());
            count += served(&mut turns, now).len();
        }
        assert_eq!(count, 5);
    }

    #[test]
    fn small_messages_are_served_without_rest() {
        let (mut turns, now) = (Turns::new(), Instant::now());
        for _ in 0..10_000 {
            turns.add(source(1), SMALL, now, ());
        }
        assert_eq!(served(&mut turns, now).len(), 10_000);
    }

    /// Offers so many messages of 1 KiB; returns how many waited, and how many told of a flood.
    fn offer(turns: &mut Turns<()>, port: u16, count: usize) -> (usize, usize) {
        let now = Instant::now();
        let places: Vec<_> = (0..count)
            .map(|_| turns.offer(source(port), 1_024 - EACH, now, || ()))
            .collect();
        let count = |place| places.iter().filter(|one| **one == place).count();
        (count(Place::Found), count(Place::Flood))
    }

    #[test]
    fn a_source_has_its_room_and_no_more_and_one_that_goes_on_is_told_of() {
        let mut turns = Turns::new();
        let room = SOURCE_MAX / 1_024;
        assert_eq!(offer(&mut turns, 1, room + FLOOD / 1_024), (room, 1));
        assert_eq!(offer(&mut turns, 2, 1), (1, 0));
    }

    #[test]
    fn where_many_fill_the_room_of_all_others_still_find_some() {
        let mut turns = Turns::new();
        for port in 0..8 {
            assert_eq!(offer(&mut turns, port, 2_048).0, 2_048);
        }
        assert_eq!(offer(&mut turns, 100, 2_048).0, SOURCE_LEAST / 1_024);
        let more = (200..2_000).map(|port| offer(&mut turns, port, 64).0);
        assert_eq!(
            more.sum::<usize>(),
            (ALL_MOST - ALL_MAX - SOURCE_LEAST) / 1_024
        );
    }

    #[test]
    fn sources_that_do_not_matter_are_forgotten() {
        let (mut turns, now) = (Turns::new(), Instant::now());
        for port in 1..10_000 {
            turns.add(source(port), 100, now, ());
            turns.next(now);
        }
        assert!(turns.sources.len() <= SOURCES);
    }
}
