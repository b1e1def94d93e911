//! What a request carries: JSON, names in the path, parameters, preferences.

use std::{borrow::Cow, fmt::Display, ops::RangeInclusive, time::Duration};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, Path, Query, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
};
use serde::{
    Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};
use tokio::time;

use super::problem::Problem;

/// The body of a request must have arrived after this time.
const BODY_MAX: Duration = Duration::from_secs(10);

/// The longest time that `Prefer: wait` is granted.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(60);

/// A JSON body. An empty body counts as an empty object.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let json = says_json(request.headers());
        let body = whole(request).await?;
        if body.is_empty() {
            // Read from the value, so that no place in a text that nobody wrote is told.
            let empty = serde_json::Value::Object(serde_json::Map::new());
            return read(empty).map(Self);
        }
        if !json {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "body.type",
                "the body must be application/json",
            )
            .field("Content-Type"));
        }
        parse(&body).map(Self)
    }
}

/// The whole body.
pub(super) async fn whole(request: Request) -> Result<Bytes, Problem> {
    time::timeout(BODY_MAX, Bytes::from_request(request, &()))
        .await
        .map_err(|_elapsed| slow_body())?
        .map_err(|rejection| unread_body(rejection.status(), rejection.body_text()))
}

/// Whether the body is said to be JSON.
pub(super) fn says_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else {
        return false;
    };
    let kind = kind.to_str().unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn slow_body() -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "body.slow",
        "the body did not arrive in time",
    )
}

fn unread_body(status: StatusCode, detail: String) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(status, "body.size", "the body is too large");
    }
    Problem::new(StatusCode::BAD_REQUEST, "body.unread", detail)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // serde would take a list of the members' values as well.
    if body.trim_ascii_start().first() != Some(&b'{') {
        serde_json::from_slice::<IgnoredAny>(body).map_err(|error| syntax(&error))?;
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(Problem::new(status, "body.field", "the body must be an object").field("."));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = read(&mut reader)?;
    reader.end().map_err(|error| syntax(&error))?;
    Ok(value)
}

fn read<'a, T, R>(reader: R) -> Result<T, Problem>
where
    T: DeserializeOwned,
    R: Deserializer<'a, Error = serde_json::Error>,
{
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        if error.is_data() {
            let detail = in_words(error.to_string());
            let field = full_path(&path, &detail);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Problem::new(status, "body.field", detail).field(field);
        }
        syntax(&error)
    })
}

/// Tells what was expected without the names of types that only this program knows.
fn in_words(detail: String) -> String {
    const EXPECTED: &str = ", expected ";
    let Some((found, expected)) = detail.rsplit_once(EXPECTED) else {
        return detail;
    };
    let (kind, place) = match expected.find(" at line ") {
        Some(at) => expected.split_at(at),
        None => (expected, ""),
    };
    let words = match kind {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        _ if kind.starts_with("struct ") => "an object",
        _ => return detail,
    };
    format!("{found}{EXPECTED}{words}{place}")
}

fn syntax(error: &serde_json::Error) -> Problem {
    let detail = format!("the body is not JSON: {error}");
    Problem::new(StatusCode::BAD_REQUEST, "body.syntax", detail)
}

/// The path of a member. Where a member is missing, the path that is known ends at the object
/// that should have it, and serde tells the member's name in its message alone.
fn full_path(path: &str, detail: &str) -> String {
    let Some(member) = member_named(detail) else {
        return path.to_owned();
    };
    match path {
        "." | "" => member.to_owned(),
        path if path == member || path.ends_with(&format!(".{member}")) => path.to_owned(),
        path => format!("{path}.{member}"),
    }
}

fn member_named(detail: &str) -> Option<&str> {
    ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|start| detail.strip_prefix(start))
        .and_then(|rest| rest.split('`').next())
}

/// Names in the path. One that cannot be read names nothing.
#[derive(Debug)]
pub(crate) struct Names<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Names<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = <Path<T> as FromRequestParts<S>>::from_request_parts(parts, state).await;
        match path {
            Ok(Path(names)) => Ok(Self(names)),
            Err(_unreadable) => Err(Problem::unknown_path()),
        }
    }
}

