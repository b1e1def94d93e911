//! Two programs, the network between them, and what the run has planned for them.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::{Duration, Instant},
};

use codec_h248::TransactionId;
use transport_h248::{Config, Counters, Event, PeerId, Transmit};

use super::{
    Defect, Outcome, Seen, Settings,
    agenda::Agenda,
    audit,
    ledger::{End, Ledger},
    program::{Program, address},
    traffic::{Answered, Asked, Traffic},
};
use crate::sim::{Net, Side};

/// Each side asks so often, on average over both and the run.
const BETWEEN_REQUESTS: Duration = Duration::from_millis(20);
/// Requests that are sent at the same moment, at most.
const BURST: u32 = 16;
/// A run restarts its programs so often, at most.
const RESTARTS: u32 = 6;
/// Nothing goes on for so long.
const RUN: Duration = Duration::from_secs(4 * 3_600);

/// What is planned.
#[derive(Debug)]
enum Item {
    /// A program is to ask so many requests.
    Ask(Side, u32),
    /// The program of this life has carried out a request.
    Done(Side, u32, PeerId, TransactionId, u32),
    /// A program dies.
    Stop(Side),
    /// It is started again.
    Start(Side),
}

/// A run.
pub(super) struct World<'a> {
    seed: u64,
    defect: Option<Defect>,
    programs: [Program; 2],
    net: Net,
    agenda: Agenda<Item>,
    random: fastrand::Rng,
    traffic: Traffic,
    ledger: Ledger,
    restarts: u64,
    reports: u64,
    started: Instant,
    now: Instant,
    trace: DefaultHasher,
    seen: &'a mut dyn FnMut(Seen<'_>),
}

