//! Media and its streams (H.248.1 Annex A.2 `MediaDescriptor`).

use super::{
    ber::{BerError, BerReader, BerWriter},
    local_control, session_description, statistics, termination_state,
};
use crate::{
    Expected, List,
    descriptor::{MediaDescriptor, StreamDescriptor, StreamId, StreamParms, Streams},
    list::Entries,
};

/// `MediaDescriptor`, put in the place of one that says nothing.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    media: &mut MediaDescriptor<'a>,
) -> Result<(), BerError> {
    media.termination_state = r.optional(0, "termStateDescr", termination_state::read)?;
    r.optional(1, "streams", |r| streams(r, &mut media.streams))?;
    r.extensions(1)
}

/// The streams of `MediaDescriptor`, a CHOICE.
fn streams<'a>(r: &mut BerReader<'a>, streams: &mut Streams<'a>) -> Result<(), BerError> {
    match (r.alternative(), &mut *streams) {
        (Some(0), Streams::Single(parms)) => {
            r.mandatory(0, "oneStream", |r| stream_parms(r, parms))
        }
        (Some(1), streams) => {
            *streams = Streams::Several(List::new());
            r.mandatory(1, "multiStream", |r| match streams {
                Streams::Several(list) => r.fill_sequences("StreamDescriptor", list, stream),
                Streams::Single(_) => Ok(()),
            })
        }
        (Some(_) | None, _) => Err(r.wrong(Expected::Rule("oneStream or multiStream"))),
    }
}

/// `StreamDescriptor` to the list.
fn stream<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<StreamDescriptor<'a>>,
) -> Result<(), BerError> {
    let id = StreamId(r.unsigned(0, "streamID")?);
    let stream = list.add(|| StreamDescriptor {
        id,
        parms: StreamParms::default(),
    });
    r.mandatory(1, "streamParms", |r| stream_parms(r, &mut stream.parms))
}

/// `StreamParms`, put in the place of those that say nothing.
fn stream_parms<'a>(r: &mut BerReader<'a>, parms: &mut StreamParms<'a>) -> Result<(), BerError> {
    parms.local_control = r.optional(0, "localControlDescriptor", local_control::read)?;
    parms.local = r.optional(1, "localDescriptor", session_description::read)?;
    parms.remote = r.optional(2, "remoteDescriptor", session_description::read)?;
    parms.statistics = r.optional(3, "statisticsDescriptor", statistics::read)?;
    r.extensions(3)
}

/// `StreamID`, where there is one.
pub(super) fn write_stream_id(w: &mut BerWriter<'_>, number: u8, id: Option<StreamId>) {
    if let Some(StreamId(id)) = id {
        w.unsigned(number, id);
    }
}

/// `MediaDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, media: &MediaDescriptor<'_>) {
    w.extensions();
    match &media.streams {
        Streams::Single(parms) if *parms == StreamParms::default() => {}
        Streams::Single(parms) => w.constructed(1, "streams", |w| {
            w.constructed(0, "oneStream", |w| write_stream_parms(w, parms));
        }),
        Streams::Several(streams) => w.constructed(1, "streams", |w| {
            w.constructed(1, "multiStream", |w| w.each_sequence(streams, write_stream));
        }),
    }
    if let Some(state) = &media.termination_state {
        w.constructed(0, "termStateDescr", |w| termination_state::write(w, state));
    }
}

/// `StreamDescriptor`
fn write_stream(w: &mut BerWriter<'_>, stream: &StreamDescriptor<'_>) {
    w.constructed(1, "streamParms", |w| write_stream_parms(w, &stream.parms));
    w.unsigned(0, stream.id.0);
}

/// `StreamParms`
fn write_stream_parms(w: &mut BerWriter<'_>, parms: &StreamParms<'_>) {
    w.extensions();
    if let Some(statistics) = &parms.statistics {
        w.since(3, "statisticsDescriptor");
        w.constructed(3, "statisticsDescriptor", |w| {
            statistics::write(w, statistics);
        });
    }
    if let Some(remote) = &parms.remote {
        w.constructed(2, "remoteDescriptor", |w| {
            session_description::write(w, remote);
        });
    }
    if let Some(local) = &parms.local {
        w.constructed(1, "localDescriptor", |w| {
            session_description::write(w, local)
        });
    }
    if let Some(local_control) = &parms.local_control {
        w.constructed(0, "localControlDescriptor", |w| {
            local_control::write(w, local_control);
        });
    }
}
