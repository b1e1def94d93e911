//! What is recorded of a Seg: all that is heard there, by a recorder.
//!
//! A recorder is a Leg without a party, as a holder is. Its Termination hears its Seg and says
//! nothing, and the gateway records what it hears. So a recording goes on whoever comes, goes, is
//! muted or deaf, and keeps the Context open while nobody is there. It ends when it is stopped, by
//! its limit, and with its Seg or Call; before its Termination is taken away the gateway is asked
//! to stop, so that its file is told. It does not outlive its gateway, which has the file.

use super::{
    Conferences,
    leg::{Adjustment, Leg, State, Task},
    request::accepted,
    seg::Seg,
    supervise::{Wait, Waits, Which},
};
use crate::{
    northbound::{
        Accepted, CallId, Cause, Done, EventKind, LegEvent, LegId, OperationId, OperationKind,
        OperationState, Record, Refusal, SegId, Voices,
    },
    operations::Subject,
    registry::Registry,
    sdp::Offer,
};

/// Recorders that a Seg has at a time: one that records, and others that are on their way out.
const RECORDERS_MAX: usize = 4;

/// So long a gateway may take to tell of a file after it was asked to stop.
const STOP_MS: u64 = 5_000;

impl Conferences {
    /// Begins to record what is heard in a Seg.
    pub(crate) fn record_seg(
        &mut self,
        call: CallId,
        seg: SegId,
        name: String,
        limit_ms: Option<u32>,
        registry: &Registry,
    ) -> Result<Accepted, Refusal> {
        let conference = self.live_call(&call)?;
        let room = self.live_seg(&call, &seg)?;
        if let Some(operation) = self.recording_of(room).cloned() {
            return Err(Refusal::SegBusy { seg, operation });
        }
        if room.recorders.len() >= RECORDERS_MAX {
            return Err(Refusal::limit("recordings of the Seg that are ending"));
        }
        self.check_hall(&call)?;
        let gateway = self.gateway_for(conference, registry)?;
        let operation = self.start_in(OperationKind::RecordSeg, call.clone(), &seg)?;
        let leg = self.draw_leg();
        let request = self.draw_request(&leg);
        let record = Record {
            name,
            voices: Voices::Others,
            limit_ms,
        };
        let wait = Wait {
            requests: vec![request],
            ..Wait::new(&operation)
        };
        let offer = self.offer_of_recorder(&call);
        let recorder = Leg {
            holds: Some(seg.clone()),
            adjustment: Some(Adjustment::Record { record, request }),
            waits: Waits {
                record: Some(wait),
                ..Waits::default()
            },
            ..self.enrol(leg.clone(), (call, &seg), gateway, &operation, offer)
        };
        let room = self.segs.get_mut(&seg).expect("looked up above");
        room.recorders.push(leg.clone());
        self.legs.insert(leg.clone(), recorder);
        self.pursue(&leg);
        Ok(accepted(operation))
    }

    /// Its gateway is to mix for it as well as for the best of those that are there.
    fn offer_of_recorder(&self, call: &CallId) -> Offer {
        let legs = self.calls.get(call).into_iter().flat_map(|call| &call.legs);
        let legs = legs.filter_map(|leg| self.legs.get(leg));
        Offer::of_listener(legs.filter_map(|leg| leg.local.as_ref()))
    }

    /// Begins to stop the recording of a Seg.
    pub(crate) fn stop_seg_record(
        &mut self,
        call: CallId,
        seg: SegId,
    ) -> Result<Accepted, Refusal> {
        self.live_call(&call)?;
        let room = self.live_seg(&call, &seg)?;
        let recorder = self.recorder_of(room).map(|(leg, wait)| {
            let stops = wait.until.is_some();
            (leg.clone(), self.legs[leg].task.clone(), stops)
        });
        if let Some((_, Some(Task { operation, .. }), _)) = recorder {
            return Err(Refusal::SegBusy { seg, operation });
        }
        let operation = self.start_in(OperationKind::StopSegRecord, call, &seg)?;
        match recorder {
            Some((leg, _, false)) => self.stop_recorder(&leg, seg, &operation),
            Some((_, _, true)) | None => self.operations.succeed(&operation, Done::Deleted),
        }
        Ok(accepted(operation))
    }

    /// Asks the gateway to end the file of a recorder at rest, and gives it a while to tell of it.
    fn stop_recorder(&mut self, leg: &LegId, seg: SegId, operation: &OperationId) {
        let until = self.clock_ms.saturating_add(STOP_MS);
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        if let Some(wait) = &mut party.waits.record {
            wait.until = Some(until);
            let wait = wait.clone();
            self.watch_deadline(leg, Which::Record, &wait);
        }
        self.stop_at(leg, seg, operation, Which::Record);
    }

