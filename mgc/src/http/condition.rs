//! `If-Match`: a change is made only to what the client has seen (RFC 9110 13.1.1).

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
};
use mgc_core::{
    Mgc,
    northbound::{CallId, LegId, SegId},
};
use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::{calls::Call, legs::Leg, page, problem::Problem, segs::Seg};

/// What a request expects of what it changes. It is asked in the loop, so that nothing comes
/// between the look and the change.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    subject: Subject,
    tags: Vec<HeaderValue>,
}

/// What has a tag and can be changed.
#[derive(Clone, Debug)]
enum Subject {
    Call(CallId),
    Seg(CallId, SegId),
    Leg(CallId, LegId),
}

impl Condition {
    /// What a request expects, if it does.
    pub(super) fn of(request: &Request) -> Result<Option<Self>, Problem> {
        let tags = tags(request.headers());
        if tags.is_empty() || matches!(*request.method(), Method::GET | Method::HEAD) {
            return Ok(None);
        }
        let subject = subject(request.uri().path());
        let changes = matches!(*request.method(), Method::PATCH | Method::DELETE);
        match subject.filter(|_| changes) {
            Some(subject) => Ok(Some(Self { subject, tags })),
            None => Err(Problem::unmet(
                "what this request is about has no tag: expected PATCH or DELETE of a Call, Seg or Leg",
            )),
        }
    }

    /// Whether it is so. Of what is not there the request itself is to tell.
    pub(crate) fn holds(&self, mgc: &Mgc) -> bool {
        match &self.subject {
            Subject::Call(call) => self.is(mgc.call(call).ok().map(Call::from)),
            Subject::Seg(call, seg) => self.is(mgc.seg(call, seg).ok().map(Seg::from)),
            Subject::Leg(call, leg) => self.is(mgc.leg(call, leg).ok().map(Leg::from)),
        }
    }

    fn is(&self, now: Option<impl Serialize>) -> bool {
        let Some(now) = now else {
            return true;
        };
        let body = serde_json::to_vec(&now).expect("texts, numbers and lists are JSON");
        let tag = page::tag(&body);
        self.tags.iter().any(|known| page::names(known, &tag))
    }
}

fn tags(headers: &HeaderMap) -> Vec<HeaderValue> {
    let tags = headers.get_all(header::IF_MATCH).iter();
    tags.cloned().collect()
}

/// Names are read as the router reads them, however they are spelt.
fn subject(path: &str) -> Option<Subject> {
    let names = path.strip_prefix("/v1/calls/")?.split('/');
    let mut names = names.map(|name| percent_decode_str(name).decode_utf8_lossy());
    let call = CallId::from_text(names.next()?);
    let subject = match (names.next().as_deref(), names.next()) {
        (None, _) => Subject::Call(call),
        (Some("segs"), Some(seg)) => Subject::Seg(call, SegId::from_text(seg)),
        (Some("legs"), Some(leg)) => Subject::Leg(call, LegId::from_text(leg)),
        (Some(_), _) => return None,
    };
    names.next().is_none().then_some(subject)
}

impl Problem {
    /// What the request expects is not so.
    pub(super) fn unmet(detail: &'static str) -> Self {
        let status = StatusCode::PRECONDITION_FAILED;
        Self::new(status, "precondition.failed", detail).field("If-Match")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_spelt() {
        for path in [
            "/v1/calls/call_1/segs/seg_2",
            "/v1/calls/call%5F1/s%65gs/seg%5f2",
        ] {
            let Some(Subject::Seg(call, seg)) = subject(path) else {
                panic!("{path} is of a Seg");
            };
            assert_eq!((call.as_str(), seg.as_str()), ("call_1", "seg_2"));
        }
    }
}
