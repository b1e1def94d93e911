//! Gateways that do not answer, and what is done once they do.

use std::time::Duration;

use codec_h248::descriptor::ServiceChangeMethod;
use mgc_core::northbound::{
    Cause, Done, Event, EventKind, GatewayId, GatewayState, LegEvent, OperationState, Refusal,
    Request, Strategy,
};

use super::{
    gateway::Gateway,
    network::{Way, World, attach, delete_call, delete_leg, join, mgc_address},
};

const STRATEGIES: [Strategy; 3] = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];
/// Longer than T-MAX.
const LONG: Duration = Duration::from_secs(40);

#[test]
fn a_move_whose_reply_is_lost_for_long_is_unknown_until_the_truth_is_known() {
    for strategy in STRATEGIES {
        // From this moment on no reply comes back: after none, one or more steps.
        for moment in [0, 4, 7, 11, 15, 18, 22] {
            let mut world = World::new();
            let (call, main) = world.create_call();
            let leg = world.add_leg(&call);
            let seg = world.create_seg(&call);
            world.events.clear();
            let moved = world.ask(attach(&call, &leg, &seg, strategy)).unwrap();
            world.run_for(Duration::from_millis(moment));
            world.weather.cut = Some(Way::ToMgc);
            world.run_for(LONG);
            if !world.has_ended(&moved) {
                assert_eq!(world.state(&moved), OperationState::Unknown);
                assert_eq!(world.mgc.gateways()[0].state, GatewayState::Suspect);
                assert_eq!(world.ask(join(&call, None)), Err(Refusal::NoGateway));
            }
            world.weather.cut = None;
            world.run_for(LONG);
            let label = format!("{strategy:?} {moment}");
            let end = world.completion(&moved);
            let expected = match &end {
                Ok(_) => (seg, vec![LegEvent::Moved]),
                Err(_) => (main, vec![LegEvent::MoveFailed]),
            };
            let view = world.leg(&call, &leg);
            assert_eq!(
                (view.seg, world.reports(&leg)),
                (Some(expected.0), expected.1),
                "{label}"
            );
            let picture = world.gateway().picture();
            assert_eq!(picture.len(), 1, "{label} {picture:?}");
            assert_eq!(picture[0], [view.termination.unwrap()], "{label}");
            assert_eq!(world.mgc.gateways()[0].state, GatewayState::Registered);
        }
    }
}

#[test]
fn a_join_that_is_not_answered_fails_and_leaves_nothing_over() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    world.weather.cut = Some(Way::ToMgc);
    let joined = world.ask(join(&call, None)).unwrap();
    world.run_for(LONG);
    assert_eq!(world.completion(&joined), Err(Refusal::GatewayTimeout));
    assert_eq!(world.gateway().picture(), [["rtp/1"]]);
    world.weather.cut = None;
    world.run_for(LONG);
    assert!(world.gateway().picture().is_empty());
    assert!(world.mgc.call(&call).unwrap().legs.is_empty());
    world.add_leg(&call);
}

#[test]
fn a_sweep_spares_the_legs_whose_add_is_under_way() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let (other, _) = world.create_call();
    world.weather.cut = Some(Way::ToMgc);
    world.ask(join(&call, None)).unwrap();
    world.run_for(Duration::from_millis(25_900));
    world.weather.cut = None;
    world.weather.jitter_ms = 30;
    for _ in 0..40 {
        world.run_for(Duration::from_millis(60));
        // Refused while the gateway is under suspicion.
        let _ = world.ask(join(&other, None));
    }
    world.run_for(LONG);
    let legs = world.mgc.legs(&other).unwrap();
    assert!(legs.len() > 20);
    assert_eq!(world.gateway().terminations.len(), legs.len());
    let reports: Vec<LegEvent> = legs.iter().flat_map(|leg| world.reports(&leg.id)).collect();
    assert!(reports.iter().all(|report| *report == LegEvent::Joined));
}

#[test]
fn a_leg_can_be_ended_while_its_gateway_is_silent() {
    for strategy in STRATEGIES {
        for moment in [0, 7, 11, 18, 30_000] {
            let mut world = World::new();
            let (call, _) = world.create_call();
            let leg = world.add_leg(&call);
            let seg = world.create_seg(&call);
            let moved = world.ask(attach(&call, &leg, &seg, strategy)).unwrap();
            world.run_for(Duration::from_millis(moment.min(18)));
            world.weather.cut_both = true;
            world.run_for(Duration::from_millis(moment));
            let left = world.ask(delete_leg(&call, &leg)).unwrap();
            world.run_for(LONG);
            assert_eq!(
                world.completion(&left),
                Ok(Done::Deleted),
                "{strategy:?} {moment}"
            );
            let _ = world.completion(&moved);
            world.weather.cut_both = false;
            world.run_for(LONG);
            assert!(
                world.gateway().picture().is_empty(),
                "{strategy:?} {moment}"
            );
        }
    }
}

#[test]
fn a_call_can_be_ended_while_its_gateway_is_silent() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    for _ in 0..4 {
        world.add_leg(&call);
    }
    world.weather.cut_both = true;
    let ended = world.ask(delete_call(&call)).unwrap();
    world.run_for(LONG);
    assert_eq!(world.completion(&ended), Ok(Done::Deleted));
    world.weather.cut_both = false;
    world.run_for(LONG);
    assert!(world.gateway().picture().is_empty());
}