    /// Begins to end what is recorded of a Seg that ends; returns whether a recorder is still there.
    pub(super) fn end_recording(&mut self, seg: &SegId) -> bool {
        let Some(room) = self.segs.get(seg) else {
            return false;
        };
        for leg in room.recorders.clone() {
            self.end_recorder(&leg, seg);
        }
        let room = self.segs.get(seg);
        room.is_some_and(|room| !room.recorders.is_empty())
    }

    fn end_recorder(&mut self, leg: &LegId, seg: &SegId) {
        let party = &self.legs[leg];
        // It has not been asked to record yet, or that is not answered.
        let begins = matches!(party.adjustment, Some(Adjustment::Record { .. }))
            && matches!(party.state, State::Joining | State::Adjusting);
        let records = party.waits.record.as_ref();
        if begins {
            self.dismiss(leg, None);
        } else if party.rests() && records.is_some_and(|wait| wait.until.is_none()) {
            let subject = Subject {
                call: Some(party.call.clone()),
                seg: Some(seg.clone()),
                leg: None,
            };
            let (kind, random) = (OperationKind::StopSegRecord, &mut self.random);
            let stop = self.operations.start_own(kind, subject, random);
            self.stop_recorder(leg, seg.clone(), &stop);
        }
    }

    /// The gateway did what was asked about a recorder: it hears its Seg, records it, or has stopped.
    pub(super) fn recorder_arrived(&mut self, leg: &LegId) {
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        let Some(task) = party.task.take() else {
            return;
        };
        if task.purpose.adjusts() {
            self.adjusted(leg, &task);
        } else if let Some(adjustment) = party.adjustment.take() {
            self.adjust(leg, task.target, &task.operation, adjustment);
        }
    }

    /// Tells that a Seg is recorded, where it is a recorder's gateway that has begun, and has not told the end yet.
    pub(super) fn recorder_began(&mut self, leg: &LegId, operation: &OperationId) {
        let party = &self.legs[leg];
        let records = party.waits.record.is_some();
        if let Some(seg) = party.holds.clone().filter(|_| records) {
            let call = party.call.clone();
            let began = EventKind::RecordingBegan;
            self.tell_of_seg(began, &call, &seg, operation, None);
        }
    }

    /// Tells of a Seg what is told of its recorder.
    pub(super) fn report_recorder(
        &mut self,
        leg: &LegId,
        event: LegEvent,
        operation: Option<OperationId>,
        cause: Option<Cause>,
    ) {
        let ended = if let LegEvent::RecordingEnded(recording) = event {
            Some(recording)
        } else if event == LegEvent::RecordFailed {
            None
        } else {
            return;
        };
        let party = &self.legs[leg];
        let (call, seg) = (party.call.clone(), party.holds.clone());
        if let (Some(seg), Some(operation)) = (seg, operation) {
            let kind = EventKind::RecordingEnded(ended);
            self.tell_of_seg(kind, &call, &seg, &operation, cause);
        }
    }

    /// Takes a recorder at rest away that has nothing to record any more.
    pub(super) fn retire_recorder(&mut self, leg: &LegId) {
        let party = self.legs.get(leg);
        let done = |party: &Leg| party.rests() && party.waits.record.is_none();
        if party.is_some_and(done) && self.is_recorder(leg) {
            self.dismiss(leg, None);
        }
    }

    /// Forgets a recorder that the gateway does not have any more.
    pub(super) fn recorder_gone(&mut self, leg: &LegId, seg: &SegId, cause: &Cause) {
        let refusal = cause.as_refusal();
        self.end_waits(leg, &refusal);
        let party = &self.legs[leg];
        let (call, task) = (party.call.clone(), party.task.clone());
        if let Some(room) = self.segs.get_mut(seg) {
            room.recorders.retain(|other| other != leg);
        }
        self.forget_leg(leg, &call);
        if let Some(task) = task {
            let state = OperationState::Failed;
            self.operations.fail(&task.operation, state, refusal);
        }
        self.end_seg_if_empty(seg);
        self.end_call_if_empty(&call);
    }

    /// Whether it is not a party that a Leg stands for, but what records a Seg.
    pub(super) fn is_recorder(&self, leg: &LegId) -> bool {
        let room = self.held_by(leg).and_then(|seg| self.segs.get(seg));
        room.is_some_and(|room| room.recorders.contains(leg))
    }

    /// What records a Seg, and what for.
    fn recorder_of<'a>(&'a self, room: &'a Seg) -> Option<(&'a LegId, &'a Wait)> {
        let mut recorders = room.recorders.iter();
        recorders.find_map(|leg| Some((leg, self.legs.get(leg)?.waits.record.as_ref()?)))
    }

    /// The operation that records a Seg.
    pub(super) fn recording_of<'a>(&'a self, room: &'a Seg) -> Option<&'a OperationId> {
        self.recorder_of(room).map(|(_, wait)| &wait.operation)
    }
}
