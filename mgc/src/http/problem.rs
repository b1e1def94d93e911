//! Errors as `application/problem+json` (RFC 9457).

use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mgc_core::northbound::{H248Refusal, Refusal};
use serde::Serialize;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{self, ContentBuilder, Ref, RefOr, ResponseBuilder},
};

use super::parlay::Parlay;
use crate::{
    caller::Scope,
    control::{NotTaken, Stopped},
};

/// The media type of every problem.
const PROBLEM_JSON: &str = "application/problem+json";

/// An error as the application sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Body {
    /// A URI that names the kind of error.
    #[serde(rename = "type")]
    #[schema(example = "urn:mgc:problem:seg.unknown")]
    kind: String,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What went wrong this time, for people.
    detail: String,
    /// A stable code that programs may rely on.
    #[schema(example = "seg.unknown")]
    code: &'static str,
    /// The member, parameter or header that does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The operation that stands in the way, or that still runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    /// The gateway's refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    h248: Option<H248Error>,
    /// The same in the words of Parlay.
    parlay: Parlay,
}

/// What a gateway answered.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct H248Error {
    /// The error code of H.248.8.
    #[schema(example = 412)]
    pub(crate) code: u16,
    /// The gateway's text.
    pub(crate) text: String,
    /// The transaction that was refused.
    pub(crate) transaction_id: u32,
    /// The Context that it was about: a number, or `-`, `$` or `*`.
    #[schema(example = "$")]
    pub(crate) context_id: String,
}

impl From<&H248Refusal> for H248Error {
    fn from(refusal: &H248Refusal) -> Self {
        Self {
            code: refusal.code,
            text: refusal.text.clone(),
            transaction_id: refusal.transaction.0,
            context_id: refusal.context.to_string(),
        }
    }
}

/// A problem on its way out.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Body>, Option<String>);

