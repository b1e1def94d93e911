//! What a command would do to what a Termination plays and detects (H.248.1 7.1.9 to 7.1.11, 7.1.14).

use codec_h248::{
    Name, ToBoundedStatic,
    descriptor::{AmmDescriptor, EventParameter, EventsDescriptor},
};

use crate::{
    CommandError,
    gateway::{
        Gateway,
        packages::{Owner, text_of},
        termination::Termination,
    },
    supervision::{Alike, Change, DigitMaps, MapChange},
};

/// Plans the descriptors of a command on a Termination, in the order written; `current` is absent for a
/// new one.
pub(super) fn plan(
    gateway: &Gateway,
    current: Option<&Termination>,
    descriptors: &[AmmDescriptor<'_>],
) -> Result<Vec<Change>, CommandError> {
    let owner = current.map_or(Owner::Rtp, |termination| termination.owner);
    let packages = gateway.packages.of(owner);
    let none = DigitMaps::default();
    let machine = current.and_then(|termination| termination.supervision.as_ref());
    let own = machine.map_or(&none, |machine| machine.maps());
    let map = plan_map(own, gateway.alike(), descriptors)?;
    let defined = |name: &Name<'_>| {
        let here = map.as_ref().and_then(|map| map.defines(name));
        here.unwrap_or_else(|| own.has(name)) || gateway.root.maps.has(name)
    };
    let mut changes = Vec::new();
    for descriptor in descriptors {
        match descriptor {
            AmmDescriptor::Media(media) => {
                let state = media.termination_state.as_ref();
                let buffer = state.and_then(|state| state.buffer);
                changes.extend(buffer.map(Change::Buffer));
            }
            AmmDescriptor::EventBuffer(buffer) => {
                packages.check_buffer(buffer)?;
                changes.push(Change::EventBuffer(buffer.to_static()));
            }
            AmmDescriptor::Events(events) => {
                packages.check_events(events, &defined)?;
                check_hook(gateway, current, events)?;
                changes.push(Change::Events(events.to_static()));
            }
            AmmDescriptor::Signals(signals) => {
                packages.check_signals(signals)?;
                changes.push(Change::Signals(signals.to_static()));
            }
            AmmDescriptor::DigitMap(_)
            | AmmDescriptor::Modem(_)
            | AmmDescriptor::Mux(_)
            | AmmDescriptor::Audit(_)
            | AmmDescriptor::Statistics(_) => {}
        }
    }
    changes.extend(map.map(Change::DigitMap));
    Ok(changes)
}

fn plan_map(
    own: &DigitMaps,
    alike: &Alike,
    descriptors: &[AmmDescriptor<'_>],
) -> Result<Option<MapChange>, CommandError> {
    for descriptor in descriptors {
        if let AmmDescriptor::DigitMap(map) = descriptor {
            return own.plan(map, alike).map(Some);
        }
    }
    Ok(None)
}

/// Checks the events that are to be armed on ROOT.
pub(super) fn check_root(
    gateway: &Gateway,
    descriptors: &[AmmDescriptor<'_>],
) -> Result<(), CommandError> {
    for descriptor in descriptors {
        if let AmmDescriptor::Events(events) = descriptor {
            let packages = gateway.packages.of(Owner::Root);
            packages.check_events(events, &|name| gateway.root.maps.has(name))?;
        }
    }
    Ok(())
}

/// Refuses to wait for a hook event of a line that is in that state, where that is a fault (H.248.1 E.9.2).
fn check_hook(
    gateway: &Gateway,
    current: Option<&Termination>,
    events: &EventsDescriptor<'_>,
) -> Result<(), CommandError> {
    let key = current.and_then(|termination| gateway.find(&termination.id));
    let Some(off) = key.and_then(|key| gateway.is_off_hook(key)) else {
        return Ok(());
    };
    let item = if off { "of" } else { "on" };
    let fails = |parameter: &EventParameter<'_>| match parameter {
        EventParameter::Other(own) if own.name.is("strict") => {
            text_of(&own.value).is_some_and(|strict| strict.eq_ignore_ascii_case("failWrong"))
        }
        EventParameter::Other(_)
        | EventParameter::KeepActive
        | EventParameter::Stream(_)
        | EventParameter::DigitMap(_)
        | EventParameter::Embed { .. }
        | EventParameter::NotifyBehaviour(_)
        | EventParameter::ResetEventsDescriptor => false,
    };
    for event in &events.events {
        if event.name.is("al", item) && event.parameters.iter().any(fails) {
            return Err(CommandError::UnexpectedHookState(event.name.to_static()));
        }
    }
    Ok(())
}
