//! `PATCH /v1/calls/{call}/legs/{leg}`: what of a Leg's media is cut off, how it is mixed, and where its
//! party receives.

use axum::{Json as Body, extract::State};
use mgc_core::northbound::{CallId, Done, GAIN_DB, LegId, MediaChanges, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names},
    legs::{Leg, read_leg},
    problem::{Problem, Problems},
};

/// What changes; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LegChanges {
    /// Whether its Seg is not to hear it.
    muted: Option<bool>,
    /// Whether it is not to hear its Seg.
    deaf: Option<bool>,
    /// Whether it is held: both at once, whatever the other two say.
    hold: Option<bool>,
    /// What its party offers in the place of what it offered before.
    sdp: Option<String>,
    /// By how many dB it is louder to the others. Refused with `gain.unsupported` where its gateway does not
    /// have the package for it, `zconfmix`: no package of H.248 gives an RTP Termination a gain.
    #[schema(minimum = -40, maximum = 20)]
    gain: Option<i32>,
    /// Whether LegEventReports `talking` tell when its party talks. Refused with `talking.unsupported` where
    /// its gateway does not have that package.
    talking: Option<bool>,
}

/// Changes what of a Leg's media is cut off, how it is mixed, and what its party offers; answers when the gateway has confirmed it.
///
/// What the gateway receives stays as it was answered when the Leg was added: an offer without that codec, or protected otherwise,
/// is refused with `sdp.invalid`.
///
/// The settings stay with the Leg wherever it is moved, and across restarts of the controller. A
/// party that offered one direction only is never opened further than it offered. While the Leg
/// moves, or something else about it is being changed, the request is refused with `leg.busy`.
#[utoipa::path(
    patch,
    path = "/v1/calls/{call}/legs/{leg}",
    operation_id = "ModifyLeg",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    request_body = LegChanges,
    responses((status = 200, description = "The Leg as it is now.", body = Leg), Problems)
)]
pub(super) async fn modify_leg(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
    Json(changes): Json<LegChanges>,
) -> Result<Body<Leg>, Problem> {
    let gain = changes.gain.map(gain).transpose()?;
    let (call, leg) = (CallId::from_text(call), LegId::from_text(leg));
    let request = Request::ModifyLeg {
        call: call.clone(),
        leg: leg.clone(),
        changes: MediaChanges {
            muted: changes.muted,
            deaf: changes.deaf,
            hold: changes.hold,
            gain,
            talking: changes.talking,
        },
        offer: changes.sdp,
    };
    let Done::LegChanged = platform.carry_out(request).await? else {
        return Err(Problem::internal("ModifyLeg ended as another request"));
    };
    read_leg(&platform, call, leg).await
}

fn gain(db: i32) -> Result<i8, Problem> {
    let fits = i8::try_from(db).ok().filter(|db| GAIN_DB.contains(db));
    let (least, most) = (GAIN_DB.start(), GAIN_DB.end());
    fits.ok_or_else(|| Problem::invalid("gain", format!("expected {least} to {most}")))
}
