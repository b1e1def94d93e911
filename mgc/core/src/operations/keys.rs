//! The callers' keys: a request that comes again under its key is the operation that it was.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use super::{Entry, Operations};
use crate::northbound::{
    Accepted, Key, OperationId, OperationState, OperationView, Origin, Refusal, Taken,
};

/// So long a key stands for its operation, or until the operation is forgotten.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// So many keys an operation has: requests that join one that runs bring their own. What more of
/// them do when they come again is what a new request would do.
const KEYS_MAX: usize = 4;

/// A key as it stands in its operation's row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Keyed {
    caller: String,
    text: String,
    fingerprint: String,
    /// When it was brought, in seconds since 1970: it must be told after a restart too.
    at: u64,
}

/// Which operation a caller's key stands for.
pub(super) type Index = BTreeMap<(String, String), OperationId>;

impl Operations {
    /// The operation that a request was before, if it was; its key with another request is refused.
    pub(crate) fn repeated(
        &self,
        origin: &Origin,
        now: SystemTime,
    ) -> Result<Option<Taken>, Refusal> {
        let Some(key) = &origin.key else {
            return Ok(None);
        };
        let Some((entry, keyed)) = self.find(&origin.caller, key) else {
            return Ok(None);
        };
        let young = seconds(now).saturating_sub(keyed.at) < KEPT.as_secs();
        if !young || entry.did_nothing() {
            return Ok(None);
        }
        if keyed.fingerprint != key.fingerprint {
            return Err(Refusal::KeyReused(entry.view.id.clone()));
        }
        Ok(Some(entry.taken()))
    }

    fn find(&self, caller: &str, key: &Key) -> Option<(&Entry, &Keyed)> {
        let place = (caller.to_owned(), key.text.clone());
        let entry = self.entries.get(self.keys.get(&place)?)?;
        let mut keys = entry.keys.iter();
        let keyed = keys.find(|keyed| keyed.caller == caller && keyed.text == key.text)?;
        Some((entry, keyed))
    }

    /// Notes where an operation comes from; one that was joined keeps the name of its first request.
    pub(crate) fn bear(&mut self, id: &OperationId, origin: Origin, now: SystemTime) {
        if origin.key.is_none() && origin.request_id.is_none() {
            return;
        }
        let Some(entry) = self.entries.get_mut(id) else {
            return;
        };
        let known = entry.view.request_id.take();
        entry.view.request_id = known.or(origin.request_id);
        let Some(key) = origin.key.filter(|_| entry.keys.len() < KEYS_MAX) else {
            return;
        };
        let place = (origin.caller.clone(), key.text.clone());
        entry.keys.push(Keyed {
            caller: origin.caller,
            text: key.text,
            fingerprint: key.fingerprint,
            at: seconds(now),
        });
        self.keys.insert(place, id.clone());
    }

    /// Puts the keys of a row into the index; the later row wins where one was given back.
    pub(super) fn index(keys: &mut Index, entry: &Entry) {
        for keyed in &entry.keys {
            let place = (keyed.caller.clone(), keyed.text.clone());
            keys.insert(place, entry.view.id.clone());
        }
    }

    /// Forgets the keys of a row that is gone.
    pub(super) fn unindex(&mut self, entry: &Entry) {
        for keyed in &entry.keys {
            let place = (keyed.caller.clone(), keyed.text.clone());
            if self.keys.get(&place) == Some(&entry.view.id) {
                self.keys.remove(&place);
            }
        }
    }
}

impl Entry {
    fn taken(&self) -> Taken {
        let OperationView { id, seg, .. } = self.view.clone();
        let refusal = self.view.refusal.clone();
        let outcome = match (&self.view.done, refusal) {
            (Some(done), _) => Some(Ok(done.clone())),
            (None, Some(refusal)) if self.ended.is_some() => Some(Err(refusal)),
            (None, _) => None,
        };
        let accepted = Accepted { operation: id, seg };
        Taken { accepted, outcome }
    }

    /// Whether it came to nothing, so that its key may try again. What the application itself has
    /// stopped must not begin anew because an old request comes late, and what moved some Legs of
    /// several has done that.
    fn did_nothing(&self) -> bool {
        let OperationView {
            state,
            refusal,
            legs,
            ..
        } = &self.view;
        let stopped = matches!(refusal, Some(Refusal::Cancelled | Refusal::WaitTimeout));
        let in_part = legs.iter().any(|leg| leg.result.is_done());
        *state == OperationState::Failed && !stopped && !in_part
    }

    /// When its youngest key was brought.
    pub(super) fn keyed_at(&self) -> u64 {
        self.keys.iter().map(|keyed| keyed.at).max().unwrap_or(0)
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        northbound::{Done, MoveResult, OperationKind, SegId},
        operations::Subject,
    };

