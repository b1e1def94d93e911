//! Legs that are moved, by each strategy, with each step refused.

use codec_h248::descriptor::ErrorCode;
use mgc_core::northbound::{Cause, Done, LegEvent, LegState, OperationState, Refusal, Strategy};

use super::{gateway::Kind, network::attach, room::Room};

const REFUSED: ErrorCode = ErrorCode::INSUFFICIENT_RESOURCES;

impl Room {
    fn refuse(&mut self, kind: Kind) {
        self.world.gateway().refusals.push_back((kind, REFUSED));
    }

    fn attach(&mut self, strategy: Strategy) -> (Result<Done, Refusal>, OperationState) {
        let request = attach(&self.call, &self.leg, &self.seg, strategy);
        let operation = self.world.ask(request).expect("it is accepted");
        self.world.run();
        let end = self.world.completion(&operation);
        (end, self.world.state(&operation))
    }

    fn log(&self) -> &[String] {
        &self.world.gateways[0].log
    }

    fn assert_failed(&mut self, strategy: Strategy, state: OperationState, report: LegEvent) {
        let (end, ended) = self.attach(strategy);
        let Err(Refusal::Gateway(refusal)) = &end else {
            panic!("the gateway's refusal is told: {end:?}");
        };
        assert_eq!(refusal.code, REFUSED.0);
        assert_eq!(ended, state);
        assert_eq!(self.world.reports(&self.leg), std::slice::from_ref(&report));
        let cause = Some(Cause::Failed(Refusal::Gateway(refusal.clone())));
        assert_eq!(self.world.cause_of(&report), cause);
        let view = self.world.leg(&self.call, &self.leg);
        if report == LegEvent::Stranded {
            assert_eq!(view.seg, None);
            assert_eq!(view.state, LegState::Stranded);
        } else {
            assert_eq!(view.seg.as_ref(), Some(&self.main));
            assert_eq!(view.state, LegState::Attached);
        }
    }
}

#[test]
fn each_strategy_moves_a_leg_in_its_own_way() {
    let ladders: [(Strategy, &[&str]); 3] = [
        (
            Strategy::TwoStep,
            &["Modify 1 rtp/1 IN -> 1", "Move $ rtp/1 SR -> 2"],
        ),
        (Strategy::Move, &["Move $ rtp/1 SR -> 2"]),
        (
            Strategy::SubtractAdd,
            &["Subtract 1 rtp/1 -> 1", "Add $ rtp/3 SR -> 2"],
        ),
    ];
    for (strategy, ladder) in ladders {
        let mut room = Room::new();
        let (end, state) = room.attach(strategy);
        let (leg, seg) = (room.leg.clone(), room.seg.clone());
        assert_eq!(end, Ok(Done::LegMoved { leg, seg }));
        assert_eq!(state, OperationState::Done);
        assert_eq!(room.log(), ladder);
        assert_eq!(room.world.reports(&room.leg), [LegEvent::Moved]);
        let event = room.world.events.last().unwrap();
        assert_eq!(event.seg.as_ref(), Some(&room.seg));
        assert_eq!(room.world.mgc.segs(&room.call).unwrap()[1].context, Some(2));
    }
}

#[test]
fn subtract_add_keeps_the_port_so_that_the_far_end_need_not_be_told() {
    let mut room = Room::new();
    let before = room.world.gateway().terminations["rtp/1"].clone();
    room.attach(Strategy::SubtractAdd).0.unwrap();
    let after = room.world.gateway().terminations["rtp/3"].clone();
    assert_eq!((after.port, after.remote), (before.port, before.remote));
    let view = room.world.leg(&room.call, &room.leg);
    assert_eq!(view.termination.as_deref(), Some("rtp/3"));
}

#[test]
fn a_leg_comes_back_to_a_main_seg_that_died_while_all_were_away() {
    for strategy in [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd] {
        let mut room = Room::new();
        let legs = room.world.mgc.call(&room.call).unwrap().legs;
        for leg in &legs {
            let request = attach(&room.call, leg, &room.seg, strategy);
            room.world.carry_out(request).unwrap();
        }
        assert_eq!(room.world.mgc.segs(&room.call).unwrap()[0].context, None);
        for leg in &legs {
            let request = attach(&room.call, leg, &room.main, strategy);
            room.world.carry_out(request).unwrap();
        }
        let segs = room.world.mgc.segs(&room.call).unwrap();
        assert_eq!((segs[0].context, segs[1].context), (Some(3), None));
        assert_eq!(room.world.gateway().picture().len(), 1);
    }
}

