//! Values whose type nobody knows: the text tells the element, and the element the text.
//!
//! | text | in the OCTET STRING |
//! | --- | --- |
//! | `-5`, in the shortest form | INTEGER |
//! | `ON`, `OFF` | BOOLEAN |
//! | `enum_5` | ENUMERATED |
//! | `0x0a1b` | OCTET STRING |
//! | `$`, `*` | UTF8String of that sign |
//! | anything else, and all in quotes | IA5String, or UTF8String where it is not ASCII |
//!
//! Octets that are no element at all are read as text if they look like it, else as OCTET STRING.

use std::borrow::Cow;

use super::{
    enumeration, hex,
    wrapped::{self, Wrapped},
};
use crate::{Value, package};

/// What octets begin with.
const HEX: &str = "0x";
/// The numbers that most values are, in two digits each.
const PAIRS: &str = "\
    00010203040506070809101112131415161718192021222324252627282930313233343536373839\
    40414243444546474849505152535455565758596061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899";

/// A value as it is spelled in text.
pub(super) fn value(wrapped: Wrapped<'_>) -> Value<'_> {
    match wrapped {
        Wrapped::Boolean(on) => Value::bare(if on { "ON" } else { "OFF" }),
        Wrapped::Integer(number) => Value::bare(decimal(number)),
        Wrapped::Enumerated(number) => Value::bare(enumeration::unknown_name(number)),
        Wrapped::Text(text) => {
            let quoted = !is_safe(&text) || other_form(&text).is_some();
            Value { text, quoted }
        }
        Wrapped::Octets(octets) => Value::bare(hex::text(HEX, &octets)),
        Wrapped::Wildcard(sign) => Value::bare(sign),
        Wrapped::Raw(octets) => raw(octets),
    }
}

/// Octets as some peers send them.
fn raw(octets: Cow<'_, [u8]>) -> Value<'_> {
    let looks_like_text = std::str::from_utf8(&octets)
        .is_ok_and(|text| !text.contains(|c: char| c.is_ascii_control() || c == '"'));
    match wrapped::text(octets) {
        Ok(text) if looks_like_text => {
            let quoted = !is_safe(&text);
            Value { text, quoted }
        }
        Ok(text) => Value::bare(hex::text(HEX, text.as_bytes())),
        Err(octets) => Value::bare(hex::text(HEX, &octets)),
    }
}

/// What stands for a value.
pub(super) fn element<'v>(value: &'v Value<'_>) -> Wrapped<'v> {
    let text: &str = &value.text;
    let other = if value.quoted { None } else { other_form(text) };
    other.unwrap_or(Wrapped::Text(Cow::Borrowed(text)))
}

/// The sign that a value without quotes is.
pub(super) fn wildcard(value: &Value<'_>) -> Option<&'static str> {
    if value.is_all() {
        return Some("*");
    }
    value.is_choose().then_some("$")
}

/// What a text without quotes is, if not a string.
fn other_form(text: &str) -> Option<Wrapped<'static>> {
    match text {
        "$" => return Some(Wrapped::Wildcard("$")),
        "*" => return Some(Wrapped::Wildcard("*")),
        _ => {}
    }
    if let Some(on) = package::boolean(text) {
        return Some(Wrapped::Boolean(on));
    }
    if let Some(number) = number(text) {
        return Some(Wrapped::Integer(number));
    }
    if let Some(number) = enumeration::unknown_number(text) {
        return Some(Wrapped::Enumerated(number));
    }
    let digits = text.strip_prefix(HEX).or_else(|| text.strip_prefix("0X"))?;
    hex::octets(digits).map(|octets| Wrapped::Octets(octets.into()))
}

/// A number in its shortest form.
pub(super) fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (itoa::Buffer::new().format(number) == text).then_some(number)
}

/// A number in decimal digits.
pub(super) fn decimal(number: i64) -> Cow<'static, str> {
    match usize::try_from(number) {
        Ok(digit @ 0..10) => Cow::Borrowed(&PAIRS[2 * digit + 1..2 * digit + 2]),
        Ok(pair @ 10..100) => Cow::Borrowed(&PAIRS[2 * pair..2 * pair + 2]),
        Ok(_) | Err(_) => Cow::Owned(itoa::Buffer::new().format(number).to_owned()),
    }
}

/// SafeChar alone (H.248.1 Annex B.2).
pub(super) fn is_safe(text: &str) -> bool {
    let safe =
        |octet: u8| octet.is_ascii_alphanumeric() || b"+-&!_/'?@^`~*$\\()%|.".contains(&octet);
    !text.is_empty() && text.bytes().all(safe)
}
