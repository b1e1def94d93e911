//! The rules of rooms as HTTP: limits, policies, changes, and who asks.

use mgc_core::northbound::{AutoClose, CallLimits, NewCall, SegChanges, SegLimits, SegPolicy, Who};
use serde_json::json;

use super::{
    gate::{ask_with, guarded},
    *,
};

const SEGS: &str = "/v1/calls/call_1/segs";
const SEG: &str = "/v1/calls/call_1/segs/seg_1";
const ATTACH: &str = "/v1/calls/call_1/legs/leg_1/attach-media";
const CONSENT: &str = "/v1/operations/op_1/consent";

pub(super) async fn patch(api: &Api, path: &str, body: &str) -> Answer {
    let request = with_json(HttpRequest::patch(path)).body(Body::from(body.to_owned()));
    Answer::of(api.send(request.unwrap()).await).await
}

#[tokio::test]
async fn a_call_is_made_with_its_limits_and_rules() {
    let mut api = Api::new(made_call());
    let body = r#"{"limits": {"maxSegs": 4, "maxLegs": 9}, "policy": {"mayCreate": "host"},
        "talking": true}"#;
    assert_eq!(api.post("/v1/calls", body).await.status, 201);
    let request = Request::CreateCall(NewCall {
        limits: CallLimits {
            segs: Some(4),
            legs: Some(9),
        },
        may_create: Who::Host,
        talking: true,
        ..NewCall::default()
    });
    assert_eq!(api.requests.recv().await, Some(request));
    let call = api.get("/v1/calls/call_1").await.json();
    assert_eq!(call["limits"], json!({"maxSegs": 3, "maxLegs": 10}));
    assert_eq!(call["policy"], json!({"mayCreate": "host"}));
}

#[tokio::test]
async fn a_seg_is_made_with_its_limits_and_rules() {
    let mut api = Api::new(Play::Hang);
    let body = r#"{"policy": {"autoClose": "one", "locked": true, "mayJoin": "nobody",
        "mayInvite": "host"}, "limits": {"maxLegs": 2, "seconds": 60}, "by": "leg_1"}"#;
    assert_eq!(api.post(SEGS, body).await.status, 202);
    let request = Request::CreateSeg {
        call: CallId::from_text("call_1"),
        name: None,
        policy: SegPolicy {
            auto_close: AutoClose::One,
            locked: true,
            may_join: Who::Nobody,
            may_invite: Who::Host,
            limits: SegLimits {
                legs: Some(2),
                seconds: Some(60),
            },
            ..SegPolicy::default()
        },
        by: Some(LegId::from_text("leg_1")),
    };
    assert_eq!(api.requests.recv().await, Some(request));
    let seg = api.get(SEG).await.json();
    let limits = json!({"maxLegs": 4, "seconds": null, "until": null});
    assert_eq!(seg["limits"], limits);
    assert_eq!(seg["policy"]["autoClose"], "never");
    assert_eq!(seg["policy"]["locked"], false);
    assert_eq!(seg["policy"]["mayInvite"], "any");
}

#[tokio::test]
async fn of_a_seg_changes_what_is_named_and_null_takes_away() {
    let changes = [
        ("{}", SegChanges::default()),
        (
            r#"{"name": "quiet", "policy": {"locked": true, "autoClose": "empty"}}"#,
            SegChanges {
                name: Some(Some("quiet".into())),
                locked: Some(true),
                auto_close: Some(AutoClose::Empty),
                ..SegChanges::default()
            },
        ),
        (
            r#"{"name": null, "limits": {"maxLegs": null, "seconds": 5}}"#,
            SegChanges {
                name: Some(None),
                legs_max: Some(None),
                seconds: Some(Some(5)),
                ..SegChanges::default()
            },
        ),
    ];
    for (body, changes) in changes {
        let mut api = Api::new(Play::End(Ok(Done::SegModified(Box::new(seg())))));
        let answer = patch(&api, SEG, body).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["id"], "seg_1");
        let request = Request::ModifySeg {
            call: CallId::from_text("call_1"),
            seg: SegId::from_text("seg_1"),
            changes,
        };
        assert_eq!(api.requests.recv().await, Some(request));
    }
    let unknown = Refusal::UnknownSeg(SegId::from_text("seg_9"));
    let api = Api::new(Play::Refuse(unknown));
    let answer = patch(&api, "/v1/calls/call_1/segs/seg_9", "{}").await;
    assert_eq!(answer.problem().1, "seg.unknown");
}

