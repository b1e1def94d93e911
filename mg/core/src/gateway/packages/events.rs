//! Whether events can be armed: the packages, the items, their parameters, in this order.

use codec_h248::{
    Name, PackageItem, ToBoundedStatic,
    descriptor::{
        EmbeddedEvents, EventBufferDescriptor, EventDigitMap, EventParameter, EventsDescriptor,
        NamedParameter, NotifyBehaviour, RequestedEvent, SignalsDescriptor,
    },
    package::{ItemDetails, ItemKind},
};

use super::{
    Set, line,
    table::Event,
    values::{Wrong, by_file, by_table},
};
use crate::{CommandError, digit_map::DigitMap};

/// More events, parameters and embedded ones included, in one descriptor than this are refused with 510:
/// with a wildcard, one message arms them on every Termination.
const EVENTS_MAX: usize = 64;

/// Octets of all digit maps in place in one descriptor, embedded ones included: two of the longest. Over it
/// they are refused with 519, for the same reason.
const MAP_OCTETS_MAX: usize = 4_096;

/// Whether a digit map of that name is defined.
pub(crate) type Defined<'d> = &'d dyn Fn(&Name<'_>) -> bool;

impl Set<'_> {
    /// Refuses too many events, those that there are not, and parameters that they do not have.
    pub(crate) fn check_events(
        self,
        events: &EventsDescriptor<'_>,
        defined: Defined<'_>,
    ) -> Result<(), CommandError> {
        if count(&events.events) > EVENTS_MAX {
            return Err(CommandError::TooManyEvents);
        }
        if map_octets(&events.events) > MAP_OCTETS_MAX {
            return Err(CommandError::NoDigitMapSpace);
        }
        self.check_requested(&events.events, defined, Depth::Outer)
    }

    /// The same of the events to buffer.
    pub(crate) fn check_buffer(
        self,
        buffer: &EventBufferDescriptor<'_>,
    ) -> Result<(), CommandError> {
        let parameters = buffer.events.iter().map(|event| event.parameters.len());
        if buffer.events.len() + parameters.sum::<usize>() > EVENTS_MAX {
            return Err(CommandError::TooManyEvents);
        }
        for event in &buffer.events {
            self.check_package(&event.name)?;
        }
        for event in &buffer.events {
            self.check_event(&event.name)?;
            self.check_parameters(&event.name, event.parameters.iter(), Needs::Nothing)?;
        }
        Ok(())
    }

    fn check_requested(
        self,
        events: &[RequestedEvent<'_>],
        defined: Defined<'_>,
        depth: Depth,
    ) -> Result<(), CommandError> {
        for event in events {
            self.check_package(&event.name)?;
        }
        for event in events {
            self.check_event(&event.name)?;
        }
        for event in events {
            self.check_own_parameters(event)?;
            check_digit_map(event, defined)?;
            self.check_follow_ups(event, defined, depth)?;
        }
        Ok(())
    }

    /// Refuses an event that there is not.
    fn check_event(self, name: &PackageItem<'_>) -> Result<(), CommandError> {
        let unknown = || Err(CommandError::NoSuchEvent(name.to_static()));
        if name.item == "*" {
            let has_some = name.package == "*"
                || self.packages.vendor(&name.package).is_some()
                || (self.package(&name.package)).is_some_and(|package| !package.events.is_empty());
            return if has_some { Ok(()) } else { unknown() };
        }
        match self.event(name) {
            Some(_) => Ok(()),
            None if self.vendor_item(ItemKind::Event, name).is_some() => Ok(()),
            None => unknown(),
        }
    }

    /// The event of the tables with that name.
    fn event(self, name: &PackageItem<'_>) -> Option<&'static Event> {
        let package = self.package(&name.package)?;
        let mut all = line(package).flat_map(|package| package.events);
        all.find(|event| event.name.eq_ignore_ascii_case(&name.item))
    }

    fn check_own_parameters(self, event: &RequestedEvent<'_>) -> Result<(), CommandError> {
        self.check_parameters(&event.name, event.own_parameters(), Needs::All)
    }

    fn check_parameters<'v>(
        self,
        name: &PackageItem<'_>,
        own: impl Iterator<Item = &'v NamedParameter<'v>> + Clone,
        needs: Needs,
    ) -> Result<(), CommandError> {
        let wrong = match (self.event(name), self.vendor_item(ItemKind::Event, name)) {
            (Some(event), _) => by_table(&name.package, event.parameters, own),
            (None, Some(item)) => match &item.details {
                ItemDetails::Event { requested, .. } => by_file(requested, own),
                ItemDetails::Property { .. }
                | ItemDetails::Signal { .. }
                | ItemDetails::Statistic { .. } => None,
            },
            // A wildcard has no parameters of a package.
            (None, None) => by_table(&name.package, &[], own),
        };
        let name = || name.to_static();
        match wrong {
            Some(Wrong::Unknown | Wrong::Twice) => Err(CommandError::EventParameter(name())),
            Some(Wrong::Value) => Err(CommandError::PackageParameterValue(name())),
            Some(Wrong::Missing(parameter)) if needs == Needs::All => {
                Err(CommandError::MissingParameter(parameter, name()))
            }
            Some(Wrong::Missing(_)) | None => Ok(()),
        }
    }

    /// Checks what an event sets off (H.248.1 7.1.9).
    fn check_follow_ups(
        self,
        event: &RequestedEvent<'_>,
        defined: Defined<'_>,
        depth: Depth,
    ) -> Result<(), CommandError> {
        let keeps = event.parameters.contains(&EventParameter::KeepActive);
        for parameter in &event.parameters {
            let (signals, events) = match parameter {
                EventParameter::Embed { signals, events }
                | EventParameter::NotifyBehaviour(NotifyBehaviour::Regulated { signals, events }) => {
                    (signals, events)
                }
                EventParameter::KeepActive
                | EventParameter::Stream(_)
                | EventParameter::DigitMap(_)
                | EventParameter::NotifyBehaviour(
                    NotifyBehaviour::Never | NotifyBehaviour::Immediate,
                )
                | EventParameter::ResetEventsDescriptor
                | EventParameter::Other(_) => continue,
            };
            if keeps && signals.is_some() {
                let what = "KeepActive and embedded Signals";
                return Err(CommandError::ConflictingValues(what));
            }
            if events.is_some() && depth == Depth::Embedded {
                let what = "Events embedded in embedded Events";
                return Err(CommandError::SupervisionSyntax(what));
            }
            self.check_embedded(signals.as_ref(), events.as_ref(), defined)?;
        }
        Ok(())
    }

    fn check_embedded(
        self,
        signals: Option<&SignalsDescriptor<'_>>,
        events: Option<&EmbeddedEvents<'_>>,
        defined: Defined<'_>,
    ) -> Result<(), CommandError> {
        if let Some(signals) = signals {
            self.check_signals(signals)?;
        }
        match events {
            Some(events) => self.check_requested(&events.events, defined, Depth::Embedded),
            None => Ok(()),
        }
    }
}

/// Where events stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Depth {
    Outer,
    Embedded,
}

