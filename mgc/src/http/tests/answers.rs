//! What each request is answered.

use mgc_core::northbound::{ContextView, Members, SegPolicy, Strategy, TerminationView};
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_call_is_made_with_its_main_seg() {
    let api = Api::new(made_call());
    let answer = api.post("/v1/calls", "{}").await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("location"), "/v1/calls/call_1");
    assert_eq!(answer.json(), json!({"id": "call_1", "mainSeg": "seg_1"}));
}

#[tokio::test]
async fn an_empty_body_counts_as_an_empty_object() {
    let api = Api::new(made_call());
    let request = HttpRequest::post("/v1/calls").body(Body::empty()).unwrap();
    assert_eq!(api.send(request).await.status(), 201);
}

#[tokio::test]
async fn a_leg_is_answered_with_the_sdp_of_the_gateway() {
    let mut api = Api::new(Play::End(Ok(Done::LegAdded {
        leg: LegId::from_text("leg_1"),
        seg: SegId::from_text("seg_2"),
        sdp: "v=0\r\n".into(),
    })));
    let body = r#"{"sdp": "v=0\r\nm=audio\r\n", "seg": "seg_2"}"#;
    let answer = api.post("/v1/calls/call_1/legs", body).await;
    assert_eq!(answer.status, 201);
    let expected = json!({"id": "leg_1", "seg": "seg_2", "sdp": "v=0\r\n"});
    assert_eq!(answer.json(), expected);
    let request = Request::AddLeg {
        call: CallId::from_text("call_1"),
        seg: Some(SegId::from_text("seg_2")),
        sdp: "v=0\r\nm=audio\r\n".into(),
        role: Role::Member,
        host: false,
    };
    assert_eq!(api.requests.recv().await, Some(request));
}

#[tokio::test]
async fn a_seg_request_is_taken_at_once() {
    let mut api = Api::new(Play::Hang);
    let answer = api
        .post(
            "/v1/calls/call_1/segs",
            r#"{"name": "aside", "policy": {"private": true}}"#,
        )
        .await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.header("location"), "/v1/operations/op_1");
    let expected = json!({"type": "CreateSegReq", "operation": "op_1", "seg": "seg_2"});
    assert_eq!(answer.json(), expected);
    let request = Request::CreateSeg {
        call: CallId::from_text("call_1"),
        name: Some("aside".into()),
        policy: SegPolicy {
            private: true,
            ..SegPolicy::default()
        },
        by: None,
    };
    assert_eq!(api.requests.recv().await, Some(request));
}

async fn make_seg(api: &Api, prefer: &str) -> Answer {
    let request = with_json(HttpRequest::post("/v1/calls/call_1/segs")).header("prefer", prefer);
    Answer::of(api.send(request.body(Body::from("{}")).unwrap()).await).await
}

#[tokio::test]
async fn a_client_that_prefers_to_wait_gets_the_create_seg_res() {
    let answer = make_seg(&Api::new(made_seg()), "wait=5").await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("preference-applied"), "wait=5");
    let expected = json!({
        "type": "CreateSegRes", "operation": "op_1", "call": "call_1", "seg": "seg_2",
    });
    assert_eq!(answer.json(), expected);
}

#[tokio::test]
async fn a_wait_that_ends_before_the_operation_is_answered_as_if_there_were_none() {
    let answer = make_seg(&Api::new(Play::Hang), "wait=0").await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.json()["type"], "CreateSegReq");
}

#[tokio::test]
async fn a_seg_that_is_waited_for_and_fails_is_a_problem() {
    let answer = make_seg(&Api::new(Play::End(Err(Refusal::Cancelled))), "wait=5").await;
    assert_eq!(answer.problem().0, 409);
}

