//! What a Termination plays and detects, and what follows from what it detects (H.248.1 7.1.9 to 7.1.11,
//! 7.1.14, 7.1.17): one machine for each Termination.

mod alike;
mod buffer;
mod events;
mod follows;
mod maps;
mod observed;
mod occurrence;
mod signals;
mod tones;

use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use codec_h248::descriptor::{
    DigitMapDescriptor, EventBufferControl, EventBufferDescriptor, EventsDescriptor, ObservedEvent,
    ObservedEventsDescriptor, RequestId, SignalsDescriptor, StreamId,
};
use mg_contract::{Command, Detected as Looked, SignalRef, StreamRef, Tone};
use transport_h248::Anchor;

pub(crate) use self::{
    alike::Alike,
    maps::{DigitMaps, MapChange},
    observed::News,
    occurrence::Detected,
};
use self::{
    buffer::EventBuffer, events::Collecting, follows::Follows, observed::Observed,
    occurrence::Occurrence, signals::Signals,
};
use crate::gateway::{TerminationKey, packages::Set};

/// What one Termination plays and detects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Supervision {
    events: EventsDescriptor<'static>,
    /// How often events were armed.
    armings: u32,
    /// The events that embedded ones have taken the place of.
    former: Option<EventsDescriptor<'static>>,
    follows: Follows,
    collecting: Option<Collecting>,
    held: Vec<Held>,
    buffer: EventBuffer,
    signals: Signals,
    /// Whether the tone of the continuity test that runs has come back.
    tone_returned: bool,
    maps: DigitMaps,
    observed: Observed,
    looked: Vec<(StreamRef, Looked)>,
    /// What was lost of each stream at the last measure since events were armed, in percent.
    losses: BTreeMap<Option<StreamId>, u8>,
}

/// A tone that is heard.
#[derive(Clone, Copy, Debug)]
struct Held {
    tone: Tone,
    stream: Option<StreamId>,
    since: Instant,
    /// The longest time for which it was told that it has lasted.
    told: Duration,
}

impl Held {
    fn is(&self, tone: Tone, stream: Option<StreamId>) -> bool {
        (self.tone, self.stream) == (tone, stream)
    }
}

/// What a command changes, in the order in which it is written.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// TerminationState's `Buffer`.
    Buffer(EventBufferControl),
    /// The events to buffer.
    EventBuffer(EventBufferDescriptor<'static>),
    /// The events to detect.
    Events(EventsDescriptor<'static>),
    /// The signals to play.
    Signals(SignalsDescriptor<'static>),
    /// A digit map.
    DigitMap(MapChange),
}

/// What the machines of all Terminations share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared {
    last_signal: u32,
    /// Whose signals play at the engine.
    pub(crate) playing: BTreeMap<SignalRef, TerminationKey>,
    /// Whose recordings are not complete.
    pub(crate) recording: BTreeMap<SignalRef, TerminationKey>,
    /// The digit maps of all of them, and of ROOT.
    pub(crate) alike: Alike,
    /// How often what events set off was cut off.
    pub(crate) cut_off: u64,
    /// Regulated notifications, in hundredths, that are still to be sent (H.248.1 E.15).
    credit: u32,
}

impl Shared {
    /// The name of a new signal at the engine.
    pub(crate) fn new_signal(&mut self) -> SignalRef {
        self.last_signal = self.last_signal.wrapping_add(1);
        SignalRef(self.last_signal)
    }

    /// Whether a signal has had that name.
    pub(crate) fn was_used(&self, signal: SignalRef) -> bool {
        signal.0 <= self.last_signal
    }

    fn next_signal(&mut self, key: TerminationKey) -> SignalRef {
        let signal = self.new_signal();
        self.playing.insert(signal, key);
        signal
    }

    /// Whether a regulated notification is sent, where so many of a hundred are.
    fn is_sent(&mut self, percent: u32) -> bool {
        self.credit += percent;
        let sent = self.credit >= 100;
        self.credit -= if sent { 100 } else { 0 };
        sent
    }
}

/// What a machine works with, at one instant.
pub(crate) struct Around<'a> {
    /// The instant.
    pub(crate) now: Instant,
    /// Whose machine it is.
    pub(crate) key: TerminationKey,
    /// The packages that it has.
    pub(crate) packages: Set<'a>,
    /// The digit maps of ROOT.
    pub(crate) global: &'a DigitMaps,
    /// Its streams at the engine.
    pub(crate) streams: &'a [(StreamId, StreamRef)],
    /// Whether its handset is off the hook, where it has one.
    pub(crate) off_hook: Option<bool>,
    /// How many of a hundred regulated notifications are sent.
    pub(crate) regulated_percent: u32,
    /// What all machines share.
    pub(crate) shared: &'a mut Shared,
    /// What the engine is told.
    pub(crate) media: &'a mut VecDeque<Command>,
}

