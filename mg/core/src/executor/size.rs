//! How much a command or a reply holds: its parts, which are the descriptors in it and everything that they list,
//! each of which costs about the same to make, to hold and to write.

use codec_h248::{
    Command, ContextProperty, ParmValue, PropertyParm,
    descriptor::{
        AmmDescriptor, AuditReturn, DigitMapDescriptor, EmbeddedEvents, EventBufferDescriptor,
        EventParameter, MediaDescriptor, NamedParameter, NotifyBehaviour, RequestedEvent,
        SessionDescription, Signal, SignalParm, SignalsDescriptor, StatisticValue,
        StatisticsDescriptor, StreamParms, Streams,
    },
};

use super::{counted::Return, item::Item};

/// Text counts by this many octets.
const PIECE_OCTETS: usize = 64;

/// The parts of what came of a command on one Termination.
pub(crate) fn item(item: &Item) -> usize {
    let returns = item.outcome.iter().flatten();
    1 + returns.map(returned).sum::<usize>()
}

/// The parts of a command, which are handled for each Termination that it is carried out on.
pub(crate) fn command(command: &Command<'_>) -> usize {
    match command {
        Command::Add(request) | Command::Move(request) | Command::Modify(request) => {
            let each = request.descriptors.iter();
            each.map(|one| 1 + given(one)).sum()
        }
        // What these ask for is counted as it is returned, and how much they may ask for is bounded.
        Command::Subtract(_) | Command::AuditValue(_) | Command::AuditCapability(_) => 0,
        Command::Notify(_) | Command::ServiceChange(_) => 1,
    }
}

fn given(one: &AmmDescriptor<'_>) -> usize {
    match one {
        AmmDescriptor::Media(found) => media(found),
        AmmDescriptor::Modem(found) => found.types.len() + properties(&found.properties),
        AmmDescriptor::Mux(found) => found.terminations.len(),
        AmmDescriptor::Events(found) => events(&found.events),
        AmmDescriptor::Signals(found) => signals(found),
        AmmDescriptor::DigitMap(found) => digit_map(found),
        AmmDescriptor::EventBuffer(found) => buffered(found),
        AmmDescriptor::Audit(found) => found.items.len(),
        AmmDescriptor::Statistics(found) => statistics(found),
    }
}

/// The parts of what is said of a Context.
pub(crate) fn property(found: &ContextProperty<'_>) -> usize {
    match found {
        ContextProperty::Topology(triples) => triples.len(),
        ContextProperty::Properties(parms) => properties(parms),
        ContextProperty::ContextList(ids) => ids.len(),
        ContextProperty::Priority(_) | ContextProperty::Emergency(_) | ContextProperty::Ieps(_) => {
            1
        }
    }
}

fn returned(one: &Return) -> usize {
    match one {
        Return::Ready(ready) => 1 + descriptor(ready),
        Return::Statistics(wanted) => 1 + wanted.tallies.len(),
        Return::Media(described, streams, _) => 1 + media(described) + streams.len(),
    }
}

fn descriptor(one: &AuditReturn<'_>) -> usize {
    match one {
        AuditReturn::Media(found) => media(found),
        AuditReturn::Modem(found) => found.types.len() + properties(&found.properties),
        AuditReturn::Mux(found) => found.terminations.len(),
        AuditReturn::Events(found) => events(&found.events),
        AuditReturn::Signals(found) => signals(found),
        AuditReturn::DigitMap(found) => digit_map(found),
        AuditReturn::EventBuffer(found) => buffered(found),
        AuditReturn::ObservedEvents(found) => {
            let each = found.events.iter();
            each.map(|event| 1 + named(&event.parameters)).sum()
        }
        AuditReturn::Statistics(found) => statistics(found),
        AuditReturn::Packages(found) => found.packages.len(),
        AuditReturn::Error(_) | AuditReturn::Empty(_) => 0,
    }
}

fn buffered(found: &EventBufferDescriptor<'_>) -> usize {
    let each = found.events.iter();
    each.map(|event| 1 + named(&event.parameters)).sum()
}

fn media(found: &MediaDescriptor<'_>) -> usize {
    let state = found.termination_state.as_ref();
    let state = state.map_or(0, |state| 1 + properties(&state.properties));
    let streams = match &found.streams {
        Streams::Single(parms) => stream(parms),
        Streams::Several(several) => several.iter().map(|one| 1 + stream(&one.parms)).sum(),
    };
    state + streams
}

fn stream(parms: &StreamParms<'_>) -> usize {
    let control = parms.local_control.as_ref();
    let described = [&parms.local, &parms.remote].into_iter().flatten();
    let kept = parms.statistics.as_ref();
    control.map_or(0, |control| properties(&control.properties))
        + described.map(session).sum::<usize>()
        + kept.map_or(0, statistics)
}

fn session(description: &SessionDescription<'_>) -> usize {
    1 + description.octets.len() / PIECE_OCTETS
}

fn digit_map(found: &DigitMapDescriptor<'_>) -> usize {
    let octets = found.value.as_ref().map_or(0, |value| value.body.len());
    octets / PIECE_OCTETS
}

fn properties(all: &[PropertyParm<'_>]) -> usize {
    all.iter().map(|parm| value(&parm.value)).sum()
}

fn named(all: &[NamedParameter<'_>]) -> usize {
    all.iter().map(|parm| value(&parm.value)).sum()
}

fn value(found: &ParmValue<'_>) -> usize {
    match found {
        ParmValue::Equal(_)
        | ParmValue::NotEqual(_)
        | ParmValue::Greater(_)
        | ParmValue::Less(_)
        | ParmValue::Range(..) => 1,
        ParmValue::AllOf(values) | ParmValue::OneOf(values) => 1 + values.len(),
    }
}

fn statistics(found: &StatisticsDescriptor<'_>) -> usize {
    let each = found.statistics.iter().map(|one| match &one.value {
        None | Some(StatisticValue::One(_)) => 1,
        Some(StatisticValue::List(values)) => 1 + values.len(),
    });
    each.sum()
}

fn events(all: &[RequestedEvent<'_>]) -> usize {
    let parameters = all.iter().flat_map(|event| &event.parameters);
    all.len() + parameters.map(parameter).sum::<usize>()
}

fn parameter(found: &EventParameter<'_>) -> usize {
    match found {
        EventParameter::Embed {
            signals,
            events: embedded,
        }
        | EventParameter::NotifyBehaviour(NotifyBehaviour::Regulated {
            signals,
            events: embedded,
        }) => follow_up(signals.as_ref(), embedded.as_ref()),
        EventParameter::Other(parm) => value(&parm.value),
        EventParameter::KeepActive
        | EventParameter::Stream(_)
        | EventParameter::DigitMap(_)
        | EventParameter::NotifyBehaviour(NotifyBehaviour::Never | NotifyBehaviour::Immediate)
        | EventParameter::ResetEventsDescriptor => 1,
    }
}

fn follow_up(given: Option<&SignalsDescriptor<'_>>, next: Option<&EmbeddedEvents<'_>>) -> usize {
    1 + given.map_or(0, signals) + next.map_or(0, |next| events(&next.events))
}

fn signals(found: &SignalsDescriptor<'_>) -> usize {
    let each = found.parms.iter().map(|parm| match parm {
        SignalParm::Signal(one) => signal(one),
        SignalParm::List(list) => 1 + list.signals.iter().map(signal).sum::<usize>(),
    });
    each.sum()
}

fn signal(one: &Signal<'_>) -> usize {
    1 + named(&one.parameters)
}
