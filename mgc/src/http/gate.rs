//! What every request passes before a handler has it: who asks, what it is called, and the key
//! under which it is carried out once.

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use mgc_core::northbound::{Key, Origin};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Platform, condition::Condition, extract, problem::Problem};
use crate::caller::{Asking, Caller, Scope, hex};

/// Under this name a request is looked for in events, operations and traces.
pub(super) const REQUEST_ID: &str = "x-request-id";
/// Under this key a request is carried out once.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Names and keys of callers have so many characters at most.
pub(super) const NAME_MAX: usize = 128;
/// What names and keys are.
const A_NAME: &str = "expected 1 to 128 visible characters of ASCII";
/// Who asks for these paths is not asked who he is.
const OPEN: [&str; 4] = ["/healthz", "/v1/health", "/v1/ready", "/v1/openapi.json"];

/// What the gate reads of a body: the key as the REST forms of Parlay have it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Correlated {
    client_correlator: Option<serde_json::Value>,
}

/// Lets a request in unless too many are being answered, or the caller may not. A stream that is
/// open does not count.
pub(super) async fn let_in(
    State(platform): State<Platform>,
    request: Request,
    next: Next,
) -> Response {
    let id = request_id(request.headers());
    let mut response = if is_open(request.uri().path()) {
        // Neither a place nor a body is waited for: who watches over the program is to have an
        // answer also when others hold all places, and who needs no token is to hold none.
        next.run(request).await
    } else {
        match platform.requests.try_acquire() {
            Ok(_permit) => match admit(&platform, request, id.clone()).await {
                Ok((asking, request)) => asking.scope(next.run(request)).await,
                Err(problem) => problem.into_response(),
            },
            Err(_full) => {
                Problem::busy("as many requests are being answered as may be").into_response()
            }
        }
    };
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn is_open(path: &str) -> bool {
    OPEN.contains(&path)
}

async fn admit(
    platform: &Platform,
    request: Request,
    id: String,
) -> Result<(Asking, Request), Problem> {
    let caller = caller(platform, &request)?;
    let condition = Condition::of(&request)?;
    let (key, request) = keyed(request).await?;
    let origin = Origin {
        caller: caller.name().to_owned(),
        request_id: Some(id),
        key,
    };
    let asking = Asking {
        caller,
        origin,
        condition,
    };
    Ok((asking, request))
}

/// The caller's name of the request; one that is none of ours to repeat is replaced.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    match given.filter(|id| is_name(id)) {
        Some(id) => id.to_owned(),
        None => format!("req_{:016x}", fastrand::u64(..)),
    }
}

fn is_name(text: &str) -> bool {
    let graphic = text.bytes().all(|octet| octet.is_ascii_graphic());
    graphic && (1..=NAME_MAX).contains(&text.len())
}

/// Who asks, if he may.
fn caller(platform: &Platform, request: &Request) -> Result<Caller, Problem> {
    let path = request.uri().path();
    let Some(tokens) = platform.tokens.as_ref() else {
        return Ok(Caller::default());
    };
    let caller = match bearer(request.headers()) {
        Some(token) => tokens.caller(token).ok_or_else(Problem::bad_token)?,
        None => return Err(Problem::no_token()),
    };
    let scope = scope(request.method(), path);
    if !caller.may(scope) {
        return Err(Problem::scope(scope));
    }
    Ok(caller.clone())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn scope(method: &Method, path: &str) -> Scope {
    match *method {
        _ if path.starts_with("/v1/faults") => Scope::Fault,
        // They tell who shares which Context, and so who is in which private room.
        // A HEAD is answered by the same handlers: it would tell the length of what they say.
        Method::GET | Method::HEAD if path == "/v1/contexts" || path.starts_with("/v1/trace") => {
            Scope::Supervise
        }
        Method::GET | Method::HEAD | Method::OPTIONS => Scope::Read,
        _ => Scope::Control,
    }
}

/// The request's key, with a digest of all that it says.
async fn keyed(request: Request) -> Result<(Option<Key>, Request), Problem> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok((None, request));
    }
    let header = header_key(request.headers())?;
    let creates = *request.method() == Method::POST && extract::says_json(request.headers());
    if header.is_none() && !creates {
        return Ok((None, request));
    }
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let body: Bytes = extract::whole(whole).await?;
    let correlator = if creates { correlator(&body)? } else { None };
    let text = one_key(header, correlator)?;
    let key = text.map(|text| Key {
        text,
        fingerprint: fingerprint(&parts, &body),
    });
    Ok((key, Request::from_parts(parts, Body::from(body))))
}

fn header_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let wrong = |detail| {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "idempotency.key", detail);
        problem.field("Idempotency-Key")
    };
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(wrong("expected one key, found several"));
    }
    let key = value.to_str().ok().filter(|key| is_name(key));
    key.map_or_else(|| Err(wrong(A_NAME)), |key| Ok(Some(key.to_owned())))
}

/// The key that stands in the body. What is no JSON, or no text, its handler refuses.
fn correlator(body: &[u8]) -> Result<Option<String>, Problem> {
    let read = serde_json::from_slice(body);
    let Ok(Correlated {
        client_correlator: Some(serde_json::Value::String(key)),
    }) = read
    else {
        return Ok(None);
    };
    if is_name(&key) {
        return Ok(Some(key));
    }
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body.field", A_NAME);
    Err(problem.field("clientCorrelator"))
}

fn one_key(header: Option<String>, correlator: Option<String>) -> Result<Option<String>, Problem> {
    if let (Some(header), Some(correlator)) = (&header, &correlator)
        && header != correlator
    {
        let detail = "the header Idempotency-Key says another key";
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let problem = Problem::new(status, "idempotency.conflict", detail);
        return Err(problem.field("clientCorrelator"));
    }
    Ok(header.or(correlator))
}

fn fingerprint(parts: &request::Parts, body: &[u8]) -> String {
    let digest = Sha256::new()
        .chain_update(parts.method.as_str())
        .chain_update([0])
        .chain_update(parts.uri.to_string())
        .chain_update([0])
        .chain_update(body)
        .finalize();
    hex(&digest[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_method_needs_its_scope() {
        let cases = [
            (Method::GET, "/v1/calls", Scope::Read),
            (Method::POST, "/v1/calls", Scope::Control),
            (Method::DELETE, "/v1/calls/c", Scope::Control),
            (Method::HEAD, "/v1/calls", Scope::Read),
            (Method::GET, "/v1/contexts", Scope::Supervise),
            (Method::HEAD, "/v1/contexts", Scope::Supervise),
            (Method::HEAD, "/v1/trace", Scope::Supervise),
            (Method::GET, "/v1/faults", Scope::Fault),
            (Method::POST, "/v1/faults", Scope::Fault),
        ];
        for (method, path, expected) in cases {
            assert_eq!(scope(&method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn a_name_that_cannot_stand_in_a_header_is_replaced() {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_static("mine-1"));
        assert_eq!(request_id(&headers), "mine-1");
        for bad in ["", "a b", &"x".repeat(129)] {
            headers.insert(REQUEST_ID, HeaderValue::from_str(bad).unwrap());
            assert!(request_id(&headers).starts_with("req_"), "{bad:?}");
        }
    }
}
