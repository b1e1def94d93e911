//! Two endpoints with a pretended network between them, in virtual time.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// What the network does to datagrams.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    /// Share of datagrams that are lost, 0 to 1.
    pub(super) loss: f64,
    /// Share of datagrams that arrive twice.
    pub(super) doubled: f64,
    /// The longest way, in milliseconds; each datagram takes its own, so they overtake.
    pub(super) delay_ms: u64,
    /// The longest that a program takes for a request, in milliseconds.
    pub(super) work_ms: u64,
}

/// The two ends.
pub(super) const ENDS: [usize; 2] = [0, 1];

/// What happens at one moment.
enum Item {
    /// A datagram arrives at an end.
    Arrival(usize, Transmit),
    /// The program at an end sends a request.
    Ask(usize),
    /// The program at an end has carried out a request.
    Done(usize, PeerId, TransactionId),
}

/// How a request ended for its sender.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    Replied,
    TimedOut,
}

/// What happens on any network.
pub(super) const MILD: Weather = Weather {
    loss: 0.05,
    doubled: 0.05,
    delay_ms: 50,
    work_ms: 20,
};

/// A network that is hardly one, and an end that takes seconds.
pub(super) const STORM: Weather = Weather {
    loss: 0.3,
    doubled: 0.1,
    delay_ms: 2_000,
    work_ms: 3_000,
};

/// The network and both programs.
pub(super) struct Network {
    pub(super) ends: [Endpoint; 2],
    pub(super) now: Instant,
    weather: Weather,
    random: fastrand::Rng,
    queue: BTreeMap<(Instant, u64), Item>,
    next: u64,
    peers: [PeerId; 2],
    /// What a request comes to.
    pub(super) result: fn(u32) -> TransactionResult<'static>,
    /// What each end has carried out, by its peer's number.
    pub(super) executed: [BTreeSet<TransactionId>; 2],
    /// What each end has asked, and how it ended.
    pub(super) asked: [BTreeMap<TransactionId, Option<End>>; 2],
}

impl Network {
    pub(super) fn new(weather: Weather, seed: u64) -> Self {
        Self::speaking(Encoding::Text, weather, seed)
    }

    pub(super) fn speaking(encoding: Encoding, weather: Weather, seed: u64) -> Self {
        let now = Instant::now();
        let config = Config {
            encoding,
            ..Config::default()
        };
        let mut ends = [("a", seed), ("b", !seed)]
            .map(|(name, seed)| Endpoint::new(config.clone(), device(name), seed));
        let peers = ENDS.map(|end| ends[end].connect(place(1 - end), now));
        Self {
            ends,
            now,
            weather,
            random: fastrand::Rng::with_seed(seed),
            queue: BTreeMap::new(),
            next: 0,
            peers,
            result,
            executed: Default::default(),
            asked: Default::default(),
        }
    }

    /// Lets `end` speak as was agreed.
    pub(super) fn agree(&mut self, end: usize, version: u8, change: impl FnOnce(&mut Terms)) {
        self.ends[end].set_version(self.peers[end], version);
        self.ends[end].set_terms(self.peers[end], change);
    }

    fn put(&mut self, after: Duration, item: Item) {
        self.next += 1;
        self.queue.insert((self.now + after, self.next), item);
    }

    fn up_to(&mut self, most_ms: u64) -> Duration {
        Duration::from_micros(self.random.u64(0..=most_ms * 1_000))
    }

    /// Lets `end` send `count` requests at moments within `within`.
    pub(super) fn plan(&mut self, end: usize, count: usize, within: Duration) {
        for _ in 0..count {
            let after = within.mul_f64(self.random.f64());
            self.put(after, Item::Ask(end));
        }
    }

    /// Runs until nothing is left to happen. Returns what was sent, as a trace.
    pub(super) fn run(&mut self) -> Vec<(Duration, Transmit)> {
        let start = self.now;
        let mut trace = vec![];
        while let Some(at) = self.next_moment() {
            self.now = self.now.max(at);
            while let Some(entry) = self.queue.first_entry()
                && entry.key().0 <= self.now
            {
                let item = entry.remove();
                self.happen(item);
            }
            for end in ENDS {
                self.ends[end].handle_timeout(self.now);
                self.drain(end, start, &mut trace);
            }
        }
        trace
    }

    fn next_moment(&self) -> Option<Instant> {
        let timers = self.ends.iter().filter_map(|end| end.poll_timeout());
        let queued = self.queue.first_key_value().map(|((at, _), _)| *at);
        timers.map(|(at, _)| at).chain(queued).min()
    }

    fn happen(&mut self, item: Item) {
        let now = self.now;
        match item {
            Item::Arrival(end, transmit) => {
                self.ends[end].handle_message(&transmit.octets, place(1 - end).into(), now);
            }
            Item::Ask(end) => {
                let id = self.ends[end].request(self.peers[end], actions(), now);
                let earlier = self.asked[end].insert(id, None);
                assert_eq!(earlier, None, "an id was used twice");
            }
            Item::Done(end, peer, id) => {
                let result = (self.result)(id.0);
                self.ends[end].reply(peer, id, result, now);
            }
        }
    }

    fn drain(&mut self, end: usize, start: Instant, trace: &mut Vec<(Duration, Transmit)>) {
        while let Some(transmit) = self.ends[end].poll_transmit() {
            assert_eq!(transmit.to, place(1 - end).into());
            trace.push((self.now - start, transmit.clone()));
            self.send(1 - end, transmit);
        }
        while let Some((peer, event)) = self.ends[end].poll_event() {
            assert_eq!(peer, self.peers[end]);
            self.take(end, peer, event);
        }
    }

    fn send(&mut self, to: usize, transmit: Transmit) {
        let copies = 1 + usize::from(self.random.f64() < self.weather.doubled);
        for _ in 0..copies {
            if self.random.f64() >= self.weather.loss {
                let after = self.up_to(self.weather.delay_ms);
                self.put(after, Item::Arrival(to, transmit.clone()));
            }
        }
    }

    fn take(&mut self, end: usize, peer: PeerId, event: Event) {
        match event {
            Event::Request { id, .. } => {
                assert!(self.executed[end].insert(id), "{id} was executed twice");
                let after = self.up_to(self.weather.work_ms);
                self.put(after, Item::Done(end, peer, id));
            }
            Event::Reply { id, result: got } => {
                assert_eq!(got, (self.result)(id.0), "{id} got another's reply");
                assert!(self.executed[1 - end].contains(&id));
                self.ended(end, id, End::Replied);
            }
            Event::TimedOut { id } | Event::Unsent { id } => self.ended(end, id, End::TimedOut),
            Event::CarrierLost => panic!("no carrier here has connections"),
            Event::MessageError { error } => panic!("{error}"),
        }
    }

    fn ended(&mut self, end: usize, id: TransactionId, how: End) {
        let earlier = self.asked[end].insert(id, Some(how));
        assert_eq!(earlier, Some(None), "{id} ended twice");
    }
}

fn place(end: usize) -> Address {
    address([OURS, THEIRS][end])
}
