//! Events (H.248.1 Annex A.2 `EventsDescriptor`, `SecondEventsDescriptor`).

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, Tag, leaf},
    context_attribute::once,
    digit_map,
    media::write_stream_id,
    package_item::{self, ItemKind},
    parameter, signals,
};
use crate::{
    Expected, List,
    descriptor::{
        EmbeddedEvents, EventDigitMap, EventParameter, EventsDescriptor, NotifyBehaviour,
        RequestId, RequestedEvent, SignalsDescriptor, StreamId,
    },
};

const ALL: u32 = 0xffff_ffff;

/// Where an event stands. Embedded events embed signals only (H.248.1 7.1.9), which bounds the
/// depth; the numbers of components differ.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Outer,
    Embedded,
}

impl Place {
    /// How much lower the numbers of `SecondRequestedActions` are behind `secondEvent`, which it
    /// lacks.
    fn shift(self) -> u8 {
        match self {
            Self::Outer => 0,
            Self::Embedded => 1,
        }
    }
}

/// `RequestID`, where it stands.
pub(super) fn optional_request_id(
    r: &mut BerReader<'_>,
    number: u8,
    name: &'static str,
) -> Result<Option<RequestId>, BerError> {
    let id = r.optional_unsigned(number, name)?;
    Ok(id.map(requested_as))
}

/// `RequestID`
pub(super) fn requested_as(number: u32) -> RequestId {
    match number {
        ALL => RequestId::All,
        id => RequestId::Id(id),
    }
}

/// `RequestID`
pub(super) fn write_request_id(w: &mut BerWriter<'_>, number: u8, id: RequestId) {
    match id {
        RequestId::All => w.unsigned(number, ALL),
        RequestId::Id(ALL) => w.fail(Unsayable::Value("RequestID", ALL.to_string())),
        RequestId::Id(id) => w.unsigned(number, id),
    }
}

/// `EventsDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<EventsDescriptor<'a>, BerError> {
    let mut events = List::new();
    let request_id = requested(r, Place::Outer, &mut events)?;
    Ok(EventsDescriptor { request_id, events })
}

/// `SecondEventsDescriptor`
fn embedded<'a>(r: &mut BerReader<'a>) -> Result<EmbeddedEvents<'a>, BerError> {
    let mut events = List::new();
    let request_id = requested(r, Place::Embedded, &mut events)?;
    Ok(EmbeddedEvents { request_id, events })
}

/// A request of no events asks for nothing, whatever its number.
fn requested<'a>(
    r: &mut BerReader<'a>,
    place: Place,
    events: &mut List<RequestedEvent<'a>>,
) -> Result<Option<RequestId>, BerError> {
    let start = r.offset();
    let id = optional_request_id(r, 0, "requestID")?;
    r.mandatory(1, "eventList", |r| {
        r.fill_sequences("RequestedEvent", events, |r, list| event(r, place, list))
    })?;
    r.extensions(1)?;
    if id.is_none() && !events.is_empty() {
        return Err(r.wrong_since(start, Expected::Rule("requestID")));
    }
    Ok(id.filter(|_| !events.is_empty()))
}

/// `RequestedEvent`, `SecondRequestedEvent`, added to the list.
fn event<'a>(
    r: &mut BerReader<'a>,
    place: Place,
    list: &mut List<RequestedEvent<'a>>,
) -> Result<(), BerError> {
    let (name, item) = package_item::read(r, 0, "pkgdName", ItemKind::Event)?;
    let stream = r.optional_unsigned(1, "streamID")?.map(StreamId);
    let actions = r.optional(2, "eventAction", |r| Actions::read(r, place))?;
    let mut parameters = Vec::new();
    r.mandatory(3, "evParList", |r| {
        r.fill(&mut parameters, |r, list| {
            parameter::read(r, item, |other| list.push(EventParameter::Other(other)))
        })
    })?;
    r.extensions(3)?;
    parameters.extend(stream.map(EventParameter::Stream));
    if let Some(actions) = actions {
        actions.put(&mut parameters);
    }
    list.push(RequestedEvent { name, parameters });
    Ok(())
}

/// `RequestedActions`, `SecondRequestedActions`, as they are read.
#[derive(Default)]
struct Actions<'a> {
    keep_active: bool,
    digit_map: Option<EventDigitMap<'a>>,
    events: Option<EmbeddedEvents<'a>>,
    signals: Option<SignalsDescriptor<'a>>,
    behaviour: Option<NotifyBehaviour<'a>>,
    reset: bool,
}

