//! Whether the program lives and is ready, and what it counted for Prometheus.

use axum::{Json as Body, extract::State, http::header, response::IntoResponse};
use mgc_core::northbound::GatewayState;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Platform,
    problem::{Problem, Problems},
};
use crate::control::Order;

/// The program answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `live`.
    #[schema(example = "live")]
    status: &'static str,
}

/// The program does its work.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Readiness {
    /// `ready`: sockets and store are open and worked until now; the program ends with either.
    #[schema(example = "ready")]
    status: &'static str,
    /// What Calls, operations and events are kept in: `file`, or `none`.
    #[schema(example = "file")]
    store: &'static str,
    /// How many gateways have registered and can be given Legs.
    gateways: usize,
    /// Whether there is one at least.
    gateway_registered: bool,
}

/// Says that the program lives.
#[utoipa::path(
    get,
    path = "/v1/health",
    operation_id = "GetHealth",
    tag = "health",
    responses((status = 200, description = "It lives.", body = Health), Problems)
)]
pub(super) async fn get_health() -> Body<Health> {
    Body(Health { status: "live" })
}

/// Says whether requests can be carried out.
///
/// The loop that owns sockets and store gives the answer: where it does not, the answer is 503.
#[utoipa::path(
    get,
    path = "/v1/ready",
    operation_id = "GetReadiness",
    tag = "health",
    responses((status = 200, description = "It is ready.", body = Readiness), Problems)
)]
pub(super) async fn get_readiness(
    State(platform): State<Platform>,
) -> Result<Body<Readiness>, Problem> {
    let now = platform.control.ask(Order::Measure).await?;
    let usable = |state| matches!(state, GatewayState::Registered | GatewayState::Unverified);
    let gateways = now.gateways.iter().filter(|gateway| usable(gateway.state));
    let gateways = gateways.count();
    Ok(Body(Readiness {
        status: "ready",
        store: now.store,
        gateways,
        gateway_registered: gateways > 0,
    }))
}

/// Reads what was counted and measured, as Prometheus does.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "GetMetrics",
    tag = "health",
    responses(
        (status = 200, description = "Prometheus's text format.", body = String,
            content_type = "text/plain"),
        Problems,
    )
)]
pub(super) async fn get_metrics(
    State(platform): State<Platform>,
) -> Result<impl IntoResponse, Problem> {
    let now = platform.control.ask(Order::Measure).await?;
    let kind = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    Ok((kind, platform.meter.text(&now)))
}
