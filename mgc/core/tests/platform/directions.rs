//! Parties that only send, only listen, or do neither (RFC 3264 5.1, H.248.1 7.1.7).

use codec_h248::descriptor::{ErrorCode, StreamMode};
use mgc_core::northbound::{CallId, Done, LegId, Request, Role, SegId, Strategy};

use super::{
    gateway::Kind,
    network::{OFFER, World, attach},
};

/// What a party offers, the Mode at the gateway, and what the answer says.
const DIRECTIONS: [(&str, StreamMode, &str); 4] = [
    ("sendrecv", StreamMode::SendReceive, "sendrecv"),
    ("sendonly", StreamMode::ReceiveOnly, "recvonly"),
    ("recvonly", StreamMode::SendOnly, "sendonly"),
    ("inactive", StreamMode::Inactive, "inactive"),
];
const STRATEGIES: [Strategy; 3] = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];

struct Room {
    world: World,
    call: CallId,
    seg: SegId,
    leg: LegId,
    answer: String,
}

/// A Call with a Leg that offered a direction, and with an empty Seg.
fn room(direction: &str) -> Room {
    let mut world = World::new();
    let (call, _) = world.create_call();
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
    world.add_leg(&call);
    let seg = world.create_seg(&call);
    Room {
        world,
        call,
        seg,
        leg,
        answer: sdp,
    }
}

impl Room {
    fn mode(&self) -> StreamMode {
        let view = self.world.leg(&self.call, &self.leg);
        let name = view.termination.expect("it is somewhere");
        self.world.gateways[0].terminations[&name].mode
    }

    fn attach(&mut self, strategy: Strategy) -> bool {
        let request = attach(&self.call, &self.leg, &self.seg, strategy);
        self.world.carry_out(request).is_ok()
    }
}

#[test]
fn a_party_is_open_the_way_that_it_offered() {
    for (direction, mode, mirrored) in DIRECTIONS {
        let room = room(direction);
        assert_eq!(room.mode(), mode, "{direction}");
        let told = format!("a={mirrored}\r\n");
        assert!(room.answer.ends_with(&told), "{}", room.answer);
    }
}

#[test]
fn a_party_that_is_moved_is_open_the_way_that_it_offered() {
    for (direction, mode, _) in DIRECTIONS {
        for strategy in STRATEGIES {
            let mut room = room(direction);
            assert!(room.attach(strategy));
            assert_eq!(room.mode(), mode, "{direction} {strategy:?}");
        }
    }
}

#[test]
fn a_party_whose_move_fails_is_open_again_the_way_that_it_offered() {
    let refused = ErrorCode::INSUFFICIENT_RESOURCES;
    for (direction, mode, _) in DIRECTIONS {
        for (strategy, step) in [
            (Strategy::TwoStep, Kind::Modify),
            (Strategy::TwoStep, Kind::Move),
            (Strategy::Move, Kind::Move),
            (Strategy::SubtractAdd, Kind::Subtract),
            (Strategy::SubtractAdd, Kind::Add),
        ] {
            let mut room = room(direction);
            room.world.gateway().refusals.push_back((step, refused));
            assert!(!room.attach(strategy));
            assert_eq!(room.mode(), mode, "{direction} {strategy:?} {step:?}");
        }
    }
}

#[test]
fn a_party_that_was_in_no_seg_is_open_again_the_way_that_it_offered() {
    let refused = ErrorCode::INSUFFICIENT_RESOURCES;
    for (direction, mode, _) in DIRECTIONS {
        for (strategy, steps) in [
            (Strategy::TwoStep, [Kind::Move, Kind::Modify]),
            (Strategy::SubtractAdd, [Kind::Add, Kind::Add]),
        ] {
            let mut room = room(direction);
            let refusals = steps.map(|step| (step, refused));
            room.world.gateway().refusals.extend(refusals);
            assert!(!room.attach(strategy));
            assert_eq!(room.world.leg(&room.call, &room.leg).seg, None);
            assert!(room.attach(strategy));
            assert_eq!(room.mode(), mode, "{direction} {strategy:?}");
        }
    }
}
