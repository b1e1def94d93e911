//! Lists in pages, and answers that a client may have already.

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{FromRequestParts, OriginalUri, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use super::{extract::Parameters, problem::Problem};
use crate::caller::hex;

/// The longest page.
const LIMIT_MAX: usize = 1_000;
/// The length of a page whose client said only where it begins.
const LIMIT: usize = 100;

/// Which part of a list to give. Without either, all of it, in the order of its making; with
/// either, a page in the order of the ids.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Selection {
    /// So many items at most; 100 where only `cursor` is given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// Where the page begins: as the `Link` of the page before it has it.
    cursor: Option<String>,
}

/// A page that was asked for.
#[derive(Debug)]
pub(super) struct Page {
    selection: Selection,
    path: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Parameters(selection): Parameters<Selection> =
            Parameters::from_request_parts(parts, state).await?;
        if selection
            .limit
            .is_some_and(|limit| !(1..=LIMIT_MAX).contains(&limit))
        {
            let detail = format!("expected 1 to {LIMIT_MAX}");
            let problem = Problem::new(StatusCode::BAD_REQUEST, "query.invalid", detail);
            return Err(problem.field("limit"));
        }
        let uri = parts.extensions.get::<OriginalUri>();
        let path = uri.map_or(parts.uri.path(), |uri| uri.path()).to_owned();
        Ok(Self { selection, path })
    }
}

impl Page {
    /// The page of a list, with the header that says where the next one is.
    pub(super) fn of<T>(
        self,
        mut items: Vec<T>,
        id: impl Fn(&T) -> &str,
    ) -> (HeaderMap, Json<Vec<T>>) {
        let Selection { limit, cursor } = self.selection;
        let mut headers = HeaderMap::new();
        if limit.is_none() && cursor.is_none() {
            return (headers, Json(items));
        }
        let limit = limit.unwrap_or(LIMIT);
        // Ids stay where they are in their order, whatever comes and goes between two pages.
        items.sort_by(|one, other| id(one).cmp(id(other)));
        if let Some(cursor) = cursor {
            items.retain(|item| id(item) > cursor.as_str());
        }
        let more = items.len() > limit;
        items.truncate(limit);
        if let Some(last) = items.last().filter(|_| more) {
            let cursor = escaped(id(last));
            let next = format!(
                "<{}?limit={limit}&cursor={cursor}>; rel=\"next\"",
                self.path
            );
            let next = HeaderValue::from_str(&next);
            headers.insert(header::LINK, next.expect("all else is escaped"));
        }
        (headers, Json(items))
    }
}

/// A text as a parameter of a URI has it (RFC 3986 2.1).
fn escaped(text: &str) -> String {
    let one = |octet: u8| match octet {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(octet).to_string()
        }
        _ => format!("%{octet:02X}"),
    };
    text.bytes().map(one).collect()
}

/// Gives what is read a tag, and says that nothing has changed to a client that has it already
/// (RFC 9110 13.1.2).
pub(super) async fn tagged(request: Request, next: Next) -> Response {
    let reading = *request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let json = response.headers().get(header::CONTENT_TYPE);
    let json = json.is_some_and(|kind| kind == "application/json");
    if !reading || !json || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It was made in memory by a handler: nothing is waited for, and nothing can be missing.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let tag = tag(&body);
    let same = known.is_some_and(|known| names_weakly(&known, &tag));
    let tag = HeaderValue::from_str(&tag).expect("digits and quotes may stand in a header");
    parts.headers.insert(header::ETAG, tag);
    if same {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}

/// The tag of what is read as this body.
pub(super) fn tag(body: &[u8]) -> String {
    format!("\"{}\"", hex(&Sha256::digest(body)[..12]))
}

/// Whether a list of tags has this one (the strong comparison of RFC 9110 8.8.3.2).
pub(super) fn names(known: &HeaderValue, tag: &str) -> bool {
    is_any(known) || tags(known).any(|known| known == tag.as_bytes())
}

/// The same, also where the tag is called weak (the weak comparison).
fn names_weakly(known: &HeaderValue, tag: &str) -> bool {
    let strong = |known: &[u8]| known.strip_prefix(b"W/").unwrap_or(known) == tag.as_bytes();
    is_any(known) || tags(known).any(strong)
}

/// It stands alone: within a tag it is a character like others.
fn is_any(known: &HeaderValue) -> bool {
    known.as_bytes().trim_ascii() == b"*"
}

/// Tags of others may have octets that are no ASCII, and commas, which parts of them do not make
/// one of ours: those have quotes at both ends.
fn tags(known: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    let known = known.as_bytes().split(|octet| *octet == b',');
    known.map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(limit: Option<usize>, cursor: Option<&str>) -> (Option<String>, Vec<&'static str>) {
        let page = Page {
            selection: Selection {
                limit,
                cursor: cursor.map(ToOwned::to_owned),
            },
            path: "/v1/x".to_owned(),
        };
        let (headers, Json(items)) = page.of(vec!["c", "a", "[b]:1"], |item| item);
        let link = headers.get(header::LINK);
        (link.map(|link| link.to_str().unwrap().to_owned()), items)
    }

    #[test]
    fn pages_follow_each_other_in_the_order_of_ids_and_end() {
        assert_eq!(page(None, None), (None, vec!["c", "a", "[b]:1"]));
        let (next, items) = page(Some(1), None);
        assert_eq!(items, ["[b]:1"]);
        assert_eq!(
            next.unwrap(),
            "</v1/x?limit=1&cursor=%5Bb%5D%3A1>; rel=\"next\""
        );
        assert_eq!(page(Some(2), Some("[b]:1")), (None, vec!["a", "c"]));
        // The item of the cursor may be gone.
        assert_eq!(page(None, Some("b")), (None, vec!["c"]));
    }

    #[test]
    fn a_tag_is_found_in_a_list_and_where_a_weak_one_is_enough() {
        let compared = |known: &'static str| {
            let known = HeaderValue::from_static(known);
            (names(&known, "\"a\""), names_weakly(&known, "\"a\""))
        };
        assert_eq!(compared("\"b\", W/\"a\""), (false, true));
        assert_eq!(compared("\"b\", \"a\""), (true, true));
        assert_eq!(compared("*"), (true, true));
        assert_eq!(compared("\"b\", \"ab\""), (false, false));
        assert_eq!(compared("\"b,*,b\""), (false, false));
        let beside = HeaderValue::from_bytes(b"\"\xe9\", \"a\"").unwrap();
        assert!(names(&beside, "\"a\""));
    }
}
