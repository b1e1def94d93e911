//! Legs that are muted, deaf or held (conference.md 2, H.248.1 7.1.7).

use codec_h248::descriptor::{ErrorCode, StreamMode};
use mgc_core::northbound::{
    Done, LegEvent, LegState, MediaChanges, MediaSettings, OperationKind, OperationState, Refusal,
    Request, Strategy,
};

use super::{
    gateway::Kind,
    network::{OFFER, World, attach, config},
    room::Room,
};

const STRATEGIES: [Strategy; 3] = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];
const MUTED: MediaChanges = MediaChanges {
    muted: Some(true),
    deaf: None,
    hold: None,
    gain: None,
    talking: None,
};

impl Room {
    fn settings(&self) -> MediaSettings {
        self.world.leg(&self.call, &self.leg).settings
    }
}

fn of(muted: bool, deaf: bool, hold: bool) -> MediaChanges {
    MediaChanges {
        muted: Some(muted),
        deaf: Some(deaf),
        hold: Some(hold),
        ..MediaChanges::default()
    }
}

#[test]
fn each_setting_cuts_off_what_it_says_and_nothing_is_opened_that_was_not_offered() {
    use StreamMode as M;
    let settings = [
        of(false, false, false),
        of(true, false, false),
        of(false, true, false),
        of(true, true, false),
        of(false, false, true),
    ];
    let expected = [
        (
            "sendrecv",
            [
                M::SendReceive,
                M::SendOnly,
                M::ReceiveOnly,
                M::Inactive,
                M::Inactive,
            ],
        ),
        (
            "sendonly",
            [
                M::ReceiveOnly,
                M::Inactive,
                M::ReceiveOnly,
                M::Inactive,
                M::Inactive,
            ],
        ),
        (
            "recvonly",
            [
                M::SendOnly,
                M::SendOnly,
                M::Inactive,
                M::Inactive,
                M::Inactive,
            ],
        ),
    ];
    for (direction, modes) in expected {
        for (changes, mode) in settings.into_iter().zip(modes) {
            let mut room = Room::offered(direction).0;
            assert_eq!(room.modify(changes), Ok(Done::LegChanged));
            assert_eq!(room.mode(), mode, "{direction} {changes:?}");
        }
    }
}

#[test]
fn a_change_is_one_modify_and_is_told_and_what_is_not_named_stays() {
    let mut room = Room::new();
    let operation = {
        let request = room.request(MUTED);
        room.world.ask(request).unwrap()
    };
    let view = room.world.leg(&room.call, &room.leg);
    assert_eq!(view.state, LegState::Attached);
    assert_eq!(view.operation.as_ref(), Some(&operation));
    assert!(!view.settings.muted, "the gateway has not confirmed it");
    room.world.run();
    let view = room.world.mgc.operation(&operation).unwrap();
    assert_eq!(view.kind, OperationKind::ModifyLeg);
    assert_eq!(view.state, OperationState::Done);
    let deaf = MediaChanges {
        deaf: Some(true),
        ..MediaChanges::default()
    };
    assert_eq!(room.modify(deaf), Ok(Done::LegChanged));
    let expected = MediaSettings {
        muted: true,
        deaf: true,
        ..MediaSettings::default()
    };
    assert_eq!(room.settings(), expected);
    let log = &room.world.gateway().log;
    assert_eq!(*log, ["Modify 1 rtp/1 SO -> 1", "Modify 1 rtp/1 IN -> 1"]);
    // What it is already, is not asked again and not told again.
    assert_eq!(room.modify(deaf), Ok(Done::LegChanged));
    assert_eq!(room.world.gateway().log.len(), 2);
    let told = room.world.reports(&room.leg);
    assert_eq!(told, [LegEvent::Changed, LegEvent::Changed]);
}

#[test]
fn a_muted_leg_stays_muted_wherever_it_is_moved_and_whatever_fails() {
    let refused = ErrorCode::INSUFFICIENT_RESOURCES;
    for strategy in STRATEGIES {
        let mut room = Room::new();
        room.modify(MUTED).unwrap();
        let request = attach(&room.call, &room.leg, &room.seg, strategy);
        assert!(room.world.carry_out(request).is_ok());
        assert_eq!(room.mode(), StreamMode::SendOnly, "{strategy:?}");
        assert!(room.settings().muted);
    }
    for (strategy, step) in [
        (Strategy::TwoStep, Kind::Move),
        (Strategy::SubtractAdd, Kind::Add),
    ] {
        let mut room = Room::new();
        room.modify(MUTED).unwrap();
        room.world.gateway().refusals.push_back((step, refused));
        let request = attach(&room.call, &room.leg, &room.seg, strategy);
        assert!(room.world.carry_out(request).is_err());
        assert_eq!(room.mode(), StreamMode::SendOnly, "{strategy:?}");
    }
}

#[test]
fn a_change_that_is_refused_leaves_the_leg_as_it_was() {
    let mut room = Room::new();
    let refused = ErrorCode::INSUFFICIENT_RESOURCES;
    room.world
        .gateway()
        .refusals
        .push_back((Kind::Modify, refused));
    assert!(matches!(room.modify(MUTED), Err(Refusal::Gateway(_))));
    assert_eq!(room.settings(), MediaSettings::default());
    assert_eq!(room.mode(), StreamMode::SendReceive);
    assert_eq!(room.world.reports(&room.leg), []);
    assert_eq!(room.modify(MUTED), Ok(Done::LegChanged));
}

