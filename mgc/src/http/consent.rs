//! `/v1/operations/{operation}/consent`: what a Leg's party says to where it is asked to be.

use axum::{extract::State, response::Response};
use mgc_core::northbound::{OperationId, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names},
    problem::{Problem, Problems},
    taken::taken,
};

/// What the party says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consent {
    /// Whether it wants to be there.
    accept: bool,
}

/// It was taken; the move begins, or has failed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentRes {
    /// `ConsentRes`.
    #[serde(rename = "type")]
    #[schema(example = "ConsentRes")]
    kind: &'static str,
    /// The operation that waited.
    operation: String,
    /// What the party said.
    accept: bool,
}

/// Tells what a Leg's party says to an AttachMediaReq that waits for its consent.
///
/// An accepted move begins as if it were asked for now: where it is refused (`leg.busy`, `seg.full`,
/// `seg.locked`), the operation goes on waiting, and the consent may be told again in time. A
/// declined one ends with LegEventReport `moveFailed` and cause `consent.declined`; one of which
/// nothing is said in time with `consent.none`.
#[utoipa::path(
    post,
    path = "/v1/operations/{operation}/consent",
    operation_id = "Consent",
    tag = "operations",
    params(("operation" = String, Path, description = "The operation that waits.")),
    request_body = Consent,
    responses(
        (status = 202, description = "Taken; a LegEventReport tells the end.", body = ConsentRes,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn consent(
    State(platform): State<Platform>,
    Names(operation): Names<String>,
    Json(Consent { accept }): Json<Consent>,
) -> Result<Response, Problem> {
    let request = Request::Consent {
        operation: OperationId::from_text(operation),
        accept,
    };
    let accepted = platform.control.request(request).await??;
    let body = ConsentRes {
        kind: "ConsentRes",
        operation: accepted.operation.to_string(),
        accept,
    };
    Ok(taken(&accepted.operation, body))
}
