//! The collection of symbols by a digit map (H.248.1 7.1.14.5), from its activation to its end.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use transport_h248::mutants::{Mutant, seeded};

use super::{DigitMap, Symbol, parse::Named};

/// The longest dial string (project): more than any number has. What comes over it matches nothing,
/// so that a map that ends in a period holds no more than this.
pub(super) const DIALLED_MAX: usize = 64;

/// A digit map in use.
#[derive(Clone, Debug)]
pub(crate) struct Collection {
    map: Arc<DigitMap>,
    dialled: String,
    candidates: Vec<Candidate>,
    /// The symbol that is held down, where it matters for how long.
    press: Option<Symbol>,
    due: Option<Instant>,
    /// How many candidates were looked at for the last symbol.
    #[cfg(test)]
    pub(super) looked_at: usize,
}

/// How far a string has come: which, and what it takes next. With its length it is complete.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
struct Candidate {
    string: usize,
    position: usize,
}

/// Whether the collection goes on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// It does.
    GoesOn,
    /// It is over.
    Over(Completion),
}

/// How a collection ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Completion {
    /// The dial string.
    pub(crate) dialled: String,
    /// How it matches.
    pub(crate) method: Method,
    /// The symbol that ended it, and is not part of the dial string.
    pub(crate) left_over: Option<Symbol>,
}

/// How a dial string matches (H.248.1 E.6.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Method {
    /// One string, and none that could go on.
    Unambiguous,
    /// Not a whole string.
    Partial,
    /// One string, and others could have gone on.
    Full,
}

impl Method {
    /// The value of `Meth`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Unambiguous => "UM",
            Self::Partial => "PM",
            Self::Full => "FM",
        }
    }
}

impl Collection {
    /// Activates a map: nothing is dialled, and the start timer runs.
    pub(crate) fn new(map: Arc<DigitMap>, now: Instant) -> Self {
        let first = |string| Candidate {
            string,
            position: 0,
        };
        let candidates = (0..map.alternatives.len()).map(first).collect();
        let due = map.timers.start.map(|time| now + time);
        let mut collection = Self {
            map,
            dialled: String::new(),
            candidates: Vec::new(),
            press: None,
            due,
            #[cfg(test)]
            looked_at: 0,
        };
        collection.become_these(candidates);
        collection
    }

    /// What is dialled so far.
    pub(crate) fn dialled(&self) -> &str {
        &self.dialled
    }

    /// When [`Self::handle_timeout`] is due.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }

    /// Takes the beginning of a symbol. A symbol that is held down is to have ended before.
    pub(crate) fn handle_symbol(&mut self, symbol: Symbol, now: Instant) -> Step {
        let takes_long = |candidate: &Candidate| {
            let position = self.position(candidate);
            position.is_some_and(|position| position.long && position.symbols.has(symbol))
        };
        if self.candidates.iter().any(takes_long) {
            self.press = Some(symbol);
            self.due = Some(now + self.map.timers.press);
            return Step::GoesOn;
        }
        self.take(symbol, false, now)
    }

    /// Takes the end of the symbol that began last.
    pub(crate) fn handle_release(&mut self, now: Instant) -> Step {
        match self.press.take() {
            Some(symbol) => self.take(symbol, false, now),
            None => Step::GoesOn,
        }
    }

    /// Ends the wait for a symbol, or makes the press a long one.
    pub(crate) fn handle_timeout(&mut self, now: Instant) -> Step {
        if self.due.is_none_or(|due| now < due) {
            return Step::GoesOn;
        }
        match self.press.take() {
            Some(symbol) => self.take(symbol, true, now),
            None => self.over(self.full_or_partial(), None),
        }
    }

    /// Goes on with the strings that take the symbol. One that wants a long press and gets it
    /// excludes those that do not care.
    fn take(&mut self, symbol: Symbol, long: bool, now: Instant) -> Step {
        let (mut plain, mut pressed) = (Vec::new(), Vec::new());
        for candidate in &self.candidates {
            let Some(position) = self.position(candidate) else {
                continue;
            };
            if !position.symbols.has(symbol) {
                continue;
            }
            let after = Candidate {
                position: candidate.position + usize::from(!position.repeats),
                ..*candidate
            };
            if position.long {
                pressed.push(after);
            } else {
                plain.push(after);
            }
        }
        let by_press = long && !pressed.is_empty();
        let matching = if by_press { pressed } else { plain };
        if matching.is_empty() || self.dialled.len() >= DIALLED_MAX {
            if seeded(Mutant::M17) {
                self.dialled.push(symbol.sign());
            }
            return self.over(self.full_or_partial(), Some(symbol));
        }
        if by_press {
            self.dialled.push('Z');
        }
        self.dialled.push(symbol.sign());
        self.become_these(matching);
        let none_goes_on = self.candidates.iter().all(|one| self.is_at_end(one));
        if self.is_complete() && (none_goes_on || seeded(Mutant::M18)) {
            return self.over(Method::Unambiguous, None);
        }
        self.due = Some(now + self.wait());
        Step::GoesOn
    }

    /// Takes these for candidates, and those that follow from leaving a repeated place: each once, so that
    /// there are never more than the map has places.
    fn become_these(&mut self, candidates: Vec<Candidate>) {
        let mut all = BTreeSet::new();
        let repeats = |one: &Candidate| self.position(one).is_some_and(|position| position.repeats);
        #[cfg(test)]
        let mut looked_at = 0;
        for mut candidate in candidates {
            loop {
                #[cfg(test)]
                {
                    looked_at += 1;
                }
                // What follows from one that is there already is there, too.
                if !all.insert(candidate) || !repeats(&candidate) {
                    break;
                }
                candidate.position += 1;
            }
        }
        #[cfg(test)]
        {
            self.looked_at = looked_at;
        }
        self.candidates = all.into_iter().collect();
    }

    /// How long the next symbol may take: what the strings name, else S where one is complete and L
    /// where none is. Where they name different ones it is L.
    fn wait(&self) -> Duration {
        let timers = &self.map.timers;
        let mut named = self.candidates.iter().filter_map(|one| self.named(one));
        let by_default = if self.is_complete() {
            timers.short
        } else {
            timers.long
        };
        let Some(first) = named.next() else {
            return by_default;
        };
        if named.any(|other| other != first) {
            return timers.long;
        }
        match first {
            Named::Start => timers.start.unwrap_or(timers.long),
            Named::Short => timers.short,
            Named::Long => timers.long,
        }
    }

    fn named(&self, candidate: &Candidate) -> Option<Named> {
        match self.position(candidate) {
            Some(position) => position.timer,
            None => self.map.alternatives.get(candidate.string)?.last_timer,
        }
    }

    fn position(&self, candidate: &Candidate) -> Option<super::parse::Position> {
        let string = self.map.alternatives.get(candidate.string)?;
        string.positions.get(candidate.position).copied()
    }

    fn is_at_end(&self, candidate: &Candidate) -> bool {
        self.position(candidate).is_none()
    }

    fn is_complete(&self) -> bool {
        self.candidates.iter().any(|one| self.is_at_end(one))
    }

    fn full_or_partial(&self) -> Method {
        if self.is_complete() {
            Method::Full
        } else {
            Method::Partial
        }
    }

    fn over(&mut self, method: Method, left_over: Option<Symbol>) -> Step {
        self.due = None;
        self.candidates.clear();
        Step::Over(Completion {
            dialled: std::mem::take(&mut self.dialled),
            method,
            left_over,
        })
    }
}
