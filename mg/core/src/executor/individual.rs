//! Parts of descriptors, as an individual audit asks for them (H.248.1 7.1.12, version 2).

use codec_h248::{
    List, PackageItem, PropertyParm, ToBoundedStatic,
    descriptor::{
        AuditItem, EventBufferDescriptor, EventsDescriptor, IndividualMedia, IndividualStream,
        IndividualStreams, LocalControlAudit, LocalControlDescriptor, MediaDescriptor, RequestId,
        SignalParm, SignalsDescriptor, StreamDescriptor, StreamId, StreamParms, Streams,
        TerminationStateAudit, TerminationStateDescriptor,
    },
    package::ItemKind,
};

use crate::{
    CommandError,
    gateway::{items, packages::Set, root::Root, termination::Termination},
};

/// Refuses what there is not to be audited: 440 for a package, 532 for anything in it, and for a
/// stream. `termination` is absent where it is ROOT, or is still to be made or changed.
pub(crate) fn check(
    packages: Set<'_>,
    termination: Option<&Termination>,
    item: &AuditItem<'_>,
) -> Result<(), CommandError> {
    if let AuditItem::IndividualMedia(media) = item {
        return check_media(packages, termination, media);
    }
    if let AuditItem::IndividualPackage(package) = item {
        return packages.check_version(package);
    }
    match item.package_item() {
        Some((ItemKind::Statistic, name)) => statistic(packages, name),
        Some((kind, name)) => exists(packages, kind, name),
        None => Ok(()),
    }
}

fn exists(packages: Set<'_>, kind: ItemKind, name: &PackageItem<'_>) -> Result<(), CommandError> {
    packages.check_package(name)?;
    if name.item == "*" || packages.has(kind, name) {
        return Ok(());
    }
    Err(CommandError::AuditedNotFound(name.to_static()))
}

