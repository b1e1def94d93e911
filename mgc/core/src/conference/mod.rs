//! Conferences: Calls of Segs and Legs. They speak of what they want in [`Intent`]s and learn what
//! came of it in [`Outcome`]s; that a Seg is a Context and a Leg a Termination is known elsewhere.

mod adjust;
mod call;
mod closing;
mod deadlines;
mod detach;
mod due;
mod ending;
mod failover;
mod group;
mod holder;
mod intent;
mod invite;
mod leg;
mod mixing;
mod modify_seg;
mod outcome;
mod request;
mod restore;
mod room_play;
mod room_record;
mod rules;
mod seg;
mod supervise;
mod supervisor;
mod view;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(crate) use intent::{Hall, Intent, Mixing, Outcome, Signals, Supervise, Want};
pub(crate) use request::accepted;
pub(crate) use restore::{Rows, json};
pub(crate) use supervise::Observed;

use self::{call::Call, due::Timetable, leg::Leg, seg::Seg, supervise::Which};
use crate::{
    Limits,
    ledger::Ledger,
    manners::Manners,
    northbound::{
        CallId, Cause, Event, EventKind, GatewayId, LegEvent, LegId, LegState, OperationId,
        Refusal, SegId,
    },
    operations::Operations,
};

/// All Calls, and what is to be told about them.
#[derive(Debug)]
pub(crate) struct Conferences {
    limits: Limits,
    random: fastrand::Rng,
    calls: Ledger<CallId, Call>,
    segs: Ledger<SegId, Seg>,
    legs: Ledger<LegId, Leg>,
    pub(crate) manners: Manners,
    /// A few entries for each Seg and Leg.
    timetable: Timetable,
    /// Legs that need another gateway; emptied after every input.
    displaced: VecDeque<LegId>,
    /// How many Legs each gateway carries.
    load: BTreeMap<GatewayId, usize>,
    pub(crate) operations: Operations,
    /// The Leg whose events are told under each request; a few for each Leg.
    requests: BTreeMap<u32, LegId>,
    /// The same by Leg.
    requests_of: BTreeMap<LegId, Vec<u32>>,
    /// The Legs whose parties talk, where it is told, and whether their gateways have counted from the beginning.
    talkers: BTreeMap<LegId, bool>,
    /// The time of the last input, in milliseconds since 1970.
    clock_ms: u64,
    /// Until when something is waited for at each Leg.
    deadlines: BTreeSet<(u64, LegId, Which)>,
    // Both queues are emptied after every input; an input adds at most a few entries for each Leg
    // that it is about.
    intents: VecDeque<Intent>,
    events: VecDeque<Event>,
    /// Private Segs that ended, until the events about them are taken.
    ended_private: BTreeSet<SegId>,
}

impl Conferences {
    pub(crate) fn new(limits: Limits, durable: bool, random: fastrand::Rng) -> Self {
        Self {
            limits,
            random,
            calls: Ledger::new(durable),
            segs: Ledger::new(durable),
            legs: Ledger::new(durable),
            manners: Manners::default(),
            timetable: Timetable::default(),
            displaced: VecDeque::new(),
            load: BTreeMap::new(),
            operations: Operations::new(limits.operations, durable),
            requests: BTreeMap::new(),
            requests_of: BTreeMap::new(),
            talkers: BTreeMap::new(),
            clock_ms: 0,
            deadlines: BTreeSet::new(),
            intents: VecDeque::new(),
            events: VecDeque::new(),
            ended_private: BTreeSet::new(),
        }
    }

    pub(crate) fn poll_intent(&mut self) -> Option<Intent> {
        self.intents.pop_front()
    }

    pub(crate) fn poll_event(&mut self) -> Option<Event> {
        let event = self.events.pop_front();
        if event.is_none() {
            self.ended_private.clear();
        }
        event
    }

    /// Whether only supervisors see a Seg, also of one that has ended whose events are being taken.
    pub(crate) fn is_private(&self, seg: &SegId) -> bool {
        let here = self.segs.get(seg).is_some_and(|seg| seg.policy.private);
        here || self.ended_private.contains(seg)
    }

    fn forget_seg(&mut self, id: &SegId) -> Option<Seg> {
        let seg = self.segs.remove(id)?;
        self.reschedule(id, seg.until, None);
        if seg.policy.private {
            self.ended_private.insert(id.clone());
        }
        Some(seg)
    }

    /// Reports that a gateway came or went.
    pub(crate) fn report_gateway(&mut self, kind: EventKind, cause: Option<Cause>) {
        self.events.push_back(Event {
            kind,
            call: None,
            seg: None,
            leg: None,
            operation: None,
            cause,
        });
    }

