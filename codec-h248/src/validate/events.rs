//! Events and signals, which embed each other.

use super::{
    Check, Walk,
    value::{Keywords, parameter, parameters},
};
use crate::descriptor::{
    EmbeddedEvents, EventBufferDescriptor, EventDigitMap, EventParameter, EventSpec,
    EventsDescriptor, NotifyBehaviour, ObservedEvent, ObservedEventsDescriptor, RequestId,
    RequestedEvent, Signal, SignalList, SignalParm, SignalsDescriptor,
};

/// The keywords of `eventSpecParameter` and `observedEventParameter`.
pub(super) const STREAM: &[&str] = &["Stream", "ST"];

/// The keywords of `eventParameter` that have an equals sign behind them.
const EVENT: &[&str] = &["Stream", "ST", "DigitMap", "DM"];

/// The keywords of `sigParameter`.
const SIGNAL: &[&str] = &[
    "Stream",
    "ST",
    "SignalType",
    "SY",
    "Duration",
    "DR",
    "NotifyCompletion",
    "NC",
    "KeepActive",
    "KA",
    "SPADirection",
    "SPADI",
    "SPARequestID",
    "SPARQ",
    "Intersignal",
    "SPAIS",
];

/// A requested event, and whether it is within an embedded Events descriptor.
struct Requested<'e, 'a> {
    event: &'e RequestedEvent<'a>,
    embedded: bool,
}

/// A parameter of a requested event.
struct OfEvent<'e, 'a> {
    parameter: &'e EventParameter<'a>,
    embedded: bool,
}

fn requested(
    walk: &mut Walk,
    id: Option<RequestId>,
    events: &[RequestedEvent<'_>],
    embedded: bool,
) {
    let known = id.is_some() || events.is_empty();
    walk.at("requestId", |walk| {
        walk.wants(known, "RequestID");
        walk.wants(!(id.is_some() && events.is_empty()), "none without events");
    });
    let events: Vec<_> = events
        .iter()
        .map(|event| Requested { event, embedded })
        .collect();
    walk.member("eventList", &events);
}

impl Check for EventsDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        requested(walk, self.request_id, &self.events, false);
    }
}

impl Check for EmbeddedEvents<'_> {
    fn check(&self, walk: &mut Walk) {
        requested(walk, self.request_id, &self.events, true);
    }
}

impl Check for Requested<'_, '_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("pkgdName", &self.event.name);
        let embedded = self.embedded;
        let parameters = self.event.parameters.iter();
        let parameters: Vec<_> = parameters
            .map(|parameter| OfEvent {
                parameter,
                embedded,
            })
            .collect();
        walk.member("parameters", &parameters);
    }
}

impl OfEvent<'_, '_> {
    /// What becomes active on detection; within embedded events these are signals alone, which
    /// bounds the depth (H.248.1 7.1.9).
    fn activates(
        &self,
        walk: &mut Walk,
        signals: &Option<SignalsDescriptor<'_>>,
        events: &Option<EmbeddedEvents<'_>>,
    ) {
        walk.member("signalsDescriptor", signals);
        walk.at("secondEvent", |walk| {
            if self.embedded {
                walk.wants(events.is_none(), "no events within embedded events");
            } else {
                events.check(walk);
            }
        });
    }
}

impl Check for OfEvent<'_, '_> {
    fn check(&self, walk: &mut Walk) {
        match self.parameter {
            EventParameter::DigitMap(digit_map) => walk.at("eventDM", |walk| match digit_map {
                EventDigitMap::Name(name) => walk.member("digitMapName", name),
                EventDigitMap::Value(value) => walk.member("digitMapValue", value),
            }),
            EventParameter::Embed { signals, events } => walk.at("embed", |walk| {
                let something = signals.is_some() || events.is_some();
                walk.wants(something, "signalsDescriptor or secondEvent");
                self.activates(walk, signals, events);
            }),
            EventParameter::NotifyBehaviour(NotifyBehaviour::Regulated { signals, events }) => {
                walk.at("notifyBehaviour", |walk| {
                    walk.at("notifyRegulated", |walk| {
                        self.activates(walk, signals, events)
                    });
                });
            }
            EventParameter::Other(other) => {
                walk.at("evPar", |walk| {
                    parameter(walk, other, Keywords::BehindEqual(EVENT))
                });
            }
            EventParameter::KeepActive
            | EventParameter::Stream(_)
            | EventParameter::ResetEventsDescriptor
            | EventParameter::NotifyBehaviour(
                NotifyBehaviour::Never | NotifyBehaviour::Immediate,
            ) => {}
        }
    }
}

impl Check for EventBufferDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        self.events.check(walk);
    }
}

impl Check for EventSpec<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("eventName", &self.name);
        parameters(
            walk,
            "eventParList",
            &self.parameters,
            Keywords::BehindEqual(STREAM),
        );
    }
}

impl Check for ObservedEventsDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled("observedEventLst", &self.events);
    }
}

impl Check for ObservedEvent<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("timeNotation", &self.time_stamp);
        walk.member("eventName", &self.name);
        parameters(
            walk,
            "eventParList",
            &self.parameters,
            Keywords::BehindEqual(STREAM),
        );
    }
}

impl Check for SignalsDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        self.parms.check(walk);
    }
}

impl Check for SignalParm<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Signal(signal) => walk.member("signal", signal),
            Self::List(list) => walk.member("seqSigList", list),
        }
    }
}

impl Check for SignalList<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled("signalList", &self.signals);
    }
}

impl Check for Signal<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("signalName", &self.name);
        walk.at("notifyCompletion", |walk| {
            let empty = self.notify_completion.as_ref().is_some_and(Vec::is_empty);
            walk.wants(!empty, "one entry or more");
        });
        parameters(
            walk,
            "sigParList",
            &self.parameters,
            Keywords::Always(SIGNAL),
        );
    }
}
