//! What is played into a Seg, and announcements by name, as HTTP.

use mgc_core::northbound::{LegResult, MoveResult, Play as Wanted, Sound};
use serde_json::json;

use super::*;
use crate::http::groups::MovedLeg;

const PLAY: &str = "/v1/calls/call_1/segs/seg_1/play";
const LEG_PLAY: &str = "/v1/calls/call_1/legs/leg_1/play";

#[tokio::test]
async fn an_announcement_is_played_into_a_seg_by_its_name_or_number() {
    let named = Sound::Named {
        name: "welcome".into(),
        cycles: Some(3),
    };
    let numbered = Sound::Announcement {
        number: 21,
        cycles: None,
    };
    let bodies = [
        (
            r#"{"announcement": "welcome", "cycles": 3, "limitMs": 5000}"#,
            named,
            Some(5_000),
        ),
        (r#"{"announcement": 21}"#, numbered, None),
    ];
    for (body, sound, limit_ms) in bodies {
        let mut api = Api::new(Play::Hang);
        let answer = api.post(PLAY, body).await;
        assert_eq!(answer.status, 202);
        assert_eq!(answer.header("location"), "/v1/operations/op_1");
        let request = Request::PlaySeg {
            call: CallId::from_text("call_1"),
            seg: SegId::from_text("seg_1"),
            play: Wanted {
                sound,
                duration_ms: None,
                limit_ms,
            },
        };
        assert_eq!(api.requests.recv().await, Some(request));
    }
}

#[tokio::test]
async fn what_is_played_into_a_seg_is_stopped() {
    let mut api = Api::new(Play::End(Ok(Done::Deleted)));
    assert_eq!(api.delete(PLAY).await.status, 204);
    let request = Request::StopSegPlay {
        call: CallId::from_text("call_1"),
        seg: SegId::from_text("seg_1"),
    };
    assert_eq!(api.requests.recv().await, Some(request));
}

#[tokio::test]
async fn what_cannot_be_played_is_a_problem_with_its_own_code() {
    let busy = Refusal::SegBusy {
        seg: SegId::from_text("seg_1"),
        operation: OperationId::from_text("op_7"),
    };
    let unknown = Refusal::UnknownAnnouncement("bye".into());
    let too_long = Refusal::WaitTooLong { max_s: 60 };
    let refusals = [
        (busy, 409, "seg.busy", None),
        (
            Refusal::SegEmpty(SegId::from_text("seg_1")),
            409,
            "seg.empty",
            None,
        ),
        (unknown, 422, "announcement.unknown", Some("announcement")),
        (too_long, 422, "wait.tooLong", Some("limitMs")),
    ];
    for (refusal, status, code, field) in refusals {
        let api = Api::new(Play::Refuse(refusal));
        for path in [PLAY, LEG_PLAY] {
            let answer = api.post(path, r#"{"announcement": "bye"}"#).await;
            let told = answer.problem();
            assert_eq!((told.0, &*told.1, told.2.as_deref()), (status, code, field));
        }
    }
}

#[tokio::test]
async fn a_name_of_an_announcement_is_bounded() {
    let api = Api::new(Play::Hang);
    let body = json!({"announcement": "x".repeat(65)}).to_string();
    for path in [PLAY, LEG_PLAY] {
        let (status, _, field) = api.post(path, &body).await.problem();
        assert_eq!((status, field.as_deref()), (422, Some("announcement")));
    }
}

#[tokio::test]
async fn what_is_no_announcement_is_told_in_words_of_json() {
    let api = Api::new(Play::Hang);
    for wrong in ["-1", "1.5", "4294967296", "true", "[]", "{}"] {
        let body = format!(r#"{{"announcement": {wrong}}}"#);
        for path in [PLAY, LEG_PLAY] {
            let answer = api.post(path, &body).await;
            let (status, code, field) = answer.problem();
            assert_eq!((status, &*code), (422, "body.field"));
            assert_eq!(field.as_deref(), Some("announcement"));
            let detail = answer.json()["detail"].to_string();
            let told = "expected a whole number from 0 to 4294967295, or a name";
            assert!(detail.contains(told), "{detail}");
        }
    }
}

#[test]
fn what_came_of_each_leg_is_told_in_a_word() {
    let results = [
        (MoveResult::Playing, "playing"),
        (MoveResult::Played, "played"),
        (MoveResult::Stopping, "stopping"),
        (MoveResult::Stopped, "stopped"),
    ];
    for (result, word) in results {
        let of = LegResult {
            leg: LegId::from_text("leg_1"),
            result,
            cause: None,
        };
        let json = serde_json::to_value(MovedLeg::from(&of)).unwrap();
        assert_eq!(json, json!({"leg": "leg_1", "result": word, "cause": null}));
    }
}
