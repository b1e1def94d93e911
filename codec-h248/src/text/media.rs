//! Media and its streams (H.248.1 Annex B.2 `mediaDescriptor`).

use super::{
    error::{Parsed, fail},
    lex::{equal, uint16},
    local_control,
    reading::{Reading, fill, keyword, push},
    session_description, statistics, termination_state,
    token::Token,
    write::Writer,
};
use crate::descriptor::{MediaDescriptor, StreamDescriptor, StreamId, StreamParms, Streams};

/// `mediaDescriptor` behind its keyword.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, MediaDescriptor<'a>> {
    let mut termination_state = None;
    let mut single = StreamParms::default();
    let mut several = Vec::new();
    let (rest, ()) = reading.each_or_none(i, "mediaDescriptor", |i| {
        let (after, token) = keyword(i, "mediaParm")?;
        match token {
            Some(Token::TerminationState) => fill(
                &mut termination_state,
                i,
                "terminationStateDescriptor",
                termination_state::read(after, reading),
            ),
            Some(Token::Stream) => push(&mut several, stream(after, reading)),
            _ => stream_parm(i, reading, &mut single),
        }
    })?;
    let streams = if several.is_empty() {
        Streams::Single(single)
    } else if single == StreamParms::default() {
        Streams::Several(several)
    } else {
        return fail(i, "streamParm or streamDescriptor, not both");
    };
    let media = MediaDescriptor {
        termination_state,
        streams,
    };
    Ok((rest, media))
}

/// `=` and `StreamID`
pub(super) fn stream_id(i: &[u8]) -> Parsed<'_, StreamId> {
    let (i, ()) = equal(i)?;
    let (rest, id) = uint16(i, "StreamID")?;
    Ok((rest, StreamId(id)))
}

/// `streamDescriptor` behind its keyword.
fn stream<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, StreamDescriptor<'a>> {
    let (i, id) = stream_id(i)?;
    let mut parms = StreamParms::default();
    let (rest, ()) = reading.each_or_none(i, "streamDescriptor", |i| {
        stream_parm(i, reading, &mut parms)
    })?;
    Ok((rest, StreamDescriptor { id, parms }))
}

/// `streamParm`
fn stream_parm<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
    parms: &mut StreamParms<'a>,
) -> Parsed<'a, ()> {
    let (after, token) = keyword(i, "streamParm")?;
    match token {
        Some(Token::LocalControl) => fill(
            &mut parms.local_control,
            i,
            "localControlDescriptor",
            local_control::read(after, reading),
        ),
        Some(Token::Local) => fill(
            &mut parms.local,
            i,
            "localDescriptor",
            session_description::read(after),
        ),
        Some(Token::Remote) => fill(
            &mut parms.remote,
            i,
            "remoteDescriptor",
            session_description::read(after),
        ),
        Some(Token::Statistics) => fill(
            &mut parms.statistics,
            i,
            "statisticsDescriptor",
            statistics::read(after, reading),
        ),
        _ => fail(i, "streamParm"),
    }
}

/// `mediaDescriptor`
pub(super) fn write(w: &mut Writer<'_>, media: &MediaDescriptor<'_>) {
    w.token(Token::Media);
    w.open();
    if let Some(state) = &media.termination_state {
        w.item();
        termination_state::write(w, state);
    }
    match &media.streams {
        Streams::Single(parms) => write_parms(w, parms),
        Streams::Several(streams) => {
            for stream in streams {
                w.item();
                write_stream_id(w, stream.id);
                w.open();
                write_parms(w, &stream.parms);
                w.close();
            }
        }
    }
    w.close();
}

/// `eventStream`, and the head of `streamDescriptor`.
pub(super) fn write_stream_id(w: &mut Writer<'_>, id: StreamId) {
    w.pair(Token::Stream, id.0);
}

fn write_parms(w: &mut Writer<'_>, parms: &StreamParms<'_>) {
    if let Some(local_control) = &parms.local_control {
        w.item();
        local_control::write(w, local_control);
    }
    if let Some(local) = &parms.local {
        w.item();
        session_description::write(w, Token::Local, local);
    }
    if let Some(remote) = &parms.remote {
        w.item();
        session_description::write(w, Token::Remote, remote);
    }
    if let Some(statistics) = &parms.statistics {
        w.item();
        statistics::write(w, statistics);
    }
}