impl<'a> Actions<'a> {
    fn read(r: &mut BerReader<'a>, place: Place) -> Result<Self, BerError> {
        let shift = place.shift();
        let keep_active = r.optional_value(0, "keepActive", leaf::boolean)? == Some(true);
        let digit_map = r.optional(1, "eventDM", event_digit_map)?;
        let events = match place {
            Place::Outer => r.optional(2, "secondEvent", embedded)?,
            Place::Embedded => None,
        };
        let signals = r.optional(3 - shift, "signalsDescriptor", signals::read)?;
        let behaviour = r.optional(4 - shift, "notifyBehaviour", |r| behaviour(r, place))?;
        let reset = r.optional_value(5 - shift, "resetEventsDescriptor", leaf::null)?;
        r.extensions(5 - shift)?;
        Ok(Self {
            keep_active,
            digit_map,
            events,
            signals,
            behaviour,
            reset: reset.is_some(),
        })
    }

    /// As parameters of an event, in the order of text.
    fn put(self, parameters: &mut Vec<EventParameter<'a>>) {
        if self.keep_active {
            parameters.push(EventParameter::KeepActive);
        }
        parameters.extend(self.digit_map.map(EventParameter::DigitMap));
        if self.signals.is_some() || self.events.is_some() {
            parameters.push(EventParameter::Embed {
                signals: self.signals,
                events: self.events,
            });
        }
        parameters.extend(self.behaviour.map(EventParameter::NotifyBehaviour));
        if self.reset {
            parameters.push(EventParameter::ResetEventsDescriptor);
        }
    }
}

/// `EventDM`
fn event_digit_map<'a>(r: &mut BerReader<'a>) -> Result<EventDigitMap<'a>, BerError> {
    match r.alternative() {
        Some(0) => r
            .mandatory(0, "digitMapName", digit_map::name)
            .map(EventDigitMap::Name),
        Some(1) => r
            .mandatory(1, "digitMapValue", digit_map::value)
            .map(EventDigitMap::Value),
        Some(_) | None => Err(r.wrong(Expected::Rule("EventDM"))),
    }
}

/// `NotifyBehaviour`
fn behaviour<'a>(r: &mut BerReader<'a>, place: Place) -> Result<NotifyBehaviour<'a>, BerError> {
    match r.alternative() {
        Some(0) => r
            .value(0, "notifyImmediate", leaf::null)
            .map(|()| NotifyBehaviour::Immediate),
        Some(1) => r.mandatory(1, "notifyRegulated", |r| regulated(r, place)),
        Some(2) => r
            .value(2, "neverNotify", leaf::null)
            .map(|()| NotifyBehaviour::Never),
        Some(_) | None => Err(r.wrong(Expected::Rule("NotifyBehaviour"))),
    }
}

/// `RegulatedEmbeddedDescriptor`
fn regulated<'a>(r: &mut BerReader<'a>, place: Place) -> Result<NotifyBehaviour<'a>, BerError> {
    let start = r.offset();
    let events = match place {
        Place::Outer => r.optional(0, "secondEvent", embedded)?,
        Place::Embedded if r.alternative() == Some(0) => {
            let expected = Expected::Rule("no secondEvent within secondEvent");
            return Err(r.wrong_since(start, expected));
        }
        Place::Embedded => None,
    };
    let signals = r.optional(1, "signalsDescriptor", signals::read)?;
    r.extensions(1)?;
    Ok(NotifyBehaviour::Regulated { signals, events })
}

/// `EventsDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, events: &EventsDescriptor<'_>) {
    write_requested(w, events.request_id, &events.events, Place::Outer);
}

/// `SecondEventsDescriptor`, a whole element.
fn write_embedded(w: &mut BerWriter<'_>, number: u8, events: &EmbeddedEvents<'_>) {
    w.constructed(number, "secondEvent", |w| {
        write_requested(w, events.request_id, &events.events, Place::Embedded);
    });
}

