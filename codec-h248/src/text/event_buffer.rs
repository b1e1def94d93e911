//! EventBuffer (H.248.1 Annex B.2 `eventBufferDescriptor`).

use super::{
    error::Read,
    form::Form,
    media::{stream_id, write_stream_id},
    reader::{Reader, fill, push},
    token::Token,
    value::{named_parameter, package_item, write_named_parameter, write_package_item},
    write::Writer,
};
use crate::descriptor::{EventBufferDescriptor, EventSpec, NamedParameter, StreamId};

/// `eventBufferDescriptor` behind its keyword; without braces it is empty.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, EventBufferDescriptor<'a>> {
    let events = r.list_if_any("eventBufferDescriptor", event_spec)?;
    Ok(EventBufferDescriptor { events })
}

fn event_spec<'a>(r: &mut Reader<'a>) -> Read<'a, EventSpec<'a>> {
    let mut spec = EventSpec {
        name: package_item(r)?,
        stream: None,
        parameters: Vec::new(),
    };
    stream_and_others(r, &mut spec.stream, &mut spec.parameters)?;
    Ok(spec)
}

/// Any number of `eventStream` and `eventOther` in braces, or nothing.
pub(super) fn stream_and_others<'a>(
    r: &mut Reader<'a>,
    stream: &mut Option<StreamId>,
    others: &mut Vec<NamedParameter<'a>>,
) -> Read<'a, ()> {
    r.each_if_any("eventSpecParameter", |r| {
        let at = r.rest();
        let found = r.take_keyword(Token::Stream, "eventParameterName")?;
        if found && !other_relation(r) {
            return fill(stream, at, "eventStream", stream_id(r));
        }
        r.go_to(at);
        push(others, named_parameter(r))
    })
}

/// Whether `INEQUAL` comes next, which makes any keyword before it the name of an `eventOther`.
#[inline]
pub(super) fn other_relation(r: &Reader<'_>) -> bool {
    matches!(r.rest().first(), Some(b'#' | b'<' | b'>'))
}

/// `eventBufferDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, buffer: &EventBufferDescriptor<'_>) {
    w.token(Token::EventBuffer);
    w.block_if_any(&buffer.events, |w, event| {
        write_package_item(w, &event.name);
        write_stream_and_others(w, event.stream, &event.parameters);
    });
}

/// A stream and parameters in a block, where there are any.
pub(super) fn write_stream_and_others(
    w: &mut Writer<'_, impl Form>,
    stream: Option<StreamId>,
    others: &[NamedParameter<'_>],
) {
    w.open();
    if let Some(stream) = stream {
        w.item();
        write_stream_id(w, stream);
    }
    for parameter in others {
        w.item();
        write_named_parameter(w, parameter);
    }
    w.close_if_any();
}