impl Supervision {
    /// Carries out what a command changes.
    pub(crate) fn apply(&mut self, changes: Vec<Change>, around: &mut Around<'_>) {
        self.follows.begin();
        // Events may name a map that is defined behind them (7.1.14.1).
        let (maps, others): (Vec<_>, Vec<_>) = changes
            .into_iter()
            .partition(|change| matches!(change, Change::DigitMap(_)));
        for change in maps.into_iter().chain(others) {
            match change {
                Change::DigitMap(change) => self.maps.apply(change, &mut around.shared.alike),
                Change::Buffer(control) => self.buffer.set(control),
                Change::EventBuffer(listed) => self.buffer.list(listed),
                Change::Events(events) => {
                    self.former = None;
                    self.arm(events, around);
                }
                Change::Signals(signals) => self.play(&signals, around),
            }
        }
        self.look(around);
    }

    /// Takes what was detected.
    pub(crate) fn handle_detected(
        &mut self,
        what: &Detected,
        stream: Option<StreamId>,
        around: &mut Around<'_>,
    ) {
        self.follows.begin();
        match *what {
            Detected::ToneBegan(Tone::Continuity) => self.handle_continuity(around),
            Detected::ToneBegan(tone) => self.hold(tone, stream, around.now),
            Detected::ToneEnded(tone, time) => self.release(tone, stream, time, around),
            Detected::Hook { .. }
            | Detected::Flash
            | Detected::Codec(_)
            | Detected::Loss(_)
            | Detected::TalkBegan(_)
            | Detected::TalkEnded(_)
            | Detected::Recorded(..) => {}
        }
        let group = match *what {
            Detected::Loss(percent) => {
                let before = self.losses.insert(stream, percent).unwrap_or(0);
                vec![Occurrence::quality((before, percent), stream, around.now)]
            }
            Detected::ToneBegan(_)
            | Detected::ToneEnded(..)
            | Detected::Hook { .. }
            | Detected::Flash
            | Detected::TalkBegan(_)
            | Detected::TalkEnded(_)
            | Detected::Recorded(..)
            | Detected::Codec(_) => occurrence::of(what, stream, around.now),
        };
        self.take(group, around);
        self.look(around);
    }

    /// Takes the engine's word that a signal is over.
    pub(crate) fn handle_played(
        &mut self,
        signal: SignalRef,
        completed: bool,
        around: &mut Around<'_>,
    ) {
        self.follows.begin();
        let ended = self.signals.handle_played(signal, completed, around);
        self.complete_signals(ended, around);
        self.look(around);
    }

    /// Ends a signal that records, of which nothing can be written any more.
    pub(crate) fn give_up(&mut self, signal: SignalRef, around: &mut Around<'_>) {
        around.media.push_back(Command::Stop { signal });
        self.handle_played(signal, false, around);
    }

    /// Advances to `around.now`.
    pub(crate) fn handle_timeout(&mut self, around: &mut Around<'_>) {
        self.follows.begin();
        self.time_long_tones(around);
        self.time_collection(around);
        let ended = self.signals.handle_timeout(around);
        self.complete_signals(ended, around);
        self.look(around);
    }

    /// Brings signals and detection to the streams that there are now.
    pub(crate) fn retarget(&mut self, around: &mut Around<'_>) {
        self.signals.retarget(around);
        self.look(around);
    }

    /// Ends everything: the Termination leaves its Context.
    pub(crate) fn end(&mut self, around: &mut Around<'_>) {
        self.signals.stop(around);
        self.observed.clear();
        self.events = EventsDescriptor::default();
        self.collecting = None;
        self.buffer = EventBuffer::default();
        self.look(around);
    }

