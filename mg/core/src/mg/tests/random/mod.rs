//! Random transactions against a model: what is audited, and what the engine is told, is what the model
//! says; a twin of the gateway that is only given what succeeded is in the same state; no Context is
//! without a Termination, no port pair leaks, nothing panics. `RANDOM_COMMANDS` says how many commands.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a model names what it knows, and takes the rest alike"
)]

mod audited;
mod follow;
mod generate;
mod hearing;
mod known;
mod model;
mod parcels;
mod reply;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use codec_h248::{
    TerminationId, TransactionReply, TransactionResult,
    descriptor::{StreamId, StreamMode},
};
use fastrand::Rng;
use mg_contract::StreamRef;

use super::bench::{Bench, config, transactions};
use crate::{Line, LineKind};
use generate::Verb;
use model::{Model, Room};
use parcels::Kind;
use reply::Answer;

/// Commands of `make test`; the nightly form has a million.
const COMMANDS: u64 = 50_000;
/// So many of them for one gateway; the next ones go to another, with another seed, at the same time.
const SHARE: u64 = 125_000;
const SEED: u64 = 20_261_129;
const PORTS: u16 = 12;
const CONTEXTS: usize = 6;
const MEMBERS: usize = 5;
const LINES: [&str; 3] = ["line/1", "line/2", "trunk/1"];

/// Commands by what they do and by the code of their refusal; 0 stands for none.
type Counts = BTreeMap<(Verb, u16), u64>;

/// A gateway that soon has no port pair, no Context and no room left.
fn small(now: Instant) -> Bench {
    let mut config = config();
    config.rtp_ports = 20_000..=20_000 + 2 * PORTS - 1;
    config.ports_ahead = usize::from(PORTS);
    config.limits.terminations_per_context = MEMBERS;
    config.limits.contexts = CONTEXTS;
    let line = |name: &str| {
        let kind = match Kind::of(name) {
            Kind::Trunk => LineKind::Trunk,
            _ => LineKind::Analog,
        };
        Line::new(TerminationId::from_name(name.to_owned()), kind)
    };
    config.lines = LINES.into_iter().map(line).collect();
    Bench::registered_at(config, now)
}

fn asked(bench: &mut Bench, actions: &str) -> TransactionReply<'static> {
    let id = bench.send(actions);
    let sent = std::mem::take(&mut bench.sent);
    let mut replies = sent
        .iter()
        .flat_map(transactions)
        .filter_map(|one| match one {
            codec_h248::Transaction::Reply(reply) if reply.id.0 == id => Some(reply),
            _ => None,
        });
    replies
        .next()
        .unwrap_or_else(|| panic!("no reply to {actions}"))
}

/// The gateway holds whom the model says, and the engine what the gateway says.
fn check(bench: &Bench, model: &Model) -> Result<(), String> {
    let snapshot = bench.mg.snapshot();
    let mut ports = 0;
    let mut rooms = BTreeMap::new();
    for context in &snapshot.contexts {
        let mut members = BTreeSet::new();
        let mut engine = BTreeMap::new();
        for termination in &context.terminations {
            let name = termination.id.to_string();
            let known = model.known(&name).ok_or(format!("{name} is not known"))?;
            for stream in &termination.streams {
                ports += usize::from(stream.port.is_some());
                if let Some(open) = stream.stream {
                    engine.insert((name.clone(), stream.id.0), open);
                    let right = plays(bench, open, !known.out, stream.mode)?;
                    if !right
                        || known.lanes.get(&stream.id.0).map(|one| one.mode) != Some(stream.mode)
                    {
                        return Err(format!("{stream:?} of {name} is {known:?}"));
                    }
                }
            }
            members.insert(name);
        }
        let room = model.rooms.get(&context.id);
        let room = room.ok_or(format!("Context {} is not known", context.id))?;
        hears(bench, room, &engine)?;
        if members.is_empty() {
            return Err(format!("Context {} has no Termination", context.id));
        }
        rooms.insert(context.id, members);
    }
    let members = |room: &Room| room.members.keys().cloned().collect();
    let wanted: BTreeMap<u32, BTreeSet<String>> = model
        .rooms
        .iter()
        .map(|(id, room)| (*id, members(room)))
        .collect();
    if rooms != wanted {
        return Err(format!("the gateway holds {rooms:?}, the model {wanted:?}"));
    }
    let counts = snapshot.ports;
    let all = counts.unbound + counts.binding + counts.free + counts.owned + counts.failed;
    let right = (counts.owned, ports) == (model.used(), model.used())
        && all == usize::from(PORTS)
        && snapshot.transactions == 0;
    if !right {
        return Err(format!("{ports} streams have ports: {snapshot:?}"));
    }
    Ok(())
}