/// Refuses a property of ROOT that nobody has set and that has no default.
pub(crate) fn check_root(root: &Root, items: &[AuditItem<'_>]) -> Result<(), CommandError> {
    let state = root.media().termination_state.unwrap_or_default();
    let is_set = |name: &PackageItem<'_>| !properties(&state.properties, name).is_empty();
    for item in items {
        if let AuditItem::IndividualMedia(media) = item
            && let Some(name) = of_state(media)
            && name.item != "*"
            && !is_set(name)
        {
            return Err(CommandError::AuditedNotFound(name.to_static()));
        }
    }
    Ok(())
}

/// The property of TerminationState that is asked for.
fn of_state<'a, 'b>(media: &'a IndividualMedia<'b>) -> Option<&'a PackageItem<'b>> {
    match media.termination_state.as_ref()? {
        TerminationStateAudit::Property(name)
        | TerminationStateAudit::PropertyIs(PropertyParm { name, .. }) => Some(name),
        TerminationStateAudit::ServiceStates
        | TerminationStateAudit::ServiceStatesIs(_)
        | TerminationStateAudit::ServiceStatesIsNot(_)
        | TerminationStateAudit::Buffer => None,
    }
}

/// Refuses a vendor's property that nobody has set: it has no default.
fn has_value(
    packages: Set<'_>,
    set: &[PropertyParm<'_>],
    name: &PackageItem<'_>,
) -> Result<(), CommandError> {
    let is_it = |parm: &PropertyParm<'_>| items::is_meant(ItemKind::Property, name, &parm.name);
    if name.item == "*" || !packages.is_of_vendor(name) || set.iter().any(is_it) {
        return Ok(());
    }
    Err(CommandError::AuditedNotFound(name.to_static()))
}

fn statistic(packages: Set<'_>, name: &PackageItem<'_>) -> Result<(), CommandError> {
    packages.check_package(name)?;
    match packages.statistics().place(name) {
        Some(_) => Ok(()),
        None => Err(CommandError::AuditedNotFound(name.to_static())),
    }
}

fn check_media(
    packages: Set<'_>,
    termination: Option<&Termination>,
    media: &IndividualMedia<'_>,
) -> Result<(), CommandError> {
    if let Some(name) = of_state(media) {
        exists(packages, ItemKind::Property, name)?;
        if let Some(termination) = termination {
            has_value(packages, &termination.properties, name)?;
        }
    }
    for (id, stream) in streams(media) {
        if let Some(termination) = termination
            && !termination.streams.contains_key(&id)
        {
            return Err(CommandError::NothingSuch(format!("Stream {}", id.0)));
        }
        for part in &stream.local_control {
            if let LocalControlAudit::Property(name)
            | LocalControlAudit::PropertyIs(PropertyParm { name, .. }) = part
            {
                exists(packages, ItemKind::Property, name)?;
                if let Some(stream) = termination.and_then(|found| found.streams.get(&id)) {
                    has_value(packages, &stream.control.properties, name)?;
                }
            }
        }
        if let Some(name) = &stream.statistic {
            statistic(packages, name)?;
        }
    }
    Ok(())
}

/// The streams that are asked for; without a wrapper it is stream 1.
pub(crate) fn streams<'a, 'b>(
    media: &'a IndividualMedia<'b>,
) -> Vec<(StreamId, &'a IndividualStream<'b>)> {
    match &media.streams {
        IndividualStreams::Single(one) if *one == IndividualStream::default() => Vec::new(),
        IndividualStreams::Single(one) => vec![(StreamId(1), one)],
        IndividualStreams::Several(several) => several.iter().map(|(id, one)| (*id, one)).collect(),
    }
}

/// What `asked` leaves of a Media descriptor.
pub(crate) fn media(
    whole: &MediaDescriptor<'static>,
    asked: &IndividualMedia<'_>,
) -> MediaDescriptor<'static> {
    let state = whole.termination_state.clone().unwrap_or_default();
    let state = asked.termination_state.as_ref().map(|part| match part {
        TerminationStateAudit::ServiceStates
        | TerminationStateAudit::ServiceStatesIs(_)
        | TerminationStateAudit::ServiceStatesIsNot(_) => TerminationStateDescriptor {
            service_states: state.service_states,
            ..TerminationStateDescriptor::default()
        },
        TerminationStateAudit::Buffer => TerminationStateDescriptor {
            buffer: state.buffer,
            ..TerminationStateDescriptor::default()
        },
        TerminationStateAudit::Property(name)
        | TerminationStateAudit::PropertyIs(PropertyParm { name, .. }) => {
            TerminationStateDescriptor {
                properties: properties(&state.properties, name),
                ..TerminationStateDescriptor::default()
            }
        }
    });
    let state = state.filter(|state| *state != TerminationStateDescriptor::default());
    let parts = streams(asked).into_iter().filter_map(|(id, asked)| {
        let parms = stream(whole_stream(whole, id)?, asked);
        Some(StreamDescriptor { id, parms })
    });
    let parts: List<_> = parts.collect();
    MediaDescriptor {
        termination_state: state,
        streams: if parts.is_empty() {
            Streams::default()
        } else {
            Streams::Several(parts)
        },
    }
}

/// The same of a Media descriptor of AuditCapability, where what is not said may be anything.
pub(crate) fn possible(
    whole: &MediaDescriptor<'static>,
    asked: &IndividualMedia<'_>,
) -> MediaDescriptor<'static> {
    let mut part = media(whole, asked);
    if let Streams::Several(streams) = &mut part.streams {
        for control in streams
            .iter_mut()
            .filter_map(|one| one.parms.local_control.as_mut())
        {
            // Either can be reserved or not; it is said once, with all the rest.
            control.reserved_value = control.reserved_value.filter(|on| *on);
            control.reserved_group = control.reserved_group.filter(|on| *on);
        }
        for stream in streams.iter_mut() {
            let control = stream.parms.local_control.take();
            stream.parms.local_control =
                control.filter(|control| *control != LocalControlDescriptor::default());
        }
        streams.retain(|stream| stream.parms != StreamParms::default());
        if streams.is_empty() {
            part.streams = Streams::default();
        }
    }
    part
}

fn whole_stream<'a>(
    whole: &'a MediaDescriptor<'static>,
    id: StreamId,
) -> Option<&'a StreamParms<'static>> {
    let Streams::Several(streams) = &whole.streams else {
        return None;
    };
    let found = streams.iter().find(|stream| stream.id == id);
    found.map(|stream| &stream.parms)
}

