//! `h248 crash`: controller or gateway killed at random moments, and the path between them cut or
//! bad, while audio runs.

use std::time::Duration;

use clap::ValueEnum;
use lab::crash::{Blow, Run, Session};

use super::{Trouble, folders::Folders};
use crate::output::say;

/// How often, and what is done.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many times
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// What the random numbers begin with; drawn where absent. Real processes keep their own time,
    /// so that a run is alike and never the same
    #[arg(long)]
    seed: Option<u64>,
    /// Which program is killed with SIGKILL
    #[arg(long, value_enum, default_value = "mgc", conflicts_with_all = ["cut", "loss"])]
    kill: Victim,
    /// Rather cuts the path between the two for so many seconds
    #[arg(long, value_name = "SECONDS", conflicts_with = "loss")]
    cut: Option<u16>,
    /// Rather loses so many of a hundred datagrams, either way, all the time
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=90))]
    loss: Option<u8>,
    /// Puts the controller into a network namespace of its own, with one cable for H.248, which is
    /// what is cut, and one for HTTP; needs root and iproute2
    #[arg(long, conflicts_with = "loss")]
    netns: bool,
    #[command(flatten)]
    folders: Folders,
}

/// A program.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Victim {
    /// The controller
    Mgc,
    /// The gateway
    Mg,
}

impl Arguments {
    fn blow(&self) -> Blow {
        match (self.cut, self.loss, self.kill) {
            (Some(seconds), ..) => Blow::Cut(Duration::from_secs(seconds.into())),
            (_, Some(percent), _) => Blow::Loss(percent),
            (_, _, Victim::Mgc) => Blow::KillMgc,
            (_, _, Victim::Mg) => Blow::KillMg,
        }
    }
}

/// Runs it; returns what was not as it must be.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let places = arguments.folders.places("unused")?;
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    say!(
        "{:?}, {} runs, seed {seed}, {}",
        arguments.blow(),
        arguments.runs,
        match arguments.netns {
            true => "the controller in a network namespace of its own",
            false => "over loopback",
        }
    );
    let mut session = Session::start(places, arguments.blow(), arguments.netns, seed).await?;
    let mut faults = Vec::new();
    let mut all = Vec::new();
    for number in 1..=arguments.runs {
        let run = session.run().await?;
        tell(number, &run);
        faults.extend(
            run.faults
                .iter()
                .map(|fault| format!("run {number}: {fault}")),
        );
        all.push(run);
    }
    faults.extend(session.finish().await?);
    summarize(&all);
    Ok(faults)
}

fn tell(number: u32, run: &Run) {
    let wrong = match run.faults.len() {
        0 => String::new(),
        count => format!("; {count} NOT AS IT MUST BE"),
    };
    say!(
        "run {number}: {} requests; all ended after {}, all hear their rooms after {}; {} legs stayed, without a packet for {} ms at most{wrong}",
        run.asked,
        seconds(run.ended),
        seconds(run.heard),
        run.still,
        run.gap.as_millis(),
    );
    for fault in &run.faults {
        say!("  {fault}");
    }
}

fn summarize(runs: &[Run]) {
    let asked: u32 = runs.iter().map(|run| run.asked).sum();
    let still: usize = runs.iter().map(|run| run.still).sum();
    let gap = runs.iter().map(|run| run.gap).max().unwrap_or_default();
    let stall = runs.iter().map(|run| run.stall).max().unwrap_or_default();
    let good = runs.iter().filter(|run| run.faults.is_empty()).count();
    let ended = runs.iter().filter_map(|run| run.ended).max();
    let heard = runs.iter().filter_map(|run| run.heard).max();
    say!(
        "{good} of {} runs as they must be: {asked} requests; all ended after {} at most, all heard their rooms after {} at most; {still} times a leg stayed, without a packet for {} ms at most; the machine stood still for {} ms at most",
        runs.len(),
        seconds(ended),
        seconds(heard),
        gap.as_millis(),
        stall.as_millis(),
    );
}

fn seconds(time: Option<Duration>) -> String {
    time.map_or_else(
        || "never".to_owned(),
        |time| format!("{:.2} s", time.as_secs_f64()),
    )
}