    /// When [`Self::handle_timeout`] is due.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let collection = self.collecting.as_ref();
        let collection = collection.and_then(|one| one.collection.poll_timeout());
        let all = [
            collection,
            self.signals.poll_timeout(),
            self.next_long_tone(),
        ];
        all.into_iter().flatten().min()
    }

    /// The next Notify, if one may be sent.
    pub(crate) fn poll_news(&mut self, anchor: &Anchor) -> Option<News> {
        self.observed.next(anchor)
    }

    /// Whether [`Self::poll_news`] has one.
    pub(crate) fn has_news(&self) -> bool {
        self.observed.is_ready()
    }

    /// Takes the end of the Notify that was sent.
    pub(crate) fn handle_answered(&mut self) {
        self.observed.answered();
    }

    /// Whether it is as a new one.
    pub(crate) fn is_idle(&self) -> bool {
        self.events == EventsDescriptor::default()
            && self.signals.is_empty()
            && self.maps.is_empty()
            && self.observed.is_empty()
            && self.buffer.listed.events.is_empty()
            && !self.buffer.lock_step
            && self.looked.is_empty()
    }

    /// Whether it has something for the engine to do.
    pub(crate) fn needs_stream(&self) -> bool {
        !self.signals.is_empty() || self.looked_for() != Looked::default()
    }

    /// The streams that the engine looks at for it.
    pub(crate) fn looked(&self) -> impl Iterator<Item = StreamRef> {
        self.looked.iter().map(|(stream, _)| *stream)
    }

    /// How long a press of the hook is to be a flash, in milliseconds; `None` where nobody wants to know.
    pub(crate) fn flash_ms(&self) -> Option<(Option<u32>, Option<u32>)> {
        let mut armed = self.events.events.iter();
        let armed = armed.find(|armed| armed.name.is("al", "fl"))?;
        Some((
            events::number(armed, "mindur"),
            events::number(armed, "maxdur"),
        ))
    }

    /// Whether a line rings.
    pub(crate) fn rings(&self) -> bool {
        self.signals.plays("al", "ri")
    }

    /// The events that are armed.
    pub(crate) fn events(&self) -> &EventsDescriptor<'static> {
        &self.events
    }

    /// The signals that play.
    pub(crate) fn signals(&self) -> SignalsDescriptor<'static> {
        self.signals.descriptor()
    }

    /// TerminationState's `Buffer`.
    pub(crate) fn buffer_control(&self) -> EventBufferControl {
        if self.buffer.lock_step {
            EventBufferControl::LockStep
        } else {
            EventBufferControl::Off
        }
    }

    /// The events to buffer.
    pub(crate) fn event_buffer(&self) -> &EventBufferDescriptor<'static> {
        &self.buffer.listed
    }

    /// The digit maps of this Termination.
    pub(crate) fn maps(&self) -> &DigitMaps {
        &self.maps
    }

    /// The digit map that is in use, where it is not one of these (H.248.1 7.2.5).
    pub(crate) fn map_in_use(&self) -> Option<DigitMapDescriptor<'static>> {
        let collecting = self.collecting.as_ref()?;
        let name = collecting.name.clone()?;
        (!self.maps.has(&name)).then_some(DigitMapDescriptor {
            name: Some(name),
            value: None,
        })
    }

    /// The events that are buffered, and what is dialled so far (H.248.1 7.2.5).
    pub(crate) fn observed(&self) -> Option<ObservedEventsDescriptor<'static>> {
        let mut events: Vec<ObservedEvent<'static>> = self.buffer.waiting().map(plain).collect();
        if let Some(collecting) = &self.collecting {
            let dialled = collecting.collection.dialled();
            events.push(plain(&Occurrence::dialling(dialled, collecting.since)));
        }
        (!events.is_empty()).then(|| ObservedEventsDescriptor {
            request_id: self.events.request_id.unwrap_or(RequestId::Id(0)),
            events,
        })
    }
}

fn plain(one: &Occurrence) -> ObservedEvent<'static> {
    ObservedEvent {
        time_stamp: None,
        name: one.name.clone(),
        stream: None,
        parameters: one.parameters.clone(),
    }
}
