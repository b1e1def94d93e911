//! Move (H.248.1 7.2.4).

use std::time::Instant;

use codec_h248::AmmRequest;
use transport_h248::mutants::{Mutant, seeded};

use super::{
    add::{check_room, check_service, enter},
    item::{Item, amm_returns, wanted},
    plan,
    target::{Here, Member},
};
use crate::{
    command_error::Stop,
    gateway::{Gateway, kept::Kept},
};

/// Puts a Termination into `here`, out of whichever Context it is in, and then changes it as
/// Modify would. Where it is in `here` already, only the changes remain.
pub(crate) fn execute(
    gateway: &mut Gateway,
    here: &mut Here,
    member: &Member,
    request: &AmmRequest<'static>,
    now: Instant,
) -> Result<Item, Stop> {
    gateway
        .termination(member.key)
        .map_or(Ok(()), check_service)?;
    check_room(gateway, *here, Some(member.key))?;
    let key = member.key;
    let mut plan = plan::plan(gateway, gateway.termination(key), &request.descriptors)?;
    let context = enter(gateway, here)?;
    gateway.keep(key, plan.changes.kept.take(), now);
    // Statistics are those of the moment before the Move.
    let wanted = wanted(gateway, key, &plan.audit, now);
    gateway.move_to(key, context);
    if seeded(Mutant::M12) {
        gateway.keep(key, Some(Kept::NONE), now);
        gateway.keep(key, Some(Kept::ALL), now);
    }
    let closed = gateway.change(key, plan.changes, now);
    let returns = amm_returns(gateway, key, plan.chosen, &plan.audit, &wanted);
    Ok(Item::of(gateway, member, returns).waiting_for(closed))
}
