//! What is played to a Leg and collected of it. A gateway takes such a request at once and tells
//! its end later in a Notify; the Leg may be moved meanwhile.

use serde::{Deserialize, Serialize};
use transport_h248::mutants::{Mutant, seeded};

use super::{
    Conferences,
    leg::{Adjustment, Purpose, State, Task},
    request::accepted,
};
use crate::{
    northbound::{
        Accepted, CallId, Cause, Collect, Digits, Done, GatewayId, LegEvent, LegId, MediaFault,
        MoveResult, OperationId, OperationKind, OperationState, Play, PlayMethod, Record,
        Recording, Refusal, SegId,
    },
    operations::Subject,
    registry::Registry,
};

/// Requests under which the end of one wait may be notified; the oldest is forgotten first.
const REQUESTS_MAX: usize = 4;

/// What is waited for at a Leg.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Waits {
    pub(super) play: Option<Wait>,
    pub(super) collect: Option<Wait>,
    #[serde(default)]
    pub(super) record: Option<Wait>,
}

/// An operation whose end a Notify will tell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Wait {
    pub(super) operation: OperationId,
    /// The requests under which its end may be told.
    pub(super) requests: Vec<u32>,
    /// The Seg into which it is played, where it is not to this Leg alone.
    #[serde(default)]
    pub(super) room: Option<SegId>,
    /// When it is given up, in milliseconds since 1970.
    #[serde(default)]
    pub(super) until: Option<u64>,
}

/// What a gateway has notified of a Leg.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Observed {
    /// A signal ended; `None`: otherwise than it was to.
    Played(Option<PlayMethod>),
    /// Digits were collected.
    Collected(Digits),
    /// A recording ended; `None`: it could not be written.
    Recorded(Option<Recording>),
}

/// What of a Leg is played, collected or recorded.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Which {
    Play,
    Collect,
    Record,
}

