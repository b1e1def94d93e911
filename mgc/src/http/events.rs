//! `/v1/events`: the event stream (server-sent events) with replay, and `/v1/events/ws`: the same by
//! WebSocket.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket, close_code, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event as Sse, KeepAlive},
    },
};
use futures_util::{Stream, StreamExt, stream};
use tokio::time;

use super::{
    Platform,
    event_data::EventData,
    extract::Parameters,
    problem::{Problem, Problems},
    subscription::{Filter, Item, Selection, Subscription, read_id},
};
use crate::journal::Position;

/// A silent stream says so often that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A client that lost the stream should come back after this time.
const RETRY: Duration = Duration::from_secs(1);

/// What a client may send by WebSocket, in octets: it has nothing to say.
const MESSAGE_MAX: usize = 4 * 1024;

/// A client that takes no octet for so long is given up; its place is wanted.
const STALLED: Duration = Duration::from_secs(60);

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
    let subscription = subscribe(&platform, selection, &headers)?;
    let stream = axum::response::Sse::new(sse(subscription));
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(stream.keep_alive(keep_alive).into_response())
}

/// Sends events by WebSocket, one text message each; ids, filters and gaps are those of `/v1/events`.
///
/// What the client sends is ignored. The close code is 1001 when the controller stops.
#[utoipa::path(
    get,
    path = "/v1/events/ws",
    operation_id = "EventsWebSocket",
    tag = "events",
    params(
        Selection,
        ("Last-Event-ID" = Option<String>, Header, description = "As for `/v1/events`."),
    ),
    responses(
        (status = 101, description = "The WebSocket is open; each message is an event.",
            body = EventData),
        Problems,
    )
)]
pub(super) async fn events_ws(
    State(platform): State<Platform>,
    Parameters(selection): Parameters<Selection>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|rejection| {
        let detail = rejection.body_text();
        Problem::new(StatusCode::UPGRADE_REQUIRED, "events.upgrade", detail)
    })?;
    let subscription = subscribe(&platform, selection, &headers)?;
    let upgrade = upgrade.max_message_size(MESSAGE_MAX);
    Ok(upgrade.on_upgrade(|socket| web_socket(socket, subscription)))
}

fn subscribe(
    platform: &Platform,
    selection: Selection,
    headers: &HeaderMap,
) -> Result<Subscription, Problem> {
    let position = position(headers, selection.last_event_id.as_deref())?;
    let filter = Filter::new(selection)?;
    let permit = platform.streams.clone().try_acquire_owned();
    let permit =
        permit.map_err(|_full| Problem::busy("as many event streams are open as may be"))?;
    let reader = platform.journal.reader(position);
    Ok(Subscription::new(reader, filter, permit))
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

fn sse(subscription: Subscription) -> impl Stream<Item = Result<Sse, Infallible>> {
    // Without data it is no event, but it tells the client where it stands, so that nothing is
    // lost when the stream breaks before the first event.
    let start = Sse::default().retry(RETRY).id(subscription.position());
    let items = stream::unfold(subscription, async |mut subscription| {
        let Item { id, kind, data } = subscription.next().await?;
        let event = Sse::default().id(id).event(kind).data(&*data);
        Some((Ok(event), subscription))
    });
    stream::once(async { Ok(start) }).chain(items)
}

/// Serves a WebSocket until either side ends it.
async fn web_socket(mut socket: WebSocket, mut subscription: Subscription) {
    let mut ping = time::interval(KEEP_ALIVE);
    ping.reset();
    loop {
        let message = tokio::select! {
            item = subscription.next() => match item {
                Some(item) => Message::text(&*item.data),
                None => break,
            },
            _tick = ping.tick() => Message::Ping(Default::default()),
            received = socket.recv() => match received {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_ignored)) => continue,
            },
        };
        if !matches!(
            time::timeout(STALLED, socket.send(message)).await,
            Ok(Ok(()))
        ) {
            return;
        }
    }
    let close = CloseFrame {
        code: close_code::AWAY,
        reason: "the controller is stopping".into(),
    };
    // A client that has gone meanwhile need not be told.
    let _ = time::timeout(STALLED, socket.send(Message::Close(Some(close)))).await;
}
