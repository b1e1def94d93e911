//! Whether what a scenario says can be read by those who keep to the grammar.

use codec_h248::{DecodeError, Limits, decode};

use super::script::Step;

/// The header of what is read to see whether it can be; a scenario's own may be wrong on purpose.
const HEADER: &str = "MEGACO/3 [192.0.2.10]:2944 ";
/// What is shown of where it cannot.
const SHOWN: usize = 30;

/// Looks at what a step says, where no name stands in it: `main` is the step that it belongs to.
pub(super) fn check(step: &Step, main: &str) -> Result<(), String> {
    if step.body.contains('@') || step.has("unreadable") {
        return Ok(());
    }
    let kind = match (step.verb(), main) {
        ("answer", _) if step.has("pending") => return Ok(()),
        ("standing", _) if step.has("off") => return Ok(()),
        ("send" | "many", _) => Kind::Request,
        ("message", _) => Kind::Message,
        ("answer" | "gives", _) => Kind::Reply,
        ("request" | "notify" | "skim" | "standing", _) => Kind::Request,
        ("reply", _) => Kind::Reply,
        ("or", "reply") => Kind::Reply,
        ("or", "request" | "notify" | "skim") => Kind::Request,
        _ => return Ok(()),
    };
    let said = match step.verb() {
        "send" | "many" | "message" | "answer" | "gives" => "what is said",
        _ => "what is expected",
    };
    read(kind, &step.body).map_err(|told| format!("{said} does not decode: {told}"))
}

/// What a text stands in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Actions of a request.
    Request,
    /// Actions of a reply.
    Reply,
    /// Nothing: it is the body of a message.
    Message,
}

/// Reads a text; where it cannot be read: what was expected, what was found, and how far into it.
pub(super) fn read(kind: Kind, body: &str) -> Result<(), String> {
    let (before, behind) = match kind {
        Kind::Request => ("Transaction=1{", "}"),
        Kind::Reply => ("Reply=1{", "}"),
        Kind::Message => ("", ""),
    };
    let text = format!("{HEADER}{before}{body}{behind}");
    let Err(error) = decode(text.as_bytes(), &Limits::default()) else {
        return Ok(());
    };
    let begin = HEADER.len() + before.len();
    Err(told(&error, body, begin))
}

/// Whether a text is the MId of a message.
pub(super) fn is_mid(text: &str) -> bool {
    let message =
        format!("MEGACO/3 {text} Transaction=1{{Context=-{{AuditValue=ROOT{{Audit{{}}}}}}}}");
    decode(message.as_bytes(), &Limits::default()).is_ok()
}

fn told(error: &DecodeError, body: &str, begin: usize) -> String {
    let at = error.span.start.saturating_sub(begin).min(body.len());
    let at = (0..=at)
        .rev()
        .find(|at| body.is_char_boundary(*at))
        .unwrap_or(0);
    let found: String = body[at..].chars().take(SHOWN).collect();
    let found = match found.as_str() {
        "" => "its end".to_owned(),
        found => format!("{found:?}"),
    };
    format!("{}, found {found} behind {at} octets of it", error.expected)
}
