//! `h248 soak`: rooms full of legs for a long time, with random moves all the while.

use std::time::Duration;

use lab::{
    phones::codec,
    soak::{self, Growth, LEGS_MAX, Plan, Report, Standing},
};

use super::{Trouble, folders::Folders};
use crate::output::say;

/// So often is told how it stands.
const TOLD: u32 = 12;
/// Memory is judged where it had so long to become warm.
const WARM_AFTER: Duration = Duration::from_secs(240);
/// More than that in per cent is no flat memory.
const GROWTH_MOST: f64 = 2.0;
/// The controller keeps no more of what has ended, so that it is full before memory is judged.
const REMEMBERS_LITTLE: [&str; 4] = ["--events-kept", "2000", "--operations-kept", "500"];
/// A few pages more are no growth, in KiB.
const GROWTH_FREE: u64 = 512;

/// What the legs speak.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Spoken {
    /// G.711 µ-law
    Pcmu,
    /// Both laws of G.711 in turn
    Laws,
    /// Opus
    Opus,
    /// PCMU, PCMA and Opus in turn
    Mixed,
}

impl Spoken {
    fn of(self) -> fn(usize) -> codec::Codec {
        use codec::Codec::{Opus, Pcma, Pcmu};
        match self {
            Self::Pcmu => |_| Pcmu,
            Self::Laws => |place| [Pcmu, Pcma][place % 2],
            Self::Opus => |_| Opus,
            Self::Mixed => |place| [Pcmu, Pcma, Opus][place % 3],
        }
    }
}

/// How long and how large.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How long it goes on, such as 1h or 90s
    #[arg(long, default_value = "10m", value_parser = humantime::parse_duration)]
    time: Duration,
    /// How many rooms there are
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(2..=200))]
    rooms: u16,
    /// Legs of each at the start
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=8))]
    legs: u16,
    /// Moves a second
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=50))]
    moves: u16,
    /// What they speak
    #[arg(long, value_enum, default_value = "laws")]
    codec: Spoken,
    /// Late ticks at most, in per cent
    #[arg(long, default_value_t = 0.01)]
    late_most: f64,
    /// What chance begins with
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    folders: Folders,
}

/// Runs it; returns what was not as it must be.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let mut places = arguments.folders.places("soak.pcapng")?;
    places.controller = &REMEMBERS_LITTLE;
    let (rooms, legs) = (usize::from(arguments.rooms), usize::from(arguments.legs));
    if rooms * legs > LEGS_MAX {
        return Err(format!("{rooms} x {legs} legs; {LEGS_MAX} at most can be told apart").into());
    }
    let plan = Plan {
        rooms,
        legs,
        length: arguments.time,
        moves: f64::from(arguments.moves),
        codec: arguments.codec.of(),
    };
    let each = arguments.time / TOLD;
    let mut next = Duration::ZERO;
    say!(
        "{:>8} {:>7} {:>7} {:>10} {:>6} {:>8} {:>8} {:>6}",
        "time",
        "moves",
        "samples",
        "cells",
        "wrong",
        "mg KiB",
        "mgc KiB",
        "faults"
    );
    let told = |standing: &Standing| {
        if standing.time >= next {
            next = standing.time + each;
            tell(standing);
        }
    };
    let report = soak::run(&places, plan, arguments.seed, told).await?;
    tell(&report.standing);
    Ok(judge(report, &arguments))
}

fn tell(standing: &Standing) {
    say!(
        "{:>6.0} s {:>7} {:>7} {:>10} {:>6} {:>8} {:>8} {:>6}",
        standing.time.as_secs_f64(),
        standing.moves,
        standing.samples,
        standing.cells,
        standing.wrong,
        standing.memory.mg,
        standing.memory.mgc,
        standing.faults.len(),
    );
}

fn judge(report: Report, arguments: &Arguments) -> Vec<String> {
    let (late, all) = (report.late_ticks, report.ticks + report.late_ticks);
    let percent = 100.0 * late as f64 / all.max(1) as f64;
    say!("late ticks of mg: {late} of {all}, {percent:.4} %");
    let mut faults = report.standing.faults;
    if report.standing.wrong > 0 {
        faults.push(format!("{} cells were wrong", report.standing.wrong));
    }
    if report.standing.samples == 0 {
        faults.push("the matrix was never judged".to_owned());
    }
    if report.ticks == 0 {
        faults.push("mg does not tell how many ticks it had".to_owned());
    }
    if percent > arguments.late_most {
        faults.push(format!("{percent:.4} % of the ticks were late"));
    }
    let warm = arguments.time >= WARM_AFTER;
    for growth in [
        ("mg", Growth::of(&report.memory, |memory| memory.mg)),
        ("mgc", Growth::of(&report.memory, |memory| memory.mgc)),
    ] {
        faults.extend(grown(growth).filter(|_| warm));
    }
    faults
}

/// Tells how much the memory of a program has grown; a fault where that is too much.
fn grown((name, growth): (&str, Option<Growth>)) -> Option<String> {
    let growth = growth?;
    let (from, to, percent) = (growth.from, growth.to, growth.percent());
    say!(
        "memory of {name}: {from} KiB in the second quarter, {to} KiB in the last, {percent:+.1} %"
    );
    let grown = percent > GROWTH_MOST && to > from + GROWTH_FREE;
    grown.then(|| format!("the memory of {name} has grown by {percent:.1} %"))
}
