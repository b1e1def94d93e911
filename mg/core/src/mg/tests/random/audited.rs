//! Everything that can be audited, beside the model.

use std::collections::{BTreeMap, BTreeSet};

use codec_h248::{
    AuditReply, CommandReply, ContextId, ContextProperty, List, ParmValue, TopologyTriple,
    descriptor::{
        AuditReturn, DigitMapDescriptor, EmptyDescriptor, EventBufferControl, MediaDescriptor,
        ObservedEventsDescriptor, ServiceState, StatisticsDescriptor, Streams,
    },
};

use super::{
    asked,
    hearing::{Hearing, STREAMS, Triple},
    known::Known,
    model::{Model, Room},
};
use crate::mg::tests::bench::Bench;

/// What is asked for that costs the engine nothing.
const WITHOUT_COUNTS: &str = "Media,Events,Signals,EventBuffer,DigitMap,ObservedEvents";

type Found = BTreeMap<String, List<AuditReturn<'static>>>;

/// Audits ROOT, every Termination and every Context; `counts`: with Statistics.
pub(super) fn check(bench: &mut Bench, model: &Model, counts: bool) -> Result<(), String> {
    let items = match counts {
        true => format!("{WITHOUT_COUNTS},Statistics"),
        false => WITHOUT_COUNTS.to_owned(),
    };
    let everything = format!("AuditValue=*{{Audit{{{items}}}}}");
    let null = format!("Context=-{{AuditValue=ROOT{{Audit{{{items}}}}},O-{everything}}}");
    let reply = asked(
        bench,
        &format!("{null},Context=*{{ContextAudit{{Topology,Priority}},{everything}}}"),
    );
    let codec_h248::TransactionResult::Actions(actions) = reply.result else {
        return Err("an audit is refused".to_owned());
    };
    let mut found: BTreeMap<Option<u32>, Found> = BTreeMap::new();
    let mut of_contexts = BTreeMap::new();
    for action in actions {
        let place = match action.context {
            ContextId::Id(id) => Some(id),
            ContextId::Null | ContextId::All | ContextId::Choose => None,
        };
        if let Some(id) = place.filter(|_| !action.properties.is_empty()) {
            of_contexts.insert(id, action.properties);
        }
        for command in action.commands {
            let CommandReply::AuditValue(AuditReply::Termination(reply)) = command else {
                return Err(format!("{command:?}"));
            };
            // Where there is nobody, nothing is found.
            if !matches!(reply.descriptors.as_slice(), [AuditReturn::Error(_)]) {
                let name = reply.terminations[0].to_string();
                let here = found.entry(place).or_default();
                here.insert(name, reply.descriptors);
            }
        }
    }
    let mut null = found.remove(&None).unwrap_or_default();
    let root = null.remove("ROOT").ok_or("ROOT is not audited")?;
    agrees("ROOT", &model.root, root, counts, model)?;
    agree(&model.idle, null, counts, model)?;
    for (id, room) in &model.rooms {
        let here = found.remove(&Some(*id)).unwrap_or_default();
        agree(&room.members, here, counts, model)?;
        let properties = of_contexts.remove(id).unwrap_or_default();
        agrees_context(room, &properties).map_err(|what| format!("Context {id}: {what}"))?;
    }
    match (found.is_empty(), of_contexts.is_empty()) {
        (true, true) => Ok(()),
        _ => Err(format!("audited, and not known: {found:?} {of_contexts:?}")),
    }
}

fn agree(
    wanted: &BTreeMap<String, Known>,
    mut found: Found,
    counts: bool,
    model: &Model,
) -> Result<(), String> {
    for (name, known) in wanted {
        let returns = found.remove(name).ok_or(format!("{name} is not audited"))?;
        agrees(name, known, returns, counts, model)?;
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(format!("audited, and not known: {found:?}")),
    }
}

