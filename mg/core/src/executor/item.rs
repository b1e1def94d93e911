//! What came of a command on one Termination.

use std::time::Instant;

use codec_h248::{
    ContextId, TerminationId,
    descriptor::{AuditItem, AuditReturn, MediaDescriptor, StreamDescriptor, Streams},
};
use mg_contract::Ticket;
use transport_h248::mutants::{Mutant, seeded};

use super::{
    audit,
    counted::{Return, Wanted},
    target::Member,
};
use crate::{
    CommandError,
    gateway::{Gateway, TerminationKey, kept::Kept, packages::Owner, termination::Termination},
};

/// What came of a command on one Termination.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The Context that the reply names.
    pub(crate) context: ContextId,
    /// The Termination that the reply names.
    pub(crate) termination: TerminationId<'static>,
    /// What is returned, or why it was refused.
    pub(crate) outcome: Result<Vec<Return>, CommandError>,
    /// What the engine is still to answer.
    pub(crate) tickets: Vec<Ticket>,
}

impl Item {
    /// A success of a Termination, in the Context that it is in.
    pub(crate) fn of(gateway: &Gateway, member: &Member, returns: Vec<Return>) -> Self {
        let found = gateway.termination(member.key);
        let context = found.map_or(ContextId::Null, Termination::context_id);
        let tickets = returns.iter().flat_map(Return::tickets).collect();
        Self {
            context,
            termination: member.id.clone(),
            outcome: Ok(returns),
            tickets,
        }
    }

    /// A success in the null Context.
    pub(crate) fn null(termination: TerminationId<'static>, returns: Vec<Return>) -> Self {
        Self {
            context: ContextId::Null,
            termination,
            outcome: Ok(returns),
            tickets: Vec::new(),
        }
    }

    /// A refusal.
    pub(crate) fn refused(
        context: ContextId,
        termination: TerminationId<'static>,
        error: CommandError,
    ) -> Self {
        Self {
            context,
            termination,
            outcome: Err(error),
            tickets: Vec::new(),
        }
    }

    /// The same, when the engine has answered these, too.
    pub(crate) fn waiting_for(mut self, tickets: Vec<Ticket>) -> Self {
        self.tickets.extend(tickets);
        self
    }
}

/// Time since a Termination came into its first Context, in milliseconds; none in the null Context.
pub(crate) fn duration_ms(termination: &Termination, now: Instant) -> u64 {
    let since = termination.since.unwrap_or(now);
    u64::try_from(now.saturating_duration_since(since).as_millis()).unwrap_or(u64::MAX)
}

/// Asks the engine for statistics where `items` want them.
pub(crate) fn wanted(
    gateway: &mut Gateway,
    key: TerminationKey,
    items: &[AuditItem<'static>],
    now: Instant,
) -> Wanted {
    let found = gateway.termination(key);
    let duration_ms = found.map_or(0, |found| duration_ms(found, now));
    let owner = found.map_or(Owner::Rtp, |found| found.owner);
    let wants = found.is_some_and(|found| audit::wants_statistics(found, items));
    let tallies = if wants {
        gateway.ask_statistics(key)
    } else {
        Vec::new()
    };
    if wants && seeded(Mutant::M19) {
        gateway.keep(key, Some(Kept::NONE), now);
        gateway.keep(key, Some(Kept::ALL), now);
    }
    Wanted {
        table: gateway.packages.statistics(owner),
        duration_ms,
        tallies,
        which: Kept::ALL,
    }
}

/// What Add, Move and Modify return: what the gateway chose, and what is asked for.
pub(crate) fn amm_returns(
    gateway: &Gateway,
    key: TerminationKey,
    chosen: Vec<StreamDescriptor<'static>>,
    items: &[AuditItem<'static>],
    wanted: &Wanted,
) -> Vec<Return> {
    let mut returns = Vec::new();
    if !chosen.is_empty() && !items.contains(&AuditItem::Media) {
        returns.push(Return::Ready(AuditReturn::Media(MediaDescriptor {
            termination_state: None,
            streams: Streams::Several(chosen.into()),
        })));
    }
    if let Some(termination) = gateway.termination(key) {
        returns.extend(audit::of_termination(
            &gateway.packages,
            termination,
            items,
            wanted,
        ));
    }
    returns
}
