//! A controller that is killed at any moment and comes back with what it has written down: every
//! operation ends, every Leg hears its Seg and nobody else, and nothing is left over.

use std::{collections::BTreeSet, time::Duration};

use lab::{
    phones::sdp,
    sim::{Faults, Party, World},
};
use mgc_core::northbound::{
    CallId, Confirm, Done, LegId, LegState, Members, NewCall, OperationId, OperationState, Request,
    Role, SegId, SegPolicy, Separation, Strategy,
};

/// Longer than T-MAX: by then every operation has ended.
const OPERATION_MAX: Duration = Duration::from_secs(120);
/// What a restarted controller may take where the path loses nothing.
const PROMPT: Duration = Duration::from_secs(3);
const LISTEN: Duration = Duration::from_millis(500);
/// LONG-TIMER and the longest delay of the network.
const QUIET_AFTER: Duration = Duration::from_secs(40);

const LOSSY: Faults = Faults {
    loss: 0.1,
    duplication: 0.1,
    reordering: 0.1,
    late_max: Duration::from_secs(1),
};
const CLEAN: Faults = Faults {
    loss: 0.0,
    duplication: 0.0,
    reordering: 0.0,
    late_max: Duration::ZERO,
};

const SEPARATIONS: [Separation; 2] = [Separation::Contexts, Separation::Topology];

struct Member {
    leg: LegId,
    party: usize,
}

struct Script {
    world: World,
    random: fastrand::Rng,
    call: CallId,
    main: SegId,
    members: Vec<Member>,
    asked: Vec<OperationId>,
    separation: Separation,
    seed: u64,
}

impl Script {
    fn begin(seed: u64, path: Faults, separation: Separation) -> Self {
        let mut world = World::new(path, seed);
        let registered = |world: &World| !world.mgc().gateways().is_empty();
        assert!(world.run_until(OPERATION_MAX, registered), "seed {seed}");
        let operation = world
            .request(Request::CreateCall(NewCall {
                separation,
                confirm: if seed.is_multiple_of(3) {
                    Confirm::MediaServer
                } else {
                    Confirm::Reserved
                },
                ..NewCall::default()
            }))
            .expect("a Call");
        let confirmed = |world: &World| world.completion(&operation).is_some();
        world.run_until(OPERATION_MAX, confirmed);
        let ended = world.completion(&operation).map(|end| end.result.clone());
        let Some(Ok(Done::CallCreated { call, main_seg })) = ended else {
            panic!("seed {seed}: no Call");
        };
        let mut script = Self {
            world,
            random: fastrand::Rng::with_seed(seed ^ 0xc4a5),
            call,
            main: main_seg,
            members: Vec::new(),
            asked: Vec::new(),
            separation,
            seed,
        };
        for _ in 0..script.random.usize(3..=Party::MOST) {
            script.join();
        }
        for _ in 0..script.random.usize(1..3) {
            let request = script.create_seg();
            script.ask(request);
        }
        script
    }

    fn join(&mut self) {
        let party = self.world.add_party();
        let operation = self.ask(Request::AddLeg {
            call: self.call.clone(),
            seg: None,
            sdp: self.world.party(party).offer(),
            role: Role::Member,
            host: false,
        });
        let operation = operation.expect("it is taken");
        let ended = |world: &World| world.completion(&operation).is_some();
        self.world.run_until(OPERATION_MAX, ended);
        let end = self
            .world
            .completion(&operation)
            .map(|end| end.result.clone());
        let Some(Ok(Done::LegAdded { leg, sdp, .. })) = end else {
            panic!("seed {}: no Leg: {end:?}", self.seed);
        };
        self.world
            .connect(party, sdp::answer(&sdp).expect("an answer").rtp);
        self.members.push(Member { leg, party });
    }

