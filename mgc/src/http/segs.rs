//! `/v1/calls/{call}/segs`: the Segs of a Call.

use axum::{
    Json as Body,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mgc_core::northbound::{
    Accepted, CallId, Done, LegId, Members, Refusal, Request, SegId, SegPolicy, SegView,
};
use serde::{Deserialize, Serialize};
use tokio::time;
use utoipa::{IntoParams, ToSchema};

use super::{
    Platform,
    extract::{Json, Names, Parameters, Wait, bounded},
    page::{Page, Selection},
    policy::Confirm,
    problem::{Problem, Problems},
    rules::{AutoClose, NewSegLimits, Rules, SegLimits, Who},
    taken::taken,
};
use crate::{
    caller::Asking,
    control::{Order, Running},
};

/// A Seg's name may have so many characters.
pub(super) const NAME_MAX: usize = 128;

/// What a new Seg is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSeg {
    /// A name for people.
    #[schema(max_length = 128)]
    name: Option<String>,
    /// Its rules.
    #[serde(default)]
    policy: Policy,
    /// How much there may be in it.
    #[serde(default)]
    limits: NewSegLimits,
    /// The Leg on whose behalf it is asked; where absent, on nobody's, which is always allowed.
    by: Option<String>,
    /// The caller's key, as the header `Idempotency-Key` has it.
    #[schema(min_length = 1, max_length = 128, pattern = "^[!-~]+$")]
    #[serde(rename = "clientCorrelator")]
    #[expect(dead_code, reason = "the gate reads it, before the key is looked for")]
    client_correlator: Option<String>,
}

/// The rules of a Seg.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Policy {
    /// Whether only callers of scope `supervise` see that it is there, and who is in it.
    #[serde(default)]
    private: bool,
    /// What its CreateSegRes says; `reserved` where absent.
    #[serde(default)]
    confirm: Confirm,
    /// Whether its Legs hear the main Seg, which does not hear them. Only in a Call of separation
    /// `topology`.
    #[serde(default)]
    listen_main: bool,
    /// When it closes by itself; `never` where absent.
    #[serde(default)]
    auto_close: AutoClose,
    /// Whether nobody may enter. Legs may leave, and a Leg whose move fails is back in it.
    #[serde(default)]
    locked: bool,
    /// Who may enter; `any` where absent.
    #[serde(default)]
    may_join: Who,
    /// Who may bring others in; `any` where absent.
    #[serde(default)]
    may_invite: Who,
}

impl From<Policy> for SegPolicy {
    fn from(policy: Policy) -> Self {
        Self {
            private: policy.private,
            confirm: policy.confirm.into(),
            listen_main: policy.listen_main,
            auto_close: policy.auto_close.into(),
            locked: policy.locked,
            may_join: policy.may_join.into(),
            may_invite: policy.may_invite.into(),
            ..Self::default()
        }
    }
}

/// The CreateSegReq was taken; the event CreateSegRes tells its end.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreateSegReq {
    /// `CreateSegReq`.
    #[serde(rename = "type")]
    #[schema(example = "CreateSegReq")]
    kind: &'static str,
    /// The operation.
    operation: String,
    /// The Seg that is being made.
    seg: String,
}

/// The Seg stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreateSegRes {
    /// `CreateSegRes`.
    #[serde(rename = "type")]
    #[schema(example = "CreateSegRes")]
    kind: &'static str,
    /// The operation.
    operation: String,
    /// The Call.
    call: String,
    /// The Seg.
    seg: String,
}

/// A Seg.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Seg {
    /// Its id.
    id: String,
    /// Its Call.
    call: String,
    /// Its name for people.
    name: Option<String>,
    /// Whether it is its Call's main Seg.
    main: bool,
    /// Whether only callers with the scope `supervise` see it.
    private: bool,
    /// What it takes for it to stand.
    confirm: Confirm,
    /// Whether its Legs hear the main Seg.
    listen_main: bool,
    /// Whether a supervisor hears it, or is about to.
    supervised: bool,
    /// The operation that records it; null while it is not recorded.
    recording: Option<String>,
    /// Its rules.
    policy: Rules,
    /// How much there may be in it.
    limits: SegLimits,
    /// The Legs in it.
    legs: Vec<String>,
    /// Its Context at the gateway; null while there is none.
    context: Option<u32>,
    /// The Termination that keeps its Context open while it is empty.
    holder: Option<String>,
}

impl From<SegView> for Seg {
    fn from(seg: SegView) -> Self {
        Self {
            policy: (&seg.policy).into(),
            limits: (&seg).into(),
            id: seg.id.to_string(),
            call: seg.call.to_string(),
            name: seg.name,
            main: seg.main,
            private: seg.private,
            confirm: seg.confirm.into(),
            listen_main: seg.listen_main,
            supervised: seg.supervised,
            recording: seg.recording.as_ref().map(ToString::to_string),
            legs: seg.legs.iter().map(ToString::to_string).collect(),
            context: seg.context,
            holder: seg.holder,
        }
    }
}

