//! Audits that the application asked for: one operation, one question to each gateway.

use std::collections::{BTreeMap, BTreeSet};

use transport_h248::PeerId;

use crate::northbound::{ContextView, OperationId, Refusal};

/// The audits that run.
#[derive(Debug, Default)]
pub(crate) struct Audits {
    running: BTreeMap<OperationId, Audit>,
}

#[derive(Debug)]
struct Audit {
    waiting: BTreeSet<PeerId>,
    /// What was found, or the first reason why it is not all.
    found: Result<Vec<ContextView>, Refusal>,
}

impl Audits {
    /// Notes an audit of these gateways.
    pub(crate) fn start(&mut self, operation: OperationId, peers: BTreeSet<PeerId>) {
        let audit = Audit {
            waiting: peers,
            found: Ok(Vec::new()),
        };
        self.running.insert(operation, audit);
    }

    /// Notes one gateway's answer. Returns what was found once all have answered.
    pub(crate) fn answer(
        &mut self,
        operation: &OperationId,
        peer: PeerId,
        answer: Result<Vec<ContextView>, Refusal>,
    ) -> Option<Result<Vec<ContextView>, Refusal>> {
        let audit = self.running.get_mut(operation)?;
        audit.waiting.remove(&peer);
        match (&mut audit.found, answer) {
            (Ok(found), Ok(more)) => found.extend(more),
            (found @ Ok(_), Err(refusal)) => *found = Err(refusal),
            (Err(_), _) => {}
        }
        if !audit.waiting.is_empty() {
            return None;
        }
        Some(self.running.remove(operation)?.found)
    }
}