    /// One that its first Leg makes, or one that the gateway is to confirm; some listen.
    fn create_seg(&mut self) -> Request {
        let confirm = if self.random.bool() {
            Confirm::MediaServer
        } else {
            Confirm::Reserved
        };
        let listen_main = self.separation == Separation::Topology && self.random.bool();
        Request::CreateSeg {
            call: self.call.clone(),
            name: None,
            policy: SegPolicy {
                confirm,
                listen_main,
                ..SegPolicy::default()
            },
            by: None,
        }
    }

    /// The Segs whose Legs hear the main one.
    fn listening(&self) -> BTreeSet<SegId> {
        let segs = self.world.mgc().segs(&self.call).expect("the Call");
        let listening = segs.into_iter().filter(|seg| seg.listen_main);
        listening.map(|seg| seg.id).collect()
    }

    fn ask(&mut self, request: Request) -> Option<OperationId> {
        // A refusal at once, as of a Leg that is busy, is an answer too.
        let operation = self.world.request(request).ok()?;
        self.asked.push(operation.clone());
        Some(operation)
    }

    /// Something that an application may want at any time.
    fn draw(&mut self) -> Request {
        let segs = self.world.mgc().segs(&self.call).unwrap_or_default();
        let seg = self.random.choice(segs.iter().map(|seg| seg.id.clone()));
        let seg = seg.unwrap_or_else(|| self.main.clone());
        let leg = self.random.usize(..self.members.len());
        let leg = self.members[leg].leg.clone();
        let call = self.call.clone();
        match self.random.u8(..10) {
            0 => self.create_seg(),
            1 => Request::DeleteSeg {
                call,
                seg,
                members: if self.random.bool() {
                    Members::Return
                } else {
                    Members::Refuse
                },
            },
            2 => Request::DeleteLeg { call, leg },
            3 => self.split(seg),
            4 => {
                let into = self.random.choice(segs.iter().map(|seg| seg.id.clone()));
                Request::MergeSeg {
                    call,
                    seg,
                    into: into.unwrap_or_else(|| self.main.clone()),
                    strategy: Some(self.strategy()),
                }
            }
            _ => Request::AttachMedia {
                call,
                leg,
                seg,
                strategy: Some(self.strategy()),
                by: None,
                consent: None,
            },
        }
    }