/// Whether a stream at the engine speaks and hears as its Mode says, if it is in service.
fn plays(bench: &Bench, open: StreamRef, serves: bool, mode: StreamMode) -> Result<bool, String> {
    let engine = bench.engine.streams.get(&open);
    let settings = &engine.ok_or("a stream is not open")?.settings;
    let modes = |modes: [StreamMode; 2]| serves && modes.contains(&mode);
    let speaks = modes([StreamMode::SendReceive, StreamMode::ReceiveOnly]);
    let hears = modes([StreamMode::SendReceive, StreamMode::SendOnly]);
    Ok((settings.contributes, settings.listens) == (speaks, hears))
}

/// The engine is told who hears whom.
fn hears(
    bench: &Bench,
    room: &Room,
    engine: &BTreeMap<(String, u16), StreamRef>,
) -> Result<(), String> {
    for (listener, source, stream) in audited::all_pairs(room) {
        let open = |name: &str| engine.get(&(name.to_owned(), stream)).copied();
        let (Some(ear), Some(mouth)) = (open(listener), open(source)) else {
            continue;
        };
        let told = bench.engine.hears(ear, mouth);
        let wanted = room.hearing.of(listener, source, stream);
        if (told.received, told.sent) != wanted {
            return Err(format!(
                "{listener} hears {told:?} of {source} on {:?}, and should {wanted:?}",
                StreamId(stream)
            ));
        }
    }
    Ok(())
}

fn count(counts: &mut Counts, answers: &[Answer]) {
    for item in answers.iter().flat_map(|answer| &answer.items) {
        *counts
            .entry((item.verb, item.code.unwrap_or(0)))
            .or_default() += 1;
    }
}

/// A gateway, its twin, and what both should be.
struct Trial {
    bench: Bench,
    /// It is given only what the other one has carried out, each command on one Termination.
    twin: Bench,
    twin_state: String,
    model: Model,
    rounds: u64,
}

impl Trial {
    fn new() -> Self {
        let now = Instant::now();
        let twin = small(now);
        Self {
            bench: small(now),
            twin_state: twin.state(),
            twin,
            model: Model::new(&LINES, CONTEXTS, MEMBERS, usize::from(PORTS)),
            rounds: 0,
        }
    }

    /// One random transaction; returns how many commands it had.
    fn round(&mut self, rng: &mut Rng, counts: &mut Counts) -> u64 {
        let deeds = generate::transaction(rng, &self.model);
        let actions = generate::text(&deeds);
        let reply = asked(&mut self.bench, &actions);
        let round = self.rounds;
        let told = |what: String| format!("round {round}: {what}\n{actions}\n{reply:?}");
        let answers =
            reply::answers(&reply).unwrap_or_else(|code| panic!("{}", told(code.to_string())));
        let right = self
            .model
            .follow(&deeds, &answers)
            .and_then(|()| check(&self.bench, &self.model))
            .and_then(|()| self.compare())
            .and_then(|()| self.audit());
        right.unwrap_or_else(|what| panic!("{}", told(what)));
        if round.is_multiple_of(64) {
            let time = Duration::from_millis(rng.u64(..2_000));
            self.pass(time)
                .unwrap_or_else(|what| panic!("{}", told(what)));
        }
        count(counts, &answers);
        self.rounds += 1;
        deeds.iter().map(|deed| deed.orders.len() as u64).sum()
    }

    /// Both are in one state when the twin has done what succeeded: the rest has changed nothing.
    fn compare(&mut self) -> Result<(), String> {
        if !self.model.done.is_empty() {
            let done = generate::text(&self.model.done);
            let reply = asked(&mut self.twin, &done);
            let TransactionResult::Actions(_) = reply.result else {
                return Err(format!("the twin refuses {done}: {reply:?}"));
            };
            self.twin_state = self.twin.state();
        }
        let state = self.bench.state();
        if state == self.twin_state {
            return Ok(());
        }
        let same = state.bytes().zip(self.twin_state.bytes());
        let at = same.take_while(|(one, other)| one == other).count();
        let part = |state: &str| {
            let part = state.bytes().skip(at.saturating_sub(200)).take(400);
            String::from_utf8_lossy(&part.collect::<Vec<u8>>()).into_owned()
        };
        Err(format!(
            "what was refused has changed something:\n{}\n{}\ndone: {}",
            part(&state),
            part(&self.twin_state),
            generate::text(&self.model.done)
        ))
    }

