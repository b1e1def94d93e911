//! ObservedEvents (H.248.1 Annex B.2 `observedEventsDescriptor`).

use super::{
    error::Read,
    event_buffer::{stream_and_others, write_stream_and_others},
    events::request_id,
    form::Form,
    reader::{Reader, add},
    time_stamp,
    token::Token,
    value::{of_words, package_and_item, write_package_item},
    write::Writer,
};
use crate::descriptor::{ObservedEvent, ObservedEventsDescriptor};

/// `observedEventsDescriptor` behind its keyword.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, ObservedEventsDescriptor<'a>> {
    let request_id = request_id(r)?;
    let mut events = Vec::new();
    r.each(|r| observed_event(r, &mut events))?;
    Ok(ObservedEventsDescriptor { request_id, events })
}

/// `observedEvent`: no name of a package begins with a digit, so what does is a time stamp.
fn observed_event<'a>(r: &mut Reader<'a>, list: &mut Vec<ObservedEvent<'a>>) -> Read<'a, ()> {
    let time_stamp = if time_stamp::may_follow(r) {
        let time_stamp = time_stamp::read(r)?;
        r.sign(b':', "COLON")?;
        Some(time_stamp)
    } else {
        None
    };
    let name = package_and_item(r)?;
    let event = add(list, || ObservedEvent {
        time_stamp,
        name: of_words(name),
        stream: None,
        parameters: Vec::new(),
    });
    stream_and_others(r, &mut event.stream, &mut event.parameters)
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
