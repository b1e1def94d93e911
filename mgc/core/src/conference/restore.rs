//! Calls, Segs, Legs and operations as they are written down, and taken up again.

use serde::Serialize;

use super::{
    Conferences,
    call::Call,
    leg::{Leg, State},
    seg::Seg,
};
use crate::{
    Table,
    northbound::{CallId, LegId, OperationState, Refusal, SegId},
    operations::Entry,
};

/// Rows of all tables, to be put back together.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(super) calls: Vec<(CallId, Call)>,
    pub(super) segs: Vec<(SegId, Seg)>,
    pub(super) legs: Vec<(LegId, Leg)>,
    operations: Vec<Entry>,
}

impl Rows {
    /// Takes a Call as it was written down.
    pub(crate) fn call(&mut self, id: &str, row: &str) -> serde_json::Result<()> {
        self.calls
            .push((CallId::from_text(id), serde_json::from_str(row)?));
        Ok(())
    }

    /// Takes a Seg as it was written down.
    pub(crate) fn seg(&mut self, id: &str, row: &str) -> serde_json::Result<()> {
        self.segs
            .push((SegId::from_text(id), serde_json::from_str(row)?));
        Ok(())
    }

    /// Takes a Leg as it was written down.
    pub(crate) fn leg(&mut self, id: &str, row: &str) -> serde_json::Result<()> {
        self.legs
            .push((LegId::from_text(id), serde_json::from_str(row)?));
        Ok(())
    }

    /// Takes an operation as it was written down.
    pub(crate) fn operation(&mut self, row: &str) -> serde_json::Result<()> {
        self.operations.push(serde_json::from_str(row)?);
        Ok(())
    }
}

impl Conferences {
    /// Puts back what was written down.
    pub(crate) fn restore(&mut self, rows: Rows) {
        for (id, call) in rows.calls {
            self.calls.restore(id, call);
        }
        for (id, seg) in rows.segs {
            self.segs.restore(id, seg);
        }
        for (id, leg) in rows.legs {
            *self.load.entry(leg.gateway.clone()).or_default() += 1;
            for request in leg.waits.requests() {
                self.note_request(request, &id);
            }
            let waits = leg.waits.all();
            let deadlines =
                waits.filter_map(|(which, wait)| Some((wait.until?, id.clone(), which)));
            self.deadlines.extend(deadlines);
            self.legs.restore(id, leg);
        }
        self.operations.restore(rows.operations);
        self.restore_deadlines();
    }

    /// The first row that speaks of one that is not there: nothing that follows could be relied on.
    pub(crate) fn dangling(&self) -> Option<(Table, String, String)> {
        let missing = |table: Table, key: &str, what: &str| {
            let why = format!("it speaks of {what}, which is not there or of another Call");
            Some((table, key.to_owned(), why))
        };
        for (id, call) in self.calls.iter() {
            for seg in call.segs.iter().chain([&call.main_seg]) {
                if self.segs.get(seg).is_none_or(|seg| seg.call != *id) {
                    return missing(Table::Calls, id.as_str(), seg.as_str());
                }
            }
            for leg in &call.legs {
                if self.legs.get(leg).is_none_or(|leg| leg.call != *id) {
                    return missing(Table::Calls, id.as_str(), leg.as_str());
                }
            }
        }
        let has =
            |call: &CallId, fits: &dyn Fn(&Call) -> bool| self.calls.get(call).is_some_and(fits);
        for (id, seg) in self.segs.iter() {
            if !has(&seg.call, &|call| call.segs.contains(id)) {
                return missing(Table::Segs, id.as_str(), seg.call.as_str());
            }
            for leg in seg.holder.iter().chain(&seg.recorders) {
                let holds = self.legs.get(leg).and_then(|leg| leg.holds.as_ref());
                if holds != Some(id) {
                    return missing(Table::Segs, id.as_str(), leg.as_str());
                }
            }
        }
        for (id, leg) in self.legs.iter() {
            let fits = match &leg.holds {
                Some(seg) => has(&leg.call, &|call| call.segs.contains(seg)),
                None => has(&leg.call, &|call| call.legs.contains(id)),
            };
            if leg.id != *id || !fits {
                return missing(Table::Legs, id.as_str(), leg.call.as_str());
            }
        }
        None
    }

    /// The Legs of which nothing is wanted but that they go.
    pub(crate) fn unwanted(&self) -> Vec<LegId> {
        let legs = self.legs.values();
        legs.filter(|leg| leg.state == State::Abandoned)
            .map(|leg| leg.id.clone())
            .collect()
    }

    /// Goes on with every Leg that waits for a gateway of which nothing was asked yet, and ends the
    /// operations that nobody goes on with.
    pub(crate) fn resume(&mut self, is_open: impl Fn(&LegId) -> bool) {
        let legs: Vec<LegId> = self
            .legs
            .keys()
            .filter(|leg| !is_open(leg))
            .cloned()
            .collect();
        for leg in legs {
            self.pursue(&leg);
        }
        let tasks = self.legs.values().flat_map(|leg| {
            let task = leg.task.as_ref().map(|task| &task.operation);
            let waits = leg.waits.operations();
            let asked = leg.invitation.as_ref().map(|asked| &asked.operation);
            let own = task.into_iter().chain(&leg.leaving).chain(asked);
            own.chain(waits)
        });
        let segs = self.segs.values().filter_map(|seg| seg.ending.as_ref());
        let segs = segs.map(|ending| &ending.operation);
        let calls = self.calls.values().filter_map(|call| call.ending.as_ref());
        let owned = tasks.chain(segs).chain(calls).cloned().collect();
        for operation in self.operations.orphans(&owned) {
            let state = OperationState::Failed;
            self.operations
                .fail(&operation, state, Refusal::Interrupted);
        }
    }

    /// The next row that changed, by table.
    pub(crate) fn poll_call(&mut self) -> Option<(String, Option<String>)> {
        self.calls
            .poll_change()
            .map(|(id, row)| (id.to_string(), row.map(json)))
    }

    /// The next Seg that changed.
    pub(crate) fn poll_seg(&mut self) -> Option<(String, Option<String>)> {
        self.segs
            .poll_change()
            .map(|(id, row)| (id.to_string(), row.map(json)))
    }

    /// The next Leg that changed.
    pub(crate) fn poll_leg(&mut self) -> Option<(String, Option<String>)> {
        self.legs
            .poll_change()
            .map(|(id, row)| (id.to_string(), row.map(json)))
    }
}

/// A row as it is written down.
pub(crate) fn json(row: &impl Serialize) -> String {
    serde_json::to_string(row).expect("rows have keys of text and no fallible parts")
}
