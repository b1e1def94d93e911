//! ObservedEvents (H.248.1 Annex B.2 `observedEventsDescriptor`).

use super::{
    error::Read,
    event_buffer::{stream_and_others, write_stream_and_others},
    events::request_id,
    form::Form,
    reader::Reader,
    time_stamp,
    token::Token,
    value::{package_item, write_package_item},
    write::Writer,
};
use crate::descriptor::{ObservedEvent, ObservedEventsDescriptor};

/// `observedEventsDescriptor` behind its keyword.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, ObservedEventsDescriptor<'a>> {
    Ok(ObservedEventsDescriptor {
        request_id: request_id(r)?,
        events: r.list(observed_event)?,
    })
}

/// `observedEvent`: no name of a package begins with a digit, so what does is a time stamp.
fn observed_event<'a>(r: &mut Reader<'a>) -> Read<'a, ObservedEvent<'a>> {
    let time_stamp = if time_stamp::may_follow(r) {
        let time_stamp = time_stamp::read(r)?;
        r.sign(b':', "COLON")?;
        Some(time_stamp)
    } else {
        None
    };
    let name = package_item(r)?;
    let (stream, parameters) = stream_and_others(r)?;
    Ok(ObservedEvent {
        time_stamp,
        name,
        stream,
        parameters,
    })
}

/// `observedEventsDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, observed: &ObservedEventsDescriptor<'_>) {
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
