//! Legs whose media is closed where they are, and opened again.

use codec_h248::descriptor::ErrorCode;
use mgc_core::northbound::{
    Done, LegEvent, LegState, OperationState, Refusal, Request, SegId, Strategy,
};

use super::{
    gateway::Kind,
    network::{attach, delete_leg, delete_seg},
    room::Room,
};

impl Room {
    fn detach(&self) -> Request {
        Request::DetachMedia {
            call: self.call.clone(),
            leg: self.leg.clone(),
        }
    }

    fn detached(mut self) -> Self {
        let done = Done::LegDetached {
            leg: self.leg.clone(),
            seg: self.main.clone(),
        };
        assert_eq!(self.world.carry_out(self.detach()), Ok(done));
        self
    }

    fn state(&self) -> (Option<SegId>, LegState) {
        let view = self.world.leg(&self.call, &self.leg);
        (view.seg, view.state)
    }
}

#[test]
fn a_detached_leg_stays_and_an_attach_to_its_seg_opens_it() {
    let mut room = Room::new().detached();
    assert_eq!(room.world.reports(&room.leg), [LegEvent::Detached]);
    let main = Some(room.main.clone());
    assert_eq!(room.state(), (main.clone(), LegState::Detached));
    // A second time nothing is asked of the gateway.
    room = room.detached();
    let request = attach(&room.call, &room.leg, &room.main, Strategy::TwoStep);
    room.world.carry_out(request).unwrap();
    assert_eq!(room.state(), (main, LegState::Attached));
    let log = ["Modify 1 rtp/1 IN -> 1", "Modify 1 rtp/1 SR -> 1"];
    assert_eq!(room.world.gateway().log, log);
}

#[test]
fn a_detached_leg_opens_in_the_seg_that_it_is_attached_to() {
    let mut room = Room::new().detached();
    let seg = room.seg.clone();
    let request = attach(&room.call, &room.leg, &seg, Strategy::Move);
    room.world.carry_out(request).unwrap();
    assert_eq!(room.state(), (Some(seg), LegState::Attached));
    let last = room.world.gateway().log.last().unwrap().clone();
    assert_eq!(last, "Move $ rtp/1 SR -> 2");
}

#[test]
fn a_detached_leg_whose_seg_ends_stays_detached() {
    let mut room = Room::new();
    let seg = room.seg.clone();
    let request = attach(&room.call, &room.leg, &seg, Strategy::Move);
    room.world.carry_out(request).unwrap();
    room.world.carry_out(room.detach()).unwrap();
    room.world.carry_out(delete_seg(&room.call, &seg)).unwrap();
    assert_eq!(room.state(), (Some(room.main.clone()), LegState::Detached));
    let last = room.world.gateway().log.last().unwrap().clone();
    assert_eq!(last, "Move 1 rtp/1 IN -> 1");
}

#[test]
fn a_detach_that_is_refused_leaves_the_leg_open() {
    let mut room = Room::new();
    let refusal = (Kind::Modify, ErrorCode::INSUFFICIENT_RESOURCES);
    room.world.gateway().refusals.push_back(refusal);
    let operation = room.world.ask(room.detach()).unwrap();
    room.world.run();
    let end = room.world.completion(&operation);
    assert!(matches!(end, Err(Refusal::Gateway(_))));
    assert_eq!(room.world.state(&operation), OperationState::Failed);
    assert_eq!(room.world.reports(&room.leg), [LegEvent::DetachFailed]);
    assert_eq!(room.state(), (Some(room.main.clone()), LegState::Attached));
}

#[test]
fn what_is_asked_twice_runs_once_and_a_leg_that_moves_is_busy() {
    let mut room = Room::new();
    let first = room.world.ask(room.detach()).unwrap();
    assert_eq!(room.world.ask(room.detach()), Ok(first.clone()));
    let request = attach(&room.call, &room.leg, &room.main, Strategy::Move);
    let busy = Refusal::LegBusy {
        leg: room.leg.clone(),
        operation: first,
    };
    assert_eq!(room.world.ask(request), Err(busy));
    room.world.run();
    let seg = room.seg.clone();
    let request = attach(&room.call, &room.leg, &seg, Strategy::Move);
    let moving = room.world.ask(request).unwrap();
    let busy = Refusal::LegBusy {
        leg: room.leg.clone(),
        operation: moving,
    };
    assert_eq!(room.world.ask(room.detach()), Err(busy));
}

#[test]
fn a_leg_that_ends_while_it_is_detached_leaves_nothing_over() {
    let mut room = Room::new();
    let operation = room.world.ask(room.detach()).unwrap();
    let gone = room.world.ask(delete_leg(&room.call, &room.leg)).unwrap();
    room.world.run();
    assert_eq!(room.world.completion(&operation), Err(Refusal::Cancelled));
    assert_eq!(room.world.completion(&gone), Ok(Done::Deleted));
    assert_eq!(room.world.gateway().picture().len(), 1);
}
