//! At most once, over a network that loses, doubles, delays and reorders.

use super::{
    network::{ENDS, End, MILD, Network, STORM, Weather},
    *,
};

/// Runs both ends with `count` requests each, and checks what must hold in any weather.
fn run(weather: Weather, count: usize, seed: u64) -> (Network, Vec<(Duration, Transmit)>) {
    let mut network = Network::new(weather, seed);
    for end in ENDS {
        network.plan(end, count, Duration::from_secs(20));
    }
    let trace = network.run();
    for end in ENDS {
        let endpoint = &network.ends[end];
        assert!(endpoint.is_idle(), "seed {seed}");
        assert_eq!(endpoint.poll_timeout(), None, "seed {seed}");
        assert_eq!(network.asked[end].len(), count, "seed {seed}");
        let open = network.asked[end].values().filter(|how| how.is_none());
        assert_eq!(open.count(), 0, "seed {seed}");
    }
    (network, trace)
}

fn timeouts(network: &Network) -> usize {
    let all = network.asked.iter().flat_map(|asked| asked.values());
    all.filter(|how| **how == Some(End::TimedOut)).count()
}

#[test]
fn in_mild_weather_each_request_is_executed_once_and_answered() {
    for seed in 0..20 {
        let (network, _) = run(MILD, 100, seed);
        assert_eq!(timeouts(&network), 0, "seed {seed}");
        for end in ENDS {
            let asked: Vec<_> = network.asked[1 - end].keys().collect();
            let executed: Vec<_> = network.executed[end].iter().collect();
            assert_eq!(asked, executed, "seed {seed}");
        }
    }
}

#[test]
fn in_a_storm_nothing_is_executed_twice_and_nothing_is_lost_without_a_report() {
    let mut total = 0;
    let mut failed = 0;
    for seed in 0..20 {
        let (network, _) = run(STORM, 100, seed);
        total += 200;
        failed += timeouts(&network);
        let counters = network.ends[0].counters();
        assert!(counters.duplicates > 0 && counters.repeats_sent > 0);
        assert!(counters.pendings_sent > 0 && counters.acks_sent > 0);
    }
    assert!(failed * 100 < total, "{failed} of {total} timed out");
}

#[test]
fn over_a_dead_network_each_request_is_reported_as_timed_out() {
    let dead = Weather { loss: 1.0, ..MILD };
    let (network, _) = run(dead, 50, 1);
    assert_eq!(timeouts(&network), 100);
    assert!(network.executed.iter().all(|executed| executed.is_empty()));
}

#[test]
fn over_a_perfect_network_nothing_is_repeated() {
    let perfect = Weather {
        loss: 0.0,
        doubled: 0.0,
        delay_ms: 5,
        work_ms: 10,
    };
    let (network, trace) = run(perfect, 200, 1);
    assert_eq!(network.ends[0].counters().repeats_sent, 0);
    assert_eq!(trace.len(), 800);
}

#[test]
fn equal_seeds_give_equal_traces() {
    let (_, first) = run(STORM, 50, 9);
    let (_, second) = run(STORM, 50, 9);
    let (_, other) = run(STORM, 50, 10);
    assert_eq!(first, second);
    assert_ne!(first, other);
}
