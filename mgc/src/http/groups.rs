//! `/v1/calls/{call}/segs/{seg}/split` and `/merge`: one operation that moves several Legs.

use axum::{extract::State, http::StatusCode, response::Response};
use mgc_core::northbound::{CallId, LegId, LegResult, MoveResult, OperationId, Request, SegId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Platform,
    attach_media::Strategy,
    event_data::Cause,
    extract::{Json, Names, bounded},
    problem::{Problem, Problems},
    segs::NAME_MAX,
    taken::taken,
};

/// Which Legs go into a Seg of their own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SplitSeg {
    /// The Legs; each is at rest in the Seg that is split.
    legs: Vec<String>,
    /// A name for people, for the new Seg.
    #[schema(max_length = 128)]
    name: Option<String>,
    /// How the gateway is asked; `two-step` where absent, `topology` in a Call of that separation.
    strategy: Option<Strategy>,
    /// The caller's key, as the header `Idempotency-Key` has it.
    #[schema(min_length = 1, max_length = 128, pattern = "^[!-~]+$")]
    #[serde(rename = "clientCorrelator")]
    #[expect(dead_code, reason = "the gate reads it, before the key is looked for")]
    client_correlator: Option<String>,
}

/// Where the Legs of a Seg go before it ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeSeg {
    /// The other Seg.
    into: String,
    /// How the gateway is asked; `two-step` where absent, `topology` in a Call of that separation.
    strategy: Option<Strategy>,
}

/// The request was taken. A LegEventReport tells of each Leg, and the operation of all of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MoveLegsRes {
    /// `SplitSeg` or `MergeSeg`.
    #[serde(rename = "type")]
    #[schema(example = "SplitSeg")]
    kind: &'static str,
    /// The operation.
    operation: String,
    /// Where the Legs go: the Seg that SplitSeg makes, or that MergeSeg named.
    seg: String,
    /// Always true: what is not taken is answered with a problem.
    accepted: bool,
}

/// What came of one Leg of several.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MovedLeg {
    /// The Leg.
    leg: String,
    /// What came of it.
    result: LegOutcome,
    /// Why it failed.
    cause: Option<Cause>,
}

/// What came of what was asked about a Leg.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LegOutcome {
    /// It is not known yet.
    Moving,
    /// The Leg is where it was to be.
    Moved,
    /// It is played to the Leg, or about to be.
    Playing,
    /// It was played to the Leg, to its end.
    Played,
    /// What is played to the Leg is being stopped.
    Stopping,
    /// Nothing is played to the Leg any more.
    Stopped,
    /// It was not done.
    Failed,
    /// It left its Call meanwhile.
    Left,
}

impl From<&LegResult> for MovedLeg {
    fn from(of: &LegResult) -> Self {
        Self {
            leg: of.leg.to_string(),
            result: match of.result {
                MoveResult::Moving => LegOutcome::Moving,
                MoveResult::Moved => LegOutcome::Moved,
                MoveResult::Playing => LegOutcome::Playing,
                MoveResult::Played => LegOutcome::Played,
                MoveResult::Stopping => LegOutcome::Stopping,
                MoveResult::Stopped => LegOutcome::Stopped,
                MoveResult::Failed => LegOutcome::Failed,
                MoveResult::Left => LegOutcome::Left,
            },
            cause: of.cause.as_ref().map(Cause::from),
        }
    }
}

/// Makes another Seg and moves Legs of one Seg there.
///
/// The event CreateSegRes tells of the new Seg, a LegEventReport of each Leg, and the operation's
/// `legs` of all. Where no Leg could be moved, the new Seg ends again.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/segs/{seg}/split",
    operation_id = "SplitSeg",
    tag = "segs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("seg" = String, Path, description = "The Seg where the Legs are."),
    ),
    request_body = SplitSeg,
    responses(
        (status = 202, description = "Taken; a LegEventReport tells of each Leg.",
            body = MoveLegsRes,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn split_seg(
    State(platform): State<Platform>,
    Names((call, seg)): Names<(String, String)>,
    Json(SplitSeg {
        legs,
        name,
        strategy,
        ..
    }): Json<SplitSeg>,
) -> Result<Response, Problem> {
    if let Some(name) = &name {
        bounded(name, NAME_MAX, "name")?;
    }
    if legs.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let detail = "`legs` must name a Leg at least";
        return Err(Problem::new(status, "body.field", detail).field("legs"));
    }
    let request = Request::SplitSeg {
        call: CallId::from_text(call),
        seg: SegId::from_text(seg),
        legs: legs.into_iter().map(LegId::from_text).collect(),
        name,
        strategy: strategy.map(Into::into),
    };
    let accepted = platform.control.request(request).await??;
    let Some(made) = accepted.seg else {
        return Err(Problem::internal("SplitSeg was taken without a Seg"));
    };
    Ok(moving("SplitSeg", &accepted.operation, &made))
}

/// Moves all Legs of a Seg into another, then ends it.
///
/// A LegEventReport tells of each Leg, and the operation's `legs` of all. Where a Leg could not be
/// moved, the Seg stays with it.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/segs/{seg}/merge",
    operation_id = "MergeSeg",
    tag = "segs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("seg" = String, Path, description = "The Seg that ends; not the main one."),
    ),
    request_body = MergeSeg,
    responses(
        (status = 202, description = "Taken; a LegEventReport tells of each Leg.",
            body = MoveLegsRes,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn merge_seg(
    State(platform): State<Platform>,
    Names((call, seg)): Names<(String, String)>,
    Json(MergeSeg { into, strategy }): Json<MergeSeg>,
) -> Result<Response, Problem> {
    let into = SegId::from_text(into);
    let request = Request::MergeSeg {
        call: CallId::from_text(call),
        seg: SegId::from_text(seg),
        into: into.clone(),
        strategy: strategy.map(Into::into),
    };
    let accepted = platform.control.request(request).await??;
    Ok(moving("MergeSeg", &accepted.operation, &into))
}

fn moving(kind: &'static str, operation: &OperationId, seg: &SegId) -> Response {
    let body = MoveLegsRes {
        kind,
        operation: operation.to_string(),
        seg: seg.to_string(),
        accepted: true,
    };
    taken(operation, body)
}
