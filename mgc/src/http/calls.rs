//! `/v1/calls`: the Calls.

use axum::{
    Json as Body,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mgc_core::northbound::{
    self, CallId, CallView, Done, OnGatewayLoss, Request, Separation as Core,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names},
    page::{Page, Selection},
    policy::Confirm,
    problem::{Problem, Problems},
    rules::{CallLimits, CallPolicy, NewCallLimits, NewCallPolicy},
};
use crate::{caller::Asking, control::Order};

/// What a new Call is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCall {
    /// How its Segs are kept apart; `contexts` where absent.
    separation: Option<Separation>,
    /// What becomes of its Legs when their gateway restarts, leaves or stays silent; `release` where
    /// absent.
    #[serde(default, rename = "onGatewayLoss")]
    on_gateway_loss: GatewayLoss,
    /// How much there may be in it.
    #[serde(default)]
    limits: NewCallLimits,
    /// Its rules.
    #[serde(default)]
    policy: NewCallPolicy,
    /// Whether LegEventReports `talking` tell when its members talk: those who join from then on, and whose
    /// gateway has the package for it, `zconfmix`.
    #[serde(default)]
    talking: bool,
    /// The caller's key, as the header `Idempotency-Key` has it.
    #[schema(min_length = 1, max_length = 128, pattern = "^[!-~]+$")]
    #[serde(rename = "clientCorrelator")]
    #[expect(dead_code, reason = "the gate reads it, before the key is looked for")]
    client_correlator: Option<String>,
    /// What it takes for the Call with its main Seg to stand; `reserved` where absent.
    #[serde(default)]
    confirm: Confirm,
}

/// What becomes of the Legs of a Call when their gateway is lost.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String", rename_all = "camelCase")]
#[schema(as = OnGatewayLoss)]
pub(crate) enum GatewayLoss {
    /// They leave the Call.
    #[default]
    Release,
    /// They are made anew at another gateway, or at the same after its restart: `mediaLost` tells of
    /// the loss, `mediaBack` of the SDP answer to send by. Where there is none, they leave.
    Recreate,
}

impl TryFrom<String> for GatewayLoss {
    type Error = &'static str;

    /// Takes the plain text only; serde alone would also take `{"recreate": null}`.
    fn try_from(text: String) -> Result<Self, &'static str> {
        match text.as_str() {
            "release" => Ok(Self::Release),
            "recreate" => Ok(Self::Recreate),
            _ => Err("expected `release` or `recreate`"),
        }
    }
}

impl From<GatewayLoss> for OnGatewayLoss {
    fn from(policy: GatewayLoss) -> Self {
        match policy {
            GatewayLoss::Release => Self::Release,
            GatewayLoss::Recreate => Self::Recreate,
        }
    }
}

impl From<OnGatewayLoss> for GatewayLoss {
    fn from(policy: OnGatewayLoss) -> Self {
        match policy {
            OnGatewayLoss::Release => Self::Release,
            OnGatewayLoss::Recreate => Self::Recreate,
        }
    }
}

/// How the Segs of a Call are kept apart.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String", rename_all = "lowercase")]
pub(crate) enum Separation {
    /// Each Seg has a Context of its own.
    Contexts,
    /// All Segs share one Context, and Topology descriptors say who hears whom.
    Topology,
}

impl TryFrom<String> for Separation {
    type Error = String;

    /// Takes the plain text only; serde alone would also take `{"topology": null}`.
    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "contexts" => Ok(Self::Contexts),
            "topology" => Ok(Self::Topology),
            _ => Err("expected `contexts` or `topology`".to_owned()),
        }
    }
}

impl From<Separation> for Core {
    fn from(separation: Separation) -> Self {
        match separation {
            Separation::Contexts => Self::Contexts,
            Separation::Topology => Self::Topology,
        }
    }
}

impl From<Core> for Separation {
    fn from(separation: Core) -> Self {
        match separation {
            Core::Contexts => Self::Contexts,
            Core::Topology => Self::Topology,
        }
    }
}

/// The Call that was made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreatedCall {
    /// Its id.
    #[schema(example = "call_4xg0r8t2m5h1c")]
    id: String,
    /// The Seg that Legs join by default.
    #[schema(example = "seg_9k2b7n4q8w3ja")]
    main_seg: String,
}