impl<'a> World<'a> {
    pub(super) fn new(seed: u64, settings: &Settings, seen: &'a mut dyn FnMut(Seen<'_>)) -> Self {
        let now = crate::sim::start();
        let mut random = fastrand::Rng::with_seed(seed);
        let mut world = Self {
            seed,
            defect: settings.defect,
            programs: Side::BOTH.map(Program::new),
            net: Net::new(settings.faults, random.u64(..)),
            agenda: Agenda::new(),
            random,
            traffic: Traffic::new(),
            ledger: Ledger::default(),
            restarts: 0,
            reports: 0,
            started: now,
            now,
            trace: DefaultHasher::new(),
            seen,
        };
        world.plan(settings.transactions);
        world
    }

    fn plan(&mut self, mut requests: u32) {
        for side in Side::BOTH {
            self.agenda.put(self.now, Item::Start(side));
        }
        let span = BETWEEN_REQUESTS * requests;
        let moment = |world: &mut Self| world.now + span.mul_f64(world.random.f64());
        for _ in 0..self.random.u32(0..=RESTARTS) {
            let (at, side) = (moment(self), self.any_side());
            self.agenda.put(at, Item::Stop(side));
        }
        while requests > 0 {
            let alone = self.random.u8(..10) > 0;
            let burst = if alone { 1 } else { self.random.u32(2..=BURST) };
            let burst = burst.min(requests);
            requests -= burst;
            let (at, side) = (moment(self), self.any_side());
            self.agenda.put(at, Item::Ask(side, burst));
        }
    }

    fn any_side(&mut self) -> Side {
        Side::BOTH[self.random.usize(..2)]
    }

    fn program(&mut self, side: Side) -> &mut Program {
        &mut self.programs[side as usize]
    }

    fn up_to(&mut self, most: Duration) -> Duration {
        most.mul_f64(self.random.f64())
    }

    /// Runs until nothing is left to happen.
    pub(super) fn run(mut self) -> Outcome {
        while let Some(at) = self.next_moment() {
            self.now = self.now.max(at);
            if self.now - self.started > RUN {
                self.fault("it goes on without end".to_owned());
                break;
            }
            self.step();
        }
        self.close()
    }

    fn next_moment(&self) -> Option<Instant> {
        let timers = self.programs.iter().filter_map(Program::poll_timeout);
        let others = [self.agenda.next(), self.net.poll_timeout()];
        timers.chain(others.into_iter().flatten()).min()
    }

    fn step(&mut self) {
        let now = self.now;
        while let Some(item) = self.agenda.pop_due(now) {
            self.happen(item);
        }
        while let Some((to, octets)) = self.net.poll_arrival(now) {
            if let Some(endpoint) = &mut self.program(to).endpoint {
                endpoint.handle_message(&octets, address(to.other()).into(), now);
            }
        }
        for side in Side::BOTH {
            if let Some(endpoint) = &mut self.program(side).endpoint {
                endpoint.handle_timeout(now);
            }
            while let Some((peer, event)) = self.program(side).poll_event() {
                self.take(side, peer, event);
            }
            self.send(side);
        }
    }

    fn happen(&mut self, item: Item) {
        let now = self.now;
        match item {
            Item::Ask(side, count) => self.ask(side, count),
            Item::Done(side, life, peer, id, number) => {
                let result = self.traffic.reply(number);
                let program = self.program(side);
                if let Some(endpoint) = program.endpoint.as_mut().filter(|_| program.life == life) {
                    endpoint.reply(peer, id, result, now);
                }
            }
            Item::Stop(side) => self.stop(side),
            Item::Start(side) => {
                let short = self.defect == Some(Defect::ShortMemory);
                let Self {
                    programs,
                    traffic,
                    random,
                    ..
                } = self;
                let shorten = |config: &mut Config| {
                    if short {
                        config.long_timer = Duration::from_secs(1);
                    }
                };
                programs[side as usize].start(traffic, shorten, random, now);
            }
        }
    }

    /// Lets a program ask; while it may not, it will later.
    fn ask(&mut self, side: Side, count: u32) {
        let now = self.now;
        let Self {
            programs,
            ledger,
            traffic,
            ..
        } = self;
        let program = &mut programs[side as usize];
        let Some((endpoint, peer)) = program.open() else {
            let at = now + self.up_to(Duration::from_secs(2));
            return self.agenda.put(at, Item::Ask(side, count));
        };
        let mut asked = Vec::new();
        for _ in 0..count {
            let number = ledger.ask(side);
            asked.push((endpoint.request(peer, traffic.request(number), now), number));
        }
        for (id, number) in asked {
            if let Some(earlier) = program.waiting.insert(id, number) {
                let fault = format!("requests {earlier} and {number} are both {id}");
                ledger.faults.push(fault);
            }
        }
    }

    fn stop(&mut self, side: Side) {
        let now = self.now;
        if self.defect == Some(Defect::Forgetful) {
            let seed = self.random.u64(..);
            return self.program(side).forget(seed, now);
        }
        if self.program(side).endpoint.is_none() {
            return;
        }
        self.restarts += 1;
        for number in self.program(side).stop() {
            self.ledger.ends(number, End::AskerRestarted);
        }
        let long = self.random.u8(..10) == 0;
        let most = Duration::from_secs(if long { 40 } else { 3 });
        let at = now + self.up_to(most);
        self.agenda.put(at, Item::Start(side));
    }

    fn send(&mut self, side: Side) {
        let Some(endpoint) = &mut self.programs[side as usize].endpoint else {
            return;
        };
        let to = address(side.other()).into();
        let at = self.now - self.started;
        let mut astray = 0;
        while let Some(transmit) = endpoint.poll_transmit() {
            astray += u32::from(transmit.to != to);
            let Transmit { octets, .. } = transmit;
            (at, side as u8, &octets[..]).hash(&mut self.trace);
            (self.seen)(Seen {
                at,
                from: side,
                octets: &octets,
            });
            self.net.send(side.other(), &octets, self.now);
        }
        if astray > 0 {
            self.fault(format!("{astray} messages went elsewhere"));
        }
    }

    fn take(&mut self, side: Side, peer: PeerId, event: Event) {
        let now = self.now;
        match event {
            Event::Request { id, actions, .. } => match self.traffic.read(&actions) {
                Asked::Registration => {
                    let program = &mut self.programs[side as usize];
                    for number in program.peer_restarted((peer, id), &self.traffic, now) {
                        self.ledger.ends(number, End::PeerRestarted);
                    }
                }
                Asked::Number(number) => self.execute(side, peer, id, number),
                Asked::Garbled => self.fault(format!("{id} is nothing that was asked")),
            },
            Event::Reply { id, result } => {
                let accepted = !matches!(result, codec_h248::TransactionResult::Error(_));
                if !self.registration_ends(side, id, accepted)
                    && let Some(number) = self.ended(side, id)
                {
                    let end = match self.traffic.read_reply(number, &result) {
                        Answered::Rightly => End::Replied,
                        Answered::Refused => End::Refused,
                        Answered::Wrongly => {
                            return self.fault(format!("request {number} got another's reply"));
                        }
                    };
                    self.ledger.ends(number, end);
                }
            }
            Event::TimedOut { id } | Event::Unsent { id } => {
                if !self.registration_ends(side, id, false)
                    && let Some(number) = self.ended(side, id)
                {
                    self.ledger.ends(number, End::TimedOut);
                }
            }
            Event::CarrierLost => self.fault("a connection ended where there is none".to_owned()),
            Event::MessageError { error } => self.fault(format!("a message was refused: {error}")),
        }
    }

    fn execute(&mut self, side: Side, peer: PeerId, id: TransactionId, number: u32) {
        let life = self.program(side).life;
        self.ledger.executes(number, side, life);
        let most = match self.random.u8(..20) {
            0 => Duration::from_secs(12),
            1..=3 => Duration::from_secs(3),
            _ => Duration::from_millis(200),
        };
        let at = self.now + self.up_to(most);
        self.agenda
            .put(at, Item::Done(side, life, peer, id, number));
    }

    fn registration_ends(&mut self, side: Side, id: TransactionId, accepted: bool) -> bool {
        let program = &mut self.programs[side as usize];
        program.registration_ends(id, accepted, &self.traffic, self.now)
    }

    /// Takes the end of a request; `None` where the program does not hear of it, or has not asked.
    fn ended(&mut self, side: Side, id: TransactionId) -> Option<u32> {
        self.reports += 1;
        if self.defect == Some(Defect::Silent) && self.reports.is_multiple_of(100) {
            return None;
        }
        let number = self.program(side).waiting.remove(&id);
        if number.is_none() {
            self.fault(format!("{id} ended and was not waited for"));
        }
        number
    }

    fn fault(&mut self, fault: String) {
        self.ledger.faults.push(fault);
    }

    /// Looks at what is left once nothing happens any more.
    fn close(mut self) -> Outcome {
        self.ledger.close();
        let mut counters = Counters::default();
        for program in &self.programs {
            counters += program.counters();
            self.ledger.faults.extend(audit::left(program));
        }
        self.ledger.faults.extend(audit::miscounted(&counters));
        Outcome {
            seed: self.seed,
            faults: self.ledger.faults.clone(),
            trace: self.trace.finish(),
            asked: self.ledger.asked(),
            executed: self.ledger.executed,
            ends: self.ledger.ends,
            restarts: self.restarts,
            counters,
            datagrams: self.net.sent,
            lost: self.net.lost,
            doubled: self.net.doubled,
            elapsed: self.now - self.started,
        }
    }
}
