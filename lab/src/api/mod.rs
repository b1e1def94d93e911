//! A client of the platform's HTTP API.

mod events;
mod plain;
mod types;

use std::time::Duration;

use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

pub use events::EventLog;
pub use plain::Place;
pub use types::{
    AttachMediaRes, Call, CallCreated, Context, Counters, CreateSegAccepted, Event, Gateway, Leg,
    LegAdded, OfGateway, Operation, Problem, RoundTrip, Seg, Strategy, Termination,
};

/// No answer takes longer.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Why a request did not do what it was to do.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The platform could not be reached, or its answer not read.
    #[error("{what}: {source}")]
    Http {
        /// Method and path.
        what: String,
        /// What the HTTP client says.
        source: reqwest::Error,
    },
    /// The platform refused.
    #[error("{what}: {}", problem.with(*status))]
    Refused {
        /// Method and path.
        what: String,
        /// The status.
        status: StatusCode,
        /// What the platform says.
        problem: Box<Problem>,
    },
    /// The answer has another status than the API promises.
    #[error("{what}: {status} instead of {expected}")]
    Status {
        /// Method and path.
        what: String,
        /// The status.
        status: StatusCode,
        /// The one that was expected.
        expected: StatusCode,
    },
    /// An event did not come.
    #[error("no {0} within {1:?}")]
    NoEvent(String, Duration),
    /// The platform's address or the token is none.
    #[error("{0}")]
    Named(String),
}

impl ApiError {
    /// Whether the platform does not know what was asked for.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::NOT_FOUND)
    }
}

/// A client of one platform.
#[derive(Clone, Debug)]
pub struct Api {
    client: reqwest::Client,
    base: String,
    root: reqwest::Url,
}

impl Api {
    /// A client of the platform at `base`: `http://127.0.0.1:8080`, with or without the scheme,
    /// and with or without the `/v1` of its paths.
    pub fn new(base: &str) -> Result<Self, ApiError> {
        Self::with_token(base, None)
    }

    /// The same, with a bearer token that is shown with every request.
    pub fn with_token(base: &str, token: Option<&str>) -> Result<Self, ApiError> {
        Self::with_headers(base, token, HeaderMap::new())
    }

    /// The same, with headers that every request has.
    pub fn with_headers(
        base: &str,
        token: Option<&str>,
        mut headers: HeaderMap,
    ) -> Result<Self, ApiError> {
        if let Some(token) = token {
            let bearer = value("token", &format!("Bearer {token}"))?;
            headers.insert(AUTHORIZATION, bearer);
        }
        let client = reqwest::Client::builder().no_proxy();
        let client = client.default_headers(headers).build();
        let base = normal(base);
        let root = base.parse();
        Ok(Self {
            client: client.map_err(|source| ApiError::Http {
                what: "HTTP client".to_owned(),
                source,
            })?,
            root: root.map_err(|error| ApiError::Named(format!("{base}: {error}")))?,
            base,
        })
    }

    /// Follows the platform's events from now on.
    pub async fn events(&self) -> Result<EventLog, ApiError> {
        EventLog::follow(
            self.client.clone(),
            format!("{}/v1/events", self.base),
            None,
        )
        .await
    }

    /// Follows the platform's events from the one behind `last` on; `0` is before the first.
    pub async fn events_after(&self, last: &str) -> Result<EventLog, ApiError> {
        let url = format!("{}/v1/events", self.base);
        EventLog::follow(self.client.clone(), url, Some(last.to_owned())).await
    }

    /// An operation as it is.
    pub async fn operation(&self, operation: &str) -> Result<Operation, ApiError> {
        self.get(&format!("/v1/operations/{operation}")).await
    }

    /// Makes a Call.
    pub async fn create_call(&self) -> Result<CallCreated, ApiError> {
        self.post("/v1/calls", &json!({}), StatusCode::CREATED)
            .await
    }

    /// A Call as it is.
    pub async fn call(&self, call: &str) -> Result<Call, ApiError> {
        self.get(&format!("/v1/calls/{call}")).await
    }

    /// Joins a leg to a Seg, or to the main one.
    pub async fn add_leg(
        &self,
        call: &str,
        seg: Option<&str>,
        offer: &str,
    ) -> Result<LegAdded, ApiError> {
        let mut body = json!({ "sdp": offer });
        if let Some(seg) = seg {
            body["seg"] = seg.into();
        }
        let path = format!("/v1/calls/{call}/legs");
        self.post(&path, &body, StatusCode::CREATED).await
    }

    /// CreateSegReq.
    pub async fn create_seg(&self, call: &str, name: &str) -> Result<CreateSegAccepted, ApiError> {
        let path = format!("/v1/calls/{call}/segs");
        self.post(&path, &json!({ "name": name }), StatusCode::ACCEPTED)
            .await
    }

    /// AttachMediaReq.
    pub async fn attach_media(
        &self,
        call: &str,
        leg: &str,
        seg: &str,
        strategy: Strategy,
    ) -> Result<AttachMediaRes, ApiError> {
        let path = format!("/v1/calls/{call}/legs/{leg}/attach-media");
        let body = json!({ "seg": seg, "strategy": strategy });
        self.post(&path, &body, StatusCode::ACCEPTED).await
    }

