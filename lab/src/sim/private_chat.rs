//! One run of the private chat: join, make a room, move in, come back, end; each step judged.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::Duration,
};

use mgc_core::northbound::{
    CallId, Completion, Done, EventKind, LegEvent, LegId, Members, NewCall, OperationId, Request,
    Role, SegId, SegPolicy, Separation, Strategy,
};

use super::{Faults, Party, World};
use crate::phones::sdp;

/// Longer than T-MAX: by then every operation has ended, one way or the other.
const OPERATION_MAX: Duration = Duration::from_secs(120);
/// What the playout buffer holds back after a move, and a stretch to listen to.
const LISTEN: Duration = Duration::from_millis(500);
/// LONG-TIMER and the longest delay of the network.
const QUIET_AFTER: Duration = Duration::from_secs(40);

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The seed of the run.
    pub seed: u64,
    /// What was not as it must be; empty where the run is right.
    pub faults: Vec<String>,
    /// Moves that were asked for and reported.
    pub moves: usize,
    /// Datagrams given to the control path.
    pub datagrams: u64,
    /// Datagrams that the control path lost.
    pub lost: u64,
    /// Datagrams that it doubled.
    pub doubled: u64,
    /// Virtual time that passed.
    pub elapsed: Duration,
}

/// Plays the private chat once, in a world made from the seed.
pub fn run(seed: u64, network: Faults, strategy: Option<Strategy>) -> Outcome {
    let mut chat = Chat::new(seed, network, strategy);
    if let Err(fault) = chat.play() {
        chat.faults.push(fault.0);
    }
    Outcome {
        seed,
        faults: chat.faults,
        moves: chat.moves,
        datagrams: chat.world.net.sent,
        lost: chat.world.net.lost,
        doubled: chat.world.net.doubled,
        elapsed: chat.world.elapsed(),
    }
}

/// What makes the rest of a run pointless.
struct Broken(String);

impl Broken {
    fn new(what: impl fmt::Display) -> Self {
        Self(what.to_string())
    }
}

struct Member {
    leg: LegId,
    party: usize,
    seg: SegId,
}

struct Chat {
    world: World,
    random: fastrand::Rng,
    strategy: Option<Strategy>,
    members: Vec<Member>,
    faults: Vec<String>,
    moves: usize,
}

impl Chat {
    fn new(seed: u64, network: Faults, strategy: Option<Strategy>) -> Self {
        Self {
            world: World::new(network, seed),
            random: fastrand::Rng::with_seed(seed ^ 0x5eed),
            strategy,
            members: Vec::new(),
            faults: Vec::new(),
            moves: 0,
        }
    }

    fn play(&mut self) -> Result<(), Broken> {
        let registered = |world: &World| !world.mgc().gateways().is_empty();
        if !self.world.run_until(OPERATION_MAX, registered) {
            return Err(Broken::new("the gateway did not register"));
        }
        let (call, main) = self.create_call()?;
        let legs = self.random_count(3..=Party::MOST);
        self.join(&call, legs)?;
        self.check("joined");
        let side = self.create_seg(&call)?;
        let all = self.members.len();
        let movers = self.random_count(1..=all);
        self.move_first(&call, movers, &side)?;
        self.check("moved");
        self.move_first(&call, movers, &main)?;
        self.check("returned");
        self.delete(Request::DeleteSeg {
            call: call.clone(),
            seg: side,
            members: Members::Return,
        })?;
        self.delete(Request::DeleteCall { call })?;
        self.members.clear();
        self.check_empty();
        Ok(())
    }

    fn random_count(&mut self, range: std::ops::RangeInclusive<usize>) -> usize {
        self.random.usize(range)
    }

    fn ask(&mut self, request: Request) -> Result<OperationId, Broken> {
        let named = format!("{request:?}");
        self.world
            .request(request)
            .map_err(|refusal| Broken(format!("{named}: {refusal}")))
    }

    fn ends(&mut self, operation: &OperationId) -> Result<Completion, Broken> {
        let ended = |world: &World| world.completion(operation).is_some();
        self.world.run_until(OPERATION_MAX, ended);
        let completion = self.world.completion(operation).cloned();
        completion.ok_or_else(|| Broken(format!("{operation} never ended")))
    }

    fn done(&mut self, operation: &OperationId) -> Result<Done, Broken> {
        let completion = self.ends(operation)?;
        completion
            .result
            .map_err(|refusal| Broken(format!("{operation}: {refusal}")))
    }

    fn create_call(&mut self) -> Result<(CallId, SegId), Broken> {
        let separation = match self.strategy {
            Some(Strategy::Topology) => Separation::Topology,
            Some(Strategy::TwoStep | Strategy::Move | Strategy::SubtractAdd) | None => {
                Separation::Contexts
            }
        };
        let operation = self.ask(Request::CreateCall(NewCall {
            separation,
            ..NewCall::default()
        }))?;
        let Done::CallCreated { call, main_seg } = self.done(&operation)? else {
            return Err(Broken::new("CreateCall ended as something else"));
        };
        Ok((call, main_seg))
    }

    fn join(&mut self, call: &CallId, legs: usize) -> Result<(), Broken> {
        let mut joining = Vec::new();
        for _ in 0..legs {
            let party = self.world.add_party();
            let sdp = self.world.party(party).offer();
            let request = Request::AddLeg {
                call: call.clone(),
                seg: None,
                sdp,
                role: Role::Member,
                host: false,
            };
            joining.push((party, self.ask(request)?));
        }
        for (party, operation) in joining {
            let Done::LegAdded { leg, seg, sdp } = self.done(&operation)? else {
                return Err(Broken::new("AddLeg ended as something else"));
            };
            let answer = sdp::answer(&sdp).map_err(Broken::new)?;
            self.world.connect(party, answer.rtp);
            self.members.push(Member { leg, party, seg });
        }
        Ok(())
    }

