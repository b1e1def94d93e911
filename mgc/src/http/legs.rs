//! `/v1/calls/{call}/legs`: the Legs of a Call.

use axum::{
    Json as Body,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mgc_core::northbound::{CallId, Done, LegId, LegState, LegView, Request, SegId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names},
    page::{Page, Selection},
    policy::Role,
    problem::{Problem, Problems},
};
use crate::{
    caller::{Asking, Scope},
    control::Order,
};

/// The party that is to join.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLeg {
    /// The party's SDP offer.
    #[schema(example = "v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 40000 RTP/AVP 0\r\n")]
    sdp: String,
    /// The Seg to join; the main Seg where absent.
    seg: Option<String>,
    /// Whether it may do what the rules leave to hosts.
    #[serde(default)]
    host: bool,
    /// The caller's key, as the header `Idempotency-Key` has it.
    #[schema(min_length = 1, max_length = 128, pattern = "^[!-~]+$")]
    #[serde(rename = "clientCorrelator")]
    #[expect(dead_code, reason = "the gate reads it, before the key is looked for")]
    client_correlator: Option<String>,
    /// What it is to be there; `member` where absent.
    #[serde(default)]
    role: Role,
}

/// The Leg that was added.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedLeg {
    /// Its id.
    id: String,
    /// Where it is.
    seg: String,
    /// The SDP answer.
    sdp: String,
}

/// A Leg.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Leg {
    /// Its id.
    id: String,
    /// Its Call.
    call: String,
    /// Where it is; null where it is stranded, and where that is private and the caller may not
    /// see private Segs.
    seg: Option<String>,
    /// Whether it is in a private Seg.
    in_private: bool,
    /// What it is there.
    role: Role,
    /// What is going on with it.
    state: Condition,
    /// Whether its Seg does not hear it.
    muted: bool,
    /// Whether it does not hear its Seg.
    deaf: bool,
    /// Whether it is held: both at once.
    hold: bool,
    /// By how many dB it is louder to the others; null where nobody has said, or its gateway makes nobody
    /// louder.
    gain: Option<i8>,
    /// Whether LegEventReports `talking` tell when its party talks.
    talking: bool,
    /// Whether its gateway has reported that its media fails.
    media_lost: bool,
    /// Whether it may do what the rules leave to hosts.
    host: bool,
    /// The operation that waits for its party's consent.
    invitation: Option<String>,
    /// The operation that is being carried out on it.
    operation: Option<String>,
    /// Its gateway.
    gateway: String,
    /// Its Termination at the gateway, once it is known.
    termination: Option<String>,
}

/// What is going on with a Leg.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LegState)]
pub(crate) enum Condition {
    /// Its Termination is being made.
    Joining,
    /// It is in its Seg.
    Attached,
    /// It is in its Seg, and neither hears nor is heard.
    Detached,
    /// It is on its way to another Seg, or its media is being opened or closed.
    Moving,
    /// It is in no Seg.
    Stranded,
    /// Its Termination is being ended.
    Leaving,
}

impl From<LegState> for Condition {
    fn from(state: LegState) -> Self {
        match state {
            LegState::Joining => Self::Joining,
            LegState::Attached => Self::Attached,
            LegState::Detached => Self::Detached,
            LegState::Moving => Self::Moving,
            LegState::Stranded => Self::Stranded,
            LegState::Leaving => Self::Leaving,
        }
    }
}

impl From<LegView> for Leg {
    fn from(leg: LegView) -> Self {
        let veiled = leg.in_private && !Asking::sees_private();
        let seg = leg.seg.filter(|_| !veiled);
        Self {
            id: leg.id.to_string(),
            call: leg.call.to_string(),
            seg: seg.map(|seg| seg.to_string()),
            in_private: leg.in_private,
            role: leg.role.into(),
            state: leg.state.into(),
            muted: leg.settings.muted,
            deaf: leg.settings.deaf,
            hold: leg.settings.hold,
            gain: leg.settings.gain,
            talking: leg.settings.talking,
            media_lost: leg.media_lost,
            host: leg.host,
            invitation: leg.invitation.map(|operation| operation.to_string()),
            operation: leg.operation.map(|operation| operation.to_string()),
            gateway: leg.gateway.to_string(),
            termination: leg.termination,
        }
    }
}

/// Brings a party into a Call; answers when the gateway has confirmed it.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/legs",
    operation_id = "AddLeg",
    tag = "legs",
    params(("call" = String, Path, description = "The Call.")),
    request_body = NewLeg,
    responses(
        (status = 201, description = "The Leg is in its Seg and hears it.", body = AddedLeg),
        Problems,
    )
)]
pub(super) async fn add_leg(
    State(platform): State<Platform>,
    Names(call): Names<String>,
    Json(NewLeg {
        sdp,
        seg,
        role,
        host,
        ..
    }): Json<NewLeg>,
) -> Result<Response, Problem> {
    if role == Role::Supervisor && !Asking::sees_private() {
        return Err(Problem::scope(Scope::Supervise));
    }
    let request = Request::AddLeg {
        call: CallId::from_text(call),
        seg: seg.map(SegId::from_text),
        sdp,
        role: role.into(),
        host,
    };
    let Done::LegAdded { leg, seg, sdp } = platform.carry_out(request).await? else {
        return Err(Problem::internal("AddLeg ended as another request"));
    };
    let body = AddedLeg {
        id: leg.to_string(),
        seg: seg.to_string(),
        sdp,
    };
    Ok((StatusCode::CREATED, Body(body)).into_response())
}

/// Lists the Legs of a Call.
#[utoipa::path(
    get,
    path = "/v1/calls/{call}/legs",
    operation_id = "ListLegs",
    tag = "legs",
    params(Selection, ("call" = String, Path, description = "The Call.")),
    responses(
        (status = 200, description = "The Legs.", body = Vec<Leg>,
            headers(("Link" = String, description = "The next page: `<URI>; rel=\"next\"`."))),
        Problems,
    )
)]
pub(super) async fn list_legs(
    State(platform): State<Platform>,
    Names(call): Names<String>,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let call = CallId::from_text(call);
    let legs = platform
        .control
        .ask(|answer| Order::Legs(call, answer))
        .await??;
    let legs = legs.into_iter().map(Leg::from).collect();
    Ok(page.of(legs, |leg: &Leg| &leg.id))
}

/// Reads a Leg.
#[utoipa::path(
    get,
    path = "/v1/calls/{call}/legs/{leg}",
    operation_id = "GetLeg",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    responses((status = 200, description = "The Leg.", body = Leg), Problems)
)]
pub(super) async fn get_leg(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
) -> Result<Body<Leg>, Problem> {
    read_leg(&platform, CallId::from_text(call), LegId::from_text(leg)).await
}

/// The Leg as it is now.
pub(super) async fn read_leg(
    platform: &Platform,
    call: CallId,
    leg: LegId,
) -> Result<Body<Leg>, Problem> {
    let view = platform
        .control
        .ask(|answer| Order::Leg(call, leg, answer))
        .await??;
    Ok(Body(view.into()))
}

/// Takes a Leg out of its Call.
#[utoipa::path(
    delete,
    path = "/v1/calls/{call}/legs/{leg}",
    operation_id = "DeleteLeg",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    responses((status = 204, description = "The Leg is gone."), Problems)
)]
pub(super) async fn delete_leg(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
) -> Result<StatusCode, Problem> {
    let call = CallId::from_text(call);
    let leg = LegId::from_text(leg);
    platform.delete(Request::DeleteLeg { call, leg }).await
}