/// Makes another Seg in a Call.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/segs",
    operation_id = "CreateSegReq",
    tag = "segs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("Prefer" = Option<String>, Header, description = "`wait=N`: rather wait up to N seconds \
            (60 at most) for the CreateSegRes."),
    ),
    request_body = NewSeg,
    responses(
        (status = 201, description = "The Seg stands; only where the client preferred to wait.",
            body = CreateSegRes,
            headers(("Preference-Applied" = String, description = "`wait=N`."))),
        (status = 202, description = "Taken; the event CreateSegRes tells the end.",
            body = CreateSegReq,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn create_seg(
    State(platform): State<Platform>,
    Names(call): Names<String>,
    wait: Option<Wait>,
    Json(NewSeg {
        name,
        policy,
        limits,
        by,
        ..
    }): Json<NewSeg>,
) -> Result<Response, Problem> {
    if let Some(name) = &name {
        bounded(name, NAME_MAX, "name")?;
    }
    let call = CallId::from_text(call);
    let request = Request::CreateSeg {
        call: call.clone(),
        name,
        policy: SegPolicy {
            limits: limits.read()?,
            ..policy.into()
        },
        by: by.map(LegId::from_text),
    };
    let Some(wait) = wait else {
        return begun(platform.control.request(request).await??);
    };
    let mut running = platform.control.start(request).await??;
    match time::timeout(wait.0, running.outcome()).await {
        Ok(outcome) => created(&call, &running, wait, outcome??),
        Err(_elapsed) => begun(running.accepted),
    }
}

fn begun(accepted: Accepted) -> Result<Response, Problem> {
    let Accepted { operation, seg } = accepted;
    let Some(seg) = seg else {
        return Err(Problem::internal("CreateSegReq was taken without a Seg"));
    };
    let body = CreateSegReq {
        kind: "CreateSegReq",
        operation: operation.to_string(),
        seg: seg.to_string(),
    };
    Ok(taken(&operation, body))
}

fn created(call: &CallId, running: &Running, wait: Wait, done: Done) -> Result<Response, Problem> {
    let Done::SegCreated { seg } = done else {
        return Err(Problem::internal("CreateSegReq ended as another request"));
    };
    let body = CreateSegRes {
        kind: "CreateSegRes",
        operation: running.accepted.operation.to_string(),
        call: call.to_string(),
        seg: seg.to_string(),
    };
    let headers = [("preference-applied", wait.applied())];
    Ok((StatusCode::CREATED, headers, Body(body)).into_response())
}

/// Lists the Segs of a Call.
#[utoipa::path(
    get,
    path = "/v1/calls/{call}/segs",
    operation_id = "ListSegs",
    tag = "segs",
    params(Selection, ("call" = String, Path, description = "The Call.")),
    responses(
        (status = 200, description = "The Segs.", body = Vec<Seg>,
            headers(("Link" = String, description = "The next page: `<URI>; rel=\"next\"`."))),
        Problems,
    )
)]
pub(super) async fn list_segs(
    State(platform): State<Platform>,
    Names(call): Names<String>,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let call = CallId::from_text(call);
    let segs = platform
        .control
        .ask(|answer| Order::Segs(call, answer))
        .await??;
    let seen = segs.into_iter().filter(seen);
    let segs = seen.map(Seg::from).collect();
    Ok(page.of(segs, |seg: &Seg| &seg.id))
}

/// Whether the caller may see a Seg.
pub(super) fn seen(seg: &SegView) -> bool {
    !seg.private || Asking::sees_private()
}

/// Reads a Seg.
#[utoipa::path(
    get,
    path = "/v1/calls/{call}/segs/{seg}",
    operation_id = "GetSeg",
    tag = "segs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("seg" = String, Path, description = "The Seg."),
    ),
    responses((status = 200, description = "The Seg.", body = Seg), Problems)
)]
pub(super) async fn get_seg(
    State(platform): State<Platform>,
    Names((call, seg)): Names<(String, String)>,
) -> Result<Body<Seg>, Problem> {
    let (call, seg) = (CallId::from_text(call), SegId::from_text(seg));
    Ok(Body(view_seg(&platform, call, seg).await?.into()))
}

/// A Seg that the caller may see.
pub(super) async fn view_seg(
    platform: &Platform,
    call: CallId,
    seg: SegId,
) -> Result<SegView, Problem> {
    let view = platform
        .control
        .ask(|answer| Order::Seg(call, seg, answer))
        .await??;
    if !seen(&view) {
        return Err(Refusal::UnknownSeg(view.id).into());
    }
    Ok(view)
}

/// What becomes of the Legs of a Seg that is to end.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Ending {
    /// What becomes of its Legs; `return` where absent.
    #[param(inline)]
    members: Option<MembersOfSeg>,
}

/// What becomes of the Legs.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum MembersOfSeg {
    /// A Seg with Legs does not end.
    Refuse,
    /// They return to the main Seg.
    Return,
    /// They leave the Call.
    Release,
}

impl From<MembersOfSeg> for Members {
    fn from(members: MembersOfSeg) -> Self {
        match members {
            MembersOfSeg::Refuse => Self::Refuse,
            MembersOfSeg::Return => Self::Return,
            MembersOfSeg::Release => Self::Release,
        }
    }
}

/// Ends a Seg, after its Legs have gone where `members` says.
#[utoipa::path(
    delete,
    path = "/v1/calls/{call}/segs/{seg}",
    operation_id = "DeleteSeg",
    tag = "segs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("seg" = String, Path, description = "The Seg; not the main one."),
        Ending,
    ),
    responses((status = 204, description = "The Seg is gone."), Problems)
)]
pub(super) async fn delete_seg(
    State(platform): State<Platform>,
    Names((call, seg)): Names<(String, String)>,
    Parameters(Ending { members }): Parameters<Ending>,
) -> Result<StatusCode, Problem> {
    let members = members.map_or_else(Members::default, Into::into);
    let call = CallId::from_text(call);
    let seg = SegId::from_text(seg);
    platform
        .delete(Request::DeleteSeg { call, seg, members })
        .await
}
