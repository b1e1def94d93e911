//! EventBuffer (H.248.1 Annex A.2 `EventBufferDescriptor`).

use super::{
    ber::{BerError, BerReader, BerWriter},
    media::write_stream_id,
    package_item::{self, ItemKind},
    parameter,
};
use crate::descriptor::{EventBufferDescriptor, EventSpec, StreamId};

/// `EventBufferDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<EventBufferDescriptor<'a>, BerError> {
    let events = r.each_sequence("EventSpec", event)?;
    Ok(EventBufferDescriptor { events })
}

/// `EventSpec`
fn event<'a>(r: &mut BerReader<'a>) -> Result<EventSpec<'a>, BerError> {
    let (name, item) = package_item::read(r, 0, "eventName", ItemKind::Event)?;
    let stream = r.optional_unsigned(1, "streamID")?.map(StreamId);
    let parameters = r.mandatory(2, "eventParList", |r| parameter::read_list(r, item))?;
    r.extensions(2)?;
    Ok(EventSpec {
        name,
        stream,
        parameters,
    })
}

/// `EventBufferDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, buffer: &EventBufferDescriptor<'_>) {
    w.each_sequence(&buffer.events, write_event);
}

/// `EventSpec`
fn write_event(w: &mut BerWriter<'_>, event: &EventSpec<'_>) {
    let found = package_item::find(w, ItemKind::Event, &event.name);
    w.extensions();
    w.constructed(2, "eventParList", |w| {
        parameter::write_list(w, found.item, &event.parameters);
    });
    write_stream_id(w, 1, event.stream);
    found.write(w, 0);
}