    /// The legs of a Call.
    pub async fn legs(&self, call: &str) -> Result<Vec<Leg>, ApiError> {
        self.get(&format!("/v1/calls/{call}/legs")).await
    }

    /// The Segs of a Call, the main one first.
    pub async fn segs(&self, call: &str) -> Result<Vec<Seg>, ApiError> {
        self.get(&format!("/v1/calls/{call}/segs")).await
    }

    /// The registered gateways.
    pub async fn gateways(&self) -> Result<Vec<Gateway>, ApiError> {
        self.get("/v1/gateways").await
    }

    /// Hands a gateway over to the controller of this MId.
    pub async fn hand_off(&self, gateway: &str, mgc: &str) -> Result<(), ApiError> {
        let path = format!("/v1/gateways/{gateway}/handoff");
        let body = json!({ "mgc": mgc });
        let answer = self.send(Method::POST, &path, Some(&body), StatusCode::NO_CONTENT);
        answer.await.map(|_| ())
    }

    /// The gateways' Contexts, audited at this moment.
    pub async fn contexts(&self) -> Result<Vec<Context>, ApiError> {
        self.get("/v1/contexts").await
    }

    /// What was counted of the control side.
    pub async fn counters(&self) -> Result<Counters, ApiError> {
        self.get("/v1/counters").await
    }

    /// The Calls.
    pub async fn calls(&self) -> Result<Vec<Call>, ApiError> {
        self.get("/v1/calls").await
    }

    /// Takes a leg out of its Call.
    pub async fn delete_leg(&self, call: &str, leg: &str) -> Result<(), ApiError> {
        self.delete(&format!("/v1/calls/{call}/legs/{leg}")).await
    }

    /// Ends a Seg.
    pub async fn delete_seg(&self, call: &str, seg: &str) -> Result<(), ApiError> {
        self.delete(&format!("/v1/calls/{call}/segs/{seg}")).await
    }

    /// Ends a Call.
    pub async fn delete_call(&self, call: &str) -> Result<(), ApiError> {
        self.delete(&format!("/v1/calls/{call}")).await
    }

    async fn get<Answer: DeserializeOwned>(&self, path: &str) -> Result<Answer, ApiError> {
        let answer = self.send(Method::GET, path, None::<&()>, StatusCode::OK);
        read(answer.await?, Method::GET, path).await
    }

    async fn post<Answer: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        expected: StatusCode,
    ) -> Result<Answer, ApiError> {
        let answer = self.send(Method::POST, path, Some(body), expected);
        read(answer.await?, Method::POST, path).await
    }

    async fn delete(&self, path: &str) -> Result<(), ApiError> {
        let expected = StatusCode::NO_CONTENT;
        let answer = self.send(Method::DELETE, path, None::<&()>, expected);
        answer.await.map(|_| ())
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
        expected: StatusCode,
    ) -> Result<reqwest::Response, ApiError> {
        let what = format!("{method} {path}");
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .timeout(ANSWER_WITHIN);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|source| ApiError::Http {
            what: what.clone(),
            source,
        })?;
        let status = response.status();
        if status == expected {
            return Ok(response);
        }
        if status.is_success() {
            return Err(ApiError::Status {
                what,
                status,
                expected,
            });
        }
        let problem = response.json().await.unwrap_or_default();
        Err(ApiError::Refused {
            what,
            status,
            problem: Box::new(problem),
        })
    }
}

/// What a header says; `what` it is for people.
pub fn value(what: &str, text: &str) -> Result<HeaderValue, ApiError> {
    let none = |_| ApiError::Named(format!("the {what} has characters that none has"));
    HeaderValue::from_str(text).map_err(none)
}

fn normal(base: &str) -> String {
    let base = base.trim_end_matches('/');
    let base = base.strip_suffix("/v1").unwrap_or(base);
    if base.contains("://") {
        base.to_owned()
    } else {
        format!("http://{base}")
    }
}

async fn read<Answer: DeserializeOwned>(
    response: reqwest::Response,
    method: Method,
    path: &str,
) -> Result<Answer, ApiError> {
    response.json().await.map_err(|source| ApiError::Http {
        what: format!("{method} {path}"),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_is_named_with_or_without_scheme_and_version() {
        let named = [
            "127.0.0.1:8080",
            "http://127.0.0.1:8080/",
            "http://127.0.0.1:8080/v1",
            "127.0.0.1:8080/v1/",
        ];
        for base in named {
            assert_eq!(normal(base), "http://127.0.0.1:8080");
        }
    }

    #[test]
    fn a_refusal_says_each_thing_once() {
        let refused = |problem| ApiError::Refused {
            what: "GET /v1/calls/call_x".to_owned(),
            status: StatusCode::NOT_FOUND,
            problem: Box::new(problem),
        };
        let unknown = refused(Problem {
            code: "call.unknown".to_owned(),
            title: "Not Found".to_owned(),
            detail: "there is no Call call_x".to_owned(),
            ..Problem::default()
        });
        assert_eq!(
            unknown.to_string(),
            "GET /v1/calls/call_x: 404 call.unknown: there is no Call call_x"
        );
        assert!(unknown.is_unknown());
        let bare = refused(Problem::default());
        assert_eq!(bare.to_string(), "GET /v1/calls/call_x: 404 Not Found");
    }
}
