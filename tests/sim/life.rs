//! The life of an association, one story each: both programs' machines, a path that loses some, and
//! two people who must go on hearing each other (H.248.1 11.5, 7.2.8).

use std::time::Duration;

use lab::{
    phones::sdp,
    sim::{Faults, World, mid, place},
};
use mg_core::Event;
use mgc_core::northbound::{
    CallId, Cause, Done, EventKind, GatewayState, LegEvent, NewCall, OperationId, Refusal, Request,
    Role, SegPolicy,
};

const PATH: Faults = Faults {
    loss: 0.1,
    duplication: 0.1,
    reordering: 0.1,
    late_max: Duration::from_secs(1),
};
/// Both ends notice that the other is silent after this.
const WATCH: Duration = Duration::from_secs(10);
/// T-MAX, the watch of the gateway, and some.
const NOTICED: Duration = Duration::from_secs(60);
const SEEDS: std::ops::Range<u64> = 1..11;

/// A world with two controllers, of which the first has a Call with two Legs.
struct Story {
    world: World,
    call: CallId,
}

impl Story {
    fn begin(seed: u64) -> Self {
        let mut world = World::of_controllers(2, WATCH, PATH, seed);
        let registered = |world: &World| is_registered(world, 0);
        assert!(world.run_until(NOTICED, registered), "seed {seed}");
        let Done::CallCreated { call, .. } =
            done(&mut world, 0, Request::CreateCall(NewCall::default()))
        else {
            panic!("a Call");
        };
        let mut story = Self { world, call };
        for _ in 0..2 {
            story.join(0);
        }
        story.world.run_for(Duration::from_secs(1));
        story.both_hear();
        story
    }

    fn join(&mut self, controller: usize) {
        let world = &mut self.world;
        let party = world.add_party();
        let request = Request::AddLeg {
            call: self.call.clone(),
            seg: None,
            sdp: world.party(party).offer(),
            role: Role::Member,
            host: false,
        };
        let Done::LegAdded { sdp, .. } = done(world, controller, request) else {
            panic!("a Leg");
        };
        world.connect(party, sdp::answer(&sdp).expect("an answer").rtp);
    }

    /// Lets time pass, second by second, in all of which the two hear each other.
    fn both_hear_for(&mut self, time: Duration) {
        for _ in 0..time.as_secs() {
            self.world.run_for(Duration::from_secs(1));
            self.both_hear();
        }
    }

    /// Lets time pass until `done`, and at all times the two hear each other.
    fn both_hear_until(&mut self, done: impl Fn(&World) -> bool) {
        let step = Duration::from_millis(500);
        for _ in 0..2 * NOTICED.as_secs() {
            if self.world.run_until(step, &done) {
                return;
            }
            self.both_hear();
        }
        panic!("it does not come about");
    }

    fn both_hear(&self) {
        for (listener, talker) in [(0, 1), (1, 0)] {
            let hears = self.world.party(listener).hears(self.world.now());
            assert!(
                hears[talker],
                "party {listener} does not hear party {talker}"
            );
        }
    }

    fn happened(&self, what: impl Fn(&Event) -> bool) -> bool {
        self.world.gateway_events.iter().any(what)
    }
}

fn lost(world: &World) -> bool {
    let lost = |event: &Event| matches!(event, Event::ControllerLost { .. });
    world.gateway_events.iter().any(lost)
}

fn is_registered(world: &World, controller: usize) -> bool {
    let gateways = world.controller(controller).gateways();
    gateways
        .iter()
        .any(|gateway| gateway.state == GatewayState::Registered)
}

fn ask(world: &mut World, controller: usize, request: Request) -> OperationId {
    let name = format!("{request:?}");
    let asked = world.request_of(controller, request);
    asked.unwrap_or_else(|refusal| panic!("{name}: {refusal}"))
}

fn done(world: &mut World, controller: usize, request: Request) -> Done {
    let operation = ask(world, controller, request);
    world.run_until(NOTICED, |world| world.completion(&operation).is_some());
    let ended = world.completion(&operation).expect("it ends");
    ended.result.clone().expect("it ends well")
}

fn left_because(world: &World) -> Vec<Option<Cause>> {
    let left = EventKind::LegEventReport(LegEvent::Left);
    let of = world.events.iter().filter(|event| event.kind == left);
    of.map(|event| event.cause.clone()).collect()
}

