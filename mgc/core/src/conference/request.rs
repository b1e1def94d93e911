//! Requests of the application: what is refused at once, and what begins.

use super::{
    Conferences,
    call::Call,
    leg::{Input, Leg, Purpose, State, Task},
    seg::Seg,
};
use crate::{
    northbound::{
        Accepted, CallId, Confirm, Done, GatewayId, LegEvent, LegId, MediaSettings, MoveResult,
        NewCall, OperationId, OperationKind, OperationState, Refusal, Role, SegId, SegPolicy,
        Strategy,
    },
    operations::Subject,
    registry::Registry,
    sdp::Offer,
};

impl Conferences {
    /// Makes a Call with its main Seg.
    pub(crate) fn create_call(
        &mut self,
        new: &NewCall,
        registry: &Registry,
    ) -> Result<Accepted, Refusal> {
        if self.calls.len() >= self.limits.calls {
            return Err(Refusal::limit("calls"));
        }
        let main_seg = self.draw_seg();
        let conference = Call::new(main_seg.clone(), new);
        let gateway = self.holding(&conference, new.confirm, registry)?;
        let operation = self.start(OperationKind::CreateCall, Subject::default())?;
        let call = self.draw_call();
        self.calls.insert(call.clone(), conference);
        let policy = SegPolicy {
            confirm: new.confirm,
            ..SegPolicy::default()
        };
        let seg = Seg::new(call.clone(), None, policy, self.clock_ms);
        self.segs.insert(main_seg.clone(), seg);
        self.open(&call, &main_seg, gateway, &operation);
        Ok(accepted(operation))
    }

    /// The gateway that is to hold a Seg, where one is to.
    fn holding(
        &self,
        call: &Call,
        confirm: Confirm,
        registry: &Registry,
    ) -> Result<Option<GatewayId>, Refusal> {
        match confirm {
            Confirm::Reserved => Ok(None),
            Confirm::MediaServer => self.gateway_for(call, registry).map(Some),
        }
    }

    /// Has a Seg stand: at once, or when the gateway holds its Context.
    fn open(
        &mut self,
        call: &CallId,
        seg: &SegId,
        gateway: Option<GatewayId>,
        operation: &OperationId,
    ) {
        let Some(gateway) = gateway else {
            self.stands(call, seg, operation);
            return;
        };
        let room = self.segs.get_mut(seg).expect("made by the caller");
        room.opening = Some(operation.clone());
        self.hold(seg, gateway, operation);
    }

    /// Begins to make a Seg.
    pub(crate) fn create_seg(
        &mut self,
        call: CallId,
        name: Option<String>,
        policy: SegPolicy,
        by: Option<&LegId>,
        registry: &Registry,
    ) -> Result<Accepted, Refusal> {
        self.check_may_create(&call, by)?;
        self.check_another_seg(&call)?;
        let conference = self.live_call(&call)?;
        if policy.listen_main && conference.hall().is_none() {
            return Err(Refusal::PolicyNotForCall(call));
        }
        let gateway = self.holding(conference, policy.confirm, registry)?;
        if gateway.is_some() {
            self.check_hall(&call)?;
        }
        let seg = self.draw_seg();
        let subject = Subject {
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: None,
        };
        let operation = self.start(OperationKind::CreateSegReq, subject)?;
        let room = Seg::new(call.clone(), name, policy, self.clock_ms);
        self.reschedule(&seg, None, room.until);
        self.segs.insert(seg.clone(), room);
        let segs = &mut self.calls.get_mut(&call).expect("looked up above").segs;
        segs.push(seg.clone());
        self.open(&call, &seg, gateway, &operation);
        Ok(Accepted {
            operation,
            seg: Some(seg),
        })
    }

    /// Begins to bring a party into a Seg.
    pub(crate) fn add_leg(
        &mut self,
        call: CallId,
        seg: Option<SegId>,
        (sdp, role, host): (&str, Role, bool),
        registry: &Registry,
    ) -> Result<Accepted, Refusal> {
        let conference = self.live_call(&call)?;
        let seg = seg.unwrap_or_else(|| conference.main_seg.clone());
        self.live_seg(&call, &seg)?;
        self.check_another_leg(&call)?;
        self.check_hall(&call)?;
        self.check_newcomer(&call, &seg)?;
        let offer = Offer::parse(sdp).map_err(Refusal::bad_sdp)?;
        let gateway = self.gateway_for(conference, registry)?;
        let leg = self.draw_leg();
        let subject = Subject {
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: Some(leg.clone()),
        };
        let operation = self.start(OperationKind::AddLeg, subject)?;
        let conference = self.calls.get_mut(&call).expect("looked up above");
        conference.legs.push(leg.clone());
        let settings = MediaSettings {
            talking: conference.talking && role == Role::Member,
            ..MediaSettings::default()
        };
        let party = Leg {
            role,
            host,
            settings,
            ..self.enrol(leg.clone(), (call, &seg), gateway, &operation, offer)
        };
        self.legs.insert(leg.clone(), party);
        self.tell_supervision(&leg, &seg);
        self.pursue(&leg);
        Ok(accepted(operation))
    }

