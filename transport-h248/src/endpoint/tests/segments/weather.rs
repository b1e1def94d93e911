//! Replies in segments, over a network that loses, doubles, delays and reorders.

use super::{
    super::network::{ENDS, End, MILD, Network, Weather},
    *,
};

/// A storm in which the audit itself takes no time to speak of.
const STORM: Weather = Weather {
    work_ms: 100,
    ..super::super::network::STORM
};

/// What a peer takes that is no more than an Ethernet.
const PDU_MAX: usize = 1_472;

/// The audit of a gateway with 1,000 Terminations, of about 300 kB.
fn big_audit(_: u32) -> TransactionResult<'static> {
    let actions = (1..=10).map(|context| audit(context, 100));
    TransactionResult::Actions(actions.collect())
}

/// Lets both ends ask for the audit `count` times, and checks what must hold in any weather.
fn run(
    weather: Weather,
    encoding: Encoding,
    count: usize,
    seed: u64,
) -> (Network, Vec<(Duration, Transmit)>) {
    let mut network = Network::speaking(encoding, weather, seed);
    network.result = big_audit;
    for end in ENDS {
        network.agree(end, 3, |terms| terms.pdu_max = Some(PDU_MAX));
        network.plan(end, count, Duration::from_secs(5));
    }
    let trace = network.run();
    for end in ENDS {
        let endpoint = &network.ends[end];
        assert!(endpoint.is_idle(), "seed {seed}");
        assert_eq!(endpoint.poll_timeout(), None, "seed {seed}");
        assert_eq!(endpoint.held(), Held::default(), "seed {seed}");
        let open = network.asked[end].values().filter(|how| how.is_none());
        assert_eq!(open.count(), 0, "seed {seed}");
    }
    let longest = trace
        .iter()
        .map(|(_, transmit)| transmit.octets.len())
        .max();
    assert!(longest <= Some(PDU_MAX), "{longest:?}");
    (network, trace)
}

fn timeouts(network: &Network) -> usize {
    let all = network.asked.iter().flat_map(|asked| asked.values());
    all.filter(|how| **how == Some(End::TimedOut)).count()
}

#[test]
fn in_mild_weather_an_audit_of_300_kb_comes_whole() {
    for (seed, encoding) in (0..6).zip([Encoding::Text, Encoding::Binary].repeat(3)) {
        let (network, _) = run(MILD, encoding, 2, seed);
        assert_eq!(timeouts(&network), 0, "seed {seed}");
        let counters = network.ends[0].counters();
        assert_eq!(counters.replies_segmented, 2);
        assert!(counters.segments_received > 400, "{counters:?}");
        assert!(counters.segments_repeated > 0, "{counters:?}");
    }
}

#[test]
fn in_a_storm_an_audit_comes_whole_or_its_failure_is_reported() {
    let mut failed = 0;
    for seed in 0..10 {
        let (network, _) = run(STORM, Encoding::Text, 1, seed);
        failed += timeouts(&network);
    }
    assert!(failed < 3, "{failed} of 20 timed out");
}

#[test]
fn over_a_perfect_network_no_segment_is_repeated() {
    let perfect = Weather {
        loss: 0.0,
        doubled: 0.0,
        delay_ms: 5,
        work_ms: 10,
    };
    let (network, trace) = run(perfect, Encoding::Text, 1, 1);
    let counters = network.ends[0].counters();
    assert_eq!((counters.segments_repeated, counters.repeats_sent), (0, 0));
    let segments = counters.segments_received as usize;
    assert_eq!(trace.len(), 2 * (1 + 2 * segments));
}
