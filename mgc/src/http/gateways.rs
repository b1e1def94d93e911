//! `/v1/gateways`: the gateways that registered.

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use mgc_core::northbound::{Done, GatewayId, GatewayState, GatewayView, Request, Strategy};
use serde::{Deserialize, Serialize};
use transport_h248_tokio::mid::Mid;
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names},
    page::{Page, Selection},
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
    /// How Legs can be moved there, in order of preference: what its profile says without what its
    /// refusals have taught.
    #[schema(example = json!(["two-step", "move", "subtract-add"]))]
    strategies: Vec<&'static str>,
    /// What its refusals and answers have taught; forgotten when it restarts.
    learnt: Learnt,
    /// Whether it takes no new Calls.
    drained: bool,
}

/// What a gateway's refusals and answers have taught.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Learnt {
    /// It refused a Move as a command that it does not know (443, 501).
    no_move: bool,
    /// Whether it has package `zconfmix`: gain, and who talks; null until one of them is asked for.
    mixes: Option<bool>,
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
    /// It has said that it leaves; its Legs go on, and it gets no new ones.
    Leaving,
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
                GatewayState::Leaving => Condition::Leaving,
            },
            version: gateway.version,
            legs: gateway.legs,
            media_faults: gateway.media_faults,
            strategies: gateway.strategies.into_iter().map(Strategy::name).collect(),
            learnt: Learnt {
                no_move: gateway.learnt.no_move,
                mixes: gateway.learnt.mixes,
            },
            drained: gateway.drained,
        }
    }
}

/// Lists the gateways.
#[utoipa::path(
    get,
    path = "/v1/gateways",
    operation_id = "ListGateways",
    tag = "gateways",
    params(Selection),
    responses(
        (status = 200, description = "The gateways.", body = Vec<Gateway>,
            headers(("Link" = String, description = "The next page: `<URI>; rel=\"next\"`."))),
        Problems,
    )
)]
pub(super) async fn list_gateways(
    State(platform): State<Platform>,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let gateways = platform.control.ask(Order::Gateways).await?;
    let gateways = gateways.into_iter().map(Gateway::from).collect();
    Ok(page.of(gateways, |gateway: &Gateway| &gateway.id))
}

/// Where a gateway is to go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HandOff {
    /// The MId of the controller.
    #[schema(value_type = String, example = "[127.0.0.1]:2954")]
    mgc: Mid,
}

/// Hands a gateway over to another controller, with the Contexts that it holds.
///
/// The gateway registers there (H.248.1 11.5), and its Legs leave their Calls. Of its Contexts our own
/// controllers end those that they do not know of. That it has agreed to go does not mean that it is
/// taken there: where it is not, it comes back.
#[utoipa::path(
    post,
    path = "/v1/gateways/{gateway}/handoff",
    operation_id = "HandOff",
    tag = "gateways",
    params(("gateway" = String, Path, description = "The gateway's MId.")),
    request_body = HandOff,
    responses((status = 204, description = "The gateway goes there."), Problems)
)]
pub(super) async fn hand_off(
    State(platform): State<Platform>,
    Names(gateway): Names<String>,
    Json(HandOff { mgc: Mid(mgc) }): Json<HandOff>,
) -> Result<StatusCode, Problem> {
    let gateway = GatewayId(gateway);
    let done = platform
        .carry_out(Request::HandOff { gateway, mgc })
        .await?;
    let Done::HandedOff = done else {
        return Err(Problem::internal("the hand-off ended as another request"));
    };
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a gateway is to take no new Calls.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Drain {
    /// True: it takes none; false: it takes them again.
    drain: bool,
}

/// Has a gateway take no new Calls, or take them again.
///
/// The Calls that it has go on, and new Legs of theirs go there too. It holds until it is undone or the
/// gateway leaves; a restart of the gateway or of the controller does not undo it.
#[utoipa::path(
    post,
    path = "/v1/gateways/{gateway}/drain",
    operation_id = "Drain",
    tag = "gateways",
    params(("gateway" = String, Path, description = "The gateway's MId.")),
    request_body = Drain,
    responses((status = 204, description = "So it is."), Problems)
)]
pub(super) async fn drain(
    State(platform): State<Platform>,
    Names(gateway): Names<String>,
    Json(Drain { drain }): Json<Drain>,
) -> Result<StatusCode, Problem> {
    let gateway = GatewayId(gateway);
    platform
        .carry_out(Request::Drain { gateway, drain })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
