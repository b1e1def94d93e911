//! Events (H.248.1 Annex B.2 `eventsDescriptor`).

use super::{
    digit_map,
    error::{Read, fail},
    event_buffer::other_relation,
    form::Form,
    media::{stream_id, write_stream_id},
    reader::{Reader, add, fill, push},
    signals,
    token::Token,
    value::{
        named_parameter, of_words, package_and_item, write_named_parameter, write_package_item,
    },
    write::{Put, Writer},
};
use crate::{
    List,
    descriptor::{
        EmbeddedEvents, EventDigitMap, EventParameter, EventsDescriptor, NotifyBehaviour,
        RequestId, RequestedEvent, SignalsDescriptor,
    },
};

/// Where an event stands. Embedded events embed signals only (H.248.1 7.1.9), which bounds the
/// depth.
#[derive(Clone, Copy)]
enum Place {
    Outer,
    Embedded,
}

/// What becomes active on detection.
type Embedded<'a> = (Option<SignalsDescriptor<'a>>, Option<EmbeddedEvents<'a>>);

/// `=` and `RequestID`
pub(super) fn request_id<'a>(r: &mut Reader<'a>) -> Read<'a, RequestId> {
    r.equal()?;
    if r.take_if(b'*') {
        return Ok(RequestId::All);
    }
    Ok(RequestId::Id(r.uint32("RequestID")?))
}

/// `eventsDescriptor` behind its keyword.
pub(super) fn read<'a>(r: &mut Reader<'a>, found: &mut EventsDescriptor<'a>) -> Read<'a, ()> {
    found.request_id = requested(r, Place::Outer, &mut found.events)?;
    Ok(())
}

/// What follows the keyword of `eventsDescriptor` and `embedFirst`. Empty braces are let through,
/// and mean the same as the bare keyword.
fn requested<'a>(
    r: &mut Reader<'a>,
    place: Place,
    events: &mut List<RequestedEvent<'a>>,
) -> Read<'a, Option<RequestId>> {
    let id = if r.next_is(b'=') {
        let id = request_id(r)?;
        if !r.next_is(b'{') {
            return fail(r.rest(), "LBRKT");
        }
        Some(id)
    } else {
        None
    };
    let at = r.rest();
    r.each_if_any("eventsDescriptor", |r| event(r, place, events))?;
    if id.is_none() && !events.is_empty() {
        return fail(at, "EQUAL");
    }
    Ok(id.filter(|_| !events.is_empty()))
}

/// `requestedEvent`, `secondRequestedEvent`
fn event<'a>(
    r: &mut Reader<'a>,
    place: Place,
    list: &mut List<RequestedEvent<'a>>,
) -> Read<'a, ()> {
    let name = package_and_item(r)?;
    let event = add(list, || RequestedEvent {
        name: of_words(name),
        parameters: Vec::new(),
    });
    r.each_if_any("requestedEvent", |r| {
        push(&mut event.parameters, parameter(r, place))
    })
}

/// `eventParameter`, `secondEventParameter`
fn parameter<'a>(r: &mut Reader<'a>, place: Place) -> Read<'a, EventParameter<'a>> {
    let at = r.rest();
    let token = r.keyword("eventParameter")?;
    let behaviour = match token.filter(|&token| !is_other(r, token)) {
        Some(Token::NeverNotify) => NotifyBehaviour::Never,
        Some(Token::ImmediateNotify) => NotifyBehaviour::Immediate,
        Some(Token::RegulatedNotify) => {
            let (signals, events) = regulated(r, place)?;
            NotifyBehaviour::Regulated { signals, events }
        }
        Some(Token::KeepActive) => return Ok(EventParameter::KeepActive),
        Some(Token::ResetEventsDescriptor) => return Ok(EventParameter::ResetEventsDescriptor),
        Some(Token::Embed) => {
            let (signals, events) = embed(r, place)?;
            return Ok(EventParameter::Embed { signals, events });
        }
        Some(Token::Stream) => return Ok(EventParameter::Stream(stream_id(r)?)),
        Some(Token::DigitMap) => return Ok(EventParameter::DigitMap(event_digit_map(r)?)),
        _ => {
            r.go_to(at);
            return Ok(EventParameter::Other(named_parameter(r)?));
        }
    };
    Ok(EventParameter::NotifyBehaviour(behaviour))
}

/// Whether what follows this keyword makes it the name of an `eventOther`.
#[inline]
fn is_other(r: &Reader<'_>, token: Token) -> bool {
    let has_value = matches!(token, Token::Stream | Token::DigitMap);
    r.next_is(b'=') && !has_value || other_relation(r)
}

/// `notifyRegulated` behind its keyword.
fn regulated<'a>(r: &mut Reader<'a>, place: Place) -> Read<'a, Embedded<'a>> {
    if !r.next_is(b'{') {
        return Ok((None, None));
    }
    r.in_braces(|r| {
        let at = r.rest();
        if r.keyword("EmbedToken")? != Some(Token::Embed) {
            return fail(at, "EmbedToken");
        }
        embed(r, place)
    })
}

/// `embedWithSig`, `embedNoSig` and `embedSig` behind their keyword.
fn embed<'a>(r: &mut Reader<'a>, place: Place) -> Read<'a, Embedded<'a>> {
    let mut signals = None;
    let mut events = None;
    r.each(|r| {
        let at = r.rest();
        match (r.keyword("signalsDescriptor")?, place) {
            (Some(Token::Signals), Place::Outer | Place::Embedded) => {
                if events.is_some() {
                    r.takes(at, "embedWithSig", "Signals behind the embedded Events");
                }
                fill(&mut signals, at, "Signals", signals::read(r))
            }
            (Some(Token::Events), Place::Outer) => {
                fill(&mut events, at, "embedFirst", embedded_events(r))
            }
            _ => fail(at, "signalsDescriptor"),
        }
    })?;
    Ok((signals, events))
}

/// `embedFirst` behind its keyword.
fn embedded_events<'a>(r: &mut Reader<'a>) -> Read<'a, EmbeddedEvents<'a>> {
    let mut events = List::new();
    Ok(EmbeddedEvents {
        request_id: requested(r, Place::Embedded, &mut events)?,
        events,
    })
}

/// `eventDM` behind its keyword.
fn event_digit_map<'a>(r: &mut Reader<'a>) -> Read<'a, EventDigitMap<'a>> {
    digit_map::equal_unless_braces(r)?;
    if r.next_is(b'{') {
        return Ok(EventDigitMap::Value(digit_map::value(r)?));
    }
    Ok(EventDigitMap::Name(r.name("digitMapName")?))
}

/// `eventsDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, events: &EventsDescriptor<'_>) {
    write_requested(w, events.request_id, &events.events);
}

fn write_requested(
    w: &mut Writer<'_, impl Form>,
    id: Option<RequestId>,
    events: &[RequestedEvent<'_>],
) {
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

fn write_parameter(w: &mut Writer<'_, impl Form>, parameter: &EventParameter<'_>) {
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

fn write_behaviour(w: &mut Writer<'_, impl Form>, behaviour: &NotifyBehaviour<'_>) {
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
    w: &mut Writer<'_, impl Form>,
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
