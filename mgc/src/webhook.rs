//! Events are told to a URL, one after another, each until it is taken there.
//!
//! How far it has got is kept in the store, so that a restart loses none; the last few may be told
//! twice. It reads the log as any client does, and so never holds up the loop: where the log has
//! run over, a `gap` event says so.

use std::{
    fs, io,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Url, header, redirect::Policy};
use sha2::Sha256;
use tokio::time;
use transport_h248_tokio::clock;

use crate::{
    caller::hex,
    control::Control,
    http::EventData,
    journal::{Journal, Next, Position},
};

/// The answer must be there after this time.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// After a failure it is tried again so much later, twice that after the next one, and so on.
const RETRY_FIRST: Duration = Duration::from_millis(500);
/// It is tried again so often at least.
const RETRY_MAX: Duration = Duration::from_secs(60);
/// How far it is is written down after so many events, which are told twice at most.
const CHUNK: usize = 16;
/// A secret that is shorter could be guessed.
const SECRET_MIN: usize = 16;

/// When the event was signed, in seconds since 1970.
const TIMESTAMP: &str = "X-Mgc-Timestamp";
/// `sha256=` and the HMAC of time stamp, full stop and body, in hexadecimal digits.
const SIGNATURE: &str = "X-Mgc-Signature";
/// The event's id: an event that is told twice has it twice.
const EVENT_ID: &str = "X-Mgc-Event-Id";

/// Why events cannot be told there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WebhookError {
    /// The URL is none, or of another scheme.
    #[error("webhook {0}: expected http://HOST[:PORT]/PATH")]
    Url(String),
    /// The secret cannot be read.
    #[error("webhook-secret-file {0}: {1}")]
    Read(String, io::Error),
    /// The secret is short.
    #[error("webhook-secret-file {0}: expected 16 octets at least, found {1}")]
    Short(String, usize),
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

/// Where events are told.
pub(crate) struct Webhook {
    url: Url,
    secret: Vec<u8>,
    client: Client,
}

/// An event that is to be told.
struct Message {
    id: String,
    seq: u64,
    data: Arc<str>,
}

impl Webhook {
    /// Prepares to tell events to this URL, signed with what is in the file.
    pub(crate) fn new(url: &str, secret: &Path) -> Result<Self, WebhookError> {
        let parsed = Url::parse(url).ok().filter(|url| url.scheme() == "http");
        let parsed = parsed.ok_or_else(|| WebhookError::Url(url.to_owned()))?;
        let name = secret.display().to_string();
        let secret = match fs::read(secret) {
            Ok(secret) => secret.trim_ascii().to_vec(),
            Err(error) => return Err(WebhookError::Read(name, error)),
        };
        if secret.len() < SECRET_MIN {
            return Err(WebhookError::Short(name, secret.len()));
        }
        let client = Client::builder().timeout(ANSWER_MAX);
        let client = client.redirect(Policy::none()).no_proxy().build()?;
        Ok(Self {
            url: parsed,
            secret,
            client,
        })
    }

    /// Tells all events behind `delivered`, all that are kept where there is none, until the log is
    /// closed.
    pub(crate) async fn run(self, journal: Journal, delivered: Option<u64>, control: Control) {
        let seq = delivered.unwrap_or(0);
        let mut reader = journal.reader(Some(Position { epoch: None, seq }));
        loop {
            let messages: Vec<Message> = match reader.read(CHUNK) {
                Next::Entries(entries) => {
                    let message = |entry: crate::journal::Entry| Message {
                        id: journal.id(entry.seq),
                        seq: entry.seq,
                        data: entry.data,
                    };
                    entries.into_iter().map(message).collect()
                }
                Next::Gap { until, time } => vec![gap(&journal, until, &time)],
                Next::Nothing if reader.wait().await => continue,
                Next::Nothing => return,
            };
            for message in &messages {
                self.tell(message).await;
            }
            let last = messages.last().map(|message| message.seq);
            if let Some(last) = last
                && control.delivered(last).await.is_err()
            {
                return;
            }
        }
    }

    /// Tells an event until it is taken.
    async fn tell(&self, message: &Message) {
        let mut pause = RETRY_FIRST;
        loop {
            let sent = self.request(message, clock::anchor().system).send().await;
            match sent.and_then(reqwest::Response::error_for_status) {
                Ok(answer) if answer.status().is_success() => return,
                Ok(answer) => {
                    let status = answer.status();
                    tracing::warn!(%status, event = message.id, "the webhook did not take an event");
                }
                Err(error) => {
                    tracing::warn!(%error, event = message.id, "the webhook did not take an event");
                }
            }
            time::sleep(pause).await;
            pause = (pause * 2).min(RETRY_MAX);
        }
    }