    fn create_seg(&mut self, call: &CallId) -> Result<SegId, Broken> {
        let operation = self.ask(Request::CreateSeg {
            call: call.clone(),
            name: None,
            policy: SegPolicy::default(),
            by: None,
        })?;
        let Done::SegCreated { seg } = self.done(&operation)? else {
            return Err(Broken::new("CreateSeg ended as something else"));
        };
        Ok(seg)
    }

    /// Moves the first members, all at once, each by a strategy of its own unless one is set.
    fn move_first(&mut self, call: &CallId, count: usize, to: &SegId) -> Result<(), Broken> {
        let mut moving = Vec::new();
        for index in 0..count {
            let drawn =
                self.random
                    .choice([Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd]);
            let request = Request::AttachMedia {
                call: call.clone(),
                leg: self.members[index].leg.clone(),
                seg: to.clone(),
                strategy: self.strategy.or(drawn),
                by: None,
                consent: None,
            };
            moving.push((index, self.ask(request)?));
        }
        for (index, operation) in moving {
            self.moves += 1;
            let Done::LegMoved { leg, seg } = self.done(&operation)? else {
                return Err(Broken::new("AttachMedia ended as something else"));
            };
            if leg != self.members[index].leg || seg != *to {
                self.faults
                    .push(format!("{operation} moved {leg} into {seg}"));
            }
            self.members[index].seg = seg;
        }
        Ok(())
    }

    fn delete(&mut self, request: Request) -> Result<(), Broken> {
        let operation = self.ask(request)?;
        self.done(&operation).map(|_| ())
    }

    /// Reports, the platform's view, the gateway's Contexts and everybody's ears must agree.
    fn check(&mut self, stage: &str) {
        self.world.run_for(LISTEN);
        let mut faults = self.check_reports();
        faults.extend(self.check_gateway());
        faults.extend(self.check_hearing());
        self.faults
            .extend(faults.into_iter().map(|fault| format!("{stage}: {fault}")));
    }

    fn check_reports(&self) -> Vec<String> {
        let mut reported: BTreeMap<&LegId, &SegId> = BTreeMap::new();
        for event in &self.world.events {
            let placed = matches!(
                event.kind,
                EventKind::LegEventReport(
                    LegEvent::Joined | LegEvent::Moved | LegEvent::MoveFailed
                )
            );
            if let (true, Some(leg), Some(seg)) = (placed, &event.leg, &event.seg) {
                reported.insert(leg, seg);
            }
        }
        let wrong = self
            .members
            .iter()
            .filter(|member| reported.get(&member.leg) != Some(&&member.seg));
        wrong
            .map(|member| format!("{} was not reported in {}", member.leg, member.seg))
            .collect()
    }

    /// The Terminations of each Context at the gateway must be those of the Legs of one Seg.
    fn check_gateway(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut expected: BTreeMap<Option<u32>, BTreeSet<String>> = BTreeMap::new();
        for call in self.world.mgc().calls() {
            let contexts: BTreeMap<SegId, Option<u32>> = match self.world.mgc().segs(&call.id) {
                Ok(segs) => segs.into_iter().map(|seg| (seg.id, seg.context)).collect(),
                Err(refusal) => return vec![refusal.to_string()],
            };
            for leg in self.world.mgc().legs(&call.id).unwrap_or_default() {
                let member = self.members.iter().find(|member| member.leg == leg.id);
                if leg.seg.as_ref() != member.map(|member| &member.seg) {
                    faults.push(format!("the platform has {} in {:?}", leg.id, leg.seg));
                }
                let context = leg
                    .seg
                    .as_ref()
                    .and_then(|seg| contexts.get(seg).copied().flatten());
                let termination = leg.termination.unwrap_or_default();
                expected.entry(context).or_default().insert(termination);
            }
        }
        let held: BTreeMap<Option<u32>, BTreeSet<String>> = self
            .world
            .gateway()
            .contexts
            .into_iter()
            .map(|context| {
                let names = context
                    .terminations
                    .iter()
                    .map(|t| t.id.as_str().to_owned());
                (Some(context.id), names.collect())
            })
            .collect();
        if held != expected {
            faults.push(format!(
                "the gateway holds {held:?}, the platform {expected:?}"
            ));
        }
        faults
    }

    fn check_hearing(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for listener in &self.members {
            let heard = self.world.party(listener.party).hears(self.world.now());
            for talker in &self.members {
                let hears = heard.get(talker.party).copied().unwrap_or(false);
                let must = talker.leg != listener.leg && talker.seg == listener.seg;
                if hears != must {
                    let verb = if hears { "hears" } else { "does not hear" };
                    faults.push(format!(
                        "party {} {verb} party {}",
                        listener.party, talker.party
                    ));
                }
            }
        }
        faults
    }

    /// Once the Call has ended nothing may be left: no Context, no port, no open transaction.
    fn check_empty(&mut self) {
        self.world.run_for(QUIET_AFTER);
        let gateway = self.world.gateway();
        if !gateway.contexts.is_empty() {
            self.faults
                .push(format!("left over at the gateway: {:?}", gateway.contexts));
        }
        if gateway.ports.owned != 0 {
            self.faults
                .push(format!("{} port pairs still owned", gateway.ports.owned));
        }
        if !self.world.mgc().calls().is_empty() {
            self.faults
                .push("the platform still has the Call".to_owned());
        }
        if !self.world.is_quiet() {
            self.faults.push("transactions are still open".to_owned());
        }
    }
}
