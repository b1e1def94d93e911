//! Which transactions are shown, and where a Termination goes that is followed.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::RangeInclusive,
    time::{Duration, SystemTime},
};

use codec_h248::{ContextId, TerminationId};

use crate::capture::{Address, Encoding};

use super::{
    exchange::Exchange,
    peers::{PeerId, Peers, Side},
    reader::{Entry, Kind, Line, Reader, Seen, Subject},
    said::Verb,
};

/// Messages that wait until it is known whether they are wanted.
const HELD_MAX: usize = 4_096;
/// Their octets.
const HELD_OCTETS_MAX: usize = 16 << 20;
/// For so long a request waits for the reply that tells.
const HELD_FOR: Duration = Duration::from_secs(30);

/// What is shown: transactions of which a request or a reply fits everything that is asked for here.
/// Lists that are empty ask for nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Names or patterns of Terminations.
    pub terminations: Vec<TerminationId<'static>>,
    /// A Termination that is followed: what names it, and what happens in its Context while it is
    /// there.
    pub follow: Option<TerminationId<'static>>,
    /// Contexts.
    pub contexts: Vec<ContextId>,
    /// Ids of transactions.
    pub transactions: Vec<RangeInclusive<u32>>,
    /// Commands.
    pub commands: Vec<Verb>,
    /// Only what has failed: a reply that brings an error, a request that none came for, what does not decode.
    pub errors: bool,
    /// Not before.
    pub from: Option<Moment>,
    /// Not after.
    pub to: Option<Moment>,
}

/// A moment within a capture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Moment {
    /// This long after the first message.
    After(Duration),
    /// At this time of the day, UTC.
    OfDay(Duration),
    /// At this time.
    At(SystemTime),
}

impl Moment {
    /// Whether nothing can be behind `from` and before this; of moments of different kinds nobody knows.
    pub fn precedes(self, from: Self) -> bool {
        match (self, from) {
            (Self::After(to), Self::After(from)) | (Self::OfDay(to), Self::OfDay(from)) => {
                to <= from
            }
            (Self::At(to), Self::At(from)) => to <= from,
            (Self::After(_) | Self::OfDay(_) | Self::At(_), _) => false,
        }
    }

    fn has_come(self, time: SystemTime, first: SystemTime) -> bool {
        match self {
            Self::After(wanted) => time >= first + wanted,
            Self::At(wanted) => time >= wanted,
            Self::OfDay(wanted) => {
                let since = time.duration_since(SystemTime::UNIX_EPOCH);
                let since = since.unwrap_or_default();
                let day = Duration::from_secs(since.as_secs() / 86_400 * 86_400);
                since - day >= wanted
            }
        }
    }
}

impl Filter {
    /// Whether everything is shown.
    pub fn is_open(&self) -> bool {
        self.terminations.is_empty()
            && self.follow.is_none()
            && self.contexts.is_empty()
            && self.transactions.is_empty()
            && self.commands.is_empty()
            && !self.errors
            && self.from.is_none()
            && self.to.is_none()
    }

    fn is_time(&self, time: SystemTime, first: SystemTime) -> bool {
        let begun = self.from.is_none_or(|from| from.has_come(time, first));
        let over = self.to.is_some_and(|to| to.has_come(time, first));
        begun && !over
    }

    /// Whether a line fits, those that are followed aside.
    fn fits(&self, line: &Line, exchange: Option<&Exchange>) -> bool {
        match line.kind {
            _ if !self.errors => self.is_asked_for(line, false),
            Kind::Error | Kind::Undecoded => self.is_asked_for(line, false),
            // An error for the whole transaction is one of each of its commands.
            Kind::Reply if exchange.is_some_and(|exchange| exchange.may_fail) => {
                let is_whole = |subject: &Subject| subject.code.is_some() && subject.verb.is_none();
                line.subjects.iter().any(is_whole) || self.is_asked_for(line, true)
            }
            Kind::Reply => self.is_asked_for(line, true),
            Kind::Request | Kind::Pending | Kind::Ack | Kind::SegmentAck => false,
        }
    }

    /// Whether a line is a request that fits where it fails.
    fn fits_failed(&self, line: &Line) -> bool {
        self.errors && line.kind == Kind::Request && self.is_asked_for(line, false)
    }