fn agrees(
    name: &str,
    known: &Known,
    returns: List<AuditReturn<'static>>,
    counts: bool,
    model: &Model,
) -> Result<(), String> {
    let mut maps = Vec::new();
    let mut seen = BTreeSet::new();
    for one in returns {
        let (kind, right) = match &one {
            AuditReturn::Media(media) => ("media", is_media(known, media)),
            AuditReturn::Events(events) => ("events", *events == known.events),
            AuditReturn::Signals(signals) => {
                let sorted = |all: &mut Vec<String>| all.sort();
                let mut found = signals.parms.iter().map(spelled).collect();
                let playing = known.signals.iter();
                let mut wanted = playing.map(|one| spelled(&one.parm)).collect();
                sorted(&mut found);
                sorted(&mut wanted);
                ("signals", found == wanted)
            }
            AuditReturn::EventBuffer(buffer) => ("buffer", *buffer == known.buffer),
            AuditReturn::DigitMap(map) => {
                maps.push(map.clone());
                ("maps", true)
            }
            AuditReturn::Empty(EmptyDescriptor::DigitMap) => ("maps", true),
            AuditReturn::ObservedEvents(observed) => ("observed", is_observed(known, observed)),
            AuditReturn::Empty(EmptyDescriptor::ObservedEvents) => {
                ("observed", known.dialling.is_none())
            }
            AuditReturn::Statistics(found) => ("counts", is_counted(known, found, model)),
            AuditReturn::Empty(EmptyDescriptor::Statistics) => ("counts", known.kept.is_empty()),
            _ => ("other", false),
        };
        let again = !seen.insert(kind) && kind != "maps";
        if !right || again {
            return Err(format!("{name} is audited as {one:?}, and is {known:?}"));
        }
    }
    if maps != maps_of(known) || seen.len() != if counts { 7 } else { 6 } {
        return Err(format!("{name} has {seen:?} {maps:?}, and is {known:?}"));
    }
    Ok(())
}

fn spelled(parm: &impl std::fmt::Debug) -> String {
    format!("{parm:?}")
}

/// The maps that are defined, and the one in use.
fn maps_of(known: &Known) -> Vec<DigitMapDescriptor<'static>> {
    let own = known.maps.iter().map(|(name, value)| DigitMapDescriptor {
        name: Some(name.clone()),
        value: Some(value.clone()),
    });
    let in_use = known.dialling.as_ref().and_then(|one| one.name.clone());
    let in_use = in_use.filter(|name| !known.maps.contains_key(name));
    let in_use = in_use.map(|name| DigitMapDescriptor {
        name: Some(name),
        value: None,
    });
    own.chain(in_use).collect()
}

/// While a digit map is active, the event that is to come, without its method.
fn is_observed(known: &Known, observed: &ObservedEventsDescriptor<'_>) -> bool {
    let is_it = matches!(observed.events.as_slice(), [one] if one.name.is("dd", "ce"));
    known.dialling.is_some() && is_it && Some(observed.request_id) == known.events.request_id
}

fn is_counted(known: &Known, found: &StatisticsDescriptor<'_>, model: &Model) -> bool {
    let names = found.statistics.iter().map(|one| one.name.to_string());
    let mut names: Vec<String> = names.collect();
    let mut kept = known.kept.clone();
    names.sort();
    kept.sort();
    let time = known
        .since
        .map_or(0, |since| (model.now - since).as_millis());
    let spelled = format!("{:?}", time.to_string());
    let mut durations = found
        .statistics
        .iter()
        .filter(|one| one.name.is("nt", "dur"));
    names == kept && durations.all(|one| format!("{:?}", one.value).contains(&spelled))
}

