//! `h248`: the laboratory's command.

mod commands;
mod output;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{
    bench_media, conform, crash, decode, demo, diff, encode, hook, ladder, latency, load,
    make_capture, phones,
    platform::{call, events, gateway, leg, op, seg},
    playing, replay, run, scale, script, sim, soak,
};

/// The laboratory of the H.248 stack.
#[derive(Debug, Parser)]
#[command(name = "h248", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Calls of a running mgc: create, list, show, delete
    Call(call::Arguments),
    /// A conformance campaign against a gateway or a controller: JUnit, HTML, captures, exit code
    Conform(conform::Arguments),
    /// Kills mgc or mg, or cuts the path between them, at random moments while audio runs
    Crash(crash::Arguments),
    /// Decodes messages and shows them; says where and why one is rejected
    Decode(decode::Arguments),
    /// A private chat, end to end, on real audio: starts mgc and mg, and proves what each leg hears
    Demo(demo::Arguments),
    /// Compares two captures by what they mean, whatever their ids, ports and times
    Diff(diff::Arguments),
    /// Encodes messages from the JSON that `h248 decode --to json` writes
    Encode(encode::Arguments),
    /// What happens at a running mgc, as it happens
    Events(events::Arguments),
    /// Gateways of a running mgc: list, drain, handoff
    Gateway(gateway::Arguments),
    /// What a conformance campaign cannot do over H.248, done with our own mg and mgc
    Hook(hook::Arguments),
    /// Draws the H.248 messages of a capture as a ladder
    Ladder(ladder::Arguments),
    /// How long sound is under way through the gateway, and what jitter and moves do to it
    Latency(latency::Arguments),
    /// Legs of a Call: add, list, show, attach, detach, modify, play, collect, record, stop, delete
    Leg(leg::Arguments),
    /// Operations of a running mgc: show, consent
    Op(op::Arguments),
    /// Very many Calls at gateways without media, and how long moves take at given rates
    Load(load::Arguments),
    /// Writes a capture of calls that never were, as large as one likes, to measure with
    MakeCapture(make_capture::Arguments),
    /// Joins simulated legs to a Call of a running mgc and prints what each of them hears
    Phones(phones::Arguments),
    /// Many Segs, all legs moved to a neighbour Seg and back while audio runs
    Scale(scale::Arguments),
    /// What conferences cost a gateway, beside a bare loop that has the same packets
    BenchMedia(bench_media::Arguments),
    /// Plays one side of a capture against a live peer, every step judged
    Replay(replay::Arguments),
    /// Plays a scenario against a live peer
    Run(run::Arguments),
    /// Writes the scenario that plays one side of a capture
    Script(script::Arguments),
    /// Segs of a Call: create, list, show, modify, play, record, stop, delete, split, merge
    Seg(seg::Arguments),
    /// The private chat in virtual time over a lossy control path, many times
    Sim(sim::Arguments),
    /// Rooms full of legs for a long time, moved at random all the while: who hears whom, memory, late ticks
    Soak(soak::Arguments),
}

/// Commands whose exit codes are verdicts (0 pass, 1 fail, 2 inconc, 3 error): what is wrong with the
/// command line is none of the first three.
const JUDGING: [&str; 3] = ["conform", "run", "replay"];

/// The command line, or the exit code where there is nothing to carry out.
fn arguments() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        let _reader_has_gone = error.print();
        let judging = std::env::args().nth(1);
        let judging = judging.is_some_and(|command| JUDGING.contains(&command.as_str()));
        match (error.use_stderr(), judging) {
            (false, _) => ExitCode::SUCCESS,
            (true, true) => ExitCode::from(3),
            (true, false) => ExitCode::from(2),
        }
    })
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match arguments.command {
        Command::Call(arguments) => commands::run(call::run(arguments)),
        Command::Conform(arguments) => conform::run(&arguments),
        Command::Crash(arguments) => commands::run(crash::run(arguments)),
        Command::Decode(arguments) => decode::run(&arguments),
        Command::Demo(arguments) => commands::run(demo::run(arguments)),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Encode(arguments) => encode::run(&arguments),
        Command::Events(arguments) => commands::run(events::run(arguments)),
        Command::Gateway(arguments) => commands::run(gateway::run(arguments)),
        Command::Hook(arguments) => hook::run(arguments),
        Command::Ladder(arguments) => ladder::run(&arguments),
        Command::Latency(arguments) => commands::run(latency::run(arguments)),
        Command::Leg(arguments) => commands::run(leg::run(arguments)),
        Command::Op(arguments) => commands::run(op::run(arguments)),
        Command::Load(arguments) => commands::run(load::run(arguments)),
        Command::MakeCapture(arguments) => commands::finish(make_capture::run(&arguments)),
        Command::Phones(arguments) => commands::run_to_end(phones::run(arguments)),
        Command::Scale(arguments) => commands::run(scale::run(arguments)),
        Command::BenchMedia(arguments) => commands::run(bench_media::run(arguments)),
        Command::Replay(arguments) => playing::run(replay::run(arguments)),
        Command::Run(arguments) => playing::run(run::run(arguments)),
        Command::Script(arguments) => script::run(&arguments),
        Command::Seg(arguments) => commands::run(seg::run(arguments)),
        Command::Sim(arguments) => arguments.run(),
        Command::Soak(arguments) => commands::run(soak::run(arguments)),
    }
}
