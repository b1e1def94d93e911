//! `/v1/calls/{call}/legs/{leg}/attach-media`: moves a Leg into a Seg.

use axum::{extract::State, response::Response};
use mgc_core::northbound::{CallId, LegId, Request, SegId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names, between},
    problem::{Problem, Problems},
    taken::taken,
};

/// Where a Leg is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttachMediaReq {
    /// The Seg.
    seg: String,
    /// How the gateway is asked; where absent, the first that it can do, and `topology` in a Call of
    /// that separation.
    strategy: Option<Strategy>,
    /// The Leg on whose behalf it is asked, which may be the one that moves; where absent, on nobody's,
    /// which is always allowed.
    by: Option<String>,
    /// That the move waits until the Leg's party consents; where absent, it begins at once.
    consent: Option<ConsentWithin>,
}

/// How long a move waits for consent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentWithin {
    /// In seconds; without consent by then the operation fails.
    #[schema(minimum = 1, maximum = 86_400)]
    within: u32,
}

/// A day.
const CONSENT_MAX_S: u32 = 86_400;

/// How a Leg is moved from one Context to another.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(try_from = "String", rename_all = "kebab-case")]
pub(crate) enum Strategy {
    /// Closes the Leg's media to the first Context, then connects it to the second, each step
    /// confirmed.
    TwoStep,
    /// One Move.
    Move,
    /// Subtract, then Add on the same local port.
    SubtractAdd,
    /// Topology descriptors in the one Context of a Call of separation `topology`.
    Topology,
}

impl TryFrom<String> for Strategy {
    type Error = String;

    /// Takes the plain text only; serde alone would also take `{"move": null}`.
    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "two-step" => Ok(Self::TwoStep),
            "move" => Ok(Self::Move),
            "subtract-add" => Ok(Self::SubtractAdd),
            "topology" => Ok(Self::Topology),
            _ => Err("expected `two-step`, `move`, `subtract-add` or `topology`".to_owned()),
        }
    }
}

impl From<Strategy> for mgc_core::northbound::Strategy {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::TwoStep => Self::TwoStep,
            Strategy::Move => Self::Move,
            Strategy::SubtractAdd => Self::SubtractAdd,
            Strategy::Topology => Self::Topology,
        }
    }
}

/// The AttachMediaReq was taken; a LegEventReport tells its end.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttachMediaRes {
    /// `AttachMediaRes`.
    #[serde(rename = "type")]
    #[schema(example = "AttachMediaRes")]
    kind: &'static str,
    /// The operation.
    operation: String,
    /// Always true: what is not taken is answered with a problem.
    accepted: bool,
}

/// Moves a Leg into a Seg of its Call.
///
/// The answer is always 202 and never waits for the end, whatever the request prefers: a `Prefer`
/// header is ignored (RFC 7240 2). The end is told by a LegEventReport, and can be read at the
/// operation. With `consent` nothing is asked of the gateway before `Consent` tells that the Leg's
/// party wants to be there; until then the operation is `accepted`, and LegEventReport `invited` has
/// told of it.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/legs/{leg}/attach-media",
    operation_id = "AttachMediaReq",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    request_body = AttachMediaReq,
    responses(
        (status = 202, description = "Taken; a LegEventReport tells the end.",
            body = AttachMediaRes,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn attach_media(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
    Json(AttachMediaReq {
        seg,
        strategy,
        by,
        consent,
    }): Json<AttachMediaReq>,
) -> Result<Response, Problem> {
    let within = consent.map(|consent| consent.within);
    between(within, 1..=CONSENT_MAX_S, "consent.within")?;
    let request = Request::AttachMedia {
        call: CallId::from_text(call),
        leg: LegId::from_text(leg),
        seg: SegId::from_text(seg),
        strategy: strategy.map(Into::into),
        by: by.map(LegId::from_text),
        consent: within,
    };
    let accepted = platform.control.request(request).await??;
    let body = AttachMediaRes {
        kind: "AttachMediaRes",
        operation: accepted.operation.to_string(),
        accepted: true,
    };
    Ok(taken(&accepted.operation, body))
}