impl Waits {
    pub(super) fn of(&mut self, which: Which) -> &mut Option<Wait> {
        match which {
            Which::Play => &mut self.play,
            Which::Collect => &mut self.collect,
            Which::Record => &mut self.record,
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Which, &Wait)> {
        let play = self.play.iter().map(|wait| (Which::Play, wait));
        let collect = self.collect.iter();
        let record = self.record.iter();
        play.chain(collect.map(|wait| (Which::Collect, wait)))
            .chain(record.map(|wait| (Which::Record, wait)))
    }

    /// What runs beside a collection, whose ends are told under its requests, too.
    fn beside_digits(&mut self) -> impl Iterator<Item = &mut Wait> {
        self.play.iter_mut().chain(&mut self.record)
    }

    /// The operations that run.
    pub(super) fn operations(&self) -> impl Iterator<Item = &OperationId> {
        self.all().map(|(_, wait)| &wait.operation)
    }

    /// The requests under which something may be told.
    pub(super) fn requests(&self) -> impl Iterator<Item = u32> {
        let requests = |(_, wait): (Which, &'_ Wait)| wait.requests.clone();
        self.all().flat_map(requests)
    }
}

impl Wait {
    pub(super) fn new(operation: &OperationId) -> Self {
        Self {
            operation: operation.clone(),
            requests: Vec::new(),
            room: None,
            until: None,
        }
    }

    fn add(&mut self, request: u32) {
        if self.requests.len() == REQUESTS_MAX {
            self.requests.remove(0);
        }
        self.requests.push(request);
    }
}

impl Conferences {
    /// Begins to play something to a Leg.
    pub(crate) fn play(
        &mut self,
        call: CallId,
        leg: LegId,
        play: Play,
        registry: &Registry,
    ) -> Result<Accepted, Refusal> {
        let seg = self.free_for(&call, &leg, Which::Play)?;
        let play = registry.profiles.of(&self.legs[&leg].gateway).spell(play)?;
        let until = self.deadline(play.limit_ms)?;
        let operation = self.start_at(OperationKind::Play, call, &seg, &leg)?;
        let begun = Wait {
            until: Some(until),
            ..Wait::new(&operation)
        };
        self.begin_play(&leg, &seg, begun, play);
        Ok(accepted(operation))
    }

    /// Begins to play something to a Leg at rest in a Seg.
    pub(super) fn begin_play(&mut self, leg: &LegId, seg: &SegId, mut wait: Wait, play: Play) {
        // Digits that are being collected would be lost with a new request for events; the end of
        // signals was asked for with theirs.
        let waits = &self.legs[leg].waits;
        let asked = waits.collect.as_ref().or(waits.record.as_ref());
        let running = asked.and_then(|wait| wait.requests.last().copied());
        let request = running.unwrap_or_else(|| self.draw_request(leg));
        let operation = wait.operation.clone();
        let purpose = match wait.room {
            Some(_) => Purpose::AdjustGroup,
            None => Purpose::Adjust,
        };
        wait.add(request);
        self.watch_deadline(leg, Which::Play, &wait);
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        party.waits.play = Some(wait);
        let events = running.is_none().then_some(request);
        let adjustment = Adjustment::Play { play, events };
        self.adjust_for(purpose, leg, seg.clone(), &operation, adjustment);
    }

    /// Begins to collect digits of a Leg.
    pub(crate) fn collect(
        &mut self,
        call: CallId,
        leg: LegId,
        collect: Collect,
    ) -> Result<Accepted, Refusal> {
        let seg = self.free_for(&call, &leg, Which::Collect)?;
        let until = self.deadline(collect.limit_ms)?;
        let operation = self.start_at(OperationKind::Collect, call, &seg, &leg)?;
        let request = self.draw_request(&leg);
        let wait = Wait {
            until: Some(until),
            requests: vec![request],
            ..Wait::new(&operation)
        };
        self.watch_deadline(&leg, Which::Collect, &wait);
        let party = self.legs.get_mut(&leg).expect("looked up above");
        party.waits.collect = Some(wait);
        for other in party.waits.beside_digits() {
            other.add(request);
        }
        let adjustment = Adjustment::Collect { collect, request };
        self.adjust(&leg, seg, &operation, adjustment);
        Ok(accepted(operation))
    }

    /// Begins to record a Leg. It goes on where the Leg is moved; how long, the gateway minds.
    pub(crate) fn record(
        &mut self,
        call: CallId,
        leg: LegId,
        record: Record,
    ) -> Result<Accepted, Refusal> {
        let seg = self.free_for(&call, &leg, Which::Record)?;
        let operation = self.start_at(OperationKind::Record, call, &seg, &leg)?;
        let request = self.draw_request(&leg);
        let wait = Wait {
            requests: vec![request],
            ..Wait::new(&operation)
        };
        let party = self.legs.get_mut(&leg).expect("looked up above");
        party.waits.record = Some(wait);
        let adjustment = Adjustment::Record { record, request };
        self.adjust(&leg, seg, &operation, adjustment);
        Ok(accepted(operation))
    }

    /// Begins to stop the recording of a Leg, which would stop what is played to it, too.
    pub(crate) fn stop_record(&mut self, call: CallId, leg: LegId) -> Result<Accepted, Refusal> {
        let seg = self.free_for(&call, &leg, Which::Play)?;
        let operation = self.start_at(OperationKind::StopRecord, call, &seg, &leg)?;
        if self.legs[&leg].waits.record.is_none() {
            self.operations.succeed(&operation, Done::Deleted);
        } else {
            self.stop_at(&leg, seg, &operation, Which::Record);
        }
        Ok(accepted(operation))
    }

    /// Has the gateway stop what it may record of a Leg, though it did not say so. A recorder is taken away.
    pub(super) fn stop_unseen(&mut self, leg: &LegId, seg: SegId) {
        if self.is_recorder(leg) {
            return;
        }
        let subject = Subject {
            call: Some(self.legs[leg].call.clone()),
            seg: Some(seg.clone()),
            leg: Some(leg.clone()),
        };
        let (kind, random) = (OperationKind::StopRecord, &mut self.random);
        let stop = self.operations.start_own(kind, subject, random);
        self.stop_at(leg, seg, &stop, Which::Record);
    }

    /// Begins to stop what is played to a Leg.
    pub(crate) fn stop_play(&mut self, call: CallId, leg: LegId) -> Result<Accepted, Refusal> {
        let seg = self.rests_in(&call, &leg)?;
        let operation = self.start_at(OperationKind::StopPlay, call, &seg, &leg)?;
        if self.legs[&leg].waits.play.is_none() {
            self.operations.succeed(&operation, Done::Deleted);
        } else {
            self.stop_at(&leg, seg, &operation, Which::Play);
        }
        Ok(accepted(operation))
    }

    /// Begins to stop the collection of digits.
    pub(crate) fn stop_collect(&mut self, call: CallId, leg: LegId) -> Result<Accepted, Refusal> {
        let seg = self.rests_in(&call, &leg)?;
        let operation = self.start_at(OperationKind::StopCollect, call, &seg, &leg)?;
        if self.legs[&leg].waits.collect.is_none() {
            self.operations.succeed(&operation, Done::Deleted);
        } else {
            self.stop_at(&leg, seg, &operation, Which::Collect);
        }
        Ok(accepted(operation))
    }

    /// Asks the gateway to stop.
    pub(super) fn stop_at(
        &mut self,
        leg: &LegId,
        seg: SegId,
        operation: &OperationId,
        which: Which,
    ) {
        let adjustment = match which {
            Which::Play => Adjustment::StopPlay,
            Which::Collect => {
                let request = self.draw_request(leg);
                let party = self.legs.get_mut(leg).expect("looked up by the caller");
                for other in party.waits.beside_digits() {
                    other.add(request);
                }
                Adjustment::StopCollect { request }
            }
            Which::Record => Adjustment::StopRecord,
        };
        self.adjust(leg, seg, operation, adjustment);
    }

    fn rests_in(&self, call: &CallId, leg: &LegId) -> Result<SegId, Refusal> {
        let seg = self.at_rest(call, leg)?;
        seg.ok_or_else(|| Refusal::LegStranded(leg.clone()))
    }

    /// The Seg of a Leg at rest of which this is not asked yet.
    fn free_for(&self, call: &CallId, leg: &LegId, which: Which) -> Result<SegId, Refusal> {
        let seg = self.rests_in(call, leg)?;
        let waits = &self.legs[leg].waits;
        let running = match which {
            Which::Play => &waits.play,
            Which::Collect => &waits.collect,
            Which::Record => {
                let all = [&waits.record, &waits.play, &waits.collect];
                let mut all = all.into_iter();
                all.find(|one| one.is_some()).unwrap_or(&None)
            }
        };
        match running {
            None => Ok(seg),
            Some(wait) => Err(Refusal::LegBusy {
                leg: leg.clone(),
                operation: wait.operation.clone(),
            }),
        }
    }

    pub(super) fn start_at(
        &mut self,
        kind: OperationKind,
        call: CallId,
        seg: &SegId,
        leg: &LegId,
    ) -> Result<OperationId, Refusal> {
        let subject = Subject {
            call: Some(call),
            seg: Some(seg.clone()),
            leg: Some(leg.clone()),
        };
        self.start(kind, subject)
    }

    /// A request that no Leg has, under which events of this one will be told.
    pub(super) fn draw_request(&mut self, leg: &LegId) -> u32 {
        loop {
            // The lowest ones are those of ROOT.
            let request = self.random.u32(16..);
            if !self.requests.contains_key(&request) {
                self.note_request(request, leg);
                return request;
            }
        }
    }

    pub(super) fn note_request(&mut self, request: u32, leg: &LegId) {
        // What is played while digits are collected has a request of theirs.
        if self.requests.insert(request, leg.clone()).is_none() {
            let drawn = self.requests_of.entry(leg.clone()).or_default();
            drawn.push(request);
        }
    }

    /// The Leg whose events are told under a request.
    pub(crate) fn leg_of_request(&self, request: u32) -> Option<&LegId> {
        self.requests.get(&request)
    }

    /// Takes what a gateway has notified of a Leg.
    pub(crate) fn handle_observed(&mut self, leg: &LegId, request: u32, observed: Observed) {
        let which = match observed {
            Observed::Played(_) => Which::Play,
            Observed::Collected(_) => Which::Collect,
            Observed::Recorded(_) => Which::Record,
        };
        let Some(party) = self.legs.get_mut(leg) else {
            return;
        };
        let wait = party.waits.of(which);
        let fits = |wait: &mut Wait| wait.requests.contains(&request);
        let again = wait.clone().filter(|_| seeded(Mutant::N01));
        let Some(found) = wait.take_if(fits) else {
            return;
        };
        *wait = again;
        let wait = found;
        self.forget_deadline(leg, which, &wait);
        self.tidy_requests(leg);
        let seg = self.legs[leg].seg.clone();
        let operation = wait.operation.clone();
        let told = Some(operation.clone());
        match observed {
            Observed::Played(Some(method)) => {
                self.report_leg(leg, LegEvent::Played(method), seg, told, None);
                if wait.room.is_some() {
                    self.settle_in_group(leg, &operation, MoveResult::Played, None);
                } else {
                    self.operations.succeed(&operation, Done::Played { method });
                }
            }
            Observed::Played(None) => {
                let refusal = Refusal::answer("it ended before it was played");
                self.fail_wait(leg, Which::Play, &wait, refusal);
            }
            Observed::Recorded(Some(recording)) => {
                let event = LegEvent::RecordingEnded(recording.clone());
                self.report_leg(leg, event, seg, told, None);
                let done = Done::Recorded(recording);
                self.operations.succeed(&operation, done);
            }
            Observed::Recorded(None) => {
                let refusal = Refusal::answer("the gateway tells that it has no file of it");
                self.fail_wait(leg, Which::Record, &wait, refusal);
            }
            Observed::Collected(digits) => {
                let event = LegEvent::Digits(digits.clone());
                self.report_leg(leg, event, seg, told, None);
                let done = Done::Collected(digits);
                self.operations.succeed(&operation, done);
            }
        }
        self.retire_recorder(leg);
    }

    /// Takes a fault of a Leg's media; `None`: there is none any more.
    pub(crate) fn note_media(&mut self, leg: &LegId, fault: Option<MediaFault>) {
        let lost = fault.is_some();
        if self
            .legs
            .get(leg)
            .is_none_or(|party| party.media_lost == lost)
        {
            return;
        }
        let Some(party) = self.legs.get_mut(leg) else {
            return;
        };
        party.media_lost = lost;
        let (seg, cause) = (party.seg.clone(), fault.map(Cause::Media));
        let event = if lost {
            LegEvent::MediaLost
        } else {
            LegEvent::MediaBack
        };
        self.report_leg(leg, event, seg, None, cause);
    }

    /// The gateway did what an adjustment of signals or events asks.
    pub(super) fn supervised(&mut self, leg: &LegId, task: &Task, what: &Adjustment) {
        let operation = &task.operation;
        match what {
            Adjustment::Play { .. } | Adjustment::Collect { .. } | Adjustment::Record { .. } => {
                self.operations.progress(operation, OperationState::Waiting);
                self.recorder_began(leg, operation);
                return;
            }
            Adjustment::StopPlay => self.end_wait(leg, Which::Play, &Refusal::Cancelled),
            Adjustment::StopCollect { .. } => {
                self.end_wait(leg, Which::Collect, &Refusal::Cancelled);
            }
            // Its end is told when its file is complete.
            Adjustment::StopRecord => {}
            Adjustment::Settings(_) | Adjustment::Offer { .. } => return,
        }
        if task.purpose.is_shared() {
            self.settle_in_group(leg, operation, MoveResult::Stopped, None);
        } else {
            self.operations.succeed(operation, Done::Deleted);
        }
    }

    /// The gateway did not do what an adjustment asks.
    pub(super) fn not_supervised(&mut self, leg: &LegId, what: &Adjustment, refusal: &Refusal) {
        match what {
            Adjustment::Play { .. } => self.end_wait(leg, Which::Play, refusal),
            Adjustment::Collect { .. } => self.end_wait(leg, Which::Collect, refusal),
            Adjustment::Record { .. } => self.end_wait(leg, Which::Record, refusal),
            Adjustment::StopPlay
            | Adjustment::StopCollect { .. }
            | Adjustment::StopRecord
            | Adjustment::Settings(_)
            | Adjustment::Offer { .. } => {}
        }
    }

    /// Ends everything that is waited for at a Leg: its Termination is gone.
    pub(super) fn end_waits(&mut self, leg: &LegId, refusal: &Refusal) {
        for which in [Which::Play, Which::Collect, Which::Record] {
            self.end_wait(leg, which, refusal);
        }
    }

    /// Ends what is waited for at a gateway that registered anew and may have given up telling
    /// of it.
    pub(crate) fn interrupt_waits(&mut self, gateway: &GatewayId) {
        let waits = |leg: &super::leg::Leg| leg.waits.operations().next().is_some();
        let legs: Vec<LegId> = self
            .legs
            .values()
            .filter(|leg| leg.gateway == *gateway && waits(leg))
            .map(|leg| leg.id.clone())
            .collect();
        for leg in legs {
            self.end_waits(&leg, &Refusal::Interrupted);
            self.retire_recorder(&leg);
        }
        self.silence(gateway);
    }

    pub(super) fn end_wait(&mut self, leg: &LegId, which: Which, refusal: &Refusal) {
        let Some(party) = self.legs.get(leg) else {
            return;
        };
        // Looked at first, so that a Leg that waits for nothing is not written down again.
        let waits = match which {
            Which::Play => party.waits.play.is_some(),
            Which::Collect => party.waits.collect.is_some(),
            Which::Record => party.waits.record.is_some(),
        };
        if !waits {
            return;
        }
        let party = self.legs.get_mut(leg).expect("looked up above");
        let Some(wait) = party.waits.of(which).take() else {
            return;
        };
        self.forget_deadline(leg, which, &wait);
        self.tidy_requests(leg);
        self.fail_wait(leg, which, &wait, refusal.clone());
    }

    fn fail_wait(&mut self, leg: &LegId, which: Which, wait: &Wait, refusal: Refusal) {
        let operation = &wait.operation;
        let event = match which {
            Which::Play => LegEvent::PlayFailed,
            Which::Collect => LegEvent::CollectFailed,
            Which::Record => LegEvent::RecordFailed,
        };
        let seg = self.legs[leg].seg.clone();
        let cause = Some(Cause::Failed(refusal.clone()));
        self.report_leg(leg, event, seg, Some(operation.clone()), cause);
        let gone = self.legs[leg].state == State::Gone;
        match (&wait.room, gone) {
            (None, _) => {
                let state = OperationState::Failed;
                self.operations.fail(operation, state, refusal);
            }
            (Some(_), true) => self.settle_in_group(leg, operation, MoveResult::Left, None),
            (Some(_), false) => {
                self.settle_in_group(leg, operation, MoveResult::Failed, Some(refusal));
            }
        }
    }

    /// Forgets the requests under which nothing of a Leg is told any more.
    pub(super) fn tidy_requests(&mut self, leg: &LegId) {
        let party = self.legs.get(leg);
        let waits = party.into_iter().flat_map(|party| party.waits.requests());
        let kept: Vec<u32> = waits.collect();
        let Some(mut drawn) = self.requests_of.remove(leg) else {
            return;
        };
        drawn.retain(|request| {
            let keep = kept.contains(request);
            if !keep {
                self.requests.remove(request);
            }
            keep
        });
        if !drawn.is_empty() {
            self.requests_of.insert(leg.clone(), drawn);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn a_leg_without_waits_has_no_requests_and_others_keep_theirs() {
        let random = fastrand::Rng::with_seed(1);
        let mut conferences = Conferences::new(Limits::default(), false, random);
        let [one, other] = ["leg_1", "leg_2"].map(LegId::from_text);
        let drawn = [&one, &other, &one].map(|leg| conferences.draw_request(leg));
        conferences.tidy_requests(&one);
        let of = drawn.map(|request| conferences.leg_of_request(request));
        assert_eq!(of, [None, Some(&other), None]);
        assert_eq!(conferences.requests_of, [(other, vec![drawn[1]])].into());
    }
}
