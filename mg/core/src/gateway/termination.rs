//! One Termination: where it is, what it detects, its streams (H.248.1 6.2).

use std::{collections::BTreeMap, time::Instant};

use codec_h248::{
    ContextId, List, PropertyParm, TerminationId,
    descriptor::{
        DigitMapDescriptor, EventBufferControl, EventBufferDescriptor, EventsDescriptor,
        MediaDescriptor, ObservedEventsDescriptor, ServiceState, SignalsDescriptor,
        StreamDescriptor, StreamId, Streams, TerminationStateDescriptor,
    },
};

use mg_contract::{LineRef, StreamSettings, StreamStatistics};

use crate::{
    Codecs,
    supervision::{Change, Supervision},
};

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
    /// Package properties of TerminationState.
    pub(crate) properties: Vec<PropertyParm<'static>>,
    /// What it plays and detects; `None` where it does neither.
    pub(crate) supervision: Option<Box<Supervision>>,
    /// When it came out of the null Context or was made; statistics count from here (H.248.1 7.1.15).
    pub(crate) since: Option<Instant>,
    /// Which statistics are kept of it.
    pub(crate) kept: Kept,
    /// What its streams had counted that have ended.
    pub(crate) gone: StreamStatistics,
}

/// What a command does to a Termination, decided before anything changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// The streams that change.
    pub(crate) streams: BTreeMap<StreamId, StreamChange>,
    /// Whether it can be used from now on.
    pub(crate) service: Option<ServiceState>,
    /// The package properties of TerminationState that replace the former ones.
    pub(crate) properties: Option<Vec<PropertyParm<'static>>>,
    /// What changes in what is played and detected, in the order written.
    pub(crate) supervision: Vec<Change>,
    /// The statistics that are kept from now on.
    pub(crate) kept: Option<Kept>,
}

/// What it plays and detects, as audits return it (H.248.1 7.2.5).
impl Termination {
    /// The events that are armed.
    pub(crate) fn events(&self) -> EventsDescriptor<'static> {
        let machine = self.supervision.as_ref();
        machine.map_or_else(Default::default, |machine| machine.events().clone())
    }

    /// The signals that play.
    pub(crate) fn signals(&self) -> SignalsDescriptor<'static> {
        let machine = self.supervision.as_ref();
        machine.map_or_else(Default::default, |machine| machine.signals())
    }

    /// The events to buffer.
    pub(crate) fn event_buffer(&self) -> EventBufferDescriptor<'static> {
        let machine = self.supervision.as_ref();
        machine.map_or_else(Default::default, |machine| machine.event_buffer().clone())
    }

    /// The events that are buffered, and what is dialled so far; `None` where there are none.
    pub(crate) fn observed(&self) -> Option<ObservedEventsDescriptor<'static>> {
        self.supervision.as_ref()?.observed()
    }

    /// Its digit maps, and the one in use.
    pub(crate) fn digit_maps(&self) -> Vec<DigitMapDescriptor<'static>> {
        let Some(machine) = &self.supervision else {
            return Vec::new();
        };
        let mut maps = machine.maps().descriptors();
        maps.extend(machine.map_in_use());
        maps
    }

    /// TerminationState's `Buffer`.
    fn buffer_control(&self) -> EventBufferControl {
        let machine = self.supervision.as_ref();
        machine.map_or(EventBufferControl::Off, |machine| machine.buffer_control())
    }
}

impl Termination {
    /// How a message names the Context that it is in.
    pub(crate) fn context_id(&self) -> ContextId {
        self.context.map_or(ContextId::Null, ContextId::Id)
    }

    /// What the engine is to do with a stream of it: nothing is heard while it is out of service.
    pub(crate) fn settings(&self, stream: &Stream, codecs: &Codecs) -> StreamSettings {
        let settings = stream.settings(codecs);
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
            parms: stream.parms(self.owner),
        };
        let streams: List<_> = self.streams.iter().map(stream).collect();
        MediaDescriptor {
            termination_state: Some(TerminationStateDescriptor {
                service_states: Some(self.service),
                buffer: Some(self.buffer_control()),
                properties: self.properties.clone(),
            }),
            streams: if streams.is_empty() {
                Streams::default()
            } else {
                Streams::Several(streams)
            },
        }
    }
}
