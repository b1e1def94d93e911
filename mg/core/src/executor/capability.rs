//! AuditCapability: what could be, in place of what is (H.248.1 7.2.6).

use codec_h248::{
    List, PackageItem,
    descriptor::{
        AuditItem, AuditReturn, EmptyDescriptor, EventBufferControl, EventBufferDescriptor,
        EventSpec, EventsDescriptor, IndividualMedia, LocalControlDescriptor, MediaDescriptor,
        ObservedEvent, ObservedEventsDescriptor, RequestId, RequestedEvent, ServiceState,
        SignalsDescriptor, Statistic, StatisticsDescriptor, StreamDescriptor, StreamId, StreamMode,
        StreamParms, Streams, TerminationStateDescriptor,
    },
    list,
    package::ItemKind,
};

use super::individual;
use crate::{
    CommandError,
    gateway::{
        Gateway, items,
        packages::{self, Owner, Set},
        termination::Termination,
    },
};

/// The other values of what one Media descriptor has one value of: each stands in a descriptor of its
/// own, behind the first one.
const OTHERS: [(Option<ServiceState>, StreamMode); 4] = [
    (Some(ServiceState::OutOfService), StreamMode::SendOnly),
    (Some(ServiceState::Test), StreamMode::ReceiveOnly),
    (None, StreamMode::Inactive),
    (None, StreamMode::Loopback),
];

