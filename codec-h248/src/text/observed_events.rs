//! ObservedEvents (H.248.1 Annex B.2 `observedEventsDescriptor`).

use super::{
    error::Parsed,
    event_buffer::{stream_and_others, write_stream_and_others},
    events::request_id,
    lex::sign,
    reading::Reading,
    time_stamp,
    token::Token,
    value::{package_item, write_package_item},
    write::Writer,
};
use crate::descriptor::{ObservedEvent, ObservedEventsDescriptor};

/// `observedEventsDescriptor` behind its keyword.
pub(super) fn read<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, ObservedEventsDescriptor<'a>> {
    let (i, request_id) = request_id(i)?;
    let (rest, events) = reading.list(i, |i| observed_event(i, reading))?;
    let observed = ObservedEventsDescriptor { request_id, events };
    Ok((rest, observed))
}

/// `observedEvent`: no name of a package begins with a digit, so what does is a time stamp.
fn observed_event<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ObservedEvent<'a>> {
    let (i, time_stamp) = if time_stamp::may_follow(i) {
        let (i, time_stamp) = time_stamp::read(i)?;
        let (i, ()) = sign(i, b':', "COLON")?;
        (i, Some(time_stamp))
    } else {
        (i, None)
    };
    let (i, name) = package_item(i, reading)?;
    let (rest, (stream, parameters)) = stream_and_others(i, reading)?;
    let event = ObservedEvent {
        time_stamp,
        name,
        stream,
        parameters,
    };
    Ok((rest, event))
}

/// `observedEventsDescriptor`
pub(super) fn write(w: &mut Writer<'_>, observed: &ObservedEventsDescriptor<'_>) {
    w.pair(Token::ObservedEvents, observed.request_id);
    w.block(&observed.events, |w, event| {
        if let Some(time_stamp) = event.time_stamp {
            time_stamp::write(w, time_stamp);
            w.either(" : ", ":");
        }
        write_package_item(w, &event.name);
        write_stream_and_others(w, event.stream, &event.parameters);
    });
}
