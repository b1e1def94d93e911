//! Who may ask for what, under which name and key.

use mgc_core::northbound::Origin;
use serde_json::json;

use super::*;
use crate::caller::Tokens;

const TOKENS: &str = r#"
[[token]]
name = "reader"
secret = "secret-of-the-reader"
scopes = ["read"]
[[token]]
name = "host"
secret = "secret-of-the-host"
scopes = ["read", "control"]
[[token]]
name = "application"
secret = "secret-of-the-application"
scopes = ["read", "control", "supervise"]
"#;

pub(super) fn guarded(play: Play) -> Api {
    let (control, orders) = Control::new();
    let (seen, requests) = mpsc::unbounded_channel();
    tokio::spawn(platform(orders, play, seen));
    let journal = Journal::new(16, "e".into(), "opened".into());
    let mut parts = parts(control, journal.clone(), Limits::default());
    parts.tokens = Some(Tokens::parse(TOKENS).unwrap());
    Api {
        router: router(parts),
        journal,
        requests,
    }
}

pub(super) async fn ask_with(api: &Api, request: Builder, token: &str, body: &str) -> Answer {
    let request = with_json(request).header("authorization", format!("Bearer {token}"));
    let request = request.body(Body::from(body.to_owned()));
    Answer::of(api.send(request.unwrap()).await).await
}

async fn ask(api: &Api, request: Builder, token: &str) -> Answer {
    let request = request.header("authorization", format!("Bearer {token}"));
    Answer::of(api.send(request.body(Body::empty()).unwrap()).await).await
}