#[test]
fn a_refused_first_step_leaves_the_leg_as_it_was() {
    for (strategy, kind) in [
        (Strategy::TwoStep, Kind::Modify),
        (Strategy::Move, Kind::Move),
        (Strategy::SubtractAdd, Kind::Subtract),
    ] {
        let mut room = Room::new();
        room.refuse(kind);
        room.assert_failed(strategy, OperationState::Failed, LegEvent::MoveFailed);
        assert_eq!(room.log().len(), 1);
        assert_eq!(room.world.gateway().picture(), [["rtp/1", "rtp/2"]]);
    }
}

#[test]
fn a_refused_second_step_is_rolled_back() {
    let mut two_step = Room::new();
    two_step.refuse(Kind::Move);
    let state = OperationState::RolledBack;
    two_step.assert_failed(Strategy::TwoStep, state, LegEvent::MoveFailed);
    assert_eq!(two_step.log().last().unwrap(), "Modify 1 rtp/1 SR -> 1");
    assert_eq!(two_step.world.gateway().picture(), [["rtp/1", "rtp/2"]]);

    let mut subtract_add = Room::new();
    let port = subtract_add.world.gateway().terminations["rtp/1"].port;
    subtract_add.refuse(Kind::Add);
    subtract_add.assert_failed(Strategy::SubtractAdd, state, LegEvent::MoveFailed);
    assert_eq!(subtract_add.world.gateway().picture(), [["rtp/2", "rtp/3"]]);
    let back = &subtract_add.world.gateways[0].terminations["rtp/3"];
    assert_eq!(back.port, port);
}

#[test]
fn a_refused_way_back_strands_the_leg_and_a_later_attach_recovers_it() {
    for (strategy, step, back) in [
        (Strategy::TwoStep, Kind::Move, Kind::Modify),
        (Strategy::SubtractAdd, Kind::Add, Kind::Add),
    ] {
        let mut room = Room::new();
        room.refuse(step);
        room.refuse(back);
        room.assert_failed(strategy, OperationState::Failed, LegEvent::Stranded);
        let (end, _) = room.attach(Strategy::TwoStep);
        assert!(end.is_ok());
        assert_eq!(
            room.world.reports(&room.leg),
            [LegEvent::Stranded, LegEvent::Moved]
        );
        assert_eq!(room.world.gateway().picture().len(), 2);
    }
}

#[test]
fn a_gateway_that_gives_another_port_is_not_believed() {
    let mut room = Room::new();
    room.world.gateway().local_override =
        Some("v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 29998 RTP/AVP 0\r\n");
    let (end, _) = room.attach(Strategy::SubtractAdd);
    assert!(matches!(end, Err(Refusal::GatewayAnswer(_))));
    assert_eq!(room.world.reports(&room.leg), [LegEvent::Stranded]);
    assert_eq!(room.world.gateway().picture(), [["rtp/2"]]);
}

#[test]
fn attaching_to_the_seg_where_it_is_succeeds_and_asks_the_gateway_nothing() {
    for strategy in [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd] {
        let mut room = Room::new();
        room.seg = room.main.clone();
        let (end, state) = room.attach(strategy);
        assert!(end.is_ok());
        assert_eq!(state, OperationState::Done);
        assert_eq!(room.world.reports(&room.leg), [LegEvent::Moved]);
        assert!(room.log().is_empty());
    }
}

#[test]
fn a_second_attach_joins_the_first_where_it_wants_the_same_and_is_refused_otherwise() {
    for strategy in [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd] {
        let mut room = Room::new();
        let third = room.world.create_seg(&room.call);
        let request = attach(&room.call, &room.leg, &room.seg, strategy);
        let first = room.world.ask(request.clone()).unwrap();
        assert_eq!(room.world.ask(request), Ok(first.clone()));
        let other = room
            .world
            .ask(attach(&room.call, &room.leg, &third, Strategy::Move));
        let leg = room.leg.clone();
        let operation = first.clone();
        assert_eq!(other, Err(Refusal::LegBusy { leg, operation }));
        room.world.run();
        assert!(room.world.completion(&first).is_ok());
        assert_eq!(room.world.reports(&room.leg), [LegEvent::Moved]);
    }
}

#[test]
fn an_operation_shows_how_far_it_is() {
    let mut room = Room::new();
    let request = attach(&room.call, &room.leg, &room.seg, Strategy::TwoStep);
    let operation = room.world.ask(request).unwrap();
    assert_eq!(room.world.state(&operation), OperationState::Closing);
    room.world.run_for(std::time::Duration::from_millis(11));
    assert_eq!(room.world.state(&operation), OperationState::Connecting);
    assert_eq!(
        room.world.leg(&room.call, &room.leg).state,
        LegState::Moving
    );
    room.world.run();
    assert_eq!(room.world.state(&operation), OperationState::Done);
}
