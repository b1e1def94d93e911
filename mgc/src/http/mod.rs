//! The northbound side as HTTP and JSON. No handler decides anything about a conference: it reads
//! a request, gives it to the loop that owns the core, and spells the answer.

mod attach_media;
mod calls;
mod common;
mod condition;
mod consent;
mod contexts;
mod counters;
mod detach_media;
mod event_data;
mod events;
mod extract;
mod gate;
mod gateways;
mod groups;
mod health;
mod legs;
mod modify_leg;
mod modify_seg;
mod openapi;
mod operations;
mod page;
mod parlay;
mod policy;
mod problem;
mod record;
mod rules;
mod seg_play;
mod seg_record;
mod segs;
mod server;
mod subscription;
mod supervision;
mod taken;
#[cfg(test)]
mod tests;
mod trace;

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, http::StatusCode, middleware, routing::get};
use mgc_core::northbound::{Done, Request};
use tokio::{sync::Semaphore, time};

pub(crate) use condition::Condition;
pub(crate) use event_data::{EventData, event_type, kind};
use problem::Problem;
pub(crate) use server::serve;

use crate::{caller::Tokens, control::Control, journal::Journal, meter::Meter, trace::Ring};

/// A body may have so many octets: several times the largest session description.
const BODY_LIMIT: usize = 256 * 1024;

/// So long a request waits for the end of its operation. Every operation ends within a few times
/// T-MAX (H.248.1 D.1.4), and what takes longer can still be read afterwards.
const OPERATION_MAX: Duration = Duration::from_secs(60);

/// What may go on at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Requests that are being answered.
    pub(crate) requests: usize,
    /// Event streams that are open.
    pub(crate) streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests: 1024,
            streams: 1024,
        }
    }
}

/// What every handler has.
#[derive(Clone, Debug)]
pub(crate) struct Platform {
    control: Control,
    journal: Journal,
    trace: Ring,
    requests: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    document: Arc<str>,
    /// Whom to listen to; `None`: everybody.
    tokens: Option<Arc<Tokens>>,
    meter: Meter,
}

/// What the API is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    /// The way to the loop.
    pub(crate) control: Control,
    /// The events.
    pub(crate) journal: Journal,
    /// The last H.248 messages.
    pub(crate) trace: Ring,
    /// What may go on at once.
    pub(crate) limits: Limits,
    /// Whom to listen to; `None`: everybody.
    pub(crate) tokens: Option<Tokens>,
    /// What is counted.
    pub(crate) meter: Meter,
}

impl Platform {
    /// Carries out a request and waits for its end.
    async fn carry_out(&self, request: Request) -> Result<Done, Problem> {
        let mut running = self.control.start(request).await??;
        match time::timeout(OPERATION_MAX, running.outcome()).await {
            Ok(outcome) => Ok(outcome??),
            Err(_elapsed) => Err(Problem::still_running(&running.accepted.operation)),
        }
    }

    /// Carries out a request that makes something go. A DeleteSeg joins the MergeSeg that ends its
    /// Seg already, and ends as that does.
    async fn delete(&self, request: Request) -> Result<StatusCode, Problem> {
        let (Done::Deleted | Done::LegsMoved { .. }) = self.carry_out(request).await? else {
            return Err(Problem::internal("the end of something went otherwise"));
        };
        Ok(StatusCode::NO_CONTENT)
    }
}

/// The whole API.
pub(crate) fn router(parts: Parts) -> Router {
    let (api, document) = openapi::routes();
    let limits = parts.limits;
    let platform = Platform {
        control: parts.control,
        journal: parts.journal,
        trace: parts.trace,
        requests: Arc::new(Semaphore::new(limits.requests)),
        streams: Arc::new(Semaphore::new(limits.streams)),
        document: openapi::text(&document).into(),
        tokens: parts.tokens.map(Arc::new),
        meter: parts.meter,
    };
    api.route("/v1/openapi.json", get(openapi::document))
        .route("/healthz", get(async || StatusCode::OK))
        .fallback(async || Problem::unknown_path())
        .method_not_allowed_fallback(async || Problem::method())
        .layer(middleware::from_fn(page::tagged))
        .layer(middleware::from_fn_with_state(
            platform.clone(),
            gate::let_in,
        ))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(platform)
}
