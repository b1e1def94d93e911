//! What is played to a Leg and collected of it. A gateway takes such a request at once and tells
//! its end later in a Notify; the Leg may be moved meanwhile.

use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};

use super::{Conferences, leg::Adjustment, request::accepted};
use crate::{
    northbound::{
        Accepted, CallId, Cause, Collect, Digits, Done, GatewayId, LegEvent, LegId, MediaFault,
        OperationId, OperationKind, OperationState, Play, PlayMethod, Refusal, SegId,
    },
    operations::Subject,
};

/// Requests under which the end of one wait may be notified; the oldest is forgotten first.
const REQUESTS_MAX: usize = 4;

/// What is waited for at a Leg.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Waits {
    pub(super) play: Option<Wait>,
    pub(super) collect: Option<Wait>,
}

/// An operation whose end a Notify will tell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Wait {
    pub(super) operation: OperationId,
    /// The requests under which its end may be told.
    requests: Vec<u32>,
}

/// What a gateway has notified of a Leg.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Observed {
    /// A signal ended; `None`: otherwise than it was to.
    Played(Option<PlayMethod>),
    /// Digits were collected.
    Collected(Digits),
}

/// What of a Leg is played or collected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Which {
    Play,
    Collect,
}

impl Waits {
    fn of(&mut self, which: Which) -> &mut Option<Wait> {
        match which {
            Which::Play => &mut self.play,
            Which::Collect => &mut self.collect,
        }
    }

    /// The operations that run.
    pub(super) fn operations(&self) -> impl Iterator<Item = &OperationId> {
        let waits = [&self.play, &self.collect];
        waits.into_iter().flatten().map(|wait| &wait.operation)
    }

    /// The requests under which something may be told.
    pub(super) fn requests(&self) -> impl Iterator<Item = u32> {
        let waits = [&self.play, &self.collect];
        let waits = waits.into_iter().flatten();
        waits.flat_map(|wait| wait.requests.iter().copied())
    }
}

impl Wait {
    fn new(operation: &OperationId, request: u32) -> Self {
        Self {
            operation: operation.clone(),
            requests: vec![request],
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
    ) -> Result<Accepted, Refusal> {
        let seg = self.free_for(&call, &leg, Which::Play)?;
        let operation = self.start_at(OperationKind::Play, call, &seg, &leg)?;
        // Digits that are being collected would be lost with a new request for events; the end of
        // signals was asked for with theirs.
        let collecting = self.legs[&leg].waits.collect.as_ref();
        let running = collecting.and_then(|wait| wait.requests.last().copied());
        let request = running.unwrap_or_else(|| self.draw_request(&leg));
        let party = self.legs.get_mut(&leg).expect("looked up above");
        party.waits.play = Some(Wait::new(&operation, request));
        let events = running.is_none().then_some(request);
        let adjustment = Adjustment::Play { play, events };
        self.adjust(&leg, seg, &operation, adjustment);
        Ok(accepted(operation))
    }

    /// Begins to collect digits of a Leg.
    pub(crate) fn collect(
        &mut self,
        call: CallId,
        leg: LegId,
        collect: Collect,
    ) -> Result<Accepted, Refusal> {
        let seg = self.free_for(&call, &leg, Which::Collect)?;
        let operation = self.start_at(OperationKind::Collect, call, &seg, &leg)?;
        let request = self.draw_request(&leg);
        let party = self.legs.get_mut(&leg).expect("looked up above");
        party.waits.collect = Some(Wait::new(&operation, request));
        if let Some(play) = &mut party.waits.play {
            play.add(request);
        }
        let adjustment = Adjustment::Collect { collect, request };
        self.adjust(&leg, seg, &operation, adjustment);
        Ok(accepted(operation))
    }

    /// Begins to stop what is played to a Leg.
    pub(crate) fn stop_play(&mut self, call: CallId, leg: LegId) -> Result<Accepted, Refusal> {
        let seg = self.rests_in(&call, &leg)?;
        let operation = self.start_at(OperationKind::StopPlay, call, &seg, &leg)?;
        if self.legs[&leg].waits.play.is_none() {
            self.operations.succeed(&operation, Done::Deleted);
        } else {
            self.adjust(&leg, seg, &operation, Adjustment::StopPlay);
        }
        Ok(accepted(operation))
    }

    /// Begins to stop the collection of digits.
    pub(crate) fn stop_collect(&mut self, call: CallId, leg: LegId) -> Result<Accepted, Refusal> {
        let seg = self.rests_in(&call, &leg)?;
        let operation = self.start_at(OperationKind::StopCollect, call, &seg, &leg)?;
        if self.legs[&leg].waits.collect.is_none() {
            self.operations.succeed(&operation, Done::Deleted);
            return Ok(accepted(operation));
        }
        let request = self.draw_request(&leg);
        let party = self.legs.get_mut(&leg).expect("looked up above");
        if let Some(play) = &mut party.waits.play {
            play.add(request);
        }
        self.adjust(&leg, seg, &operation, Adjustment::StopCollect { request });
        Ok(accepted(operation))
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
        };
        match running {
            None => Ok(seg),
            Some(wait) => Err(Refusal::LegBusy {
                leg: leg.clone(),
                operation: wait.operation.clone(),
            }),
        }
    }

