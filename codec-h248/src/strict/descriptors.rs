//! The walk through descriptors.

use super::{
    rules::look,
    walk::{Step, Walk},
};
use crate::{
    ParmValue, PropertyParm, TimeStamp, Value,
    descriptor::{
        AmmDescriptor, AuditDescriptor, AuditItem, AuditReturn, DigitMapDescriptor, DigitMapValue,
        EmbeddedEvents, ErrorDescriptor, EventBufferDescriptor, EventDigitMap, EventParameter,
        IndividualMedia, IndividualStream, IndividualStreams, LocalControlAudit,
        LocalControlDescriptor, MediaDescriptor, ModemDescriptor, MuxDescriptor, NamedParameter,
        NotifyBehaviour, ObservedEventsDescriptor, RequestId, RequestedEvent, ServiceChangeAddress,
        ServiceChangeDescriptor, ServiceChangeReplyDescriptor, Signal, SignalParm,
        SignalsDescriptor, StatisticValue, StatisticsDescriptor, StreamParms, Streams,
        TerminationStateAudit, TerminationStateDescriptor,
    },
};

/// A descriptor of Add, Move or Modify.
pub(super) fn amm<'m>(walk: &mut Walk<'m>, descriptor: &'m AmmDescriptor<'m>) {
    match descriptor {
        AmmDescriptor::Media(found) => media(walk, found),
        AmmDescriptor::Modem(found) => modem(walk, found),
        AmmDescriptor::Mux(found) => mux(walk, found),
        AmmDescriptor::Events(found) => {
            walk.at("Events", |walk| {
                requested(walk, found.request_id, &found.events, Depth::Outer);
            });
        }
        AmmDescriptor::Signals(found) => signals(walk, found),
        AmmDescriptor::DigitMap(found) => digit_map(walk, found),
        AmmDescriptor::EventBuffer(found) => event_buffer(walk, found),
        AmmDescriptor::Audit(found) => walk.at("Audit", |walk| audit(walk, found)),
        AmmDescriptor::Statistics(found) => statistics(walk, found),
    }
}

/// A descriptor of a reply.
pub(super) fn returned<'m>(walk: &mut Walk<'m>, descriptor: &'m AuditReturn<'m>) {
    match descriptor {
        AuditReturn::Media(found) => media(walk, found),
        AuditReturn::Modem(found) => modem(walk, found),
        AuditReturn::Mux(found) => mux(walk, found),
        AuditReturn::Events(found) => {
            walk.at("Events", |walk| {
                requested(walk, found.request_id, &found.events, Depth::Outer);
            });
        }
        AuditReturn::Signals(found) => signals(walk, found),
        AuditReturn::DigitMap(found) => digit_map(walk, found),
        AuditReturn::EventBuffer(found) => event_buffer(walk, found),
        AuditReturn::ObservedEvents(found) => observed_events(walk, found),
        AuditReturn::Statistics(found) => statistics(walk, found),
        AuditReturn::Error(found) => error(walk, found),
        AuditReturn::Packages(_) | AuditReturn::Empty(_) => {}
    }
}

pub(super) fn error<'m>(walk: &mut Walk<'m>, error: &'m ErrorDescriptor<'m>) {
    walk.at("Error", |walk| look::error(walk, error));
}

fn media<'m>(walk: &mut Walk<'m>, media: &'m MediaDescriptor<'m>) {
    walk.at("Media", |walk| {
        look::media(walk, media);
        if let Some(state) = &media.termination_state {
            walk.at("TerminationState", |walk| termination_state(walk, state));
        }
        match &media.streams {
            Streams::Single(parms) => stream(walk, parms),
            Streams::Several(streams) => {
                for one in streams {
                    walk.within(Step::Numbered("Stream", one.id.0), |walk| {
                        stream(walk, &one.parms);
                    });
                }
            }
        }
    });
}

fn termination_state<'m>(walk: &mut Walk<'m>, state: &'m TerminationStateDescriptor<'m>) {
    look::termination_state(walk, state);
    properties(walk, &state.properties);
}

fn stream<'m>(walk: &mut Walk<'m>, parms: &'m StreamParms<'m>) {
    look::stream(walk, parms);
    if let Some(found) = &parms.local_control {
        walk.at("LocalControl", |walk| local_control(walk, found));
    }
    if let Some(local) = &parms.local {
        walk.at("Local", |walk| look::session_description(walk, local));
    }
    if let Some(remote) = &parms.remote {
        walk.at("Remote", |walk| look::session_description(walk, remote));
    }
    if let Some(found) = &parms.statistics {
        statistics(walk, found);
    }
}

fn local_control<'m>(walk: &mut Walk<'m>, local_control: &'m LocalControlDescriptor<'m>) {
    look::local_control(walk, local_control);
    properties(walk, &local_control.properties);
}

fn modem<'m>(walk: &mut Walk<'m>, modem: &'m ModemDescriptor<'m>) {
    walk.at("Modem", |walk| {
        look::modem(walk, modem);
        properties(walk, &modem.properties);
    });
}

