//! The phones of analog lines: when they are due, and what is heard of them (H.248.1 E.9).

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use mg_contract::{Command, Direction, Dtmf, SignalRef, Sound};

use super::{Gateway, TerminationKey};
use crate::{
    Line, LineKind,
    line::{
        phone::{Flash, Noticed, Phone},
        script::DIGIT,
    },
};

/// The phones, and which of them is due next.
#[derive(Clone, Debug, Default)]
pub(super) struct Phones {
    phones: BTreeMap<TerminationKey, Phone>,
    due: BTreeSet<(Instant, TerminationKey)>,
    /// Digits that the engine plays.
    dialled: BTreeSet<SignalRef>,
    /// Whether somebody follows the scripts already.
    begun: bool,
}

impl Phones {
    pub(super) fn add(&mut self, key: TerminationKey, line: &Line) {
        if line.kind == LineKind::Analog {
            self.phones.insert(key, Phone::new(&line.on_ring));
        }
    }

    /// Does something with a phone, and looks up when it is due afterwards.
    fn with<T>(&mut self, key: TerminationKey, act: impl FnOnce(&mut Phone) -> T) -> Option<T> {
        let phone = self.phones.get_mut(&key)?;
        if let Some(at) = phone.poll_timeout() {
            self.due.remove(&(at, key));
        }
        let result = act(phone);
        if let Some(at) = phone.poll_timeout() {
            self.due.insert((at, key));
        }
        Some(result)
    }
}

impl Gateway {
    /// Begins the scripts of all phones, if they have not begun: there is a controller that notices.
    pub(crate) fn begin_scripts(&mut self, now: Instant) {
        if std::mem::replace(&mut self.phones.begun, true) {
            return;
        }
        let keys: Vec<TerminationKey> = self.phones.phones.keys().copied().collect();
        for key in keys {
            let line = self.termination(key).and_then(|found| found.line);
            let script = line.and_then(|line| Some(self.line(line)?.script.clone()));
            let script = script.unwrap_or_default();
            self.phones.with(key, |phone| phone.follow(&script, now));
        }
    }

    /// Whether the phone of a line is off-hook; `None` where there is none.
    pub(crate) fn is_off_hook(&self, key: TerminationKey) -> Option<bool> {
        self.phones.phones.get(&key).map(Phone::is_off_hook)
    }

    /// Rings the phone of a line, or ceases to.
    pub(crate) fn ring(&mut self, key: TerminationKey, rings: bool, now: Instant) {
        self.phones.with(key, |phone| {
            if rings {
                phone.handle_ring(now);
            } else {
                phone.handle_silence();
            }
        });
    }

    /// When a phone does something next.
    pub(crate) fn poll_phone_timeout(&self) -> Option<Instant> {
        self.phones.due.first().map(|(at, _)| *at)
    }

    /// What a line has noticed of its phone until `now`, and when; `flash` says of a line what counts as
    /// a flash, where anybody wants to know.
    pub(crate) fn poll_noticed(
        &mut self,
        flash: impl Fn(&Self, TerminationKey) -> Option<Flash>,
        now: Instant,
    ) -> Option<(TerminationKey, Instant, Noticed)> {
        loop {
            let (_, key) = *self.phones.due.first().filter(|(at, _)| *at <= now)?;
            let flash = flash(self, key);
            let noticed = self
                .phones
                .with(key, |phone| phone.poll_noticed(flash, now));
            self.tell_phone(key);
            if let Some(Some((at, noticed))) = noticed {
                return Some((key, at, noticed));
            }
        }
    }

    /// Tells the engine whether a phone speaks, where its line has a stream that does not know.
    pub(super) fn tell_phone(&mut self, key: TerminationKey) {
        let Some(phone) = self.phones.phones.get(&key) else {
            return;
        };
        let speaks = phone.speaks();
        let streams = self.terminations.get_mut(&key).into_iter();
        let media = streams
            .flat_map(|found| found.streams.values_mut())
            .filter_map(|stream| stream.media.as_mut());
        for media in media.filter(|media| media.speaks != speaks) {
            media.speaks = speaks;
            self.media.push_back(Command::Speak {
                stream: media.stream,
                speaks,
            });
        }
    }

    /// Has a dialled digit heard, where anybody listens.
    pub(crate) fn dial(&mut self, key: TerminationKey, digit: Dtmf) {
        let termination = self.termination(key);
        let streams = termination
            .into_iter()
            .flat_map(|found| found.streams.values());
        let Some(media) = streams.filter_map(|stream| stream.media).next() else {
            return;
        };
        let signal = self.next_signal();
        self.phones.dialled.insert(signal);
        self.media.push_back(Command::Play {
            signal,
            stream: media.stream,
            sound: Sound::Dtmf { digit, time: DIGIT },
            direction: Direction::Received,
        });
    }

    /// Takes that a signal is over, and says whether it was a digit of a phone.
    pub(crate) fn handle_dialled(&mut self, signal: SignalRef) -> bool {
        self.phones.dialled.remove(&signal)
    }
}
