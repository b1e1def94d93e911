//! EventBuffer (H.248.1 Annex B.2 `eventBufferDescriptor`).

use super::{
    error::Parsed,
    media::{stream_id, write_stream_id},
    reading::{Reading, fill, keyword, push},
    token::Token,
    value::{named_parameter, package_item, write_named_parameter, write_package_item},
    write::Writer,
};
use crate::descriptor::{EventBufferDescriptor, EventSpec, NamedParameter, StreamId};

/// `eventBufferDescriptor` behind its keyword; without braces it is empty.
pub(super) fn read<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, EventBufferDescriptor<'a>> {
    let (rest, events) =
        reading.list_if_any(i, "eventBufferDescriptor", |i| event_spec(i, reading))?;
    Ok((rest, EventBufferDescriptor { events }))
}

fn event_spec<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, EventSpec<'a>> {
    let (i, name) = package_item(i, reading)?;
    let (rest, (stream, parameters)) = stream_and_others(i, reading)?;
    let spec = EventSpec {
        name,
        stream,
        parameters,
    };
    Ok((rest, spec))
}

/// A stream and parameters, as they are read of an event.
type StreamAndOthers<'a> = (Option<StreamId>, Vec<NamedParameter<'a>>);

/// Any number of `eventStream` and `eventOther` in braces, or nothing.
pub(super) fn stream_and_others<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, StreamAndOthers<'a>> {
    let mut stream = None;
    let mut others = Vec::new();
    let (rest, ()) = reading.each_if_any(i, "eventSpecParameter", |i| {
        let (after, token) = keyword(i, "eventParameterName")?;
        match token {
            Some(Token::Stream) => fill(&mut stream, i, "eventStream", stream_id(after)),
            _ => push(&mut others, named_parameter(i, reading)),
        }
    })?;
    Ok((rest, (stream, others)))
}

/// `eventBufferDescriptor`
pub(super) fn write(w: &mut Writer<'_>, buffer: &EventBufferDescriptor<'_>) {
    w.token(Token::EventBuffer);
    w.block_if_any(&buffer.events, |w, event| {
        write_package_item(w, &event.name);
        write_stream_and_others(w, event.stream, &event.parameters);
    });
}

/// A stream and parameters in a block, where there are any.
pub(super) fn write_stream_and_others(
    w: &mut Writer<'_>,
    stream: Option<StreamId>,
    others: &[NamedParameter<'_>],
) {
    w.open_if_any();
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
