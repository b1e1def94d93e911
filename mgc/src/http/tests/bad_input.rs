//! What does not fit, and what is refused.

use codec_h248::{ContextId, TransactionId};
use mgc_core::northbound::H248Refusal;
use serde_json::json;

use super::*;

const LEGS: &str = "/v1/calls/call_1/legs";
const ATTACH: &str = "/v1/calls/call_1/legs/leg_1/attach-media";

fn problem(status: u16, code: &str, field: Option<&str>) -> (u16, String, Option<String>) {
    (status, code.to_owned(), field.map(ToOwned::to_owned))
}

#[tokio::test]
async fn a_member_that_does_not_fit_is_named() {
    let api = Api::new(Play::Hang);
    let cases = [
        ("/v1/calls", r#"{"nmae": 1}"#, "nmae"),
        ("/v1/calls/call_1/segs", r#"{"name": 7}"#, "name"),
        (LEGS, "{}", "sdp"),
        (LEGS, "", "sdp"),
        (LEGS, r#"{"sdp": ["v=0"]}"#, "sdp"),
        (LEGS, r#"{"sdp": null}"#, "sdp"),
        (LEGS, r#"{"sdp": "v=0", "sge": "seg_1"}"#, "sge"),
        (LEGS, r#"{"sdp": "v=0", "sdp": "v=0"}"#, "sdp"),
        (LEGS, r#"{"sdp": "v=0", "seg": {}}"#, "seg"),
        (ATTACH, r#"{"strategy": "move"}"#, "seg"),
        (
            ATTACH,
            r#"{"seg": "s", "strategy": "teleport"}"#,
            "strategy",
        ),
        (
            ATTACH,
            r#"{"seg": "s", "strategy": {"move": null}}"#,
            "strategy",
        ),
    ];
    for (path, body, field) in cases {
        let answer = api.post(path, body).await;
        let expected = problem(422, "body.field", Some(field));
        assert_eq!(answer.problem(), expected, "{body}");
    }
}

#[tokio::test]
async fn what_was_expected_is_told_in_words_of_json() {
    let api = Api::new(Play::Hang);
    let number = "a whole number that is not negative";
    let cases = [
        (ATTACH, r#"{"seg": "s", "consent": 5}"#, "an object"),
        (
            ATTACH,
            r#"{"seg": "s", "consent": {"within": "5"}}"#,
            number,
        ),
        (ATTACH, r#"{"seg": "s", "consent": {"within": -5}}"#, number),
        (
            ATTACH,
            r#"{"seg": "s", "consent": ", expected u32"}"#,
            "an object",
        ),
        ("/v1/calls", r#"{"limits": "4"}"#, "an object"),
        ("/v1/calls", r#"{"limits": {"maxSegs": -1}}"#, number),
        ("/v1/calls", r#"{"limits": {"maxSegs": 0}}"#, "1 or more"),
        (
            "/v1/calls/call_1/segs",
            r#"{"limits": {"maxLegs": 0}}"#,
            "1 or more",
        ),
        ("/v1/calls/call_1/segs", r#"{"name": 7}"#, "a string"),
    ];
    for (path, body, expected) in cases {
        let detail = api.post(path, body).await.json()["detail"].to_string();
        let told = detail.rsplit("expected ").next().unwrap();
        let told = told.split(" at line").next().unwrap().trim_matches('"');
        assert_eq!(told, expected, "{detail}");
    }
}

#[tokio::test]
async fn an_empty_body_has_no_lines_in_which_something_could_be_missing() {
    let api = Api::new(Play::Hang);
    for (path, member) in [(LEGS, "sdp"), (ATTACH, "seg")] {
        let answer = api.post(path, "").await;
        assert_eq!(answer.problem(), problem(422, "body.field", Some(member)));
        let detail = format!("missing field `{member}`");
        assert_eq!(answer.json()["detail"], detail.as_str());
    }
}

#[tokio::test]
async fn a_body_of_the_wrong_kind_is_a_problem() {
    let api = Api::new(Play::Hang);
    for body in [
        "{",
        "sdp=v",
        "[1",
        r#"{"sdp": "v=0"} {}"#,
        "{\"sdp\": \"\u{1}\"}",
    ] {
        let answer = api.post(LEGS, body).await;
        assert_eq!(
            answer.problem(),
            problem(400, "body.syntax", None),
            "{body}"
        );
    }
    for body in ["[]", "7", "null", "\"{}\""] {
        let answer = api.post("/v1/calls", body).await;
        assert_eq!(
            answer.problem(),
            problem(422, "body.field", Some(".")),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_not_said_to_be_json_is_not_read() {
    let api = Api::new(Play::Hang);
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let request = HttpRequest::post("/v1/calls").header("content-type", kind);
        let answer = Answer::of(api.send(request.body(Body::from("{}")).unwrap()).await).await;
        let expected = problem(415, "body.type", Some("Content-Type"));
        assert_eq!(answer.problem(), expected);
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let api = Api::new(Play::Hang);
    let body = format!(r#"{{"sdp": "{}"}}"#, "x".repeat(300_000));
    let answer = api.post(LEGS, &body).await;
    assert_eq!(answer.problem(), problem(413, "body.size", None));
}

#[tokio::test]
async fn a_name_that_is_too_long_is_a_problem() {
    let api = Api::new(Play::Hang);
    let body = format!(r#"{{"name": "{}"}}"#, "x".repeat(129));
    let answer = api.post("/v1/calls/call_1/segs", &body).await;
    assert_eq!(answer.problem(), problem(422, "body.field", Some("name")));
}

#[tokio::test]
async fn a_path_that_is_not_there_is_a_problem() {
    let api = Api::new(Play::Hang);
    for path in ["/", "/v2/calls", "/v1/calls/", "/v1/calls/%FF/legs"] {
        let answer = api.get(path).await;
        assert_eq!(
            answer.problem(),
            problem(404, "path.unknown", None),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_name_that_means_nothing_is_unknown() {
    let api = Api::new(Play::Hang);
    for path in [
        "/v1/calls/x%20y",
        "/v1/calls/%2e%2e/segs",
        "/v1/calls/call_2/legs",
    ] {
        let answer = api.get(path).await;
        assert_eq!(
            answer.problem(),
            problem(404, "call.unknown", None),
            "{path}"
        );
    }
    let answer = api.get("/v1/calls/call_2/legs/leg_1").await;
    assert_eq!(answer.problem(), problem(404, "call.unknown", None));
    let answer = api.get("/v1/calls/call_1/legs/leg_9").await;
    assert_eq!(answer.problem(), problem(404, "leg.unknown", None));
    let answer = api.get("/v1/calls/call_1/segs/seg_9").await;
    assert_eq!(answer.problem(), problem(404, "seg.unknown", None));
    let answer = api.get("/v1/operations/op_9").await;
    assert_eq!(answer.problem(), problem(404, "operation.unknown", None));
}

#[tokio::test]
async fn a_method_that_the_path_does_not_know_is_a_problem() {
    let api = Api::new(Play::Hang);
    let request = HttpRequest::put("/v1/calls").body(Body::empty()).unwrap();
    let answer = Answer::of(api.send(request).await).await;
    assert_eq!(answer.problem(), problem(405, "method.notAllowed", None));
    assert_eq!(answer.header("allow"), "POST,GET,HEAD");
}

#[tokio::test]
async fn a_parameter_that_is_not_known_is_named() {
    let api = Api::new(Play::Hang);
    let answer = api.get("/v1/events?cal=call_1").await;
    assert_eq!(answer.problem(), problem(400, "query.invalid", Some("cal")));
    let answer = api.get("/v1/events?type=LegEventReprot").await;
    let expected = problem(400, "query.invalid", Some("type"));
    assert_eq!(answer.problem(), expected);
    let answer = api.get("/v1/events?lastEventId=yesterday").await;
    let expected = problem(400, "events.position", Some("lastEventId"));
    assert_eq!(answer.problem(), expected);
}

#[tokio::test]
async fn a_refusal_keeps_its_code_on_every_way() {
    let body = r#"{"seg": "seg_9"}"#;
    let other = Refusal::SegOfAnotherCall(SegId::from_text("seg_9"));
    let answer = Api::new(Play::Refuse(other)).post(ATTACH, body).await;
    assert_eq!(answer.problem(), problem(409, "seg.otherCall", None));

    let busy = Refusal::LegBusy {
        leg: LegId::from_text("leg_1"),
        operation: OperationId::from_text("op_7"),
    };
    let answer = Api::new(Play::Refuse(busy)).post(ATTACH, body).await;
    assert_eq!(answer.problem(), problem(409, "leg.busy", None));
    assert_eq!(answer.json()["operation"], "op_7");

    let bad = Play::Refuse(Refusal::bad_sdp("it has no audio"));
    let answer = Api::new(bad).post(LEGS, r#"{"sdp": "?"}"#).await;
    assert_eq!(answer.problem(), problem(422, "sdp.invalid", Some("sdp")));

    let none = Play::End(Err(Refusal::NoGateway));
    let answer = Api::new(none).post(LEGS, r#"{"sdp": "v=0"}"#).await;
    assert_eq!(answer.problem(), problem(503, "gateway.none", None));

    let main = Play::Refuse(Refusal::MainSeg(SegId::from_text("seg_1")));
    let answer = Api::new(main).delete("/v1/calls/call_1/segs/seg_1").await;
    assert_eq!(answer.problem(), problem(409, "seg.main", None));
}

#[tokio::test]
async fn a_refusal_of_h248_is_told_with_code_and_text() {
    let refusal = Refusal::Gateway(H248Refusal {
        code: 510,
        text: "Insufficient resources".into(),
        transaction: TransactionId(12),
        context: ContextId::Choose,
    });
    let api = Api::new(Play::End(Err(refusal)));
    let answer = api.post(LEGS, r#"{"sdp": "v=0"}"#).await;
    assert_eq!(answer.problem(), problem(503, "gateway.refused", None));
    let expected = json!({
        "code": 510, "text": "Insufficient resources", "transactionId": 12, "contextId": "$",
    });
    assert_eq!(answer.json()["h248"], expected);
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_does_not_end_is_named_when_the_request_does() {
    let api = Api::new(Play::Hang);
    let answer = api.delete("/v1/calls/call_1").await;
    assert_eq!(answer.problem(), problem(504, "operation.running", None));
    assert_eq!(answer.json()["operation"], "op_1");
}

#[tokio::test]
async fn more_requests_than_may_be_are_turned_away() {
    let limits = Limits {
        requests: 0,
        streams: 1,
    };
    let api = Api::limited(Play::Hang, limits, 16);
    let answer = api.get("/v1/calls").await;
    assert_eq!(answer.problem(), problem(503, "overload", None));
}

#[tokio::test]
async fn a_platform_that_has_stopped_is_a_problem() {
    let (control, orders) = Control::new();
    drop(orders);
    let journal = Journal::new(1, "e".into(), "opened".into());
    let mut api = Api::new(Play::Hang);
    api.router = router(parts(control, journal, Limits::default()));
    let answer = api.get("/v1/calls").await;
    assert_eq!(answer.problem(), problem(503, "stopping", None));
}