    /// The gateway that carries a Leg.
    pub(crate) fn gateway_of(&self, leg: &LegId) -> Option<&GatewayId> {
        self.legs.get(leg).map(|leg| &leg.gateway)
    }

    /// The Call of a Leg, and the operation for which a gateway is asked something about it.
    pub(crate) fn errand_of(&self, leg: &LegId) -> (Option<CallId>, Option<OperationId>) {
        let Some(party) = self.legs.get(leg) else {
            return (None, None);
        };
        let task = party.task.as_ref().map(|task| &task.operation);
        let ending = self.calls.get(&party.call);
        let ending = ending.and_then(|call| call.ending.as_ref());
        let operation = party.leaving.as_ref().or(ending).or(task);
        (Some(party.call.clone()), operation.cloned())
    }

    /// How many Legs each gateway carries; one that is absent carries none.
    pub(crate) fn load(&self) -> &BTreeMap<GatewayId, usize> {
        &self.load
    }

    /// Asks the gateway for what the Leg's new state wants.
    fn pursue(&mut self, leg: &LegId) {
        let leg = &self.legs[leg];
        if let Some(want) = leg.want() {
            let intent = Intent {
                gateway: leg.gateway.clone(),
                leg: leg.id.clone(),
                hall: self.hall(&leg.call, &want),
                mixing: leg.mixing(),
                want,
            };
            self.intents.push_back(intent);
        }
    }

    /// The Seg whose Context all Segs of a Call share, where they do.
    fn hall_of(&self, call: &CallId) -> Option<&SegId> {
        self.calls.get(call)?.hall()
    }

    /// The shared Context that what is wanted leads into.
    fn hall(&self, call: &CallId, want: &Want) -> Option<Hall> {
        let seg = self.segs.get(want.seg()?);
        Some(Hall {
            seg: self.hall_of(call)?.clone(),
            listens: seg.is_some_and(|seg| seg.policy.listen_main),
        })
    }

    fn report_leg(
        &mut self,
        leg: &LegId,
        event: LegEvent,
        seg: Option<SegId>,
        operation: Option<OperationId>,
        cause: Option<Cause>,
    ) {
        // A holder is nobody's, and of a recorder its Seg is told.
        if self.legs[leg].holds.is_some() {
            self.report_recorder(leg, event, operation, cause);
            return;
        }
        self.events.push_back(Event {
            kind: EventKind::LegEventReport(event),
            call: Some(self.legs[leg].call.clone()),
            seg,
            leg: Some(leg.clone()),
            operation,
            cause,
        });
    }

    /// A Call that is there and not ending.
    fn live_call(&self, id: &CallId) -> Result<&Call, Refusal> {
        self.calls
            .get(id)
            .filter(|call| call.ending.is_none() && !self.is_opening(call))
            .ok_or_else(|| Refusal::UnknownCall(id.clone()))
    }

    /// Whether nobody has been told of a Call yet.
    fn is_opening(&self, call: &Call) -> bool {
        let main_seg = self.segs.get(&call.main_seg);
        main_seg.is_some_and(|seg| seg.opening.is_some())
    }

    fn seg_of(&self, call: &CallId, id: &SegId) -> Result<&Seg, Refusal> {
        let seg = self.segs.get(id);
        let seg = seg.ok_or_else(|| Refusal::UnknownSeg(id.clone()))?;
        if seg.call != *call {
            return Err(Refusal::SegOfAnotherCall(id.clone()));
        }
        Ok(seg)
    }

    /// A Seg of this Call that is there and not ending.
    fn live_seg(&self, call: &CallId, id: &SegId) -> Result<&Seg, Refusal> {
        let seg = self.seg_of(call, id)?;
        if seg.ending.is_some() {
            return Err(Refusal::UnknownSeg(id.clone()));
        }
        if seg.opening.is_some() {
            return Err(Refusal::SegNotConfirmed(id.clone()));
        }
        Ok(seg)
    }

    fn leg_of(&self, call: &CallId, id: &LegId) -> Result<&Leg, Refusal> {
        self.legs
            .get(id)
            .filter(|leg| leg.call == *call && leg.holds.is_none())
            .ok_or_else(|| Refusal::UnknownLeg(id.clone()))
    }

    /// A Leg that stays, and of which nothing is asked.
    fn idle_leg(&self, call: &CallId, id: &LegId) -> Result<&Leg, Refusal> {
        let leg = self.leg_of(call, id)?;
        if leg.state.view() == LegState::Leaving {
            return Err(Refusal::UnknownLeg(id.clone()));
        }
        match &leg.task {
            None => Ok(leg),
            Some(task) => Err(Refusal::LegBusy {
                leg: id.clone(),
                operation: task.operation.clone(),
            }),
        }
    }
}