/// Refuses what AuditCapability does not take.
pub(crate) fn check(items: &[AuditItem<'_>]) -> Result<(), CommandError> {
    for item in items {
        if matches!(item, AuditItem::DigitMap | AuditItem::IndividualDigitMap(_)) {
            return Err(CommandError::IllegalDescriptor("DigitMap"));
        }
        if matches!(item, AuditItem::Packages | AuditItem::IndividualPackage(_)) {
            return Err(CommandError::IllegalDescriptor("Packages"));
        }
    }
    Ok(())
}

/// What `items` return of a Termination, or of ROOT where there is none.
pub(crate) fn returns(
    gateway: &Gateway,
    termination: Option<&Termination>,
    items: &[AuditItem<'static>],
) -> List<AuditReturn<'static>> {
    let subject = Subject {
        packages: gateway
            .packages
            .of(termination.map_or(Owner::Root, |found| found.owner)),
        gateway,
        termination,
    };
    let mut found = Vec::new();
    for item in items {
        for one in subject.of_item(item) {
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found.into()
}

struct Subject<'a> {
    packages: Set<'a>,
    gateway: &'a Gateway,
    termination: Option<&'a Termination>,
}

impl Subject<'_> {
    fn of_item(&self, item: &AuditItem<'static>) -> List<AuditReturn<'static>> {
        let one = match item {
            AuditItem::Media => return self.media().into_iter().map(AuditReturn::Media).collect(),
            AuditItem::IndividualMedia(asked) => return self.part_of_media(asked),
            AuditItem::Events => AuditReturn::Events(self.events(None)),
            AuditItem::IndividualEvents(_, name) => AuditReturn::Events(self.events(Some(name))),
            AuditItem::EventBuffer => AuditReturn::EventBuffer(self.event_buffer(None)),
            AuditItem::IndividualEventBuffer(asked) => {
                AuditReturn::EventBuffer(self.event_buffer(Some(&asked.name)))
            }
            AuditItem::Signals | AuditItem::IndividualSignalsEmpty => {
                AuditReturn::Signals(self.signals(None))
            }
            AuditItem::IndividualSignal(signal) => {
                AuditReturn::Signals(self.signals(Some(&signal.name)))
            }
            AuditItem::IndividualSignalList(_, signal) => {
                AuditReturn::Signals(self.signals(signal.as_ref().map(|signal| &signal.name)))
            }
            AuditItem::Statistics => self.statistics(None),
            AuditItem::IndividualStatistic(name) => self.statistics(Some(name)),
            AuditItem::ObservedEvents => self.observed_events(),
            AuditItem::Mux => AuditReturn::Empty(EmptyDescriptor::Mux),
            AuditItem::Modem => AuditReturn::Empty(EmptyDescriptor::Modem),
            // They are refused before.
            AuditItem::DigitMap | AuditItem::IndividualDigitMap(_) => {
                AuditReturn::Empty(EmptyDescriptor::DigitMap)
            }
            AuditItem::Packages | AuditItem::IndividualPackage(_) => {
                AuditReturn::Empty(EmptyDescriptor::Packages)
            }
        };
        list![one]
    }

    /// The first Media descriptor has every property with what it can be; those behind it have the
    /// other service states and modes.
    fn media(&self) -> Vec<MediaDescriptor<'static>> {
        let Some(termination) = self.termination else {
            let fixed = self.gateway.root.properties.fixed();
            return vec![MediaDescriptor {
                termination_state: Some(TerminationStateDescriptor {
                    properties: packages::over(self.packages.properties(false), &fixed),
                    ..TerminationStateDescriptor::default()
                }),
                streams: Streams::default(),
            }];
        };
        let id = termination.streams.keys().next().copied();
        let id = id.unwrap_or(StreamId(1));
        let first = LocalControlDescriptor {
            mode: Some(StreamMode::SendReceive),
            reserved_value: Some(true),
            reserved_group: Some(true),
            properties: self.packages.properties(true),
        };
        let local =
            (self.packages.owner() == Owner::Rtp).then(|| self.gateway.session_capability());
        let first = StreamParms {
            local_control: Some(first),
            remote: local.clone(),
            local,
            statistics: None,
        };
        let mut all = vec![instance(
            Some(ServiceState::InService),
            Some(EventBufferControl::LockStep),
            (id, first),
        )];
        all.extend(OTHERS.map(|(service, mode)| {
            let control = LocalControlDescriptor {
                mode: Some(mode),
                ..LocalControlDescriptor::default()
            };
            let parms = StreamParms {
                local_control: Some(control),
                ..StreamParms::default()
            };
            instance(service, None, (id, parms))
        }));
        all
    }

    fn part_of_media(&self, asked: &IndividualMedia<'static>) -> List<AuditReturn<'static>> {
        let mut found: List<AuditReturn<'static>> = List::new();
        for whole in self.media() {
            let part = individual::possible(&whole, asked);
            let part = AuditReturn::Media(part);
            if part != AuditReturn::Media(MediaDescriptor::default()) && !found.contains(&part) {
                found.push(part);
            }
        }
        if found.is_empty() {
            found.push(AuditReturn::Empty(EmptyDescriptor::Media));
        }
        found
    }

    fn events(&self, asked: Option<&PackageItem<'_>>) -> EventsDescriptor<'static> {
        let all = self.packages.events();
        match asked {
            Some(asked) => individual::events(&all, None, asked),
            None => all,
        }
    }

    fn event_buffer(&self, asked: Option<&PackageItem<'_>>) -> EventBufferDescriptor<'static> {
        let events = self.events(asked).events.into_iter();
        let event = |event: RequestedEvent<'static>| EventSpec {
            parameters: event.own_parameters().cloned().collect(),
            name: event.name,
            stream: None,
        };
        EventBufferDescriptor {
            events: events.map(event).collect(),
        }
    }

    fn signals(&self, asked: Option<&PackageItem<'_>>) -> SignalsDescriptor<'static> {
        let all = match self.packages.owner() {
            // ROOT plays nothing.
            Owner::Root => SignalsDescriptor::default(),
            Owner::Rtp | Owner::Analog | Owner::Trunk => self.packages.signals(),
        };
        match asked {
            Some(asked) => individual::signals(&all, None, Some(asked)),
            None => all,
        }
    }

    fn statistics(&self, asked: Option<&PackageItem<'_>>) -> AuditReturn<'static> {
        let table = self.packages.statistics();
        let meant = |place, name: &PackageItem<'_>| {
            asked.is_none_or(|asked| {
                table.place(asked) == Some(place)
                    || items::is_meant(ItemKind::Statistic, asked, name)
            })
        };
        let names = table.names().filter(|(place, name)| meant(*place, name));
        let statistic = |(_, name)| Statistic { name, value: None };
        let statistics: Vec<_> = names.map(statistic).collect();
        if statistics.is_empty() {
            return AuditReturn::Empty(EmptyDescriptor::Statistics);
        }
        AuditReturn::Statistics(StatisticsDescriptor { statistics })
    }

    /// The names of the events that are armed.
    fn observed_events(&self) -> AuditReturn<'static> {
        let armed = match self.termination {
            Some(termination) => termination.events(),
            None => self.gateway.root.events.clone(),
        };
        let event = |event: &RequestedEvent<'static>| ObservedEvent {
            time_stamp: None,
            name: event.name.clone(),
            stream: None,
            parameters: Vec::new(),
        };
        match armed.request_id {
            Some(RequestId::Id(request_id)) if !armed.events.is_empty() => {
                AuditReturn::ObservedEvents(ObservedEventsDescriptor {
                    request_id: RequestId::Id(request_id),
                    events: armed.events.iter().map(event).collect(),
                })
            }
            Some(RequestId::Id(_) | RequestId::All) | None => {
                AuditReturn::Empty(EmptyDescriptor::ObservedEvents)
            }
        }
    }
}

fn instance(
    service_states: Option<ServiceState>,
    buffer: Option<EventBufferControl>,
    (id, parms): (StreamId, StreamParms<'static>),
) -> MediaDescriptor<'static> {
    let state = TerminationStateDescriptor {
        service_states,
        buffer,
        properties: Vec::new(),
    };
    MediaDescriptor {
        termination_state: Some(state)
            .filter(|state| *state != TerminationStateDescriptor::default()),
        streams: Streams::Several(list![StreamDescriptor { id, parms }]),
    }
}