    /// Whether a line has all else that is asked for, in one command; `failed` in one that has failed.
    fn is_asked_for(&self, line: &Line, failed: bool) -> bool {
        let id = line.key.map(|key| key.id.0);
        let by_id = |range: &RangeInclusive<u32>| id.is_some_and(|id| range.contains(&id));
        let transaction = self.transactions.is_empty() || self.transactions.iter().any(by_id);
        let about_nothing =
            self.terminations.is_empty() && self.contexts.is_empty() && self.commands.is_empty();
        let mut those = line
            .subjects
            .iter()
            .filter(|subject| !failed || subject.code.is_some());
        transaction && (about_nothing && !failed || those.any(|subject| self.is_about(subject)))
    }

    fn is_about(&self, subject: &Subject) -> bool {
        let wanted = |termination: &TerminationId<'_>| names(subject, termination);
        let context = |context: ContextId| self.contexts.contains(&context);
        let verb = |verb: Verb| self.commands.contains(&verb);
        (self.terminations.is_empty() || self.terminations.iter().any(wanted))
            && (self.contexts.is_empty() || subject.context.is_some_and(context))
            && (self.commands.is_empty() || subject.verb.is_some_and(verb))
    }
}

/// Whether a command is about a Termination: either of the two names may have wildcards.
fn names(subject: &Subject, wanted: &TerminationId<'_>) -> bool {
    subject.terminations.iter().any(|name| {
        let name = TerminationId::from_name(name.as_str());
        name == *wanted || wanted.matches(&name) || name.matches(wanted)
    })
}

/// Reads messages and lets through those that are wanted: what asks waits for what answers, which
/// may tell.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    pub(super) reader: Reader,
    filter: Option<Filter>,
    first: Option<SystemTime>,
    held: VecDeque<Held>,
    octets: usize,
    places: BTreeMap<PeerId, ContextId>,
}

/// A message of which some lines may be wanted.
#[derive(Debug)]
struct Held {
    entry: Entry,
    from: Address,
    to: Address,
    encoding: Encoding,
    octets: Vec<u8>,
    wanted: Vec<bool>,
    /// The same of what is wanted where no reply comes.
    unanswered: Vec<bool>,
}

impl Sieve {
    /// From now on only what fits is let through.
    pub(super) fn filter(&mut self, filter: Filter) {
        if !filter.is_open() {
            self.reader.collects = true;
            self.filter = Some(filter);
        }
    }

    /// Reads a message and shows what is wanted by now.
    pub(super) fn take(&mut self, seen: Seen<'_>, mut show: impl FnMut(&Peers, &Entry, Seen<'_>)) {
        self.reader.read(seen);
        if self.filter.is_none() {
            return show(&self.reader.peers, &self.reader.entry, seen);
        }
        self.push(seen);
        while let Some(held) = self.pop(Some(seen.time)) {
            show(&self.reader.peers, &held.entry, held.seen());
        }
    }

    /// Shows what still waits, when no more comes.
    pub(super) fn end(&mut self, mut show: impl FnMut(&Peers, &Entry, Seen<'_>)) {
        while let Some(held) = self.pop(None) {
            show(&self.reader.peers, &held.entry, held.seen());
        }
    }

    fn push(&mut self, seen: Seen<'_>) {
        let Some(filter) = &self.filter else {
            return;
        };
        let (entry, exchanges, peers) = self.reader.entry_mut();
        let first = *self.first.get_or_insert(seen.time);
        let mut wanted = Vec::with_capacity(entry.lines.len());
        let mut unanswered = Vec::new();
        for line in &mut entry.lines {
            let follow = filter.follow.as_ref();
            let follow = follow.map(|name| follow_line(name, &mut self.places, line, peers));
            let follows = follow.unwrap_or(true);
            let exchange = line.key.and_then(|key| exchanges.get_mut(key));
            let fits = follows && filter.fits(line, exchange.as_deref());
            let may_fail = follows && filter.fits_failed(line);
            if let Some(exchange) = exchange {
                exchange.chosen |= fits;
                exchange.may_fail |= may_fail;
            }
            wanted.push(fits);
            unanswered.push(may_fail);
        }
        if filter.is_time(seen.time, first) {
            self.octets += seen.octets.len();
            self.held.push_back(Held {
                entry: entry.clone(),
                from: seen.from,
                to: seen.to,
                encoding: seen.encoding,
                octets: seen.octets.to_vec(),
                wanted,
                unanswered,
            });
        }
    }

    /// The next message that is wanted, with the lines that are; at the end nothing waits.
    fn pop(&mut self, now: Option<SystemTime>) -> Option<Held> {
        while let Some(held) = self.held.front() {
            let full = self.held.len() > HELD_MAX || self.octets > HELD_OCTETS_MAX;
            if !full && now.is_some_and(|now| held.is_open(now, &self.reader)) {
                return None;
            }
            let mut held = self.held.pop_front()?;
            self.octets -= held.octets.len();
            if held.choose(&self.reader) {
                return Some(held);
            }
        }
        None
    }
}

