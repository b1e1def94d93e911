//! One Termination: where it is, what it detects, its streams (H.248.1 6.2).

use std::{collections::BTreeMap, time::Instant};

use codec_h248::{
    TerminationId,
    descriptor::{
        EventBufferControl, EventsDescriptor, MediaDescriptor, ServiceState, StreamDescriptor,
        StreamId, Streams, TerminationStateDescriptor,
    },
};

use super::{select::StreamChange, stream::Stream};

/// An ephemeral RTP Termination.
#[derive(Clone, Debug)]
pub(crate) struct Termination {
    /// Its name.
    pub(crate) id: TerminationId<'static>,
    /// The Context that it is in.
    pub(crate) context: u32,
    /// Its streams.
    pub(crate) streams: BTreeMap<StreamId, Stream>,
    /// The events that are armed.
    pub(crate) events: EventsDescriptor<'static>,
    /// When it came into its first Context; statistics count from here (H.248.1 7.1.15).
    pub(crate) since: Instant,
}

/// What a command does to a Termination, decided before anything changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// The streams that change.
    pub(crate) streams: BTreeMap<StreamId, StreamChange>,
    /// The events that replace the armed ones.
    pub(crate) events: Option<EventsDescriptor<'static>>,
}

impl Termination {
    /// The Media descriptor as an audit returns it (H.248.1 7.2.5).
    pub(crate) fn media(&self) -> MediaDescriptor<'static> {
        let stream = |(id, stream): (&StreamId, &Stream)| StreamDescriptor {
            id: *id,
            parms: stream.parms(),
        };
        let streams: Vec<_> = self.streams.iter().map(stream).collect();
        MediaDescriptor {
            termination_state: Some(TerminationStateDescriptor {
                service_states: Some(ServiceState::InService),
                buffer: Some(EventBufferControl::Off),
                properties: Vec::new(),
            }),
            streams: if streams.is_empty() {
                Streams::default()
            } else {
                Streams::Several(streams)
            },
        }
    }
}
