//! Armed events: what is recognised, and what follows from it (H.248.1 7.1.9, 7.1.14).

use std::{sync::Arc, time::Instant};

use codec_h248::{
    Name, PackageItem,
    descriptor::{
        EmbeddedEvents, EventDigitMap, EventParameter, EventsDescriptor, NamedParameter,
        NotifyBehaviour, ObservedEvent, RequestedEvent, SignalsDescriptor,
    },
};
use transport_h248::mutants::{Mutant, seeded};

use super::{
    Around, Supervision,
    occurrence::{self, Asked, Occurrence},
    signals::{Ended, How},
};
use crate::{
    digit_map::{Collection, Completion, Step, Symbol},
    gateway::packages::{is_completion, text_of},
};

/// A digit map that is active, and the event that it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Collecting {
    event: usize,
    pub(super) collection: Collection,
    /// The map's name, where it has one.
    pub(super) name: Option<Name<'static>>,
    /// When it became active.
    pub(super) since: Instant,
}

/// What an armed event says about its recognition.
struct Armed {
    keeps: bool,
    notified: bool,
    signals: Option<SignalsDescriptor<'static>>,
    events: Option<EmbeddedEvents<'static>>,
    resets: bool,
}

impl Supervision {
    /// Puts an Events descriptor in the place of the former one, and looks whether it asks for what has
    /// happened already.
    pub(super) fn arm(&mut self, events: EventsDescriptor<'static>, around: &mut Around<'_>) {
        // A loss that goes on is news to who asks anew.
        self.losses.clear();
        self.activate(events, around);
        self.report_hook(around);
    }

    /// Puts an Events descriptor in the place of the former one, and takes what is buffered.
    fn activate(&mut self, events: EventsDescriptor<'static>, around: &mut Around<'_>) {
        self.events = events;
        self.armings = self.armings.wrapping_add(1);
        self.collect(around);
        if self.buffer.lock_step && self.events.events.is_empty() {
            self.buffer.clear();
        }
        self.buffer.suspended = false;
        while !self.buffer.suspended
            && let Some(one) = self.buffer.next()
        {
            self.take(vec![one], around);
        }
    }

    /// Activates the digit map of the armed events, if they have one.
    fn collect(&mut self, around: &Around<'_>) {
        self.collecting = None;
        for (event, armed) in self.events.events.iter().enumerate() {
            let Some(map) = map_of(armed).filter(|_| is_completion(&armed.name)) else {
                continue;
            };
            let Some(found) = self.maps.find(around.global, map) else {
                continue;
            };
            self.collecting = Some(Collecting {
                event,
                collection: Collection::new(Arc::clone(&found), around.now),
                name: match map {
                    EventDigitMap::Name(name) => Some(name.clone()),
                    EventDigitMap::Value(_) => None,
                },
                since: around.now,
            });
            return;
        }
    }