#[test]
fn handoff_the_first_controller_sends_the_gateway_to_the_second() {
    for seed in SEEDS {
        let mut story = Story::begin(seed);
        let gateway = story.world.controller(0).gateways()[0].id.clone();
        let request = Request::HandOff {
            gateway,
            mgc: mid(place(1)),
        };
        assert_eq!(done(&mut story.world, 0, request), Done::HandedOff);
        // Whatever the path does, the Contexts stand until the second controller has them.
        let there = |world: &World| !world.controller(1).gateways().is_empty();
        for _ in 0..100 * NOTICED.as_secs() {
            if story.world.run_until(Duration::from_millis(10), there) {
                break;
            }
            assert_eq!(story.world.gateway().contexts.len(), 1, "seed {seed}");
        }
        assert!(story.happened(|event| matches!(event, Event::HandedOff { .. })));
        assert_eq!(left_because(&story.world), vec![Some(Cause::HandedOff); 2]);
        assert!(
            story.world.controller(0).gateways().is_empty(),
            "seed {seed}"
        );
        // It knows of no Call that this is: what nobody owns ends there.
        story.world.run_for(NOTICED);
        assert!(is_registered(&story.world, 1), "seed {seed}");
        assert!(story.world.gateway().contexts.is_empty(), "seed {seed}");
    }
}

#[test]
fn failover_the_first_controller_dies_and_the_second_takes_the_gateway() {
    for seed in SEEDS {
        let mut story = Story::begin(seed);
        story.world.stop(0);
        // Nobody controls the gateway, and the two talk on.
        story.both_hear_until(lost);
        story.both_hear_until(|world| !world.controller(1).gateways().is_empty());
        assert_eq!(story.world.gateway().contexts.len(), 1, "seed {seed}");
        story.world.run_for(NOTICED);
        assert!(is_registered(&story.world, 1), "seed {seed}");
        assert!(story.world.gateway().contexts.is_empty(), "seed {seed}");
    }
}

#[test]
fn disconnected_the_path_is_cut_and_comes_back_and_nobody_notices() {
    for seed in SEEDS {
        let mut story = Story::begin(seed);
        let first = story.world.stop(0);
        let second = story.world.stop(1);
        story.both_hear_until(lost);
        story.world.go_on(0, first);
        story.both_hear_until(|world| is_registered(world, 0));
        story.world.go_on(1, second);
        story.both_hear_for(NOTICED);
        assert_eq!(
            left_because(&story.world),
            [],
            "seed {seed}: the Legs were kept"
        );
        // The controller has them in hand as before.
        let call = story.call.clone();
        let seg = Request::CreateSeg {
            call,
            name: None,
            policy: SegPolicy::default(),
            by: None,
        };
        assert!(matches!(
            done(&mut story.world, 0, seg),
            Done::SegCreated { .. }
        ));
        let call = story.call.clone();
        assert_eq!(
            done(&mut story.world, 0, Request::DeleteCall { call }),
            Done::Deleted
        );
        assert!(story.world.gateway().contexts.is_empty(), "seed {seed}");
    }
}

#[test]
fn graceful_restart_the_gateway_lets_the_call_end_and_comes_back() {
    for seed in SEEDS {
        let mut story = Story::begin(seed);
        story.world.drain_gateway(Duration::from_secs(120));
        let leaving = |world: &World| world.mgc().gateways()[0].state == GatewayState::Leaving;
        assert!(story.world.run_until(NOTICED, leaving), "seed {seed}");
        story.both_hear_for(Duration::from_secs(10));
        let new = Request::AddLeg {
            call: story.call.clone(),
            seg: None,
            sdp: story.world.party(0).offer(),
            role: Role::Member,
            host: false,
        };
        let refused = story.world.request(new);
        assert_eq!(
            refused,
            Err(Refusal::NoGateway),
            "seed {seed}: it gets no more"
        );
        let stopped = |event: &Event| *event == Event::Stopped;
        assert!(!story.happened(stopped), "seed {seed}: the Call goes on");
        let call = story.call.clone();
        done(&mut story.world, 0, Request::DeleteCall { call });
        story.world.run_for(Duration::from_secs(3));
        assert!(story.happened(stopped), "seed {seed}");
        story.world.restart_gateway();
        let back = |world: &World| is_registered(world, 0);
        assert!(story.world.run_until(NOTICED, back), "seed {seed}");
        let Done::CallCreated { call, .. } =
            done(&mut story.world, 0, Request::CreateCall(NewCall::default()))
        else {
            panic!("a Call");
        };
        story.call = call;
        story.join(0);
        assert_eq!(story.world.gateway().contexts.len(), 1, "seed {seed}");
    }
}

#[test]
fn a_controller_that_restarts_before_it_is_missed_is_come_back_to() {
    for seed in SEEDS {
        let mut story = Story::begin(seed);
        story.world.stop(0);
        story.world.start(0);
        story.both_hear_until(|world| !world.controller(0).gateways().is_empty());
        assert!(lost(&story.world), "seed {seed}");
        let second = story.world.controller(1).gateways();
        assert!(second.is_empty(), "seed {seed}: the first one is there");
        // It knows of no Call that this is.
        story.world.run_for(NOTICED);
        assert!(is_registered(&story.world, 0), "seed {seed}");
        assert!(story.world.gateway().contexts.is_empty(), "seed {seed}");
    }
}
