//! Split, merge, and the end of a Seg with its Legs, as HTTP.

use mgc_core::northbound::{LegResult, Members, MoveResult, Strategy};
use serde_json::json;

use super::*;
use crate::http::groups::MovedLeg;

const SPLIT: &str = "/v1/calls/call_1/segs/seg_1/split";
const MERGE: &str = "/v1/calls/call_1/segs/seg_2/merge";

#[tokio::test]
async fn a_split_names_the_seg_that_it_makes() {
    let mut api = Api::new(Play::Hang);
    let body = r#"{"legs": ["leg_1", "leg_2"], "name": "aside", "strategy": "move"}"#;
    let answer = api.post(SPLIT, body).await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.header("location"), "/v1/operations/op_1");
    let expected = json!({
        "type": "SplitSeg", "operation": "op_1", "seg": "seg_2", "accepted": true,
    });
    assert_eq!(answer.json(), expected);
    let request = Request::SplitSeg {
        call: CallId::from_text("call_1"),
        seg: SegId::from_text("seg_1"),
        legs: vec![LegId::from_text("leg_1"), LegId::from_text("leg_2")],
        name: Some("aside".into()),
        strategy: Some(Strategy::Move),
    };
    assert_eq!(api.requests.recv().await, Some(request));
}

#[tokio::test]
async fn a_split_without_legs_is_a_problem() {
    let api = Api::new(Play::Hang);
    for body in [r#"{"legs": []}"#, "{}"] {
        let answer = api.post(SPLIT, body).await;
        let (status, code, field) = answer.problem();
        assert_eq!(
            (status, &*code, field.as_deref()),
            (422, "body.field", Some("legs"))
        );
    }
}

#[tokio::test]
async fn a_merge_names_the_seg_where_the_legs_go() {
    let mut api = Api::new(Play::Hang);
    let answer = api.post(MERGE, r#"{"into": "seg_1"}"#).await;
    assert_eq!(answer.status, 202);
    let expected = json!({
        "type": "MergeSeg", "operation": "op_1", "seg": "seg_1", "accepted": true,
    });
    assert_eq!(answer.json(), expected);
    let request = Request::MergeSeg {
        call: CallId::from_text("call_1"),
        seg: SegId::from_text("seg_2"),
        into: SegId::from_text("seg_1"),
        strategy: None,
    };
    assert_eq!(api.requests.recv().await, Some(request));
}

#[test]
fn each_leg_is_told_of_with_its_cause() {
    let leg = |result, cause| LegResult {
        leg: LegId::from_text("leg_1"),
        result,
        cause,
    };
    let cases = [
        (leg(MoveResult::Moving, None), json!("moving"), None),
        (leg(MoveResult::Moved, None), json!("moved"), None),
        (leg(MoveResult::Left, None), json!("left"), None),
        (
            leg(MoveResult::Failed, Some(Refusal::GatewayTimeout)),
            json!("failed"),
            Some("gateway.timeout"),
        ),
    ];
    for (told, result, code) in cases {
        let json = serde_json::to_value(MovedLeg::from(&told)).unwrap();
        assert_eq!(json["leg"], "leg_1");
        assert_eq!(json["result"], result);
        assert_eq!(json["cause"]["code"].as_str(), code);
    }
}

#[tokio::test]
async fn what_becomes_of_the_legs_of_a_seg_can_be_said() {
    let ways = [
        ("", Members::Return),
        ("?members=return", Members::Return),
        ("?members=refuse", Members::Refuse),
        ("?members=release", Members::Release),
    ];
    for (query, members) in ways {
        let mut api = Api::new(Play::End(Ok(Done::Deleted)));
        let path = format!("/v1/calls/call_1/segs/seg_2{query}");
        assert_eq!(api.delete(&path).await.status, 204);
        let request = Request::DeleteSeg {
            call: CallId::from_text("call_1"),
            seg: SegId::from_text("seg_2"),
            members,
        };
        assert_eq!(api.requests.recv().await, Some(request));
    }
    let api = Api::new(Play::Hang);
    let answer = api.delete("/v1/calls/call_1/segs/seg_2?members=keep").await;
    let (status, code, _) = answer.problem();
    assert_eq!((status, &*code), (400, "query.invalid"));
    let occupied = Play::Refuse(Refusal::SegNotEmpty(SegId::from_text("seg_2")));
    let answer = Api::new(occupied)
        .delete("/v1/calls/call_1/segs/seg_2?members=refuse")
        .await;
    let (status, code, _) = answer.problem();
    assert_eq!((status, &*code), (409, "seg.notEmpty"));
}

#[tokio::test]
async fn the_end_of_a_seg_that_is_being_merged_is_the_end_of_the_merge() {
    let seg = SegId::from_text("seg_1");
    let api = Api::new(Play::End(Ok(Done::LegsMoved { seg })));
    let answer = api.delete("/v1/calls/call_1/segs/seg_2").await;
    assert_eq!(answer.status, 204);
}
