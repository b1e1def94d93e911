//! Requests that are being carried out, and how the last ones ended.

mod keys;

use std::collections::{BTreeSet, VecDeque};

use self::keys::{Index, Keyed};
use crate::{
    ledger::Ledger,
    northbound::{
        CallId, Completion, Done, LegId, LegResult, MoveResult, OperationId, OperationKind,
        OperationState, OperationView, Refusal, SegId,
    },
};

/// The operations; the oldest finished ones make room for new ones.
#[derive(Debug)]
pub(crate) struct Operations {
    kept_max: usize,
    entries: Ledger<OperationId, Entry>,
    /// As the rows have them.
    keys: Index,
    /// In the order of their ending.
    finished: VecDeque<OperationId>,
    /// How many have ended.
    ends: u64,
    completions: VecDeque<Completion>,
}

/// An operation.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Entry {
    view: OperationView,
    /// Which in the order of ending it was, once it has ended.
    ended: Option<u64>,
    #[serde(default)]
    keys: Vec<Keyed>,
}

/// What an operation is about.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    pub(crate) call: Option<CallId>,
    pub(crate) seg: Option<SegId>,
    pub(crate) leg: Option<LegId>,
}

impl Operations {
    pub(crate) fn new(kept_max: usize, durable: bool) -> Self {
        Self {
            kept_max,
            entries: Ledger::new(durable),
            keys: Index::new(),
            finished: VecDeque::new(),
            ends: 0,
            completions: VecDeque::new(),
        }
    }

    /// Notes an operation that is accepted.
    pub(crate) fn start(
        &mut self,
        kind: OperationKind,
        subject: Subject,
        random: &mut fastrand::Rng,
    ) -> Result<OperationId, Refusal> {
        if self.entries.len() >= self.kept_max && !self.forget_oldest() {
            return Err(Refusal::limit("operations"));
        }
        Ok(self.enter(kind, subject, random))
    }

    /// Notes an operation that the platform begins itself and that cannot wait; there are at most a
    /// few for each Seg.
    pub(crate) fn start_own(
        &mut self,
        kind: OperationKind,
        subject: Subject,
        random: &mut fastrand::Rng,
    ) -> OperationId {
        if self.entries.len() >= self.kept_max {
            self.forget_oldest();
        }
        self.enter(kind, subject, random)
    }

    /// Forgets the operation that ended first; `false`: all run.
    fn forget_oldest(&mut self) -> bool {
        let Some(oldest) = self.finished.pop_front() else {
            return false;
        };
        if let Some(entry) = self.entries.remove(&oldest) {
            self.unindex(&entry);
        }
        true
    }

    fn enter(
        &mut self,
        kind: OperationKind,
        subject: Subject,
        random: &mut fastrand::Rng,
    ) -> OperationId {
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
            legs: Vec::new(),
            request_id: None,
            done: None,
        };
        let entry = Entry {
            view,
            ended: None,
            keys: Vec::new(),
        };
        self.entries.insert(id.clone(), entry);
        id
    }

    /// Puts back what was written down.
    pub(crate) fn restore(&mut self, mut entries: Vec<Entry>) {
        // A key that was given back is that of the operation that had it last: a failed one is the
        // earlier one.
        entries.sort_by_key(|entry| (entry.view.state != OperationState::Failed, entry.keyed_at()));
        let mut ended: Vec<(u64, OperationId)> = Vec::new();
        for entry in entries {
            let id = entry.view.id.clone();
            Self::index(&mut self.keys, &entry);
            ended.extend(entry.ended.map(|order| (order, id.clone())));
            self.entries.restore(id, entry);
        }
        ended.sort();
        self.ends = ended.last().map_or(0, |(order, _)| order + 1);
        self.finished = ended.into_iter().map(|(_, id)| id).collect();
    }

    /// The operations that run and belong to none of these.
    pub(crate) fn orphans(&self, owned: &BTreeSet<OperationId>) -> Vec<OperationId> {
        let running = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.ended.is_none());
        let orphans = running.filter(|(id, _)| !owned.contains(id));
        orphans.map(|(id, _)| id.clone()).collect()
    }

    /// The next operation that changed.
    pub(crate) fn poll_change(&mut self) -> Option<(OperationId, Option<&Entry>)> {
        self.entries.poll_change()
    }

    /// Notes how far an operation is. No effect on one that has ended.
    pub(crate) fn progress(&mut self, id: &OperationId, state: OperationState) {
        if let Some(entry) = self
            .entries
            .get_mut(id)
            .filter(|entry| entry.ended.is_none())
        {
            entry.view.state = state;
        }
    }

    /// Notes what is known of a Leg that an operation is about. No effect on one that has ended.
    pub(crate) fn note_leg(
        &mut self,
        id: &OperationId,
        leg: &LegId,
        result: MoveResult,
        cause: Option<Refusal>,
    ) {
        let entry = self.entries.get_mut(id);
        let Some(entry) = entry.filter(|entry| entry.ended.is_none()) else {
            return;
        };
        let leg = leg.clone();
        let note = LegResult { leg, result, cause };
        let mut notes = entry.view.legs.iter_mut();
        match notes.find(|known| known.leg == note.leg) {
            Some(known) => *known = note,
            None => entry.view.legs.push(note),
        }
    }

    /// What is known of the Legs that an operation is about.
    pub(crate) fn legs(&self, id: &OperationId) -> &[LegResult] {
        self.entries
            .get(id)
            .map_or(&[], |entry| entry.view.legs.as_slice())
    }

    /// Whether an operation has not ended.
    pub(crate) fn is_running(&self, id: &OperationId) -> bool {
        self.entries
            .get(id)
            .is_some_and(|entry| entry.ended.is_none())
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
        let Some(entry) = self
            .entries
            .get_mut(id)
            .filter(|entry| entry.ended.is_none())
        else {
            return;
        };
        entry.ended = Some(self.ends);
        self.ends += 1;
        entry.view.state = state;
        entry.view.refusal = result.as_ref().err().cloned();
        entry.view.done = result.as_ref().ok().cloned();
        self.finished.push_back(id.clone());
        self.completions.push_back(Completion {
            operation: id.clone(),
            result,
            legs: entry.view.legs.clone(),
        });
    }

    pub(crate) fn view(&self, id: &OperationId) -> Result<OperationView, Refusal> {
        let entry = self.entries.get(id);
        let entry = entry.ok_or_else(|| Refusal::UnknownOperation(id.clone()))?;
        Ok(entry.view.clone())
    }

    /// The name of the request that an operation began with.
    pub(crate) fn request_id(&self, id: &OperationId) -> Option<String> {
        self.entries.get(id)?.view.request_id.clone()
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
        let mut operations = Operations::new(2, false);
        let mut start = |operations: &mut Operations| {
            operations.start(OperationKind::CreateCall, Subject::default(), &mut random)
        };
        let first = start(&mut operations).unwrap();
        let second = start(&mut operations).unwrap();
        assert_eq!(start(&mut operations), Err(Refusal::limit("operations")));
        operations.succeed(&second, Done::Deleted);
        let third = start(&mut operations).unwrap();
        assert!(operations.view(&first).is_ok());
        assert!(operations.view(&second).is_err());
        assert!(operations.view(&third).is_ok());
    }

    #[test]
    fn an_operation_ends_once() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut operations = Operations::new(2, false);
        let id = operations
            .start(OperationKind::DeleteLeg, Subject::default(), &mut random)
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
