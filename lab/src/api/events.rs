//! The platform's events (SSE), with resumption after a lost connection.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use eventsource_stream::Eventsource as _;
use futures_util::StreamExt as _;
use tokio::{sync::watch, task::JoinHandle, time::timeout};

use super::{ApiError, Event};

/// Older events are forgotten.
const KEPT: usize = 20_000;
/// The pause before a lost connection is made anew.
const RECONNECT_AFTER: Duration = Duration::from_millis(200);

/// All events since the log was begun.
#[derive(Debug)]
pub struct EventLog {
    kept: Arc<Mutex<Kept>>,
    count: watch::Receiver<u64>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Kept {
    events: VecDeque<Event>,
    forgotten: usize,
    unreadable: u64,
}

impl EventLog {
    /// Begins a log; the first connection stands when this returns.
    pub(super) async fn follow(
        client: reqwest::Client,
        url: String,
        mut last_id: Option<String>,
    ) -> Result<Self, ApiError> {
        let first = connect(&client, &url, last_id.as_deref()).await?;
        let kept = Arc::new(Mutex::new(Kept::default()));
        let (told, count) = watch::channel(0);
        let inner = Arc::clone(&kept);
        let task = tokio::spawn(async move {
            let mut response = Some(first);
            loop {
                if let Some(response) = response.take() {
                    read(response, &inner, &told, &mut last_id).await;
                }
                tokio::time::sleep(RECONNECT_AFTER).await;
                response = connect(&client, &url, last_id.as_deref()).await.ok();
            }
        });
        Ok(Self { kept, count, task })
    }

    /// Waits for an event; one that has come already counts.
    pub async fn wait(
        &self,
        what: &str,
        within: Duration,
        is_it: impl Fn(&Event) -> bool,
    ) -> Result<Event, ApiError> {
        let mut count = self.count.clone();
        let search = async {
            loop {
                count.mark_unchanged();
                if let Some(event) = lock(&self.kept).events.iter().rev().find(|e| is_it(e)) {
                    return Some(event.clone());
                }
                count.changed().await.ok()?;
            }
        };
        let found = timeout(within, search).await.ok().flatten();
        found.ok_or_else(|| ApiError::NoEvent(what.to_owned(), within))
    }

    /// The events that have come.
    pub fn so_far(&self) -> Vec<Event> {
        lock(&self.kept).events.iter().cloned().collect()
    }

    /// The events that have come behind the first `taken`, as far as they are kept.
    pub fn behind(&self, taken: usize) -> Vec<Event> {
        let kept = lock(&self.kept);
        let skip = taken.saturating_sub(kept.forgotten);
        kept.events.iter().skip(skip).cloned().collect()
    }

    /// Events whose data could not be read.
    pub fn unreadable(&self) -> u64 {
        lock(&self.kept).unreadable
    }
}

impl Drop for EventLog {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn connect(
    client: &reqwest::Client,
    url: &str,
    last_id: Option<&str>,
) -> Result<reqwest::Response, ApiError> {
    let mut request = client.get(url).header("accept", "text/event-stream");
    if let Some(id) = last_id {
        request = request.header("last-event-id", id);
    }
    let answer = request.send().await;
    answer
        .and_then(reqwest::Response::error_for_status)
        .map_err(|source| ApiError::Http {
            what: "GET /v1/events".to_owned(),
            source,
        })
}

/// Reads until the connection ends.
async fn read(
    response: reqwest::Response,
    kept: &Mutex<Kept>,
    told: &watch::Sender<u64>,
    last_id: &mut Option<String>,
) {
    let mut stream = response.bytes_stream().eventsource();
    while let Some(Ok(event)) = stream.next().await {
        if !event.id.is_empty() {
            *last_id = Some(event.id);
        }
        {
            let mut kept = lock(kept);
            match serde_json::from_str(&event.data) {
                Ok(event) => kept.events.push_back(event),
                Err(_) => kept.unreadable += 1,
            }
            if kept.events.len() > KEPT {
                kept.events.pop_front();
                kept.forgotten += 1;
            }
        }
        told.send_modify(|count| *count += 1);
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    const HEAD: &str =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

    /// Answers one request with these octets and closes; returns what was asked.
    async fn serve(listener: &TcpListener, body: &str) -> String {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4_096];
        let length = socket.read(&mut request).await.unwrap();
        let answer = format!("{HEAD}{body}");
        socket.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request[..length]).to_lowercase()
    }

    #[tokio::test]
    async fn a_lost_connection_is_resumed_after_the_last_event() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1/events", listener.local_addr().unwrap());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let server = tokio::spawn(async move {
            let one =
                "id: 1\nevent: CreateSegRes\ndata: {\"id\":\"1\",\"type\":\"CreateSegRes\"}\n\n";
            serve(&listener, &format!(": hello\n\n{one}data: rubbish\n\n")).await;
            let two =
                "id: 2\ndata: {\"id\":\"2\",\"type\":\"LegEventReport\",\"event\":\"moved\"}\n\n";
            serve(&listener, two).await
        });
        let log = EventLog::follow(client, url, None).await.unwrap();
        let within = Duration::from_secs(5);
        let moved = log
            .wait("report", within, |event| {
                event.event.as_deref() == Some("moved")
            })
            .await
            .unwrap();
        assert_eq!(moved.kind, "LegEventReport");
        assert!(server.await.unwrap().contains("last-event-id: 1"));
        assert_eq!((log.so_far().len(), log.unreadable()), (2, 1));
        let never = log.wait("never", Duration::from_millis(10), |_| false);
        assert!(matches!(never.await, Err(ApiError::NoEvent(..))));
    }
}
