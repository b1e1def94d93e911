//! `/v1/operations/{operation}`: what is being done, and how it ended.

use axum::{Json as Body, extract::State};
use mgc_core::northbound::{Done, OperationId, OperationState, OperationView};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Platform,
    event_data::{Cause, digits_method, play_method},
    extract::Names,
    groups::MovedLeg,
    problem::{Problem, Problems},
    record::Recorded,
};
use crate::{caller::Asking, control::Order};

/// An operation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Operation {
    /// Its id.
    id: String,
    /// The request that it carries out, such as `AttachMediaReq`.
    #[serde(rename = "type")]
    #[schema(example = "AttachMediaReq")]
    kind: &'static str,
    /// How far it is.
    state: Progress,
    /// The Call it is about.
    call: Option<String>,
    /// The Seg it is about.
    seg: Option<String>,
    /// The Leg it is about.
    leg: Option<String>,
    /// Why it failed.
    cause: Option<Cause>,
    /// How what was played ended, or how digits fit their map.
    method: Option<&'static str>,
    /// The digits that were collected.
    digits: Option<String>,
    /// The recording that is complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    recording: Option<Recorded>,
    /// What came of each Leg, where it is about several: of a SplitSeg, MergeSeg or
    /// PlaySeg.
    legs: Vec<MovedLeg>,
    /// The name of the request that began it: its `X-Request-Id`.
    #[serde(rename = "requestId")]
    request_id: Option<String>,
}

/// How far an operation is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OperationState)]
pub(crate) enum Progress {
    /// Taken; nothing asked of a gateway yet.
    Accepted,
    /// The first media channel is being closed.
    Closing,
    /// The first media channel is closed.
    Closed,
    /// The second media channel is being connected.
    Connecting,
    /// The gateway has taken it, and will tell its end.
    Waiting,
    /// Done.
    Done,
    /// Failed, and nothing had to be undone.
    Failed,
    /// Failed, and what was done is undone.
    RolledBack,
    /// The gateway's state is not known.
    Unknown,
}

impl From<OperationState> for Progress {
    fn from(state: OperationState) -> Self {
        match state {
            OperationState::Accepted => Self::Accepted,
            OperationState::Closing => Self::Closing,
            OperationState::Closed => Self::Closed,
            OperationState::Connecting => Self::Connecting,
            OperationState::Waiting => Self::Waiting,
            OperationState::Done => Self::Done,
            OperationState::Failed => Self::Failed,
            OperationState::RolledBack => Self::RolledBack,
            OperationState::Unknown => Self::Unknown,
        }
    }
}

impl From<OperationView> for Operation {
    fn from(operation: OperationView) -> Self {
        let (mut method, mut digits, mut recording) = (None, None, None);
        if let Some(Done::Recorded(ended)) = &operation.done {
            recording = Some(Recorded::from(ended));
        }
        if let Some(Done::Played { method: how }) = &operation.done {
            method = Some(play_method(*how));
        }
        if let Some(Done::Collected(collected)) = operation.done {
            method = Some(digits_method(collected.method));
            digits = Some(collected.digits);
        }
        Self {
            id: operation.id.to_string(),
            kind: operation.kind.name(),
            state: operation.state.into(),
            call: operation.call.map(|call| call.to_string()),
            seg: operation.seg.map(|seg| seg.to_string()),
            leg: operation.leg.map(|leg| leg.to_string()),
            cause: operation.refusal.as_ref().map(Cause::from),
            method,
            digits,
            recording,
            legs: operation.legs.iter().map(MovedLeg::from).collect(),
            request_id: operation.request_id,
        }
    }
}

/// Reads an operation.
#[utoipa::path(
    get,
    path = "/v1/operations/{operation}",
    operation_id = "GetOperation",
    tag = "operations",
    params(("operation" = String, Path, description = "The operation.")),
    responses((status = 200, description = "The operation.", body = Operation), Problems)
)]
pub(super) async fn get_operation(
    State(platform): State<Platform>,
    Names(operation): Names<String>,
) -> Result<Body<Operation>, Problem> {
    let operation = OperationId::from_text(operation);
    let mut view = platform
        .control
        .ask(|answer| Order::Operation(operation, answer))
        .await??;
    if !Asking::sees_private() {
        veil(&platform, &mut view).await?;
    }
    Ok(Body(view.into()))
}

/// Takes out what tells of a private Seg: its name, and who are together in it.
async fn veil(platform: &Platform, view: &mut OperationView) -> Result<(), Problem> {
    let (Some(call), Some(seg)) = (view.call.clone(), view.seg.take()) else {
        return Ok(());
    };
    let found = platform
        .control
        .ask(|answer| Order::Seg(call, seg, answer))
        .await?;
    match found {
        Ok(seg) if seg.private => view.legs.clear(),
        Ok(seg) => view.seg = Some(seg.id),
        Err(_ended) => {}
    }
    Ok(())
}
