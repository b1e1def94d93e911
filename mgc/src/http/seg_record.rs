//! `/v1/calls/{call}/segs/{seg}/record`: what is heard in a Seg, written to a file of its gateway.

use axum::{extract::State, http::StatusCode, response::Response};
use mgc_core::northbound::{CallId, Request, SegId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names},
    problem::{Problem, Problems},
    record,
    supervision::{Taken, begin},
};

/// How a Seg is to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct RecordSegReq {
    /// The name of the file, in the gateway's folder of recordings: WAV, or Opus in Ogg where it ends in
    /// `.opus`. The gateway makes it fit, and adds a number where there is one of that name. It has 100
    /// characters at most, and neither double quotes nor control characters.
    #[schema(example = "meeting.opus")]
    name: String,
    /// It ends after so many milliseconds at the latest, 100 to 86400000; a day where absent.
    limit_ms: Option<u32>,
}

/// Records a Seg: all that is heard in it.
///
/// The event `RecordingBegan` tells when its gateway has begun, and `RecordingEnded` the end: it names
/// the file once it is complete, or has a cause where none can be named. Both can be read at the
/// operation. It goes on whoever comes, goes, is muted or deaf, and while nobody is there; it ends when
/// it is stopped, by its limit, and with its Seg, Call or gateway. While it goes on another is refused
/// with `seg.busy`. It takes a Termination of the gateway's, which stands in `holds` of the Contexts.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/segs/{seg}/record",
    operation_id = "RecordSeg",
    tag = "segs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("seg" = String, Path, description = "The Seg."),
    ),
    request_body = RecordSegReq,
    responses(
        (status = 202, description = "Taken; the event RecordingEnded tells the end.", body = Taken,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn record_seg(
    State(platform): State<Platform>,
    Names((call, seg)): Names<(String, String)>,
    Json(RecordSegReq { name, limit_ms }): Json<RecordSegReq>,
) -> Result<Response, Problem> {
    record::check(&name, limit_ms)?;
    let request = Request::RecordSeg {
        call: CallId::from_text(call),
        seg: SegId::from_text(seg),
        name,
        limit_ms,
    };
    begin(&platform, request).await
}

/// Stops the recording of a Seg; answers when the gateway has confirmed it, and the event
/// `RecordingEnded` follows when the file is complete.
#[utoipa::path(
    delete,
    path = "/v1/calls/{call}/segs/{seg}/record",
    operation_id = "StopSegRecord",
    tag = "segs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("seg" = String, Path, description = "The Seg."),
    ),
    responses((status = 204, description = "Nothing is recorded."), Problems)
)]
pub(super) async fn stop_seg_record(
    State(platform): State<Platform>,
    Names((call, seg)): Names<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (call, seg) = (CallId::from_text(call), SegId::from_text(seg));
    platform.delete(Request::StopSegRecord { call, seg }).await
}
