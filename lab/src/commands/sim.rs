//! `h248 sim`: the private chat in virtual time over a lossy control path, many times.

use std::{
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use clap::{Args, ValueEnum};
use lab::sim::{self, Faults, Outcome};
use mgc_core::northbound::Strategy;

/// The private chat in virtual time over a control path that loses, doubles and reorders.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// How many runs, each from a seed of its own.
    #[arg(long, default_value_t = 1_000)]
    runs: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Datagrams that are lost, in percent.
    #[arg(long, default_value_t = 5.0)]
    loss: f64,
    /// Datagrams that arrive twice, in percent.
    #[arg(long, default_value_t = 5.0)]
    duplication: f64,
    /// Datagrams that others overtake, in percent; they are up to a second late.
    #[arg(long, default_value_t = 5.0)]
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
                (index < self.runs).then(|| self.seed + index)
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
        for outcome in &wrong {
            for fault in &outcome.faults {
                println!("seed {}: {fault}", outcome.seed);
            }
        }
        let sum = |count: fn(&Outcome) -> u64| outcomes.iter().map(count).sum::<u64>();
        let virtual_time: Duration = outcomes.iter().map(|outcome| outcome.elapsed).sum();
        println!(
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

#[expect(
    clippy::disallowed_methods,
    reason = "how long the runs took is told at the end"
)]
fn now() -> Instant {
    Instant::now()
}