fn write_requested(
    w: &mut BerWriter<'_>,
    id: Option<RequestId>,
    events: &[RequestedEvent<'_>],
    place: Place,
) {
    w.extensions();
    w.constructed(1, "eventList", |w| {
        w.each_sequence(events, |w, event| write_event(w, event, place));
    });
    match id {
        Some(id) if !events.is_empty() => write_request_id(w, 0, id),
        None if !events.is_empty() => w.fail(Unsayable::Missing("requestID")),
        Some(_) | None => {}
    }
}

/// What embeds: signals to play, events to detect.
type Embed<'m, 'a> = (
    &'m Option<SignalsDescriptor<'a>>,
    &'m Option<EmbeddedEvents<'a>>,
);

/// The parameters of an event, each at most once.
#[derive(Default)]
struct Parts<'m, 'a> {
    stream: Option<StreamId>,
    keep_active: Option<()>,
    digit_map: Option<&'m EventDigitMap<'a>>,
    embed: Option<Embed<'m, 'a>>,
    behaviour: Option<&'m NotifyBehaviour<'a>>,
    reset: Option<()>,
    others: usize,
}

impl<'m, 'a> Parts<'m, 'a> {
    fn of(w: &mut BerWriter<'_>, parameters: &'m [EventParameter<'a>]) -> Self {
        let mut parts = Self::default();
        for parameter in parameters {
            match parameter {
                EventParameter::KeepActive => once(w, &mut parts.keep_active, (), "keepActive"),
                EventParameter::Stream(id) => once(w, &mut parts.stream, *id, "streamID"),
                EventParameter::DigitMap(digit_map) => {
                    once(w, &mut parts.digit_map, digit_map, "eventDM");
                }
                EventParameter::Embed { signals, events } => {
                    once(w, &mut parts.embed, (signals, events), "secondEvent");
                }
                EventParameter::NotifyBehaviour(behaviour) => {
                    once(w, &mut parts.behaviour, behaviour, "notifyBehaviour");
                }
                EventParameter::ResetEventsDescriptor => {
                    once(w, &mut parts.reset, (), "resetEventsDescriptor");
                }
                EventParameter::Other(_) => parts.others += 1,
            }
        }
        parts
    }

    fn any_action(&self) -> bool {
        self.keep_active.is_some()
            || self.digit_map.is_some()
            || self.embed.is_some()
            || self.behaviour.is_some()
            || self.reset.is_some()
    }

    /// `RequestedActions`, `SecondRequestedActions`
    fn write_actions(&self, w: &mut BerWriter<'_>, place: Place) {
        let shift = place.shift();
        w.extensions();
        if self.reset.is_some() {
            w.since(3, "resetEventsDescriptor");
            w.null(5 - shift);
        }
        if let Some(behaviour) = self.behaviour {
            w.since(3, "notifyBehaviour");
            w.constructed(4 - shift, "notifyBehaviour", |w| {
                write_behaviour(w, behaviour, place);
            });
        }
        if let Some((signals, events)) = self.embed {
            if signals.is_none() && events.is_none() {
                w.fail(Unsayable::Missing("signalsDescriptor or secondEvent"));
            }
            write_embed(w, [3 - shift, 2], (signals, events), place);
        }
        if let Some(digit_map) = self.digit_map {
            w.constructed(1, "eventDM", |w| write_event_digit_map(w, digit_map));
        }
        if self.keep_active.is_some() {
            w.boolean(0, true);
        }
    }
}

/// `RequestedEvent`, `SecondRequestedEvent`
fn write_event(w: &mut BerWriter<'_>, event: &RequestedEvent<'_>, place: Place) {
    let found = package_item::find(w, ItemKind::Event, &event.name);
    let parts = Parts::of(w, &event.parameters);
    w.extensions();
    w.constructed(3, "evParList", |w| {
        let mut place = parts.others;
        for parameter in event.parameters.iter().rev() {
            if let EventParameter::Other(other) = parameter {
                place -= 1;
                w.entry(place, |w| {
                    w.element(Tag::SEQUENCE, |w| parameter::write(w, found.item, other));
                });
            }
        }
    });
    if parts.any_action() {
        w.constructed(2, "eventAction", |w| parts.write_actions(w, place));
    }
    write_stream_id(w, 1, parts.stream);
    found.write(w, 0);
}

/// `EventDM`
fn write_event_digit_map(w: &mut BerWriter<'_>, digit_map: &EventDigitMap<'_>) {
    match digit_map {
        EventDigitMap::Name(name) => digit_map::write_name(w, name),
        EventDigitMap::Value(value) => w.constructed(1, "digitMapValue", |w| {
            digit_map::write_value(w, value);
        }),
    }
}

/// `NotifyBehaviour`
fn write_behaviour(w: &mut BerWriter<'_>, behaviour: &NotifyBehaviour<'_>, place: Place) {
    match behaviour {
        NotifyBehaviour::Immediate => w.null(0),
        NotifyBehaviour::Regulated { signals, events } => {
            w.constructed(1, "notifyRegulated", |w| {
                w.extensions();
                write_embed(w, [1, 0], (signals, events), place);
            });
        }
        NotifyBehaviour::Never => w.null(2),
    }
}

/// Signals and embedded events, by their numbers.
fn write_embed(
    w: &mut BerWriter<'_>,
    [of_signals, of_events]: [u8; 2],
    (signals, events): Embed<'_, '_>,
    place: Place,
) {
    if let Some(signals) = signals {
        w.constructed(of_signals, "signalsDescriptor", |w| {
            signals::write(w, signals);
        });
    }
    match (events, place) {
        (Some(events), Place::Outer) => write_embedded(w, of_events, events),
        (Some(_), Place::Embedded) => {
            w.fail(Unsayable::TextOnly("secondEvent within secondEvent"));
        }
        (None, Place::Outer | Place::Embedded) => {}
    }
}
