//! Requests of the application: what is refused at once, and what begins.

use super::{
    Conferences,
    call::Call,
    leg::{Input, Leg, Purpose, State, Task},
    seg::Seg,
    supervise::Waits,
};
use crate::{
    northbound::{
        Accepted, CallId, Done, Event, EventKind, GatewayId, LegEvent, LegId, LegState,
        MediaSettings, MoveResult, NewCall, OperationId, OperationKind, OperationState, Refusal,
        SegId, SegPolicy, Strategy,
    },
    operations::Subject,
    registry::Registry,
    sdp::Offer,
};

impl Conferences {
    /// Makes a Call with its main Seg.
    pub(crate) fn create_call(&mut self, new: &NewCall) -> Result<Accepted, Refusal> {
        if self.calls.len() >= self.limits.calls {
            return Err(Refusal::limit("calls"));
        }
        let operation = self.start(OperationKind::CreateCall, Subject::default())?;
        let call = self.draw_call();
        let main_seg = self.draw_seg();
        let conference = Call::new(main_seg.clone(), new);
        self.calls.insert(call.clone(), conference);
        let seg = Seg::new(call.clone(), None, SegPolicy::default());
        self.segs.insert(main_seg.clone(), seg);
        self.events.push_back(Event {
            kind: EventKind::CallCreated,
            call: Some(call.clone()),
            seg: Some(main_seg.clone()),
            leg: None,
            operation: Some(operation.clone()),
            cause: None,
        });
        let done = Done::CallCreated { call, main_seg };
        self.operations.succeed(&operation, done);
        Ok(accepted(operation))
    }

    /// Reserves a Seg; its Context is made with its first Leg.
    pub(crate) fn create_seg(
        &mut self,
        call: CallId,
        name: Option<String>,
        policy: SegPolicy,
    ) -> Result<Accepted, Refusal> {
        if self.live_call(&call)?.segs.len() >= self.limits.segs_per_call {
            return Err(Refusal::limit("segs of a call"));
        }
        let seg = self.draw_seg();
        let subject = Subject {
            call: Some(call.clone()),
            seg: Some(seg.clone()),
            leg: None,
        };
        let operation = self.start(OperationKind::CreateSegReq, subject)?;
        let room = Seg::new(call.clone(), name, policy);
        self.segs.insert(seg.clone(), room);
        let segs = &mut self.calls.get_mut(&call).expect("looked up above").segs;
        segs.push(seg.clone());
        self.events.push_back(Event {
            kind: EventKind::CreateSegRes,
            call: Some(call),
            seg: Some(seg.clone()),
            leg: None,
            operation: Some(operation.clone()),
            cause: None,
        });
        let done = Done::SegCreated { seg: seg.clone() };
        self.operations.succeed(&operation, done);
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
        sdp: &str,
        registry: &Registry,
    ) -> Result<Accepted, Refusal> {
        let conference = self.live_call(&call)?;
        let seg = seg.unwrap_or_else(|| conference.main_seg.clone());
        self.live_seg(&call, &seg)?;
        if conference.legs.len() >= self.limits.legs_per_call {
            return Err(Refusal::limit("legs of a call"));
        }
        if conference.hall().is_some() && conference.legs.len() >= self.limits.legs_per_hall {
            return Err(Refusal::limit("legs of a call of separation topology"));
        }
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
        conference.gateway = Some(gateway.clone());
        *self.load.entry(gateway.clone()).or_default() += 1;
        let task = Task {
            purpose: Purpose::Join,
            operation: operation.clone(),
            target: seg.clone(),
        };
        let party = Leg {
            id: leg.clone(),
            call,
            gateway,
            state: State::Joining,
            seg: Some(seg),
            task: Some(task),
            offer,
            settings: MediaSettings::default(),
            adjustment: None,
            waits: Waits::default(),
            media_lost: false,
            local: None,
            refusal: None,
            detached: false,
            leaving: None,
        };
        self.legs.insert(leg.clone(), party);
        self.pursue(&leg);
        Ok(accepted(operation))
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

    /// Begins to move a Leg into a Seg.
    pub(crate) fn attach_media(
        &mut self,
        call: CallId,
        leg: LegId,
        seg: SegId,
        strategy: Option<Strategy>,
    ) -> Result<Accepted, Refusal> {
        let strategy = self.strategy(&call, strategy)?;
        let party = self.leg_of(&call, &leg)?;
        self.live_seg(&call, &seg)?;
        if party.state.view() == LegState::Leaving {
            return Err(Refusal::UnknownLeg(leg));
        }
        if let Some(task) = &party.task {
            // A repeated AttachMediaReq joins the operation that runs.
            if task.purpose == Purpose::Attach && task.target == seg {
                return Ok(accepted(task.operation.clone()));
            }
            let operation = task.operation.clone();
            return Err(Refusal::LegBusy { leg, operation });
        }
        let here = party.state == State::Attached && party.seg.as_ref() == Some(&seg);
        let (here, strategy) = match (here, party.detached) {
            // It is opened where it is, in one step.
            (true, true) => (false, Strategy::Move),
            (here, _) => (here, strategy),
        };
        let subject = Subject {
            call: Some(call),
            seg: Some(seg.clone()),
            leg: Some(leg.clone()),
        };
        let operation = self.start(OperationKind::AttachMediaReq, subject)?;
        if here {
            self.already_there(&leg, seg, &operation);
        } else {
            let task = Task {
                purpose: Purpose::Attach,
                operation: operation.clone(),
                target: seg,
            };
            self.begin(&leg, task, Input::Attach(strategy));
        }
        Ok(accepted(operation))
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
            party.task = Some(task);
            party.refusal = None;
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

    fn draw_leg(&mut self) -> LegId {
        loop {
            let id = LegId::draw(&mut self.random);
            if !self.legs.contains_key(&id) {
                return id;
            }
        }
    }
}

/// An operation that makes no Seg.
pub(crate) fn accepted(operation: OperationId) -> Accepted {
    Accepted {
        operation,
        seg: None,
    }
}
