//! `/v1/calls/{call}/legs/{leg}/detach-media`: closes a Leg's media where it is.

use axum::{extract::State, response::Response};
use mgc_core::northbound::{CallId, LegId, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names},
    problem::{Problem, Problems},
    taken::taken,
};

/// Nothing is said: the path says all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DetachMediaReq {}

/// The DetachMediaReq was taken; a LegEventReport tells its end.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DetachMediaRes {
    /// `DetachMediaRes`.
    #[serde(rename = "type")]
    #[schema(example = "DetachMediaRes")]
    kind: &'static str,
    /// The operation.
    operation: String,
    /// Always true: what is not taken is answered with a problem.
    accepted: bool,
}

/// Closes a Leg's media where it is.
///
/// The Leg stays in its Seg and neither hears nor is heard, until an AttachMediaReq opens it again,
/// there or in another Seg. The end is told by a LegEventReport: `detached` or `detachFailed`.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/legs/{leg}/detach-media",
    operation_id = "DetachMediaReq",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    request_body = DetachMediaReq,
    responses(
        (status = 202, description = "Taken; a LegEventReport tells the end.",
            body = DetachMediaRes,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn detach_media(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
    Json(DetachMediaReq {}): Json<DetachMediaReq>,
) -> Result<Response, Problem> {
    let request = Request::DetachMedia {
        call: CallId::from_text(call),
        leg: LegId::from_text(leg),
    };
    let accepted = platform.control.request(request).await??;
    let body = DetachMediaRes {
        kind: "DetachMediaRes",
        operation: accepted.operation.to_string(),
        accepted: true,
    };
    Ok(taken(&accepted.operation, body))
}
