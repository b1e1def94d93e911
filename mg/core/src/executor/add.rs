//! Add (H.248.1 7.2.1).

use std::time::Instant;

use codec_h248::{AmmRequest, TerminationId};

use super::{
    item::{Item, amm_returns, wanted},
    plan,
    target::{Here, Member},
};
use crate::{
    CommandError,
    command_error::Stop,
    gateway::{Gateway, TerminationKey},
};

/// Makes a Termination in `here`, which is made first where it is CHOOSE.
pub(crate) fn execute(
    gateway: &mut Gateway,
    here: &mut Here,
    request: &AmmRequest<'static>,
    now: Instant,
) -> Result<Item, Stop> {
    if gateway.termination_count() >= gateway.limits().terminations {
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