#[tokio::test]
async fn a_move_is_taken_at_once_with_each_strategy() {
    let strategies = [
        (r#""two-step""#, Some(Strategy::TwoStep)),
        (r#""move""#, Some(Strategy::Move)),
        (r#""subtract-add""#, Some(Strategy::SubtractAdd)),
        (r#""topology""#, Some(Strategy::Topology)),
        ("null", None),
    ];
    for (text, strategy) in strategies {
        let mut api = Api::new(Play::Hang);
        let body = format!(r#"{{"seg": "seg_2", "strategy": {text}}}"#);
        let path = "/v1/calls/call_1/legs/leg_1/attach-media";
        let answer = api.post(path, &body).await;
        assert_eq!(answer.status, 202);
        let expected = json!({"type": "AttachMediaRes", "operation": "op_1", "accepted": true});
        assert_eq!(answer.json(), expected);
        let request = Request::AttachMedia {
            call: CallId::from_text("call_1"),
            leg: LegId::from_text("leg_1"),
            seg: SegId::from_text("seg_2"),
            strategy,
            by: None,
            consent: None,
        };
        assert_eq!(api.requests.recv().await, Some(request));
    }
}

#[tokio::test]
async fn a_move_is_never_waited_for() {
    let moved = Done::LegMoved {
        leg: LegId::from_text("leg_1"),
        seg: SegId::from_text("seg_2"),
    };
    let api = Api::new(Play::End(Ok(moved)));
    let request = HttpRequest::post("/v1/calls/call_1/legs/leg_1/attach-media");
    let request = with_json(request).header("prefer", "wait=5");
    let body = Body::from(r#"{"seg": "seg_2"}"#);
    let response = api.send(request.body(body).unwrap()).await;
    assert_eq!(response.status(), 202);
    assert!(!response.headers().contains_key("preference-applied"));
}

#[tokio::test]
async fn what_is_deleted_is_answered_without_content() {
    let mut api = Api::new(Play::End(Ok(Done::Deleted)));
    let call = CallId::from_text("call_1");
    let leg = Request::DeleteLeg {
        call: call.clone(),
        leg: LegId::from_text("leg_1"),
    };
    let seg = Request::DeleteSeg {
        call: call.clone(),
        seg: SegId::from_text("seg_2"),
        members: Members::Return,
    };
    let deletions = [
        ("/v1/calls/call_1/legs/leg_1", leg),
        ("/v1/calls/call_1/segs/seg_2", seg),
        ("/v1/calls/call_1", Request::DeleteCall { call }),
    ];
    for (path, request) in deletions {
        let answer = api.delete(path).await;
        assert_eq!((answer.status.as_u16(), &*answer.text), (204, ""));
        assert_eq!(api.requests.recv().await, Some(request));
    }
}

#[tokio::test]
async fn state_is_read_as_it_is() {
    let api = Api::new(Play::Hang);
    let call = json!({
        "id": "call_1", "mainSeg": "seg_1", "separation": "contexts", "segs": ["seg_1", "seg_2"], "legs": ["leg_1"],
        "onGatewayLoss": "recreate", "limits": {"maxSegs": 3, "maxLegs": 10},
        "policy": {"mayCreate": "host"}, "talking": true,
    });
    let policy = json!({
        "private": false, "autoClose": "never", "locked": false, "mayJoin": "any",
        "mayInvite": "any",
    });
    let seg = json!({
        "id": "seg_1", "call": "call_1", "name": null, "main": true, "private": false,
        "confirm": "mediaServer", "listenMain": false, "supervised": true, "recording": "op_9", "legs": ["leg_1"],
        "context": 7, "holder": "rtp/9", "policy": policy,
        "limits": {"maxLegs": 4, "seconds": null, "until": null},
    });
    let leg = json!({
        "id": "leg_1", "call": "call_1", "seg": "seg_1", "inPrivate": true, "role": "supervisor",
        "state": "attached", "muted": true, "deaf": false, "hold": false, "gain": -6,
        "talking": true, "mediaLost": false, "host": true, "invitation": null, "operation": null,
        "gateway": "[127.0.0.1]:2946", "termination": "rtp/1",
    });
    let cause = json!({
        "code": "gateway.timeout", "text": "the gateway did not answer in time",
    });
    let operation = json!({
        "id": "op_1", "type": "AttachMediaReq", "state": "rolledBack", "call": "call_1",
        "seg": "seg_2", "leg": "leg_1", "cause": cause, "method": null, "digits": null,
        "legs": [{"leg": "leg_1", "result": "moved", "cause": null}],
        "requestId": "req_1",
    });
    let gateway = json!({
        "id": "[127.0.0.1]:2946", "address": "127.0.0.1:2946", "state": "registered",
        "version": 3, "legs": 1, "mediaFaults": 0,
        "strategies": ["subtract-add"], "learnt": {"noMove": true, "mixes": true}, "drained": false,
    });
    let expected = [
        ("/v1/calls", json!([call])),
        ("/v1/calls/call_1", call.clone()),
        ("/v1/calls/call_1/segs/seg_1", seg.clone()),
        ("/v1/calls/call_1/segs", json!([seg])),
        ("/v1/calls/call_1/legs/leg_1", leg.clone()),
        ("/v1/calls/call_1/legs", json!([leg])),
        ("/v1/operations/op_1", operation),
        ("/v1/gateways", json!([gateway])),
    ];
    for (path, body) in expected {
        let answer = api.get(path).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), body, "{path}");
    }
}

#[tokio::test]
async fn what_was_counted_is_read_in_all_and_of_each_gateway() {
    let answer = Api::new(Play::Hang).get("/v1/counters").await;
    assert_eq!(answer.status, 200);
    let counters = answer.json();
    assert_eq!(counters["link"]["decodeErrors"], 2);
    assert_eq!(counters["link"]["pendingsReceived"], 0);
    assert_eq!(counters["sockets"]["notTpkt"], 3);
    let [new, old] = counters["gateways"].as_array().unwrap().as_slice() else {
        panic!("{counters}");
    };
    assert_eq!((&new["id"], &old["id"]), (&json!("<new>"), &json!("<old>")));
    assert_eq!(new["link"]["decodeErrors"], 1);
    assert_eq!(new["roundTrip"], json!(null));
    let round_trip = json!({"meanMs": 20.0, "deviationMs": 5.0});
    assert_eq!(old["roundTrip"], round_trip);
}

#[tokio::test]
async fn contexts_are_read_from_the_gateways() {
    let termination = |id: &str, leg: Option<&str>, holds: Option<&str>| TerminationView {
        id: id.into(),
        leg: leg.map(LegId::from_text),
        holds: holds.map(SegId::from_text),
    };
    let context = ContextView {
        gateway: GatewayId("<mg>".into()),
        context: 3,
        seg: Some(SegId::from_text("seg_1")),
        terminations: vec![
            termination("rtp/1", Some("leg_1"), None),
            termination("rtp/2", None, None),
            termination("rtp/3", None, Some("seg_1")),
        ],
    };
    let api = Api::new(Play::End(Ok(Done::Contexts {
        contexts: vec![context],
        silent: vec![
            GatewayId("<a>".into()),
            GatewayId("[192.0.2.1]:2944".into()),
        ],
    })));
    let expected = json!([{
        "gateway": "<mg>", "context": 3, "seg": "seg_1",
        "terminations": [
            {"id": "rtp/1", "leg": "leg_1", "holds": null},
            {"id": "rtp/2", "leg": null, "holds": null},
            {"id": "rtp/3", "leg": null, "holds": "seg_1"},
        ],
    }]);
    let answer = api.get("/v1/contexts").await;
    assert_eq!(answer.json(), expected);
    assert_eq!(answer.header("x-silent-gateways"), "<a>, [192.0.2.1]:2944");
}

#[tokio::test]
async fn the_document_and_the_health_are_served() {
    let api = Api::new(Play::Hang);
    assert_eq!(api.get("/healthz").await.status, 200);
    let answer = api.get("/v1/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.json()["info"]["title"], "mgc");
}