    /// Makes a Leg that its gateway is to bring into a Seg, and notes that it carries one Termination more for
    /// the Call.
    pub(super) fn enrol(
        &mut self,
        leg: LegId,
        (call, seg): (CallId, &SegId),
        gateway: GatewayId,
        operation: &OperationId,
        offer: Offer,
    ) -> Leg {
        *self.load.entry(gateway.clone()).or_default() += 1;
        let conference = self.calls.get_mut(&call).expect("looked up by the caller");
        conference.gateway = Some(gateway.clone());
        let task = Task {
            purpose: Purpose::Join,
            operation: operation.clone(),
            target: seg.clone(),
        };
        Leg::joining(leg, call, gateway, task, offer)
    }

    /// Whether one more fits into the Context that the Segs of a Call share, where they do.
    pub(super) fn check_hall(&self, call: &CallId) -> Result<(), Refusal> {
        let conference = self.live_call(call)?;
        let inside = || conference.legs.len() + self.nobodys(call);
        if conference.hall().is_some() && inside() >= self.limits.legs_per_hall {
            return Err(Refusal::limit("legs of a call of separation topology"));
        }
        Ok(())
    }

    pub(super) fn gateway_for(
        &self,
        call: &Call,
        registry: &Registry,
    ) -> Result<GatewayId, Refusal> {
        match &call.gateway {
            Some(gateway) if !registry.has_room(gateway, &self.load) => {
                Err(Refusal::limit("legs of the gateway"))
            }
            Some(gateway) if registry.takes_legs(gateway) => Ok(gateway.clone()),
            Some(_) => Err(Refusal::NoGateway),
            None => {
                let chosen = registry.choose(call.separation, &self.load);
                chosen.ok_or(Refusal::NoGateway)
            }
        }
    }

    /// Begins to move a Leg into a Seg, or to ask its party whether it wants to be there.
    pub(crate) fn attach_media(
        &mut self,
        call: CallId,
        leg: LegId,
        seg: SegId,
        strategy: Option<Strategy>,
        by: Option<&LegId>,
        consent: Option<u32>,
    ) -> Result<Accepted, Refusal> {
        let route = self.route(&call, &leg, &seg, strategy);
        if let Ok(party) = self.leg_of(&call, &leg)
            && matches!(route, Ok(_) | Err(Refusal::LegBusy { .. }))
            && let Some(operation) = party.way_to(&seg, consent.is_some())
        {
            // A repeated AttachMediaReq joins the operation that runs.
            return Ok(accepted(operation.clone()));
        }
        let route = match (route, consent) {
            (Err(Refusal::LegBusy { .. }), Some(_)) => None,
            (route, _) => Some(route?),
        };
        self.check_may_enter(&call, by, &leg, &seg)?;
        let consent = consent.filter(|_| route != Some(Route::Here));
        if let Some(invitation) = &self.leg_of(&call, &leg)?.invitation
            && (consent.is_some() || invitation.seg == seg)
        {
            // What its party is asked is not to be decided past it.
            let operation = invitation.operation.clone();
            return Err(Refusal::LegInvited { leg, operation });
        }
        let subject = Subject {
            call: Some(call),
            seg: Some(seg.clone()),
            leg: Some(leg.clone()),
        };
        let operation = self.start(OperationKind::AttachMediaReq, subject)?;
        match (route, consent) {
            (_, Some(within_s)) => self.invite(&leg, &operation, seg, strategy, within_s),
            (Some(route), None) => self.send(leg, operation.clone(), seg, route),
            (None, None) => {}
        }
        Ok(accepted(operation))
    }

    /// How a Leg gets into a Seg, where it can be asked for now.
    pub(super) fn route(
        &self,
        call: &CallId,
        leg: &LegId,
        seg: &SegId,
        strategy: Option<Strategy>,
    ) -> Result<Route, Refusal> {
        let strategy = self.strategy(call, strategy)?;
        self.leg_of(call, leg)?;
        self.live_seg(call, seg)?;
        let party = self.idle_leg(call, leg)?;
        if party.seg.as_ref() != Some(seg) {
            self.check_entry(call, seg, 1)?;
        }
        let here = party.state == State::Attached && party.seg.as_ref() == Some(seg);
        Ok(match (here, party.detached) {
            // It is opened where it is, in one step.
            (true, true) => Route::By(Strategy::Move),
            (true, false) => Route::Here,
            (false, _) => Route::By(strategy),
        })
    }

