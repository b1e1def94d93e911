//! When each operation was asked for and when its LegEventReport came.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use eventsource_stream::Eventsource as _;
use futures_util::StreamExt as _;
use tokio::task::JoinHandle;

use crate::{api::Event, stage::now};

/// Reads the event stream and notes when each report came.
#[derive(Debug)]
pub(super) struct Reports {
    came: Arc<Mutex<BTreeMap<String, (Instant, bool)>>>,
    task: JoinHandle<()>,
}

impl Reports {
    /// Follows the reports of the platform at `base` from now on.
    pub(super) async fn follow(base: &str) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        let url = format!("{base}/v1/events?type=LegEventReport");
        let response = client.get(url).send().await?.error_for_status()?;
        let came = Arc::new(Mutex::new(BTreeMap::new()));
        let noted = Arc::clone(&came);
        let task = tokio::spawn(async move {
            let mut stream = response.bytes_stream().eventsource();
            while let Some(Ok(event)) = stream.next().await {
                let at = now();
                let Ok(event) = serde_json::from_str::<Event>(&event.data) else {
                    continue;
                };
                let moved = event.event.as_deref() == Some("moved");
                if let Some(operation) = event.operation {
                    lock(&noted).insert(operation, (at, moved));
                }
            }
        });
        Ok(Self { came, task })
    }

    /// How long a move took from its request to its report; `None` where it was not reported, or
    /// not as done.
    pub(super) fn took(&self, operation: &str, asked: Instant) -> Option<Duration> {
        let came = lock(&self.came);
        let (at, moved) = came.get(operation)?;
        moved.then(|| at.saturating_duration_since(asked))
    }

    /// How many of these have been reported.
    pub(super) fn count(&self, operations: &[(String, Instant)]) -> usize {
        let came = lock(&self.came);
        let reported = operations.iter().filter(|(id, _)| came.contains_key(id));
        reported.count()
    }
}

impl Drop for Reports {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
