//! `/v1/trace`: the last H.248 messages, each tied to the operation that it carries out.

use std::fmt::Write as _;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use codec_h248::{Message, Style, TextProfile, TransactionKind, json};
use mgc_core::Tie;
use serde::{Deserialize, Serialize};
use tokio::task;
use transport_h248::Direction;
use transport_h248_tokio::{capture::Capture, ladder};
use utoipa::{IntoParams, ToSchema};

use super::{
    Platform,
    extract::{Parameters, bounded},
    gate::NAME_MAX,
    problem::{Problem, Problems},
};
use crate::{
    shell::time_text,
    trace::{Passed, Ring, Wanted},
};

/// So many messages are told where nothing is said.
const LIMIT: usize = 100;
/// So many are told at most.
const LIMIT_MAX: usize = 1_000;
/// An id has so many characters at most.
const ID_MAX: usize = 64;

/// Which messages to tell, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Selection {
    /// Only those about this Call.
    call: Option<String>,
    /// Only those about this Leg.
    leg: Option<String>,
    /// Only those that carry out this operation.
    operation: Option<String>,
    /// Only those that carry out what the request of this `X-Request-Id` began.
    #[serde(rename = "requestId")]
    request: Option<String>,
    /// `json` where nothing is said.
    #[param(inline)]
    format: Option<Format>,
    /// So many of them, the last ones; 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// How the messages are told.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Format {
    /// A list, each message in its JSON form.
    #[default]
    Json,
    /// For people: a line for each, and the message in text.
    Text,
    /// A capture file.
    Pcapng,
}

/// A message that went by.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TracedMessage {
    /// When (RFC 3339, UTC).
    #[schema(example = "2026-11-24T06:54:34.120Z")]
    time: String,
    /// `out`: to the gateway, `in`: from it.
    #[schema(example = "out")]
    direction: &'static str,
    /// The gateway's address.
    #[schema(example = "127.0.0.1:2946")]
    peer: String,
    /// Our address.
    #[schema(example = "127.0.0.1:2944")]
    local: String,
    /// Its length.
    octets: usize,
    /// Its transactions, as far as they can be read.
    transactions: Vec<TracedTransaction>,
    /// The message as a document of `h248 decode --to json`; null where it does not decode.
    #[schema(value_type = Option<Object>)]
    message: Option<serde_json::Value>,
    /// What of it does not decode, and why.
    error: Option<String>,
}

/// A transaction of a message, and what it is about; null where it is about nothing that is known.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TracedTransaction {
    /// Its number.
    id: u32,
    /// `request`, `reply`, `pending`, `ack` or `segmentReply`.
    #[schema(example = "request")]
    kind: &'static str,
    /// What is asked: `add`, `move`, `close` (the first media channel), `reopen`, `release` (to be
    /// added again elsewhere), `leave`, `locate`, `audit` and others.
    #[schema(example = "close")]
    aim: Option<&'static str>,
    /// The operation that it carries out.
    operation: Option<String>,
    /// The `X-Request-Id` of the request that the operation began with.
    request_id: Option<String>,
    /// The Call that it is about.
    call: Option<String>,
    /// The Leg that it is about.
    leg: Option<String>,
}

/// Tells the last H.248 messages, the oldest first.
///
/// `mgc --trace NUMBER` says how many are kept; with 0 there are none to tell. What is selected by
/// Call, Leg or operation is the requests of that operation, their replies and acknowledgements.
#[utoipa::path(
    get,
    path = "/v1/trace",
    operation_id = "GetTrace",
    tag = "trace",
    params(Selection),
    responses(
        (status = 200, description = "The messages.", content(
            (Vec<TracedMessage> = "application/json"),
            (String = "text/plain"),
            (Vec<u8> = "application/x-pcapng"),
        )),
        Problems,
    )
)]
pub(super) async fn get_trace(
    State(platform): State<Platform>,
    Parameters(selection): Parameters<Selection>,
) -> Result<Response, Problem> {
    let ring = &platform.trace;
    if ring.messages_max() == 0 {
        let detail = "no messages are kept: mgc runs with --trace 0";
        return Err(Problem::new(StatusCode::NOT_FOUND, "trace.off", detail));
    }
    let format = selection.format.unwrap_or_default();
    let (wanted, limit) = selection.wanted()?;
    let passed = ring.read(&wanted, limit);
    match format {
        Format::Json => {
            let mut told = Vec::with_capacity(passed.len());
            for one in &passed {
                told.push(TracedMessage::new(one, ring));
                task::yield_now().await;
            }
            Ok(Json(told).into_response())
        }
        Format::Text => {
            let mut text = String::new();
            for one in &passed {
                write(&mut text, one, ring);
                task::yield_now().await;
            }
            Ok(text.into_response())
        }
        Format::Pcapng => {
            let head = [
                (header::CONTENT_TYPE, "application/x-pcapng"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"trace.pcapng\"",
                ),
            ];
            let capture = capture(passed.iter().map(AsRef::as_ref));
            let capture = capture.map_err(|_error| Problem::internal("no capture came about"))?;
            Ok((head, capture).into_response())
        }
    }
}

