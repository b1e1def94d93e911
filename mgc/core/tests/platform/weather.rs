//! Seeded runs over a network that loses, doubles and reorders.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use codec_h248::descriptor::ErrorCode;
use mgc_core::northbound::{
    CallId, LegEvent, LegId, LegState, OperationId, OperationKind, Request, SegId, SegPolicy,
    Strategy,
};

use super::{
    gateway::Kind,
    network::{Way, World, attach, delete_call, delete_leg, delete_seg, join, report},
};

struct Run {
    world: World,
    call: CallId,
    random: fastrand::Rng,
    operations: Vec<OperationId>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut world = World::without_gateway(seed);
        world.add_gateway("gw1");
        world.run();
        world.weather.lost = 5;
        world.weather.doubled = 5;
        world.weather.jitter_ms = 40;
        let (call, _) = world.create_call();
        Self {
            world,
            call,
            random: fastrand::Rng::with_seed(!seed),
            operations: Vec::new(),
        }
    }

    fn ask(&mut self, request: Request) {
        if let Ok(operation) = self.world.ask(request) {
            self.operations.push(operation);
        }
    }

    /// Each operation ended once, and each AttachMediaReq in one report.
    fn check_ends(&self, seed: u64) {
        for operation in &self.operations {
            let _ = self.world.completion(operation);
            let view = self.world.mgc.operation(operation).expect("it is kept");
            if view.kind == OperationKind::AttachMediaReq {
                let told = self.world.events.iter();
                let told = told.filter(|event| event.operation.as_ref() == Some(operation));
                assert_eq!(told.count(), 1, "seed {seed}: {operation}");
            }
        }
    }

    fn pick_seg(&mut self) -> SegId {
        let segs = self.world.mgc.call(&self.call).expect("it lives").segs;
        segs[self.random.usize(..segs.len())].clone()
    }

    fn pick_leg(&mut self) -> Option<LegId> {
        let legs = self.world.mgc.call(&self.call).expect("it lives").legs;
        let at = self.random.usize(..legs.len().max(1));
        legs.get(at).cloned()
    }

    fn strategy(&mut self) -> Strategy {
        let all = [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd];
        all[self.random.usize(..3)]
    }

    fn step(&mut self) {
        let (call, seg, leg) = (self.call.clone(), self.pick_seg(), self.pick_leg());
        let strategy = self.strategy();
        match (self.random.u8(..20), leg) {
            (0..4, _) | (_, None) => self.ask(join(&call, Some(&seg))),
            (4..6, _) => self.ask(Request::CreateSeg {
                call,
                name: None,
                policy: SegPolicy::default(),
                by: None,
            }),
            (6, Some(leg)) => self.ask(delete_leg(&call, &leg)),
            (7, _) => self.ask(delete_seg(&call, &seg)),
            (_, Some(leg)) => self.ask(attach(&call, &leg, &seg, strategy)),
        }
        let pause = self.random.u64(..60);
        self.world.run_for(Duration::from_millis(pause));
    }

    /// Where each Leg is, as the reports say.
    fn told(&self) -> BTreeMap<LegId, SegId> {
        let mut told = BTreeMap::new();
        let mut joined = BTreeSet::new();
        for event in &self.world.events {
            let Some(leg) = event.leg.clone() else {
                continue;
            };
            let first = joined.insert(leg.clone());
            assert_eq!(first, report(event) == Some(LegEvent::Joined), "{event:?}");
            if matches!(report(event), Some(LegEvent::Left | LegEvent::Stranded)) {
                told.remove(&leg);
            } else if let Some(seg) = event.seg.clone() {
                told.insert(leg, seg);
            }
        }
        told
    }

    fn check(&mut self, seed: u64) {
        let legs = self.world.mgc.legs(&self.call).expect("it lives");
        let told = self.told();
        assert_eq!(told.len(), legs.len(), "seed {seed}");
        let mut rooms: BTreeMap<SegId, Vec<String>> = BTreeMap::new();
        for leg in legs {
            assert_eq!(leg.state, LegState::Attached, "seed {seed}");
            let seg = leg.seg.expect("it is attached");
            assert_eq!(told[&leg.id], seg, "seed {seed}");
            let name = leg.termination.expect("it is attached");
            rooms.entry(seg).or_default().push(name);
        }
        let mut expected: Vec<Vec<String>> = rooms.into_values().collect();
        expected.iter_mut().for_each(|room| room.sort());
        expected.sort();
        let mut found = self.world.gateway().picture();
        found.sort();
        assert_eq!(found, expected, "seed {seed}");
    }
}

#[test]
fn in_any_weather_each_leg_ends_where_the_reports_say_and_nothing_is_left_over() {
    for seed in 0..300 {
        let mut run = Run::new(seed);
        for _ in 0..40 {
            run.step();
        }
        run.world.run_for(Duration::from_secs(120));
        run.check(seed);
        let call = run.call.clone();
        run.ask(delete_call(&call));
        run.world.run_for(Duration::from_secs(120));
        run.check_ends(seed);
        assert!(run.world.gateway().picture().is_empty(), "seed {seed}");
        assert!(run.world.mgc.calls().is_empty(), "seed {seed}");
    }
}

/// Loss that makes requests fail, cuts longer than T-MAX, refusals, restarts, and Terminations
/// that are taken out of service.
fn storm(seed: u64) {
    let mut run = Run::new(seed);
    run.world.weather.lost = 30;
    for _ in 0..40 {
        run.step();
        match run.random.u8(..40) {
            0 => {
                run.world.weather.cut =
                    [Some(Way::ToMgc), Some(Way::ToGateway)][run.random.usize(..2)];
                let cut = run.random.u64(..60_000);
                run.world.run_for(Duration::from_millis(cut));
                run.world.weather.cut = None;
            }
            1..6 => {
                let kinds = [Kind::Add, Kind::Move, Kind::Modify, Kind::Audit];
                let kind = kinds[run.random.usize(..4)];
                let refusal = (kind, ErrorCode::INSUFFICIENT_RESOURCES);
                run.world.gateway().refusals.push_back(refusal);
            }
            6 => {
                let now = run.world.now;
                run.world.gateway().restart(now);
            }
            7 => {
                let names = run.world.gateway().terminations.keys().cloned();
                let names: Vec<String> = names.collect();
                if let Some(name) = names.get(run.random.usize(..names.len().max(1))) {
                    let now = run.world.now;
                    run.world.gateway().force_out(name, now);
                }
            }
            _ => {}
        }
    }
    run.world.weather.lost = 5;
    run.world.gateway().refusals.clear();
    run.world.run_for(Duration::from_secs(300));
    let call = run.call.clone();
    let legs = run.world.mgc.legs(&call).expect("it lives");
    for leg in legs.iter().filter(|leg| leg.state == LegState::Stranded) {
        run.ask(delete_leg(&call, &leg.id));
    }
    run.world.run_for(Duration::from_secs(300));
    run.check(seed);
    run.ask(delete_call(&call));
    run.world.run_for(Duration::from_secs(300));
    run.check_ends(seed);
    assert!(run.world.gateway().picture().is_empty(), "seed {seed}");
    assert!(run.world.mgc.calls().is_empty(), "seed {seed}");
}

#[test]
fn after_any_storm_everything_is_accounted_for() {
    for seed in 0..100 {
        storm(seed);
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let run = |seed| {
        let mut run = Run::new(seed);
        for _ in 0..40 {
            run.step();
        }
        run.world.run_for(Duration::from_secs(120));
        (run.world.events, run.world.gateways.remove(0).log)
    };
    assert_eq!(run(7), run(7));
}
