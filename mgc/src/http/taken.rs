//! The answer to a request that was taken and whose end comes later.

use axum::{
    Json as Body,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mgc_core::northbound::OperationId;
use serde::Serialize;

/// 202, and where the operation is read.
pub(super) fn taken(operation: &OperationId, body: impl Serialize) -> Response {
    let headers = [(header::LOCATION, format!("/v1/operations/{operation}"))];
    (StatusCode::ACCEPTED, headers, Body(body)).into_response()
}