    /// Begins to move a Leg, for an AttachMediaReq.
    pub(super) fn send(&mut self, leg: LegId, operation: OperationId, seg: SegId, route: Route) {
        match route {
            Route::Here => self.already_there(&leg, seg, &operation),
            Route::By(strategy) => {
                let task = Task {
                    purpose: Purpose::Attach,
                    operation,
                    target: seg,
                };
                self.begin(&leg, task, Input::Attach(strategy));
            }
        }
    }

    /// How a Leg of a Call that is there is moved.
    pub(super) fn strategy(
        &self,
        id: &CallId,
        wanted: Option<Strategy>,
    ) -> Result<Strategy, Refusal> {
        let call = self.live_call(id)?;
        let gateway = call.gateway.as_ref();
        let usual = gateway.map(|gateway| self.manners.preferred(gateway));
        call.strategy(id, wanted, usual.unwrap_or_default())
    }

    fn already_there(&mut self, leg: &LegId, seg: SegId, operation: &OperationId) {
        let operation_id = Some(operation.clone());
        self.report_leg(leg, LegEvent::Moved, Some(seg.clone()), operation_id, None);
        let leg = leg.clone();
        self.operations
            .succeed(operation, Done::LegMoved { leg, seg });
    }

    /// Gives an attached or stranded Leg a task.
    pub(super) fn begin(&mut self, leg: &LegId, task: Task, input: Input) {
        let Some(party) = self.legs.get_mut(leg) else {
            return;
        };
        if let Ok(state) = party.state.next(input) {
            party.state = state;
            party.refusal = None;
            let target = task.target.clone();
            party.task = Some(task);
            self.tell_supervision(leg, &target);
            self.pursue(leg);
        } else {
            self.turn_away(leg, &task);
        }
    }

    /// Ends what a Leg that is just being moved back into its Seg cannot begin.
    fn turn_away(&mut self, leg: &LegId, task: &Task) {
        let why = Refusal::answer("the Leg is just being moved back into its Seg");
        let operation = &task.operation;
        match task.purpose {
            Purpose::Group | Purpose::AdjustGroup => {
                self.settle_in_group(leg, operation, MoveResult::Failed, Some(why));
            }
            // They begin when the Leg has come to rest.
            Purpose::Return | Purpose::Recreate => {}
            Purpose::Join | Purpose::Attach | Purpose::Adjust | Purpose::Detach => {
                self.operations.fail(operation, OperationState::Failed, why);
            }
        }
    }

    /// Notes an operation that is accepted.
    pub(crate) fn start(
        &mut self,
        kind: OperationKind,
        subject: Subject,
    ) -> Result<OperationId, Refusal> {
        self.operations.start(kind, subject, &mut self.random)
    }

    fn draw_call(&mut self) -> CallId {
        loop {
            let id = CallId::draw(&mut self.random);
            if !self.calls.contains_key(&id) {
                return id;
            }
        }
    }

    pub(super) fn draw_seg(&mut self) -> SegId {
        loop {
            let id = SegId::draw(&mut self.random);
            if !self.segs.contains_key(&id) {
                return id;
            }
        }
    }

    pub(super) fn draw_leg(&mut self) -> LegId {
        loop {
            let id = LegId::draw(&mut self.random);
            if !self.legs.contains_key(&id) {
                return id;
            }
        }
    }
}

/// How a Leg gets into a Seg.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Route {
    /// It is there.
    Here,
    /// It is moved or opened so.
    By(Strategy),
}

impl Leg {
    /// The AttachMediaReq that brings it into a Seg; `asks`: or that asks whether it wants to be
    /// there.
    fn way_to(&self, seg: &SegId, asks: bool) -> Option<&OperationId> {
        let running = self.task.as_ref();
        let running = running.filter(|task| task.purpose == Purpose::Attach && task.target == *seg);
        let asked = self.invitation.as_ref();
        let asked = asked.filter(|invitation| asks && invitation.seg == *seg);
        let running = running.map(|task| &task.operation);
        running.or(asked.map(|invitation| &invitation.operation))
    }
}

/// An operation that makes no Seg.
pub(crate) fn accepted(operation: OperationId) -> Accepted {
    Accepted {
        operation,
        seg: None,
    }
}