fn stream(whole: &StreamParms<'static>, asked: &IndividualStream<'_>) -> StreamParms<'static> {
    if *asked == IndividualStream::default() {
        return whole.clone();
    }
    let control = whole.local_control.clone().unwrap_or_default();
    let mut found = LocalControlDescriptor::default();
    for part in &asked.local_control {
        match part {
            LocalControlAudit::Mode
            | LocalControlAudit::ModeIs(_)
            | LocalControlAudit::ModeIsNot(_) => found.mode = control.mode,
            LocalControlAudit::ReservedValue => {
                found.reserved_value = Some(control.reserved_value.unwrap_or_default());
            }
            LocalControlAudit::ReservedGroup => {
                found.reserved_group = Some(control.reserved_group.unwrap_or_default());
            }
            LocalControlAudit::Property(name)
            | LocalControlAudit::PropertyIs(PropertyParm { name, .. }) => {
                found
                    .properties
                    .extend(properties(&control.properties, name));
            }
        }
    }
    StreamParms {
        local_control: Some(found).filter(|found| *found != LocalControlDescriptor::default()),
        local: whole.local.clone().filter(|_| asked.local.is_some()),
        remote: whole.remote.clone().filter(|_| asked.remote.is_some()),
        statistics: None,
    }
}

/// The properties of a package.
pub(crate) fn of_package(
    whole: MediaDescriptor<'static>,
    every: &PackageItem<'_>,
) -> MediaDescriptor<'static> {
    let state = whole.termination_state.unwrap_or_default();
    let state = TerminationStateDescriptor {
        properties: properties(&state.properties, every),
        ..TerminationStateDescriptor::default()
    };
    let mut parts = List::new();
    if let Streams::Several(streams) = whole.streams {
        for stream in streams {
            let control = stream.parms.local_control.unwrap_or_default();
            let control = LocalControlDescriptor {
                properties: properties(&control.properties, every),
                ..LocalControlDescriptor::default()
            };
            if !control.properties.is_empty() {
                parts.push(StreamDescriptor {
                    id: stream.id,
                    parms: StreamParms {
                        local_control: Some(control),
                        ..StreamParms::default()
                    },
                });
            }
        }
    }
    MediaDescriptor {
        termination_state: Some(state).filter(|state| !state.properties.is_empty()),
        streams: if parts.is_empty() {
            Streams::default()
        } else {
            Streams::Several(parts)
        },
    }
}

/// The properties that `asked` means.
pub(crate) fn properties(
    all: &[PropertyParm<'static>],
    asked: &PackageItem<'_>,
) -> Vec<PropertyParm<'static>> {
    let meant = all
        .iter()
        .filter(|parm| items::is_meant(ItemKind::Property, asked, &parm.name));
    meant.cloned().collect()
}

/// The armed events that `asked` means, where they are those of that request.
pub(crate) fn events(
    whole: &EventsDescriptor<'static>,
    request: Option<RequestId>,
    asked: &PackageItem<'_>,
) -> EventsDescriptor<'static> {
    if request.is_some_and(|request| request != RequestId::All && whole.request_id != Some(request))
    {
        return EventsDescriptor::default();
    }
    let meant = whole
        .events
        .iter()
        .filter(|event| items::is_meant(ItemKind::Event, asked, &event.name));
    let events: List<_> = meant.cloned().collect();
    if events.is_empty() {
        return EventsDescriptor::default();
    }
    EventsDescriptor {
        request_id: whole.request_id,
        events,
    }
}

/// The events to buffer that `asked` means.
pub(crate) fn event_buffer(
    whole: &EventBufferDescriptor<'static>,
    asked: &PackageItem<'_>,
    stream: Option<StreamId>,
) -> EventBufferDescriptor<'static> {
    let meant = whole.events.iter().filter(|event| {
        items::is_meant(ItemKind::Event, asked, &event.name)
            && (stream.is_none() || event.stream == stream)
    });
    EventBufferDescriptor {
        events: meant.cloned().collect(),
    }
}

/// The active signals that `asked` means, outside of lists, or of one list.
pub(crate) fn signals(
    whole: &SignalsDescriptor<'static>,
    list: Option<u16>,
    asked: Option<&PackageItem<'_>>,
) -> SignalsDescriptor<'static> {
    let meant = |name: &PackageItem<'_>| {
        asked.is_none_or(|asked| items::is_meant(ItemKind::Signal, asked, name))
    };
    let found = whole.parms.iter().filter_map(|parm| match (parm, list) {
        (SignalParm::Signal(signal), None) => meant(&signal.name).then(|| parm.clone()),
        (SignalParm::List(one), Some(id)) if one.id == id => {
            let mut one = one.clone();
            one.signals.retain(|signal| meant(&signal.name));
            (!one.signals.is_empty()).then_some(SignalParm::List(one))
        }
        (SignalParm::Signal(_), Some(_)) | (SignalParm::List(_), _) => None,
    });
    SignalsDescriptor {
        parms: found.collect(),
    }
}