    /// Reports the state of the hook where it is asked for as it is (H.248.1 E.9.2).
    fn report_hook(&mut self, around: &mut Around<'_>) {
        let Some(off) = around.off_hook else {
            return;
        };
        let item = if off { "of" } else { "on" };
        let wants = |armed: &RequestedEvent<'static>| {
            let strict = armed.own_parameters().find(|own| own.name.is("strict"));
            let strict = strict.and_then(|strict| text_of(&strict.value));
            armed.name.is("al", item)
                && strict.is_some_and(|strict| strict.eq_ignore_ascii_case("state"))
        };
        if let Some(event) = self.events.events.iter().position(wants)
            && !self.buffer.suspended
        {
            let one = Occurrence::initial_hook(off, around.now);
            self.recognise(vec![(event, one)], around);
        }
    }

    /// Takes the events of one detection: a digit goes to the active digit map first.
    pub(super) fn take(&mut self, group: Vec<Occurrence>, around: &mut Around<'_>) {
        let symbol = group.first().and_then(Occurrence::symbol);
        match symbol {
            Some(symbol) if !self.buffer.suspended => self.take_symbol(symbol, group, around),
            Some(_) | None => self.take_plain(group, around),
        }
    }

    fn take_symbol(&mut self, symbol: Symbol, group: Vec<Occurrence>, around: &mut Around<'_>) {
        self.release_symbol(around);
        let Some(collecting) = &mut self.collecting else {
            return self.take_plain(group, around);
        };
        let event = collecting.event;
        match collecting.collection.handle_symbol(symbol, around.now) {
            Step::GoesOn => {
                // What the digit's own event embeds plays on.
                let keeps = self.armed_keeps(event);
                let hits = self.hits(group);
                self.recognise_among(hits, keeps, around);
            }
            Step::Over(done) if done.left_over.is_some() => {
                // What ends the map is processed as if there were none (7.1.14.5), even where a new one is
                // active by now.
                self.complete(&done, around);
                self.take_plain(group, around);
            }
            Step::Over(done) => {
                // What the digit's own event makes active is not what has ended.
                let ended = self.collecting.take();
                let armings = self.armings;
                self.take_plain(group, around);
                if armings == self.armings {
                    self.report_dialled(ended, &done, around);
                }
            }
        }
    }

    /// Ends the press of a symbol.
    pub(super) fn release_symbol(&mut self, around: &mut Around<'_>) {
        if let Some(collecting) = &mut self.collecting
            && let Step::Over(done) = collecting.collection.handle_release(around.now)
        {
            self.complete(&done, around);
        }
    }

    /// Ends the wait of the digit map.
    pub(super) fn time_collection(&mut self, around: &mut Around<'_>) {
        if let Some(collecting) = &mut self.collecting
            && let Step::Over(done) = collecting.collection.handle_timeout(around.now)
        {
            self.complete(&done, around);
        }
    }

    /// Reports the end of the digit map, which is not active any more.
    fn complete(&mut self, done: &Completion, around: &mut Around<'_>) {
        let ended = self.collecting.take();
        self.report_dialled(ended, done, around);
    }

    fn report_dialled(
        &mut self,
        ended: Option<Collecting>,
        done: &Completion,
        around: &mut Around<'_>,
    ) {
        if let Some(collecting) = ended {
            let one = Occurrence::dialled(done, around.now);
            self.recognise(vec![(collecting.event, one)], around);
        }
    }

    /// Recognises those that are armed, or buffers those that are listed.
    fn take_plain(&mut self, group: Vec<Occurrence>, around: &mut Around<'_>) {
        if self.buffer.suspended {
            for one in group {
                self.buffer.take(one);
            }
            return;
        }
        let hits = self.hits(group);
        self.recognise(hits, around);
    }

    /// Those that are armed.
    fn hits(&self, group: Vec<Occurrence>) -> Vec<(usize, Occurrence)> {
        let hit = |one: Occurrence| Some((self.armed(&one)?, one));
        group.into_iter().filter_map(hit).collect()
    }

    /// The armed event that stands for this one: by name rather than by wildcard.
    fn armed(&self, one: &Occurrence) -> Option<usize> {
        let takes = |armed: &RequestedEvent<'static>| asked(armed).takes(one);
        let all = || self.events.events.iter();
        let named = all().position(|armed| armed.name.item != "*" && takes(armed));
        named.or_else(|| all().position(takes))
    }

    /// Processes armed events that were detected at once, in lock-step only the first: signals stop, the controller is told, and what
    /// the first of them embeds becomes active.
    pub(super) fn recognise(&mut self, hits: Vec<(usize, Occurrence)>, around: &mut Around<'_>) {
        self.recognise_among(hits, true, around);
    }

    /// Does the same, and stops signals anyhow unless what happens besides `keeps` them.
    fn recognise_among(
        &mut self,
        hits: Vec<(usize, Occurrence)>,
        mut keeps: bool,
        around: &mut Around<'_>,
    ) {
        let mut first = None;
        for (event, one) in hits {
            if self.buffer.suspended {
                self.buffer.take(one);
                continue;
            }
            self.buffer.suspended = self.buffer.lock_step;
            let Some(request) = self.events.events.get(event) else {
                continue;
            };
            let armed = armed(request, around);
            let name = reported(&request.name, &one);
            let stream = one.stream.filter(|_| {
                let mut parameters = request.parameters.iter();
                parameters.any(|one| matches!(one, EventParameter::Stream(_)))
            });
            // What a signal itself sets off stops no others (project).
            keeps &= armed.keeps || one.name.is("g", "sc");
            if armed.notified
                && let Some(request_id) = self.events.request_id
            {
                let event = ObservedEvent {
                    time_stamp: None,
                    name,
                    stream,
                    parameters: one.parameters,
                };
                self.observed.note(request_id, event, one.at);
            }
            first = first.or_else(|| armed.follows().then_some(armed));
        }
        if std::mem::take(&mut self.buffer.lost) {
            self.observed.note_lost();
        }
        if !keeps {
            self.interrupt(around);
        }
        if let Some(armed) = first {
            self.follow(armed, around);
        }
    }

    /// Makes active what a recognised event embeds, unless that goes on for ever.
    fn follow(&mut self, armed: Armed, around: &mut Around<'_>) {
        if seeded(Mutant::M15) {
            return;
        }
        if !self.follows.allows_one() {
            around.shared.cut_off += 1;
            return;
        }
        if let Some(signals) = &armed.signals {
            self.play(signals, around);
        }
        if let Some(embedded) = armed.events {
            let events = EventsDescriptor {
                request_id: embedded.request_id,
                events: embedded.events,
            };
            let former = self.former.take();
            self.former = Some(former.unwrap_or_else(|| self.events.clone()));
            self.arm(events, around);
        } else if armed.resets {
            match self.former.take() {
                // Its state of the hook was told when it was armed.
                Some(former) => self.activate(former, around),
                None if self.collecting.is_none() => self.collect(around),
                None => {}
            }
        }
    }

    /// Plays what a Signals descriptor says.
    pub(super) fn play(&mut self, signals: &SignalsDescriptor<'static>, around: &mut Around<'_>) {
        let tested = self.signals.plays("ct", "ct");
        let ended = self.signals.replace(signals, around);
        if !tested || ended.iter().any(|one| one.name.is("ct", "ct")) {
            self.tone_returned = false;
        }
        self.complete_signals(ended, around);
    }

    /// Stops signals because of an event.
    fn interrupt(&mut self, around: &mut Around<'_>) {
        let ended = self.signals.interrupt(around);
        self.complete_signals(ended, around);
    }

    /// Reports the ends of signals.
    pub(super) fn complete_signals(&mut self, ended: Vec<Ended>, around: &mut Around<'_>) {
        for one in ended {
            let tested = one.name.is("ct", "ct") && one.how == How::TimedOut;
            if tested && !self.tone_returned {
                let failure = Occurrence::continuity(false, around.now);
                self.take_plain(vec![failure], around);
            }
            if one.reported {
                let done = Occurrence::completion(&one, around.now);
                self.take_plain(vec![done], around);
            }
        }
    }

    /// Takes the tone of a continuity test that comes back.
    pub(super) fn handle_continuity(&mut self, around: &mut Around<'_>) {
        if self.signals.plays("ct", "ct") && !self.tone_returned {
            self.tone_returned = true;
            let success = Occurrence::continuity(true, around.now);
            self.take_plain(vec![success], around);
        }
    }

    fn armed_keeps(&self, event: usize) -> bool {
        let armed = self.events.events.get(event);
        armed.is_some_and(|armed| armed.parameters.contains(&EventParameter::KeepActive))
    }
}

