//! Events (H.248.1 Annex B.2 `eventsDescriptor`).

use super::{
    digit_map,
    error::{Parsed, fail},
    lex::{equal, lwsp, name, next_is, sign, uint32},
    media::{stream_id, write_stream_id},
    reading::{Reading, fill, keyword},
    signals,
    token::Token,
    value::{named_parameter, package_item, write_named_parameter, write_package_item},
    write::{Put, Writer},
};
use crate::descriptor::{
    EmbeddedEvents, EventDigitMap, EventParameter, EventsDescriptor, NotifyBehaviour, RequestId,
    RequestedEvent, SignalsDescriptor,
};

/// Where an event stands. Embedded events embed signals only (H.248.1 7.1.9), which bounds the
/// depth.
#[derive(Clone, Copy)]
enum Place {
    Outer,
    Embedded,
}

/// A request and its events, as they are read.
type Requested<'a> = (Option<RequestId>, Vec<RequestedEvent<'a>>);
/// What becomes active on detection.
type Embedded<'a> = (Option<SignalsDescriptor<'a>>, Option<EmbeddedEvents<'a>>);

/// `=` and `RequestID`
pub(super) fn request_id(i: &[u8]) -> Parsed<'_, RequestId> {
    let (i, ()) = equal(i)?;
    if next_is(i, b'*') {
        return Ok((lwsp(&i[1..]), RequestId::All));
    }
    let (rest, id) = uint32(i, "RequestID")?;
    Ok((rest, RequestId::Id(id)))
}

/// `eventsDescriptor` behind its keyword.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, EventsDescriptor<'a>> {
    let (rest, (request_id, events)) = requested(i, reading, Place::Outer)?;
    Ok((rest, EventsDescriptor { request_id, events }))
}

/// What follows the keyword of `eventsDescriptor` and `embedFirst`. Empty braces are let through,
/// and mean the same as the bare keyword.
fn requested<'a>(i: &'a [u8], reading: &Reading<'a>, place: Place) -> Parsed<'a, Requested<'a>> {
    let (i, id) = if next_is(i, b'=') {
        let (i, id) = request_id(i)?;
        if !next_is(i, b'{') {
            return fail(i, "LBRKT");
        }
        (i, Some(id))
    } else {
        (i, None)
    };
    let (rest, events) =
        reading.list_if_any(i, "eventsDescriptor", |i| event(i, reading, place))?;
    if id.is_none() && !events.is_empty() {
        return fail(i, "EQUAL");
    }
    let id = id.filter(|_| !events.is_empty());
    Ok((rest, (id, events)))
}

/// `requestedEvent`, `secondRequestedEvent`
fn event<'a>(i: &'a [u8], reading: &Reading<'a>, place: Place) -> Parsed<'a, RequestedEvent<'a>> {
    let (i, name) = package_item(i, reading)?;
    let (rest, parameters) =
        reading.list_if_any(i, "requestedEvent", |i| parameter(i, reading, place))?;
    Ok((rest, RequestedEvent { name, parameters }))
}

/// `eventParameter`, `secondEventParameter`
fn parameter<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
    place: Place,
) -> Parsed<'a, EventParameter<'a>> {
    let (after, token) = keyword(i, "eventParameter")?;
    let notify = |behaviour| Ok((after, EventParameter::NotifyBehaviour(behaviour)));
    match token {
        Some(Token::KeepActive) => Ok((after, EventParameter::KeepActive)),
        Some(Token::ResetEventsDescriptor) => Ok((after, EventParameter::ResetEventsDescriptor)),
        Some(Token::NeverNotify) => notify(NotifyBehaviour::Never),
        Some(Token::ImmediateNotify) => notify(NotifyBehaviour::Immediate),
        Some(Token::RegulatedNotify) => {
            let (rest, (signals, events)) = regulated(after, reading, place)?;
            let behaviour = NotifyBehaviour::Regulated { signals, events };
            Ok((rest, EventParameter::NotifyBehaviour(behaviour)))
        }
        Some(Token::Embed) => {
            let (rest, (signals, events)) = embed(after, reading, place)?;
            Ok((rest, EventParameter::Embed { signals, events }))
        }
        Some(Token::Stream) => {
            let (rest, id) = stream_id(after)?;
            Ok((rest, EventParameter::Stream(id)))
        }
        Some(Token::DigitMap) => {
            let (rest, digit_map) = event_digit_map(after, reading)?;
            Ok((rest, EventParameter::DigitMap(digit_map)))
        }
        _ => {
            let (rest, other) = named_parameter(i, reading)?;
            Ok((rest, EventParameter::Other(other)))
        }
    }
}

