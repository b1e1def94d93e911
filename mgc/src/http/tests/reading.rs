//! Pages, tags, health and what is counted.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_list_is_given_in_pages_where_that_is_asked_for() {
    let api = Api::new(Play::Hang);
    let answer = api.get("/v1/calls?limit=1").await;
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.json().as_array().unwrap().len()
        ),
        (200, 1)
    );
    assert!(answer.response.headers().get("link").is_none());
    let answer = api.get("/v1/calls/call_1/legs?cursor=leg_1").await;
    assert_eq!(answer.json(), json!([]));
    for bad in ["limit=0", "limit=1001", "limit=x", "start=1"] {
        let answer = api.get(&format!("/v1/gateways?{bad}")).await;
        assert_eq!(answer.problem().1, "query.invalid", "{bad}");
    }
}

#[tokio::test]
async fn what_a_client_has_already_is_not_sent_again() {
    let api = Api::new(Play::Hang);
    let first = api.get("/v1/calls/call_1").await;
    let tag = first.header("etag").to_owned();
    let request = |tag: &str| {
        let request = HttpRequest::get("/v1/calls/call_1").header("if-none-match", tag);
        request.body(Body::empty()).unwrap()
    };
    let again = Answer::of(api.send(request(&tag)).await).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    assert_eq!(again.header("etag"), tag);
    let other = Answer::of(api.send(request("\"other\"")).await).await;
    assert_eq!((other.status, other.text), (StatusCode::OK, first.text));
}

#[tokio::test]
async fn health_and_readiness_tell_what_they_mean() {
    let api = Api::new(Play::Hang);
    assert_eq!(
        api.get("/v1/health").await.json(),
        json!({"status": "live"})
    );
    let expected = json!({
        "status": "ready", "store": "none", "gateways": 1, "gatewayRegistered": true,
    });
    assert_eq!(api.get("/v1/ready").await.json(), expected);
}

#[tokio::test]
async fn prometheus_reads_what_was_counted_and_what_is_there() {
    let (control, orders) = Control::new();
    let (seen, _requests) = mpsc::unbounded_channel();
    tokio::spawn(platform(orders, Play::Hang, seen));
    let journal = Journal::new(1, "e".into(), "opened".into());
    let parts = parts(control, journal, Limits::default());
    parts
        .meter
        .ended(&operation(OperationId::from_text("op_1")).unwrap());
    parts.meter.happened("CallCreated");
    parts.meter.committed(Duration::from_millis(2));
    let request = HttpRequest::get("/metrics").body(Body::empty()).unwrap();
    let answer = Answer::of(router(parts).oneshot(request).await.unwrap()).await;
    assert!(answer.header("content-type").starts_with("text/plain"));
    for line in [
        "mgc_operations_total{kind=\"AttachMediaReq\",end=\"rolledBack\"} 1",
        "mgc_events_total{type=\"CallCreated\"} 1",
        "mgc_store_commit_seconds_bucket{le=\"0.001\"} 0",
        "mgc_store_commit_seconds_bucket{le=\"0.003\"} 1",
        "mgc_h248_total{counter=\"decode_errors\"} 2",
        "mgc_sockets_total{counter=\"not_tpkt\"} 3",
        "mgc_calls 1",
        "mgc_legs 3",
        "mgc_gateways{state=\"registered\"} 1",
        "mgc_gateways{state=\"suspect\"} 0",
    ] {
        assert!(
            answer.text.lines().any(|found| found == line),
            "{line}\n{}",
            answer.text
        );
    }
}
