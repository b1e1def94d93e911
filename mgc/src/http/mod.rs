//! The northbound side as HTTP and JSON. No handler decides anything about a conference: it reads
//! a request, gives it to the loop that owns the core, and spells the answer.

mod attach_media;
mod calls;
mod contexts;
mod counters;
mod event_data;
mod events;
mod extract;
mod gateways;
mod legs;
mod modify_leg;
mod openapi;
mod operations;
mod problem;
mod segs;
mod server;
mod supervision;
#[cfg(test)]
mod tests;
mod trace;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request as HttpRequest, State},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use mgc_core::northbound::{Done, Request};
use tokio::{sync::Semaphore, time};

pub(crate) use event_data::{EventData, event_type, kind};
use problem::Problem;
pub(crate) use server::serve;

use crate::{control::Control, journal::Journal, trace::Ring};

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

    /// Carries out a request that makes something go.
    async fn delete(&self, request: Request) -> Result<StatusCode, Problem> {
        let Done::Deleted = self.carry_out(request).await? else {
            return Err(Problem::internal("the end of something went otherwise"));
        };
        Ok(StatusCode::NO_CONTENT)
    }
}

/// The whole API.
pub(crate) fn router(control: Control, journal: Journal, trace: Ring, limits: Limits) -> Router {
    let (api, document) = openapi::routes();
    let platform = Platform {
        control,
        journal,
        trace,
        requests: Arc::new(Semaphore::new(limits.requests)),
        streams: Arc::new(Semaphore::new(limits.streams)),
        document: openapi::text(&document).into(),
    };
    api.route("/v1/openapi.json", get(openapi::document))
        .route("/healthz", get(async || StatusCode::OK))
        .fallback(async || Problem::unknown_path())
        .method_not_allowed_fallback(async || Problem::method())
        .layer(middleware::from_fn_with_state(platform.clone(), let_in))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(platform)
}

/// Lets a request in unless too many are being answered. A stream that is open does not count.
async fn let_in(State(platform): State<Platform>, request: HttpRequest, next: Next) -> Response {
    match platform.requests.try_acquire() {
        Ok(_permit) => next.run(request).await,
        Err(_full) => {
            Problem::busy("as many requests are being answered as may be").into_response()
        }
    }
}
