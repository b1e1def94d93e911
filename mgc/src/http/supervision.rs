//! `/v1/calls/{call}/legs/{leg}/play` and `/collect`: what is played to a Leg and what it dials.

use axum::{extract::State, http::StatusCode, response::Response};
use mgc_core::northbound::{CallId, Collect, LegId, Play, Request, Sound};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Platform,
    extract::{Json, Names, bounded},
    problem::{Problem, Problems},
    taken::taken,
};

/// A digit map has so many characters at most.
const MAP_MAX: usize = 512;
/// A signal lasts so long at most: 65,535 hundredths of a second.
const DURATION_MAX_MS: u32 = 655_350;
/// So many repetitions at most.
const CYCLES_MAX: u16 = 1_000;
/// A package or a signal of it has so many characters at most.
const NAME_MAX: usize = 64;

/// What is to be played: an announcement or a tone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct PlayReq {
    /// An announcement: a name that the operator has given it, or its number at the gateway
    /// (an/apf).
    announcement: Option<Announcement>,
    /// How often the announcement is played, 1 to 1000; as the operator says of its name, or once,
    /// where absent.
    cycles: Option<u16>,
    /// A tone as `package/signal`, such as `cg/dt` or `dg/d5`.
    #[schema(example = "cg/dt")]
    tone: Option<String>,
    /// It ends after so many milliseconds at the latest, 10 to 655350.
    duration_ms: Option<u32>,
    /// It is given up after so many milliseconds, and fails with `wait.timeout`; after what the
    /// controller's `--wait` says where absent, which a tone without an end reaches.
    limit_ms: Option<u32>,
}

/// An announcement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(
    untagged,
    expecting = "expected a whole number from 0 to 4294967295, or a name"
)]
#[schema(example = "welcome")]
pub(crate) enum Announcement {
    /// Its number at the gateway.
    Number(u32),
    /// The name that the operator has given it.
    Name(String),
}

/// Which digits are collected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct CollectReq {
    /// A digit map (H.248.1 7.1.14): `x` is any digit, `|` stands between alternatives, `.` repeats,
    /// `[1-4]` is one of several; `*` and `#` may be written as such.
    #[schema(example = "xxxx|#")]
    map: String,
    /// Timers that differ from the gateway's.
    timers: Option<Timers>,
    /// They are given up after so many milliseconds, and fail with `wait.timeout`; after what the
    /// controller's `--wait` says where absent.
    limit_ms: Option<u32>,
}

/// The timers of a digit map, in seconds up to 99; 0 waits for ever.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Timers {
    /// Until the first digit.
    start: Option<u8>,
    /// Between digits, where what is dialled already fits.
    short: Option<u8>,
    /// Between digits, where more must come.
    long: Option<u8>,
}

/// The request was taken; a LegEventReport tells its end.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Taken {
    /// The operation.
    operation: String,
    /// Always true: what is not taken is answered with a problem.
    accepted: bool,
}

impl PlayReq {
    pub(super) fn read(self) -> Result<Play, Problem> {
        let sound = match (self.announcement, self.tone) {
            (Some(Announcement::Number(number)), None) => Sound::Announcement {
                number,
                cycles: self.cycles,
            },
            (Some(Announcement::Name(name)), None) => {
                bounded(&name, NAME_MAX, "announcement")?;
                Sound::Named {
                    name,
                    cycles: self.cycles,
                }
            }
            (None, Some(tone)) => read_tone(&tone)?,
            (Some(_), Some(_)) | (None, None) => {
                let why = "expected either an announcement or a tone";
                return Err(Problem::invalid("announcement", why));
            }
        };
        if self
            .cycles
            .is_some_and(|times| times == 0 || times > CYCLES_MAX)
        {
            return Err(Problem::invalid("cycles", "expected 1 to 1000"));
        }
        let fits = |time: u32| (10..=DURATION_MAX_MS).contains(&time);
        if !self.duration_ms.is_none_or(fits) {
            return Err(Problem::invalid("durationMs", "expected 10 to 655350"));
        }
        Ok(Play {
            sound,
            duration_ms: self.duration_ms,
            limit_ms: self.limit_ms,
        })
    }
}