#[tokio::test]
async fn a_caller_without_a_token_is_told_to_bring_one() {
    let api = guarded(made_call());
    let answer = api.get("/v1/calls").await;
    assert_eq!(answer.problem(), (401, "auth.missing".into(), None));
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"mgc\"");
    let answer = ask(&api, HttpRequest::get("/v1/calls"), "secret-of-nobody").await;
    assert_eq!(answer.problem(), (401, "auth.token".into(), None));
    let challenge = answer.header("www-authenticate");
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
    assert_eq!(api.get("/healthz").await.status, 200);
    assert_eq!(api.get("/v1/openapi.json").await.status, 200);
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_and_no_more() {
    let api = guarded(made_call());
    let reader = "secret-of-the-reader";
    assert_eq!(
        ask(&api, HttpRequest::get("/v1/calls"), reader)
            .await
            .status,
        200
    );
    for refused in [
        HttpRequest::post("/v1/calls"),
        HttpRequest::get("/v1/contexts"),
    ] {
        let answer = ask(&api, refused, reader).await;
        assert_eq!(answer.problem(), (403, "auth.scope".into(), None));
        let challenge = answer.header("www-authenticate");
        assert!(challenge.contains("insufficient_scope"), "{challenge}");
    }
    let application = "secret-of-the-application";
    let answer = ask(&api, HttpRequest::post("/v1/calls"), application).await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn who_does_not_supervise_learns_of_a_private_seg_only_that_a_leg_is_in_one() {
    let api = guarded(Play::Hang);
    let read = async |path, token| ask(&api, HttpRequest::get(path), token).await.json();
    for (token, segs, seg) in [
        ("secret-of-the-reader", json!(["seg_1"]), Value::Null),
        (
            "secret-of-the-application",
            json!(["seg_1", "seg_2"]),
            json!("seg_1"),
        ),
    ] {
        assert_eq!(read("/v1/calls/call_1", token).await["segs"], segs);
        let leg = read("/v1/calls/call_1/legs/leg_1", token).await;
        assert_eq!((&leg["seg"], &leg["inPrivate"]), (&seg, &json!(true)));
        // Of the Seg that the operation is about nothing is known: it may have been private.
        let operation = read("/v1/operations/op_1", token).await;
        let hidden = operation["seg"].is_null();
        assert_eq!(hidden, token == "secret-of-the-reader");
    }
}

#[tokio::test]
async fn who_does_not_supervise_learns_of_no_operation_who_are_together_in_private() {
    let api = guarded(Play::Hang);
    for (token, path, seg, legs) in [
        ("reader", "/v1/operations/op_2", json!("seg_1"), 1),
        ("reader", "/v1/operations/op_p", Value::Null, 0),
        ("application", "/v1/operations/op_p", json!("seg_p"), 1),
    ] {
        let token = format!("secret-of-the-{token}");
        let operation = ask(&api, HttpRequest::get(path), &token).await.json();
        let told = operation["legs"].as_array().unwrap().len();
        assert_eq!((&operation["seg"], told), (&seg, legs), "{token} {path}");
    }
}

/// Sends one request, and returns its answer with the origin that the loop saw.
async fn origin_of(request: HttpRequest<Body>) -> (Answer, Option<Origin>) {
    let (control, mut orders) = Control::new();
    let journal = Journal::new(1, "e".into(), "opened".into());
    let router = router(parts(control, journal, Limits::default()));
    let origin = async {
        let Order::Request { asking, answer, .. } = orders.recv().await? else {
            return None;
        };
        answer.send(Err(Refusal::Cancelled.into())).unwrap();
        Some(asking.origin)
    };
    let answer = async { Answer::of(router.oneshot(request).await.unwrap()).await };
    tokio::join!(answer, origin)
}

fn keyed(key: &str, body: &str) -> HttpRequest<Body> {
    let builder = HttpRequest::post("/v1/calls/call_1/segs").header("idempotency-key", key);
    with_json(builder)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn a_key_comes_with_a_digest_of_the_request_and_the_body_is_still_read() {
    let (_, first) = origin_of(keyed("k1", r#"{"name": "a"}"#)).await;
    let (_, again) = origin_of(keyed("k1", r#"{"name": "a"}"#)).await;
    let (_, other) = origin_of(keyed("k1", r#"{"name": "b"}"#)).await;
    let key = |origin: Option<Origin>| origin.unwrap().key.unwrap();
    let first = key(first);
    assert_eq!(first.text, "k1");
    assert_eq!(first, key(again));
    assert_ne!(first, key(other));
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let api = Api::new(made_seg());
    let mut two = keyed("k1", "{}");
    two.headers_mut()
        .append("idempotency-key", "k2".parse().unwrap());
    let long = "x".repeat(129);
    let bad = ["", "a b", &long].map(|bad| keyed(bad, "{}"));
    for request in bad.into_iter().chain([two]) {
        let answer = Answer::of(api.send(request).await).await;
        let expected = (
            400,
            "idempotency.key".into(),
            Some("Idempotency-Key".into()),
        );
        assert_eq!(answer.problem(), expected);
    }
}

#[tokio::test]
async fn a_create_may_have_its_key_in_the_body() {
    let post = |path: &str, body: &str| {
        let request = with_json(HttpRequest::post(path)).body(Body::from(body.to_owned()));
        request.unwrap()
    };
    let bodies = [
        ("/v1/calls", r#"{"clientCorrelator": "k1"}"#),
        (
            "/v1/calls/call_1/segs",
            r#"{"clientCorrelator": "k1", "name": "a"}"#,
        ),
        (
            "/v1/calls/call_1/legs",
            r#"{"clientCorrelator": "k1", "sdp": ""}"#,
        ),
        (
            "/v1/calls/call_1/segs/seg_1/split",
            r#"{"clientCorrelator": "k1", "legs": ["leg_1"]}"#,
        ),
    ];
    for (path, body) in bodies {
        let (_, origin) = origin_of(post(path, body)).await;
        assert_eq!(origin.unwrap().key.unwrap().text, "k1", "{path}");
    }
    let (_, origin) = origin_of(post("/v1/calls", r#"{"clientCorrelator": null}"#)).await;
    assert_eq!(origin.unwrap().key, None);
}

#[tokio::test]
async fn two_keys_must_be_one_and_one_in_the_body_must_be_a_key() {
    let api = Api::new(made_seg());
    let told = async |key, body| {
        let answer = Answer::of(api.send(keyed(key, body)).await).await;
        (answer.status.as_u16() == 422).then(|| answer.problem())
    };
    assert_eq!(told("k1", r#"{"clientCorrelator": "k1"}"#).await, None);
    let refused = |code: &str| Some((422, code.to_owned(), Some("clientCorrelator".to_owned())));
    let other = told("k1", r#"{"clientCorrelator": "k2"}"#).await;
    assert_eq!(other, refused("idempotency.conflict"));
    for bad in [
        r#"{"clientCorrelator": ""}"#,
        r#"{"clientCorrelator": "a b"}"#,
        r#"{"clientCorrelator": 7}"#,
        r#"{"clientCorrelator": "k1", "clientCorrelator": "k1"}"#,
    ] {
        assert_eq!(told("k1", bad).await, refused("body.field"), "{bad}");
    }
}

#[tokio::test]
async fn what_has_no_tag_cannot_be_changed_on_the_condition_of_one() {
    let api = Api::new(Play::Hang);
    for (method, path) in [
        ("POST", "/v1/calls"),
        ("POST", "/v1/calls/call_1"),
        ("DELETE", "/v1/calls/call_1/legs/leg_1/play"),
    ] {
        let request = HttpRequest::builder().method(method).uri(path);
        let request = request.header("if-match", "*").body(Body::empty()).unwrap();
        let answer = Answer::of(api.send(request).await).await;
        let expected = (412, "precondition.failed".into(), Some("If-Match".into()));
        assert_eq!(answer.problem(), expected, "{method} {path}");
    }
}

#[tokio::test]
async fn a_key_that_stands_for_another_request_is_told() {
    let api = Api::new(Play::Refuse(Refusal::KeyReused(OperationId::from_text(
        "op_1",
    ))));
    let answer = Answer::of(api.send(keyed("k", "{}")).await).await;
    let expected = (
        422,
        "idempotency.mismatch".into(),
        Some("Idempotency-Key".into()),
    );
    assert_eq!(answer.problem(), expected);
    assert_eq!(answer.json()["operation"], "op_1");
}

#[tokio::test]
async fn the_name_of_a_request_is_echoed_and_goes_with_it() {
    let request = HttpRequest::post("/v1/calls").header("x-request-id", "mine-7");
    let (answer, origin) = origin_of(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("x-request-id"), "mine-7");
    assert_eq!(origin.unwrap().request_id.as_deref(), Some("mine-7"));
    let request = HttpRequest::post("/v1/calls").body(Body::empty()).unwrap();
    let (answer, origin) = origin_of(request).await;
    let made = answer.header("x-request-id");
    assert!(made.starts_with("req_"), "{made}");
    assert_eq!(origin.unwrap().request_id.as_deref(), Some(made));
}

#[tokio::test]
async fn who_watches_over_the_program_is_answered_when_all_places_are_taken() {
    let limits = Limits {
        requests: 0,
        ..Limits::default()
    };
    let api = Api::limited(Play::Hang, limits, 16);
    assert_eq!(api.get("/v1/calls").await.status, 503);
    for path in ["/healthz", "/v1/health", "/v1/ready", "/v1/openapi.json"] {
        assert_eq!(api.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_needs_no_token_is_not_waited_for() {
    let api = guarded(Play::Hang);
    let request = HttpRequest::post("/v1/health").header("idempotency-key", "k");
    let never = Body::from_stream(futures_util::stream::pending::<
        Result<Vec<u8>, std::io::Error>,
    >());
    let begin = tokio::time::Instant::now();
    let answer = api.send(request.body(never).unwrap()).await;
    assert_eq!(answer.status(), 405);
    assert_eq!(begin.elapsed(), Duration::ZERO);
}