impl Selection {
    fn wanted(self) -> Result<(Wanted, usize), Problem> {
        let named = [
            ("call", &self.call),
            ("leg", &self.leg),
            ("operation", &self.operation),
        ];
        for (field, id) in named {
            bounded(id.as_deref().unwrap_or_default(), ID_MAX, field)?;
        }
        bounded(
            self.request.as_deref().unwrap_or_default(),
            NAME_MAX,
            "requestId",
        )?;
        let limit = self.limit.unwrap_or(LIMIT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            let detail = format!("`limit` must be from 1 to {LIMIT_MAX}");
            let problem = Problem::new(StatusCode::BAD_REQUEST, "query.invalid", detail);
            return Err(problem.field("limit"));
        }
        let wanted = Wanted {
            call: self.call,
            leg: self.leg,
            operation: self.operation,
            request: self.request,
        };
        Ok((wanted, limit))
    }
}

impl TracedMessage {
    fn new(passed: &Passed, ring: &Ring) -> Self {
        let trace = &passed.trace;
        let message = ring.decode(&trace.octets).ok();
        let transactions = trace.transactions().map(|one| {
            let tie = passed.ties.iter().find(|tie| tie.transaction == one.id);
            TracedTransaction::new(one.id.0, one.kind, tie.map(AsRef::as_ref))
        });
        Self {
            time: time_text(passed.time),
            direction: match trace.direction {
                Direction::In => "in",
                Direction::Out => "out",
            },
            peer: trace.route.address.to_string(),
            local: passed.local.to_string(),
            octets: trace.octets.len(),
            transactions: transactions.collect(),
            message: message.as_ref().and_then(document),
            error: trace.error.as_ref().map(ToString::to_string),
        }
    }
}

impl TracedTransaction {
    fn new(id: u32, kind: TransactionKind, tie: Option<&Tie>) -> Self {
        Self {
            id,
            kind: match kind {
                TransactionKind::Request => "request",
                TransactionKind::Reply => "reply",
                TransactionKind::Pending => "pending",
                TransactionKind::ResponseAck => "ack",
                TransactionKind::SegmentReply => "segmentReply",
            },
            aim: tie.map(|tie| tie.aim),
            operation: tie.and_then(|tie| Some(tie.operation.as_ref()?.to_string())),
            request_id: tie.and_then(|tie| tie.request_id.clone()),
            call: tie.and_then(|tie| Some(tie.call.as_ref()?.to_string())),
            leg: tie.and_then(|tie| Some(tie.leg.as_ref()?.to_string())),
        }
    }
}

/// The JSON form of a message (`docs/json.md`).
fn document(message: &Message<'_>) -> Option<serde_json::Value> {
    let mut octets = Vec::new();
    json::encode(message, Style::Compact, &mut octets);
    serde_json::from_slice(&octets).ok()
}

/// Appends a message for people: its line, what it is about, and its text.
fn write(text: &mut String, passed: &Passed, ring: &Ring) {
    // A string takes everything.
    let _ = ladder::write(text, &passed.trace, passed.time);
    for tie in &passed.ties {
        let _ = writeln!(text, "    {}", about(tie));
    }
    let Ok(message) = ring.decode(&passed.trace.octets) else {
        return;
    };
    let mut octets = Vec::new();
    codec_h248::encode(&message, &TextProfile::of(Style::Pretty), &mut octets);
    for line in String::from_utf8_lossy(&octets).lines() {
        let _ = writeln!(text, "    {line}");
    }
    text.push('\n');
}

/// What a transaction is about, in a line.
fn about(tie: &Tie) -> String {
    let mut line = format!("{} {}:", tie.transaction, tie.aim);
    let words = [
        tie.operation.as_ref().map(ToString::to_string),
        tie.leg.as_ref().map(ToString::to_string),
        tie.call.as_ref().map(ToString::to_string),
        tie.request_id.as_ref().map(|id| format!("requestId={id}")),
    ];
    for word in words.into_iter().flatten() {
        line.push(' ');
        line.push_str(&word);
    }
    line
}

/// The messages as a capture file, each with what it is about as comments of its packet. One that no packet can hold is left out.
fn capture<'a>(
    passed: impl Iterator<Item = &'a Passed>,
) -> Result<Vec<u8>, transport_h248_tokio::capture::CaptureError> {
    let mut capture = Capture::begin(Vec::new())?;
    for one in passed {
        let notes = one.ties.iter().map(|tie| about(tie)).collect();
        if let Err(error) = capture.append_noted(&one.trace, one.local, one.time, notes) {
            tracing::debug!(%error, "a message is not in the capture");
        }
    }
    Ok(capture.finish())
}
