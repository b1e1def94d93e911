//! What the descriptors of Add, Move and Modify would do, decided before anything changes
//! (H.248.1 7.1, 8).

use codec_h248::{
    PropertyParm, ToBoundedStatic,
    descriptor::{
        AmmDescriptor, AuditItem, EventBufferControl, MediaDescriptor, ServiceState,
        StreamDescriptor, StreamId, StreamParms, Streams, TerminationStateDescriptor,
    },
};
use mg_contract::RtpPort;

use super::{audit, supervise};
use crate::{
    CommandError,
    command_error::Stop,
    gateway::{
        Gateway,
        kept::Kept,
        packages::{self, Owner},
        root::Properties,
        select::{plan_line, plan_stream},
        stream::{PortChange, Stream},
        termination::{Changes, Termination},
    },
    supervision::MapChange,
};

/// What a command would do to a Termination, and what it returns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// What changes.
    pub(crate) changes: Changes,
    /// What the gateway chose.
    pub(crate) chosen: Vec<StreamDescriptor<'static>>,
    /// What is to be returned besides.
    pub(crate) audit: Vec<AuditItem<'static>>,
}

/// What a command would do to ROOT, and what it returns.
#[derive(Clone, Debug)]
pub(crate) struct RootPlan {
    /// The properties as they will be.
    pub(crate) properties: Properties,
    /// Those of packages of vendors as they will be.
    pub(crate) of_vendors: Vec<PropertyParm<'static>>,
    /// The events that replace the armed ones.
    pub(crate) events: Option<codec_h248::descriptor::EventsDescriptor<'static>>,
    /// What becomes of a digit map.
    pub(crate) map: Option<MapChange>,
    /// What is to be returned.
    pub(crate) audit: Vec<AuditItem<'static>>,
}