    fn request(&self, message: &Message, now: SystemTime) -> reqwest::RequestBuilder {
        let since = now.duration_since(UNIX_EPOCH);
        let time = since.map_or(0, |since| since.as_secs()).to_string();
        self.client
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(SIGNATURE, signature(&self.secret, &time, &message.data))
            .header(TIMESTAMP, time)
            .header(EVENT_ID, &message.id)
            .body(message.data.to_string())
    }
}

fn gap(journal: &Journal, until: u64, time: &str) -> Message {
    let id = journal.id(until);
    let data = EventData::gap(id.clone(), until, time).json().into();
    Message {
        id,
        seq: until,
        data,
    }
}

fn signature(secret: &[u8], time: &str, data: &str) -> String {
    let signed = Hmac::<Sha256>::new_from_slice(secret).expect("a key may have any length");
    let signed = signed
        .chain_update(time)
        .chain_update(".")
        .chain_update(data);
    format!("sha256={}", hex(&signed.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use axum::{
        Router,
        extract::State,
        http::{HeaderMap, StatusCode},
        routing::post,
    };
    use tokio::net::TcpListener;

    use super::*;
    use crate::{control::Order, journal::Entry};

    const SECRET: &str = "a secret of the test";

    /// What a receiver got, in order; it refuses the first request of each event.
    type Got = Arc<Mutex<Vec<(String, bool)>>>;

    async fn receiver(got: Got) -> String {
        async fn take(State(got): State<Got>, headers: HeaderMap, body: String) -> StatusCode {
            let text = |name: &str| headers[name].to_str().unwrap().to_owned();
            let signed = signature(SECRET.as_bytes(), &text(TIMESTAMP), &body);
            assert_eq!(text(SIGNATURE), signed);
            let mut got = got.lock().unwrap();
            let first = !got.iter().any(|(id, _)| *id == text(EVENT_ID));
            got.push((text(EVENT_ID), first));
            if first {
                StatusCode::BAD_GATEWAY
            } else {
                StatusCode::NO_CONTENT
            }
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(take)).with_state(got);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    fn publish(journal: &Journal, count: usize) {
        for _ in 0..count {
            let seq = journal.number(0);
            journal.publish(vec![Entry {
                seq,
                kind: "CallCreated",
                call: None,
                seg: None,
                leg: None,
                time: "then".into(),
                data: format!("{{\"seq\": {seq}}}").into(),
                veiled: None,
            }]);
        }
    }

    #[tokio::test]
    async fn each_event_is_told_until_it_is_taken_in_order_and_signed_behind_what_was_told_before()
    {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        fs::write(&secret, format!("{SECRET}\n")).unwrap();
        let got = Got::default();
        let webhook = Webhook::new(&receiver(got.clone()).await, &secret).unwrap();
        let journal = Journal::new(16, "e".into(), "opened".into());
        publish(&journal, 3);
        journal.close();
        let (control, mut orders) = Control::new();
        webhook.run(journal, Some(1), control).await;
        let got = got.lock().unwrap().clone();
        let expected = [
            ("evt_e_2", true),
            ("evt_e_2", false),
            ("evt_e_3", true),
            ("evt_e_3", false),
        ];
        assert_eq!(got, expected.map(|(id, first)| (id.to_owned(), first)));
        assert!(matches!(orders.recv().await, Some(Order::Delivered(3))));
    }

    #[test]
    fn the_signature_is_that_of_any_tool() {
        // printf '1.{}' | openssl dgst -sha256 -hmac 'a secret of the test'
        let expected = "sha256=a71003fa9b4913c7b27fbed8f27954758936cefd5856f7bb1e60565262752cf2";
        assert_eq!(signature(SECRET.as_bytes(), "1", "{}"), expected);
    }

    #[test]
    fn a_place_that_cannot_be_used_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let short = folder.path().join("short");
        fs::write(&short, "short").unwrap();
        let told = |url: &str| match Webhook::new(url, &short) {
            Ok(_) => panic!("taken"),
            Err(error) => error.to_string(),
        };
        let url = "https://example.net/";
        assert_eq!(
            told(url),
            format!("webhook {url}: expected http://HOST[:PORT]/PATH")
        );
        assert!(told("http://example.net/").ends_with("16 octets at least, found 5"));
    }
}
