//! The link alone in a storm; `h248 sim link` runs the same for any number of seeds.

use std::time::Duration;

use lab::sim::{
    Faults, each_seed,
    link::{self, Defect, Outcome, Settings},
};

fn faults(outcomes: &[Outcome]) -> Vec<String> {
    let told = |outcome: &Outcome| {
        let seed = outcome.seed;
        let faults = outcome.faults.clone().into_iter();
        faults.map(move |fault| format!("seed {seed}: {fault}"))
    };
    outcomes.iter().flat_map(told).take(20).collect()
}

fn sum(outcomes: &[Outcome], count: fn(&Outcome) -> u64) -> u64 {
    outcomes.iter().map(count).sum()
}

#[test]
fn nothing_is_executed_twice_and_nothing_is_lost_without_a_report() {
    let settings = Settings::default();
    let outcomes = each_seed(1, 200, |seed| link::run(seed, &settings));
    assert_eq!(faults(&outcomes), [""; 0]);
    let asked = sum(&outcomes, |outcome| outcome.asked);
    assert_eq!(asked, 2_000_000);
    // The storm has met the link: a third of the datagrams is lost, and most requests get through.
    let [datagrams, lost] = [
        sum(&outcomes, |outcome| outcome.datagrams),
        sum(&outcomes, |outcome| outcome.lost),
    ];
    assert!((25..35).contains(&(lost * 100 / datagrams)));
    assert!(sum(&outcomes, |outcome| outcome.ends.replied) > asked / 10 * 8);
    assert!(sum(&outcomes, |outcome| outcome.restarts) > 200);
    let counts: [fn(&Outcome) -> u64; 7] = [
        |outcome| outcome.ends.timed_out,
        |outcome| outcome.ends.peer_restarted,
        |outcome| outcome.ends.refused,
        |outcome| outcome.counters.repeats_sent,
        |outcome| outcome.counters.duplicates,
        |outcome| outcome.counters.pendings_received,
        |outcome| outcome.counters.replies_acknowledged,
    ];
    for count in counts {
        assert!(sum(&outcomes, count) > 1_000);
    }
}

#[test]
fn delays_as_long_as_the_timers_allow_change_nothing() {
    let settings = Settings {
        transactions: 2_000,
        faults: Faults {
            loss: 0.6,
            duplication: 0.1,
            reordering: 0.9,
            late_max: Duration::from_millis(4_900),
        },
        defect: None,
    };
    let outcomes = each_seed(1, 50, |seed| link::run(seed, &settings));
    assert_eq!(faults(&outcomes), [""; 0]);
}

#[test]
fn a_seed_means_the_same_trace() {
    let settings = Settings::default();
    let run = |seed| link::run(seed, &settings);
    for seed in [1, 2, 3] {
        assert_eq!(run(seed), run(seed));
        assert_ne!(run(seed).trace, run(seed + 1).trace);
    }
}

#[test]
fn a_broken_link_is_seen() {
    for (defect, fault) in [
        (Defect::ShortMemory, "executed twice in one life"),
        (Defect::Forgetful, "executed twice in one life"),
        (Defect::Silent, "lost and nobody was told"),
    ] {
        let settings = Settings {
            transactions: 2_000,
            defect: Some(defect),
            ..Settings::default()
        };
        let outcomes = each_seed(1, 5, |seed| link::run(seed, &settings));
        let told = outcomes.iter().flat_map(|outcome| &outcome.faults);
        assert!(
            told.into_iter().any(|told| told.contains(fault)),
            "{defect:?}"
        );
    }
}
