//! What every request passes before a handler has it: who asks, what it is called, and the key
//! under which it is carried out once.

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use mgc_core::northbound::{Key, Origin};
use sha2::{Digest, Sha256};

use super::{Platform, extract, problem::Problem};
use crate::caller::{Asking, Caller, Scope, hex};

/// Under this name a request is looked for in events, operations and traces.
pub(super) const REQUEST_ID: &str = "x-request-id";
/// Under this key a request is carried out once.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Names and keys of callers have so many characters at most.
const NAME_MAX: usize = 128;
/// Who asks for these paths is not asked who he is.
const OPEN: [&str; 4] = ["/healthz", "/v1/health", "/v1/ready", "/v1/openapi.json"];

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
    let (key, request) = keyed(request).await?;
    let origin = Origin {
        caller: caller.name().to_owned(),
        request_id: Some(id),
        key,
    };
    Ok((Asking { caller, origin }, request))
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
    let Some(value) = request.headers().get(IDEMPOTENCY_KEY).cloned() else {
        return Ok((None, request));
    };
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok((None, request));
    }
    let text = value.to_str().ok().filter(|key| is_name(key));
    let Some(text) = text.map(ToOwned::to_owned) else {
        let detail = "expected 1 to 128 visible characters of ASCII";
        let problem = Problem::new(StatusCode::BAD_REQUEST, "idempotency.key", detail);
        return Err(problem.field("Idempotency-Key"));
    };
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let body: Bytes = extract::whole(whole).await?;
    let digest = Sha256::new()
        .chain_update(parts.method.as_str())
        .chain_update([0])
        .chain_update(parts.uri.to_string())
        .chain_update([0])
        .chain_update(&body)
        .finalize();
    let key = Key {
        text,
        fingerprint: hex(&digest[..16]),
    };
    Ok((Some(key), Request::from_parts(parts, Body::from(body))))
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