impl Problem {
    /// A problem with nothing but what every problem has.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let body = Box::new(Body {
            kind: format!("urn:mgc:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            field: None,
            operation: None,
            h248: None,
            parlay: Parlay::of(status, code),
        });
        Self(body, None)
    }

    /// A member that has a value which it cannot have.
    pub(crate) fn invalid(field: &'static str, why: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "field.invalid", why).field(field)
    }

    /// Names what does not fit.
    pub(crate) fn field(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// Names an operation.
    pub(crate) fn operation(mut self, operation: impl ToString) -> Self {
        self.0.operation = Some(operation.to_string());
        self
    }

    /// The path is none of ours.
    pub(crate) fn unknown_path() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "path.unknown",
            "there is nothing at this path",
        )
    }

    /// The path does not know the method.
    pub(crate) fn method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method.notAllowed",
            "this path does not take this method; see the Allow header",
        )
    }

    /// As much is going on as is let in at once.
    pub(crate) fn busy(detail: &'static str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "overload", detail)
    }

    /// The operation takes longer than an HTTP request may.
    pub(crate) fn still_running(operation: impl ToString) -> Self {
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "operation.running",
            "the operation still runs; its end can be read at /v1/operations and as an event",
        )
        .operation(operation)
    }

    /// The caller did not say who he is.
    pub(crate) fn no_token() -> Self {
        let status = StatusCode::UNAUTHORIZED;
        let detail = "expected the header Authorization: Bearer TOKEN";
        let problem = Self::new(status, "auth.missing", detail);
        problem.challenge(r#"Bearer realm="mgc""#.to_owned())
    }

    /// The token is none of ours.
    pub(crate) fn bad_token() -> Self {
        let status = StatusCode::UNAUTHORIZED;
        let problem = Self::new(status, "auth.token", "the token is not known");
        problem.challenge(r#"Bearer realm="mgc", error="invalid_token""#.to_owned())
    }

    /// The caller may do other things, but not this.
    pub(crate) fn scope(scope: Scope) -> Self {
        let scope = scope.name();
        let detail = format!("the token does not have the scope {scope}");
        let problem = Self::new(StatusCode::FORBIDDEN, "auth.scope", detail);
        let error = r#"Bearer realm="mgc", error="insufficient_scope""#;
        problem.challenge(format!(r#"{error}, scope="{scope}""#))
    }

    fn challenge(mut self, challenge: String) -> Self {
        self.1 = Some(challenge);
        self
    }

    /// The core's answer is not the one that belongs to the request.
    pub(crate) fn internal(detail: &'static str) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }
}

/// The status of each refusal.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::UnknownCall(_)
        | Refusal::UnknownSeg(_)
        | Refusal::UnknownLeg(_)
        | Refusal::UnknownGateway(_)
        | Refusal::UnknownOperation(_) => StatusCode::NOT_FOUND,
        Refusal::SegOfAnotherCall(_)
        | Refusal::LegBusy { .. }
        | Refusal::LegStranded(_)
        | Refusal::MainSeg(_)
        | Refusal::SegNotEmpty(_)
        | Refusal::SegBusy { .. }
        | Refusal::SegEmpty(_)
        | Refusal::SameSeg(_)
        | Refusal::LegElsewhere(_)
        | Refusal::StrategyNotForCall(_)
        | Refusal::PolicyNotForCall(_)
        | Refusal::SegNotConfirmed(_)
        | Refusal::SegLimit { .. }
        | Refusal::LegLimit { .. }
        | Refusal::SegFull { .. }
        | Refusal::SegLocked(_)
        | Refusal::NotForMain(_)
        | Refusal::LegInvited { .. }
        | Refusal::NotInvited(_)
        | Refusal::Declined
        | Refusal::NoConsent
        | Refusal::Cancelled
        | Refusal::WaitTimeout
        | Refusal::Interrupted => StatusCode::CONFLICT,
        Refusal::MayNot { .. } => StatusCode::FORBIDDEN,
        Refusal::UnknownAnnouncement(_)
        | Refusal::NoGain
        | Refusal::NoTalkers
        | Refusal::WaitTooLong { .. }
        | Refusal::BadSdp(_)
        | Refusal::KeyReused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NoGateway => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::GatewayTimeout => StatusCode::GATEWAY_TIMEOUT,
        Refusal::Gateway(refusal) => gateway_status(refusal.code),
        Refusal::GatewayAnswer(_) => StatusCode::BAD_GATEWAY,
        Refusal::Limit(_) => StatusCode::TOO_MANY_REQUESTS,
    }
}

/// A gateway that has no more to give may have it later; any other refusal stands (H.248.8).
fn gateway_status(code: u16) -> StatusCode {
    match code {
        // No ContextIDs, (temporarily) insufficient resources, insufficient bandwidth.
        412 | 510 | 511 | 526 => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_GATEWAY,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let mut problem = Self::new(status(&refusal), refusal.code(), refusal.to_string());
        match &refusal {
            Refusal::LegBusy { operation, .. }
            | Refusal::SegBusy { operation, .. }
            | Refusal::LegInvited { operation, .. } => {
                problem = problem.operation(operation);
            }
            Refusal::MayNot { .. } => problem = problem.field("by"),
            Refusal::UnknownAnnouncement(_) => problem = problem.field("announcement"),
            Refusal::WaitTooLong { .. } => problem = problem.field("limitMs"),
            Refusal::BadSdp(_) => problem = problem.field("sdp"),
            Refusal::NoGain => problem = problem.field("gain"),
            Refusal::NoTalkers => problem = problem.field("talking"),
            Refusal::KeyReused(operation) => {
                problem = problem.operation(operation).field("Idempotency-Key");
            }
            Refusal::Gateway(h248) => problem.0.h248 = Some(h248.into()),
            Refusal::UnknownCall(_)
            | Refusal::UnknownSeg(_)
            | Refusal::UnknownLeg(_)
            | Refusal::UnknownGateway(_)
            | Refusal::UnknownOperation(_)
            | Refusal::SegOfAnotherCall(_)
            | Refusal::LegStranded(_)
            | Refusal::MainSeg(_)
            | Refusal::SegNotEmpty(_)
            | Refusal::SegEmpty(_)
            | Refusal::SameSeg(_)
            | Refusal::LegElsewhere(_)
            | Refusal::StrategyNotForCall(_)
            | Refusal::PolicyNotForCall(_)
            | Refusal::SegNotConfirmed(_)
            | Refusal::SegLimit { .. }
            | Refusal::LegLimit { .. }
            | Refusal::SegFull { .. }
            | Refusal::SegLocked(_)
            | Refusal::NotForMain(_)
            | Refusal::NotInvited(_)
            | Refusal::Declined
            | Refusal::NoConsent
            | Refusal::NoGateway
            | Refusal::GatewayTimeout
            | Refusal::GatewayAnswer(_)
            | Refusal::Limit(_)
            | Refusal::Cancelled
            | Refusal::WaitTimeout
            | Refusal::Interrupted => {}
        }
        problem
    }
}

impl From<NotTaken> for Problem {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::Refused(refusal) => refusal.into(),
            NotTaken::Changed => Self::unmet("it is not any more as the tag says"),
        }
    }
}