impl Armed {
    fn follows(&self) -> bool {
        self.signals.is_some() || self.events.is_some() || self.resets
    }
}

/// What a requested event says about its recognition, which is now.
fn armed(request: &RequestedEvent<'static>, around: &mut Around<'_>) -> Armed {
    let mut armed = Armed {
        keeps: false,
        notified: true,
        signals: None,
        events: None,
        resets: false,
    };
    let mut regulated = None;
    for parameter in &request.parameters {
        match parameter {
            EventParameter::KeepActive => armed.keeps = !seeded(Mutant::M14),
            EventParameter::Embed { signals, events } => {
                armed.signals.clone_from(signals);
                armed.events.clone_from(events);
            }
            EventParameter::NotifyBehaviour(NotifyBehaviour::Never) => armed.notified = false,
            EventParameter::NotifyBehaviour(NotifyBehaviour::Regulated { signals, events }) => {
                armed.notified = around.shared.is_sent(around.regulated_percent);
                regulated = Some((signals, events));
            }
            EventParameter::ResetEventsDescriptor => armed.resets = true,
            EventParameter::NotifyBehaviour(NotifyBehaviour::Immediate)
            | EventParameter::Stream(_)
            | EventParameter::DigitMap(_)
            | EventParameter::Other(_) => {}
        }
    }
    if let Some((signals, events)) = regulated
        && !armed.notified
    {
        armed.signals.clone_from(signals);
        armed.events.clone_from(events);
    }
    armed
}

/// A parameter of an event that is a number.
pub(super) fn number(armed: &RequestedEvent<'static>, name: &str) -> Option<u32> {
    asked(armed).number(name)
}

fn map_of<'a>(armed: &'a RequestedEvent<'static>) -> Option<&'a EventDigitMap<'static>> {
    armed.parameters.iter().find_map(|one| match one {
        EventParameter::DigitMap(map) => Some(map),
        EventParameter::KeepActive
        | EventParameter::Stream(_)
        | EventParameter::Embed { .. }
        | EventParameter::NotifyBehaviour(_)
        | EventParameter::ResetEventsDescriptor
        | EventParameter::Other(_) => None,
    })
}

pub(super) fn asked<'a>(
    armed: &'a RequestedEvent<'static>,
) -> Asked<'a, impl Iterator<Item = &'a NamedParameter<'static>> + Clone> {
    let stream = armed.parameters.iter().find_map(|one| match one {
        EventParameter::Stream(stream) => Some(*stream),
        EventParameter::KeepActive
        | EventParameter::DigitMap(_)
        | EventParameter::Embed { .. }
        | EventParameter::NotifyBehaviour(_)
        | EventParameter::ResetEventsDescriptor
        | EventParameter::Other(_) => None,
    });
    Asked {
        name: &armed.name,
        stream,
        parameters: armed.own_parameters(),
    }
}

/// How an event is named that was asked for by `name`: never by a wildcard, and in the package that was
/// asked for.
fn reported(name: &PackageItem<'static>, one: &Occurrence) -> PackageItem<'static> {
    let package = match one.tone {
        _ if name.package != "*" => name.package.clone(),
        Some(tone) => occurrence::name(tone).0.into(),
        None => one.name.package.clone(),
    };
    PackageItem {
        package,
        item: one.name.item.clone(),
    }
}
