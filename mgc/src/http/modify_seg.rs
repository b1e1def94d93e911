//! `PATCH /v1/calls/{call}/segs/{seg}`: other rules for a Seg.

use axum::{Json as Body, extract::State};
use mgc_core::northbound::{CallId, Done, Refusal, Request, SegChanges as Core, SegId};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names, bounded},
    problem::{Problem, Problems},
    rules::{AutoClose, Who, checked_legs, checked_seconds},
    segs::{NAME_MAX, Seg, seen},
};
use crate::control::Order;

/// What changes; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SegChanges {
    /// Its name for people; null: none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 128)]
    name: Option<Option<String>>,
    /// Its rules.
    #[serde(default)]
    policy: PolicyChanges,
    /// How much there may be in it.
    #[serde(default)]
    limits: LimitChanges,
}

/// What changes of the rules of a Seg; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = SegPolicyChanges)]
pub(crate) struct PolicyChanges {
    /// Whether only callers of scope `supervise` see that it is there, and who is in it.
    private: Option<bool>,
    /// When it closes by itself; asked at once.
    auto_close: Option<AutoClose>,
    /// Whether nobody may enter.
    locked: Option<bool>,
    /// Who may enter.
    may_join: Option<Who>,
    /// Who may bring others in.
    may_invite: Option<Who>,
}

/// What changes of how much there may be in a Seg; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = SegLimitChanges)]
pub(crate) struct LimitChanges {
    /// Legs in it and on their way there; null: as many as the controller is configured for.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<usize>, minimum = 1)]
    max_legs: Option<Option<usize>>,
    /// So many seconds from now it closes by itself; null: it does not.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 31_536_000)]
    seconds: Option<Option<u32>>,
}

/// A member that is there, null or not.
fn given<'de, T, D>(reader: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(reader).map(Some)
}

impl SegChanges {
    fn read(self) -> Result<Core, Problem> {
        let Self {
            name,
            policy,
            limits,
        } = self;
        if let Some(Some(name)) = &name {
            bounded(name, NAME_MAX, "name")?;
        }
        Ok(Core {
            name,
            private: policy.private,
            auto_close: policy.auto_close.map(Into::into),
            locked: policy.locked,
            may_join: policy.may_join.map(Into::into),
            may_invite: policy.may_invite.map(Into::into),
            legs_max: limits.max_legs.map(checked_legs).transpose()?,
            seconds: limits.seconds.map(checked_seconds).transpose()?,
        })
    }
}

/// Changes the name and the rules of a Seg.
///
/// Nobody is put out by that, and who is on the way there arrives. A rule by which the Seg closes
/// is asked at once; one that closes by it is told of as it was changed, and is gone, and so is one that
/// has ended when the request comes again under its key. The main Seg takes `name` and
/// `locked` alone, and its lock keeps out only who is not in the Call yet.
#[utoipa::path(
    patch,
    path = "/v1/calls/{call}/segs/{seg}",
    operation_id = "ModifySeg",
    tag = "segs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("seg" = String, Path, description = "The Seg."),
    ),
    request_body = SegChanges,
    responses((status = 200, description = "The Seg as it is now.", body = Seg), Problems)
)]
pub(super) async fn modify_seg(
    State(platform): State<Platform>,
    Names((call, seg)): Names<(String, String)>,
    Json(changes): Json<SegChanges>,
) -> Result<Body<Seg>, Problem> {
    let (call, seg) = (CallId::from_text(call), SegId::from_text(seg));
    let order = |answer| Order::Seg(call.clone(), seg.clone(), answer);
    // Who may not see it may not learn of it by this either. One that is gone may have been changed
    // under the same key before.
    if let Ok(view) = platform.control.ask(order).await?
        && !seen(&view)
    {
        return Err(Refusal::UnknownSeg(view.id).into());
    }
    let request = Request::ModifySeg {
        call: call.clone(),
        seg: seg.clone(),
        changes: changes.read()?,
    };
    let done = platform.carry_out(request).await?;
    let changed = if let Done::SegModified(changed) = done {
        Some(changed)
    } else if done == Done::SegChanged {
        None
    } else {
        return Err(Problem::internal("ModifySeg ended as another request"));
    };
    let order = |answer| Order::Seg(call, seg, answer);
    match (platform.control.ask(order).await?, changed) {
        (Ok(view), _) => Ok(Body(view.into())),
        (Err(_gone), Some(changed)) => Ok(Body((*changed).into())),
        (Err(refusal), None) => Err(refusal.into()),
    }
}