/// `notifyRegulated` behind its keyword.
fn regulated<'a>(i: &'a [u8], reading: &Reading<'a>, place: Place) -> Parsed<'a, Embedded<'a>> {
    if !next_is(i, b'{') {
        return Ok((i, (None, None)));
    }
    let (i, ()) = sign(i, b'{', "LBRKT")?;
    let (after, token) = keyword(i, "EmbedToken")?;
    if token != Some(Token::Embed) {
        return fail(i, "EmbedToken");
    }
    let (rest, embedded) = embed(after, reading, place)?;
    let (rest, ()) = sign(rest, b'}', "RBRKT")?;
    Ok((rest, embedded))
}

/// `embedWithSig`, `embedNoSig` and `embedSig` behind their keyword.
fn embed<'a>(i: &'a [u8], reading: &Reading<'a>, place: Place) -> Parsed<'a, Embedded<'a>> {
    let mut signals = None;
    let mut events = None;
    let (rest, ()) = reading.each(i, |i| {
        let (after, token) = keyword(i, "signalsDescriptor")?;
        match (token, place) {
            (Some(Token::Signals), Place::Outer | Place::Embedded) => {
                fill(&mut signals, i, "Signals", signals::read(after, reading))
            }
            (Some(Token::Events), Place::Outer) => {
                let found = embedded_events(after, reading);
                fill(&mut events, i, "embedFirst", found)
            }
            _ => fail(i, "signalsDescriptor"),
        }
    })?;
    Ok((rest, (signals, events)))
}

/// `embedFirst` behind its keyword.
fn embedded_events<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, EmbeddedEvents<'a>> {
    let (rest, (request_id, events)) = requested(i, reading, Place::Embedded)?;
    Ok((rest, EmbeddedEvents { request_id, events }))
}

/// `eventDM` behind its keyword.
fn event_digit_map<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, EventDigitMap<'a>> {
    let (i, ()) = digit_map::equal_unless_braces(i, reading)?;
    if next_is(i, b'{') {
        let (rest, value) = digit_map::value(i, reading)?;
        return Ok((rest, EventDigitMap::Value(value)));
    }
    let (rest, name) = name(i, "digitMapName", reading)?;
    Ok((rest, EventDigitMap::Name(name)))
}

/// `eventsDescriptor`
pub(super) fn write(w: &mut Writer<'_>, events: &EventsDescriptor<'_>) {
    write_requested(w, events.request_id, &events.events);
}

fn write_requested(w: &mut Writer<'_>, id: Option<RequestId>, events: &[RequestedEvent<'_>]) {
    w.token(Token::Events);
    if events.is_empty() {
        return;
    }
    w.equal();
    id.unwrap_or(RequestId::Id(0)).put(w);
    w.block(events, |w, event| {
        write_package_item(w, &event.name);
        w.block_if_any(&event.parameters, write_parameter);
    });
}

fn write_parameter(w: &mut Writer<'_>, parameter: &EventParameter<'_>) {
    match parameter {
        EventParameter::KeepActive => w.token(Token::KeepActive),
        EventParameter::Stream(id) => write_stream_id(w, *id),
        EventParameter::DigitMap(EventDigitMap::Name(name)) => w.pair(Token::DigitMap, name),
        EventParameter::DigitMap(EventDigitMap::Value(value)) => {
            w.key(Token::DigitMap);
            digit_map::write_value(w, value);
        }
        EventParameter::Embed { signals, events } => write_embed(w, signals, events),
        EventParameter::NotifyBehaviour(behaviour) => write_behaviour(w, behaviour),
        EventParameter::ResetEventsDescriptor => w.token(Token::ResetEventsDescriptor),
        EventParameter::Other(other) => write_named_parameter(w, other),
    }
}

fn write_behaviour(w: &mut Writer<'_>, behaviour: &NotifyBehaviour<'_>) {
    match behaviour {
        NotifyBehaviour::Never => w.token(Token::NeverNotify),
        NotifyBehaviour::Immediate => w.token(Token::ImmediateNotify),
        NotifyBehaviour::Regulated { signals, events } => {
            w.token(Token::RegulatedNotify);
            if signals.is_some() || events.is_some() {
                w.open();
                w.item();
                write_embed(w, signals, events);
                w.close();
            }
        }
    }
}

fn write_embed(
    w: &mut Writer<'_>,
    signals: &Option<SignalsDescriptor<'_>>,
    events: &Option<EmbeddedEvents<'_>>,
) {
    w.token(Token::Embed);
    w.open();
    if let Some(signals) = signals {
        w.item();
        signals::write(w, signals);
    }
    if let Some(events) = events {
        w.item();
        write_requested(w, events.request_id, &events.events);
    }
    w.close();
}
