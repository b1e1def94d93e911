//! `/v1/calls/{call}/legs/{leg}/record`: what a Leg says or hears, written to a file of its gateway.

use axum::{extract::State, http::StatusCode, response::Response};
use mgc_core::northbound::{CallId, LegId, Record, Recording, Request, Voices};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names, bounded},
    problem::{Problem, Problems},
    supervision::{Taken, begin},
};

/// A name has so many characters at most.
const NAME_MAX: usize = 100;
/// A recording lasts so long at most: a day.
const LIMIT_MAX_MS: u32 = 86_400_000;

/// What is to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct RecordReq {
    /// The name of the file, in the gateway's folder of recordings: WAV, or Opus in Ogg where it ends in
    /// `.opus`. The gateway makes it fit, and adds a number where there is one of that name. It has 100
    /// characters at most, and neither double quotes nor control characters.
    #[schema(example = "meeting.opus")]
    name: String,
    /// Whose voices; `all` where absent.
    #[serde(default)]
    voices: VoicesReq,
    /// It ends after so many milliseconds at the latest, 100 to 86400000; a day where absent.
    limit_ms: Option<u32>,
}

/// Whose voices are recorded.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum VoicesReq {
    /// What the Leg's party says and is heard of in its Seg.
    Own,
    /// What the Leg hears.
    Others,
    /// Both: the Seg in which it is.
    #[default]
    All,
}

/// A recording that is complete.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Recorded {
    /// Its file, in the gateway's folder of recordings.
    #[schema(example = "meeting.opus")]
    file: String,
    /// How long it is, in milliseconds.
    duration_ms: u64,
}

impl From<&Recording> for Recorded {
    fn from(recording: &Recording) -> Self {
        Self {
            file: recording.file.clone(),
            duration_ms: recording.duration_ms,
        }
    }
}

impl RecordReq {
    fn read(self) -> Result<Record, Problem> {
        check(&self.name, self.limit_ms)?;
        Ok(Record {
            name: self.name,
            voices: match self.voices {
                VoicesReq::Own => Voices::Own,
                VoicesReq::Others => Voices::Others,
                VoicesReq::All => Voices::All,
            },
            limit_ms: self.limit_ms,
        })
    }
}

/// Refuses what no recording may be named, and how long none may last. The name becomes a
/// quotedString of H.248.1 Annex B, which would end at a double quote.
pub(super) fn check(name: &str, limit_ms: Option<u32>) -> Result<(), Problem> {
    bounded(name, NAME_MAX, "name")?;
    if name.contains(|sign: char| sign == '"' || sign.is_control()) {
        let detail = "no name of a recording has a double quote or a control character";
        return Err(Problem::invalid("name", detail));
    }
    let fits = |time: u32| (100..=LIMIT_MAX_MS).contains(&time);
    if !limit_ms.is_none_or(fits) {
        return Err(Problem::invalid("limitMs", "expected 100 to 86400000"));
    }
    Ok(())
}

/// Records what a Leg says or hears, or all of the Seg in which it is.
///
/// The answer never waits for the end: a LegEventReport `recordingEnded` names the file once it is
/// complete, `recordFailed` tells that there is none, and both can be read at the operation. It goes on
/// where the Leg is moved, in what it hears there, unless by subtract-add; it ends with the Leg, and then
/// its file is complete at the gateway but not named. While it runs things may be played to the Leg and
/// digits collected of it; it begins while neither is done.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/legs/{leg}/record",
    operation_id = "Record",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    request_body = RecordReq,
    responses(
        (status = 202, description = "Taken; a LegEventReport tells the end.", body = Taken,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn record(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
    Json(request): Json<RecordReq>,
) -> Result<Response, Problem> {
    let request = Request::Record {
        call: CallId::from_text(call),
        leg: LegId::from_text(leg),
        record: request.read()?,
    };
    begin(&platform, request).await
}

/// Stops the recording of a Leg; answers when the gateway has confirmed it, and a LegEventReport
/// `recordingEnded` follows when the file is complete. Refused while something is played to the Leg.
#[utoipa::path(
    delete,
    path = "/v1/calls/{call}/legs/{leg}/record",
    operation_id = "StopRecord",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    responses((status = 204, description = "Nothing is recorded."), Problems)
)]
pub(super) async fn stop_record(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (call, leg) = (CallId::from_text(call), LegId::from_text(leg));
    platform.delete(Request::StopRecord { call, leg }).await
}
