//! Add (H.248.1 7.2.1).

use std::time::Instant;

use codec_h248::{AmmRequest, TerminationId, descriptor::ServiceState};

use super::{
    item::{Item, amm_returns, wanted},
    plan,
    target::{Here, Member},
};
use crate::{
    CommandError,
    command_error::Stop,
    gateway::{Gateway, TerminationKey, context::Attributes, termination::Termination, wildcard},
};

/// Makes a Termination in `here`, which is made first where it is CHOOSE.
pub(crate) fn execute(
    gateway: &mut Gateway,
    here: &mut Here,
    request: &AmmRequest<'static>,
    now: Instant,
) -> Result<Item, Stop> {
    check_root(gateway, *here)?;
    if gateway.ephemeral_count() >= gateway.limits().terminations {
        return Err(CommandError::NoTermination(TerminationId::CHOOSE).into());
    }
    check_room(gateway, *here, None)?;
    let plan = plan::plan(gateway, None, &request.descriptors)?;
    let context = enter(gateway, here)?;
    let (key, id) = gateway.add(context, plan.changes, now);
    let wanted = wanted(gateway, key, &plan.audit, now);
    let returns = amm_returns(gateway, key, plan.chosen, &plan.audit, &wanted);
    Ok(Item::of(gateway, &Member { key, id }, returns))
}

/// Puts a physical Termination of the null Context into `here`.
pub(crate) fn take(
    gateway: &mut Gateway,
    here: &mut Here,
    member: &Member,
    request: &AmmRequest<'static>,
    now: Instant,
) -> Result<Item, Stop> {
    let key = member.key;
    let Some(termination) = gateway.termination(key) else {
        return Err(CommandError::UnknownTermination(member.id.clone()).into());
    };
    if termination.context.is_some() {
        return Err(CommandError::AlreadyInContext(member.id.clone()).into());
    }
    check_root(gateway, *here)?;
    check_service(termination)?;
    if gateway.services.is_leaving(key) {
        return Err(CommandError::Leaving(member.id.clone()).into());
    }
    check_room(gateway, *here, None)?;
    let plan = plan::plan(gateway, Some(termination), &request.descriptors)?;
    let context = enter(gateway, here)?;
    gateway.enter(key, context, plan.changes, now);
    let wanted = wanted(gateway, key, &plan.audit, now);
    let returns = amm_returns(gateway, key, plan.chosen, &plan.audit, &wanted);
    Ok(Item::of(gateway, member, returns))
}

/// Puts one of the physical Terminations into `here` that `pattern` leaves open: the first of the null
/// Context that is in service.
pub(crate) fn choose(
    gateway: &mut Gateway,
    here: &mut Here,
    pattern: &TerminationId<'static>,
    request: &AmmRequest<'static>,
    now: Instant,
) -> Result<Item, Stop> {
    let found = wildcard::first_free(gateway, pattern);
    let member = found.and_then(|key| {
        let id = gateway.termination(key)?.id.clone();
        Some(Member { key, id })
    });
    let member = member.ok_or_else(|| match wildcard::is_provisioned(gateway, pattern) {
        true => CommandError::NoTermination(pattern.clone()),
        false => CommandError::NoMatch(pattern.clone()),
    })?;
    take(gateway, here, &member, request, now)
}

/// Refuses to put anything into a Context of a gateway that is out of service, or too busy for what is
/// not urgent.
fn check_root(gateway: &Gateway, here: Here) -> Result<(), CommandError> {
    if !gateway.root.is_in_service() {
        return Err(CommandError::GatewayOut);
    }
    let attributes = match here {
        Here::Unmade(attributes) => attributes,
        Here::Made(id) => gateway
            .context(id)
            .map(|found| found.attributes)
            .unwrap_or_default(),
        Here::Null | Here::All => Attributes::default(),
    };
    let is_urgent = attributes.emergency || attributes.ieps;
    match gateway.is_busy && !is_urgent {
        true => Err(CommandError::Busy),
        false => Ok(()),
    }
}

/// Refuses what is out of service, to be put into a Context or moved to another (7.2.1, 7.2.4).
pub(crate) fn check_service(termination: &Termination) -> Result<(), CommandError> {
    match termination.service {
        ServiceState::InService | ServiceState::Test => Ok(()),
        ServiceState::OutOfService => Err(CommandError::OutOfService(termination.id.clone())),
    }
}

/// Refuses a Termination more than the Context takes; `mover` may be in it already.
pub(crate) fn check_room(
    gateway: &Gateway,
    here: Here,
    mover: Option<TerminationKey>,
) -> Result<(), CommandError> {
    let Here::Made(id) = here else {
        return Ok(());
    };
    let Some(context) = gateway.context(id) else {
        return Err(CommandError::UnknownContext(here.id()));
    };
    let inside = mover.is_some_and(|key| context.members.contains(&key));
    let full = context.members.len() >= gateway.limits().terminations_per_context;
    if full && !inside {
        return Err(CommandError::ContextFull(here.id()));
    }
    Ok(())
}

/// The Context to put a Termination in at once; it is made where it is CHOOSE.
pub(crate) fn enter(gateway: &mut Gateway, here: &mut Here) -> Result<u32, CommandError> {
    match *here {
        Here::Made(id) => Ok(id),
        Here::Unmade(attributes) => {
            let id = gateway.make_context(attributes);
            *here = Here::Made(id);
            Ok(id)
        }
        Here::Null | Here::All => Err(CommandError::IllegalAction(here.id())),
    }
}
