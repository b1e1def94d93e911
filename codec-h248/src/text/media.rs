//! Media and its streams (H.248.1 Annex B.2 `mediaDescriptor`).

use super::{
    error::{Read, fail},
    form::Form,
    local_control,
    reader::{Reader, add, fill},
    session_description, statistics, termination_state,
    token::Token,
    write::Writer,
};
use crate::{
    List,
    descriptor::{MediaDescriptor, StreamDescriptor, StreamId, StreamParms, Streams},
};

/// `mediaDescriptor` behind its keyword, into a blank one.
pub(super) fn read<'a>(r: &mut Reader<'a>, media: &mut MediaDescriptor<'a>) -> Read<'a, ()> {
    let start = r.rest();
    let mut single = None;
    r.each_or_none("mediaDescriptor", |r| {
        let at = r.rest();
        match r.keyword("mediaParm")? {
            Some(Token::TerminationState) => {
                let state = termination_state::read(r);
                let slot = &mut media.termination_state;
                fill(slot, at, "terminationStateDescriptor", state)
            }
            Some(Token::Stream) => stream(r, several(&mut media.streams)),
            token => stream_parm(r, at, token, single.get_or_insert_default()),
        }
    })?;
    match (single, &media.streams) {
        (None, _) => {}
        (Some(single), Streams::Single(_)) => media.streams = Streams::Single(single),
        (Some(_), Streams::Several(_)) => {
            return fail(start, "streamParm or streamDescriptor, not both");
        }
    }
    Ok(())
}

/// The list of streams, which is made where there is none yet.
fn several<'s, 'a>(streams: &'s mut Streams<'a>) -> &'s mut List<StreamDescriptor<'a>> {
    if let Streams::Single(_) = streams {
        *streams = Streams::Several(List::new());
    }
    match streams {
        Streams::Several(list) => list,
        Streams::Single(_) => unreachable!("a list was put there"),
    }
}

/// `=` and `StreamID`
pub(super) fn stream_id<'a>(r: &mut Reader<'a>) -> Read<'a, StreamId> {
    Ok(StreamId(r.equal_uint16("StreamID")?))
}

/// `streamDescriptor` behind its keyword.
fn stream<'a>(r: &mut Reader<'a>, list: &mut List<StreamDescriptor<'a>>) -> Read<'a, ()> {
    let id = stream_id(r)?;
    let stream = add(list, || StreamDescriptor {
        id,
        parms: StreamParms::default(),
    });
    r.each_or_none("streamDescriptor", |r| {
        let at = r.rest();
        let token = r.keyword("streamParm")?;
        stream_parm(r, at, token, &mut stream.parms)
    })
}

/// `streamParm` behind this keyword, which stands at `at`.
fn stream_parm<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
    parms: &mut StreamParms<'a>,
) -> Read<'a, ()> {
    match token {
        Some(Token::LocalControl) => {
            let control = local_control::read(r);
            fill(
                &mut parms.local_control,
                at,
                "localControlDescriptor",
                control,
            )
        }
        Some(Token::Local) => {
            let local = session_description::read(r);
            fill(&mut parms.local, at, "localDescriptor", local)
        }
        Some(Token::Remote) => {
            let remote = session_description::read(r);
            fill(&mut parms.remote, at, "remoteDescriptor", remote)
        }
        Some(Token::Statistics) => {
            let statistics = statistics::read(r);
            fill(
                &mut parms.statistics,
                at,
                "statisticsDescriptor",
                statistics,
            )
        }
        _ => fail(at, "streamParm"),
    }
}

/// `mediaDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, media: &MediaDescriptor<'_>) {
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
pub(super) fn write_stream_id(w: &mut Writer<'_, impl Form>, id: StreamId) {
    w.pair(Token::Stream, id.0);
}

fn write_parms(w: &mut Writer<'_, impl Form>, parms: &StreamParms<'_>) {
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