    /// Everything is audited as the model says, where something was done.
    fn audit(&mut self) -> Result<(), String> {
        if self.model.done.is_empty() {
            return Ok(());
        }
        let counts = self.rounds.is_multiple_of(16);
        audited::check(&mut self.bench, &self.model, counts)?;
        if counts {
            // What the engine is asked for is numbered.
            audited::check(&mut self.twin, &self.model, counts)?;
            self.twin_state = self.twin.state();
        }
        Ok(())
    }

    /// Lets time pass: signals end, and so do digit maps, which the controller is told.
    fn pass(&mut self, time: Duration) -> Result<(), String> {
        let ended = self.model.pass(time);
        for bench in [&mut self.bench, &mut self.twin] {
            bench.pass(time);
            let told = audited::notified(bench);
            let count = told.len();
            let told: BTreeSet<_> = told.into_iter().collect();
            if told != ended || count != ended.len() {
                return Err(format!("told {told:?}, and ended {ended:?}"));
            }
            audited::check(bench, &self.model, true)?;
        }
        self.twin_state = self.twin.state();
        Ok(())
    }

    /// Nothing is left when everybody has gone.
    fn end(mut self) {
        let bench = &mut self.bench;
        bench.ask("Context=*{O-Subtract=*{Audit{}}}");
        // In the null Context a stream is open for what plays or is listened for.
        let idle = bench.ask("Context=-{Modify=*{Events,EventBuffer,Signals{}}}");
        assert_eq!(bench.members(), []);
        assert_eq!(bench.mg.snapshot().ports.owned, 0, "a port pair leaks");
        assert!(
            bench.engine.streams.is_empty(),
            "after {idle} streams are open: {:?}",
            bench.engine.streams
        );
    }
}

fn run(commands: u64, seed: u64) -> Counts {
    let mut trial = Trial::new();
    let mut rng = Rng::with_seed(seed);
    let mut counts = Counts::new();
    let mut done = 0;
    while done < commands {
        done += trial.round(&mut rng, &mut counts);
    }
    trial.end();
    counts
}

/// So many commands, each share with a seed of its own.
fn run_all(commands: u64) -> Counts {
    let shares = (0..commands.div_ceil(SHARE)).map(|share| {
        let count = SHARE.min(commands - share * SHARE);
        std::thread::spawn(move || run(count, SEED + share))
    });
    let shares: Vec<_> = shares.collect();
    let mut counts = Counts::new();
    for share in shares {
        for (key, count) in share.join().expect("a share is as the model says") {
            *counts.entry(key).or_default() += count;
        }
    }
    counts
}

#[test]
fn random_commands_do_what_the_model_says_and_refusals_change_nothing() {
    let asked = std::env::var("RANDOM_COMMANDS").ok();
    let commands = asked.map_or(COMMANDS, |number| number.parse().expect("a number"));
    let counts = run_all(commands);
    let mut lines = format!("random: {commands} commands\n");
    let verbs: BTreeSet<Verb> = counts.keys().map(|(verb, _)| *verb).collect();
    for verb in verbs {
        let codes = counts.iter().filter(|((own, _), _)| *own == verb);
        let codes = codes.map(|((_, code), count)| match code {
            0 => format!(" done {count}"),
            code => format!(" {code}:{count}"),
        });
        lines.push_str(&format!("  {verb:?}:{}\n", codes.collect::<String>()));
    }
    println!("{lines}");
    let total = |verb, done: bool| -> u64 {
        let of = counts
            .iter()
            .filter(|((own, code), _)| *own == verb && (*code == 0) == done);
        of.map(|(_, count)| count).sum()
    };
    for verb in [
        Verb::Add,
        Verb::Move,
        Verb::Modify,
        Verb::Subtract,
        Verb::AuditValue,
    ] {
        assert!(
            total(verb, true) > commands / 200,
            "{verb:?} is hardly ever done\n{lines}"
        );
        assert!(
            total(verb, false) > commands / 200,
            "{verb:?} is hardly ever refused\n{lines}"
        );
    }
}

#[test]
fn a_seed_means_the_same_commands() {
    assert_eq!(run(500, 7), run(500, 7));
}
