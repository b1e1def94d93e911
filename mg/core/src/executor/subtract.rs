//! Subtract (H.248.1 7.2.3).

use std::time::Instant;

use codec_h248::{SubtractRequest, descriptor::AuditItem};

use super::{
    audit,
    counted::{Return, Wanted},
    item::{Item, duration_ms},
    target::Member,
};
use crate::{
    CommandError,
    command_error::Stop,
    gateway::{Gateway, kept::Kept, packages::Owner},
};

/// Ends a Termination, or puts it back into the null Context. The reply waits for the engine even where no statistics are asked for, so
/// that the port pair is free when the controller reads it.
pub(crate) fn execute(
    gateway: &mut Gateway,
    member: &Member,
    request: &SubtractRequest<'static>,
    now: Instant,
) -> Result<Item, Stop> {
    let by_default = [AuditItem::Statistics];
    let items = match &request.audit {
        None => &by_default[..],
        Some(audit) => &audit.items,
    };
    let owner = gateway.termination(member.key).map(|found| found.owner);
    let packages = gateway.packages.of(owner.unwrap_or(Owner::Rtp));
    audit::check(packages, None, items)?;
    let Some((termination, tallies)) = gateway.remove(member.key, now) else {
        // A list can name a Termination twice; a physical one is then not in the Context any more.
        if gateway.termination(member.key).is_some() {
            return Err(CommandError::NotInContext(member.id.clone()).into());
        }
        return Err(CommandError::UnknownTermination(member.id.clone()).into());
    };
    let tickets: Vec<_> = tallies.iter().filter_map(|tally| tally.ticket).collect();
    let wanted = Wanted {
        table: gateway.packages.statistics(termination.owner),
        duration_ms: duration_ms(&termination, now),
        tallies,
        which: Kept::ALL,
    };
    let mut returns = audit::of_termination(&gateway.packages, &termination, items, &wanted);
    if request.audit.is_none() {
        // Of what is not kept there is nothing to say by default.
        returns.retain(Return::says_something);
    }
    let item = Item {
        context: termination.context_id(),
        termination: member.id.clone(),
        outcome: Ok(returns),
        tickets: Vec::new(),
    };
    Ok(item.waiting_for(tickets))
}