#[test]
fn a_network_that_is_cut_for_a_minute_costs_no_leg() {
    let mut world = World::new();
    let (call, main) = world.create_call();
    let leg = world.add_leg(&call);
    let seg = world.create_seg(&call);
    world.weather.cut_both = true;
    let moved = world
        .ask(attach(&call, &leg, &seg, Strategy::TwoStep))
        .unwrap();
    world.run_for(Duration::from_secs(60));
    world.weather.cut_both = false;
    world.run_for(LONG);
    assert_eq!(world.completion(&moved), Err(Refusal::GatewayTimeout));
    assert_eq!(world.state(&moved), OperationState::RolledBack);
    assert_eq!(world.leg(&call, &leg).seg, Some(main));
    assert_eq!(world.gateway().picture(), [["rtp/1"]]);
}

#[test]
fn a_gateway_that_stays_silent_loses_its_legs_and_is_used_again_once_it_answers() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    let seg = world.create_seg(&call);
    world.weather.cut_both = true;
    let moved = world
        .ask(attach(&call, &leg, &seg, Strategy::TwoStep))
        .unwrap();
    world.run_for(Duration::from_secs(300));
    assert_eq!(world.completion(&moved), Err(Refusal::NoGateway));
    assert_eq!(world.reports(&leg), [LegEvent::Joined, LegEvent::Left]);
    assert_eq!(world.cause_of(&LegEvent::Left), Some(Cause::GatewayLost));
    world.run_for(Duration::from_secs(600));
    world.weather.cut_both = false;
    world.run_for(LONG);
    let id = GatewayId("gw1".into());
    let told = |kind: EventKind| {
        world
            .events
            .iter()
            .filter(|event| event.kind == kind)
            .count()
    };
    assert_eq!(told(EventKind::GatewayDown(id.clone())), 1);
    assert_eq!(told(EventKind::GatewayUp(id)), 1);
    assert!(world.gateway().picture().is_empty());
    world.add_leg(&call);
}

#[test]
fn a_gateway_that_dies_and_is_started_again_goes_down_once_and_comes_up_once() {
    for silence in [40, 300, 900] {
        let mut world = World::new();
        let (call, _) = world.create_call();
        let leg = world.add_leg(&call);
        world.weather.cut_both = true;
        world.ask(Request::AuditContexts).unwrap();
        world.ask(delete_leg(&call, &leg)).unwrap();
        world.run_for(Duration::from_secs(silence));
        world.weather.cut_both = false;
        world.collect();
        let now = world.now;
        world.gateways[0] = Gateway::new("gw1", world.gateways[0].address, mgc_address(), now);
        world.gateway().restart(now);
        world.run_for(LONG);
        let told = |event: &Event| match &event.kind {
            EventKind::GatewayUp(_) => Some("up"),
            EventKind::GatewayDown(_) => Some("down"),
            EventKind::CallCreated
            | EventKind::CallEnded
            | EventKind::CreateSegRes
            | EventKind::SegChanged
            | EventKind::SegEnded
            | EventKind::SupervisionBegan
            | EventKind::SupervisionEnded
            | EventKind::RecordingBegan
            | EventKind::RecordingEnded(_)
            | EventKind::LegEventReport(_) => None,
        };
        let told: Vec<&str> = world.events.iter().filter_map(told).collect();
        // One that is back before it is given up has restarted.
        let expected: &[&str] = if silence == 40 {
            &["up"]
        } else {
            &["down", "up"]
        };
        assert_eq!(told, expected, "after {silence} s");
        world.add_leg(&call);
    }
}

#[test]
fn a_gateway_that_was_given_up_and_leaves_or_comes_back_with_all_it_holds_is_told_once() {
    for (method, reason, last) in [
        (
            ServiceChangeMethod::Forced,
            "908 MG Impending Failure",
            None,
        ),
        (
            ServiceChangeMethod::Disconnected,
            "900 Service Restored",
            Some(EventKind::GatewayUp(GatewayId("gw1".into()))),
        ),
    ] {
        let mut world = World::new();
        world.weather.cut_both = true;
        world.ask(Request::AuditContexts).unwrap();
        world.run_for(Duration::from_secs(300));
        // Nothing of the platform reaches the gateway, so that it speaks first.
        world.weather.cut_both = false;
        world.weather.cut = Some(Way::ToGateway);
        let now = world.now;
        world.gateway().service_change("ROOT", method, reason, now);
        world.run_for(Duration::from_millis(50));
        let down = EventKind::GatewayDown(GatewayId("gw1".into()));
        let expected: Vec<EventKind> = [Some(down), last].into_iter().flatten().collect();
        let told: Vec<EventKind> = world.events.into_iter().map(|event| event.kind).collect();
        assert_eq!(told, expected);
    }
}

#[test]
fn a_gateway_that_restarts_in_the_middle_of_everything_ends_it() {
    for strategy in STRATEGIES {
        for moment in [0, 4, 7, 11, 15, 18, 22] {
            let mut world = World::new();
            let (call, _) = world.create_call();
            let leg = world.add_leg(&call);
            let seg = world.create_seg(&call);
            world.events.clear();
            let moved = world.ask(attach(&call, &leg, &seg, strategy)).unwrap();
            let joined = world.ask(join(&call, None)).unwrap();
            world.run_for(Duration::from_millis(moment));
            let now = world.now;
            world.gateway().restart(now);
            world.run_for(LONG);
            let _ = world.completion(&joined);
            match world.completion(&moved) {
                Ok(_) => assert_eq!(world.reports(&leg), [LegEvent::Moved, LegEvent::Left]),
                Err(refusal) => {
                    let expected = [Refusal::NoGateway.code(), "gateway.refused"];
                    assert!(expected.contains(&refusal.code()), "{refusal:?}");
                    assert_eq!(world.reports(&leg), [LegEvent::Left]);
                }
            }
            assert!(world.mgc.call(&call).unwrap().legs.is_empty());
            let held: usize = world.gateway().picture().iter().map(Vec::len).sum();
            assert_eq!(held, 0, "{strategy:?} {moment}");
            world.add_leg(&call);
        }
    }
}
