//! `h248 latency`: how long sound is under way through the gateway, what jitter and moves do to it.

use std::time::Duration;

use lab::{
    api::Strategy,
    latency::{Bench, Followed, LatencyError, Moved, Way},
    phones::codec::Codec,
};
use serde::Serialize;

use super::{Trouble, chain, folders::Folders};
use crate::output::say;

/// The lookahead of an Opus encoder, in milliseconds, which the gateway's cannot do without.
const OPUS_LOOKAHEAD: f64 = 6.5;
/// The gateway follows jitter within so long, in milliseconds.
const ADAPTED_WITHIN: f64 = 2_000.0;
/// And gives up again what it waited within so long.
const BACK_WITHIN: f64 = 10_000.0;
/// After that, so many frames in a hundred may be missed.
const MISSED_MOST: f64 = 1.0;
/// Of a move others notice one frame at most, in milliseconds; half of one is the network's.
const OTHERS_MOST: f64 = 30.0;
/// How legs are moved; the first one keeps the promises.
const STRATEGIES: [Strategy; 2] = [Strategy::Move, Strategy::TwoStep];
/// Rooms in which one leg chirps after another: so many in G.711.
const ROOMS: usize = 20;
/// And so many in Opus, which is work.
const OPUS_ROOMS: usize = 8;
/// Rooms with one who talks under jitter.
const TALKERS: usize = 8;

/// How much is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Chirps in each codec
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u16).range(20..=10_000))]
    chirps: u16,
    /// Seconds of jitter; none where it is 0
    #[arg(long, default_value_t = 10)]
    jitter: u16,
    /// Seconds after the jitter
    #[arg(long, default_value_t = 12)]
    after: u16,
    /// Moves by each strategy
    #[arg(long, default_value_t = 50)]
    moves: u16,
    /// Milliseconds that half of the chirps may take
    #[arg(long, default_value_t = 12.0)]
    p50_most: f64,
    /// Milliseconds that 99 of a hundred may take
    #[arg(long, default_value_t = 22.0)]
    p99_most: f64,
    /// What chance begins with
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Prints what was measured as JSON, milliseconds
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folders: Folders,
}

/// What was measured.
#[derive(Debug, Default, Serialize)]
struct Report {
    pcmu: Option<Way>,
    opus: Option<Way>,
    jitter: Option<Followed>,
    moves: Vec<Moved>,
    faults: Vec<String>,
}

/// Runs it; returns what was not as it must be.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let places = arguments.folders.places("latency.pcapng")?;
    let mut bench = Bench::start(&places, arguments.seed).await?;
    let mut report = Report::default();
    measure(&mut bench, &arguments, &mut report).await?;
    report.faults.extend(bench.stop().await);
    if arguments.json {
        say!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        tell(&report);
    }
    Ok(report.faults)
}

async fn measure(
    bench: &mut Bench,
    arguments: &Arguments,
    report: &mut Report,
) -> Result<(), LatencyError> {
    let chirps = usize::from(arguments.chirps);
    let pcmu = bench.way(Codec::Pcmu, ROOMS, chirps).await?;
    let by_packets = (pcmu.packets.p50, pcmu.packets.p99);
    judge_way(
        "PCMU",
        &pcmu,
        by_packets,
        0.0,
        arguments,
        &mut report.faults,
    );
    report.pcmu = Some(pcmu);
    match bench.way(Codec::Opus, OPUS_ROOMS, chirps).await {
        Ok(opus) => {
            let by_samples = (opus.samples.p50, opus.samples.p99);
            let faults = &mut report.faults;
            judge_way("Opus", &opus, by_samples, OPUS_LOOKAHEAD, arguments, faults);
            report.opus = Some(opus);
        }
        Err(error) => report.faults.push(format!("Opus: {}", chain(&error))),
    }
    if arguments.jitter > 0 {
        let jitter = Duration::from_secs(arguments.jitter.into());
        let after = Duration::from_secs(arguments.after.into());
        let followed = bench.jitter(TALKERS, jitter, after).await?;
        judge_jitter(&followed, &mut report.faults);
        report.jitter = Some(followed);
    }
    if arguments.moves > 0 {
        report.moves = bench.moves(&STRATEGIES, arguments.moves.into()).await?;
        judge_moves(&report.moves, &mut report.faults);
    }
    Ok(())
}

