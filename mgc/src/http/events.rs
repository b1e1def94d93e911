//! `/v1/events`: the event stream (server-sent events) with replay.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event as Sse, KeepAlive},
    },
};
use futures_util::{Stream, stream};
use mgc_core::northbound::CallId;
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::IntoParams;

use super::{
    Platform,
    event_data::{EventData, GAP, TYPES, event_type},
    extract::Parameters,
    problem::{Problem, Problems},
};
use crate::journal::{Entry, Next, Position, Reader};

/// A silent stream says so often that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A client that lost the stream should come back after this time.
const RETRY: Duration = Duration::from_secs(1);

/// Events are taken from the log by so many at once, so that its lock is held shortly.
const CHUNK: usize = 64;

/// Which events to send.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Selection {
    /// Only those about this Call.
    call: Option<String>,
    /// Only those of these types, separated by commas.
    #[serde(rename = "type")]
    #[param(example = "CreateSegRes,LegEventReport")]
    kind: Option<String>,
    /// As the header `Last-Event-ID`, for clients that cannot send it; the header wins.
    last_event_id: Option<String>,
}

/// What a stream lets through.
#[derive(Debug, Default)]
struct Filter {
    call: Option<CallId>,
    kinds: Option<Vec<&'static str>>,
}

/// Streams events, from now on or from behind `Last-Event-ID`.
#[utoipa::path(
    get,
    path = "/v1/events",
    operation_id = "Events",
    tag = "events",
    params(
        Selection,
        ("Last-Event-ID" = Option<String>, Header, description = "The id, or the number, of the \
            last event that the client has; 0 for all that are held. Where events after it are no \
            longer held, the stream begins with an event of type `gap`."),
    ),
    responses(
        (status = 200, description = "The stream: `id`, `event` (the type) and `data` (JSON).",
            body = EventData, content_type = "text/event-stream"),
        Problems,
    )
)]
pub(super) async fn events(
    State(platform): State<Platform>,
    Parameters(selection): Parameters<Selection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let position = position(&headers, selection.last_event_id.as_deref())?;
    let filter = Filter::new(selection)?;
    let permit = platform
        .streams
        .try_acquire_owned()
        .map_err(|_full| Problem::busy("as many event streams are open as may be"))?;
    let reader = platform.journal.reader(position);
    let stream = Subscription::new(reader, filter, permit).into_stream();
    let sse = axum::response::Sse::new(stream);
    Ok(sse
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response())
}

/// Where the client stands: the header, else the parameter.
fn position(headers: &HeaderMap, parameter: Option<&str>) -> Result<Option<Position>, Problem> {
    const HEADER: &str = "Last-Event-ID";
    let (text, field) = match headers.get(HEADER) {
        Some(value) => (value.to_str().unwrap_or("?"), HEADER),
        None => match parameter {
            Some(text) => (text, "lastEventId"),
            None => return Ok(None),
        },
    };
    // An event source that has no id yet sends none, or an empty one.
    if text.is_empty() {
        return Ok(None);
    }
    match read_id(text) {
        Some(position) => Ok(Some(position)),
        None => {
            let detail = "not the id or number of an event";
            let problem = Problem::new(StatusCode::BAD_REQUEST, "events.position", detail);
            Err(problem.field(field))
        }
    }
}

/// `evt_EPOCH_NUMBER`, or a bare number.
fn read_id(text: &str) -> Option<Position> {
    let (epoch, number) = match text.strip_prefix("evt_") {
        Some(rest) => {
            let (epoch, number) = rest.rsplit_once('_')?;
            (Some(epoch.to_owned()), number)
        }
        None => (None, text),
    };
    let seq = number.parse().ok()?;
    Some(Position { epoch, seq })
}

impl Filter {
    fn new(selection: Selection) -> Result<Self, Problem> {
        let kinds = selection.kind.map(|names| {
            let names = names.split(',').map(str::trim);
            names.map(known_type).collect::<Result<Vec<_>, _>>()
        });
        Ok(Self {
            call: selection.call.map(CallId::from_text),
            kinds: kinds.transpose()?,
        })
    }

    fn passes(&self, entry: &Entry) -> bool {
        let call = self.call.is_none() || self.call == entry.call;
        let kinds = self.kinds.as_ref();
        call && kinds.is_none_or(|kinds| kinds.contains(&entry.kind))
    }
}

fn known_type(name: &str) -> Result<&'static str, Problem> {
    event_type(name).ok_or_else(|| {
        let detail = format!("the types of events are {}", TYPES.join(", "));
        Problem::new(StatusCode::BAD_REQUEST, "query.invalid", detail).field("type")
    })
}

/// One open stream.
struct Subscription {
    reader: Reader,
    filter: Filter,
    ready: VecDeque<Sse>,
    /// The stream's place among those that may be open.
    _permit: OwnedSemaphorePermit,
}

impl Subscription {
    fn new(reader: Reader, filter: Filter, permit: OwnedSemaphorePermit) -> Self {
        // Without data it is no event, but it tells the client where it stands, so that nothing is
        // lost when the stream breaks before the first event.
        let start = Sse::default()
            .retry(RETRY)
            .id(reader.journal().id(reader.seq()));
        Self {
            reader,
            filter,
            ready: VecDeque::from([start]),
            _permit: permit,
        }
    }

    fn into_stream(self) -> impl Stream<Item = Result<Sse, Infallible>> {
        stream::unfold(self, async |mut subscription| {
            let event = subscription.next().await?;
            Some((Ok(event), subscription))
        })
    }

    /// The next event; `None` when the log is closed.
    async fn next(&mut self) -> Option<Sse> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            match self.reader.read(CHUNK) {
                Next::Entries(entries) => self.take(&entries),
                Next::Gap { until, time } => {
                    let id = self.reader.journal().id(until);
                    let data = EventData::gap(id.clone(), until, &time).json();
                    return Some(Sse::default().id(id).event(GAP).data(data));
                }
                Next::Nothing => {
                    if !self.reader.wait().await {
                        return None;
                    }
                }
            }
        }
    }

    fn take(&mut self, entries: &[Entry]) {
        for entry in entries.iter().filter(|entry| self.filter.passes(entry)) {
            let id = self.reader.journal().id(entry.seq);
            let event = Sse::default().id(id).event(entry.kind).data(&*entry.data);
            self.ready.push_back(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_and_a_bare_number_too() {
        let position = read_id("evt_a1_7").unwrap();
        assert_eq!(position.epoch.as_deref(), Some("a1"));
        assert_eq!(position.seq, 7);
        let position = read_id("7").unwrap();
        assert_eq!(position.epoch, None);
        assert_eq!(position.seq, 7);
        assert_eq!(read_id("evt_7"), None);
        assert_eq!(read_id("evt_a_x"), None);
        assert_eq!(read_id("-1"), None);
    }
}
