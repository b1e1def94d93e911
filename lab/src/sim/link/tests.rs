//! The run sees what it is there to see.

use super::*;

const SHORT: u32 = 2_000;

fn settings() -> Settings {
    Settings {
        transactions: SHORT,
        ..Settings::default()
    }
}

fn broken(seed: u64, defect: Defect) -> Outcome {
    let settings = Settings {
        defect: Some(defect),
        ..settings()
    };
    run(seed, &settings)
}

/// Whether one of a few runs has such a fault.
fn is_seen(defect: Defect, fault: &str) -> bool {
    let faults = (1..=5).flat_map(|seed| broken(seed, defect).faults);
    faults.into_iter().any(|seen| seen.contains(fault))
}

#[test]
fn a_run_that_is_right_has_no_faults_and_has_met_everything() {
    let outcomes: Vec<Outcome> = (1..=5).map(|seed| run(seed, &settings())).collect();
    for outcome in &outcomes {
        assert_eq!(outcome.faults, [""; 0], "seed {}", outcome.seed);
        assert_eq!(outcome.asked, u64::from(SHORT));
        let counters = outcome.counters;
        assert!(counters.duplicates > 0 && counters.repeats_sent > 0);
        assert!(counters.pendings_sent > 0 && counters.acks_sent > 0);
        assert!(outcome.ends.replied > 0 && outcome.lost > 0 && outcome.doubled > 0);
    }
    assert!(outcomes.iter().any(|outcome| outcome.restarts > 0));
}

#[test]
fn a_double_execution_is_seen() {
    assert!(is_seen(Defect::ShortMemory, "executed twice in one life"));
    assert!(is_seen(Defect::Forgetful, "executed twice in one life"));
}

#[test]
fn a_silent_loss_is_seen() {
    assert!(is_seen(Defect::Silent, "lost and nobody was told"));
    assert!(is_seen(Defect::Forgetful, "lost and nobody was told"));
}

#[test]
fn equal_seeds_give_equal_traces() {
    let run = |seed| run(seed, &settings());
    assert_eq!(run(7), run(7));
    assert_ne!(run(7).trace, run(8).trace);
}
