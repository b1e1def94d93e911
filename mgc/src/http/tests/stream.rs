//! The event stream.

use std::time::{Duration, SystemTime};

use futures_util::StreamExt;
use mgc_core::northbound::{Event, EventKind, LegEvent};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::shell::{Context, draft};

fn event(kind: EventKind, call: &str) -> Event {
    Event {
        kind,
        call: Some(CallId::from_text(call)),
        seg: None,
        leg: None,
        operation: None,
        cause: None,
    }
}

fn happen(api: &Api, kind: EventKind, call: &str) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_503_274_120);
    let entry = draft(
        &api.journal,
        0,
        (&event(kind, call), Context::default()),
        time,
    );
    api.journal.publish(vec![entry]);
}

/// Opens a stream, closes the log, and reads what was sent meanwhile.
async fn read(api: &Api, request: Builder, meanwhile: impl FnOnce()) -> String {
    let response = api.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    meanwhile();
    api.journal.close();
    Answer::of(response).await.text
}

fn ids(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("id: "))
        .collect()
}

#[tokio::test]
async fn an_event_has_id_type_and_data() {
    let api = Api::new(Play::Hang);
    happen(&api, EventKind::CallCreated, "call_0");
    let text = read(&api, HttpRequest::get("/v1/events"), || {
        happen(&api, EventKind::LegEventReport(LegEvent::Moved), "call_1");
    })
    .await;
    let (start, text) = text.split_once("\n\n").unwrap();
    assert_eq!(start, "retry: 1000\nid: evt_e_1");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[..2], ["id: evt_e_2", "event: LegEventReport"]);
    let data = lines[2].strip_prefix("data: ").unwrap();
    let expected = json!({
        "id": "evt_e_2", "seq": 2, "time": "2026-11-24T06:54:34.120Z", "type": "LegEventReport",
        "call": "call_1", "seg": null, "inPrivate": false, "leg": null, "operation": null,
        "requestId": null, "event": "moved", "sdp": null, "digits": null, "method": null,
        "gateway": null, "cause": null,
    });
    assert_eq!(serde_json::from_str::<Value>(data).unwrap(), expected);
}

#[tokio::test]
async fn a_reader_that_comes_back_gets_what_it_missed() {
    let api = Api::new(Play::Hang);
    for _ in 0..4 {
        happen(&api, EventKind::CallCreated, "call_1");
    }
    let requests = [
        HttpRequest::get("/v1/events").header("last-event-id", "evt_e_2"),
        HttpRequest::get("/v1/events?lastEventId=evt_e_2"),
        HttpRequest::get("/v1/events?lastEventId=2"),
        HttpRequest::get("/v1/events?lastEventId=0").header("last-event-id", "2"),
    ];
    for request in requests {
        let text = read(&api, request, || {}).await;
        assert_eq!(ids(&text), ["evt_e_2", "evt_e_3", "evt_e_4"]);
    }
}

#[tokio::test]
async fn events_that_are_no_longer_held_are_a_gap() {
    let api = Api::limited(Play::Hang, Limits::default(), 2);
    for _ in 0..5 {
        happen(&api, EventKind::CallCreated, "call_1");
    }
    let text = read(&api, HttpRequest::get("/v1/events?lastEventId=1"), || {}).await;
    assert_eq!(ids(&text), ["evt_e_1", "evt_e_3", "evt_e_4", "evt_e_5"]);
    assert!(text.contains("\nid: evt_e_3\nevent: gap\n"), "{text}");
    assert!(text.contains(r#""code":"events.gap""#), "{text}");
}

#[tokio::test]
async fn a_reader_that_is_too_slow_gets_a_gap_and_holds_nobody_up() {
    let api = Api::limited(Play::Hang, Limits::default(), 2);
    let text = read(&api, HttpRequest::get("/v1/events"), || {
        for _ in 0..10 {
            happen(&api, EventKind::CallCreated, "call_1");
        }
    })
    .await;
    assert_eq!(ids(&text), ["evt_e_0", "evt_e_8", "evt_e_9", "evt_e_10"]);
}

#[tokio::test]
async fn a_reader_of_another_run_gets_a_gap_first() {
    let api = Api::new(Play::Hang);
    happen(&api, EventKind::CallCreated, "call_1");
    let request = HttpRequest::get("/v1/events").header("last-event-id", "evt_before_1");
    let text = read(&api, request, || {}).await;
    assert!(text.contains("\nid: evt_e_0\nevent: gap\n"), "{text}");
    assert_eq!(ids(&text).last(), Some(&"evt_e_1"));
}

#[tokio::test]
async fn a_filter_passes_only_what_was_asked_for() {
    let api = Api::new(Play::Hang);
    happen(&api, EventKind::CallCreated, "call_1");
    happen(&api, EventKind::CallCreated, "call_2");
    happen(&api, EventKind::CreateSegRes, "call_2");
    happen(&api, EventKind::CallEnded, "call_2");
    let path = "/v1/events?call=call_2&type=CreateSegRes,CallEnded&lastEventId=0";
    let text = read(&api, HttpRequest::get(path), || {}).await;
    assert_eq!(ids(&text), ["evt_e_0", "evt_e_3", "evt_e_4"]);
}

#[tokio::test]
async fn more_streams_than_may_be_are_turned_away() {
    let limits = Limits {
        requests: 8,
        streams: 1,
    };
    let api = Api::limited(Play::Hang, limits, 16);
    let open = || HttpRequest::get("/v1/events").body(Body::empty()).unwrap();
    let first = api.send(open()).await;
    let second = Answer::of(api.send(open()).await).await;
    assert_eq!(second.problem().1, "overload");
    drop(first);
    assert_eq!(api.send(open()).await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_silent_stream_says_that_it_lives() {
    let api = Api::new(Play::Hang);
    let request = HttpRequest::get("/v1/events").body(Body::empty()).unwrap();
    let mut body = api.send(request).await.into_body().into_data_stream();
    let start = body.next().await.unwrap().unwrap();
    assert!(start.starts_with(b"retry: 1000\n"));
    let begun = tokio::time::Instant::now();
    assert_eq!(body.next().await.unwrap().unwrap(), ":\n\n");
    assert_eq!(begun.elapsed(), Duration::from_secs(15));
}

#[tokio::test]
async fn open_streams_and_connections_end_with_the_program() {
    let api = Api::new(Play::Hang);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async move { drop(stopped.await) };
    let serving = tokio::spawn(super::super::serve(listener, api.router.clone(), stopped));

    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = b"GET /v1/events HTTP/1.1\r\nHost: mgc\r\n\r\n";
    stream.write_all(head).await.unwrap();
    let mut buffer = vec![0; 4096];
    let length = stream.read(&mut buffer).await.unwrap();
    assert!(buffer[..length].starts_with(b"HTTP/1.1 200 OK\r\n"));

    api.journal.close();
    drop(stop);
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    serving.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
