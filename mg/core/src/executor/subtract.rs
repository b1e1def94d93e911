//! Subtract (H.248.1 7.2.3).

use std::time::Instant;

use codec_h248::{ContextId, SubtractRequest, descriptor::AuditItem};

use super::{
    audit,
    item::{Item, duration_ms},
    target::Member,
};
use crate::{
    CommandError,
    command_error::Stop,
    executor::audit::Wanted,
    gateway::{Gateway, packages::Owner},
};

/// Ends a Termination. The reply waits for the engine even where no statistics are asked for, so
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
    audit::check(Owner::Rtp, items)?;
    let Some((termination, tallies)) = gateway.remove(member.key) else {
        // A list can name a Termination twice.
        return Err(CommandError::UnknownTermination(member.id.clone()).into());
    };
    let tickets: Vec<_> = tallies.iter().filter_map(|tally| tally.ticket).collect();
    let wanted = Wanted {
        duration_ms: duration_ms(&termination, now),
        tallies,
        only: None,
    };
    let returns = audit::of_termination(&termination, items, &wanted);
    let item = Item {
        context: ContextId::Id(termination.context),
        termination: member.id.clone(),
        outcome: Ok(returns),
        tickets: Vec::new(),
    };
    Ok(item.waiting_for(tickets))
}
