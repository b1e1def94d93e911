//! `/v1/contexts`: what the gateways hold, as they report it.

use axum::{Json as Body, extract::State};
use mgc_core::northbound::{ContextView, Done, Request, TerminationView};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Platform,
    problem::{Problem, Problems},
};

/// A Context of a gateway.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Context {
    /// The gateway.
    gateway: String,
    /// The Context's number.
    context: u32,
    /// The Seg that it carries; null where the platform knows of none.
    seg: Option<String>,
    /// What is in it.
    terminations: Vec<Termination>,
}

/// A Termination in a Context.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Termination {
    /// Its name.
    #[schema(example = "rtp/1")]
    id: String,
    /// The Leg that it carries; null where the platform knows of none.
    leg: Option<String>,
}

impl From<ContextView> for Context {
    fn from(context: ContextView) -> Self {
        let terminations = context.terminations.into_iter();
        Self {
            gateway: context.gateway.to_string(),
            context: context.context,
            seg: context.seg.map(|seg| seg.to_string()),
            terminations: terminations.map(Termination::from).collect(),
        }
    }
}

impl From<TerminationView> for Termination {
    fn from(termination: TerminationView) -> Self {
        Self {
            id: termination.id,
            leg: termination.leg.map(|leg| leg.to_string()),
        }
    }
}

/// Audits the gateways: lists their Contexts and Terminations.
#[utoipa::path(
    get,
    path = "/v1/contexts",
    operation_id = "ListContexts",
    tag = "gateways",
    responses((status = 200, description = "The Contexts.", body = Vec<Context>), Problems)
)]
pub(super) async fn list_contexts(
    State(platform): State<Platform>,
) -> Result<Body<Vec<Context>>, Problem> {
    match platform.carry_out(Request::AuditContexts).await? {
        Done::Contexts(contexts) => Ok(Body(contexts.into_iter().map(Context::from).collect())),
        Done::CallCreated { .. }
        | Done::LegAdded { .. }
        | Done::SegCreated { .. }
        | Done::LegMoved { .. }
        | Done::Deleted => Err(Problem::internal("the audit ended as another request")),
    }
}
