//! `/v1/counters`: what the control side has counted and measured.

use std::{collections::BTreeMap, time::Duration};

use axum::{Json as Body, extract::State};
use mgc_core::northbound::GatewayId;
use serde::Serialize;
use transport_h248::Statistics;
use utoipa::ToSchema;

use super::{
    Platform,
    problem::{Problem, Problems},
};
use crate::control::{Counted, Order};

/// What has been counted since the program began. Counters only grow.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Counters {
    /// By the link, of all peers: messages, transactions, repetitions, Pendings, refusals, errors.
    #[schema(example = json!({"requestsReceived": 2, "duplicates": 0, "decodeErrors": 0}))]
    link: BTreeMap<String, u64>,
    /// By the sockets: connections and how they ended, and messages that could not be sent.
    #[schema(example = json!({"accepted": 1, "slow": 0, "notTpkt": 0}))]
    sockets: BTreeMap<String, u64>,
    /// By the link, of each gateway.
    gateways: Vec<OfGateway>,
}

/// What was counted and measured of a gateway.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OfGateway {
    /// Its MId.
    #[schema(example = "[127.0.0.1]:2946")]
    id: String,
    /// The same counters as of all peers, as far as each is of one peer: what is counted before that is known stays 0,
    /// such as messages received and sent.
    #[schema(example = json!({"requestsReceived": 2, "duplicates": 0, "decodeErrors": 0}))]
    link: BTreeMap<String, u64>,
    /// How long it takes to answer; null until that was measured.
    round_trip: Option<RoundTrip>,
}

/// How long a gateway takes to answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoundTrip {
    /// The moving average, in milliseconds.
    mean_ms: f64,
    /// The moving mean of how far it departs from that, in milliseconds.
    deviation_ms: f64,
}

impl From<Counted> for Counters {
    fn from(counted: Counted) -> Self {
        let gateways = counted.gateways.into_iter();
        Self {
            link: named(counted.link.each()),
            sockets: named(counted.sockets.each()),
            gateways: gateways.map(OfGateway::from).collect(),
        }
    }
}

impl From<(GatewayId, Statistics)> for OfGateway {
    fn from((id, statistics): (GatewayId, Statistics)) -> Self {
        let Statistics {
            counters,
            round_trip,
        } = statistics;
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        Self {
            id: id.to_string(),
            link: named(counters.each()),
            round_trip: round_trip.map(|(mean, deviation)| RoundTrip {
                mean_ms: ms(mean),
                deviation_ms: ms(deviation),
            }),
        }
    }
}

/// Counters by the names of the API.
fn named(counters: impl Iterator<Item = (&'static str, u64)>) -> BTreeMap<String, u64> {
    counters
        .map(|(name, count)| (camel_case(name), count))
        .collect()
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (head, tail) = word.split_at(1);
        text + &head.to_ascii_uppercase() + tail
    })
}

/// Reads what has been counted of the control side.
#[utoipa::path(
    get,
    path = "/v1/counters",
    operation_id = "GetCounters",
    tag = "counters",
    responses((status = 200, description = "The counters.", body = Counters), Problems)
)]
pub(super) async fn get_counters(
    State(platform): State<Platform>,
) -> Result<Body<Counters>, Problem> {
    let counted = platform.control.ask(Order::Counters).await?;
    Ok(Body(counted.into()))
}
