//! Extensions of a ServiceChange, `X-abc=value` in text: NonStandardData with the name, padded with
//! blanks to eight characters, as its `experimental` identifier, and the value's text as its data.
//!
//! `"$"` and `"*"` keep their quotes, so that they are not taken for wildcards.

use std::borrow::Cow;

use super::{
    Unsayable,
    ber::BerWriter,
    non_standard::{self, EXPERIMENTAL},
    untyped::is_safe,
    wrapped,
};
use crate::{
    ParmValue, Value,
    descriptor::{NonStandardData, NonStandardIdentifier},
};

/// A name and its value.
type Extension<'a> = (Cow<'a, str>, ParmValue<'a>);

/// The extension that data are, or the data.
pub(super) fn of(data: NonStandardData<'_>) -> Result<Extension<'_>, NonStandardData<'_>> {
    let NonStandardData { identifier, data } = data;
    let name = match identifier {
        NonStandardIdentifier::Experimental(name) if is_name(name.trim_end_matches(' ')) => name,
        identifier @ (NonStandardIdentifier::Experimental(_)
        | NonStandardIdentifier::Object(_)
        | NonStandardIdentifier::H221 { .. }) => {
            return Err(NonStandardData { identifier, data });
        }
    };
    let text = match wrapped::text(data) {
        Ok(text) if is_sayable(&text) => text,
        other => {
            return Err(NonStandardData {
                identifier: NonStandardIdentifier::Experimental(name),
                data: other.map_or_else(|octets| octets, into_octets),
            });
        }
    };
    Ok((without_padding(name), ParmValue::Equal(value(text))))
}

/// The name of an extension (H.248.1 Annex B.2 `extensionParameter`).
fn is_name(name: &str) -> bool {
    let (mark, name) = name.split_at_checked(2).unwrap_or_default();
    matches!(mark, "X-" | "x-" | "X+" | "x+")
        && !name.is_empty()
        && name.bytes().all(|octet| octet.is_ascii_alphanumeric())
}

/// Whether text can say it: what a quoted string holds, or a sign in quotes.
fn is_sayable(text: &str) -> bool {
    matches!(text, "\"$\"" | "\"*\"")
        || text.bytes().all(|octet| match octet {
            b'"' | 0x7f => false,
            b'\t' | b'\r' | b'\n' => true,
            octet => octet >= b' ',
        })
}

fn value(text: Cow<'_, str>) -> Value<'_> {
    match &*text {
        "\"$\"" => Value::quoted("$"),
        "\"*\"" => Value::quoted("*"),
        _ => {
            let quoted = !is_safe(&text);
            Value { text, quoted }
        }
    }
}

fn without_padding(name: Cow<'_, str>) -> Cow<'_, str> {
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.trim_end_matches(' ')),
        Cow::Owned(mut name) => {
            name.truncate(name.trim_end_matches(' ').len());
            Cow::Owned(name)
        }
    }
}

fn into_octets(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// `NonStandardData` of an extension.
pub(super) fn write(w: &mut BerWriter<'_>, name: &str, value: &ParmValue<'_>) {
    let ParmValue::Equal(value) = value else {
        w.fail(Unsayable::TextOnly(
            "extension of ServiceChange that is no one value",
        ));
        return;
    };
    if !is_name(name) {
        w.fail(Unsayable::Value("extensionParameter", name.to_owned()));
    }
    let in_quotes = value.quoted && matches!(&*value.text, "$" | "*");
    let text = if in_quotes {
        Cow::Owned(value.to_string())
    } else {
        Cow::Borrowed(&*value.text)
    };
    let padded = format!("{name:EXPERIMENTAL$}");
    let data = NonStandardData {
        identifier: NonStandardIdentifier::Experimental(padded.into()),
        data: into_octets(text),
    };
    non_standard::write(w, &data);
}
