//! Each transaction is tied to the operation that it carries out.

use std::time::SystemTime;

use mgc_core::{
    Config, Mgc, Tie,
    northbound::{LegId, OperationId, Origin, Request, Strategy},
};
use transport_h248::{Anchor, Direction};

use super::network::{World, attach, durable};

fn config() -> Config {
    let mut config = durable();
    config.transport.trace = true;
    config
}

fn traced() -> World {
    World::with(config())
}

fn taken(world: &mut World) -> Vec<Tie> {
    std::iter::from_fn(|| world.mgc.poll_tie()).collect()
}

/// Aim, Leg and operation of each.
fn told(ties: &[Tie]) -> Vec<(&str, Option<&LegId>, Option<&OperationId>)> {
    ties.iter()
        .map(|tie| (tie.aim, tie.leg.as_ref(), tie.operation.as_ref()))
        .collect()
}

#[test]
fn each_command_of_a_move_is_tied_to_its_operation_leg_and_call() {
    let strategies = [
        (Strategy::TwoStep, ["close", "move"].as_slice()),
        (Strategy::Move, &["move"]),
        (Strategy::SubtractAdd, &["release", "add"]),
    ];
    for (strategy, aims) in strategies {
        let mut world = traced();
        let (call, _) = world.create_call();
        let (leg, other) = (world.add_leg(&call), world.add_leg(&call));
        let seg = world.create_seg(&call);
        taken(&mut world);
        // Both at once, so that neither can be told by when it came.
        let mut ask = |leg| world.ask(attach(&call, leg, &seg, strategy)).unwrap();
        let operations = [ask(&leg), ask(&other)];
        world.run();
        let ties = taken(&mut world);
        for (leg, operation) in [&leg, &other].into_iter().zip(&operations) {
            let own: Vec<Tie> = ties
                .iter()
                .filter(|tie| tie.leg.as_ref() == Some(leg))
                .cloned()
                .collect();
            let expected: Vec<_> = aims
                .iter()
                .map(|aim| (*aim, Some(leg), Some(operation)))
                .collect();
            assert_eq!(told(&own), expected);
            assert!(own.iter().all(|tie| tie.call.as_ref() == Some(&call)));
            let gateway = world.gateways[0].address;
            let sent = |tie: &Tie| tie.direction == Direction::Out && tie.peer == gateway;
            assert!(own.iter().all(sent));
        }
        assert_eq!(ties.len(), 2 * aims.len());
    }
}

#[test]
fn audits_ends_and_what_is_asked_of_its_own_accord_are_told_apart() {
    let mut world = traced();
    assert!(told(&taken(&mut world)).contains(&("presence", None, None)));
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    taken(&mut world);
    let audit = world.ask(Request::AuditContexts).unwrap();
    assert_eq!(told(&taken(&mut world)), [("audit", None, Some(&audit))]);
    let delete = Request::DeleteLeg {
        call,
        leg: leg.clone(),
    };
    let delete = world.ask(delete).unwrap();
    assert_eq!(
        told(&taken(&mut world)),
        [("leave", Some(&leg), Some(&delete))]
    );
}

#[test]
fn where_nobody_looks_on_nothing_is_tied() {
    let mut world = World::new();
    let (call, _) = world.create_call();
    world.add_leg(&call);
    assert_eq!(taken(&mut world), []);
}

#[test]
fn what_a_request_brings_about_bears_its_name_also_after_a_restart() {
    let mut world = traced();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    let seg = world.create_seg(&call);
    taken(&mut world);
    let origin = Origin {
        request_id: Some("mine".to_owned()),
        ..Origin::default()
    };
    // The gateway does what it is told, and the controller dies before it learns of it.
    world.gateway().hold = true;
    let request = attach(&call, &leg, &seg, Strategy::TwoStep);
    let now = world.now;
    let asked = world.mgc.handle_request_of(origin, request, now).unwrap();
    world.run();
    let named = |world: &mut World| -> Vec<_> {
        let ties = taken(world).into_iter();
        let of_move = ties.filter(|tie| tie.operation.as_ref() == Some(&asked.accepted.operation));
        of_move.map(|tie| (tie.aim, tie.request_id)).collect()
    };
    let mine = Some("mine".to_owned());
    assert_eq!(named(&mut world), [("close", mine.clone())]);
    let rows: Vec<_> = std::iter::from_fn(|| world.mgc.poll_record()).collect();
    let now = world.now;
    let anchor = Anchor {
        instant: now,
        system: SystemTime::UNIX_EPOCH,
    };
    world.mgc = Mgc::restore(config(), 2, anchor, now, rows).expect("the rows fit");
    world.gateway().hold = false;
    world.gateway().release_backwards(now);
    world.run();
    assert_eq!(
        named(&mut world),
        [("locate", mine.clone()), ("reopen", mine)]
    );
}