fn mux<'m>(walk: &mut Walk<'m>, mux: &'m MuxDescriptor<'m>) {
    walk.at("Mux", |walk| {
        look::mux(walk, mux);
        for id in &mux.terminations {
            look::termination(walk, id);
        }
    });
}

pub(super) fn properties<'m>(walk: &mut Walk<'m>, properties: &'m [PropertyParm<'m>]) {
    look::properties(walk, properties);
    for property in properties {
        walk.within(Step::Item(&property.name), |walk| {
            parm_value(walk, &property.value);
        });
    }
}

fn parameters<'m>(walk: &mut Walk<'m>, parameters: &'m [NamedParameter<'m>]) {
    for parameter in parameters {
        parm_value(walk, &parameter.value);
    }
}

fn parm_value<'m>(walk: &mut Walk<'m>, found: &'m ParmValue<'m>) {
    match found {
        ParmValue::Equal(one)
        | ParmValue::NotEqual(one)
        | ParmValue::Greater(one)
        | ParmValue::Less(one) => look::value(walk, one),
        ParmValue::Range(low, high) => {
            look::value(walk, low);
            look::value(walk, high);
        }
        ParmValue::AllOf(several) | ParmValue::OneOf(several) => values(walk, several),
    }
}

fn values<'m>(walk: &mut Walk<'m>, values: &'m [Value<'m>]) {
    for value in values {
        look::value(walk, value);
    }
}

/// Whether events stand in a command, or within events; there is no further level.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Depth {
    Outer,
    Embedded,
}

fn requested<'m>(
    walk: &mut Walk<'m>,
    id: Option<RequestId>,
    events: &'m [RequestedEvent<'m>],
    depth: Depth,
) {
    if let Some(id) = id {
        look::request_id(walk, &id);
    }
    for event in events {
        walk.within(Step::Item(&event.name), |walk| {
            look::requested_event(walk, event);
            for parameter in &event.parameters {
                event_parameter(walk, parameter, depth);
            }
        });
    }
}

fn event_parameter<'m>(walk: &mut Walk<'m>, parameter: &'m EventParameter<'m>, depth: Depth) {
    match parameter {
        EventParameter::DigitMap(EventDigitMap::Value(found)) => {
            walk.at("DigitMap", |walk| digit_map_value(walk, found));
        }
        EventParameter::Embed { signals, events }
        | EventParameter::NotifyBehaviour(NotifyBehaviour::Regulated { signals, events }) => {
            walk.at("Embed", |walk| {
                embedded(walk, signals.as_ref(), events.as_ref(), depth);
            });
        }
        EventParameter::Other(other) => parm_value(walk, &other.value),
        EventParameter::KeepActive
        | EventParameter::Stream(_)
        | EventParameter::DigitMap(EventDigitMap::Name(_))
        | EventParameter::NotifyBehaviour(NotifyBehaviour::Never | NotifyBehaviour::Immediate)
        | EventParameter::ResetEventsDescriptor => {}
    }
}

fn embedded<'m>(
    walk: &mut Walk<'m>,
    found: Option<&'m SignalsDescriptor<'m>>,
    events: Option<&'m EmbeddedEvents<'m>>,
    depth: Depth,
) {
    if let Some(found) = found {
        signals(walk, found);
    }
    if let Some(events) = events.filter(|_| depth == Depth::Outer) {
        walk.at("Events", |walk| {
            requested(walk, events.request_id, &events.events, Depth::Embedded);
        });
    }
}

fn signals<'m>(walk: &mut Walk<'m>, signals: &'m SignalsDescriptor<'m>) {
    walk.at("Signals", |walk| {
        for parm in &signals.parms {
            match parm {
                SignalParm::Signal(found) => signal(walk, found),
                SignalParm::List(list) => {
                    walk.within(Step::Numbered("SignalList", list.id), |walk| {
                        look::signal_list(walk, list);
                        for found in &list.signals {
                            signal(walk, found);
                        }
                    });
                }
            }
        }
    });
}

fn signal<'m>(walk: &mut Walk<'m>, signal: &'m Signal<'m>) {
    walk.within(Step::Item(&signal.name), |walk| {
        look::signal(walk, signal);
        if let Some(id) = &signal.request_id {
            look::request_id(walk, id);
        }
        parameters(walk, &signal.parameters);
    });
}

fn digit_map<'m>(walk: &mut Walk<'m>, digit_map: &'m DigitMapDescriptor<'m>) {
    if let Some(value) = &digit_map.value {
        walk.at("DigitMap", |walk| digit_map_value(walk, value));
    }
}

fn digit_map_value<'m>(walk: &mut Walk<'m>, value: &'m DigitMapValue<'m>) {
    look::digit_map(walk, value);
}

fn event_buffer<'m>(walk: &mut Walk<'m>, buffer: &'m EventBufferDescriptor<'m>) {
    walk.at("EventBuffer", |walk| {
        for spec in &buffer.events {
            walk.within(Step::Item(&spec.name), |walk| {
                look::event_spec(walk, spec);
                parameters(walk, &spec.parameters);
            });
        }
    });
}

