//! Random transactions against a model: what is refused changes nothing, every reply has its shape, no Context is without a
//! Termination, no port pair leaks, nothing panics. `RANDOM_COMMANDS` says how many commands.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a model names what it knows, and takes the rest alike"
)]

mod generate;
mod model;
mod reply;

use std::{collections::BTreeMap, time::Duration};

use codec_h248::{
    AuditReply, CommandReply, TerminationId, TransactionReply, TransactionResult,
    descriptor::{AuditReturn, RequestId, StreamId, StreamMode},
};
use fastrand::Rng;

use super::bench::{Bench, config, transactions};
use crate::{Line, LineKind};
use generate::{Deed, Verb};
use model::{Known, Model};
use reply::Answer;

/// Commands of `make test`; the nightly form has a million.
const COMMANDS: u64 = 50_000;
const PORTS: u16 = 16;
const CONTEXTS: usize = 8;
const MEMBERS: usize = 5;

/// Commands by what they do and by the code of their refusal; 0 stands for none.
type Counts = BTreeMap<(Verb, u16), u64>;

/// A gateway that soon has no port pair, no Context and no room left.
fn small() -> Bench {
    let mut config = config();
    config.rtp_ports = 20_000..=20_000 + 2 * PORTS - 1;
    config.ports_ahead = usize::from(PORTS);
    config.limits.terminations_per_context = MEMBERS;
    config.limits.contexts = CONTEXTS;
    let line = |number| {
        let id = TerminationId::from_name(format!("line/{number}"));
        Line::new(id, LineKind::Analog)
    };
    config.lines = [1, 2].map(line).into();
    Bench::registered(config)
}