#[test]
fn a_leg_that_moves_is_busy_and_one_that_is_changed_cannot_be_moved() {
    let mut room = Room::new();
    let move_it = attach(&room.call, &room.leg, &room.seg, Strategy::Move);
    let moving = room.world.ask(move_it.clone()).unwrap();
    let busy = |operation| {
        Err(Refusal::LegBusy {
            leg: room.leg.clone(),
            operation,
        })
    };
    let (moving_end, changing) = (busy(moving), room.request(MUTED));
    assert_eq!(room.world.ask(changing.clone()), moving_end);
    room.world.run();
    let operation = room.world.ask(changing).unwrap();
    let leg = room.leg.clone();
    let end = room.world.ask(move_it);
    assert_eq!(end, Err(Refusal::LegBusy { leg, operation }));
}

#[test]
fn a_change_that_the_gateway_does_not_answer_is_found_out_and_done() {
    let mut room = Room::new();
    room.world.gateway().deaf = true;
    let request = room.request(MUTED);
    let operation = room.world.ask(request).unwrap();
    room.world.run_for(std::time::Duration::from_secs(40));
    assert_eq!(room.world.state(&operation), OperationState::Unknown);
    room.world.gateway().deaf = false;
    room.world.run_for(std::time::Duration::from_secs(40));
    assert_eq!(room.world.completion(&operation), Ok(Done::LegChanged));
    assert_eq!(room.mode(), StreamMode::SendOnly);
}

#[test]
fn a_leg_that_ends_while_it_is_changed_ends_both_operations() {
    let mut room = Room::new();
    let request = room.request(MUTED);
    let operation = room.world.ask(request).unwrap();
    let delete = super::network::delete_leg(&room.call, &room.leg);
    assert_eq!(room.world.carry_out(delete), Ok(Done::Deleted));
    assert_eq!(room.world.completion(&operation), Err(Refusal::Cancelled));
    let told = room.world.reports(&room.leg);
    assert_eq!(told, [LegEvent::Left]);
}

/// Where the gateway sends what the Leg hears.
fn sent_to(room: &Room) -> &str {
    let view = room.world.leg(&room.call, &room.leg);
    let name = view.termination.expect("it is somewhere");
    let terminations = &room.world.gateways[0].terminations;
    let remote = terminations[&name].remote.lines();
    let media = remote.rev().find(|line| line.starts_with("m="));
    media.expect("it has one")
}

fn reoffer(room: &mut Room, offer: &str) -> Result<Done, Refusal> {
    let request = Request::ModifyLeg {
        call: room.call.clone(),
        leg: room.leg.clone(),
        changes: MediaChanges::default(),
        offer: Some(offer.to_owned()),
    };
    room.world.carry_out(request)
}

#[test]
fn a_party_that_offers_anew_is_sent_to_where_it_receives_now_and_stays_so() {
    let elsewhere = OFFER.replace("audio 4000", "audio 4010");
    let held = format!("{elsewhere}a=sendonly\r\n");
    for strategy in STRATEGIES {
        let mut room = Room::new();
        assert_eq!(reoffer(&mut room, &held), Ok(Done::LegChanged));
        assert_eq!(room.mode(), StreamMode::ReceiveOnly);
        assert_eq!(sent_to(&room), "m=audio 4010 RTP/AVP 0 8");
        assert_eq!(room.world.gateway().log, ["Modify 1 rtp/1 RC -> 1"]);
        // The same once more is nothing.
        assert_eq!(reoffer(&mut room, &held), Ok(Done::LegChanged));
        assert_eq!(room.world.gateway().log.len(), 1);
        let moved = attach(&room.call, &room.leg, &room.seg, strategy);
        room.world.carry_out(moved).expect("it is moved");
        assert_eq!(sent_to(&room), "m=audio 4010 RTP/AVP 0 8", "{strategy:?}");
        assert_eq!(room.mode(), StreamMode::ReceiveOnly);
    }
}

#[test]
fn an_offer_that_does_not_fit_what_the_gateway_receives_changes_nothing() {
    let mut room = Room::new();
    for offer in [
        OFFER.replace("RTP/AVP 0 8", "RTP/AVP 9"),
        OFFER.replace("RTP/AVP 0 8", "RTP/SAVP 0")
            + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n",
        "m=audio 4010 RTP/AVP 0".to_owned(),
    ] {
        let refused = reoffer(&mut room, &offer);
        assert!(matches!(refused, Err(Refusal::BadSdp(_))), "{refused:?}");
    }
    assert!(room.world.gateway().log.is_empty());
    // What the gateway refuses leaves it as it was.
    room.world
        .gateway()
        .refusals
        .push_back((Kind::Modify, ErrorCode::INSUFFICIENT_RESOURCES));
    let elsewhere = OFFER.replace("audio 4000", "audio 4010");
    assert!(reoffer(&mut room, &elsewhere).is_err());
    assert_eq!(sent_to(&room), "m=audio 4000 RTP/AVP 0 8");
    assert_eq!(reoffer(&mut room, &elsewhere), Ok(Done::LegChanged));
}

#[test]
fn statistics_that_nobody_wants_are_not_asked_for() {
    for statistics in [true, false] {
        let mut config = config();
        config.statistics = statistics;
        let mut world = World::with(config);
        let (call, _) = world.create_call();
        world.add_leg(&call);
        world
            .carry_out(Request::DeleteCall { call })
            .expect("it ends");
        assert_eq!(world.gateway().unasked, usize::from(!statistics));
    }
}