/// Plans the descriptors of a command on a Termination; `current` is absent for a new one.
pub(crate) fn plan(
    gateway: &Gateway,
    current: Option<&Termination>,
    descriptors: &[AmmDescriptor<'_>],
) -> Result<Plan, Stop> {
    let owner = current.map_or(Owner::Rtp, |termination| termination.owner);
    check(gateway, owner, descriptors)?;
    let supervision = supervise::plan(gateway, current, descriptors)?;
    let mut plan = Plan::default();
    plan.changes.supervision = supervision;
    for descriptor in descriptors {
        match descriptor {
            AmmDescriptor::Media(media) => plan_media(&mut plan, gateway, current, media)?,
            AmmDescriptor::Audit(audit) => plan.audit = audit.items.to_static(),
            AmmDescriptor::Statistics(statistics) => {
                plan.changes.kept = Some(Kept::of_termination(
                    gateway.packages.of(owner),
                    statistics,
                )?);
            }
            // Planned below, or refused above.
            AmmDescriptor::Events(_)
            | AmmDescriptor::Signals(_)
            | AmmDescriptor::EventBuffer(_)
            | AmmDescriptor::DigitMap(_)
            | AmmDescriptor::Modem(_)
            | AmmDescriptor::Mux(_) => {}
        }
    }
    Ok(plan)
}

/// Plans the descriptors of Modify on ROOT.
pub(crate) fn plan_root(
    gateway: &Gateway,
    descriptors: &[AmmDescriptor<'_>],
) -> Result<RootPlan, CommandError> {
    check(gateway, Owner::Root, descriptors)?;
    supervise::check_root(gateway, descriptors)?;
    let mut plan = RootPlan {
        properties: gateway.root.properties,
        of_vendors: gateway.root.of_vendors.clone(),
        events: None,
        map: None,
        audit: Vec::new(),
    };
    for descriptor in descriptors {
        match descriptor {
            AmmDescriptor::Media(media) => {
                if !streams(media).is_empty() {
                    return Err(CommandError::IllegalDescriptor("Stream"));
                }
                if let Some(state) = &media.termination_state {
                    check_root_state(state)?;
                    if state.buffer == Some(EventBufferControl::LockStep) {
                        return Err(CommandError::NotImplemented("Buffer"));
                    }
                    plan_root_properties(&mut plan, gateway, &state.properties)?;
                }
            }
            AmmDescriptor::Events(events) => plan.events = Some(events.to_static()),
            AmmDescriptor::DigitMap(map) => {
                plan.map = Some(gateway.root.maps.plan(map, gateway.alike())?);
            }
            AmmDescriptor::Audit(audit) => plan.audit = audit.items.to_static(),
            AmmDescriptor::Statistics(_) => {
                return Err(CommandError::IllegalDescriptor("Statistics"));
            }
            AmmDescriptor::Signals(_)
            | AmmDescriptor::EventBuffer(_)
            | AmmDescriptor::Modem(_)
            | AmmDescriptor::Mux(_) => {}
        }
    }
    Ok(plan)
}

/// Plans the properties of ROOT; what is not written stays as it is.
fn plan_root_properties(
    plan: &mut RootPlan,
    gateway: &Gateway,
    parms: &[PropertyParm<'_>],
) -> Result<(), CommandError> {
    let packages = gateway.packages.of(Owner::Root);
    let parms = parms.iter().cloned();
    let (of_vendors, own): (Vec<_>, Vec<_>) =
        parms.partition(|parm| packages.is_of_vendor(&parm.name));
    plan.properties = plan.properties.written(&own)?;
    let written = packages.termination_state(&of_vendors)?;
    let written = written.iter().map(|kept| &kept.parm);
    plan.of_vendors = packages::over(std::mem::take(&mut plan.of_vendors), written);
    Ok(())
}

/// Refuses descriptors, packages and items, in this order.
fn check(
    gateway: &Gateway,
    owner: Owner,
    descriptors: &[AmmDescriptor<'_>],
) -> Result<(), CommandError> {
    let packages = gateway.packages.of(owner);
    for descriptor in descriptors {
        check_supported(owner, descriptor)?;
    }
    for (index, descriptor) in descriptors.iter().enumerate() {
        let name = name(descriptor);
        if descriptors[..index]
            .iter()
            .any(|other| self::name(other) == name)
        {
            return Err(CommandError::DescriptorTwice(name));
        }
    }
    for descriptor in descriptors {
        match descriptor {
            AmmDescriptor::Audit(audit) => audit::check(packages, None, &audit.items)?,
            AmmDescriptor::Events(_)
            | AmmDescriptor::Signals(_)
            | AmmDescriptor::EventBuffer(_)
            | AmmDescriptor::DigitMap(_)
            | AmmDescriptor::Media(_)
            | AmmDescriptor::Modem(_)
            | AmmDescriptor::Mux(_)
            | AmmDescriptor::Statistics(_) => {}
        }
    }
    Ok(())
}

fn check_supported(owner: Owner, descriptor: &AmmDescriptor<'_>) -> Result<(), CommandError> {
    let of_root = owner == Owner::Root;
    match descriptor {
        AmmDescriptor::Modem(_) | AmmDescriptor::Mux(_) => {
            Err(CommandError::UnknownDescriptor(name(descriptor)))
        }
        // ROOT has no media, and reports one event, which needs no buffer (6.2.5).
        AmmDescriptor::EventBuffer(buffer) if of_root && !buffer.events.is_empty() => {
            Err(CommandError::IllegalDescriptor(name(descriptor)))
        }
        AmmDescriptor::Signals(signals) if of_root && !signals.parms.is_empty() => {
            Err(CommandError::IllegalDescriptor(name(descriptor)))
        }
        AmmDescriptor::EventBuffer(_)
        | AmmDescriptor::DigitMap(_)
        | AmmDescriptor::Media(_)
        | AmmDescriptor::Events(_)
        | AmmDescriptor::Signals(_)
        | AmmDescriptor::Statistics(_)
        | AmmDescriptor::Audit(_) => Ok(()),
    }
}

fn name(descriptor: &AmmDescriptor<'_>) -> &'static str {
    match descriptor {
        AmmDescriptor::Media(_) => "Media",
        AmmDescriptor::Modem(_) => "Modem",
        AmmDescriptor::Mux(_) => "Mux",
        AmmDescriptor::Events(_) => "Events",
        AmmDescriptor::Signals(_) => "Signals",
        AmmDescriptor::DigitMap(_) => "DigitMap",
        AmmDescriptor::EventBuffer(_) => "EventBuffer",
        AmmDescriptor::Audit(_) => "Audit",
        AmmDescriptor::Statistics(_) => "Statistics",
    }
}

fn plan_media(
    plan: &mut Plan,
    gateway: &Gateway,
    current: Option<&Termination>,
    media: &MediaDescriptor<'_>,
) -> Result<(), Stop> {
    let owner = current.map_or(Owner::Rtp, |termination| termination.owner);
    if let Some(state) = &media.termination_state {
        let packages = gateway.packages.of(owner);
        let kept = packages.termination_state(&state.properties)?;
        plan.changes.properties = Some(kept.into_iter().map(|kept| kept.parm).collect());
        plan.changes.service = state.service_states;
    }
    let given = streams(media);
    check_streams(gateway, current, &given)?;
    let mut taken: Vec<RtpPort> = Vec::new();
    for (id, parms) in given {
        let before = current.and_then(|termination| termination.streams.get(&id));
        let before = before.cloned().unwrap_or_else(Stream::default);
        let line = current.and_then(|termination| gateway.line(termination.line?));
        let change = match line {
            Some(line) => plan_line(&before, parms, line, gateway.packages.of(owner))?,
            None => plan_stream(&before, parms, &gateway.resources(&taken))?,
        };
        if let PortChange::Take(port) = change.port {
            taken.push(port);
        }
        if change.chosen != StreamParms::default() {
            plan.chosen.push(StreamDescriptor {
                id,
                parms: change.chosen.clone(),
            });
        }
        plan.changes.streams.insert(id, change);
    }
    Ok(())
}

/// The streams that a Media descriptor speaks of; without a wrapper it is stream 1.
fn streams<'a, 'b>(media: &'a MediaDescriptor<'b>) -> Vec<(StreamId, &'a StreamParms<'b>)> {
    match &media.streams {
        Streams::Single(parms) if *parms == StreamParms::default() => Vec::new(),
        Streams::Single(parms) => vec![(StreamId(1), parms)],
        Streams::Several(streams) => streams.iter().map(|one| (one.id, &one.parms)).collect(),
    }
}

fn check_streams(
    gateway: &Gateway,
    current: Option<&Termination>,
    given: &[(StreamId, &StreamParms<'_>)],
) -> Result<(), CommandError> {
    let physical = current.is_some_and(|termination| termination.line.is_some());
    let most = if physical {
        // A line is one circuit.
        1
    } else {
        gateway.limits().streams_per_termination
    };
    if given.len() > most {
        return Err(CommandError::TooManyStreams);
    }
    let had =
        |id: &StreamId| current.is_some_and(|termination| termination.streams.contains_key(id));
    let mut count = current.map_or(0, |termination| termination.streams.len());
    for (index, (id, _)) in given.iter().enumerate() {
        if given[..index].iter().any(|(other, _)| other == id) {
            return Err(CommandError::StreamTwice(*id));
        }
        count += usize::from(!had(id));
    }
    if count > most {
        return Err(CommandError::TooManyStreams);
    }
    Ok(())
}

/// The gateway goes and comes by ServiceChange alone.
fn check_root_state(state: &TerminationStateDescriptor<'_>) -> Result<(), CommandError> {
    match state.service_states {
        None | Some(ServiceState::InService) => Ok(()),
        Some(ServiceState::Test | ServiceState::OutOfService) => {
            Err(CommandError::NotImplemented("ServiceStates of ROOT"))
        }
    }
}