    fn at(hours: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_000_000) + Duration::from_secs(hours * 3_600)
    }

    fn from(caller: &str, fingerprint: &str) -> Origin {
        Origin {
            caller: caller.to_owned(),
            request_id: Some("req_1".to_owned()),
            key: Some(Key {
                text: "k".to_owned(),
                fingerprint: fingerprint.to_owned(),
            }),
        }
    }

    fn started(operations: &mut Operations, seed: u64) -> OperationId {
        let mut random = fastrand::Rng::with_seed(seed);
        let subject = Subject {
            seg: Some(SegId::from_text("seg_1")),
            ..Subject::default()
        };
        let id = operations.start(OperationKind::CreateSegReq, subject, &mut random);
        let id = id.unwrap();
        operations.bear(&id, from("a", "x"), at(0));
        id
    }

    fn done() -> Done {
        Done::SegCreated {
            seg: SegId::from_text("seg_1"),
        }
    }

    /// The table as it is after a restart.
    fn again(operations: &mut Operations) -> Operations {
        let mut rows = Vec::new();
        while let Some((_, row)) = operations.poll_change() {
            rows.extend(row.map(|row| serde_json::to_string(row).unwrap()));
        }
        let rows = rows.iter().map(|row| serde_json::from_str(row).unwrap());
        let mut restored = Operations::new(8, true);
        restored.restore(rows.collect());
        restored
    }

    #[test]
    fn a_key_stands_for_its_operation_also_after_a_restart_and_for_a_day() {
        let mut operations = Operations::new(8, true);
        let id = started(&mut operations, 1);
        let running = operations.repeated(&from("a", "x"), at(1)).unwrap();
        assert_eq!(running.unwrap().outcome, None);
        operations.succeed(&id, done());
        let operations = again(&mut operations);
        let taken = operations.repeated(&from("a", "x"), at(23)).unwrap();
        let taken = taken.unwrap();
        assert_eq!(taken.accepted.operation, id);
        assert_eq!(taken.accepted.seg, Some(SegId::from_text("seg_1")));
        assert_eq!(taken.outcome, Some(Ok(done())));
        let view = operations.view(&id).unwrap();
        assert_eq!(view.request_id.as_deref(), Some("req_1"));
        assert_eq!(operations.repeated(&from("a", "x"), at(24)), Ok(None));
        assert_eq!(operations.repeated(&from("b", "x"), at(1)), Ok(None));
    }

    #[test]
    fn another_request_under_the_same_key_is_refused() {
        let mut operations = Operations::new(8, true);
        let id = started(&mut operations, 1);
        let told = operations.repeated(&from("a", "y"), at(1));
        assert_eq!(told, Err(Refusal::KeyReused(id)));
    }

    #[test]
    fn an_operation_that_failed_gives_its_key_back_and_the_next_one_has_it_after_a_restart() {
        let mut operations = Operations::new(8, true);
        let first = started(&mut operations, 1);
        operations.fail(&first, OperationState::Failed, Refusal::GatewayTimeout);
        assert_eq!(operations.repeated(&from("a", "x"), at(0)), Ok(None));
        let second = started(&mut operations, 2);
        operations.succeed(&second, done());
        let operations = again(&mut operations);
        let taken = operations.repeated(&from("a", "x"), at(0)).unwrap();
        assert_eq!(taken.unwrap().accepted.operation, second);
    }

    #[test]
    fn what_was_stopped_or_done_in_part_keeps_its_key() {
        for refusal in [Refusal::Cancelled, Refusal::WaitTimeout] {
            let mut operations = Operations::new(8, true);
            let stopped = started(&mut operations, 1);
            operations.fail(&stopped, OperationState::Failed, refusal);
            let taken = operations.repeated(&from("a", "x"), at(0)).unwrap();
            assert_eq!(taken.unwrap().accepted.operation, stopped);
        }
        for result in [MoveResult::Moved, MoveResult::Played, MoveResult::Stopped] {
            let mut operations = Operations::new(8, true);
            let in_part = started(&mut operations, 1);
            let leg = crate::northbound::LegId::from_text("leg_1");
            operations.note_leg(&in_part, &leg, result, None);
            operations.fail(&in_part, OperationState::Failed, Refusal::GatewayTimeout);
            let taken = operations.repeated(&from("a", "x"), at(0)).unwrap();
            assert_eq!(taken.unwrap().accepted.operation, in_part);
        }
    }

    #[test]
    fn keys_go_with_their_operation_and_are_no_more_than_an_operation_may_have() {
        let mut operations = Operations::new(1, true);
        let id = started(&mut operations, 1);
        for number in 0..10 {
            let caller = number.to_string();
            operations.bear(&id, from(&caller, "x"), at(0));
        }
        assert_eq!(operations.keys.len(), KEYS_MAX);
        operations.succeed(&id, done());
        let mut random = fastrand::Rng::with_seed(2);
        let next = operations.start(OperationKind::CreateCall, Subject::default(), &mut random);
        assert!(next.is_ok());
        assert_eq!(operations.keys.len(), 0);
    }
}
