//! Requests that are being carried out, and how the last ones ended.

use std::collections::{BTreeMap, VecDeque};

use crate::northbound::{
    CallId, Completion, Done, LegId, OperationId, OperationState, OperationView, Refusal, SegId,
};

/// The operations; the oldest finished ones make room for new ones.
#[derive(Debug)]
pub(crate) struct Operations {
    kept_max: usize,
    entries: BTreeMap<OperationId, Entry>,
    /// In the order of their ending.
    finished: VecDeque<OperationId>,
    completions: VecDeque<Completion>,
}

#[derive(Debug)]
struct Entry {
    view: OperationView,
    ended: bool,
}

/// What an operation is about.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    pub(crate) call: Option<CallId>,
    pub(crate) seg: Option<SegId>,
    pub(crate) leg: Option<LegId>,
}

impl Operations {
    pub(crate) fn new(kept_max: usize) -> Self {
        Self {
            kept_max,
            entries: BTreeMap::new(),
            finished: VecDeque::new(),
            completions: VecDeque::new(),
        }
    }

    /// Notes an operation that is accepted.
    pub(crate) fn start(
        &mut self,
        kind: &'static str,
        subject: Subject,
        random: &mut fastrand::Rng,
    ) -> Result<OperationId, Refusal> {
        if self.entries.len() >= self.kept_max {
            let oldest = self.finished.pop_front();
            let oldest = oldest.ok_or(Refusal::Limit("operations"))?;
            self.entries.remove(&oldest);
        }
        let mut id = OperationId::draw(random);
        while self.entries.contains_key(&id) {
            id = OperationId::draw(random);
        }
        let view = OperationView {
            id: id.clone(),
            kind,
            state: OperationState::Accepted,
            call: subject.call,
            seg: subject.seg,
            leg: subject.leg,
            refusal: None,
        };
        let entry = Entry { view, ended: false };
        self.entries.insert(id.clone(), entry);
        Ok(id)
    }

    /// Notes how far an operation is. No effect on one that has ended.
    pub(crate) fn progress(&mut self, id: &OperationId, state: OperationState) {
        if let Some(entry) = self.entries.get_mut(id).filter(|entry| !entry.ended) {
            entry.view.state = state;
        }
    }

    /// Whether an operation has not ended.
    pub(crate) fn is_running(&self, id: &OperationId) -> bool {
        self.entries.get(id).is_some_and(|entry| !entry.ended)
    }

    /// Ends an operation well. No effect on one that has ended.
    pub(crate) fn succeed(&mut self, id: &OperationId, done: Done) {
        self.end(id, OperationState::Done, Ok(done));
    }

    /// Ends an operation that came to nothing; `state` is Failed or RolledBack. No effect on one
    /// that has ended.
    pub(crate) fn fail(&mut self, id: &OperationId, state: OperationState, refusal: Refusal) {
        self.end(id, state, Err(refusal));
    }

    fn end(&mut self, id: &OperationId, state: OperationState, result: Result<Done, Refusal>) {
        let Some(entry) = self.entries.get_mut(id).filter(|entry| !entry.ended) else {
            return;
        };
        entry.ended = true;
        entry.view.state = state;
        entry.view.refusal = result.as_ref().err().cloned();
        self.finished.push_back(id.clone());
        self.completions.push_back(Completion {
            operation: id.clone(),
            result,
        });
    }

    pub(crate) fn view(&self, id: &OperationId) -> Result<OperationView, Refusal> {
        let entry = self.entries.get(id);
        let entry = entry.ok_or_else(|| Refusal::UnknownOperation(id.clone()))?;
        Ok(entry.view.clone())
    }

    pub(crate) fn poll_completion(&mut self) -> Option<Completion> {
        self.completions.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_finished_operation_makes_room_and_a_running_one_never_does() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut operations = Operations::new(2);
        let mut start = |operations: &mut Operations| {
            operations.start("CreateCall", Subject::default(), &mut random)
        };
        let first = start(&mut operations).unwrap();
        let second = start(&mut operations).unwrap();
        assert_eq!(start(&mut operations), Err(Refusal::Limit("operations")));
        operations.succeed(&second, Done::Deleted);
        let third = start(&mut operations).unwrap();
        assert!(operations.view(&first).is_ok());
        assert!(operations.view(&second).is_err());
        assert!(operations.view(&third).is_ok());
    }

    #[test]
    fn an_operation_ends_once() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut operations = Operations::new(2);
        let id = operations
            .start("DeleteLeg", Subject::default(), &mut random)
            .unwrap();
        operations.fail(&id, OperationState::RolledBack, Refusal::GatewayTimeout);
        operations.succeed(&id, Done::Deleted);
        operations.progress(&id, OperationState::Unknown);
        let view = operations.view(&id).unwrap();
        assert_eq!(view.state, OperationState::RolledBack);
        assert_eq!(view.refusal, Some(Refusal::GatewayTimeout));
        assert!(operations.poll_completion().is_some());
        assert!(operations.poll_completion().is_none());
    }
}