/// Whether parameters that an event needs must be there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Needs {
    All,
    Nothing,
}

/// Events, their parameters, and what is embedded in them.
fn count(events: &[RequestedEvent<'_>]) -> usize {
    let of_parameter = |parameter: &EventParameter<'_>| match parameter {
        EventParameter::Embed { signals, events }
        | EventParameter::NotifyBehaviour(NotifyBehaviour::Regulated { signals, events }) => {
            let signals = signals.as_ref().map_or(0, |signals| signals.parms.len());
            let events = events.as_ref().map_or(0, |events| count(&events.events));
            1 + signals + events
        }
        EventParameter::KeepActive
        | EventParameter::Stream(_)
        | EventParameter::DigitMap(_)
        | EventParameter::NotifyBehaviour(NotifyBehaviour::Never | NotifyBehaviour::Immediate)
        | EventParameter::ResetEventsDescriptor
        | EventParameter::Other(_) => 1,
    };
    let of_event =
        |event: &RequestedEvent<'_>| event.parameters.iter().map(of_parameter).sum::<usize>();
    events.iter().map(|event| 1 + of_event(event)).sum()
}

/// The octets of the digit maps in place of events, with those of embedded events.
fn map_octets(events: &[RequestedEvent<'_>]) -> usize {
    let of_parameter = |parameter: &EventParameter<'_>| match parameter {
        EventParameter::DigitMap(EventDigitMap::Value(value)) => value.body.len(),
        EventParameter::Embed { events, .. }
        | EventParameter::NotifyBehaviour(NotifyBehaviour::Regulated { events, .. }) => {
            events.as_ref().map_or(0, |next| map_octets(&next.events))
        }
        EventParameter::KeepActive
        | EventParameter::Stream(_)
        | EventParameter::DigitMap(EventDigitMap::Name(_))
        | EventParameter::NotifyBehaviour(NotifyBehaviour::Never | NotifyBehaviour::Immediate)
        | EventParameter::ResetEventsDescriptor
        | EventParameter::Other(_) => 0,
    };
    let all = events.iter().flat_map(|event| &event.parameters);
    all.map(of_parameter).sum()
}

/// Whether the event is, or stands for, one that a digit map completes.
pub(crate) fn is_completion(name: &PackageItem<'_>) -> bool {
    let of_digits = name.package.eq_ignore_ascii_case("dd") || name.package == "*";
    of_digits && (name.item.eq_ignore_ascii_case("ce") || name.item == "*")
}

/// Refuses a digit map that cannot be read, one that is not defined, one where it means nothing, and
/// none where one is needed.
fn check_digit_map(event: &RequestedEvent<'_>, defined: Defined<'_>) -> Result<(), CommandError> {
    let mut given = event.parameters.iter().filter_map(|one| match one {
        EventParameter::DigitMap(map) => Some(map),
        EventParameter::KeepActive
        | EventParameter::Stream(_)
        | EventParameter::Embed { .. }
        | EventParameter::NotifyBehaviour(_)
        | EventParameter::ResetEventsDescriptor
        | EventParameter::Other(_) => None,
    });
    let Some(map) = given.next() else {
        return if event.name.is("dd", "ce") {
            let name = event.name.to_static();
            Err(CommandError::MissingParameter("DigitMap", name))
        } else {
            Ok(())
        };
    };
    if !is_completion(&event.name) || given.next().is_some() {
        return Err(CommandError::EventParameter(event.name.to_static()));
    }
    match map {
        EventDigitMap::Value(value) => DigitMap::new(value).map(|_| ()),
        EventDigitMap::Name(name) if defined(name) => Ok(()),
        EventDigitMap::Name(name) => Err(CommandError::UnknownDigitMap(name.to_static())),
    }
}
