//! What is recorded of a Seg, as HTTP.

use mgc_core::northbound::{Cause, Event, EventKind, Recording};
use serde_json::json;

use super::*;
use crate::http::EventData;

const RECORD: &str = "/v1/calls/call_1/segs/seg_1/record";

#[tokio::test]
async fn a_seg_is_recorded_under_a_name_and_for_a_time() {
    let bodies = [
        (
            r#"{"name": "meeting.opus", "limitMs": 60000}"#,
            Some(60_000),
        ),
        (r#"{"name": "meeting.opus"}"#, None),
    ];
    for (body, limit_ms) in bodies {
        let mut api = Api::new(Play::Hang);
        let answer = api.post(RECORD, body).await;
        assert_eq!(answer.status, 202);
        assert_eq!(answer.header("location"), "/v1/operations/op_1");
        let request = Request::RecordSeg {
            call: CallId::from_text("call_1"),
            seg: SegId::from_text("seg_1"),
            name: "meeting.opus".into(),
            limit_ms,
        };
        assert_eq!(api.requests.recv().await, Some(request));
    }
}

#[tokio::test]
async fn what_is_recorded_of_a_seg_is_stopped() {
    let mut api = Api::new(Play::End(Ok(Done::Deleted)));
    assert_eq!(api.delete(RECORD).await.status, 204);
    let request = Request::StopSegRecord {
        call: CallId::from_text("call_1"),
        seg: SegId::from_text("seg_1"),
    };
    assert_eq!(api.requests.recv().await, Some(request));
}

#[tokio::test]
async fn what_no_recording_may_be_is_told_by_its_field() {
    let long = json!({"name": "x".repeat(101)}).to_string();
    let wrong = [
        (long.as_str(), "name"),
        (r#"{"name": "x\"},cg/dt{"}"#, "name"),
        (r#"{"name": "x\ny"}"#, "name"),
        (r#"{"name": "x\u0000"}"#, "name"),
        (r#"{"name": "x", "limitMs": 99}"#, "limitMs"),
        (r#"{"name": "x", "limitMs": 86400001}"#, "limitMs"),
        (r#"{"name": "x", "voices": "own"}"#, "voices"),
    ];
    let api = Api::new(Play::Hang);
    for (body, field) in wrong {
        let (status, _, told) = api.post(RECORD, body).await.problem();
        assert_eq!((status, told.as_deref()), (422, Some(field)), "{body}");
    }
}

#[tokio::test]
async fn a_seg_that_is_recorded_is_busy() {
    let busy = Refusal::SegBusy {
        seg: SegId::from_text("seg_1"),
        operation: OperationId::from_text("op_7"),
    };
    let api = Api::new(Play::Refuse(busy));
    let (status, code, _) = api.post(RECORD, r#"{"name": "x"}"#).await.problem();
    assert_eq!((status, &*code), (409, "seg.busy"));
}

#[test]
fn the_end_of_a_recording_has_its_file_or_a_cause() {
    let told = |kind, cause| {
        let event = Event {
            kind,
            call: Some(CallId::from_text("call_1")),
            seg: Some(SegId::from_text("seg_1")),
            leg: None,
            operation: Some(OperationId::from_text("op_1")),
            cause,
        };
        let data = EventData::new(&event, ("evt_1".into(), 1), None, "");
        let json = serde_json::to_value(data).unwrap();
        [&json["type"], &json["recording"], &json["cause"]["code"]].map(Clone::clone)
    };
    let whole = EventKind::RecordingEnded(Some(Recording {
        file: "room.wav".into(),
        duration_ms: 2_500,
    }));
    let file = json!({"file": "room.wav", "durationMs": 2_500});
    let ended = json!("RecordingEnded");
    assert_eq!(told(whole, None), [ended.clone(), file, json!(null)]);
    let late = Some(Cause::Failed(Refusal::WaitTimeout));
    let lost = told(EventKind::RecordingEnded(None), late);
    assert_eq!(lost, [ended, json!(null), json!("wait.timeout")]);
    let began = told(EventKind::RecordingBegan, None);
    assert_eq!(began, [json!("RecordingBegan"), json!(null), json!(null)]);
}
