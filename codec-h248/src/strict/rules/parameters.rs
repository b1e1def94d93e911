//! Parameters of events and signals as their packages have them (H.248.1 12.1).

use super::{Concern, Rule, items::known, table::*, values::check};
use crate::{
    PackageItem,
    descriptor::{
        EventParameter, EventSpec, NamedParameter, ObservedEvent, RequestedEvent, Signal,
    },
    package::{ItemDefinition, ItemDetails, ItemKind, ParameterDefinition},
    strict::walk::{Walk, shown},
};

pub(super) struct Parameters;

impl Concern for Parameters {
    fn requested_event(&self, walk: &mut Walk<'_>, event: &RequestedEvent<'_>) {
        let definition = known(walk, ItemKind::Event, &event.name);
        for parameter in &event.parameters {
            if let EventParameter::Other(parameter) = parameter {
                let capabilities = walk.in_capabilities();
                let found = definition.map(|definition| {
                    if capabilities {
                        definition.parameter(parameter.name.as_str())
                    } else {
                        named(requested(definition), parameter)
                    }
                });
                event_parameter(walk, &event.name, parameter, found);
            }
        }
    }

    fn event_spec(&self, walk: &mut Walk<'_>, spec: &EventSpec<'_>) {
        let definition = known(walk, ItemKind::Event, &spec.name);
        for parameter in &spec.parameters {
            let found = definition.map(|definition| definition.parameter(parameter.name.as_str()));
            event_parameter(walk, &spec.name, parameter, found);
        }
    }

    fn observed_event(&self, walk: &mut Walk<'_>, event: &ObservedEvent<'_>) {
        let definition = known(walk, ItemKind::Event, &event.name);
        for parameter in &event.parameters {
            let found = definition.map(|definition| named(observed(definition), parameter));
            event_parameter(walk, &event.name, parameter, found);
        }
    }

    fn signal(&self, walk: &mut Walk<'_>, signal: &Signal<'_>) {
        let definition = known(walk, ItemKind::Signal, &signal.name);
        for parameter in &signal.parameters {
            let found = definition.map(|definition| definition.parameter(parameter.name.as_str()));
            signal_parameter(walk, &signal.name, parameter, found);
        }
    }
}

fn requested(event: &ItemDefinition) -> &[ParameterDefinition] {
    match &event.details {
        ItemDetails::Event { requested, .. } => requested,
        ItemDetails::Property { .. }
        | ItemDetails::Signal { .. }
        | ItemDetails::Statistic { .. } => &[],
    }
}

fn observed(event: &ItemDefinition) -> &[ParameterDefinition] {
    match &event.details {
        ItemDetails::Event { observed, .. } => observed,
        ItemDetails::Property { .. }
        | ItemDetails::Signal { .. }
        | ItemDetails::Statistic { .. } => &[],
    }
}

fn named<'d>(
    definitions: &'d [ParameterDefinition],
    parameter: &NamedParameter<'_>,
) -> Option<&'d ParameterDefinition> {
    definitions
        .iter()
        .find(|definition| parameter.name.is(&definition.name))
}

/// Names that parameters of packages may not have (H.248.1 12.1).
const RESERVED: &[&str] = &[
    "ST",
    "Stream",
    "SY",
    "SignalType",
    "DR",
    "Duration",
    "NC",
    "NotifyCompletion",
    "KA",
    "KeepActive",
    "EB",
    "Embed",
    "DM",
    "DigitMap",
];

/// A parameter of an event: whether its event is known, and then what is known of it.
fn event_parameter(
    walk: &mut Walk<'_>,
    event: &PackageItem<'_>,
    parameter: &NamedParameter<'_>,
    definition: Option<Option<&ParameterDefinition>>,
) {
    reserved(walk, &RESERVED_EVENT_PARAMETER, "EPA", parameter);
    package_parameter(walk, &UNKNOWN_EVENT_PARAMETER, event, parameter, definition);
}

/// A parameter of a signal.
fn signal_parameter(
    walk: &mut Walk<'_>,
    signal: &PackageItem<'_>,
    parameter: &NamedParameter<'_>,
    definition: Option<Option<&ParameterDefinition>>,
) {
    // A package that has the name has it all the same.
    if !matches!(definition, Some(Some(_))) {
        reserved(walk, &RESERVED_SIGNAL_PARAMETER, "SPA", parameter);
    }
    package_parameter(
        walk,
        &UNKNOWN_SIGNAL_PARAMETER,
        signal,
        parameter,
        definition,
    );
}

fn reserved(
    walk: &mut Walk<'_>,
    rule: &'static Rule,
    beginning: &str,
    parameter: &NamedParameter<'_>,
) {
    let name = parameter.name.as_str();
    let begins = name
        .get(..beginning.len())
        .is_some_and(|first| first.eq_ignore_ascii_case(beginning));
    if begins || RESERVED.iter().any(|word| parameter.name.is(word)) {
        walk.departs(
            rule,
            format!("a parameter named {}", shown(&parameter.name)),
        );
    }
}

fn package_parameter(
    walk: &mut Walk<'_>,
    rule: &'static Rule,
    item: &PackageItem<'_>,
    parameter: &NamedParameter<'_>,
    definition: Option<Option<&ParameterDefinition>>,
) {
    match definition {
        Some(Some(definition)) => {
            check(
                walk,
                item,
                &parameter.name,
                &definition.form,
                &parameter.value,
            );
        }
        Some(None) => walk.departs(
            rule,
            format!("no parameter {} here", shown(&parameter.name)),
        ),
        None => {}
    }
}
