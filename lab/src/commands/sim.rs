//! `h248 sim`: the private chat in virtual time over a lossy control path, many times.

mod link;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::{Args, Subcommand, ValueEnum};
use lab::sim::{self, Faults, Outcome};
use mgc_core::northbound::Strategy;

use crate::output::say;

/// The private chat in virtual time over a control path that loses, doubles and reorders.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    other: Option<Other>,
    /// How many runs, each from a seed of its own.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Datagrams that are lost, in percent.
    #[arg(long, default_value_t = 5.0, value_parser = percent)]
    loss: f64,
    /// Datagrams that arrive twice, in percent.
    #[arg(long, default_value_t = 5.0, value_parser = percent)]
    duplication: f64,
    /// Datagrams that others overtake, in percent; they are up to a second late.
    #[arg(long, default_value_t = 5.0, value_parser = percent)]
    reordering: f64,
    /// How Legs are moved; each move draws its own where absent.
    #[arg(long)]
    strategy: Option<StrategyName>,
}

/// What else can be simulated.
#[derive(Debug, Subcommand)]
enum Other {
    /// The link alone, in a storm and with restarts
    Link(link::Arguments),
}

/// How Legs are moved.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum StrategyName {
    /// Close, then connect; each confirmed
    TwoStep,
    /// One Move
    Move,
    /// Subtract, then Add on the same port
    SubtractAdd,
    /// Topology in one Context for the whole Call
    Topology,
}

impl From<StrategyName> for Strategy {
    fn from(name: StrategyName) -> Self {
        match name {
            StrategyName::TwoStep => Self::TwoStep,
            StrategyName::Move => Self::Move,
            StrategyName::SubtractAdd => Self::SubtractAdd,
            StrategyName::Topology => Self::Topology,
        }
    }
}

/// Faults that are listed; of more, only the count is told.
const LISTED: usize = 20;

impl Arguments {
    pub(crate) fn run(&self) -> ExitCode {
        if let Some(Other::Link(link)) = &self.other {
            return link.run();
        }
        let network = Faults {
            loss: self.loss / 100.0,
            duplication: self.duplication / 100.0,
            reordering: self.reordering / 100.0,
            late_max: Duration::from_secs(1),
        };
        let strategy = self.strategy.map(Strategy::from);
        let started = now();
        let outcomes = sim::each_seed(self.seed, self.runs, |seed| {
            sim::run(seed, network, strategy)
        });
        report(&outcomes, now() - started)
    }
}

fn report(outcomes: &[Outcome], wall: Duration) -> ExitCode {
    let wrong = outcomes.iter().filter(|outcome| !outcome.faults.is_empty());
    let wrong = wrong.count();
    let faults = outcomes
        .iter()
        .map(|outcome| (outcome.seed, &outcome.faults[..]));
    for line in listed(faults) {
        say!("{line}");
    }
    let sum = |count: fn(&Outcome) -> u64| outcomes.iter().map(count).sum::<u64>();
    let virtual_time: Duration = outcomes.iter().map(|outcome| outcome.elapsed).sum();
    say!(
        "{} runs, {} right, {} wrong: {} moves, {} datagrams of which {} lost and {} doubled; \
         {:.0} s of virtual time in {:.1} s",
        outcomes.len(),
        outcomes.len() - wrong,
        wrong,
        sum(|outcome| outcome.moves as u64),
        sum(|outcome| outcome.datagrams),
        sum(|outcome| outcome.lost),
        sum(|outcome| outcome.doubled),
        virtual_time.as_secs_f64(),
        wall.as_secs_f64(),
    );
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A share from 0 to 100.
fn percent(text: &str) -> Result<f64, String> {
    let share = text.parse().ok();
    let share = share.filter(|share| (0.0..=100.0).contains(share));
    share.ok_or_else(|| "a number from 0 to 100 is wanted".to_owned())
}

/// The first faults, each with its seed.
fn listed<'a>(runs: impl Iterator<Item = (u64, &'a [String])>) -> Vec<String> {
    let seeded = |(seed, faults): (u64, &'a [String])| {
        let told = move |fault: &String| format!("seed {seed}: {fault}");
        faults.iter().map(told)
    };
    let mut lines: Vec<String> = runs.flat_map(seeded).collect();
    let more = lines.len().saturating_sub(LISTED);
    lines.truncate(LISTED);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long the runs took is told at the end"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_twenty_faults_are_listed() {
        let faults = |count| {
            (1..=count)
                .map(|n| format!("fault {n}"))
                .collect::<Vec<_>>()
        };
        let (few, many) = (faults(2), faults(30));
        let lines = listed([(7, &few[..])].into_iter());
        assert_eq!(lines, ["seed 7: fault 1", "seed 7: fault 2"]);
        let lines = listed([(7, &few[..]), (8, &many[..])].into_iter());
        assert_eq!((lines.len(), lines[20].as_str()), (21, "and 12 more"));
    }

    #[test]
    fn a_percentage_is_a_number_from_0_to_100() {
        assert_eq!((percent("0"), percent("100")), (Ok(0.0), Ok(100.0)));
        for wrong in ["-0.1", "100.1", "NaN", "inf", "many"] {
            assert!(percent(wrong).is_err(), "{wrong}");
        }
    }
}