/// A Call.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    /// Its id.
    id: String,
    /// The Seg that Legs join by default.
    main_seg: String,
    /// How its Segs are kept apart.
    separation: Separation,
    /// Its Segs that the caller may see, in the order of their making.
    segs: Vec<String>,
    /// Its Legs, in the order of their joining.
    legs: Vec<String>,
    /// What becomes of its Legs when their gateway is lost.
    on_gateway_loss: GatewayLoss,
    /// How much there may be in it.
    limits: CallLimits,
    /// Its rules.
    policy: CallPolicy,
    /// Whether it is told when its members talk, where their gateway can tell.
    talking: bool,
}

impl From<CallView> for Call {
    fn from(call: CallView) -> Self {
        let sees = Asking::sees_private();
        let segs = call.segs.iter();
        let segs = segs.filter(|seg| sees || !call.private_segs.contains(seg));
        Self {
            limits: (&call).into(),
            policy: (&call).into(),
            id: call.id.to_string(),
            main_seg: call.main_seg.to_string(),
            separation: call.separation.into(),
            segs: segs.map(ToString::to_string).collect(),
            legs: call.legs.iter().map(ToString::to_string).collect(),
            on_gateway_loss: call.on_gateway_loss.into(),
            talking: call.talking,
        }
    }
}

/// Makes a Call with its main Seg.
#[utoipa::path(
    post,
    path = "/v1/calls",
    operation_id = "CreateCall",
    tag = "calls",
    request_body = NewCall,
    responses(
        (status = 201, description = "The Call stands.", body = CreatedCall,
            headers(("Location" = String, description = "Where the Call is read."))),
        Problems,
    )
)]
pub(super) async fn create_call(
    State(platform): State<Platform>,
    Json(NewCall {
        separation,
        on_gateway_loss,
        confirm,
        limits,
        policy,
        talking,
        ..
    }): Json<NewCall>,
) -> Result<Response, Problem> {
    let new = northbound::NewCall {
        separation: separation.map(Into::into).unwrap_or_default(),
        on_gateway_loss: on_gateway_loss.into(),
        confirm: confirm.into(),
        limits: limits.read()?,
        may_create: policy.may_create(),
        talking,
    };
    let done = platform.carry_out(Request::CreateCall(new)).await?;
    let Done::CallCreated { call, main_seg } = done else {
        return Err(Problem::internal("CreateCall ended as another request"));
    };
    let location = format!("/v1/calls/{call}");
    let body = CreatedCall {
        id: call.to_string(),
        main_seg: main_seg.to_string(),
    };
    let headers = [(header::LOCATION, location)];
    Ok((StatusCode::CREATED, headers, Body(body)).into_response())
}

/// Lists the Calls.
#[utoipa::path(
    get,
    path = "/v1/calls",
    operation_id = "ListCalls",
    tag = "calls",
    params(Selection),
    responses(
        (status = 200, description = "The Calls.", body = Vec<Call>,
            headers(("Link" = String, description = "The next page: `<URI>; rel=\"next\"`."))),
        Problems,
    )
)]
pub(super) async fn list_calls(
    State(platform): State<Platform>,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let calls = platform.control.ask(Order::Calls).await?;
    let calls = calls.into_iter().map(Call::from).collect();
    Ok(page.of(calls, |call: &Call| &call.id))
}

/// Reads a Call.
#[utoipa::path(
    get,
    path = "/v1/calls/{call}",
    operation_id = "GetCall",
    tag = "calls",
    params(("call" = String, Path, description = "The Call.")),
    responses((status = 200, description = "The Call.", body = Call), Problems)
)]
pub(super) async fn get_call(
    State(platform): State<Platform>,
    Names(call): Names<String>,
) -> Result<Body<Call>, Problem> {
    let call = CallId::from_text(call);
    let view = platform
        .control
        .ask(|answer| Order::Call(call, answer))
        .await??;
    Ok(Body(view.into()))
}

/// Ends a Call with all its Legs and Segs.
#[utoipa::path(
    delete,
    path = "/v1/calls/{call}",
    operation_id = "DeleteCall",
    tag = "calls",
    params(("call" = String, Path, description = "The Call.")),
    responses((status = 204, description = "The Call is gone."), Problems)
)]
pub(super) async fn delete_call(
    State(platform): State<Platform>,
    Names(call): Names<String>,
) -> Result<StatusCode, Problem> {
    let call = CallId::from_text(call);
    platform.delete(Request::DeleteCall { call }).await
}