fn model() -> Model {
    let idle = [1, 2].map(|number| (format!("line/{number}"), Known::default()));
    Model {
        idle: idle.into(),
        contexts_max: CONTEXTS,
        members_max: MEMBERS,
        ports: usize::from(PORTS),
        ..Model::default()
    }
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

/// The gateway holds what the model says, and the engine what the gateway says.
fn check(bench: &Bench, model: &Model) -> Result<(), String> {
    let snapshot = bench.mg.snapshot();
    let (mut open, mut ports) = (0, 0);
    let mut rooms = BTreeMap::new();
    for context in &snapshot.contexts {
        let mut members = BTreeMap::new();
        for termination in &context.terminations {
            let streams = termination.streams.iter();
            ports += streams
                .clone()
                .filter(|stream| stream.port.is_some())
                .count();
            for stream in streams.clone().filter(|stream| stream.stream.is_some()) {
                open += 1;
                let name = stream.stream.ok_or("it has one")?;
                let engine = bench
                    .engine
                    .streams
                    .get(&name)
                    .ok_or("a stream is not open")?;
                let modes = [StreamMode::SendReceive, StreamMode::ReceiveOnly];
                let known = model.known(termination.id.as_str());
                let serves = known.is_some_and(|known| !known.out);
                let right = engine.settings.contributes == (serves && modes.contains(&stream.mode));
                if !right {
                    return Err(format!("{name:?} has {:?} and {stream:?}", engine.settings));
                }
            }
            let mut streams = streams;
            let first = streams.find(|stream| stream.id == StreamId(1));
            let mode = first.map(|stream| format!("{:?}", stream.mode));
            members.insert(
                termination.id.to_string(),
                mode.filter(|mode| mode != "Inactive"),
            );
        }
        if members.is_empty() {
            return Err(format!("Context {} has no Termination", context.id));
        }
        rooms.insert(context.id, members);
    }
    let mode = |known: &Known| known.mode.map(str::to_owned);
    let wanted: BTreeMap<u32, BTreeMap<String, Option<String>>> = model
        .rooms
        .iter()
        .map(|(id, members)| {
            let members = members
                .iter()
                .map(|(name, known)| (name.clone(), mode(known)));
            (*id, members.collect())
        })
        .collect();
    if rooms != wanted {
        return Err(format!("the gateway holds {rooms:?}, the model {wanted:?}"));
    }
    let counts = snapshot.ports;
    let all = counts.unbound + counts.binding + counts.free + counts.owned + counts.failed;
    let right = counts.owned == ports && all == usize::from(PORTS) && snapshot.transactions == 0;
    if !right {
        return Err(format!(
            "{ports} streams have ports, {open} are open: {snapshot:?}"
        ));
    }
    Ok(())
}

/// The Events descriptor of each Termination is as the model has it.
fn check_events(bench: &mut Bench, model: &Model) -> Result<(), String> {
    for place in ["*", "-"] {
        let reply = asked(
            bench,
            &format!("Context={place}{{AuditValue=*{{Audit{{Events}}}}}}"),
        );
        let TransactionResult::Actions(actions) = reply.result else {
            return Err("an audit is refused".to_owned());
        };
        for command in actions.iter().flat_map(|action| &action.commands) {
            let CommandReply::AuditValue(AuditReply::Termination(reply)) = command else {
                continue;
            };
            let events = reply
                .descriptors
                .iter()
                .find_map(|descriptor| match descriptor {
                    AuditReturn::Events(events) => Some(events.request_id),
                    _ => None,
                });
            let Some(events) = events else { continue };
            let name = reply.terminations[0].to_string();
            let known = model.rooms.values().chain([&model.idle]);
            let known = known.into_iter().find_map(|members| members.get(&name));
            if known.map(|known| known.request.map(RequestId::Id)) != Some(events) {
                return Err(format!("{name} has events {events:?}, the model {known:?}"));
            }
        }
    }
    Ok(())
}

/// Whether a transaction is one command on one name, so that its refusal is that of everything.
fn is_single(deeds: &[Deed]) -> bool {
    let [deed] = deeds else { return false };
    deed.orders.len() == 1 && deed.attribute.is_none() && !deed.orders[0].name.contains('*')
}

fn count(counts: &mut Counts, answers: &[Answer]) {
    for item in answers.iter().flat_map(|answer| &answer.items) {
        *counts
            .entry((item.verb, item.code.unwrap_or(0)))
            .or_default() += 1;
    }
}

fn run(commands: u64, seed: u64) -> Counts {
    let (mut bench, mut model) = (small(), model());
    let mut rng = Rng::with_seed(seed);
    let mut counts = Counts::new();
    let (mut done, mut round) = (0, 0_u64);
    while done < commands {
        let deeds = generate::transaction(&mut rng, &model);
        let actions = generate::text(&deeds);
        let single = is_single(&deeds);
        let before = single.then(|| bench.state());
        let reply = asked(&mut bench, &actions);
        let told = |what: String| format!("round {round}: {what}\n{actions}\n{reply:?}");
        let answers =
            reply::answers(&reply).unwrap_or_else(|code| panic!("{}", told(code.to_string())));
        if let Err(what) = model
            .follow(&deeds, &answers)
            .and_then(|()| check(&bench, &model))
        {
            panic!("{}", told(what));
        }
        let refused = answers.iter().any(|answer| {
            answer.code.is_some() || answer.items.iter().any(|item| item.code.is_some())
        });
        if let (true, Some(before)) = (refused, before) {
            assert_eq!(
                bench.state(),
                before,
                "{}",
                told("a refusal changed something".to_owned())
            );
        }
        if round.is_multiple_of(64) {
            check_events(&mut bench, &model).unwrap_or_else(|what| panic!("{}", told(what)));
            bench.pass(Duration::from_millis(rng.u64(..2_000)));
            bench.sent.clear();
        }
        count(&mut counts, &answers);
        done += deeds
            .iter()
            .map(|deed| deed.orders.len() as u64)
            .sum::<u64>();
        round += 1;
    }
    bench.ask("Context=*{O-Subtract=*{Audit{}}}");
    // In the null Context a stream is open for what plays or is listened for.
    let idle = bench.ask("Context=-{Modify=line/*{Events,EventBuffer,Signals{}}}");
    assert_eq!(bench.members(), []);
    assert_eq!(bench.mg.snapshot().ports.owned, 0, "a port pair leaks");
    assert!(
        bench.engine.streams.is_empty(),
        "after {idle} streams are open: {:?}",
        bench.engine.streams
    );
    counts
}

#[test]
fn random_commands_do_what_the_model_says_and_refusals_change_nothing() {
    let asked = std::env::var("RANDOM_COMMANDS").ok();
    let commands = asked.map_or(COMMANDS, |number| number.parse().expect("a number"));
    let counts = run(commands, 20_261_129);
    let mut lines = format!("random: {commands} commands\n");
    for verb in counts
        .keys()
        .map(|(verb, _)| *verb)
        .collect::<std::collections::BTreeSet<_>>()
    {
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