pub(super) fn observed_events<'m>(walk: &mut Walk<'m>, observed: &'m ObservedEventsDescriptor<'m>) {
    walk.at("ObservedEvents", |walk| {
        look::request_id(walk, &observed.request_id);
        for event in &observed.events {
            walk.within(Step::Item(&event.name), |walk| {
                look::observed_event(walk, event);
                time_stamp(walk, event.time_stamp.as_ref());
                parameters(walk, &event.parameters);
            });
        }
    });
}

fn time_stamp(walk: &mut Walk<'_>, time_stamp: Option<&TimeStamp>) {
    if let Some(time_stamp) = time_stamp {
        look::time_stamp(walk, time_stamp);
    }
}

fn statistics<'m>(walk: &mut Walk<'m>, statistics: &'m StatisticsDescriptor<'m>) {
    walk.at("Statistics", |walk| {
        look::statistics(walk, statistics);
        for statistic in &statistics.statistics {
            walk.within(Step::Item(&statistic.name), |walk| match &statistic.value {
                Some(StatisticValue::One(value)) => look::value(walk, value),
                Some(StatisticValue::List(several)) => values(walk, several),
                None => {}
            });
        }
    });
}

pub(super) fn audit<'m>(walk: &mut Walk<'m>, audit: &'m AuditDescriptor<'m>) {
    look::audit(walk, audit);
    for item in &audit.items {
        audit_item(walk, item);
    }
}

fn audit_item<'m>(walk: &mut Walk<'m>, item: &'m AuditItem<'m>) {
    look::audit_item(walk, item);
    match item {
        AuditItem::IndividualMedia(media) => {
            walk.at("Media", |walk| individual_media(walk, media));
        }
        AuditItem::IndividualEvents(Some(id), _) => {
            walk.at("Events", |walk| look::request_id(walk, id));
        }
        AuditItem::IndividualSignal(signal) | AuditItem::IndividualSignalList(_, Some(signal)) => {
            if let Some(id) = &signal.request_id {
                walk.at("Signals", |walk| look::request_id(walk, id));
            }
        }
        AuditItem::Mux
        | AuditItem::Modem
        | AuditItem::Media
        | AuditItem::Events
        | AuditItem::Signals
        | AuditItem::EventBuffer
        | AuditItem::DigitMap
        | AuditItem::Statistics
        | AuditItem::Packages
        | AuditItem::ObservedEvents
        | AuditItem::IndividualEvents(None, _)
        | AuditItem::IndividualEventBuffer(_)
        | AuditItem::IndividualSignalsEmpty
        | AuditItem::IndividualSignalList(_, None)
        | AuditItem::IndividualDigitMap(_)
        | AuditItem::IndividualStatistic(_)
        | AuditItem::IndividualPackage(_) => {}
    }
}

fn individual_media<'m>(walk: &mut Walk<'m>, media: &'m IndividualMedia<'m>) {
    if let Some(TerminationStateAudit::PropertyIs(property)) = &media.termination_state {
        properties(walk, std::slice::from_ref(property));
    }
    match &media.streams {
        IndividualStreams::Single(stream) => individual_stream(walk, stream),
        IndividualStreams::Several(streams) => {
            for (_, stream) in streams {
                individual_stream(walk, stream);
            }
        }
    }
}

fn individual_stream<'m>(walk: &mut Walk<'m>, stream: &'m IndividualStream<'m>) {
    for part in &stream.local_control {
        if let LocalControlAudit::PropertyIs(property) = part {
            properties(walk, std::slice::from_ref(property));
        }
    }
}

pub(super) fn services<'m>(walk: &mut Walk<'m>, services: &'m ServiceChangeDescriptor<'m>) {
    walk.at("Services", |walk| {
        look::service_change(walk, services);
        look::value(walk, &services.reason);
        address(walk, services.address.as_ref());
        if let Some(mgc_id) = &services.mgc_id {
            look::mid(walk, mgc_id);
        }
        time_stamp(walk, services.time_stamp.as_ref());
        for item in &services.info {
            audit_item(walk, item);
        }
        for (_, value) in &services.extensions {
            parm_value(walk, value);
        }
    });
}

pub(super) fn services_reply<'m>(
    walk: &mut Walk<'m>,
    services: &'m ServiceChangeReplyDescriptor<'m>,
) {
    walk.at("Services", |walk| {
        look::service_change_reply(walk, services);
        address(walk, services.address.as_ref());
        if let Some(mgc_id) = &services.mgc_id {
            look::mid(walk, mgc_id);
        }
        time_stamp(walk, services.time_stamp.as_ref());
    });
}

fn address<'m>(walk: &mut Walk<'m>, address: Option<&'m ServiceChangeAddress<'m>>) {
    if let Some(ServiceChangeAddress::MId(mid)) = address {
        look::mid(walk, mid);
    }
}
