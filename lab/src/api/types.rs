//! What the platform says over HTTP, as far as a client here needs it.

use std::collections::BTreeMap;

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

/// How a leg is moved.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// Closes to the first media channel, then connects to the second.
    TwoStep,
    /// One Move.
    Move,
    /// Subtract, then Add on the same port.
    SubtractAdd,
    /// Nothing moves: rooms of one Context are kept apart.
    Topology,
}

impl Strategy {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::TwoStep => "two-step",
            Self::Move => "move",
            Self::SubtractAdd => "subtract-add",
            Self::Topology => "topology",
        }
    }
}

/// A new Call.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallCreated {
    /// The Call.
    pub id: String,
    /// Its main Seg.
    pub main_seg: String,
}

/// A new leg.
#[derive(Clone, Debug, Deserialize)]
pub struct LegAdded {
    /// The leg.
    pub id: String,
    /// Where it is.
    pub seg: String,
    /// The SDP answer.
    pub sdp: String,
}

/// A CreateSegReq that was taken.
#[derive(Clone, Debug, Deserialize)]
pub struct CreateSegAccepted {
    /// The operation.
    pub operation: String,
    /// The Seg.
    pub seg: String,
}

/// An AttachMediaRes.
#[derive(Clone, Debug, Deserialize)]
pub struct AttachMediaRes {
    /// The operation.
    pub operation: String,
    /// Whether it was taken.
    pub accepted: bool,
}

/// A leg as it is.
#[derive(Clone, Debug, Deserialize)]
pub struct Leg {
    /// The leg.
    pub id: String,
    /// Where it is.
    pub seg: Option<String>,
    /// What is going on with it: `joining`, `attached`, `moving`, `stranded` or `leaving`.
    #[serde(default)]
    pub state: String,
    /// Its Termination, once it is known.
    #[serde(default)]
    pub termination: Option<String>,
}

/// A Seg as it is.
#[derive(Clone, Debug, Deserialize)]
pub struct Seg {
    /// The Seg.
    pub id: String,
}

/// An operation as it is.
#[derive(Clone, Debug, Deserialize)]
pub struct Operation {
    /// The operation.
    pub id: String,
    /// How far it is, such as `done`.
    pub state: String,
}

impl Operation {
    /// Whether it has ended, in one way or the other.
    pub fn has_ended(&self) -> bool {
        matches!(self.state.as_str(), "done" | "failed" | "rolledBack")
    }
}

/// A registered gateway.
#[derive(Clone, Debug, Deserialize)]
pub struct Gateway {
    /// Its MId.
    pub id: String,
    /// Whether it answers: `unverified`, `registered`, `suspect` or `leaving`.
    pub state: String,
    /// How Legs can be moved there, in order of preference.
    pub strategies: Vec<String>,
}

/// A Call as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// The Call.
    pub id: String,
    /// Its main Seg.
    pub main_seg: String,
}

/// A Context as its gateway reports it at this moment.
#[derive(Clone, Debug, Deserialize)]
pub struct Context {
    /// The Context's number.
    pub context: u32,
    /// The Seg that the platform ties to it.
    pub seg: Option<String>,
    /// What is in it.
    pub terminations: Vec<Termination>,
}

/// A Termination as its gateway reports it.
#[derive(Clone, Debug, Deserialize)]
pub struct Termination {
    /// Its name.
    pub id: String,
    /// The leg that the platform ties to it.
    pub leg: Option<String>,
}

/// What the platform has counted of its control side.
#[derive(Clone, Debug, Deserialize)]
pub struct Counters {
    /// By the link, of all peers.
    pub link: BTreeMap<String, u64>,
    /// By the sockets.
    pub sockets: BTreeMap<String, u64>,
    /// By the link, of each gateway.
    pub gateways: Vec<OfGateway>,
}

/// What the platform has counted of a gateway.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfGateway {
    /// Its MId.
    pub id: String,
    /// By the link.
    pub link: BTreeMap<String, u64>,
    /// How long it takes to answer, once that was measured.
    pub round_trip: Option<RoundTrip>,
}

/// How long a gateway takes to answer, in milliseconds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoundTrip {
    /// The moving average.
    pub mean_ms: f64,
    /// The moving mean of how far it departs from that.
    pub deviation_ms: f64,
}

/// One event of the platform.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Event {
    /// Its place in the stream.
    pub id: String,
    /// Its number; numbers go up by one.
    #[serde(default)]
    pub seq: u64,
    /// What happened, such as `LegEventReport`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The Seg.
    pub seg: Option<String>,
    /// The leg.
    pub leg: Option<String>,
    /// The operation that brought it about.
    pub operation: Option<String>,
    /// What its party is to send by, where its media is back.
    pub sdp: Option<String>,
    /// What happened to the leg, such as `moved`.
    pub event: Option<String>,
    /// What its party's voice does.
    #[serde(default)]
    pub talking: Option<serde_json::Value>,
    /// Why.
    pub cause: Option<serde_json::Value>,
}

/// An error as `application/problem+json`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Problem {
    /// A stable code.
    #[serde(default)]
    pub code: String,
    /// One line for people.
    #[serde(default)]
    pub title: String,
    /// More for people.
    #[serde(default)]
    pub detail: String,
    /// The gateway's refusal, where it is one.
    #[serde(default)]
    pub h248: Option<serde_json::Value>,
}

impl Problem {
    /// In words, under the status that it came with; nothing is said twice.
    pub(super) fn with(&self, status: StatusCode) -> String {
        let told = [&self.detail, &self.title].into_iter();
        let told = told.map(String::as_str).find(|text| !text.is_empty());
        if self.code.is_empty() {
            let told = told.or(status.canonical_reason()).unwrap_or_default();
            return format!("{} {told}", status.as_u16());
        }
        let told = told.map_or_else(String::new, |told| format!(": {told}"));
        format!("{} {}{told}", status.as_u16(), self.code)
    }
}
