//! Modify (H.248.1 7.2.2).

use std::time::Instant;

use codec_h248::{AmmRequest, TerminationId};

use super::{
    audit,
    item::{Item, amm_returns, wanted},
    plan,
    target::Member,
};
use crate::{command_error::Stop, gateway::Gateway};

/// Changes a Termination.
pub(crate) fn execute(
    gateway: &mut Gateway,
    member: &Member,
    request: &AmmRequest<'static>,
    now: Instant,
) -> Result<Item, Stop> {
    let key = member.key;
    let mut plan = plan::plan(gateway, gateway.termination(key), &request.descriptors)?;
    gateway.keep(key, plan.changes.kept.take(), now);
    let wanted = wanted(gateway, key, &plan.audit, now);
    let closed = gateway.change(key, plan.changes, now);
    let returns = amm_returns(gateway, key, plan.chosen, &plan.audit, &wanted);
    Ok(Item::of(gateway, member, returns).waiting_for(closed))
}

/// Changes ROOT.
pub(crate) fn execute_root(
    gateway: &mut Gateway,
    request: &AmmRequest<'static>,
) -> Result<Item, Stop> {
    let plan = plan::plan_root(gateway, &request.descriptors)?;
    gateway.root.properties = plan.properties;
    gateway.root.of_vendors = plan.of_vendors;
    if let Some(events) = plan.events {
        gateway.root.events = events;
    }
    if let Some(map) = plan.map {
        gateway.change_root_map(map);
    }
    let returns = audit::of_root(gateway, &plan.audit);
    Ok(Item::null(TerminationId::ROOT, returns))
}
