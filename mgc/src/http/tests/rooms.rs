//! Who may listen in on a room, and what a room may be made with.

use mgc_core::northbound::SegPolicy;

use super::{
    gate::{ask_with, guarded},
    *,
};

const SUPERVISOR: &str = r#"{"sdp": "v=0", "role": "supervisor"}"#;

#[tokio::test]
async fn only_who_may_supervise_adds_a_supervisor() {
    let mut api = guarded(Play::Hang);
    let post = || HttpRequest::post("/v1/calls/call_1/legs");
    let answer = ask_with(&api, post(), "secret-of-the-host", SUPERVISOR).await;
    assert_eq!(answer.problem(), (403, "auth.scope".into(), None));
    assert!(api.requests.try_recv().is_err());
    let mut api = guarded(Play::End(Ok(Done::LegAdded {
        leg: LegId::from_text("leg_1"),
        seg: SegId::from_text("seg_1"),
        sdp: "v=0\r\n".into(),
    })));
    let answer = ask_with(&api, post(), "secret-of-the-application", SUPERVISOR).await;
    assert_eq!(answer.status, 201);
    let Some(Request::AddLeg { role, .. }) = api.requests.recv().await else {
        panic!("an AddLeg");
    };
    assert_eq!(role, Role::Supervisor);
}

#[tokio::test]
async fn who_may_fill_a_private_room_may_record_it_without_seeing_it() {
    for (path, body) in [
        (
            "/v1/calls/call_1/segs/seg_p/record",
            r#"{"name": "a.opus"}"#,
        ),
        (
            "/v1/calls/call_1/legs/leg_1/record",
            r#"{"name": "a.opus", "voices": "all"}"#,
        ),
    ] {
        let api = guarded(Play::Hang);
        let post = || HttpRequest::post(path);
        let answer = ask_with(&api, post(), "secret-of-the-reader", body).await;
        assert_eq!(answer.problem(), (403, "auth.scope".into(), None));
        let answer = ask_with(&api, post(), "secret-of-the-host", body).await;
        assert_eq!(answer.status, 202, "{path}");
        let seg = HttpRequest::get("/v1/calls/call_1/segs/seg_p");
        let answer = ask_with(&api, seg, "secret-of-the-host", "").await;
        assert_eq!(answer.problem(), (404, "seg.unknown".into(), None));
    }
}

#[tokio::test]
async fn a_room_may_wait_for_the_media_server_and_hear_the_main_one() {
    let mut api = Api::new(Play::Hang);
    let body = r#"{"policy": {"confirm": "mediaServer", "listenMain": true}}"#;
    let answer = api.post("/v1/calls/call_1/segs", body).await;
    assert_eq!(answer.status, 202);
    let Some(Request::CreateSeg { policy, .. }) = api.requests.recv().await else {
        panic!("a CreateSegReq");
    };
    let wanted = SegPolicy {
        confirm: Confirm::MediaServer,
        listen_main: true,
        ..SegPolicy::default()
    };
    assert_eq!(policy, wanted);
    let bad = r#"{"policy": {"confirm": "maybe"}}"#;
    assert_eq!(api.post("/v1/calls/call_1/segs", bad).await.status, 422);
}

#[tokio::test]
async fn a_call_may_wait_for_the_media_server() {
    let mut api = Api::new(made_call());
    let body = r#"{"confirm": "mediaServer"}"#;
    assert_eq!(api.post("/v1/calls", body).await.status, 201);
    let Some(Request::CreateCall(new)) = api.requests.recv().await else {
        panic!("a CreateCall");
    };
    assert_eq!(new.confirm, Confirm::MediaServer);
}