    fn strategy(&mut self) -> Strategy {
        if self.separation == Separation::Topology {
            return Strategy::Topology;
        }
        let strategies = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];
        strategies[self.random.usize(..strategies.len())]
    }

    /// Some of those who are in a Seg go to one of their own.
    fn split(&mut self, seg: SegId) -> Request {
        let legs = self.world.mgc().legs(&self.call).unwrap_or_default();
        let inside = legs.iter().filter(|leg| leg.seg.as_ref() == Some(&seg));
        let inside: Vec<LegId> = inside.map(|leg| leg.id.clone()).collect();
        let count = self.random.usize(..=inside.len());
        let strategy = Some(self.strategy());
        Request::SplitSeg {
            call: self.call.clone(),
            seg,
            legs: inside.into_iter().take(count).collect(),
            name: None,
            strategy,
        }
    }

    /// A while of the script, at the end of which the controller is killed and started again.
    fn crash(&mut self) {
        for _ in 0..self.random.usize(1..8) {
            let request = self.draw();
            self.ask(request);
            let pause = Duration::from_micros(self.random.u64(..40_000));
            self.world.run_for(pause);
        }
        if self.random.bool() {
            let request = self.draw();
            let operation = self.world.crash_on(0, request);
            self.asked.extend(operation);
        } else {
            self.world.stop(0);
        }
        let down = Duration::from_millis(self.random.u64(..3_000));
        self.world.run_for(down);
        self.world.restore(0);
    }

    fn open(&self, world: &World) -> Vec<OperationId> {
        let ended = |operation: &OperationId| {
            let state = world.mgc().operation(operation).map(|view| view.state);
            matches!(
                state,
                Ok(OperationState::Done | OperationState::Failed | OperationState::RolledBack)
            )
        };
        self.asked
            .iter()
            .filter(|operation| !ended(operation))
            .cloned()
            .collect()
    }

    /// Every operation has ended, and whoever is there hears its Seg and nobody else.
    fn judge(&mut self, at_most: Duration) {
        let seed = self.seed;
        let deadline = self.world.now() + at_most;
        while !self.open(&self.world).is_empty() && self.world.now() < deadline {
            self.world.run_for(Duration::from_millis(20));
        }
        let open = self.open(&self.world);
        assert!(open.is_empty(), "seed {seed}: {open:?} did not end");
        self.world.run_for(LISTEN);
        let legs = self.world.mgc().legs(&self.call).expect("the Call");
        let listening = self.listening();
        for listener in &self.members {
            let heard = self.world.party(listener.party).hears(self.world.now());
            let here = legs.iter().find(|leg| leg.id == listener.leg);
            for talker in &self.members {
                let there = legs.iter().find(|leg| leg.id == talker.leg);
                let together = here.zip(there).is_some_and(|(here, there)| {
                    let attached = |state| state == LegState::Attached;
                    let listens = here.seg.as_ref().is_some_and(|seg| listening.contains(seg));
                    let hears =
                        here.seg == there.seg || listens && there.seg.as_ref() == Some(&self.main);
                    hears && attached(here.state) && attached(there.state)
                });
                let must = together && talker.leg != listener.leg;
                let hears = heard.get(talker.party).copied().unwrap_or(false);
                assert_eq!(
                    hears, must,
                    "seed {seed}: party {} and party {}: {here:?} {there:?}",
                    listener.party, talker.party
                );
            }
        }
        let held: BTreeSet<String> = self
            .world
            .gateway()
            .contexts
            .iter()
            .flat_map(|context| {
                context
                    .terminations
                    .iter()
                    .map(|t| t.id.as_str().to_owned())
            })
            .collect();
        let segs = self.world.mgc().segs(&self.call).expect("the Call");
        for seg in &segs {
            let held = seg.confirm == Confirm::MediaServer;
            assert_eq!(seg.holder.is_some(), held, "seed {seed}: {seg:?}");
        }
        let holders = segs.into_iter().filter_map(|seg| seg.holder);
        let known: BTreeSet<String> = legs
            .iter()
            .filter_map(|leg| leg.termination.clone())
            .chain(holders)
            .collect();
        assert_eq!(held, known, "seed {seed}");
    }

    fn end(&mut self) {
        let request = Request::DeleteCall {
            call: self.call.clone(),
        };
        self.ask(request);
        self.world.run_for(OPERATION_MAX + QUIET_AFTER);
        assert!(
            self.world.gateway().contexts.is_empty(),
            "seed {}",
            self.seed
        );
        assert_eq!(self.world.gateway().ports.owned, 0, "seed {}", self.seed);
        assert!(self.world.mgc().calls().is_empty(), "seed {}", self.seed);
    }
}

#[test]
fn a_controller_that_is_killed_at_any_moment_goes_on_where_it_was() {
    for seed in 0..60 {
        survive(Script::begin(seed, CLEAN, Separation::Contexts));
    }
}

#[test]
fn nor_does_it_matter_that_all_segs_share_a_context() {
    for seed in 2_000..2_040 {
        survive(Script::begin(seed, CLEAN, Separation::Topology));
    }
}

fn survive(mut script: Script) {
    for _ in 0..3 {
        script.crash();
        script.judge(PROMPT);
    }
    script.end();
}

#[test]
fn over_a_path_that_loses_messages_it_only_takes_longer() {
    for seed in 1_000..1_040 {
        let mut script = Script::begin(seed, LOSSY, SEPARATIONS[seed as usize % 2]);
        script.crash();
        script.judge(OPERATION_MAX);
        script.end();
    }
}