/// Parameters behind the `?`.
#[derive(Debug)]
pub(crate) struct Parameters<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        let Query(parameters) = query.map_err(|rejection| {
            let detail = std::error::Error::source(&rejection)
                .map_or_else(|| rejection.to_string(), ToString::to_string);
            // Before the serde message stands the path, if there is one.
            let message = detail.rsplit(": ").next().unwrap_or_default();
            let field = member_named(message).unwrap_or("query").to_owned();
            Problem::new(StatusCode::BAD_REQUEST, "query.invalid", detail).field(field)
        })?;
        Ok(Self(parameters))
    }
}

/// `Prefer: wait=N` (RFC 7240 4.3): for so long the client would rather wait for the result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Wait(pub(crate) Duration);

impl Wait {
    /// The `Preference-Applied` header for it.
    pub(crate) fn applied(self) -> HeaderValue {
        let text = format!("wait={}", self.0.as_secs());
        HeaderValue::from_str(&text).expect("letters and digits may stand in a header")
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Wait {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _state: &S,
    ) -> Result<Option<Self>, Self::Rejection> {
        Ok(wait(&parts.headers))
    }
}

/// Reads the preference; one that cannot be read is as if it were not there (RFC 7240 2).
fn wait(headers: &HeaderMap) -> Option<Wait> {
    let preferences = headers.get_all("prefer").iter();
    let seconds = preferences
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|preference| {
            let preference = preference.split(';').next().unwrap_or_default();
            let (name, value) = preference.split_once('=')?;
            let wait = name.trim().eq_ignore_ascii_case("wait");
            wait.then(|| value.trim().trim_matches('"').parse::<u64>().ok())
                .flatten()
        })?;
    Some(Wait(Duration::from_secs(seconds).min(WAIT_MAX)))
}

/// Refuses a text that is longer than `most` characters, under the name of its field.
pub(crate) fn bounded(text: &str, most: usize, field: &'static str) -> Result<(), Problem> {
    if text.chars().count() <= most {
        return Ok(());
    }
    let detail: Cow<'_, str> = format!("`{field}` may have {most} characters at most").into();
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body.field", detail).field(field))
}

/// Refuses a number that is outside, under the name of its field.
pub(crate) fn between<T>(
    number: Option<T>,
    range: RangeInclusive<T>,
    field: &'static str,
) -> Result<(), Problem>
where
    T: Copy + PartialOrd + Display,
{
    let Some(number) = number.filter(|number| !range.contains(number)) else {
        return Ok(());
    };
    let (from, to) = range.into_inner();
    let detail = format!("`{field}` is {number}; expected {from} to {to}");
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body.field", detail).field(field))
}

/// Refuses none where there must be one, under the name of its field.
pub(crate) fn one_or_more(number: Option<usize>, field: &'static str) -> Result<(), Problem> {
    if number != Some(0) {
        return Ok(());
    }
    let detail = format!("`{field}` is 0; expected 1 or more");
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body.field", detail).field(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferring(values: &[&'static str]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("prefer", HeaderValue::from_static(value));
        }
        wait(&headers).map(|wait| wait.0.as_secs())
    }

    #[test]
    fn a_wait_is_read_among_other_preferences_and_bounded() {
        assert_eq!(preferring(&["wait=5"]), Some(5));
        assert_eq!(preferring(&["respond-async, Wait = 7; x=y"]), Some(7));
        assert_eq!(preferring(&["return=minimal", "wait=\"3\""]), Some(3));
        assert_eq!(preferring(&["wait=86400"]), Some(60));
    }

    #[test]
    fn a_wait_that_cannot_be_read_is_ignored() {
        assert_eq!(preferring(&[]), None);
        assert_eq!(preferring(&["wait"]), None);
        assert_eq!(preferring(&["wait=-1"]), None);
        assert_eq!(preferring(&["wait=soon"]), None);
    }
}
