//! JSON documents: one message each, with the version of the form.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{Message, Style};

/// The version of the form that this crate reads and writes.
pub const FORM: u32 = 1;

/// One document.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(super) struct Document<'a> {
    /// The version of the form.
    #[serde(rename = "h248", deserialize_with = "known_form")]
    #[cfg_attr(feature = "schema", schemars(extend("const" = FORM)))]
    _form: u32,
    /// The message.
    message: Message<'a>,
}

/// A document of a message that is someone else's.
#[derive(Serialize)]
struct Written<'m, 'a> {
    h248: u32,
    message: &'m Message<'a>,
}

fn known_form<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let form = u32::deserialize(deserializer)?;
    if form == FORM {
        return Ok(form);
    }
    Err(de::Error::custom(format_args!(
        "expected {FORM}, the version of this form, found {form}"
    )))
}

/// Why a document holds no message.
///
/// ```
/// let document = br#"{"h248":1,"message":{"version":9,"mId":"mg1","messageBody":{}}}"#;
/// let error = codec_h248::json::decode(document).unwrap_err();
/// assert_eq!(error.path, "message.messageBody");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct JsonError {
    /// The member that makes no sense, such as `message.version`; `.` where it is the whole.
    pub path: String,
    /// What was expected, with what was found, line and column where they are known.
    pub reason: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for JsonError {}

/// Reads a document. The message borrows from `octets` where it can, and has no faults
/// ([`Message::validate`]).
pub fn decode(octets: &[u8]) -> Result<Message<'_>, JsonError> {
    let mut json = serde_json::Deserializer::from_slice(octets);
    let document: Document<'_> =
        serde_path_to_error::deserialize(&mut json).map_err(|error| JsonError {
            path: error.path().to_string(),
            reason: error.inner().to_string(),
        })?;
    json.end().map_err(|error| JsonError {
        path: ".".to_owned(),
        reason: error.to_string(),
    })?;
    match document.message.validate().first() {
        None => Ok(document.message),
        Some(fault) => Err(JsonError {
            path: format!("message.{}", fault.place),
            reason: format!("expected {}", fault.expected),
        }),
    }
}

/// Appends the message as a document to `out`.
pub fn encode(message: &Message<'_>, style: Style, out: &mut Vec<u8>) {
    let h248 = FORM;
    let document = Written { h248, message };
    let written = match style {
        Style::Pretty => serde_json::to_writer_pretty(out, &document),
        Style::Compact => serde_json::to_writer(out, &document),
    };
    written.expect("a Vec takes every octet, and every key is a string");
}
