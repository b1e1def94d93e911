//! ObservedEvents (H.248.1 Annex A.2 `ObservedEventsDescriptor`).

use super::{
    ber::{BerError, BerReader, BerWriter},
    events::{requested_as, write_request_id},
    media::write_stream_id,
    package_item::{self, ItemKind},
    parameter, time_stamp,
};
use crate::descriptor::{ObservedEvent, ObservedEventsDescriptor, StreamId};

/// `ObservedEventsDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<ObservedEventsDescriptor<'a>, BerError> {
    let request_id = r.unsigned(0, "requestId").map(requested_as)?;
    let mut events = Vec::new();
    r.mandatory(1, "observedEventLst", |r| {
        r.fill_sequences("ObservedEvent", &mut events, event)
    })?;
    Ok(ObservedEventsDescriptor { request_id, events })
}

/// `ObservedEvent`, added to the list.
fn event<'a>(r: &mut BerReader<'a>, list: &mut Vec<ObservedEvent<'a>>) -> Result<(), BerError> {
    let (name, item) = package_item::read(r, 0, "eventName", ItemKind::Event)?;
    let stream = r.optional_unsigned(1, "streamID")?.map(StreamId);
    let parameters = r.mandatory(2, "eventParList", |r| parameter::read_list(r, item))?;
    let time_stamp = r.optional(3, "timeNotation", time_stamp::read)?;
    r.extensions(3)?;
    list.push(ObservedEvent {
        time_stamp,
        name,
        stream,
        parameters,
    });
    Ok(())
}

/// `ObservedEventsDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, observed: &ObservedEventsDescriptor<'_>) {
    w.constructed(1, "observedEventLst", |w| {
        w.each_sequence(&observed.events, write_event);
    });
    write_request_id(w, 0, observed.request_id);
}

/// `ObservedEvent`
fn write_event(w: &mut BerWriter<'_>, event: &ObservedEvent<'_>) {
    let found = package_item::find(w, ItemKind::Event, &event.name);
    w.extensions();
    if let Some(time_stamp) = event.time_stamp {
        w.constructed(3, "timeNotation", |w| time_stamp::write(w, time_stamp));
    }
    w.constructed(2, "eventParList", |w| {
        parameter::write_list(w, found.item, &event.parameters);
    });
    write_stream_id(w, 1, event.stream);
    found.write(w, 0);
}