    fn start_at(
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
    fn draw_request(&mut self, leg: &LegId) -> u32 {
        loop {
            // The lowest ones are those of ROOT.
            let request = self.random.u32(16..);
            if let Entry::Vacant(free) = self.requests.entry(request) {
                free.insert(leg.clone());
                return request;
            }
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
        };
        let Some(party) = self.legs.get_mut(leg) else {
            return;
        };
        let wait = party.waits.of(which);
        let fits = |wait: &mut Wait| wait.requests.contains(&request);
        let Some(Wait { operation, .. }) = wait.take_if(fits) else {
            return;
        };
        self.tidy_requests(leg);
        let seg = self.legs[leg].seg.clone();
        let told = Some(operation.clone());
        match observed {
            Observed::Played(Some(method)) => {
                self.report_leg(leg, LegEvent::Played(method), seg, told, None);
                self.operations.succeed(&operation, Done::Played { method });
            }
            Observed::Played(None) => {
                let refusal = Refusal::answer("it ended before it was played");
                self.fail_wait(leg, Which::Play, &operation, refusal);
            }
            Observed::Collected(digits) => {
                let event = LegEvent::Digits(digits.clone());
                self.report_leg(leg, event, seg, told, None);
                let done = Done::Collected(digits);
                self.operations.succeed(&operation, done);
            }
        }
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
    pub(super) fn supervised(&mut self, leg: &LegId, operation: &OperationId, what: &Adjustment) {
        match what {
            Adjustment::Play { .. } | Adjustment::Collect { .. } => {
                self.operations.progress(operation, OperationState::Waiting);
                return;
            }
            Adjustment::StopPlay => self.end_wait(leg, Which::Play, &Refusal::Cancelled),
            Adjustment::StopCollect { .. } => {
                self.end_wait(leg, Which::Collect, &Refusal::Cancelled);
            }
            Adjustment::Settings(_) => return,
        }
        self.operations.succeed(operation, Done::Deleted);
    }

    /// The gateway did not do what an adjustment asks.
    pub(super) fn not_supervised(&mut self, leg: &LegId, what: &Adjustment, refusal: &Refusal) {
        match what {
            Adjustment::Play { .. } => self.end_wait(leg, Which::Play, refusal),
            Adjustment::Collect { .. } => self.end_wait(leg, Which::Collect, refusal),
            Adjustment::StopPlay | Adjustment::StopCollect { .. } | Adjustment::Settings(_) => {}
        }
    }

    /// Ends everything that is waited for at a Leg: its Termination is gone.
    pub(super) fn end_waits(&mut self, leg: &LegId, refusal: &Refusal) {
        for which in [Which::Play, Which::Collect] {
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
        }
    }

    fn end_wait(&mut self, leg: &LegId, which: Which, refusal: &Refusal) {
        let Some(party) = self.legs.get(leg) else {
            return;
        };
        // Looked at first, so that a Leg that waits for nothing is not written down again.
        let waits = match which {
            Which::Play => party.waits.play.is_some(),
            Which::Collect => party.waits.collect.is_some(),
        };
        if !waits {
            return;
        }
        let party = self.legs.get_mut(leg).expect("looked up above");
        let Some(Wait { operation, .. }) = party.waits.of(which).take() else {
            return;
        };
        self.tidy_requests(leg);
        self.fail_wait(leg, which, &operation, refusal.clone());
    }

    fn fail_wait(&mut self, leg: &LegId, which: Which, operation: &OperationId, refusal: Refusal) {
        let event = match which {
            Which::Play => LegEvent::PlayFailed,
            Which::Collect => LegEvent::CollectFailed,
        };
        let seg = self.legs[leg].seg.clone();
        let cause = Some(Cause::Failed(refusal.clone()));
        self.report_leg(leg, event, seg, Some(operation.clone()), cause);
        self.operations
            .fail(operation, OperationState::Failed, refusal);
    }

    /// Forgets the requests under which nothing of a Leg is told any more.
    fn tidy_requests(&mut self, leg: &LegId) {
        let Some(party) = self.legs.get(leg) else {
            return;
        };
        let kept: Vec<u32> = party.waits.requests().collect();
        self.requests
            .retain(|request, of| of != leg || kept.contains(request));
    }
}