#[tokio::test]
async fn who_may_not_see_a_seg_may_not_change_it() {
    let mut api = guarded(Play::Hang);
    let request = HttpRequest::patch("/v1/calls/call_1/segs/seg_p");
    let answer = ask_with(&api, request, "secret-of-the-host", "{}").await;
    assert_eq!(answer.problem(), (404, "seg.unknown".into(), None));
    assert!(api.requests.try_recv().is_err());
}

#[tokio::test]
async fn a_seg_that_was_changed_and_is_gone_is_told_of_as_it_was_changed() {
    let changed = SegView {
        name: Some("quiet".into()),
        legs: Vec::new(),
        ..seg()
    };
    let api = Api::new(Play::Close(Done::SegModified(Box::new(changed))));
    let body = r#"{"name": "quiet", "policy": {"autoClose": "empty"}}"#;
    // The second time it is gone before it is asked, and the change was made under the same key.
    for _ in 0..2 {
        let answer = patch(&api, SEG, body).await;
        assert_eq!(answer.status, 200);
        let told = answer.json();
        assert_eq!([&told["id"], &told["name"]], ["seg_1", "quiet"]);
        assert_eq!(told["legs"], json!([]));
    }
    // Of an operation that has not kept it nothing can be told.
    let api = Api::new(Play::Close(Done::SegChanged));
    let answer = patch(&api, SEG, body).await;
    assert_eq!(answer.problem(), (404, "seg.unknown".into(), None));
}

#[tokio::test]
async fn numbers_and_words_that_no_rule_has_are_problems_of_their_field() {
    let api = Api::new(Play::Hang);
    for (body, field) in [
        (r#"{"limits": {"maxLegs": 0}}"#, "limits.maxLegs"),
        (r#"{"limits": {"seconds": 0}}"#, "limits.seconds"),
        (r#"{"limits": {"seconds": 31536001}}"#, "limits.seconds"),
        (r#"{"policy": {"autoClose": "two"}}"#, "policy.autoClose"),
        (
            r#"{"policy": {"mayJoin": {"any": null}}}"#,
            "policy.mayJoin",
        ),
    ] {
        for answer in [api.post(SEGS, body).await, patch(&api, SEG, body).await] {
            let expected = (422, "body.field".into(), Some(field.into()));
            assert_eq!(answer.problem(), expected, "{body}");
        }
    }
    let body = r#"{"limits": {"maxSegs": 0}}"#;
    let (status, _, field) = api.post("/v1/calls", body).await.problem();
    assert_eq!((status, field.as_deref()), (422, Some("limits.maxSegs")));
    let body = r#"{"seg": "seg_1", "consent": {"within": 0}}"#;
    let (status, _, field) = api.post(ATTACH, body).await.problem();
    assert_eq!((status, field.as_deref()), (422, Some("consent.within")));
}

#[tokio::test]
async fn a_move_says_on_whose_behalf_and_waits_for_consent() {
    let mut api = Api::new(Play::Hang);
    let body = r#"{"seg": "seg_2", "by": "leg_2", "consent": {"within": 30}}"#;
    assert_eq!(api.post(ATTACH, body).await.status, 202);
    let request = Request::AttachMedia {
        call: CallId::from_text("call_1"),
        leg: LegId::from_text("leg_1"),
        seg: SegId::from_text("seg_2"),
        strategy: None,
        by: Some(LegId::from_text("leg_2")),
        consent: Some(30),
    };
    assert_eq!(api.requests.recv().await, Some(request));
    let answer = api.post(CONSENT, r#"{"accept": false}"#).await;
    assert_eq!(answer.status, 202);
    let expected = json!({"type": "ConsentRes", "operation": "op_1", "accept": false});
    assert_eq!(answer.json(), expected);
    let request = Request::Consent {
        operation: OperationId::from_text("op_1"),
        accept: false,
    };
    assert_eq!(api.requests.recv().await, Some(request));
    assert_eq!(api.post(CONSENT, "{}").await.problem().0, 422);
}

#[tokio::test]
async fn who_may_not_is_told_so() {
    let right = mgc_core::northbound::Right::Invite;
    let by = LegId::from_text("leg_2");
    let api = Api::new(Play::Refuse(Refusal::MayNot { by, right }));
    let body = r#"{"seg": "seg_2", "by": "leg_2"}"#;
    let answer = api.post(ATTACH, body).await;
    let expected = (403, "seg.mayNotInvite".into(), Some("by".into()));
    assert_eq!(answer.problem(), expected);
}
