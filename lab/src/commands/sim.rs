//! `h248 sim`: the private chat in virtual time over a lossy control path, many times.

use std::{
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use clap::{Args, ValueEnum};
use lab::sim::{self, Faults, Outcome};
use mgc_core::northbound::Strategy;

use crate::output::say;

/// The private chat in virtual time over a control path that loses, doubles and reorders.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
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

/// How Legs are moved.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum StrategyName {
    /// Close, then connect; each confirmed
    TwoStep,
    /// One Move
    Move,
    /// Subtract, then Add on the same port
    SubtractAdd,
}

impl From<StrategyName> for Strategy {
    fn from(name: StrategyName) -> Self {
        match name {
            StrategyName::TwoStep => Self::TwoStep,
            StrategyName::Move => Self::Move,
            StrategyName::SubtractAdd => Self::SubtractAdd,
        }
    }
}

/// Faults that are listed; of more, only the count is told.
const LISTED: usize = 20;

impl Arguments {
    pub(crate) fn run(&self) -> ExitCode {
        let network = Faults {
            loss: self.loss / 100.0,
            duplication: self.duplication / 100.0,
            reordering: self.reordering / 100.0,
            late_max: Duration::from_secs(1),
        };
        let strategy = self.strategy.map(Strategy::from);
        let started = now();
        let outcomes = self.outcomes(network, strategy);
        self.report(&outcomes, now() - started)
    }

    /// Runs every seed, on as many threads as there are processors.
    fn outcomes(&self, network: Faults, strategy: Option<Strategy>) -> Vec<Outcome> {
        let next = AtomicU64::new(0);
        let worker = || {
            let seeds = std::iter::from_fn(|| {
                let index = next.fetch_add(1, Ordering::Relaxed);
                (index < self.runs).then(|| self.seed.wrapping_add(index))
            });
            seeds
                .map(|seed| sim::run(seed, network, strategy))
                .collect::<Vec<_>>()
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut outcomes: Vec<Outcome> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
            let joined = workers.into_iter().map(|worker| worker.join());
            joined
                .flat_map(|outcomes| outcomes.expect("a run does not panic"))
                .collect()
        });
        outcomes.sort_by_key(|outcome| outcome.seed);
        outcomes
    }

    fn report(&self, outcomes: &[Outcome], wall: Duration) -> ExitCode {
        let wrong: Vec<&Outcome> = outcomes.iter().filter(|o| !o.faults.is_empty()).collect();
        for line in listed(&wrong) {
            say!("{line}");
        }
        let sum = |count: fn(&Outcome) -> u64| outcomes.iter().map(count).sum::<u64>();
        let virtual_time: Duration = outcomes.iter().map(|outcome| outcome.elapsed).sum();
        say!(
            "{} runs, {} right, {} wrong: {} moves, {} datagrams of which {} lost and {} doubled; \
             {:.0} s of virtual time in {:.1} s",
            outcomes.len(),
            outcomes.len() - wrong.len(),
            wrong.len(),
            sum(|outcome| outcome.moves as u64),
            sum(|outcome| outcome.datagrams),
            sum(|outcome| outcome.lost),
            sum(|outcome| outcome.doubled),
            virtual_time.as_secs_f64(),
            wall.as_secs_f64(),
        );
        if wrong.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// A share from 0 to 100.
fn percent(text: &str) -> Result<f64, String> {
    let share = text.parse().ok();
    let share = share.filter(|share| (0.0..=100.0).contains(share));
    share.ok_or_else(|| "a number from 0 to 100 is wanted".to_owned())
}

/// The first faults, each with its seed.
fn listed(wrong: &[&Outcome]) -> Vec<String> {
    let seeded = |outcome: &&Outcome| {
        let seed = outcome.seed;
        let faults = outcome.faults.clone().into_iter();
        faults.map(move |fault| format!("seed {seed}: {fault}"))
    };
    let mut lines: Vec<String> = wrong.iter().flat_map(seeded).collect();
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

    fn outcome(seed: u64, faults: usize) -> Outcome {
        Outcome {
            seed,
            faults: (1..=faults).map(|n| format!("fault {n}")).collect(),
            moves: 0,
            datagrams: 0,
            lost: 0,
            doubled: 0,
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn at_most_twenty_faults_are_listed() {
        let (few, many) = (outcome(7, 2), outcome(8, 30));
        assert_eq!(listed(&[&few]), ["seed 7: fault 1", "seed 7: fault 2"]);
        let lines = listed(&[&few, &many]);
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
