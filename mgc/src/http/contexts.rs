//! `/v1/contexts`: what the gateways hold, as they report it.

use axum::{
    Json as Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use mgc_core::northbound::{ContextView, Done, GatewayId, Request, TerminationView};
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
    /// The Seg whose Context it keeps open while that is empty, where it is no Leg's.
    holds: Option<String>,
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
            holds: termination.holds.map(|seg| seg.to_string()),
        }
    }
}

/// The header that names the gateways that did not tell.
const SILENT: HeaderName = HeaderName::from_static("x-silent-gateways");

/// So many of them are named: a client takes a head of a few KiB only.
const SILENT_MAX: usize = 32;

/// Audits the gateways: lists their Contexts and Terminations.
///
/// Suspect gateways are not asked, and one that does not tell within 3 s is left out.
#[utoipa::path(
    get,
    path = "/v1/contexts",
    operation_id = "ListContexts",
    tag = "gateways",
    responses(
        (
            status = 200,
            description = "The Contexts.",
            body = Vec<Context>,
            headers(
                (
                    "X-Silent-Gateways" = String,
                    description = "The MIds of gateways that were asked and did not tell, with \
                        commas between them; 32 at most. Absent where all told."
                )
            ),
        ),
        Problems
    )
)]
pub(super) async fn list_contexts(
    State(platform): State<Platform>,
) -> Result<(HeaderMap, Body<Vec<Context>>), Problem> {
    let done = platform.carry_out(Request::AuditContexts).await?;
    let Done::Contexts { contexts, silent } = done else {
        return Err(Problem::internal("the audit ended as another request"));
    };
    let contexts = contexts.into_iter().map(Context::from).collect();
    Ok((named(&silent), Body(contexts)))
}

fn named(silent: &[GatewayId]) -> HeaderMap {
    let names: Vec<&str> = silent
        .iter()
        .take(SILENT_MAX)
        .map(|id| id.0.as_str())
        .collect();
    // A name that a header cannot hold is no MId of the text encoding.
    let value = HeaderValue::from_str(&names.join(", "));
    let value = value.ok().filter(|value| !value.is_empty());
    value.into_iter().map(|value| (SILENT, value)).collect()
}
