//! Requests and what came of them: replies, Pending, repeats.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, SystemTime},
};

use ahash::RandomState;
use codec_h248::TransactionId;

use super::{peers::PeerId, said::Verb};

/// Transactions that are remembered, the oldest forgotten first.
const REMEMBERED: usize = 65_536;
/// Segments of one reply that are remembered.
const SEGMENTS_MAX: usize = 256;
/// A transaction that was silent for longer is over: its id may stand for another one (H.248.1 D.1.1).
const LONG_TIMER: Duration = Duration::from_secs(30);

/// Which transaction: who asked whom, under which id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Key {
    pub(super) asker: PeerId,
    pub(super) asked: PeerId,
    pub(super) id: TransactionId,
}

/// What a line has to do with those before it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tie {
    /// The message that it answers.
    pub answers: Option<u64>,
    /// How long that took.
    pub took: Option<Duration>,
    /// How often it was seen before.
    pub repeats: u32,
    /// Its id was seen a moment ago with other words.
    pub differs: bool,
}

/// A reply, or a segment of one: which, its words as a number, and how often it was seen.
#[derive(Debug)]
struct Known {
    segment: u16,
    words: u64,
    times: u32,
}

/// One transaction.
#[derive(Debug)]
pub(super) struct Exchange {
    /// Number of the message that asked, where it was seen.
    request: Option<u64>,
    since: SystemTime,
    seen: SystemTime,
    asked: Option<(u64, u32)>,
    pendings: u32,
    reply: Option<Known>,
    segments: Vec<Known>,
    /// Its first command.
    pub(super) verb: Option<Verb>,
    /// Whether a filter wants it.
    pub(super) chosen: bool,
    /// Whether a filter wants it where it fails.
    pub(super) may_fail: bool,
}

/// All transactions of late.
#[derive(Debug, Default)]
pub(super) struct Exchanges {
    table: HashMap<Key, Exchange, RandomState>,
    order: VecDeque<Key>,
    /// Requests that were forgotten without an answer.
    unanswered: u64,
}

/// A line as it comes: in which message, when, and what it says, as a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coming {
    pub(super) number: u64,
    pub(super) time: SystemTime,
    pub(super) words: u64,
}

impl Exchange {
    fn new(time: SystemTime) -> Self {
        Self {
            request: None,
            since: time,
            seen: time,
            asked: None,
            pendings: 0,
            reply: None,
            segments: Vec::new(),
            verb: None,
            chosen: false,
            may_fail: false,
        }
    }

    fn is_unanswered(&self) -> bool {
        self.request.is_some() && self.reply.is_none()
    }

    /// Whether nothing more is awaited.
    pub(super) fn is_answered(&self) -> bool {
        self.reply.is_some()
    }

    /// Remembers the first reply, and segments behind it.
    fn learn(&mut self, known: Known) {
        if self.reply.is_none() {
            self.reply = Some(known);
        } else if self.segments.len() < SEGMENTS_MAX {
            self.segments.push(known);
        }
    }

    /// The tie of what answers its request.
    fn answer(&self, time: SystemTime, repeats: u32) -> Tie {
        let took = time.duration_since(self.since).ok();
        let first = repeats == 0 && self.request.is_some();
        Tie {
            answers: self.request,
            took: took.filter(|_| first),
            repeats,
            differs: false,
        }
    }
}

impl Exchanges {
    /// A request.
    pub(super) fn request(&mut self, key: Key, coming: Coming, verb: Option<Verb>) -> Tie {
        let exchange = self.current(key, coming.time);
        let Some((words, times)) = &mut exchange.asked else {
            exchange.asked = Some((coming.words, 1));
            exchange.request = Some(coming.number);
            (exchange.since, exchange.verb) = (coming.time, verb);
            return Tie::default();
        };
        let repeats = *times;
        *times = times.saturating_add(1);
        Tie {
            repeats,
            differs: *words != coming.words,
            ..Tie::default()
        }
    }

    /// A reply, or a segment of one.
    pub(super) fn reply(&mut self, key: Key, coming: Coming, segment: u16) -> Tie {
        let exchange = self.current(key, coming.time);
        let known = exchange.reply.iter_mut().chain(&mut exchange.segments);
        let mut known = known.filter(|known| known.segment == segment);
        let Some(known) = known.next() else {
            exchange.learn(Known {
                segment,
                words: coming.words,
                times: 1,
            });
            return exchange.answer(coming.time, 0);
        };
        let repeats = known.times;
        let differs = known.words != coming.words;
        known.times = known.times.saturating_add(1);
        Tie {
            differs,
            ..exchange.answer(coming.time, repeats)
        }
    }

    /// A Pending.
    pub(super) fn pending(&mut self, key: Key, coming: Coming) -> Tie {
        let exchange = self.current(key, coming.time);
        exchange.pendings = exchange.pendings.saturating_add(1);
        exchange.answer(coming.time, exchange.pendings - 1)
    }

    /// A transaction that is remembered.
    pub(super) fn get(&self, key: Key) -> Option<&Exchange> {
        self.table.get(&key)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut Exchange> {
        self.table.get_mut(&key)
    }

    /// Requests to which no reply was seen.
    pub(super) fn unanswered(&self) -> u64 {
        let open = self.order.iter().filter_map(|key| self.table.get(key));
        self.unanswered + open.filter(|exchange| exchange.is_unanswered()).count() as u64
    }

    /// The transaction that an id stands for at this moment.
    fn current(&mut self, key: Key, time: SystemTime) -> &mut Exchange {
        if !self.table.contains_key(&key) {
            self.make_room();
            self.order.push_back(key);
        }
        let exchange = self.table.entry(key).or_insert_with(|| Exchange::new(time));
        let silent = time.duration_since(exchange.seen).unwrap_or_default();
        if silent > LONG_TIMER {
            self.unanswered += u64::from(exchange.is_unanswered());
            *exchange = Exchange::new(time);
        }
        exchange.seen = time;
        exchange
    }

    fn make_room(&mut self) {
        if self.order.len() < REMEMBERED {
            return;
        }
        let oldest = self.order.pop_front();
        let gone = oldest.and_then(|key| self.table.remove(&key));
        self.unanswered += u64::from(gone.is_some_and(|gone| gone.is_unanswered()));
    }
}