impl From<Stopped> for Problem {
    fn from(stopped: Stopped) -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::new(status, "stopping", stopped.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status)
            .expect("the number was taken from a StatusCode when the problem was made");
        let kind = HeaderValue::from_static(PROBLEM_JSON);
        let mut response = (status, axum::Json(self.0)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        let challenge = self.1.map(HeaderValue::try_from).and_then(Result::ok);
        if let Some(challenge) = challenge {
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// The problems that any request may meet, for the OpenAPI document.
pub(crate) enum Problems {}

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let described = |description: &str| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
            ResponseBuilder::new()
                .description(description)
                .content(PROBLEM_JSON, content.build())
                .build()
                .into()
        };
        let client = "The request does not fit, or what it names is not there or not so.";
        let server = "The controller or a gateway cannot do it now.";
        BTreeMap::from([
            ("4XX".to_owned(), described(client)),
            ("5XX".to_owned(), described(server)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use codec_h248::{ContextId, TransactionId};
    use mgc_core::northbound::{CallId, LegId, OperationId, Right, SegId};

    use super::*;

    fn refused(code: u16) -> Refusal {
        Refusal::Gateway(H248Refusal {
            code,
            text: "No".into(),
            transaction: TransactionId(7),
            context: ContextId::Choose,
        })
    }

    #[test]
    fn every_refusal_has_its_status() {
        let leg = LegId::from_text("leg_1");
        let operation = OperationId::from_text("op_1");
        let busy = Refusal::LegBusy {
            leg: leg.clone(),
            operation: operation.clone(),
        };
        let expected = [
            (Refusal::UnknownCall(CallId::from_text("c")), 404),
            (Refusal::UnknownSeg(SegId::from_text("s")), 404),
            (Refusal::UnknownLeg(leg), 404),
            (Refusal::UnknownOperation(operation), 404),
            (Refusal::SegOfAnotherCall(SegId::from_text("s")), 409),
            (busy, 409),
            (Refusal::MainSeg(SegId::from_text("s")), 409),
            (Refusal::SegNotEmpty(SegId::from_text("s")), 409),
            (Refusal::SegEmpty(SegId::from_text("s")), 409),
            (Refusal::SameSeg(SegId::from_text("s")), 409),
            (Refusal::LegElsewhere(LegId::from_text("l")), 409),
            (Refusal::StrategyNotForCall(CallId::from_text("c")), 409),
            (Refusal::UnknownAnnouncement("welcome".into()), 422),
            (Refusal::PolicyNotForCall(CallId::from_text("c")), 409),
            (Refusal::SegNotConfirmed(SegId::from_text("s")), 409),
            (
                Refusal::SegLimit {
                    call: CallId::from_text("c"),
                    max: 2,
                },
                409,
            ),
            (
                Refusal::LegLimit {
                    call: CallId::from_text("c"),
                    max: 2,
                },
                409,
            ),
            (
                Refusal::SegFull {
                    seg: SegId::from_text("s"),
                    max: 2,
                },
                409,
            ),
            (Refusal::SegLocked(SegId::from_text("s")), 409),
            (Refusal::NotForMain(SegId::from_text("s")), 409),
            (
                Refusal::MayNot {
                    by: LegId::from_text("l"),
                    right: Right::Join,
                },
                403,
            ),
            (Refusal::NotInvited(OperationId::from_text("o")), 409),
            (Refusal::bad_sdp("no media"), 422),
            (Refusal::NoGain, 422),
            (Refusal::NoTalkers, 422),
            (Refusal::NoGateway, 503),
            (Refusal::GatewayTimeout, 504),
            (refused(430), 502),
            (refused(510), 503),
            (Refusal::answer("no Context"), 502),
            (Refusal::limit("calls"), 429),
            (Refusal::Cancelled, 409),
            (Refusal::Interrupted, 409),
            (Refusal::WaitTimeout, 409),
            (Refusal::WaitTooLong { max_s: 9 }, 422),
            (Refusal::KeyReused(OperationId::from_text("o")), 422),
        ];
        for (refusal, status) in expected {
            let text = refusal.to_string();
            assert_eq!(Problem::from(refusal).0.status, status, "{text}");
        }
    }

    #[test]
    fn a_refusal_says_no_more_than_is_known() {
        let (leg, operation) = (LegId::from_text("leg_1"), OperationId::from_text("op_1"));
        // It may be one that plays, or collects digits.
        let busy = Refusal::LegBusy { leg, operation }.to_string();
        assert!(busy.starts_with("Leg leg_1 is occupied by operation op_1"));
        assert!(
            busy.contains("played") && busy.contains("collected"),
            "{busy}"
        );
        // There may be some that take none.
        let none = Refusal::NoGateway.to_string();
        assert!(
            none.contains("drained") && none.contains("separation"),
            "{none}"
        );
    }

    #[test]
    fn a_refusal_of_the_gateway_is_told_in_its_own_words() {
        let problem = Problem::from(refused(431));
        let json = serde_json::to_value(&problem.0).unwrap();
        assert_eq!(
            json["h248"],
            serde_json::json!({"code": 431, "text": "No", "transactionId": 7, "contextId": "$"})
        );
        assert_eq!(
            json["parlay"],
            serde_json::json!({"exception": "P_TASK_REFUSED", "messageId": "SVC0001"})
        );
        assert_eq!(json["code"], "gateway.refused");
        assert_eq!(json["type"], "urn:mgc:problem:gateway.refused");
    }
}
