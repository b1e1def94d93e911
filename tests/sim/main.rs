//! The private chat in virtual time; `h248 sim` runs the same for any number of seeds.

mod crash;
mod life;
mod link;
mod listening;

use std::time::Duration;

use lab::sim::{self, Faults, Outcome};
use mgc_core::northbound::Strategy;

const LOSSY: Faults = Faults {
    loss: 0.05,
    duplication: 0.05,
    reordering: 0.05,
    late_max: Duration::from_secs(1),
};

fn faults(outcomes: &[Outcome]) -> Vec<String> {
    let told = |outcome: &Outcome| {
        let seed = outcome.seed;
        outcome
            .faults
            .iter()
            .map(move |fault| format!("seed {seed}: {fault}"))
            .collect::<Vec<_>>()
    };
    outcomes.iter().flat_map(told).collect()
}

fn all_right(seeds: std::ops::Range<u64>, network: Faults, strategy: Option<Strategy>) {
    let outcomes: Vec<Outcome> = seeds
        .map(|seed| sim::run(seed, network, strategy))
        .collect();
    let faults = faults(&outcomes);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        outcomes.iter().all(|outcome| outcome.moves > 0),
        "a run moved nobody"
    );
}

#[test]
fn every_leg_is_where_its_report_says_though_datagrams_are_lost_doubled_and_reordered() {
    all_right(1..41, LOSSY, None);
}

#[test]
fn each_strategy_alone_survives_the_lossy_path() {
    for strategy in [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd] {
        all_right(1_000..1_015, LOSSY, Some(strategy));
    }
}

#[test]
fn rooms_of_one_context_survive_the_lossy_path() {
    all_right(3_000..3_030, LOSSY, Some(Strategy::Topology));
}

#[test]
fn a_path_that_loses_a_third_only_takes_longer() {
    let network = Faults {
        loss: 0.3,
        duplication: 0.1,
        reordering: 0.2,
        ..LOSSY
    };
    all_right(2_000..2_015, network, None);
}

#[test]
fn a_seed_means_the_same_run() {
    let told = |outcome: Outcome| {
        (
            outcome.datagrams,
            outcome.lost,
            outcome.elapsed,
            outcome.moves,
        )
    };
    assert_eq!(
        told(sim::run(77, LOSSY, None)),
        told(sim::run(77, LOSSY, None))
    );
    assert_ne!(
        told(sim::run(77, LOSSY, None)),
        told(sim::run(78, LOSSY, None))
    );
}
