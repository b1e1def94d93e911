//! Audits that the application asked for: one operation, one question to each gateway.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use transport_h248::PeerId;

use crate::northbound::{ContextView, Done, GatewayId, OperationId};

/// An audit waits so long: several repetitions of a lost question, and little enough that one
/// silent gateway does not keep from the application what the others hold.
const PATIENCE: Duration = Duration::from_secs(3);

/// The audits that run.
#[derive(Debug, Default)]
pub(crate) struct Audits {
    running: BTreeMap<OperationId, Audit>,
}

#[derive(Debug)]
struct Audit {
    until: Instant,
    waiting: BTreeMap<PeerId, GatewayId>,
    found: Vec<ContextView>,
    /// The gateways that refused.
    silent: Vec<GatewayId>,
}

impl Audits {
    /// Notes an audit of these gateways.
    pub(crate) fn start(
        &mut self,
        operation: OperationId,
        waiting: BTreeMap<PeerId, GatewayId>,
        now: Instant,
    ) {
        let audit = Audit {
            until: now + PATIENCE,
            waiting,
            found: Vec::new(),
            silent: Vec::new(),
        };
        self.running.insert(operation, audit);
    }

    /// Notes one gateway's answer; `None` where it does not tell. An answer that comes too late
    /// has no effect.
    pub(crate) fn answer(
        &mut self,
        operation: &OperationId,
        peer: PeerId,
        found: Option<Vec<ContextView>>,
    ) {
        let Some(audit) = self.running.get_mut(operation) else {
            return;
        };
        match (audit.waiting.remove(&peer), found) {
            (_, Some(found)) => audit.found.extend(found),
            (gateway, None) => audit.silent.extend(gateway),
        }
    }

    /// Returns the next audit that is over: all have answered, or there was time enough.
    pub(crate) fn poll_done(&mut self, now: Instant) -> Option<(OperationId, Done)> {
        let over = |audit: &Audit| audit.waiting.is_empty() || audit.until <= now;
        let mut running = self.running.iter();
        let (operation, _) = running.find(|(_, audit)| over(audit))?;
        let (operation, audit) = self.running.remove_entry(&operation.clone())?;
        let mut silent = audit.silent;
        silent.extend(audit.waiting.into_values());
        let contexts = audit.found;
        Some((operation, Done::Contexts { contexts, silent }))
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.running.values().map(|audit| audit.until).min()
    }
}
