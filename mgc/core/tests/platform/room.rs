//! A Call with two Legs in its main Seg, and with another Seg that is empty.

use codec_h248::descriptor::StreamMode;
use mgc_core::northbound::{
    CallId, Done, LegId, MediaChanges, NewCall, Refusal, Request, Role, SegId,
};

use super::network::{OFFER, World};

pub(crate) struct Room {
    pub(crate) world: World,
    pub(crate) call: CallId,
    pub(crate) main: SegId,
    pub(crate) seg: SegId,
    /// The first of the Legs.
    pub(crate) leg: LegId,
}

impl Room {
    pub(crate) fn new() -> Self {
        Self::of(World::new(), NewCall::default())
    }

    /// Of such a Call in that world.
    pub(crate) fn of(mut world: World, new: NewCall) -> Self {
        let (call, main) = world.create_call_with(new);
        let leg = world.add_leg(&call);
        Self::around(world, (call, main), leg)
    }

    /// The party of the first Leg offers a direction; with the answer that it gets.
    pub(crate) fn offered(direction: &str) -> (Self, String) {
        let mut world = World::new();
        let (call, main) = world.create_call();
        let request = Request::AddLeg {
            call: call.clone(),
            seg: None,
            sdp: format!("{OFFER}a={direction}\r\n"),
            role: Role::Member,
            host: false,
        };
        let Ok(Done::LegAdded { leg, sdp, .. }) = world.carry_out(request) else {
            panic!("it joins");
        };
        (Self::around(world, (call, main), leg), sdp)
    }

    fn around(mut world: World, (call, main): (CallId, SegId), leg: LegId) -> Self {
        world.add_leg(&call);
        let seg = world.create_seg(&call);
        world.events.clear();
        world.gateway().log.clear();
        Self {
            world,
            call,
            main,
            seg,
            leg,
        }
    }

    /// The Mode of the first Leg's Termination.
    pub(crate) fn mode(&self) -> StreamMode {
        let view = self.world.leg(&self.call, &self.leg);
        let name = view.termination.expect("it is somewhere");
        self.world.gateways[0].terminations[&name].mode
    }

    /// Asks for other settings of the first Leg.
    pub(crate) fn request(&self, changes: MediaChanges) -> Request {
        Request::ModifyLeg {
            call: self.call.clone(),
            leg: self.leg.clone(),
            changes,
            offer: None,
        }
    }

    pub(crate) fn modify(&mut self, changes: MediaChanges) -> Result<Done, Refusal> {
        let request = self.request(changes);
        self.world.carry_out(request)
    }
}