fn judge_way(
    codec: &str,
    way: &Way,
    (p50, p99): (f64, f64),
    more: f64,
    arguments: &Arguments,
    faults: &mut Vec<String>,
) {
    for (share, is, most) in [
        ("half", p50, arguments.p50_most),
        ("99 %", p99, arguments.p99_most),
    ] {
        let most = most + more;
        if is > most {
            faults.push(format!(
                "{codec}: {share} of the chirps take {is:.1} ms, not {most}"
            ));
        }
    }
    if way.lost * 100 > way.chirps {
        faults.push(format!("{codec}: {} chirps did not come out", way.lost));
    }
}

fn judge_jitter(followed: &Followed, faults: &mut Vec<String>) {
    let Followed {
        adapted,
        missed,
        back,
        ..
    } = *followed;
    if followed.talkers < TALKERS {
        faults.push(format!(
            "{} talkers of {TALKERS} were heard",
            followed.talkers
        ));
    }
    if adapted > ADAPTED_WITHIN || missed > MISSED_MOST {
        faults.push(format!(
            "jitter: followed after {adapted:.0} ms; of frames after two seconds {missed:.1} % are missed"
        ));
    }
    if back > BACK_WITHIN {
        faults.push(format!("jitter: the delay is back after {back:.0} ms"));
    }
}

fn judge_moves(moves: &[Moved], faults: &mut Vec<String>) {
    for moved in moves {
        let name = moved.strategy;
        faults.extend(moved.faults.iter().map(|fault| format!("{name}: {fault}")));
        if name != STRATEGIES[0].name() {
            continue;
        }
        if moved.own.max > 0.0 || moved.broken > 0 {
            let (own, broken) = (moved.own.max, moved.broken);
            faults.push(format!(
                "{name}: the moved leg hears nobody for {own:.0} ms; {broken} packets lack"
            ));
        }
        if moved.others.max > OTHERS_MOST {
            let others = moved.others.max;
            faults.push(format!("{name}: the others miss it for {others:.0} ms"));
        }
    }
}

fn tell(report: &Report) {
    let ways = [("PCMU", &report.pcmu), ("Opus", &report.opus)];
    for (codec, way) in ways {
        let Some(way) = way else { continue };
        say!(
            "{codec}: {} chirps, {} lost; by packets p50 {:.1} ms, p99 {:.1}, max {:.1}; by samples p50 {:.1} ms, p99 {:.1}, max {:.1}",
            way.chirps,
            way.lost,
            way.packets.p50,
            way.packets.p99,
            way.packets.max,
            way.samples.p50,
            way.samples.p99,
            way.samples.max,
        );
    }
    if let Some(followed) = &report.jitter {
        say!(
            "jitter of 30 ms up and down, {} talkers: delay {:.1} ms before, {:.1} during; followed after {:.0} ms, then {:.2} % of frames missed; back {:.0} ms after its end",
            followed.talkers,
            followed.before,
            followed.during,
            followed.adapted,
            followed.missed,
            followed.back,
        );
    }
    for moved in &report.moves {
        say!(
            "{} {} moves: the moved leg hears nobody for p50 {:.0} ms, p99 {:.0}, max {:.0}; the others miss it for p50 {:.0} ms, p99 {:.0}, max {:.0}; {} packets of its stream lack",
            moved.moves,
            moved.strategy,
            moved.own.p50,
            moved.own.p99,
            moved.own.max,
            moved.others.p50,
            moved.others.p99,
            moved.others.max,
            moved.broken,
        );
    }
}
