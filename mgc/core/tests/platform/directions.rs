//! Parties that only send, only listen, or do neither (RFC 3264 5.1, H.248.1 7.1.7).

use codec_h248::descriptor::{ErrorCode, StreamMode};
use mgc_core::northbound::Strategy;

use super::{gateway::Kind, network::attach, room::Room};

/// What a party offers, the Mode at the gateway, and what the answer says.
const DIRECTIONS: [(&str, StreamMode, &str); 4] = [
    ("sendrecv", StreamMode::SendReceive, "sendrecv"),
    ("sendonly", StreamMode::ReceiveOnly, "recvonly"),
    ("recvonly", StreamMode::SendOnly, "sendonly"),
    ("inactive", StreamMode::Inactive, "inactive"),
];
const STRATEGIES: [Strategy; 3] = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];

/// Whether the Leg is moved to the other Seg.
fn is_moved(room: &mut Room, strategy: Strategy) -> bool {
    let request = attach(&room.call, &room.leg, &room.seg, strategy);
    room.world.carry_out(request).is_ok()
}

#[test]
fn a_party_is_open_the_way_that_it_offered() {
    for (direction, mode, mirrored) in DIRECTIONS {
        let (room, answer) = Room::offered(direction);
        assert_eq!(room.mode(), mode, "{direction}");
        let told = format!("a={mirrored}\r\n");
        assert!(answer.ends_with(&told), "{answer}");
    }
}

#[test]
fn a_party_that_is_moved_is_open_the_way_that_it_offered() {
    for (direction, mode, _) in DIRECTIONS {
        for strategy in STRATEGIES {
            let mut room = Room::offered(direction).0;
            assert!(is_moved(&mut room, strategy));
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
            let mut room = Room::offered(direction).0;
            room.world.gateway().refusals.push_back((step, refused));
            assert!(!is_moved(&mut room, strategy));
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
            let mut room = Room::offered(direction).0;
            let refusals = steps.map(|step| (step, refused));
            room.world.gateway().refusals.extend(refusals);
            assert!(!is_moved(&mut room, strategy));
            assert_eq!(room.world.leg(&room.call, &room.leg).seg, None);
            assert!(is_moved(&mut room, strategy));
            assert_eq!(room.mode(), mode, "{direction} {strategy:?}");
        }
    }
}
