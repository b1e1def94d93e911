//! `/v1/calls/{call}/segs/{seg}/play`: what is played into a Seg.

use axum::{extract::State, http::StatusCode, response::Response};
use mgc_core::northbound::{CallId, Request, SegId};

use super::{
    Platform,
    extract::{Json, Names},
    problem::{Problem, Problems},
    supervision::{PlayReq, Taken, begin},
};

/// Plays an announcement or a tone into a Seg: to each of its Legs.
///
/// A LegEventReport `played` or `playFailed` tells its end for each Leg, and the operation's `legs`
/// of all. A Leg that comes later does not hear it; one that goes takes it along; one that is
/// detached, deaf or held does not hear it. While it is played, another is refused with `seg.busy`;
/// where nobody would hear it, it is refused with `seg.empty`.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/segs/{seg}/play",
    operation_id = "PlaySeg",
    tag = "segs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("seg" = String, Path, description = "The Seg."),
    ),
    request_body = PlayReq,
    responses(
        (status = 202, description = "Taken; a LegEventReport tells of each Leg.", body = Taken,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn play_seg(
    State(platform): State<Platform>,
    Names((call, seg)): Names<(String, String)>,
    Json(request): Json<PlayReq>,
) -> Result<Response, Problem> {
    let request = Request::PlaySeg {
        call: CallId::from_text(call),
        seg: SegId::from_text(seg),
        play: request.read()?,
    };
    begin(&platform, request).await
}

/// Stops what is played into a Seg, also for Legs that went elsewhere with it; answers when the
/// gateway has confirmed it for each. A Leg that moves meanwhile makes it fail with `leg.busy`, and
/// it can be asked again.
#[utoipa::path(
    delete,
    path = "/v1/calls/{call}/segs/{seg}/play",
    operation_id = "StopSegPlay",
    tag = "segs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("seg" = String, Path, description = "The Seg."),
    ),
    responses((status = 204, description = "Nothing is played into it."), Problems)
)]
pub(super) async fn stop_seg_play(
    State(platform): State<Platform>,
    Names((call, seg)): Names<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (call, seg) = (CallId::from_text(call), SegId::from_text(seg));
    platform.delete(Request::StopSegPlay { call, seg }).await
}
