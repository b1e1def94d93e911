//! `/v1/gateways`: the gateways that registered.

use axum::{Json as Body, extract::State};
use mgc_core::northbound::{GatewayState, GatewayView};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Platform,
    problem::{Problem, Problems},
};
use crate::control::Order;

/// A gateway.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Gateway {
    /// Its MId.
    #[schema(example = "[127.0.0.1]:2946")]
    id: String,
    /// Where it is spoken to.
    #[schema(example = "127.0.0.1:2946")]
    address: String,
    /// Whether it answers.
    state: Condition,
    /// The H.248 version spoken with it.
    version: u8,
    /// How many Legs it carries.
    legs: usize,
    /// How many faults of media it has notified: g/cause and nt/netfail.
    media_faults: u64,
}

/// Whether a gateway answers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GatewayState)]
pub(crate) enum Condition {
    /// It registered and has not answered a command since.
    Unverified,
    /// It registered and answers commands.
    Registered,
    /// It did not answer a command in time.
    Suspect,
}

impl From<GatewayView> for Gateway {
    fn from(gateway: GatewayView) -> Self {
        Self {
            id: gateway.id.to_string(),
            address: gateway.address.to_string(),
            state: match gateway.state {
                GatewayState::Unverified => Condition::Unverified,
                GatewayState::Registered => Condition::Registered,
                GatewayState::Suspect => Condition::Suspect,
            },
            version: gateway.version,
            legs: gateway.legs,
            media_faults: gateway.media_faults,
        }
    }
}

/// Lists the gateways.
#[utoipa::path(
    get,
    path = "/v1/gateways",
    operation_id = "ListGateways",
    tag = "gateways",
    responses((status = 200, description = "The gateways.", body = Vec<Gateway>), Problems)
)]
pub(super) async fn list_gateways(
    State(platform): State<Platform>,
) -> Result<Body<Vec<Gateway>>, Problem> {
    let gateways = platform.control.ask(Order::Gateways).await?;
    Ok(Body(gateways.into_iter().map(Gateway::from).collect()))
}