/// Whether a line has to do with the Termination that is followed; notes where it goes.
fn follow_line(
    followed: &TerminationId<'_>,
    places: &mut BTreeMap<PeerId, ContextId>,
    line: &mut Line,
    peers: &Peers,
) -> bool {
    let Some(key) = line.key else {
        return false;
    };
    let asker_is_gateway = peers.get(key.asker).side == Some(Side::Gateway);
    let gateway = if asker_is_gateway {
        key.asker
    } else {
        key.asked
    };
    let before = places.get(&gateway).copied();
    let mut after = before;
    let mut leaves = false;
    for subject in &line.subjects {
        if line.kind == Kind::Reply && names(subject, followed) {
            after = moved(subject).or(after);
            leaves = subject.verb == Some(Verb::Subtract);
        }
    }
    if let Some(place) = after.filter(|_| after != before) {
        places.insert(gateway, place);
        let name = followed.as_str();
        line.note = Some(match before {
            Some(before) if leaves => format!("◆ {name} leaves {}", named(before)),
            Some(before) => format!("◆ {name} goes from {} to {}", named(before), named(place)),
            None => format!("◆ {name} is in {}", named(place)),
        });
    }
    let here = |context: ContextId| {
        matches!(context, ContextId::Id(_)) && [before, after].contains(&Some(context))
    };
    let concerns =
        |subject: &Subject| names(subject, followed) || subject.context.is_some_and(here);
    line.subjects.iter().any(concerns)
}

/// In which Context the reply to a command leaves its Termination, where that tells.
fn moved(subject: &Subject) -> Option<ContextId> {
    let told = subject.context.filter(|_| subject.code.is_none())?;
    match (subject.verb?, told) {
        (Verb::Subtract, _) => Some(ContextId::Null),
        (_, ContextId::Null | ContextId::Id(_)) => Some(told),
        (_, ContextId::Choose | ContextId::All) => None,
    }
}

fn named(context: ContextId) -> String {
    match context {
        ContextId::Null => "the null Context".to_owned(),
        ContextId::Choose | ContextId::All | ContextId::Id(_) => format!("Context {context}"),
    }
}

impl Held {
    fn seen(&self) -> Seen<'_> {
        Seen {
            time: self.entry.time,
            from: self.from,
            to: self.to,
            encoding: self.encoding,
            octets: &self.octets,
        }
    }

    /// Whether a later message may still tell that a line is wanted.
    fn is_open(&self, now: SystemTime, reader: &Reader) -> bool {
        let waited = now.duration_since(self.entry.time).unwrap_or_default();
        let open = |(line, wanted): (&Line, &bool)| {
            let exchange = line.key.and_then(|key| reader.exchanges.get(key));
            !wanted && exchange.is_some_and(|exchange| !exchange.chosen && !exchange.is_answered())
        };
        waited < HELD_FOR && self.entry.lines.iter().zip(&self.wanted).any(open)
    }

    /// Keeps the lines that are wanted; false where there are none.
    fn choose(&mut self, reader: &Reader) -> bool {
        let exchange = |line: &Line| line.key.and_then(|key| reader.exchanges.get(key));
        let chosen = |line: &Line| exchange(line).is_some_and(|exchange| exchange.chosen);
        let open = |line: &Line| !exchange(line).is_some_and(|exchange| exchange.is_answered());
        let mut fits = self.wanted.iter().zip(&self.unanswered);
        self.entry.lines.retain(|line| {
            let (wanted, unanswered) = fits.next().unwrap_or((&false, &false));
            *wanted || chosen(line) || *unanswered && open(line)
        });
        !self.entry.lines.is_empty()
    }
}