fn is_media(known: &Known, media: &MediaDescriptor<'_>) -> bool {
    let Some(state) = &media.termination_state else {
        return false;
    };
    let (service, buffer) = (
        match known.out {
            true => ServiceState::OutOfService,
            false => ServiceState::InService,
        },
        match known.lock_step {
            true => EventBufferControl::LockStep,
            false => EventBufferControl::Off,
        },
    );
    if state.service_states != Some(service) || state.buffer != Some(buffer) {
        return false;
    }
    let streams = match &media.streams {
        Streams::Several(streams) => streams.as_slice(),
        Streams::Single(_) => &[],
    };
    let right = streams.iter().filter(|stream| {
        let Some(lane) = known.lanes.get(&stream.id.0) else {
            return false;
        };
        let Some(control) = &stream.parms.local_control else {
            return false;
        };
        let value = |value: &ParmValue<'_>| match value {
            ParmValue::Equal(value) => value.text.to_string(),
            other => format!("{other:?}"),
        };
        let found = control.properties.iter();
        let found: BTreeMap<String, String> = found
            .map(|parm| (parm.name.to_string(), value(&parm.value)))
            .collect();
        let reserves = lane.reserves.then_some(true);
        control.mode == Some(lane.mode)
            && (control.reserved_value, control.reserved_group) == (reserves, reserves)
            && found == lane.properties
            && (stream.parms.local.is_some(), stream.parms.remote.is_some())
                == (lane.port, lane.port)
    });
    (right.count(), streams.len()) == (known.lanes.len(), known.lanes.len())
}

fn agrees_context(room: &Room, properties: &[ContextProperty<'static>]) -> Result<(), String> {
    let mut found = 0;
    for property in properties {
        let right = match property {
            ContextProperty::Priority(priority) => *priority == u16::from(room.priority),
            ContextProperty::Topology(triples) => is_heard(room, triples),
            _ => false,
        };
        if !right {
            return Err(format!("{property:?}, and is {room:?}"));
        }
        found += 1;
    }
    match found {
        2 => Ok(()),
        _ => Err(format!("{properties:?}")),
    }
}

/// Whether triples, applied to a Context in which everybody hears everybody, make of it what it is.
fn is_heard(room: &Room, triples: &[TopologyTriple<'_>]) -> bool {
    let members: BTreeSet<String> = room.members.keys().cloned().collect();
    let mut found = Hearing::default();
    for triple in triples {
        let triple = Triple {
            from: triple.from.to_string(),
            to: triple.to.to_string(),
            direction: triple.direction,
            stream: triple.stream,
        };
        found.apply(&triple, &members);
    }
    all_pairs(room).all(|(listener, source, stream)| {
        found.of(listener, source, stream) == room.hearing.of(listener, source, stream)
    })
}

/// Each two that have a stream of one number.
pub(super) fn all_pairs(room: &Room) -> impl Iterator<Item = (&str, &str, u16)> {
    let pairs = room.members.iter().flat_map(move |one| {
        let others = room.members.iter().filter(move |other| other.0 != one.0);
        others.map(move |other| (one, other))
    });
    pairs.flat_map(|((listener, one), (source, other))| {
        let streams = STREAMS.into_iter();
        let both =
            move |stream: &u16| one.lanes.contains_key(stream) && other.lanes.contains_key(stream);
        let streams = streams.filter(both);
        streams.map(move |stream| (listener.as_str(), source.as_str(), stream))
    })
}

/// The Notifies that the gateway has sent, answered.
pub(super) fn notified(
    bench: &mut Bench,
) -> Vec<(String, Option<codec_h248::descriptor::RequestId>)> {
    let mut told = Vec::new();
    let requests = bench.requests().into_iter();
    // They are repeated until they are answered.
    let requests: BTreeMap<u32, _> = requests.map(|one| (one.id.0, one)).collect();
    for request in requests.into_values() {
        let command = &request.actions[0].commands[0].command;
        let codec_h248::Command::Notify(notify) = command else {
            panic!("{request:?}");
        };
        let name = notify.terminations[0].to_string();
        let observed = &notify.observed_events;
        told.push((name.clone(), Some(observed.request_id)));
        let (id, context) = (request.id.0, request.actions[0].context);
        bench.receive(&format!(
            "MEGACO/3 [192.0.2.1]:2944 Reply={id}{{Context={context}{{Notify={name}}}}}"
        ));
    }
    bench.sent.clear();
    told
}