fn read_tone(tone: &str) -> Result<Sound, Problem> {
    let is_name = |name: &str| {
        let mut letters = name.bytes();
        let first = letters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic());
        let plain = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_';
        first && letters.all(plain) && name.len() <= NAME_MAX
    };
    match tone.split_once('/') {
        Some((package, signal)) if is_name(package) && is_name(signal) => Ok(Sound::Tone {
            package: package.to_owned(),
            signal: signal.to_owned(),
        }),
        Some(_) | None => Err(Problem::invalid(
            "tone",
            "expected package/signal, such as cg/dt",
        )),
    }
}

impl CollectReq {
    fn read(self) -> Result<Collect, Problem> {
        let sign = |sign: u8| {
            sign.is_ascii_digit()
                || matches!(
                    sign.to_ascii_uppercase(),
                    b'A'..=b'F' | b'X' | b'S' | b'L' | b'Z' | b'T'
                )
                || b"*#.|()[]- ".contains(&sign)
        };
        if self.map.is_empty() || self.map.len() > MAP_MAX || !self.map.bytes().all(sign) {
            let why = "expected a digit map of at most 512 characters, such as xxxx|#";
            return Err(Problem::invalid("map", why));
        }
        let timers = self.timers.unwrap_or_default();
        let all = [timers.start, timers.short, timers.long];
        if all.into_iter().flatten().any(|timer| timer > 99) {
            return Err(Problem::invalid(
                "timers",
                "expected at most 99 seconds each",
            ));
        }
        Ok(Collect {
            map: self.map,
            start_s: timers.start,
            short_s: timers.short,
            long_s: timers.long,
            limit_ms: self.limit_ms,
        })
    }
}

pub(super) async fn begin(platform: &Platform, request: Request) -> Result<Response, Problem> {
    let accepted = platform.control.request(request).await??;
    let body = Taken {
        operation: accepted.operation.to_string(),
        accepted: true,
    };
    Ok(taken(&accepted.operation, body))
}

/// Plays an announcement or a tone to a Leg, which nobody else hears.
///
/// The answer never waits for the end: a LegEventReport `played` or `playFailed` tells it, and it
/// can be read at the operation. It goes on where the Leg is moved, unless by subtract-add.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/legs/{leg}/play",
    operation_id = "Play",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    request_body = PlayReq,
    responses(
        (status = 202, description = "Taken; a LegEventReport tells the end.", body = Taken,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn play(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
    Json(request): Json<PlayReq>,
) -> Result<Response, Problem> {
    let request = Request::Play {
        call: CallId::from_text(call),
        leg: LegId::from_text(leg),
        play: request.read()?,
    };
    begin(&platform, request).await
}

/// Stops what is played to a Leg; answers when the gateway has confirmed it.
#[utoipa::path(
    delete,
    path = "/v1/calls/{call}/legs/{leg}/play",
    operation_id = "StopPlay",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    responses((status = 204, description = "Nothing is played."), Problems)
)]
pub(super) async fn stop_play(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (call, leg) = (CallId::from_text(call), LegId::from_text(leg));
    platform.delete(Request::StopPlay { call, leg }).await
}

/// Collects digits of a Leg by a digit map.
///
/// The answer never waits for the end: a LegEventReport `digits` or `collectFailed` tells it, and
/// it can be read at the operation. It goes on where the Leg is moved, unless by subtract-add.
#[utoipa::path(
    post,
    path = "/v1/calls/{call}/legs/{leg}/collect",
    operation_id = "Collect",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    request_body = CollectReq,
    responses(
        (status = 202, description = "Taken; a LegEventReport tells the end.", body = Taken,
            headers(("Location" = String, description = "Where the operation is read."))),
        Problems,
    )
)]
pub(super) async fn collect(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
    Json(request): Json<CollectReq>,
) -> Result<Response, Problem> {
    let request = Request::Collect {
        call: CallId::from_text(call),
        leg: LegId::from_text(leg),
        collect: request.read()?,
    };
    begin(&platform, request).await
}

/// Stops the collection of digits; answers when the gateway has confirmed it.
#[utoipa::path(
    delete,
    path = "/v1/calls/{call}/legs/{leg}/collect",
    operation_id = "StopCollect",
    tag = "legs",
    params(
        ("call" = String, Path, description = "The Call."),
        ("leg" = String, Path, description = "The Leg."),
    ),
    responses((status = 204, description = "No digits are collected."), Problems)
)]
pub(super) async fn stop_collect(
    State(platform): State<Platform>,
    Names((call, leg)): Names<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (call, leg) = (CallId::from_text(call), LegId::from_text(leg));
    platform.delete(Request::StopCollect { call, leg }).await
}
