//! What is counted for Prometheus.

use std::{sync::Arc, time::Duration};

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use mgc_core::northbound::{GatewayState, OperationState, OperationView};

use crate::control::Measured;

const OPERATIONS: &str = "mgc_operations_total";
const EVENTS: &str = "mgc_events_total";
const COMMITS: &str = "mgc_store_commit_seconds";
const LINK: &str = "mgc_h248_total";
const SOCKETS: &str = "mgc_sockets_total";
const CALLS: &str = "mgc_calls";
const SEGS: &str = "mgc_segs";
const LEGS: &str = "mgc_legs";
const GATEWAYS: &str = "mgc_gateways";

/// Bounds of the buckets, in seconds: from a page cache to a disk that is overloaded.
const COMMIT_BUCKETS: [f64; 10] = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0];

/// The counters. Clones are handles to the same ones.
#[derive(Clone)]
pub(crate) struct Meter {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
}

impl std::fmt::Debug for Meter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meter").finish_non_exhaustive()
    }
}

impl Meter {
    pub(crate) fn new() -> Self {
        let builder = PrometheusBuilder::new();
        let commits = Matcher::Full(COMMITS.to_owned());
        let builder = builder.set_buckets_for_metric(commits, &COMMIT_BUCKETS);
        let recorder = builder.expect("there are buckets").build_recorder();
        let meter = Self {
            handle: recorder.handle(),
            recorder: Arc::new(recorder),
        };
        meter.note(|| {
            describe_counter!(OPERATIONS, "Operations that ended, by kind and end.");
            describe_counter!(EVENTS, "Events, by type.");
            describe_histogram!(COMMITS, "How long the store took to write, in seconds.");
            describe_counter!(LINK, "What the H.248 link counted, of all peers.");
            describe_counter!(SOCKETS, "What the H.248 sockets counted.");
            describe_gauge!(CALLS, "Calls that stand.");
            describe_gauge!(SEGS, "Segs that stand.");
            describe_gauge!(LEGS, "Legs that stand.");
            describe_gauge!(GATEWAYS, "Gateways that are known, by state.");
        });
        meter
    }

    fn note(&self, note: impl FnOnce()) {
        metrics::with_local_recorder(&*self.recorder, note);
    }

    /// Counts an operation that ended.
    pub(crate) fn ended(&self, operation: &OperationView) {
        let end = match operation.state {
            OperationState::Done => "done",
            OperationState::RolledBack => "rolledBack",
            OperationState::Accepted
            | OperationState::Closing
            | OperationState::Closed
            | OperationState::Connecting
            | OperationState::Waiting
            | OperationState::Failed
            | OperationState::Unknown => "failed",
        };
        let kind = operation.kind.name();
        self.note(|| counter!(OPERATIONS, "kind" => kind, "end" => end).increment(1));
    }

    /// Counts an event.
    pub(crate) fn happened(&self, kind: &'static str) {
        self.note(|| counter!(EVENTS, "type" => kind).increment(1));
    }

    /// Notes how long the store took to write.
    pub(crate) fn committed(&self, took: Duration) {
        self.note(|| histogram!(COMMITS).record(took));
    }

    /// Puts what was noted into its buckets; to be done now and then, because it is held until
    /// then.
    pub(crate) fn tidy(&self) {
        self.handle.run_upkeep();
    }

    /// All of it, as Prometheus reads it, with what is measured now.
    pub(crate) fn text(&self, now: &Measured) -> String {
        self.note(|| {
            for (name, count) in now.counted.link.each() {
                counter!(LINK, "counter" => name).absolute(count);
            }
            for (name, count) in now.counted.sockets.each() {
                counter!(SOCKETS, "counter" => name).absolute(count);
            }
            gauge!(CALLS).set(number(now.totals.calls));
            gauge!(SEGS).set(number(now.totals.segs));
            gauge!(LEGS).set(number(now.totals.legs));
            for (state, name) in STATES {
                let those = now.gateways.iter().filter(|gateway| gateway.state == state);
                gauge!(GATEWAYS, "state" => name).set(number(those.count()));
            }
        });
        self.handle.render()
    }
}

const STATES: [(GatewayState, &str); 4] = [
    (GatewayState::Unverified, "unverified"),
    (GatewayState::Registered, "registered"),
    (GatewayState::Suspect, "suspect"),
    (GatewayState::Leaving, "leaving"),
];

/// As Prometheus has numbers; what we count is exact in it.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
