//! Events are told to a URL, one after another, each until it is taken there.
//!
//! How far it has got is kept in the store, so that a restart loses none; the last few may be told
//! twice. It reads the log as any client does, and so never holds up the loop: where the log has
//! run over, a `gap` event says so.

mod way;

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hmac::{Hmac, KeyInit, Mac};
use hyper::{Request, header, http::request};
use sha2::Sha256;
use tokio::time;
use transport_h248_tokio::{
    clock,
    config_file::{self, ConfigFileError},
};

use self::way::Way;
use crate::{
    caller::hex,
    control::Control,
    http::EventData,
    journal::{Journal, Next, Position},
};

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
    #[error("webhook {0}: expected http[s]://HOST[:PORT]/PATH")]
    Url(String),
    /// Secret or certificates cannot be read.
    #[error("webhook: {0}")]
    File(#[from] ConfigFileError),
    /// The secret is short.
    #[error("webhook-secret-file {0}: expected 16 octets at least, found {1}")]
    Short(String, usize),
    /// There is nobody whose word is taken for who the receiver is.
    #[error("{0}: expected certificates in PEM of those who sign the receiver's, found {1}")]
    Certificates(String, String),
    /// The cryptography cannot be used.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

/// Where events are told, as the options say it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Place {
    /// `http:` or `https:`.
    pub(crate) url: String,
    /// The file with the secret that signs them.
    pub(crate) secret: PathBuf,
    /// The file with the certificates of those whose word is taken for who the receiver is; the
    /// system's where there is none.
    pub(crate) ca: Option<PathBuf>,
}

/// Where events are told.
pub(crate) struct Webhook {
    secret: Vec<u8>,
    way: Way,
}

/// An event that is to be told.
struct Message {
    id: String,
    seq: u64,
    data: Arc<str>,
}

impl Webhook {
    /// Prepares to tell events there, signed with what is in the file.
    pub(crate) fn new(place: &Place) -> Result<Self, WebhookError> {
        let way = Way::new(&place.url, place.ca.as_deref())?;
        let secret = secret(&place.secret)?;
        Ok(Self { secret, way })
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
            let request = self.request(message, clock::anchor().system);
            match self.way.post(request, message.data.to_string()).await {
                Ok(status) if status.is_success() => return,
                Ok(status) => {
                    tracing::warn!(%status, event = message.id, "the webhook did not take an event");
                }
                Err(error) => {
                    let error = whole(error.as_ref());
                    tracing::warn!(
                        error,
                        event = message.id,
                        "the webhook did not take an event"
                    );
                }
            }
            time::sleep(pause).await;
            pause = (pause * 2).min(RETRY_MAX);
        }
    }

    fn request(&self, message: &Message, now: SystemTime) -> request::Builder {
        let since = now.duration_since(UNIX_EPOCH);
        let time = since.map_or(0, |since| since.as_secs()).to_string();
        Request::builder()
            .header(header::CONTENT_TYPE, "application/json")
            .header(SIGNATURE, signature(&self.secret, &time, &message.data))
            .header(TIMESTAMP, time)
            .header(EVENT_ID, &message.id)
    }
}

fn secret(file: &Path) -> Result<Vec<u8>, WebhookError> {
    let secret = config_file::octets(file)?.trim_ascii().to_vec();
    if secret.len() < SECRET_MIN {
        return Err(WebhookError::Short(
            file.display().to_string(),
            secret.len(),
        ));
    }
    Ok(secret)
}

/// An error with what it comes from.
fn whole(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut from = error.source();
    while let Some(source) = from {
        text = format!("{text}: {source}");
        from = source.source();
    }
    text
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
mod tests;
