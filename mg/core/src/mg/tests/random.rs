//! Random commands: no panic, no leak, and a refused command changes nothing.

use std::{collections::BTreeMap, time::Duration};

use fastrand::Rng;

use super::bench::{Bench, config, media};

/// What there is: Contexts with their Terminations.
type Members = [(u32, Vec<String>)];

/// One random command that is legal in shape, and often not in meaning.
fn command(rng: &mut Rng, members: &Members) -> String {
    let name = name(rng, members);
    let wildcard = if rng.u8(..8) == 0 { "W-" } else { "" };
    match rng.u8(..12) {
        0..=3 => format!("Add=${{{}}}", some_media(rng)),
        4..=5 => format!("Move={name}{}", braces(rng)),
        6..=7 => format!("{wildcard}Modify={name}{}", braces(rng)),
        8 => format!("{wildcard}Subtract={name}"),
        9 => format!("{wildcard}Subtract={name}{{Audit{{}}}}"),
        10 => format!("{wildcard}AuditValue={name}{{Audit{{Media,Statistics}}}}"),
        _ => format!("AuditValue={name}{{Audit{{}}}}"),
    }
}

fn name(rng: &mut Rng, members: &Members) -> String {
    let names: Vec<&String> = members.iter().flat_map(|(_, names)| names).collect();
    match rng.u8(..12) {
        0 => "ROOT".to_owned(),
        1 => "*".to_owned(),
        2 => "$".to_owned(),
        3 => format!("rtp/{}", rng.u32(..60)),
        _ if names.is_empty() => "rtp/*".to_owned(),
        _ => names[rng.usize(..names.len())].clone(),
    }
}

fn some_media(rng: &mut Rng) -> String {
    let mode = ["SendReceive", "Inactive", "Loopback"][rng.usize(..3)];
    let formats = ["8", "0 8", "18", "97"][rng.usize(..4)];
    let number = rng.u16(..40) + 19_995;
    match rng.u8(..4) {
        0 => media(mode, formats, 40_000),
        1 => format!("Media{{Local{{\nm=audio {number} RTP/AVP {formats}\n}}}}"),
        2 => "Media{Stream=1{Local{},Remote{}}}".to_owned(),
        _ => format!("Media{{LocalControl{{Mode={mode}}}}},Events=1{{g/cause}}"),
    }
}

fn braces(rng: &mut Rng) -> String {
    if rng.bool() {
        return String::new();
    }
    format!("{{{}}}", some_media(rng))
}

fn context(rng: &mut Rng, members: &Members) -> String {
    match rng.u8(..10) {
        0..=1 => "$".to_owned(),
        2 => "*".to_owned(),
        3 => "-".to_owned(),
        4 => "77777".to_owned(),
        _ if members.is_empty() => "$".to_owned(),
        _ => members[rng.usize(..members.len())].0.to_string(),
    }
}

fn check(bench: &Bench) {
    let snapshot = bench.mg.snapshot();
    let mut groups = BTreeMap::new();
    let mut open = 0;
    for context in &snapshot.contexts {
        assert!(
            !context.terminations.is_empty(),
            "Context {} is empty",
            context.id
        );
        for stream in context.terminations.iter().flat_map(|one| &one.streams) {
            let Some(name) = stream.stream else {
                continue;
            };
            open += 1;
            let engine = &bench.engine.streams[&name];
            assert_eq!(engine.port, stream.port);
            let group = *groups
                .entry((context.id, stream.id))
                .or_insert(engine.group);
            assert_eq!(group, engine.group, "one Context, one group");
        }
    }
    let mut distinct: Vec<_> = groups.values().collect();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), groups.len(), "two Contexts share a group");
    assert_eq!(
        bench.engine.streams.len(),
        open,
        "the engine has others open"
    );
    let ports = snapshot.ports;
    assert_eq!(ports.owned, open, "a port pair leaks");
    let all = ports.unbound + ports.binding + ports.free + ports.owned + ports.failed;
    assert_eq!(all, 16, "a port pair is lost");
    assert_eq!(snapshot.transactions, 0);
    assert_eq!(snapshot.counters.stray_reports, 0);
}

/// A gateway that soon has no port pair, no Context and no room left.
fn small() -> Bench {
    let mut config = config();
    config.rtp_ports = 20_000..=20_031;
    config.ports_ahead = 16;
    config.limits.terminations_per_context = 5;
    config.limits.contexts = 8;
    Bench::registered(config)
}

#[test]
fn five_thousand_random_commands_leave_the_gateway_whole() {
    let mut bench = small();
    let mut rng = Rng::with_seed(20_261_124);
    let (mut done, mut refused) = (0, 0);
    for round in 0..5_000 {
        let members = bench.members();
        let context = context(&mut rng, &members);
        let actions = format!("Context={context}{{{}}}", command(&mut rng, &members));
        let before = bench.state();
        let reply = bench.ask(&actions);
        check(&bench);
        if !reply.contains("ER=") {
            done += 1;
            continue;
        }
        refused += 1;
        if !actions.contains("=*") {
            assert_eq!(bench.state(), before, "round {round}: {actions}: {reply}");
        }
    }
    assert!(
        done > 500 && refused > 500,
        "{done} done, {refused} refused"
    );
    bench.ask("Context=*{O-Subtract=*}");
    check(&bench);
    assert_eq!(bench.members(), []);
}

/// One to three actions of one to three commands each, some of them optional.
fn transaction(rng: &mut Rng, members: &Members) -> String {
    let actions = (0..rng.u8(1..4)).map(|_| {
        let context = context(rng, members);
        let commands = (0..rng.u8(1..4)).map(|_| {
            let optional = if rng.bool() { "O-" } else { "" };
            format!("{optional}{}", command(rng, members))
        });
        let commands: Vec<String> = commands.collect();
        format!("Context={context}{{{}}}", commands.join(","))
    });
    let actions: Vec<String> = actions.collect();
    actions.join(",")
}

#[test]
fn random_transactions_of_many_commands_leave_the_gateway_whole() {
    let mut bench = small();
    let mut rng = Rng::with_seed(7);
    for _ in 0..1_000 {
        let members = bench.members();
        bench.ask(&transaction(&mut rng, &members));
        check(&bench);
        bench.pass(Duration::from_millis(rng.u64(..2_000)));
    }
}
