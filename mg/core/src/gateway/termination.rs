//! One Termination: where it is, what it detects, its streams (H.248.1 6.2).

use std::{collections::BTreeMap, time::Instant};

use codec_h248::{
    ContextId, TerminationId,
    descriptor::{
        EventBufferControl, EventsDescriptor, MediaDescriptor, ServiceState, StreamDescriptor,
        StreamId, Streams, TerminationStateDescriptor,
    },
};

use mg_contract::{LineRef, StreamSettings};

use super::{kept::Kept, packages::Owner, select::StreamChange, stream::Stream};

/// A Termination: an ephemeral one of RTP, or a physical one.
#[derive(Clone, Debug)]
pub(crate) struct Termination {
    /// Its name.
    pub(crate) id: TerminationId<'static>,
    /// What kind it is of.
    pub(crate) owner: Owner,
    /// The line that a physical one is.
    pub(crate) line: Option<LineRef>,
    /// The Context that it is in; `None`: the null Context.
    pub(crate) context: Option<u32>,
    /// Whether it can be used.
    pub(crate) service: ServiceState,
    /// Its streams.
    pub(crate) streams: BTreeMap<StreamId, Stream>,
    /// The events that are armed.
    pub(crate) events: EventsDescriptor<'static>,
    /// When it came out of the null Context or was made; statistics count from here (H.248.1 7.1.15).
    pub(crate) since: Option<Instant>,
    /// Which statistics are kept of it.
    pub(crate) kept: Kept,
}

/// What a command does to a Termination, decided before anything changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// The streams that change.
    pub(crate) streams: BTreeMap<StreamId, StreamChange>,
    /// The events that replace the armed ones.
    pub(crate) events: Option<EventsDescriptor<'static>>,
    /// Whether it can be used from now on.
    pub(crate) service: Option<ServiceState>,
    /// The statistics that are kept from now on.
    pub(crate) kept: Option<Kept>,
}

impl Termination {
    /// How a message names the Context that it is in.
    pub(crate) fn context_id(&self) -> ContextId {
        self.context.map_or(ContextId::Null, ContextId::Id)
    }

    /// What the engine is to do with a stream of it: nothing is heard while it is out of service.
    pub(crate) fn settings(&self, stream: &Stream) -> StreamSettings {
        let settings = stream.settings();
        match self.service {
            ServiceState::InService | ServiceState::Test => settings,
            ServiceState::OutOfService => StreamSettings {
                contributes: false,
                listens: false,
                loopback: false,
                ..settings
            },
        }
    }

    /// The Media descriptor as an audit returns it (H.248.1 7.2.5).
    pub(crate) fn media(&self) -> MediaDescriptor<'static> {
        let stream = |(id, stream): (&StreamId, &Stream)| StreamDescriptor {
            id: *id,
            parms: stream.parms(),
        };
        let streams: Vec<_> = self.streams.iter().map(stream).collect();
        MediaDescriptor {
            termination_state: Some(TerminationStateDescriptor {
                service_states: Some(self.service),
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
